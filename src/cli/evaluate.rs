//! `reident evaluate`: three tables in, evidence out.

use super::audit::AuditArgs;
use super::output::{self, Output};
use super::progress::Bar;
use super::run::RunArgs;
use super::{exit, persons, terminal_width, use_threads};
use crate::check;
use crate::evaluation::{self, Evaluated, Options, outcomes};
use anyhow::Result;
use clap::Args;
use reident_reports::check::format::Format;
use reident_reports::evidence::Evidence;
use reident_reports::terminal::{self, Style};
use std::io::IsTerminal;
use std::path::PathBuf;

/// `reident evaluate`.
#[derive(Debug, Args)]
pub struct EvaluateArgs {
    /// Tables, and how they are attacked.
    #[command(flatten)]
    pub run: RunArgs,
    /// Register of persons of whom the release may hold a record: the journalist risk is counted against it, and k of k-map
    #[arg(long, value_name = "FILE")]
    pub population: Option<PathBuf>,
    /// An earlier release of the same persons, which attackers have besides; may be repeated
    #[arg(long = "earlier-release", value_name = "FILE")]
    pub earlier_releases: Vec<PathBuf>,
    /// Also find out what the attacks would have noticed, as `calibrate` does: it takes about a minute
    #[arg(long)]
    pub calibrate: bool,
    /// Where to write the evidence; `-` for standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Leave time and host out of the evidence, so that the same run gives the same bytes
    #[arg(long)]
    pub reproducible: bool,
    /// Also write who was hit, one bit per target and attacker, for paired comparisons by `check --baseline`
    #[arg(long, value_name = "FILE")]
    pub outcomes: Option<PathBuf>,
    /// Also write which persons were hit, by whom, and from how little: rows of the original; see `reident persons show`
    #[arg(long, value_name = "FILE")]
    pub persons: Option<PathBuf>,
    /// Write them although this is a CI job, whose files others may be able to read
    #[arg(long, requires = "persons")]
    pub persons_in_ci: bool,
    /// Judge the evidence by this policy and exit with its verdict, as `check` does
    #[arg(long, value_name = "FILE|NAME")]
    pub policy: Option<String>,
    /// Change a value of the policy, such as limits.linkability.max_risk=0.1; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE", requires = "policy")]
    pub overrides: Vec<String>,
    /// Say on standard error how the nearest records were searched for, and why so
    #[arg(long)]
    pub explain: bool,
    /// No progress and no table
    #[arg(long, short)]
    pub quiet: bool,
    /// Audit log.
    #[command(flatten)]
    pub audit: AuditArgs,
}

/// Evaluates, writes what was asked for and shows the rest.
///
/// # Errors
/// When a file or a setting is wrong, or an output cannot be written.
pub fn run(args: EvaluateArgs) -> Result<u8> {
    let policy = args.policy.as_deref().map(|policy| check::policy(policy, &args.overrides)).transpose()?;
    let mut settings = args.run.settings()?.with_earlier(args.earlier_releases);
    if args.calibrate {
        settings = settings.calibrated()?;
    }
    use_threads(args.run.threads)?;
    let outputs = [&args.out, &args.outcomes, &args.persons];
    if args.audit.audit_log.is_some() && outputs.contains(&&args.audit.audit_log) {
        anyhow::bail!("--audit-log names a file that this command writes, too; name two");
    }
    // A log that cannot be added to is found before the attacks.
    args.audit.open()?;
    let tables = &args.run;
    let mut inputs = vec![
        Some(tables.original.as_path()),
        Some(tables.anonymized.as_path()),
        tables.control.as_deref(),
        tables.config.as_deref(),
        tables.record_map.as_deref(),
        args.population.as_deref(),
    ];
    inputs.extend(settings.read.earlier.iter().map(|earlier| Some(earlier.as_path())));
    output::apart(args.out.as_deref(), &inputs)?;
    output::apart(args.outcomes.as_deref(), &inputs)?;
    output::apart(args.persons.as_deref(), &inputs)?;
    if args.out.is_some() && args.out == args.outcomes {
        anyhow::bail!("--out and --outcomes name the same file; name two");
    }
    if let Some(persons) = &args.persons {
        persons::may_write(persons, args.persons_in_ci)?;
    }
    let out = args.out.as_deref().map(Output::open).transpose()?;
    let hits = args.outcomes.as_deref().map(Output::open).transpose()?.map(Output::private);
    let persons = args.persons.as_deref().map(Output::open).transpose()?.map(Output::private);
    let keep_hits = hits.is_some() || persons.is_some();
    let options = Options { reproducible: args.reproducible, keep_hits, explain: args.explain, at_once: None };
    let bar = Bar::new(args.quiet);
    let Evaluated { evidence, results, persons: exposed, explanation, .. } =
        evaluation::evaluate(args.run.sources().with_population(args.population), &settings, options, &bar)?;
    bar.finish();
    if let Some(explanation) = explanation {
        eprint!("{explanation}");
    }
    let to_stderr = matches!(out, Some(Output::Stdout));
    if !args.quiet {
        show(&evidence, to_stderr);
    }
    let text = reident_reports::json::write(&evidence);
    if let Some(hits) = hits {
        hits.finish(outcomes::write(&results).as_bytes())?;
    }
    if let Some((persons, exposed)) = persons.zip(exposed) {
        persons.finish(exposed.write().as_bytes())?;
    }
    if let Some(out) = out {
        out.finish(text.as_bytes())?;
    }
    args.audit.record_evaluate(&evidence, &text)?;
    let Some(policy) = policy else { return Ok(exit::DONE) };
    let result = check::check(&evidence, &policy);
    let shown = Format::Terminal.render(&result, "");
    if to_stderr {
        eprint!("\n{shown}");
    } else {
        output::print(&format!("\n{shown}"));
    }
    Ok(result.exit_code)
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
