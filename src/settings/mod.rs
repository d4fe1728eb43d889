//! Settings as resolved from the command line, the configuration file and the defaults, in that order, and the plan of
//! attackers that they make on given tables.

pub mod attacks;
pub mod config;
mod error;
mod limits;
mod plan;
mod quasi;
mod recorded;
mod resolve;
mod splits;
mod uses;

pub use error::SettingsError;
pub use resolve::Overrides;

use crate::input::{ReadOptions, Rounding};
use config::{Attacks, Config};
use reident_attacks::calibration::Wanted;
use reident_reports::evidence::{self, AttackKind};
use std::collections::BTreeMap;

/// Most seeds of one run: each plays every attacker who draws once more.
pub const MOST_SEEDS: u64 = 100;
/// Two-sided confidence of every interval.
pub const CONFIDENCE: f64 = 0.95;

/// Everything that decides what a run does, but the tables.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How the files are read.
    pub read: ReadOptions,
    /// Seed of all random draws.
    pub seed: u64,
    /// How many seeds, from that one on, are drawn with.
    pub seeds: u64,
    /// Whether what is costly is played, too.
    pub thorough: bool,
    /// How the attacks are calibrated, where that is asked for.
    pub calibrate: Option<Wanted>,
    /// Two-sided confidence.
    pub confidence: f64,
    /// Attacks to run, in order.
    pub only: Vec<AttackKind>,
    /// Records attacked.
    pub attacks: Attacks,
    /// Whether attacks that were asked for are left out, because columns cannot be compared.
    narrowed: bool,
    /// Whether an overlapping control is accepted.
    pub allow_overlapping_control: bool,
    config: Config,
    /// Evidence whose attackers are run again, instead of those that the configuration makes.
    recorded: Option<Box<evidence::Evidence>>,
}

impl Settings {
    fn rounded(&self, width: impl Fn(Rounding) -> Option<f64>) -> BTreeMap<String, f64> {
        self.read.rounding.iter().filter_map(|(name, rounding)| Some((name.clone(), width(*rounding)?))).collect()
    }

    /// The settings as they go on record.
    pub fn on_record(&self) -> evidence::Settings {
        if let Some(evidence) = &self.recorded {
            return evidence.settings.clone();
        }
        let Config { singling_out, linkability, inference, .. } = &self.config;
        let correctness = inference.correctness();
        evidence::Settings {
            seed: self.seed,
            seeds: self.seeds,
            thorough: self.thorough,
            confidence: self.confidence,
            only: self.only.clone(),
            attacks: match self.attacks {
                Attacks::All => None,
                Attacks::Count(count) => Some(count),
            },
            predicates: singling_out.predicates(self.attacks),
            linkability_neighbors: linkability.neighbors(),
            inference_neighbors: inference.neighbors(),
            tolerance: correctness.relative,
            date_tolerance: correctness.date_units,
            nulls: self.read.nulls.clone(),
            suppressed: self.read.suppressed.clone(),
            missing_is_suppressed: self.read.missing_is_suppressed,
            forms: self.read.forms.iter().map(|(name, form)| (name.clone(), form.name().to_owned())).collect(),
            hierarchies: BTreeMap::new(), // their digests are known when they have been read
            rounding: self.rounded(|rounding| if let Rounding::Unit(unit) = rounding { Some(unit) } else { None }),
            midpoints: self
                .rounded(|rounding| if let Rounding::Midpoints(width) = rounding { Some(width) } else { None }),
            delimiter: self.read.delimiter,
            encoding: self.read.encoding.clone(),
            sheet: self.read.sheet.clone(),
            kinds: self.read.kinds.iter().map(|(name, kind)| (name.clone(), kind.name().to_owned())).collect(),
            ignored: self.read.ignore.clone(),
            tokens: self.read.tokens.clone(),
            record_key: self.read.record_key.clone(),
            record_map: self.read.record_map.is_some(),
            row_aligned: self.read.row_aligned,
            subject_key: self.read.subject_key.clone(),
            allow_overlapping_control: self.allow_overlapping_control,
            // They hang on the tables as well, and are added when these were read.
            quasi_identifiers: None,
            context: self.context(),
            groups: Some(self.config.groups.clone().unwrap_or_default()),
        }
    }
}
