//! `reident inspect`: what the files hold, and what an evaluation of them would say before it attacks.

use super::read::ReadArgs;
use super::{output, terminal_width};
use crate::evaluation;
use crate::input::{self, Source};
use crate::settings::Settings;
use crate::settings::config::Config;
use anyhow::Result;
use clap::Args;
use reident_reports::message::Language;
use reident_reports::words;
use std::fmt::Write;
use std::path::PathBuf;

/// `reident inspect`.
#[derive(Debug, Args)]
pub struct InspectArgs {
    /// Files to read as an evaluation does: the original, then the release, then the control, as far as they are there
    #[arg(required = true, value_name = "FILE", num_args = 1..=3)]
    pub files: Vec<PathBuf>,
    /// Configuration file; see `reident init`
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Show smallest and largest values and the most frequent categories: these are cell values
    #[arg(long)]
    pub show_values: bool,
    /// How files are read.
    #[command(flatten)]
    pub read: ReadArgs,
}

/// Describes the files.
///
/// # Errors
/// When one of them or the configuration cannot be read.
pub fn run(args: &InspectArgs) -> Result<()> {
    let file = args.config.as_deref().map(Config::read).transpose()?.unwrap_or_default();
    let settings = args.read.limit(Settings::resolve(args.read.config()?.over(file))?);
    let sources: Vec<Source> = args.files.iter().cloned().map(Source::from).collect();
    let inspection = input::inspect(&sources, &settings.read)?;
    let mut text = inspection.render(args.show_values, terminal_width());
    if let Some(loaded) = &inspection.loaded {
        let before = evaluation::before_attacks(loaded, &settings);
        list(&mut text, "Before the attacks:", &before);
        let findings = loaded.findings.iter().map(|finding| {
            let column = finding.column.iter().map(|column| format!("{column}: "));
            column.collect::<String>() + &words::how(finding, Language::English, |count| count.to_string())
        });
        list(&mut text, "Findings:", &findings.collect::<Vec<_>>());
    }
    output::print(&text);
    Ok(())
}

fn list(text: &mut String, title: &str, lines: &[String]) {
    if !lines.is_empty() {
        let _ = writeln!(text, "{title}");
    }
    for line in lines {
        let _ = writeln!(text, "  {line}");
    }
}
