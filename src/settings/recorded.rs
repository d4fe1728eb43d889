//! Settings and attackers as evidence has them on record, for running them again.
//!
//! The attackers are taken from the evidence one by one and not worked out anew: however they were chosen (roles of
//! columns, halves, secrets), they are the same again.

use super::{Config, Settings, SettingsError, reading};
use crate::input::ReadOptions;
use reident_attacks::calibration::Wanted as WantedCalibration;
use reident_attacks::evaluation::Plan;
use reident_attacks::inference::{Correctness, Guesser, InferenceAttacker, Model};
use reident_attacks::linkability::LinkabilityAttacker;
use reident_attacks::matcher::Matcher;
use reident_attacks::membership::{MembershipAttacker, Score};
use reident_attacks::record_linkage::{LinkageMatcher, RecordLinkageAttacker, TruthSource};
use reident_attacks::singling_out::{Mode, SinglingOutAttacker};
use reident_attacks::subgroups::Wanted;
use reident_attacks::table::Tables;
use reident_attacks::targets::Targets;
use reident_reports::evidence::{self, Attacker, Columns, Evidence};
use std::collections::BTreeMap;
use std::path::PathBuf;

impl Settings {
    /// The settings that evidence was made with, given the files of its hierarchies by their columns.
    ///
    /// # Errors
    /// When a value is out of its range, or the files are not those of the columns that had one.
    pub fn recorded(evidence: Evidence, hierarchies: BTreeMap<String, PathBuf>) -> Result<Settings, SettingsError> {
        let on_record = &evidence.settings;
        if !(on_record.confidence > 0.0 && on_record.confidence < 1.0) {
            return Err(SettingsError::new("the evidence's confidence does not lie between 0 and 1"));
        }
        if !(on_record.tolerance >= 0.0 && on_record.date_tolerance >= 0.0) {
            return Err(SettingsError::new("the evidence has a tolerance below 0"));
        }
        if let Some(column) = on_record.hierarchies.keys().find(|column| !hierarchies.contains_key(*column)) {
            let message = format!(
                "the evidence was made with a hierarchy of `{column}`: give it with --hierarchy \"{column}=FILE\""
            );
            return Err(SettingsError::new(message).of_setting("hierarchy").of_column(column));
        }
        if let Some(column) = hierarchies.keys().find(|column| !on_record.hierarchies.contains_key(*column)) {
            let message = format!("the evidence was made without a hierarchy of `{column}`: leave it out");
            return Err(SettingsError::new(message).of_setting("hierarchy").of_column(column));
        }
        let read =
            ReadOptions { hierarchies, named: super::uses::of_recorded(&evidence), ..reading::options(on_record)? };
        Ok(Settings {
            // Where the map is, is no part of the evidence: whoever runs it again says so.
            values: on_record.clone(),
            read,
            calibrate: evidence.calibration.as_ref().map(wanted).transpose()?,
            config: Config::default(),
            narrowed: false,
            recorded: Some(Box::new(evidence)),
        })
    }
}

/// How a calibration on record was asked for.
///
/// # Errors
/// When it holds a number that this machine cannot count to.
fn wanted(calibration: &evidence::Calibration) -> Result<WantedCalibration, SettingsError> {
    let first = calibration.attacks.values().next();
    let mut shares: Vec<f64> =
        first.into_iter().flat_map(|of_attack| &of_attack.power).map(|power| power.share).collect();
    shares.sort_by(f64::total_cmp);
    shares.dedup();
    let persons = usize::try_from(calibration.persons_asked);
    let persons = persons.map_err(|_| SettingsError::new("the evidence's calibration asks for too many persons"))?;
    Ok(WantedCalibration { runs: calibration.runs, persons, shares })
}

/// The attackers of evidence on these tables.
///
/// # Errors
/// When the tables lack a column, or an attacker is not described in full.
pub(super) fn plan(evidence: &Evidence, tables: &Tables) -> Result<Plan, SettingsError> {
    let settings = &evidence.settings;
    let mut plan = Plan::new(settings.seed);
    plan.seeds = settings.seeds;
    if let Some(groups) = &settings.groups {
        let columns = groups.iter().map(|name| position(tables, name)).collect::<Result<_, SettingsError>>()?;
        plan.subgroups = Wanted { exposed: true, columns };
    }
    plan.targets = match settings.attacks {
        None => Targets::All,
        Some(count) => Targets::Sample(number(count)),
    };
    for (at, attack) in evidence.attacks.iter().enumerate() {
        let in_context = || format!("attacker {} of the evidence", at + 1);
        add(&mut plan, tables, evidence, &attack.attacker).map_err(|error| error.at(in_context()))?;
    }
    Ok(plan)
}

fn add(plan: &mut Plan, tables: &Tables, evidence: &Evidence, attacker: &Attacker) -> Result<(), SettingsError> {
    let columns = |columns: &Columns| {
        evidence.inputs.names(columns).map(|name| position(tables, name)).collect::<Result<Vec<_>, SettingsError>>()
    };
    match attacker {
        Attacker::NamedRecord { matcher, columns: known, searched, truth, earlier } => {
            plan.push(RecordLinkageAttacker {
                columns: columns(known)?,
                matcher: match matcher {
                    evidence::RecordMatcher::Compatible => LinkageMatcher::Compatible,
                    evidence::RecordMatcher::Distance => LinkageMatcher::Distance,
                    evidence::RecordMatcher::Agreement => LinkageMatcher::Agreement,
                    evidence::RecordMatcher::DistanceOneToOne => LinkageMatcher::DistanceOneToOne,
                    evidence::RecordMatcher::AgreementOneToOne => LinkageMatcher::AgreementOneToOne,
                },
                searched: *searched,
                earlier: earlier.map_or(0, number),
                truth: match truth {
                    evidence::Truth::Known => TruthSource::Known,
                    evidence::Truth::EqualRows => TruthSource::EqualRows,
                },
            })
        }
        Attacker::Univariate { columns: of, predicates } => {
            add_once(plan, Mode::Univariate, columns(of)?, number(*predicates));
        }
        Attacker::Multivariate { columns: of, columns_per_predicate, predicates } => {
            add_once(plan, Mode::Multivariate(number(*columns_per_predicate)), columns(of)?, number(*predicates));
        }
        Attacker::TwoFiles { halves: [one, other], neighbors, searched, .. } => plan.push(LinkabilityAttacker {
            halves: [columns(one)?, columns(other)?],
            matcher: matcher(attacker),
            neighbors: number(*neighbors),
            searched: *searched,
        }),
        Attacker::NearestRecord { columns: known, secret, neighbors, searched, .. } => {
            let guesser = Guesser::nearest(matcher(attacker), number(*neighbors));
            let searched = *searched;
            plan.push(InferenceAttacker { searched, ..inference(tables, evidence, secret, columns(known)?, guesser)? });
        }
        Attacker::TrainedModel { model, columns: known, secret, searched } => {
            let guesser = Guesser::Model(match model {
                evidence::ModelName::NaiveBayes => Model::NaiveBayes,
                evidence::ModelName::Forest => Model::Forest,
                evidence::ModelName::LinearReconstruction => Model::LinearReconstruction,
            });
            let searched = *searched;
            plan.push(InferenceAttacker { searched, ..inference(tables, evidence, secret, columns(known)?, guesser)? });
        }
        Attacker::Scored { columns: known, score } => plan.push(MembershipAttacker {
            score: match score {
                evidence::ScoreName::Distance => Score::Distance,
                evidence::ScoreName::Ratio => Score::Ratio,
                evidence::ScoreName::Relative => Score::Relative,
                evidence::ScoreName::Agreement => Score::Agreement,
            },
            columns: columns(known)?,
        }),
    }
    Ok(())
}

/// Of several seeds, each attacker who draws stands once in the plan and is played again for each.
fn add_once(plan: &mut Plan, mode: Mode, columns: Vec<usize>, predicates: usize) {
    let attacker = SinglingOutAttacker { mode, columns, predicates }.into();
    if plan.seeds <= 1 || !plan.attackers.contains(&attacker) {
        plan.attackers.push(attacker);
    }
}

/// Somebody who wants to know a column.
fn inference(
    tables: &Tables,
    evidence: &Evidence,
    secret: &str,
    known: Vec<usize>,
    guesser: Guesser,
) -> Result<InferenceAttacker, SettingsError> {
    let correctness =
        Correctness { relative: evidence.settings.tolerance, date_units: evidence.settings.date_tolerance };
    Ok(InferenceAttacker { secret: position(tables, secret)?, known, guesser, correctness, searched: None })
}

/// The matcher of an attacker on record; evidence of before there were several does not name it.
fn matcher(attacker: &Attacker) -> Matcher {
    match attacker.matcher() {
        Some(evidence::MatcherName::Agreement) => Matcher::Agreement,
        Some(evidence::MatcherName::Distance) | None => Matcher::Distance,
    }
}

fn position(tables: &Tables, name: &str) -> Result<usize, SettingsError> {
    let missing = || format!("original and release share no column `{name}`");
    tables.position(name).ok_or_else(|| SettingsError::new(missing()).of_column(name))
}

fn number(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
