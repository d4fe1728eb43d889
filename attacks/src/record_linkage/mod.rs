//! Record linkage (重标识): which release record is a known person's?
//!
//! # The attack
//! The attacker knows some columns of a person, the quasi-identifiers, and looks for the person's record. What is left is a
//! set T of records ([`LinkageMatcher`]):
//!
//! * *compatible*: the records all of whose cells are compatible with what is known (an exact cell is equal, a generalized one
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
//!   (`assignment.rs`);
//! * *compatible*, over the latest release and earlier ones (`releases`).
//!
//! Ties are never broken: T holds all of them. A unique T is a *claim*: `correct` when it is the person's own record,
//! `wrong` otherwise. Several records are `ambiguous`, and worth 1/|T| when the right one is inside. |T| counts records: a
//! person whose record was released twice is not hidden by that.
//!
//! # Truth
//! It needs the truth ([`Truth`]), which scores the attacker, who never sees it. A person whose record was not released
//! cannot be found, and every claim about such a person is wrong.
//!
//! # Figures
//! The mean of 1/|T| over all persons, 0 where the right record is not inside, is the *marketer* risk; the largest is the
//! *prosecutor* risk (Dankar & El Emam 2010, PAIS; Skinner & Elliot 2002, JRSS B 64:855). What an attacker comes to who abstains
//! where nothing stands out: [`abstentions`].
//!
//! # Control and baseline
//! A person of the control has no record, so that every claim about such a person is false. What the release exposes beyond such
//! claims is made of both in [`LinkageTallies`]. An attacker who ignores what the records hold
//! names any of the release's M records, and is right once in M times.
//!
//! # Which columns
//! Which columns are worth knowing is searched for ([`search`]) on one half of the persons; the others are attacked.

use crate::matcher::{Matcher, Search};
use crate::outcome::Baseline;
use crate::parts::Parts;
use crate::questions::{Release, Searched};
use crate::table::Tables;
use crate::targets::{Progress, TargetRows};
use giving_away::GivingAway;
use naming::{Named, Naming, NamingCompatible};

mod assignment;
mod attack;
mod claim;
mod giving_away;
mod in_place;
mod margins;
mod naming;
mod net;
mod releases;
mod scorer;
mod search;
mod trie;
mod truth;

#[cfg(test)]
mod test;
#[cfg(test)]
mod test_assignment;
#[cfg(test)]
mod test_search;
#[cfg(test)]
mod test_worlds;

pub use assignment::LARGEST_FILE;
pub use attack::LinkageDetail;
pub use claim::{Claim, Claims};
pub use in_place::{InPlace, in_place, is_subset};
pub use margins::{Abstention, CAREFUL, Care, abstentions};
pub use net::{LinkageTallies, halves};
pub use releases::{MOST_LINKS, ReleaseColumn, Versions, compare};
pub use search::search;
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
    /// Columns that the attacker knows of a person, ascending.
    pub columns: Vec<usize>,
    /// How the attacker finds the record.
    pub matcher: LinkageMatcher,
    /// How many sets of columns were tried to find the known ones, on the half of the persons that is not attacked; `None` where
    /// nothing was searched for and everybody is attacked.
    pub searched: Option<u64>,
    /// Where the truth comes from that the attacker is scored by.
    pub truth: TruthSource,
    /// How many earlier releases of the same persons the attacker has besides: none, or all that the tables have.
    pub earlier: usize,
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
        self.attack_parts(tables, truth, targets, &Parts::whole(), progress)
    }

    /// The same, the targets of each part by themselves.
    fn attack_parts(
        &self,
        tables: &Tables,
        truth: &Truth,
        targets: &TargetRows,
        parts: &Parts,
        progress: &dyn Progress,
    ) -> LinkageAttempts {
        let by_compatible = self.matcher == LinkageMatcher::Compatible;
        let records = truth.records().max(1) as f64;
        let released = targets.original.iter().filter(|row| !truth.rows_of(**row).is_empty()).count();
        let baseline = Baseline { attempted: targets.original.len() as u64, successes: released as f64 / records };
        let profiles = Release::Anonymized.profiles(tables, &self.columns);
        if profiles.is_empty() {
            return LinkageAttempts {
                main: Vec::new(),
                control: targets.control.as_ref().map(|_| Vec::new()),
                baseline: Baseline { attempted: 0, successes: 0.0 },
                by_compatible,
                searches: Vec::new(),
            };
        }
        let searched = |matcher| Searched::new(tables, &self.columns, &profiles, matcher, targets);
        let naming = |matcher| Naming { truth, searched: searched(matcher), progress };
        let Named { mut claims, searches } = match self.matcher {
            LinkageMatcher::Compatible => {
                let naming = NamingCompatible { naming: naming(Matcher::Distance), earlier: self.earlier > 0 };
                parts.play(&naming, targets)
            }
            LinkageMatcher::Distance => parts.play(&naming(Matcher::Distance), targets),
            LinkageMatcher::Agreement => parts.play(&naming(Matcher::Agreement), targets),
            LinkageMatcher::DistanceOneToOne => parts.play(&GivingAway(naming(Matcher::Distance)), targets),
            LinkageMatcher::AgreementOneToOne => parts.play(&GivingAway(naming(Matcher::Agreement)), targets),
        };
        let of_control = claims.split_off(targets.original.len());
        let control = targets.control.as_ref().map(|_| of_control);
        LinkageAttempts { main: claims, control, baseline, by_compatible, searches }
    }
}
