//! Record linkage (重标识): which release record is a known person's?
//!
//! # The attack
//! The attacker knows some columns of a person, the quasi-identifiers, and looks for the person's record. He is left with a
//! set T of records ([`LinkageMatcher`]):
//!
//! * *compatible*: the records all of whose cells are compatible with what he knows (an exact cell is equal, a generalized one
//!   covers the value), of these the ones that tell most: whose cells, all together, a random person is least likely to be
//!   compatible with, Σ −ln q being the largest, q the share of what a cell covers and 1 of a suppressed one
//!   ([`Weights`](crate::agreement::Weights) where nothing disagrees); where no record is compatible, the nearest ones. This is the attacker of
//!   truthful releases: generalized, suppressed, sampled or pseudonymised ones. What a cell costs as a distance
//!   ([`Coverage`](crate::table::Coverage)) hardly tells a rare value from a frequent one, and finds 65 % of the persons where this finds 79 %;
//! * *distance*: the nearest records, for releases whose cells were changed;
//! * *agreement*: those with the largest weighted agreement, whose weights are the likelihood ratios of Fellegi & Sunter
//!   (1969, JASA 64:1183), ln(m/u) by the value's frequency, with m learned by expectation and maximization and never from true pairs
//!   ([`agreement`](crate::agreement));
//! * *distance* and *agreement*, *one to one*: the same, by who has a file of persons and gives each record away once
//!   (`assignment.rs`).
//!
//! Ties are never broken: T holds all of them. A unique T is a *claim*: `correct` when it is the person's own record,
//! `wrong` otherwise. Several records are `ambiguous`, and worth 1/|T| when the right one is inside. |T| counts records: a
//! person whose record was released twice is not hidden by that.
//!
//! # Truth
//! It needs the truth ([`Truth`]), which scores the attacker and is never shown to him. A person whose record was not released
//! cannot be found, and every claim about him is wrong.
//!
//! # Figures
//! The mean of 1/|T| over all persons, 0 where the right record is not inside, is the *marketer* risk; the largest is the
//! *prosecutor* risk (Dankar & El Emam 2010, PAIS; Skinner & Elliot 2002, JRSS B 64:855). What an attacker comes to who abstains
//! where nothing stands out: [`abstentions`].
//!
//! # Control and baseline
//! A person of the control has no record, so that every claim about him is false. What the release exposes beyond such
//! claims is made of both in [`LinkageTallies`]. An attacker who ignores what the records hold
//! names any of the release's M records, and is right once in M times.
//!
//! # Which columns
//! Which columns are worth knowing is searched for ([`search`]) on one half of the persons; the others are attacked.

use crate::matcher::{Matcher, Search};
use crate::neighbors::{Nearest, NeighborIndex};
use crate::outcome::Baseline;
use crate::questions::{Questions, Release};
use crate::table::{LEFT_OUT, Lists, Tables, print_of};
use crate::targets::{Progress, TargetRows};
use assignment::{CANDIDATES, Candidate, auction, margin, nearest as nearest_of};
use trie::Compatible;

mod assignment;
mod attack;
mod claim;
mod in_place;
mod margins;
mod net;
mod search;
mod trie;
mod truth;

#[cfg(test)]
mod test;
#[cfg(test)]
mod test_assignment;
#[cfg(test)]
mod test_worlds;

pub use assignment::LARGEST_FILE;
pub use attack::LinkageDetail;
pub use claim::{Claim, Claims};
pub use in_place::{InPlace, in_place, is_subset};
pub use margins::{Abstention, CAREFUL, Care, abstentions};
pub use net::{LinkageTallies, halves};
pub use search::{Found, LARGEST_SET, search};
pub use truth::{Truth, TruthSource};

/// How an attacker finds a person's record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkageMatcher {
    /// The compatible records that tell most; the nearest ones where none is compatible.
    Compatible,
    /// The nearest records.
    Distance,
    /// The records that agree on most that is rare.
    Agreement,
    /// The nearest records, each given away once.
    DistanceOneToOne,
    /// The records that agree on most that is rare, each given away once.
    AgreementOneToOne,
}

impl LinkageMatcher {
    /// All of them.
    pub const ALL: [LinkageMatcher; 5] = [
        LinkageMatcher::Compatible,
        LinkageMatcher::Distance,
        LinkageMatcher::Agreement,
        LinkageMatcher::DistanceOneToOne,
        LinkageMatcher::AgreementOneToOne,
    ];

    /// Whether each record is given away once.
    pub fn is_one_to_one(self) -> bool {
        matches!(self, LinkageMatcher::DistanceOneToOne | LinkageMatcher::AgreementOneToOne)
    }

    /// The name used in evidence.
    pub fn name(self) -> &'static str {
        match self {
            LinkageMatcher::Compatible => "compatible",
            LinkageMatcher::Distance => "distance",
            LinkageMatcher::Agreement => "agreement",
            LinkageMatcher::DistanceOneToOne => "distance_one_to_one",
            LinkageMatcher::AgreementOneToOne => "agreement_one_to_one",
        }
    }

    /// The matcher of that [name](LinkageMatcher::name).
    pub fn from_name(name: &str) -> Option<LinkageMatcher> {
        LinkageMatcher::ALL.into_iter().find(|matcher| matcher.name() == name)
    }
}

/// An attacker who names records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordLinkageAttacker {
    /// Columns that he knows of a person, ascending.
    pub columns: Vec<usize>,
    /// How he finds the record.
    pub matcher: LinkageMatcher,
    /// How many sets of columns were tried to find his, on the half of the persons that he does not attack; `None` where nothing
    /// was searched for and everybody is attacked.
    pub searched: Option<u64>,
    /// Where the truth comes from that he is scored by.
    pub truth: TruthSource,
}

/// What an attacker says about everybody.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkageAttempts {
    /// About the targets of the original, in their order; nothing when no row of the release is a candidate.
    pub main: Vec<Claim>,
    /// About the targets of the control, in their order; all of it is false.
    pub control: Option<Vec<Claim>>,
    /// By naming any record.
    pub baseline: Baseline,
    /// Whether compatible records are taken for an answer.
    pub by_compatible: bool,
    /// How the answers were searched for, where an index of neighbours was asked.
    pub searches: Vec<Search>,
}

impl RecordLinkageAttacker {
    /// Attacks every target.
    pub fn attack(
        &self,
        tables: &Tables,
        truth: &Truth,
        targets: &TargetRows,
        progress: &dyn Progress,
    ) -> LinkageAttempts {
        let by_compatible = self.matcher == LinkageMatcher::Compatible;
        let mut searches = Vec::new();
        let claims = match self.matcher {
            LinkageMatcher::Compatible => self.compatible(tables, truth, targets, &mut searches, progress),
            LinkageMatcher::Distance => {
                nearest(tables, truth, targets, self, Matcher::Distance, &mut searches, progress)
            }
            LinkageMatcher::Agreement => {
                nearest(tables, truth, targets, self, Matcher::Agreement, &mut searches, progress)
            }
            LinkageMatcher::DistanceOneToOne => {
                one_to_one(tables, truth, targets, self, Matcher::Distance, &mut searches, progress)
            }
            LinkageMatcher::AgreementOneToOne => {
                one_to_one(tables, truth, targets, self, Matcher::Agreement, &mut searches, progress)
            }
        };
        let records = truth.records().max(1) as f64;
        let released = targets.original.iter().filter(|row| !truth.rows_of(**row).is_empty()).count();
        let baseline = Baseline { attempted: targets.original.len() as u64, successes: released as f64 / records };
        match claims {
            None => LinkageAttempts {
                main: Vec::new(),
                control: targets.control.as_ref().map(|_| Vec::new()),
                baseline: Baseline { attempted: 0, successes: 0.0 },
                by_compatible,
                searches,
            },
            Some(mut claims) => {
                let of_control = claims.split_off(targets.original.len());
                let control = targets.control.as_ref().map(|_| of_control);
                LinkageAttempts { main: claims, control, baseline, by_compatible, searches }
            }
        }
    }

    /// By compatible records, and by the nearest ones about those who have none.
    fn compatible(
        &self,
        tables: &Tables,
        truth: &Truth,
        targets: &TargetRows,
        searches: &mut Vec<Search>,
        progress: &dyn Progress,
    ) -> Option<Vec<Claim>> {
        let claims = compatible(tables, truth, targets, &self.columns, progress)?;
        let (of_original, of_control) = claims.split_at(targets.original.len());
        let unanswered = |rows: &[u32], claims: &[Option<Claim>]| -> Vec<u32> {
            rows.iter().zip(claims).filter(|(_, claim)| claim.is_none()).map(|(row, _)| *row).collect()
        };
        let others = TargetRows {
            original: unanswered(&targets.original, of_original),
            control: targets.control.as_ref().map(|rows| unanswered(rows, of_control)),
        };
        let found = match others.len() {
            0 => Vec::new(),
            _ => nearest(tables, truth, &others, self, Matcher::Distance, searches, progress)?,
        };
        let mut found = found.into_iter();
        let fill = |claim: Option<Claim>| claim.or_else(|| found.next()).expect("everybody else was asked for");
        Some(claims.into_iter().map(fill).collect())
    }
}

/// What is asked about the targets; `None` when no row of the release is a candidate.
fn questions<'t>(
    tables: &'t Tables,
    targets: &TargetRows,
    columns: &'t [usize],
    progress: &dyn Progress,
) -> Option<Questions<'t>> {
    let questions = Questions::new(tables, targets, columns, Release::Anonymized);
    if questions.profiles.is_empty() {
        return None;
    }
    progress.begin("record_linkage", questions.len() as u64);
    Some(questions)
}

/// Claims by compatible records alone; `None` for whom there are none, and altogether when no row of the release is a candidate.
fn compatible(
    tables: &Tables,
    truth: &Truth,
    targets: &TargetRows,
    columns: &[usize],
    progress: &dyn Progress,
) -> Option<Vec<Option<Claim>>> {
    let questions = questions(tables, targets, columns, progress)?;
    let asked = |at: usize| (0..questions.len() as u32).map(|question| questions.codes(question)[at]).collect();
    let index = Compatible::new(tables, &questions.profiles, columns, asked);
    let scorer = Scorer::new(truth, targets, &questions);
    let claims = scorer.ask(&index, 1, progress, |_, nearest, set| {
        set.extend_from_slice(&nearest.profiles);
        (f64::INFINITY, true)
    });
    Some(claims)
}

/// Claims by the records of one of the matchers of [`Questions`]; `None` when no row of the release is a candidate.
fn nearest(
    tables: &Tables,
    truth: &Truth,
    targets: &TargetRows,
    attacker: &RecordLinkageAttacker,
    matcher: Matcher,
    searches: &mut Vec<Search>,
    progress: &dyn Progress,
) -> Option<Vec<Claim>> {
    let questions = questions(tables, targets, &attacker.columns, progress)?;
    // The nearest row of another record tells how far the nearest record stands out.
    let neighbors = truth.most_rows() as usize + 1;
    let planned = questions.plan(matcher, neighbors);
    let index = planned.index.as_ref();
    let scorer = Scorer::new(truth, targets, &questions);
    let claims = scorer.ask(index, neighbors, progress, |question, found, set| {
        let target = questions.codes(question);
        let mut least = f64::INFINITY;
        for profile in &found.profiles {
            let distance = index.distance(target, *profile);
            if distance < least {
                set.clear();
                least = distance;
            }
            if distance == least {
                set.push(*profile);
            }
        }
        let all_are_equal = set.len() == found.profiles.len();
        (if all_are_equal { f64::INFINITY } else { found.radius - least }, false)
    });
    searches.push(planned.plan);
    Some(claims.into_iter().map(|claim| claim.expect("something is nearest")).collect())
}

/// Claims by the records of one of the matchers, each given away once; `None` when no row of the release is a candidate.
fn one_to_one(
    tables: &Tables,
    truth: &Truth,
    targets: &TargetRows,
    attacker: &RecordLinkageAttacker,
    matcher: Matcher,
    searches: &mut Vec<Search>,
    progress: &dyn Progress,
) -> Option<Vec<Claim>> {
    let questions = questions(tables, targets, &attacker.columns, progress)?;
    let planned = questions.plan(matcher, CANDIDATES);
    let index = planned.index.as_ref();
    let scorer = Scorer::new(truth, targets, &questions);
    let prints = questions.profiles.prints();
    let found = questions.ask(
        index,
        CANDIDATES,
        progress,
        || (),
        |(), question, found| {
            let target = questions.codes(question);
            let candidate = |profile: &u32| Candidate { distance: index.distance(target, *profile), profile: *profile };
            let candidates: Vec<Candidate> = found.profiles.iter().map(candidate).collect();
            let least = candidates.iter().map(|one| one.distance).fold(f64::INFINITY, f64::min);
            let alone: Vec<u32> =
                candidates.iter().filter(|one| one.distance == least).map(|one| one.profile).collect();
            (scorer.claims(question, &alone, 0.0, false), nearest_of(candidates, |profile| prints[profile as usize]))
        },
    );
    let print = |question: &u32| print_of(questions.codes(*question).iter().copied());
    let mut order: Vec<u32> = (0..questions.len() as u32).collect();
    order.sort_by_cached_key(|question| (print(question), questions.codes(*question).to_vec()));
    let candidates: Vec<&[Candidate]> = order.iter().map(|question| &found[*question as usize].1[..]).collect();
    let rows = |profile: u32| questions.profiles.multiplicity(profile);
    let of_original = targets.original.len() as u32;
    let mut claims: Vec<Option<Claim>> = vec![None; targets.len()];
    // The persons of either table are a file.
    for is_of_file in [|target: u32, end: u32| target < end, |target: u32, end: u32| target >= end] {
        let asking = |question: u32| {
            let asking = scorer.asking.of(question).iter().enumerate();
            asking.filter(move |(_, target)| is_of_file(**target, of_original))
        };
        let persons: Vec<u32> = order.iter().map(|question| asking(*question).count() as u32).collect();
        for (question, given) in order.iter().zip(auction(&candidates, &persons, rows)) {
            let alone = &found[*question as usize].0;
            let together = match given.is_empty() {
                true => alone.clone(),
                false => {
                    let margin = margin(&found[*question as usize].1, &given);
                    scorer.claims(*question, &given, margin, false)
                }
            };
            asking(*question).for_each(|(at, target)| claims[*target as usize] = Some(together[at]));
        }
    }
    searches.push(planned.plan);
    Some(claims.into_iter().map(|claim| claim.expect("every target asks a question")).collect())
}

/// Scores the answers of questions by the truth.
struct Scorer<'q, 't> {
    truth: &'q Truth,
    targets: &'q TargetRows,
    questions: &'q Questions<'t>,
    /// Targets of each question.
    asking: Lists,
    /// Rows of each profile, where a record stands in the release twice.
    rows: Option<Lists>,
}

impl<'q, 't> Scorer<'q, 't> {
    fn new(truth: &'q Truth, targets: &'q TargetRows, questions: &'q Questions<'t>) -> Scorer<'q, 't> {
        let rows = (truth.most_rows() > 1).then(|| questions.profiles.rows());
        Scorer { truth, targets, questions, asking: questions.groups.members(), rows }
    }

    /// The claim about each target: `set` fills in the profiles that are left for a question, ascending, and tells the margin
    /// and whether they are compatible.
    fn ask(
        &self,
        index: &dyn NeighborIndex,
        neighbors: usize,
        progress: &dyn Progress,
        set: impl Fn(u32, &Nearest, &mut Vec<u32>) -> (f64, bool) + Sync,
    ) -> Vec<Option<Claim>> {
        let claims =
            self.questions.ask(index, neighbors, progress, Vec::new, |left: &mut Vec<u32>, question, found| {
                left.clear();
                let (margin, is_compatible) = set(question, found, left);
                self.claims(question, left, margin, is_compatible)
            });
        let mut of_target = vec![None; self.targets.len()];
        for (question, claims) in claims.into_iter().enumerate() {
            for (target, claim) in self.asking.of(question as u32).iter().zip(claims) {
                of_target[*target as usize] = Some(claim);
            }
        }
        of_target
    }

    /// The claim about each target of a question who is left with some profiles, ascending; nobody's where there are none.
    fn claims(&self, question: u32, left: &[u32], margin: f64, is_compatible: bool) -> Vec<Claim> {
        let records = self.records(left);
        let claim = |target: &u32| Claim {
            records,
            is_right: self.is_right(*target, left),
            margin: if records == 1 { margin } else { 0.0 },
            is_compatible,
        };
        match records {
            0 => Vec::new(),
            _ => self.asking.of(question).iter().map(claim).collect(),
        }
    }

    /// Distinct records of some profiles.
    fn records(&self, profiles: &[u32]) -> u32 {
        match &self.rows {
            None => profiles.iter().map(|profile| self.questions.profiles.multiplicity(*profile)).sum(),
            Some(rows) => {
                let rows = profiles.iter().flat_map(|profile| rows.of(*profile));
                let mut records: Vec<u32> = rows.map(|row| self.truth.record(*row)).collect();
                records.sort_unstable();
                records.dedup();
                records.len() as u32
            }
        }
    }

    /// Whether a record of a target is among some profiles.
    fn is_right(&self, target: u32, profiles: &[u32]) -> bool {
        let Some(row) = self.targets.original.get(target as usize) else { return false };
        let own = self.truth.rows_of(*row).iter().map(|row| self.questions.profiles.of_row()[*row as usize]);
        own.filter(|profile| *profile != LEFT_OUT).any(|profile| profiles.binary_search(&profile).is_ok())
    }
}
