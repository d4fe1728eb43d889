//! `reident advise`: what to change of a release.

use super::progress::Bar;
use super::read::ReadArgs;
use super::run::RunArgs;
use super::{output, persons, terminal_width, use_threads};
use crate::evaluation;
use anyhow::{Result, anyhow};
use clap::Args;
use reident_reports::message::{Language, Messages};

/// `reident advise`.
#[derive(Debug, Args)]
pub struct AdviseArgs {
    /// Tables, and how they are attacked.
    #[command(flatten)]
    pub run: RunArgs,
    /// How many changes to show in the table
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub top: usize,
    /// How to print it
    #[arg(long, value_enum, default_value_t = AdviceFormat::Terminal)]
    pub format: AdviceFormat,
    /// Print JSON, which names records to suppress, although this is a CI job, whose log others may be able to read
    #[arg(long)]
    pub persons_in_ci: bool,
    /// Language of the table
    #[arg(long, value_parser = ["en", "zh"], default_value = "en")]
    pub lang: String,
    /// No progress
    #[arg(long, short)]
    pub quiet: bool,
    /// How files are read.
    #[command(flatten)]
    pub read: ReadArgs,
}

/// Forms of advice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum AdviceFormat {
    /// Tables for a person
    Terminal,
    /// All of it, for a program
    Json,
}

/// Prints the advice.
///
/// # Errors
/// When a file or a setting is wrong.
pub fn run(args: AdviseArgs) -> Result<()> {
    if args.format == AdviceFormat::Json {
        persons::refuse_in_ci(args.persons_in_ci)?;
    }
    let settings = args.run.settings(args.read.overrides())?;
    let language = Language::from_code(&args.lang).ok_or_else(|| anyhow!("there is no language `{}`", args.lang))?;
    use_threads(args.run.threads)?;
    let bar = Bar::new(args.quiet);
    let advice = evaluation::advise(&args.run.sources(), &settings, &bar)?;
    bar.finish();
    output::print(&match args.format {
        AdviceFormat::Json => advice.json(),
        AdviceFormat::Terminal => advice.render(args.top, &Messages::of(language), terminal_width()),
    });
    Ok(())
}
