//! Record linkage by who has earlier releases, too.
//!
//! # The attack
//! Whoever has several releases of the same persons joins them: a record of the latest release and one of an earlier release belong
//! together when they can be of one person ([`compare`]), and both must be compatible with what is known of the target. The attacker
//! is left with those records of the latest release that have such a partner in most of the earlier ones, and of these with
//! the ones that tell most together with the partners that tell most. It is the attacker of compatible records on the joined release;
//! a record that has no partner is joined with nothing, so that an attacker who finds no partner answers as with the latest release
//! alone.
//!
//! This is how releases that each hide everybody among k others name persons together: the classes of two releases meet in
//! few records (Ganta, Kasiviswanathan & Smith 2008, KDD: 265, *composition attacks*; Fung et al. 2010, ACM Computing Surveys 42:14,
//! section 6, on sequential releases).
//!
//! # Truth, control and baseline
//! They are those of the latest release: whose its records are decides who was found, and about a person of the control, who is in no
//! release, every claim is false. What the earlier releases give is the difference to the same attacker without them.

mod link;
#[cfg(test)]
mod test;

pub use link::{MOST_LINKS, ReleaseColumn, Versions, compare};

use super::naming::Naming;
use super::trie::Compatible;
use super::{Claim, Truth};
use crate::neighbors::Profiles;
use crate::progress::go_on;
use crate::questions::Questions;
use crate::table::{Earlier, Groups, LEFT_OUT, Lists};
use crate::targets::TargetRows;
use rayon::prelude::*;

/// Questions that a thread takes at once.
const PART: usize = 64;

/// Claims by the compatible records of the latest release that tell most together with those of the earlier ones; `None` for whom no record
/// is compatible.
pub(super) fn compatible(naming: &Naming<'_>, targets: &TargetRows) -> Vec<Option<Claim>> {
    let Naming { truth, searched, progress } = naming;
    let (tables, columns) = (searched.tables, searched.columns);
    let questions = naming.questions(targets);
    let asked = |at: usize| (0..questions.len() as u32).map(|question| questions.codes(question)[at]).collect();
    let index = Compatible::new(tables, questions.profiles, columns, asked);
    let known: Vec<Known<'_>> =
        tables.earlier.iter().filter_map(|earlier| Known::of(earlier, columns, targets, &questions)).collect();
    let earlier: Vec<Joined<'_>> = known.iter().map(Joined::of).collect();
    let records = Records::new(&questions, &earlier, truth);
    let asking = questions.groups.members();
    let answer = |scratch: &mut Scratch, part: &[u32]| -> Vec<(u32, Claim)> {
        go_on(*progress);
        let mut claims = Vec::new();
        for question in part {
            records.left(&index, &questions, &earlier, *question, scratch);
            let left = &scratch.left;
            let count = records.count(left, truth);
            let claim = |target: &u32| Claim {
                records: count,
                is_right: records.is_right(*target, left, targets, truth),
                margin: if count == 1 { f64::INFINITY } else { 0.0 },
                is_compatible: true,
            };
            if count > 0 {
                claims.extend(asking.of(*question).iter().map(|target| (*target, claim(target))));
            }
        }
        progress.advance(part.len() as u64);
        claims
    };
    let order: Vec<u32> = (0..questions.len() as u32).collect();
    let scratch = || Scratch::new(&earlier);
    let found: Vec<Vec<(u32, Claim)>> = order.par_chunks(PART).map_init(scratch, answer).collect();
    let mut of_target = vec![None; targets.len()];
    for (target, claim) in found.into_iter().flatten() {
        of_target[target as usize] = Some(claim);
    }
    of_target
}

/// What is known of the targets in the columns of an earlier release.
struct Known<'t> {
    earlier: &'t Earlier,
    columns: Vec<usize>,
    profiles: Profiles<'t>,
    /// Codes per question and column, question by question.
    codes: Vec<u32>,
}

impl<'t> Known<'t> {
    /// `None` where nothing that is known stands in it.
    fn of(earlier: &'t Earlier, known: &[usize], targets: &TargetRows, questions: &Questions<'_>) -> Option<Known<'t>> {
        let columns: Vec<usize> = known.iter().filter_map(|column| earlier.columns[*column]).collect();
        let profiles = Profiles::over(&earlier.tables, &earlier.tables.anonymized, &columns);
        if columns.is_empty() || profiles.is_empty() {
            return None;
        }
        let of_column: Vec<Vec<u32>> = columns.iter().map(|column| targets.codes(&earlier.tables, *column)).collect();
        let first = questions.groups.first.iter();
        let codes = first.flat_map(|first| of_column.iter().map(|codes| codes[*first as usize])).collect();
        Some(Known { earlier, columns, profiles, codes })
    }

    fn codes(&self, question: u32) -> &[u32] {
        let width = self.columns.len();
        &self.codes[question as usize * width..(question as usize + 1) * width]
    }
}

/// An earlier release that is asked what is compatible with the targets.
struct Joined<'k> {
    known: &'k Known<'k>,
    index: Compatible<'k>,
    /// Of each profile on the known columns, the profiles by which its rows are linked with the latest release.
    links: Lists,
}

impl<'k> Joined<'k> {
    fn of(known: &'k Known<'k>) -> Joined<'k> {
        let width = known.columns.len();
        let asked = |at: usize| known.codes.iter().skip(at).step_by(width).copied().collect();
        let index = Compatible::new(&known.earlier.tables, &known.profiles, &known.columns, asked);
        let (of_row, linked) = (known.profiles.of_row(), &known.earlier.links.earlier);
        let mut pairs: Vec<(u32, u32)> = of_row.iter().copied().zip(linked.iter().copied()).collect();
        pairs.retain(|(profile, link)| *profile != LEFT_OUT && *link != LEFT_OUT);
        pairs.sort_unstable();
        pairs.dedup();
        let (profiles, links): (Vec<u32>, Vec<u32>) = pairs.into_iter().unzip();
        let links = Lists::by_key(&profiles, known.profiles.len()).map(|at| links[at as usize]);
        Joined { known, index, links }
    }
}

/// Rows of the latest release that nothing tells apart, neither what is known nor the earlier releases.
struct Records {
    groups: Groups,
    members: Lists,
    /// Of each profile on the known columns, its groups.
    of_profile: Lists,
    /// Per group and earlier release, the profile by which it is linked.
    links: Vec<u32>,
    releases: usize,
    /// Whether a record of the release may have several rows.
    repeated: bool,
}

/// What a thread keeps from one question to the next.
struct Scratch {
    told: Vec<Told>,
    /// The groups that are left, ascending.
    left: Vec<u32>,
}

/// What the compatible records of an earlier release tell.
struct Told {
    /// By the profile by which they are linked, plus 1; 0 of those that are not compatible.
    of_link: Vec<u64>,
    /// Those that are not 0.
    compatible: Vec<u32>,
}

impl Told {
    fn forget(&mut self) {
        self.compatible.drain(..).for_each(|link| self.of_link[link as usize] = 0);
    }

    fn hear(&mut self, link: u32, tells: u64) {
        let told = &mut self.of_link[link as usize];
        if *told == 0 {
            self.compatible.push(link);
        }
        *told = (*told).max(tells + 1);
    }
}

impl Scratch {
    fn new(earlier: &[Joined<'_>]) -> Scratch {
        let links = earlier.iter().map(|joined| joined.known.earlier.links.profiles);
        let told = links.map(|links| Told { of_link: vec![0; links], compatible: Vec::new() }).collect();
        Scratch { told, left: Vec::new() }
    }
}

impl Records {
    fn new(questions: &Questions<'_>, earlier: &[Joined<'_>], truth: &Truth) -> Records {
        let of_row = questions.profiles.of_row();
        let linked: Vec<&[u32]> = earlier.iter().map(|joined| &joined.known.earlier.links.latest[..]).collect();
        // Once more where nothing else is compared: what is left out is no code of a single column.
        let columns = [of_row, of_row].into_iter().chain(linked.iter().copied());
        let mut groups = Groups::of(of_row.len(), columns);
        let first = groups.first.clone();
        groups.retain(|group| of_row[first[group as usize] as usize] != LEFT_OUT);
        let profiles: Vec<u32> = groups.first.iter().map(|row| of_row[*row as usize]).collect();
        let links = groups.first.iter().flat_map(|row| linked.iter().map(|codes| codes[*row as usize])).collect();
        Records {
            members: groups.members(),
            of_profile: Lists::by_key(&profiles, questions.profiles.len()),
            links,
            releases: earlier.len(),
            repeated: truth.most_rows() > 1,
            groups,
        }
    }

    /// Finds the groups that a question is left with.
    fn left(
        &self,
        latest: &Compatible<'_>,
        questions: &Questions<'_>,
        earlier: &[Joined<'_>],
        question: u32,
        scratch: &mut Scratch,
    ) {
        let Scratch { told, left } = scratch;
        for (joined, told) in earlier.iter().zip(told.iter_mut()) {
            told.forget();
            let target = joined.known.codes(question);
            joined.index.each(target, &mut |profile| {
                let tells = joined.index.tells(target, profile);
                joined.links.of(profile).iter().for_each(|link| told.hear(*link, tells));
            });
        }
        left.clear();
        let mut most = (0, 0);
        let target = questions.codes(question);
        latest.each(target, &mut |profile| {
            let own = latest.tells(target, profile);
            for group in self.of_profile.of(profile) {
                let links = &self.links[*group as usize * self.releases..(*group as usize + 1) * self.releases];
                let partners = links.iter().zip(earlier).zip(told.iter()).map(|((link, joined), told)| {
                    let partners =
                        if *link == LEFT_OUT { &[][..] } else { joined.known.earlier.links.partners.of(*link) };
                    partners.iter().map(|partner| told.of_link[*partner as usize]).max().unwrap_or(0)
                });
                let found = partners.fold((0, own), |(linked, sum), tells| match tells.checked_sub(1) {
                    None => (linked, sum),
                    Some(tells) => (linked + 1, sum + tells),
                });
                if found > most {
                    left.clear();
                    most = found;
                }
                if found == most {
                    left.push(*group);
                }
            }
        });
        left.sort_unstable();
    }

    /// Distinct records of some groups.
    fn count(&self, left: &[u32], truth: &Truth) -> u32 {
        let rows = left.iter().flat_map(|group| self.members.of(*group));
        if !self.repeated {
            return rows.count() as u32;
        }
        let mut records: Vec<u32> = rows.map(|row| truth.record(*row)).collect();
        records.sort_unstable();
        records.dedup();
        records.len() as u32
    }

    /// Whether a record of a target is among some groups.
    fn is_right(&self, target: u32, left: &[u32], targets: &TargetRows, truth: &Truth) -> bool {
        let Some(row) = targets.original.get(target as usize) else { return false };
        let mut own = truth.rows_of(*row).iter().map(|row| self.groups.of_row[*row as usize]);
        own.any(|group| left.binary_search(&group).is_ok())
    }
}
