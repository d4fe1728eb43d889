//! `reident annex`: from evidence and a manifest to the document that is filed, its route and its deadlines.

use super::exit;
use super::language;
use super::output::{self, Output};
use crate::annex::{listed, manifest, parsed, signature};
use crate::check;
use crate::evaluation::clock;
use anyhow::{Result, anyhow, bail};
use clap::{Args, Subcommand, ValueEnum};
use reident_reports::annex::calendar::{self, Date};
use reident_reports::annex::conclusion::{self, Conclusion, ConclusionId, conclude};
use reident_reports::annex::facts::Facts;
use reident_reports::annex::manifest::{Measured, Purpose, template};
use reident_reports::annex::rules::Rules;
use reident_reports::annex::triggers::Side;
use reident_reports::annex::{
    self, Earlier, Input, Signature, compose, dates, docx, json, markdown, route, triggers, words,
};
use reident_reports::check::Policy;
use reident_reports::digest::Digests;
use reident_reports::evidence::Evidence;
use reident_reports::message::{Language, Messages};
use serde_json::json;
use std::path::{Path, PathBuf};

/// The table of codes for `--help`.
const HELP: &str = "\
Exit codes of write and init:
  0    written, also when the conclusion is negative
  2    wrong usage or bad input; everything that is wrong is listed
  5    envelope, digest or signature does not match
Exit codes of route, diff and dates:
  0    route found; no trigger fires; no deadline has passed
  1    stop (R0); a trigger fires; a deadline has passed
  4    undetermined: facts are missing";

/// What to do.
#[derive(Debug, Subcommand)]
pub enum AnnexCommand {
    /// Write a commented manifest with the columns of evidence filled in
    #[command(after_help = HELP)]
    Init(InitArgs),
    /// Write the annex
    #[command(after_help = HELP)]
    Write(Box<WriteArgs>),
    /// Find the transfer route
    #[command(after_help = HELP)]
    Route(RouteArgs),
    /// Find what makes a new assessment necessary
    #[command(after_help = HELP)]
    Diff(DiffArgs),
    /// Show deadlines and retention
    #[command(after_help = HELP)]
    Dates(DatesArgs),
}

/// The envelope of the evidence.
#[derive(Debug, Args)]
pub struct EnvelopeArgs {
    /// Envelope of the evidence, verified before the evidence is read
    #[arg(long, value_name = "FILE", requires = "public_keys")]
    pub envelope: Option<PathBuf>,
    /// Public key of a signer to trust; may be repeated
    #[arg(long = "public-key", id = "public_keys", value_name = "FILE", requires = "envelope")]
    pub public_keys: Vec<PathBuf>,
}

/// `reident annex init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// What `evaluate --out` wrote
    #[arg(long, value_name = "EVIDENCE")]
    pub evidence: PathBuf,
    /// Where to write the manifest; `-` for standard output
    #[arg(long, value_name = "FILE", default_value = "manifest.toml")]
    pub out: PathBuf,
    /// Replace a file that is there
    #[arg(long)]
    pub force: bool,
}

/// `reident annex write`.
#[derive(Debug, Args)]
pub struct WriteArgs {
    /// What `evaluate --out` wrote
    #[arg(long, value_name = "EVIDENCE")]
    pub evidence: PathBuf,
    /// What the filer says; see `reident annex init`
    #[arg(long, value_name = "FILE")]
    pub manifest: PathBuf,
    /// A policy file, or the name of a policy that comes with the program
    #[arg(long, value_name = "NAME|FILE")]
    pub policy: String,
    /// Change a value of the policy; may be repeated, and is printed in red
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub overrides: Vec<String>,
    /// The envelope.
    #[command(flatten)]
    pub envelope: EnvelopeArgs,
    /// Manifest of the last annex, to find what makes a new assessment necessary
    #[arg(long, value_name = "FILE")]
    pub previous_manifest: Option<PathBuf>,
    /// Evidence of the last annex
    #[arg(long, value_name = "EVIDENCE", requires = "previous_manifest")]
    pub previous_evidence: Option<PathBuf>,
    /// The policy of the last annex.
    #[command(flatten)]
    pub previous: PreviousArgs,
    /// The day of the work, such as 2026-11-30 [default: today, UTC]
    #[arg(long, value_name = "DATE", value_parser = calendar::parse)]
    pub as_of: Option<Date>,
    /// Working papers show small counts, are stamped on every page and cannot be filed
    #[arg(long, value_enum, default_value = "filing")]
    pub tier: Tier,
    /// What to write [default: by the name of --out, else docx]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Language; only Chinese is filed, and English is a reading aid in Markdown
    #[arg(long, value_parser = language::parser(), default_value = "zh")]
    pub lang: Language,
    /// Where to write it; `-` for standard output
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// Who an annex is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Tier {
    /// For filing: small counts are masked
    Filing,
    /// Internal working papers
    Working,
}

/// Formats of an annex.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// What is filed
    Docx,
    /// A text to read
    Markdown,
    /// For machines
    Json,
}

/// Formats of route, diff and dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shown {
    /// For persons
    Text,
    /// For machines
    Json,
}

/// How a result is shown.
#[derive(Debug, Args)]
pub struct ShownArgs {
    /// How the result is written
    #[arg(long, value_enum, default_value = "text")]
    pub format: Shown,
    /// Language of the text
    #[arg(long, value_parser = language::parser(), default_value = "en")]
    pub lang: Language,
}

/// `reident annex route`.
#[derive(Debug, Args)]
pub struct RouteArgs {
    /// What the filer says
    #[arg(long, value_name = "FILE")]
    pub manifest: PathBuf,
    /// Evidence, to see whether the conclusion closes the route (R2)
    #[arg(long, value_name = "EVIDENCE", requires = "policy")]
    pub evidence: Option<PathBuf>,
    /// The policy that judges it
    #[arg(long, value_name = "NAME|FILE", requires = "evidence")]
    pub policy: Option<String>,
    /// The envelope.
    #[command(flatten)]
    pub envelope: EnvelopeArgs,
    /// How the result is shown.
    #[command(flatten)]
    pub shown: ShownArgs,
}

/// The policy of the last annex: without it nobody knows whether the policy has changed.
#[derive(Debug, Args)]
pub struct PreviousArgs {
    /// Policy of the last annex
    #[arg(long, value_name = "NAME|FILE")]
    pub previous_policy: Option<String>,
    /// A value that was changed of it; may be repeated
    #[arg(long = "previous-set", value_name = "KEY=VALUE", requires = "previous_policy")]
    pub previous_overrides: Vec<String>,
}

impl PreviousArgs {
    fn policy(&self) -> Result<Option<Policy>> {
        let read = |name: &String| check::policy(name, &self.previous_overrides);
        Ok(self.previous_policy.as_ref().map(read).transpose()?)
    }
}

/// `reident annex diff`.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// Manifest of the last annex, and its evidence
    #[arg(long, value_names = ["MANIFEST", "EVIDENCE"], num_args = 1..=2, required = true)]
    pub from: Vec<PathBuf>,
    /// Manifest of today, and its evidence
    #[arg(long, value_names = ["MANIFEST", "EVIDENCE"], num_args = 1..=2, required = true)]
    pub to: Vec<PathBuf>,
    /// Policy of today
    #[arg(long, value_name = "NAME|FILE")]
    pub policy: Option<String>,
    /// Change a value of it; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE", requires = "policy")]
    pub overrides: Vec<String>,
    /// The policy of the last annex.
    #[command(flatten)]
    pub previous: PreviousArgs,
    /// The day of the work [default: today, UTC]
    #[arg(long, value_name = "DATE", value_parser = calendar::parse)]
    pub as_of: Option<Date>,
    /// How the result is shown.
    #[command(flatten)]
    pub shown: ShownArgs,
}

/// `reident annex dates`.
#[derive(Debug, Args)]
pub struct DatesArgs {
    /// What the filer says
    #[arg(long, value_name = "FILE")]
    pub manifest: PathBuf,
    /// The day of the work [default: today, UTC]
    #[arg(long, value_name = "DATE", value_parser = calendar::parse)]
    pub as_of: Option<Date>,
    /// How the result is shown.
    #[command(flatten)]
    pub shown: ShownArgs,
}

/// Does it and returns the exit code.
///
/// # Errors
/// When a file cannot be read or written, the manifest or the policy is none, or an envelope does not match.
pub fn run(command: &AnnexCommand) -> Result<u8> {
    match command {
        AnnexCommand::Init(args) => init(args).map(|()| exit::DONE),
        AnnexCommand::Write(args) => write(args).map(|()| exit::DONE),
        AnnexCommand::Route(args) => find_route(args),
        AnnexCommand::Diff(args) => diff(args),
        AnnexCommand::Dates(args) => show_dates(args),
    }
}

fn today(given: Option<Date>) -> Result<Date> {
    let now =
        || calendar::parse(clock::now().get(..10).unwrap_or_default()).map_err(|error| anyhow!("the clock: {error}"));
    given.map_or_else(now, Ok)
}

fn init(args: &InitArgs) -> Result<()> {
    output::apart(Some(&args.out), &[Some(&args.evidence)])?;
    if args.out.is_file() && !args.force {
        bail!("{} is there already; pass --force to replace it, or --out to name another", args.out.display());
    }
    let out = Output::open(&args.out)?;
    out.finish(template(&check::evidence(&args.evidence)?, Rules::newest()).as_bytes())
}

/// Bytes of evidence, who signed them, and only then what they say.
fn evidence(path: &Path, envelope: &EnvelopeArgs) -> Result<(Vec<u8>, Option<Signature>, Evidence)> {
    let bytes = check::read(path)?;
    let signed = envelope.envelope.as_deref().map(|file| signature(file, &envelope.public_keys, &bytes)).transpose()?;
    let evidence = check::parsed(&bytes, path)?;
    Ok((bytes, signed, evidence))
}

fn write(args: &WriteArgs) -> Result<()> {
    let format = args.format.unwrap_or_else(|| format_of(&args.out));
    let language = args.lang;
    if language != Language::Chinese && format != Format::Markdown {
        bail!("only the Chinese text is filed: --lang en is a reading aid and needs --format markdown");
    }
    let inputs = [
        Some(args.evidence.as_path()),
        Some(args.manifest.as_path()),
        Some(Path::new(&args.policy)),
        args.envelope.envelope.as_deref(),
        args.previous_manifest.as_deref(),
        args.previous_evidence.as_deref(),
    ];
    output::apart(Some(&args.out), &inputs).map_err(|error| anyhow!("E15: {error}"))?;
    let as_of = today(args.as_of)?;
    let policy = check::policy(&args.policy, &args.overrides)?;
    let (bytes, signed, evidence) = evidence(&args.evidence, &args.envelope)?;
    let (manifest, mut faults) = parsed(&args.manifest, Purpose::Write)?;
    let earlier =
        args.previous_manifest.as_deref().map(|path| crate::annex::manifest(path, Purpose::Compare)).transpose()?;
    let earlier_evidence = args.previous_evidence.as_deref().map(check::evidence).transpose()?;
    let earlier_policy = args.previous.policy()?;
    let digests = Digests::of(&bytes);
    let input = Input {
        manifest: &manifest,
        evidence: &evidence,
        digests: &digests,
        policy: &policy,
        rules: Rules::newest(),
        as_of,
        signature: signed.as_ref(),
        earlier: earlier.as_ref().map(|manifest| Earlier {
            manifest,
            evidence: earlier_evidence.as_ref(),
            policy: earlier_policy.as_ref(),
        }),
        working: args.tier == Tier::Working,
    };
    let assessed = match annex::assess(input) {
        Ok(assessed) if faults.is_empty() => assessed,
        other => {
            faults.extend(other.err().unwrap_or_default());
            faults.sort();
            return Err(listed(&faults, &args.manifest).into());
        }
    };
    let out = Output::open(&args.out)?;
    let document = compose(&assessed, language);
    match format {
        Format::Docx => out.finish(&docx::render(&document))?,
        Format::Markdown => out.finish(markdown::render(&document).as_bytes())?,
        Format::Json => out.finish(json::render(&document).as_bytes())?,
    }
    if args.out != Path::new("-") {
        let texts = Messages::of(Language::English);
        let mut said = format!("conclusion {}\n", assessed.conclusion.id.id());
        said.push_str(&route_text(&assessed.route, &texts));
        said.push_str(&dates_text(&assessed.dates, &texts));
        if let Some(found) = &assessed.triggers {
            said.push_str(&triggers_text(found, &texts, false));
        }
        output::print(&said);
    }
    Ok(())
}

/// The format that a file's name asks for.
fn format_of(path: &Path) -> Format {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("md" | "markdown") => Format::Markdown,
        Some("json") => Format::Json,
        _ => Format::Docx,
    }
}

fn find_route(args: &RouteArgs) -> Result<u8> {
    let rules = Rules::newest();
    let texts = Messages::of(args.shown.lang);
    let concluded: Option<(Evidence, Policy, bool)> = match (&args.evidence, &args.policy) {
        (Some(path), Some(policy)) => {
            let policy = check::policy(policy, &[])?;
            let (_, signed, evidence) = evidence(path, &args.envelope)?;
            Some((evidence, policy, signed.is_some()))
        }
        _ => None,
    };
    let manifest = manifest(&args.manifest, Purpose::Route)?;
    let conclusion: Option<Conclusion> = concluded.as_ref().map(|(evidence, policy, signed)| {
        let judged = check::check(evidence, policy);
        let facts = Facts::of(evidence, &judged, policy, &manifest, rules);
        conclude(&facts, &manifest, &conclusion::Basis::of(evidence, policy, *signed, rules))
    });
    let is_c1 = conclusion.as_ref().is_some_and(|it| it.id == ConclusionId::C1);
    let found = route::route(&route::Facts::of(&manifest, is_c1), rules);
    match args.shown.format {
        Shown::Text => {
            let mut text = conclusion.as_ref().map_or_else(String::new, |it| format!("conclusion {}\n", it.id.id()));
            text.push_str(&route_text(&found, &texts));
            output::print(&text);
        }
        Shown::Json => {
            let sources: Vec<_> = found.rows.iter().filter_map(|row| rules.routes.get(row.id())).collect();
            let sources: Vec<_> =
                sources.iter().map(|it| json!({"mark": it.mark, "source": it.words(texts.language())})).collect();
            let conclusion = conclusion.as_ref().map(|it| it.id.id());
            print_json(&json!({
                "rules": rules.id, "conclusion": conclusion, "route": found, "sources": sources,
            }));
        }
    }
    let measured = Measured { as_of: Date::MAX, evidence: None, policy: None, route: Some(&found), working: false };
    for fault in annex::manifest::check(&manifest, &measured) {
        eprintln!("warning: {}", fault.shown(&args.manifest.display().to_string()));
    }
    Ok(match found.row() {
        Some(route::Row::R0) => exit::FAIL,
        Some(_) => exit::PASS,
        None => exit::INCONCLUSIVE,
    })
}

/// The route in words, every row with its source and mark.
fn route_text(found: &route::Route, texts: &Messages) -> String {
    let rules = Rules::newest();
    let mut text = String::new();
    if found.row().is_none() {
        let missing = texts.list(&found.missing);
        text.push_str(&texts.fill("annex.route.undetermined", &[("missing", &missing)]));
        text.push('\n');
    }
    for row in &found.rows {
        let meaning = texts.text(&format!("annex.route_row.{}", row.id())).to_owned();
        let key = if found.row().is_some() { "annex.route.found" } else { "annex.route.possible" };
        text.push_str(&texts.fill(key, &[("row", row.id()), ("meaning", &meaning)]));
        if let Some(source) = rules.routes.get(row.id()) {
            text.push_str(&format!(" — {}{}", source.words(texts.language()), texts.text(source.mark.key())));
        }
        text.push('\n');
    }
    let persons = [("persons", texts.count(found.persons)), ("sensitive", texts.count(found.sensitive))];
    let persons: Vec<(&str, &str)> = persons.iter().map(|(key, value)| (*key, value.as_str())).collect();
    text.push_str(&format!("{}\n", texts.fill("annex.route.compared", &persons)));
    for note in &found.notes {
        text.push_str(&format!("- {}\n", words::note(texts, *note, rules)));
    }
    text.push_str(&format!("{}\n", texts.text("annex.route.scope")));
    text
}

fn diff(args: &DiffArgs) -> Result<u8> {
    let texts = Messages::of(args.shown.lang);
    let as_of = today(args.as_of)?;
    let read = |paths: &[PathBuf]| -> Result<_> {
        let manifest = manifest(&paths[0], Purpose::Compare)?;
        Ok((manifest, paths.get(1).map(|path| check::evidence(path)).transpose()?))
    };
    let ((old, old_run), (new, new_run)) = (read(&args.from)?, read(&args.to)?);
    let judged_by = args.policy.as_ref().map(|name| check::policy(name, &args.overrides)).transpose()?;
    let earlier = args.previous.policy()?;
    let from = Side { manifest: &old, evidence: old_run.as_ref(), policy: earlier.as_ref(), is_c1: false };
    let to = Side { manifest: &new, evidence: new_run.as_ref(), policy: judged_by.as_ref(), is_c1: false };
    let found = triggers::triggers(from, to, as_of, Rules::newest());
    match args.shown.format {
        Shown::Text => output::print(&triggers_text(&found, &texts, true)),
        Shown::Json => print_json(&json!({"rules": Rules::newest().id, "as_of": as_of.to_string(), "triggers": found})),
    }
    Ok(if found.iter().any(triggers::Finding::fires) {
        exit::FAIL
    } else if found.iter().any(triggers::Finding::undetermined) {
        exit::INCONCLUSIVE
    } else {
        exit::PASS
    })
}

/// Triggers in words: those that fire or could; with `all` also that the others do not.
fn triggers_text(found: &[triggers::Finding], texts: &Messages, all: bool) -> String {
    let rules = Rules::newest();
    let mut text = String::new();
    for it in found {
        let state = match (it.fires(), it.undetermined(), it.warning) {
            (true, _, _) => "annex.renewal.fired",
            (_, true, _) => "annex.renewal.undetermined",
            (_, _, true) => "annex.clock_state.warning",
            _ if !it.closed.is_empty() => "annex.renewal.closed",
            _ => "annex.renewal.quiet",
        };
        if !all && state == "annex.renewal.quiet" {
            continue;
        }
        let mark = rules.triggers.get(it.trigger.id()).map_or("", |source| texts.text(source.mark.key()));
        let when = words::trigger(texts, &it.trigger.when(), rules);
        text.push_str(&format!("{} {}: {when}{mark}\n", it.trigger.id(), texts.text(state)));
        let keys = [it.changed.clone(), it.unknown.clone(), it.closed.clone()].concat();
        if !keys.is_empty() {
            text.push_str(&format!("    {}\n", keys.join(", ")));
        }
        if it.fires() {
            text.push_str(&format!("    → {}\n", words::trigger(texts, &it.trigger.action(), rules)));
        }
    }
    text
}

fn show_dates(args: &DatesArgs) -> Result<u8> {
    let texts = Messages::of(args.shown.lang);
    let as_of = today(args.as_of)?;
    let (manifest, mut faults) = parsed(&args.manifest, Purpose::Route)?;
    let measured = Measured { as_of, evidence: None, policy: None, route: None, working: false };
    faults.extend(annex::manifest::check(&manifest, &measured));
    faults.sort();
    if !faults.is_empty() {
        return Err(listed(&faults, &args.manifest).into());
    }
    let found = dates::dates(&manifest, as_of, Rules::newest());
    match args.shown.format {
        Shown::Text => output::print(&dates_text(&found, &texts)),
        Shown::Json => {
            let kept = dates::kept_until(&found).map(|day| day.to_string());
            print_json(&json!({
                "rules": Rules::newest().id, "as_of": as_of.to_string(), "kept_until": kept, "deadlines": found,
            }));
        }
    }
    Ok(if dates::any_passed(&found) { exit::FAIL } else { exit::PASS })
}

/// Deadlines in words, each with its mark and source.
fn dates_text(found: &[dates::Deadline], texts: &Messages) -> String {
    if found.is_empty() {
        return format!("{}\n", texts.text("annex.renewal.undated"));
    }
    let mut text = String::new();
    for it in found {
        let (clock, state, mark) = (texts.text(it.clock.key()), texts.text(it.state.key()), texts.text(it.mark.key()));
        text.push_str(&format!("{} {clock}: {state}{mark} — {}\n", it.day, it.source(texts.language())));
    }
    if found.iter().any(|it| it.working_days) {
        text.push_str(&format!("{}\n", texts.text("annex.renewal.working_days")));
    }
    text
}

fn print_json(value: &serde_json::Value) {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    output::print(&format!("{text}\n"));
}
