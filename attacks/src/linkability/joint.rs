//! Profiles over both halves together, what links a person to them, and what such a link is worth.

use crate::neighbors::Profiles;
use crate::outcome::Attempt;
use crate::questions::OwnRows;
use crate::table::{Groups, LEFT_OUT, Lists, Table};

/// Profiles over both halves together, and which profiles of either half they are made of.
pub(super) struct Joint {
    /// Joint profile of each row of the release.
    of_row: Vec<u32>,
    /// Rows of each joint profile.
    rows: Vec<u32>,
    /// Per side, the half's profile of each joint profile; none where its rows are no candidates on that half.
    half: [Vec<u32>; 2],
    /// Per side, the joint profiles of each of the half's profiles.
    by_half: [Lists; 2],
    /// A fingerprint of each joint profile, by its codes.
    prints: Vec<u64>,
}

impl Joint {
    pub fn new(halves: [&Profiles<'_>; 2]) -> Joint {
        let rows = halves[0].of_row().len();
        let mut groups = Groups::of(rows, halves.iter().map(|half| half.of_row()));
        let half_of = |side: usize, group: usize, groups: &Groups| halves[side].of_row()[groups.first[group] as usize];
        // Rows that say nothing on either half are nobody's.
        let says_nothing =
            |group: usize, groups: &Groups| [0, 1].iter().all(|side| half_of(*side, group, groups) == LEFT_OUT);
        let candidates: Vec<bool> = (0..groups.len()).map(|group| !says_nothing(group, &groups)).collect();
        groups.retain(|group| candidates[group as usize]);
        let half =
            [0, 1].map(|side| (0..groups.len()).map(|group| half_of(side, group, &groups)).collect::<Vec<u32>>());
        let by_half = [0, 1].map(|side: usize| Lists::by_key(&half[side], halves[side].len()));
        let of_half = halves.map(Profiles::prints);
        let print = |side: usize, profile: u32| of_half[side].get(profile as usize).copied().unwrap_or_default();
        let both = half[0].iter().zip(&half[1]);
        let prints = both.map(|(one, other)| print(0, *one).rotate_left(32) ^ print(1, *other)).collect();
        Joint { rows: groups.sizes(), of_row: groups.of_row, half, by_half, prints }
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The joint profile of a row of the release.
    pub fn of_row(&self, row: u32) -> u32 {
        self.of_row[row as usize]
    }

    /// A fingerprint of a joint profile: unlike its number, it does not depend on the order of the rows.
    pub fn print(&self, profile: u32) -> u64 {
        self.prints[profile as usize]
    }

    /// Rows of a joint profile.
    pub fn rows(&self, profile: u32) -> u32 {
        self.rows[profile as usize]
    }

    /// The joint profiles that are gone when the rows of a person of the release are left out.
    pub fn gone_without(&self, own: &OwnRows<'_>, row: u32) -> Vec<u32> {
        let mut profiles: Vec<u32> = own.of(&row).iter().map(|row| self.of_row(*row)).collect();
        profiles.retain(|profile| *profile != LEFT_OUT);
        profiles.sort_unstable();
        let all_are_own = |same: &&[u32]| same.len() as u32 == self.rows(same[0]);
        profiles.chunk_by(|a, b| a == b).filter(all_are_own).map(|same| same[0]).collect()
    }

    /// Joint profiles of a half's profile.
    pub fn of_half(&self, side: usize, profile: u32) -> u32 {
        self.by_half[side].span(profile).len() as u32
    }

    /// The joint profiles in both nearest sets, given how many are in either, without those that are gone; at most one more than k is looked for. `apart` tells how far a
    /// profile of a half is from who is linked.
    pub fn link(
        &self,
        sets: [&[u32]; 2],
        sizes: [u32; 2],
        neighbors: usize,
        gone: &[u32],
        apart: impl Fn(usize, u32) -> f64,
    ) -> Link {
        let (from, to) = if sizes[0] <= sizes[1] { (0, 1) } else { (1, 0) };
        let candidates = sets[from].iter().flat_map(|profile| self.by_half[from].of(*profile));
        let mut common = candidates
            .filter(|joint| sets[to].binary_search(&self.half[to][**joint as usize]).is_ok() && !gone.contains(joint))
            .copied()
            .take(neighbors.saturating_add(1));
        let first = common.next();
        let others: Vec<u32> = common.collect();
        let found = usize::from(first.is_some()) + others.len();
        let Some(first) = first.filter(|_| found <= neighbors) else {
            let found = if found > 0 { Found::TooMany } else { Found::Nothing };
            return Link { sizes, found, distance: f64::INFINITY };
        };
        let of_both = |joint: u32| -> f64 { (0..2).map(|side| apart(side, self.half[side][joint as usize])).sum() };
        let distance = others.iter().fold(of_both(first), |least, other| least.min(of_both(*other)));
        let several = || Box::new(Several { profiles: [first].into_iter().chain(others.iter().copied()).collect() });
        let found = if others.is_empty() { Found::One(first) } else { Found::Several(several()) };
        Link { sizes, found, distance }
    }
}

/// What the two nearest sets of a target have in common. There may be one for each of many millions of persons.
pub(super) struct Link {
    /// Distinct joint profiles in either nearest set.
    pub sizes: [u32; 2],
    /// The joint profiles in both.
    found: Found,
    /// How far the nearest of the linked profiles is, over both halves together.
    distance: f64,
}

/// Joint profiles in both nearest sets.
enum Found {
    Nothing,
    /// More than k: nothing is claimed.
    TooMany,
    One(u32),
    /// At most k.
    Several(Box<Several>),
}

/// Several profiles, apart from the link: hardly any has them.
struct Several {
    profiles: Vec<u32>,
}

impl Link {
    /// A link to one profile at a distance.
    #[cfg(test)]
    pub fn at(distance: f64) -> Link {
        Link { sizes: [1, 1], found: Found::One(0), distance }
    }

    /// The linked profiles; none without a link.
    pub fn profiles(&self) -> impl Iterator<Item = u32> + '_ {
        let (one, several) = match &self.found {
            Found::Nothing | Found::TooMany => (None, &[][..]),
            Found::One(profile) => (Some(*profile), &[][..]),
            Found::Several(several) => (None, &several.profiles[..]),
        };
        one.into_iter().chain(several.iter().copied())
    }

    /// How far the nearest of the linked profiles is, over both halves together; `None` without a link.
    pub fn distance(&self) -> Option<f64> {
        matches!(self.found, Found::One(_) | Found::Several(_)).then_some(self.distance)
    }

    /// Claims nothing any more.
    pub fn withdraw(&mut self) {
        if self.distance().is_some() {
            self.found = Found::Nothing;
        }
    }

    /// What an attempt came to whose success has to be shared by so many.
    pub fn attempt(&self, sharers: u32) -> Attempt {
        match self.found {
            Found::One(_) | Found::Several(_) => Attempt::Success(sharers),
            Found::TooMany => Attempt::Ambiguous,
            Found::Nothing => Attempt::Miss,
        }
    }
}

/// Who of one table is linked to which profiles.
pub(super) struct Sharers {
    /// Places in `persons` of each profile.
    of_profile: Lists,
    persons: Vec<u32>,
}

impl Sharers {
    /// Of the rows of a table, each with its link.
    pub fn new<'l>(table: &Table, links: impl Iterator<Item = &'l Link>, profiles: usize) -> Sharers {
        let linked = links.enumerate().flat_map(|(row, link)| link.profiles().map(move |profile| (profile, row)));
        let mut pairs: Vec<(u32, u32)> = linked.map(|(profile, row)| (profile, table.subject(row))).collect();
        if table.subjects.is_some() {
            // Several rows of one person are one person.
            pairs.sort_unstable();
            pairs.dedup();
        }
        let (linked, persons): (Vec<u32>, Vec<u32>) = pairs.into_iter().unzip();
        Sharers { of_profile: Lists::by_key(&linked, profiles), persons }
    }

    /// Persons whose links have a profile in common with this one. With a single profile they are those who are linked to it.
    pub fn of(&self, link: &Link) -> u32 {
        let persons = |profile: u32| self.of_profile.of(profile).iter().map(|at| self.persons[*at as usize]);
        match &link.found {
            Found::Nothing | Found::TooMany => 0,
            Found::One(profile) => self.of_profile.of(*profile).len() as u32,
            Found::Several(_) => {
                let mut all: Vec<u32> = link.profiles().flat_map(persons).collect();
                all.sort_unstable();
                all.dedup();
                all.len() as u32
            }
        }
    }
}
