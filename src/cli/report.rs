//! `reident report`: evidence for persons, as a page, a text or a printed document.

use super::language;
use super::output::{self, Output};
use crate::check;
use crate::report::{self, Form, Shown};
use anyhow::{Context, Result, anyhow};
use clap::Args;
use reident_reports::advice::AdviceFile;
use reident_reports::message::Language;
use std::path::{Path, PathBuf};

/// `reident report`.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// What `evaluate --out` wrote
    #[arg(value_name = "EVIDENCE")]
    pub evidence: PathBuf,
    /// What to write; pdf needs a Chromium-based browser [default: by the name of --out, else html]
    #[arg(long, value_enum)]
    pub format: Option<ReportFormat>,
    /// Language of the report
    #[arg(long, value_parser = language::parser(), default_value = "en")]
    pub lang: Language,
    /// A policy file, or the name of one, whose verdict comes first
    #[arg(long, value_name = "FILE|NAME")]
    pub policy: Option<String>,
    /// Change a value of the policy; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE", requires = "policy")]
    pub overrides: Vec<String>,
    /// Tell what to change of the release, from what `advise --format json` printed for it
    #[arg(long, value_name = "FILE")]
    pub advice: Option<PathBuf>,
    /// Show small counts exactly; every page is stamped
    #[arg(long)]
    pub include_sensitive: bool,
    /// Where to write it; `-` for standard output
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// Formats of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ReportFormat {
    /// One file for a browser
    Html,
    /// Tables for a wiki or a merge request
    Markdown,
    /// The printed page
    Pdf,
}

/// Writes the report.
///
/// # Errors
/// When a file cannot be read or written, the policy is none, or there is no browser for a PDF.
pub fn run(args: &ReportArgs) -> Result<()> {
    let inputs = [Some(args.evidence.as_path()), args.policy.as_deref().map(Path::new), args.advice.as_deref()];
    output::apart(Some(&args.out), &inputs)?;
    let out = Output::open(&args.out)?;
    let evidence = check::evidence(&args.evidence)?;
    let policy = args.policy.as_deref().map(|policy| check::policy(policy, &args.overrides)).transpose()?;
    let advice = args.advice.as_deref().map(advice).transpose()?;
    let shown = Shown {
        language: args.lang,
        policy: policy.as_ref(),
        include_sensitive: args.include_sensitive,
        advice: advice.as_ref(),
    };
    match args.format.unwrap_or_else(|| format_of(&args.out)) {
        ReportFormat::Html => out.finish(report::render(&evidence, Form::Html, shown)?.as_bytes()),
        ReportFormat::Markdown => out.finish(report::render(&evidence, Form::Markdown, shown)?.as_bytes()),
        ReportFormat::Pdf => {
            let page = report::render(&evidence, Form::Html, shown)?;
            let folder = output::Folder::new()?;
            out.finish(&report::pdf::print(&page, folder.path())?)
        }
    }
}

fn advice(path: &Path) -> Result<AdviceFile> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    AdviceFile::read(&text).map_err(|why| anyhow!("{} {why}", path.display()))
}

/// The format that a file's name asks for.
fn format_of(path: &Path) -> ReportFormat {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("pdf") => ReportFormat::Pdf,
        Some("md" | "markdown") => ReportFormat::Markdown,
        _ => ReportFormat::Html,
    }
}
