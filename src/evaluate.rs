//! The main job: files in, evidence out.

use crate::comparability;
use crate::control;
use crate::explain;
use crate::input::{self, Availability, Loaded, Sources};
use crate::output;
use crate::progress::Bar;
use crate::run::terminal_width;
use crate::settings::Settings;
use anyhow::{Result, bail};
use reident_attacks::evaluation::{self, Evaluation};
use reident_attacks::table::Tables;
use reident_reports::build;
use reident_reports::evidence::{BlankRows, ColumnShape, Evidence, Inputs, Overlap, Run, TableShape, Tool, Warning};
use reident_reports::terminal::{self, Style};
use std::collections::HashMap;
use std::io::IsTerminal;
use std::time::{Instant, SystemTime};

/// How a run behaves, as far as it does not decide the figures.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// No progress.
    pub quiet: bool,
    /// No time and no host in the evidence.
    pub reproducible: bool,
    /// Keep who was hit by whom.
    pub keep_hits: bool,
    /// Say on standard error how the nearest records were searched for.
    pub explain: bool,
}

/// What a run leaves behind.
#[derive(Debug)]
pub struct Evaluated {
    /// The evidence.
    pub evidence: Evidence,
    /// The results it was made from.
    pub results: Evaluation,
}

/// This program, as evidence names it.
pub fn tool() -> Tool {
    Tool {
        name: "reident".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        commit: env!("REIDENT_COMMIT").to_owned(),
    }
}

/// Reads the files and attacks.
///
/// # Errors
/// When a file or a setting is wrong, or the control overlaps the original beyond chance.
pub fn files(sources: &Sources, settings: &Settings, options: Options) -> Result<Evaluated> {
    let clock = Clock::start();
    let loaded = input::load(sources, &settings.read)?;
    let mut warnings: Vec<Warning> = loaded.warnings.iter().map(on_record).collect();
    let checks = control::checks(&loaded, settings.allow_overlapping_control);
    if let Some(refusal) = checks.refusal() {
        bail!("{refusal}");
    }
    warnings.splice(0..0, checks.warnings);
    let mut inputs = inputs(&loaded);
    inputs.control_checks = checks.checks;
    let withheld = comparability::withheld(&loaded, settings);
    warnings.splice(0..0, withheld.remark());
    let playing = settings.without(&withheld.attacks);
    let mut evaluated = tables(&loaded.tables, inputs, &playing, warnings, options)?;
    evaluated.evidence.settings = settings.on_record();
    withheld.put_on_record(&mut evaluated.evidence);
    evaluated.evidence.findings.splice(0..0, loaded.findings);
    if !options.reproducible {
        evaluated.evidence.run = Some(clock.stop());
    }
    Ok(evaluated)
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
) -> Result<Evaluated> {
    let (mut plan, skipped) = settings.plan(tables)?;
    warnings.extend(skipped);
    plan.keep_hits = options.keep_hits;
    let bar = Bar::new(plan.len(), options.quiet);
    let results = evaluation::evaluate(tables, &plan, &bar)?;
    bar.finish();
    if options.explain {
        eprint!("{}", explain::text(tables, &results));
    }
    let evidence = build::evidence(tool(), inputs, settings.on_record(), warnings, tables, &results);
    Ok(Evaluated { evidence, results })
}

/// Shows evidence to the person at the terminal.
pub fn show(evidence: &Evidence, on_stderr: bool) {
    let terminal = if on_stderr { std::io::stderr().is_terminal() } else { std::io::stdout().is_terminal() };
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let style = Style { color: terminal && !no_color, width: terminal_width() };
    let text = terminal::render(evidence, style);
    if on_stderr {
        eprint!("{text}");
    } else {
        output::print(&text);
    }
}

fn on_record(warning: &input::InputWarning) -> Warning {
    Warning { code: warning.name.to_owned(), column: warning.column.clone(), message: warning.message.clone() }
}

fn inputs(loaded: &Loaded) -> Inputs {
    let shape = |file: &input::FileSummary| TableShape {
        rows: file.rows as u64,
        columns: file.columns as u64,
        sha256: file.sha256.clone(),
    };
    let names = |wanted: Availability| {
        let columns = loaded.columns.iter().filter(|column| column.availability == wanted);
        columns.map(|column| column.name.clone()).collect::<Vec<_>>()
    };
    let summaries: HashMap<&str, &input::ColumnSummary> =
        loaded.columns.iter().map(|summary| (summary.name.as_str(), summary)).collect();
    // Attackers are on record by position: those whom nobody uses come last.
    let attackable = loaded.tables.columns.iter().map(|column| &column.name);
    let incomparable = loaded.columns.iter().filter(|column| column.availability == Availability::Incomparable);
    let columns = attackable.chain(incomparable.map(|column| &column.name)).filter_map(|name| {
        let summary = summaries.get(name.as_str())?;
        Some(ColumnShape {
            name: name.clone(),
            kind: summary.kind?.name().to_owned(),
            missing_original: summary.original.as_ref().map_or(0, |counts| counts.missing as u64),
            missing_anonymized: summary.anonymized.as_ref().map_or(0, |counts| counts.missing as u64),
            generalized: summary.anonymized.as_ref().map_or(0, |counts| counts.generalized as u64),
            comparable: summary.compared.as_ref().map(comparability::on_record),
        })
    });
    let blank = [Some(&loaded.original), Some(&loaded.anonymized), loaded.control.as_ref()]
        .map(|file| file.map_or(0, |file| file.blank_rows as u64));
    Inputs {
        original: shape(&loaded.original),
        anonymized: shape(&loaded.anonymized),
        control: loaded.control.as_ref().map(shape),
        columns: columns.collect(),
        not_released: names(Availability::MissingFromRelease),
        only_released: names(Availability::OnlyInRelease),
        overlap: loaded.overlap.as_ref().map(|overlap| Overlap {
            shared: overlap.shared as u64,
            expected_at_most: build::round(overlap.expected_at_most),
            beyond_chance: overlap.beyond_chance,
        }),
        control_checks: Vec::new(),
        blank_rows: (blank.iter().sum::<u64>() > 0).then(|| BlankRows {
            original: blank[0],
            anonymized: blank[1],
            control: blank[2],
        }),
    }
}

struct Clock {
    started: SystemTime,
    instant: Instant,
}

impl Clock {
    fn start() -> Clock {
        Clock { started: SystemTime::now(), instant: Instant::now() }
    }

    fn stop(&self) -> Run {
        let since_epoch = self.started.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
        Run {
            started: rfc3339(since_epoch),
            seconds: (self.instant.elapsed().as_secs_f64() * 1e3).round() / 1e3,
            threads: rayon::current_num_threads() as u64,
            platform: format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS),
        }
    }
}

/// The time, UTC, RFC 3339.
pub fn now() -> String {
    rfc3339(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs())
}

/// Seconds since 1970 as UTC date and time.
///
/// The civil date of a day number: Hinnant (2013), "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
fn rfc3339(seconds: u64) -> String {
    let (days, second) = ((seconds / 86_400) as i64, seconds % 86_400);
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod test {
    use super::rfc3339;

    #[test]
    fn times_of_known_seconds() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(951_827_696), "2000-02-29T12:34:56Z");
        assert_eq!(rfc3339(1_772_323_199), "2026-02-28T23:59:59Z");
    }
}
