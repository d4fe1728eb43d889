//! Linkability (关联): does the release join two files about the same persons?
//!
//! # The attack
//! The attacker holds two files about the same persons with different columns, and the release, which has both sets of
//! columns. For each person the attacker finds the nearest set in the release on either half, N0 and N1. When a release profile
//! stands in both, it links the two files.
//!
//! * *linked*: N0 ∩ N1 holds between 1 and k distinct profiles (equality over both halves together),
//! * *ambiguous*: more than k,
//! * otherwise nothing is claimed.
//!
//! With a control, a link counts only if its record is near in all columns together (`near.rs`); any other claims nothing.
//!
//! # What a link is worth
//! A link joins the target's record in one file with the records of all persons in the other file that point to the same
//! profile. It is right for one of them, so that it counts 1/n, n being the persons of the original who are linked to that
//! profile. A person of the control is looked for in the same file, standing in it beside the original's persons: n is one more
//! than those. Were she among the control's persons only, a smaller control would share links with fewer, and show a higher rate
//! than persons of the original have without a leak. With k > 1 a link can hold several profiles;
//! then n is the number of persons whose links have one of them in common with the target's. Several rows of one person
//! count once. All persons are asked, also when only a sample is attacked: how many share a link cannot be told from a sample.
//!
//! With a record key, a link is right when the target's own record is among the rows of its profiles, and counts 1 over the
//! number of those rows; any other link is *wrong*.
//!
//! # Baseline
//! The same rule on two independent uniform draws of as many distinct profiles as N0 and N1 hold. The size of their
//! overlap is hypergeometric, so the chance p of a link is computed and not simulated ([`overlap_between_one_and`]). On the
//! scale of shared links the sum over all persons is the number of profiles that anybody is linked to; when each of M profiles is as
//! likely, M·(1 − Π(1 − pᵢ/M)) is expected (exact for k = 1; a link to several profiles is taken as one to a single profile). Where only
//! near links count, it is that times the share of the original's links that are near: chance is no nearer than the release.
//! With a record key, it is the expected number of right links ([`overlap_with_one_item`]), each over the rows of the profile.
//!
//! # Nonmember
//! The same with the original as its own release: everybody is looked for among the others, the person's own rows left out. Persons who are
//! equal are each other's records then, and their links are counted as a release would show them (`shared_with_others`). A record key calls every
//! link wrong, for the person's record is not there.
//!
//! # Sources
//! Article 29 Working Party, Opinion 05/2014 (WP216), section 2.2.2, for the criterion; the nearest-record
//! attack is record linkage by distance (Domingo-Ferrer & Torra 2001, in Confidentiality, Disclosure and Data Access).

use crate::AttackError;
use crate::attack::{Attack, Played, Scene, left};
use crate::halves::Attacked;
use crate::matcher::{Matcher, Search};
use crate::neighbors::Profiles;
use crate::outcome::{Attempt, Attempts, Baseline, Outcomes};
use crate::parts::{InParts, Parts, Persons};
use crate::progress::{Progress, go_on};
use crate::questions::{OwnRows, Questions, Release, Searched};
use crate::stats::design::NO_ANSWER;
use crate::stats::hypergeometric::{overlap_between_one_and, overlap_with_one_item};
use crate::table::{Groups, LEFT_OUT, Lists, Table, Tables};
use crate::targets::TargetRows;
use joint::{Joint, Link, Sharers};
use near::Near;
use rayon::prelude::*;
use std::collections::BTreeMap;

mod joint;
mod near;
#[cfg(test)]
mod test;
#[cfg(test)]
mod test_generalized;
#[cfg(test)]
mod test_near;
#[cfg(test)]
mod test_suppressed;

/// An attacker with two files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkabilityAttacker {
    /// Columns of either file, ascending, no column in both.
    pub halves: [Vec<usize>; 2],
    /// What makes a release record the answer.
    pub matcher: Matcher,
    /// k: nearest rows asked for on either half, and most profiles a link may have.
    pub neighbors: usize,
    /// How many sets of columns were tried to find those of the files, on persons who are not attacked; `None` where nothing was
    /// searched for and everybody is attacked.
    pub searched: Option<u64>,
}

impl Attack for LinkabilityAttacker {
    /// Links are told by their counts alone.
    type Detail = ();

    fn check(&self, tables: &Tables) -> Result<(), AttackError> {
        let [one, other] = &self.halves;
        let fail = |why: &str| Err(AttackError::Attacker(format!("linkability: {why}")));
        if one.is_empty() || other.is_empty() {
            return fail("each half needs at least one column");
        }
        if one.iter().chain(other).any(|column| *column >= tables.columns.len()) {
            return fail("a column is out of range");
        }
        if one.iter().any(|column| other.contains(column)) {
            return fail("a column stands in both halves");
        }
        if self.neighbors == 0 {
            return fail("at least 1 neighbour is needed");
        }
        Ok(())
    }

    /// What stands in one file or the other.
    fn known(&self) -> Option<Vec<usize>> {
        let mut known = self.halves.concat();
        known.sort_unstable();
        Some(known)
    }

    fn without(&self, column: usize) -> Option<Self> {
        let [one, other] = self.halves.each_ref().map(|half| left(half, column));
        Some(LinkabilityAttacker { halves: [one?, other?], ..self.clone() })
    }

    fn play(attackers: &[&LinkabilityAttacker], scene: &Scene<'_>) -> Vec<Played<()>> {
        let outcomes = Outcomes { ambiguous: true, wrong: scene.tables.original.records.is_some() };
        let attacked = Attacked::new(scene.tables, scene.targets);
        let play = |(at, attacker): (usize, &&LinkabilityAttacker)| {
            scene.progress.attacker();
            let targets = attacked.by(attacker.searched);
            let attempts = attacker.attack_parts(scene.tables, targets, scene.parts, scene.progress);
            let (counts, subgroups) = scene.counts(targets, &attempts, outcomes);
            let hits = scene.hits(targets, &attempts);
            Played { attacker: at, counts, subgroups, detail: (), hits, searches: attempts.searches }
        };
        attackers.iter().enumerate().map(play).collect()
    }
}

impl LinkabilityAttacker {
    /// Attacks every target; without a control, the nonmember reference is attacked, too.
    pub fn attack(&self, tables: &Tables, targets: &TargetRows, progress: &dyn Progress) -> Attempts {
        self.attack_parts(tables, targets, &Parts::whole(), progress)
    }

    /// The same, where a link to a far record counts, too: for comparison with programs that ask for no more than a link.
    pub fn attack_with_far_links(&self, tables: &Tables, targets: &TargetRows, progress: &dyn Progress) -> Attempts {
        self.attack_links(tables, targets, true, &Parts::whole(), progress)
    }

    /// The same, the persons of each part by themselves.
    fn attack_parts(&self, tables: &Tables, targets: &TargetRows, parts: &Parts, progress: &dyn Progress) -> Attempts {
        self.attack_links(tables, targets, false, parts, progress)
    }

    fn attack_links(
        &self,
        tables: &Tables,
        targets: &TargetRows,
        far: bool,
        parts: &Parts,
        progress: &dyn Progress,
    ) -> Attempts {
        // With a record key, what a link is worth does not depend on who else is linked.
        let everybody = match tables.original.records {
            Some(_) => targets.clone(),
            None => TargetRows::everybody(tables),
        };
        let searching = |release, costs| Searching { release, costs, tables, parts, progress };
        let none = [None, None];
        let on_release = searching(Release::Anonymized, &none);
        let judge = |links, joint: &Joint| (self.main(tables, targets, links, far, joint), joint.len() as u32);
        let Some(((main, profiles), costs)) = self.on(on_release, &everybody, judge) else {
            return Attempts::none(tables);
        };
        if tables.control.is_some() {
            return main;
        }
        let everybody = TargetRows::everybody(tables).of_original();
        let judge = |links, joint: &Joint| nonmember(tables, targets, links, joint);
        let found = self.on(searching(Release::Original, &costs), &everybody, judge);
        let count = targets.original.len();
        let nobody = || (vec![Attempt::Miss; count], vec![NO_ANSWER; count], Vec::new());
        let (nonmember, answers, searches) = found.map_or_else(nobody, |(found, _)| found);
        // Records of the original are others than those of the release.
        let others = answers.iter().map(|profile| if *profile == NO_ANSWER { NO_ANSWER } else { profiles + profile });
        let answers = main.answers.map(|[of_main, _]| [of_main, others.collect()]);
        let searches = main.searches.into_iter().chain(searches).collect();
        Attempts { nonmember: Some(nonmember), answers, searches, ..main }
    }

    /// What is made of everybody's links to the records of a release, and what disagreement costs on either half; `None` when it has no
    /// candidate on one of them.
    fn on<T>(
        &self,
        searching: Searching<'_>,
        everybody: &TargetRows,
        judge: impl FnOnce(Links, &Joint) -> T,
    ) -> Option<(T, Costs)> {
        let Searching { release, costs, tables, parts, progress } = searching;
        let (links, joint, costs) = {
            let profiles = |side: usize| {
                let profiles = release.profiles(tables, &self.halves[side]);
                match self.matcher {
                    Matcher::Distance => profiles,
                    // Thousands may agree equally, and all of them are the answer.
                    Matcher::Agreement => {
                        let domains = self.halves[side].iter().map(|column| &tables.columns[*column].domain);
                        profiles.in_order(&domains.collect::<Vec<_>>())
                    }
                }
            };
            let profiles: [Profiles<'_>; 2] = rayon::join(|| profiles(0), || profiles(1)).into();
            if profiles.iter().any(Profiles::is_empty) {
                return None;
            }
            let joint = Joint::new(profiles.each_ref());
            let searched = |side: usize| {
                let (half, profiles) = (&self.halves[side], &profiles[side]);
                match release {
                    Release::Anonymized => Searched::new(tables, half, profiles, self.matcher, everybody),
                    Release::Original => Searched::of_others(tables, half, profiles, costs[side].as_deref()),
                }
            };
            let searched: [Searched<'_>; 2] = rayon::join(|| searched(0), || searched(1)).into();
            let costs = searched.each_ref().map(|searched| searched.costs().map(<[f64]>::to_vec));
            let own = (release == Release::Original).then(|| OwnRows::new(tables));
            let linking = Linking { searched, joint: &joint, own, neighbors: self.neighbors, progress };
            (parts.play(&linking, everybody), joint, costs)
            // What was searched is no longer needed: of ten million persons, it is much memory.
        };
        Some((judge(links, &joint), costs))
    }

    /// What the links of all persons, or of the targets alone where a record key tells right links, come to.
    fn main(&self, tables: &Tables, targets: &TargetRows, mut links: Links, far: bool, joint: &Joint) -> Attempts {
        let asked = match tables.original.records {
            Some(_) => targets.original.len(),
            None => tables.original.rows(),
        };
        let records = RecordRows::new(tables, joint);
        let (near, share) = match &records {
            None if !far => links.only_near(asked),
            _ => (None, 1.0),
        };
        let (of_original, of_control) = links.of_target.split_at(asked);
        let (main, control, baseline) = match &records {
            Some(records) => {
                let rows_and_pairs = || targets.original.iter().copied().zip(of_original);
                let attempts =
                    rows_and_pairs().map(|(row, pair)| records.attempt(row, &links.distinct[*pair as usize]));
                let claims = of_control.iter().map(|pair| claim_about_nobody(&links.distinct[*pair as usize]));
                let chance = self.chance_of_right_links(rows_and_pairs(), records, &links);
                (attempts.collect(), claims.collect(), chance)
            }
            None => {
                let sharers = links.sharers(&tables.original, of_original, joint);
                let main_attempts =
                    links.shared_attempts(of_original, &targets.original, |link| link.attempt(sharers.of(link)));
                let control_rows = targets.control.as_deref().unwrap_or_default();
                let factor = |link: &Link| near.map_or(1, |near: Near| near.factor(link));
                let among = |link: &Link| (sharers.of(link) + 1) * factor(link);
                let control_attempts =
                    links.shared_attempts(of_control, control_rows, |link| link.attempt(among(link)));
                // Of all persons, scaled down to those who are attacked.
                let part = targets.original.len() as f64 / of_original.len() as f64;
                let chance = self.chance_of_shared_links(of_original, &links, joint) * part * share;
                (main_attempts, control_attempts, chance)
            }
        };
        let of_targets = |pairs: &[u32], rows: &[u32]| match &records {
            Some(_) => pairs.iter().map(|pair| links.answer(*pair, joint)).collect(),
            None => rows.iter().map(|row| links.answer(pairs[*row as usize], joint)).collect(),
        };
        let control_rows = targets.control.as_deref().unwrap_or_default();
        let answers = Some([of_targets(of_original, &targets.original), of_targets(of_control, control_rows)]);
        Attempts {
            baseline: Baseline { attempted: targets.original.len() as u64, successes: baseline },
            main,
            control: targets.control.as_ref().map(|_| control),
            nonmember: None,
            answers,
            searches: links.searches,
        }
    }

    /// What the links of the original's persons would be worth together, were they drawn at random.
    fn chance_of_shared_links(&self, pairs: &[u32], links: &Links, joint: &Joint) -> f64 {
        let mut sizes: BTreeMap<[u32; 2], u64> = BTreeMap::new();
        pairs.iter().for_each(|pair| *sizes.entry(links.distinct[*pair as usize].sizes).or_default() += 1);
        let sizes: Vec<([u32; 2], u64)> = sizes.into_iter().collect();
        let profiles = joint.len() as f64;
        let unlinked: Vec<f64> = sizes
            .par_iter()
            .map(|([a, b], count)| {
                let chance = overlap_between_one_and(self.neighbors as u64, profiles as u64, (*a).into(), (*b).into());
                *count as f64 * (-chance / profiles).ln_1p()
            })
            .collect();
        -profiles * unlinked.iter().sum::<f64>().exp_m1()
    }

    /// What right links would be worth together, were links drawn at random.
    fn chance_of_right_links<'p>(
        &self,
        targets: impl Iterator<Item = (u32, &'p u32)>,
        records: &RecordRows<'_>,
        links: &Links,
    ) -> f64 {
        let mut sizes: BTreeMap<([u32; 2], u32), u64> = BTreeMap::new();
        for (row, pair) in targets {
            // Without a released record there is no right link.
            if let Some(rows) = records.fewest_rows(row) {
                *sizes.entry((links.distinct[*pair as usize].sizes, rows)).or_default() += 1;
            }
        }
        let sizes: Vec<(([u32; 2], u32), u64)> = sizes.into_iter().collect();
        let profiles = records.joint.len() as u64;
        let expected: Vec<f64> = sizes
            .par_iter()
            .map(|(([a, b], rows), count)| {
                let chance = overlap_with_one_item(self.neighbors as u64, profiles, (*a).into(), (*b).into());
                *count as f64 * chance / f64::from(*rows)
            })
            .collect();
        expected.iter().sum()
    }
}

/// A link to a person whose record is not in the release: with a record key it is wrong.
fn claim_about_nobody(link: &Link) -> Attempt {
    match link.attempt(1) {
        Attempt::Success(_) => Attempt::Wrong,
        other => other,
    }
}

/// What a link to an equal record of somebody else is worth, given who shares it.
///
/// Equal persons are each other's records: where c persons are equal and nobody else is linked to their profile, each is linked to it as soon as c is 2, and
/// together they count 1. On a release, the record is of one sample and those who share it of another: of c ~ Poisson(λ) persons and as many
/// release rows, 1 − e^−λ times 1 − e^−λ are linked to it, twice of what P(c ≥ 2) is where persons are rare. P(c even, c > 0) is half of that product for
/// every λ, so that 2 for an even c, 2/c for each person, and nothing for an odd one is expected to be what the release would show.
fn shared_with_others(link: &Link, sharers: u32, joint: &Joint) -> Attempt {
    let mut profiles = link.profiles();
    match (profiles.next(), profiles.next()) {
        (Some(profile), None) if link.distance() == Some(0.0) && sharers == joint.rows(profile) => match sharers % 2 {
            0 => link.attempt(sharers / 2),
            _ => Attempt::Miss,
        },
        _ => link.attempt(sharers),
    }
}

/// What the links of all persons to everybody else's records come to, and how they were searched for.
fn nonmember(
    tables: &Tables,
    targets: &TargetRows,
    links: Links,
    joint: &Joint,
) -> (Vec<Attempt>, Vec<u32>, Vec<Search>) {
    let attempts = match tables.original.records {
        Some(_) => {
            let link = |row: &u32| &links.distinct[links.of_target[*row as usize] as usize];
            targets.original.iter().map(|row| claim_about_nobody(link(row))).collect()
        }
        None => {
            let sharers = links.sharers(&tables.original, &links.of_target, joint);
            let attempt = |link: &Link| shared_with_others(link, sharers.of(link), joint);
            links.shared_attempts(&links.of_target, &targets.original, attempt)
        }
    };
    let answers = targets.original.iter().map(|row| links.answer(links.of_target[*row as usize], joint)).collect();
    (attempts, answers, links.searches)
}

/// What disagreement costs in the columns of either half, where agreement is what counts.
type Costs = [Option<Vec<f64>>; 2];

/// Where links are looked for.
struct Searching<'a> {
    release: Release,
    /// Under which costs everybody else's records are searched: those that the attacker on the release learned.
    costs: &'a Costs,
    tables: &'a Tables,
    parts: &'a Parts,
    progress: &'a dyn Progress,
}

/// Looks for persons' links.
struct Linking<'a> {
    /// The records of either half.
    searched: [Searched<'a>; 2],
    joint: &'a Joint,
    /// Whose records are left out, where they are.
    own: Option<OwnRows<'a>>,
    neighbors: usize,
    progress: &'a dyn Progress,
}

impl InParts for Linking<'_> {
    type Partial = Links;
    type Merged = Links;

    fn partial(&self, persons: &TargetRows) -> Links {
        let progress = self.progress;
        let half = |side: usize| Questions::new(&self.searched[side], persons);
        let halves: [Questions<'_>; 2] = rayon::join(|| half(0), || half(1)).into();
        progress.begin("linkability", halves.iter().map(|half| half.len() as u64).sum());
        let answers = |side: usize| halves[side].answers(self.neighbors, progress);
        let [(one, plan_of_one), (other, plan_of_other)] = rayon::join(|| answers(0), || answers(1)).into();
        let nearest = [one, other];
        let weigh = |side: usize| nearest[side].weights(|profile| self.joint.of_half(side, profile));
        let sizes: [_; 2] = rayon::join(|| weigh(0), || weigh(1)).into();

        // Targets that ask the same question on both halves get the same answer.
        let pairs = Groups::of(persons.len(), halves.iter().map(|half| half.groups.of_row.as_slice()));
        let link = |target: &u32| {
            go_on(progress);
            let question = |side: usize| halves[side].groups.of_row[*target as usize];
            let own_row = || persons.original[*target as usize];
            let gone = self.own.as_ref().map(|own| self.joint.gone_without(own, own_row())).unwrap_or_default();
            let sets = [0, 1].map(|side| nearest[side].of(question(side)));
            let sizes = [0, 1].map(|side| sizes[side].of(question(side)));
            let apart = |side: usize, profile| halves[side].apart(question(side), profile);
            self.joint.link(sets, sizes, self.neighbors, &gone, apart)
        };
        let distinct = pairs.first.par_iter().map(link).collect();
        Links { of_target: pairs.of_row, distinct, searches: vec![plan_of_one, plan_of_other] }
    }

    fn merge(&self, persons: &Persons<'_>, partials: Vec<Links>) -> Links {
        let (mut of_parts, mut merged) = (Vec::with_capacity(partials.len()), Links::default());
        for Links { mut of_target, distinct, searches } in partials {
            let before = merged.distinct.len() as u32;
            of_target.iter_mut().for_each(|link| *link += before);
            of_parts.push(of_target);
            merged.distinct.extend(distinct);
            merged.searches.extend(searches);
        }
        Links { of_target: persons.in_order(of_parts), ..merged }
    }
}

/// Persons' links.
#[derive(Default)]
struct Links {
    /// Position of each target's link in `distinct`.
    of_target: Vec<u32>,
    distinct: Vec<Link>,
    searches: Vec<Search>,
}

impl Links {
    /// The links at some places.
    fn of<'l>(&'l self, places: &'l [u32]) -> impl Iterator<Item = &'l Link> {
        places.iter().map(|place| &self.distinct[*place as usize])
    }

    /// The profile that a link is to: one of several stands for all of them, and whichever it is, it does not hang on the order of the
    /// rows.
    fn answer(&self, place: u32, joint: &Joint) -> u32 {
        let linked = self.distinct[place as usize].profiles();
        linked.min_by_key(|profile| joint.print(*profile)).unwrap_or(NO_ANSWER)
    }

    /// Who shares links, given the links of all rows of a table.
    fn sharers(&self, table: &Table, of_row: &[u32], joint: &Joint) -> Sharers {
        Sharers::new(table, self.of(of_row), joint.len())
    }

    /// Withdraws links to records that are far, given that the first so many targets are of the original and the others of the control: what
    /// is near, and which share of the original's links is.
    fn only_near(&mut self, of_original: usize) -> (Option<Near>, f64) {
        let (of_original, of_control) = self.of_target.split_at(of_original);
        let Some(near) = Near::by(self.of(of_control)) else { return (None, 1.0) };
        let linked = self.of(of_original).filter(|link| link.distance().is_some()).count();
        let share = self.of(of_original).filter(|link| near.has(link)).count() as f64 / linked.max(1) as f64;
        self.distinct.iter_mut().filter(|link| !near.has(link)).for_each(Link::withdraw);
        (Some(near), share)
    }

    /// What came of attacking some rows of a table, given the links of all its rows and what each link comes to.
    fn shared_attempts(
        &self,
        of_row: &[u32],
        attacked: &[u32],
        attempt: impl Fn(&Link) -> Attempt + Sync,
    ) -> Vec<Attempt> {
        let of_row = |row: &u32| attempt(&self.distinct[of_row[*row as usize] as usize]);
        attacked.par_iter().map(of_row).collect()
    }
}

/// Release rows of each record, where a record key tells them.
struct RecordRows<'t> {
    original: &'t [u32],
    rows: Lists,
    joint: &'t Joint,
}

impl<'t> RecordRows<'t> {
    fn new(tables: &'t Tables, joint: &'t Joint) -> Option<RecordRows<'t>> {
        let (original, released) = (tables.original.records.as_ref()?, tables.anonymized.records.as_ref()?);
        let records = original.iter().chain(released).max().map_or(0, |max| *max as usize + 1);
        Some(RecordRows { original, rows: Lists::by_key(released, records), joint })
    }

    /// The joint profiles of the records of a row of the original.
    fn profiles(&self, row: u32) -> impl Iterator<Item = u32> {
        let rows = self.rows.of(self.original[row as usize]).iter();
        rows.map(|row| self.joint.of_row(*row)).filter(|profile| *profile != LEFT_OUT)
    }

    /// The fewest rows that a profile with a record of this row has; `None` when no candidate is its record.
    fn fewest_rows(&self, row: u32) -> Option<u32> {
        self.profiles(row).map(|profile| self.joint.rows(profile)).min()
    }

    fn attempt(&self, row: u32, link: &Link) -> Attempt {
        let is_right = link.profiles().any(|linked| self.profiles(row).any(|profile| profile == linked));
        let rows = link.profiles().map(|profile| self.joint.rows(profile)).sum();
        match link.attempt(rows) {
            Attempt::Success(_) if !is_right => Attempt::Wrong,
            other => other,
        }
    }
}
