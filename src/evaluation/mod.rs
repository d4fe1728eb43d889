//! The main job: tables in, evidence out.

mod advice;
mod calibration;
mod classes;
pub mod clock;
mod comparability;
mod control;
mod error;
mod explain;
mod inputs;
pub mod outcomes;
mod parts;

pub use advice::advise;
pub use calibration::calibrate;
pub use error::EvaluateError;
pub use reident_attacks::progress::{NoProgress, Progress};

use crate::input::{self, Loaded, Sources};
use crate::settings::Settings;
use clock::Clock;
use inputs::inputs;
use reident_attacks::evaluation::{Evaluation, Plan};
use reident_attacks::persons::OfRisk;
use reident_attacks::progress::cancellable;
use reident_attacks::table::Tables;
use reident_reports::build;
use reident_reports::evidence::{self, Evidence, Inputs, Tool, Warning};
use reident_reports::persons::PersonsFile;

/// How a run behaves, as far as it does not decide the figures.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// No time and no host in the evidence.
    pub reproducible: bool,
    /// Keep who was hit by whom.
    pub keep_hits: bool,
    /// Say how the nearest records were searched for.
    pub explain: bool,
    /// Persons who are attacked at once; all of them when not told. Fewer take less memory, and a little more time.
    pub at_once: Option<usize>,
}

/// What a run leaves behind.
#[derive(Debug)]
pub struct Evaluated {
    /// The evidence.
    pub evidence: Evidence,
    /// Who was played, and how.
    pub plan: Plan,
    /// The results it was made from.
    pub results: Evaluation,
    /// Whom the attackers hit, where that was kept and the tables came from files or columns.
    pub persons: Option<PersonsFile>,
    /// How the nearest records were searched for, where it was asked for.
    pub explanation: Option<String>,
}

/// This program, as evidence names it.
pub fn tool() -> Tool {
    Tool {
        name: "reident".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        commit: env!("REIDENT_COMMIT").to_owned(),
    }
}

/// Reads the tables and attacks, in the thread pool of the caller. Tables in memory that are given away are let go once they are read.
///
/// # Errors
/// When a table or a setting is wrong, the control overlaps the original beyond chance, or the run was cancelled.
pub fn evaluate(
    sources: impl Into<Sources>,
    settings: &Settings,
    options: Options,
    progress: &dyn Progress,
) -> Result<Evaluated, EvaluateError> {
    let clock = Clock::start();
    let sources = sources.into();
    let mut loaded = input::load(&sources, &settings.read)?;
    input::add_earlier(&mut loaded, &sources, &settings.read)?;
    drop(sources);
    let mut warnings: Vec<Warning> = loaded.warnings.iter().map(on_record).collect();
    let mut inputs = inputs(&loaded);
    let register = loaded.register.as_ref().map(|register| &register.tables);
    let (checks, counted) = rayon::join(
        || control::checks(&loaded, settings.values.allow_overlapping_control),
        || classes::count(&loaded.tables, register, settings, &inputs, &loaded.findings),
    );
    if let Some(refusal) = checks.refusal() {
        return Err(EvaluateError::OverlappingControl(refusal));
    }
    warnings.splice(0..0, checks.warnings);
    if loaded.anonymized.sha256.is_none() {
        let text = "The release was a table in memory, so that the evidence names no digest of it: it can be tied to no file, and not be signed.";
        warnings.push(evidence::warning("no_release_digest", text));
    }
    inputs.control_checks = checks.checks;
    let withheld = comparability::withheld(&loaded, settings);
    warnings.splice(0..0, withheld.remark());
    let playing = settings.without(&withheld.attacks);
    let mut evaluated = tables(&loaded.tables, inputs, &playing, warnings, options, progress)?;
    evaluated.evidence.settings = settings.values.clone();
    if options.keep_hits {
        evaluated.persons = Some(persons_file(&loaded, &evaluated));
    }
    evaluated.evidence.settings.hierarchies = loaded.hierarchies;
    withheld.put_on_record(&mut evaluated.evidence);
    let searched = Some(classes::searched(&loaded.columns));
    evaluated.evidence.findings.splice(0..0, loaded.findings);
    classes::put_on_record(&mut evaluated.evidence, counted, register, searched);
    if !options.reproducible {
        evaluated.evidence.run = Some(clock.stop());
    }
    Ok(evaluated)
}

/// What an evaluation says of tables before it attacks them: that it refuses the control, what it remarks on it, and which attacks it
/// does not play.
pub fn before_attacks(loaded: &Loaded, settings: &Settings) -> Vec<String> {
    let checks = control::checks(loaded, settings.values.allow_overlapping_control);
    let refusal = checks.refusal().map(|refusal| format!("the files are refused: {refusal}"));
    let withheld = comparability::withheld(loaded, settings).remark();
    let remarks = checks.warnings.into_iter().chain(withheld).map(|warning| match warning.column {
        Some(column) => format!("{column}: {}", warning.message),
        None => warning.message,
    });
    refusal.into_iter().chain(remarks).collect()
}

/// Attacks tables that are in memory already.
///
/// # Errors
/// When a setting does not fit the tables.
pub fn tables(
    tables: &Tables,
    inputs: Inputs,
    settings: &Settings,
    mut warnings: Vec<Warning>,
    options: Options,
    progress: &dyn Progress,
) -> Result<Evaluated, EvaluateError> {
    let (mut plan, skipped) = planned(settings, tables, progress)?;
    warnings.extend(skipped);
    plan.keep_hits = options.keep_hits;
    let parts = parts::of(tables, options.at_once)?;
    progress.attackers(plan.attackers.len());
    let results = reident_attacks::evaluation::evaluate_parts(tables, &plan, &parts, progress)?;
    let explanation = options.explain.then(|| explain::text(tables, &results));
    let mut evidence = build::evidence(tool(), inputs, settings.values.clone(), warnings, tables, &results);
    if let Some(wanted) = &settings.calibrate {
        match calibration::of(tables, &plan, settings.values.confidence, wanted, progress)? {
            Some(calibration) => evidence.calibration = Some(calibration),
            None => evidence.warnings.push(calibration::too_small()),
        }
    }
    Ok(Evaluated { evidence, plan, results, persons: None, explanation })
}

/// The attackers of the settings on these tables, and what is remarked about who is not played. Known columns are searched for here, which
/// the progress is told of and which can be cancelled.
fn planned(
    settings: &Settings,
    tables: &Tables,
    progress: &dyn Progress,
) -> Result<(Plan, Vec<Warning>), EvaluateError> {
    Ok(cancellable(|| settings.plan(tables, progress))??)
}

/// Whom the attackers of a run hit, by the numbers of their rows in the file.
fn persons_file(loaded: &Loaded, evaluated: &Evaluated) -> PersonsFile {
    let Evaluated { evidence, results, .. } = evaluated;
    let tables = &loaded.tables;
    let of_risk = |at: usize| {
        let risk = evidence.attacks.get(at)?.risk.as_ref()?;
        Some(OfRisk { null_rate: risk.null_rate, is_above_chance: risk.interval[0] > 0.0 })
    };
    let persons = reident_attacks::persons::persons(tables, results, of_risk);
    let known = |at: usize| {
        let columns = results.attackers.get(at)?.attacker.known()?;
        Some(columns.into_iter().map(|column| tables.columns[column].name.clone()).collect())
    };
    PersonsFile::new(evidence, &persons, known, |row| u64::from(loaded.rows_of_original[row as usize]) + 1)
}

/// Evidence of tables that are in memory, with their equivalence classes.
pub(crate) fn with_classes(mut evidence: Evidence, tables: &Tables, settings: &Settings) -> Evidence {
    let counted = classes::count(tables, None, settings, &evidence.inputs, &evidence.findings);
    classes::put_on_record(&mut evidence, counted, None, None);
    evidence
}

fn on_record(warning: &input::InputWarning) -> Warning {
    Warning { code: warning.name.to_owned(), column: warning.column.clone(), message: warning.message.clone() }
}
