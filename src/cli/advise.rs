//! `reident advise`: what to change of a release.

use super::progress::Bar;
use super::read::ReadArgs;
use super::{attack, output, persons, terminal_width, use_threads};
use crate::evaluation;
use crate::input::Sources;
use crate::settings::config::{Attacks, Config};
use crate::settings::{Overrides, Settings};
use anyhow::{Context, Result, anyhow};
use clap::Args;
use reident_attacks::evaluation::AttackKind;
use reident_reports::message::{Language, Messages};
use std::path::PathBuf;

/// `reident advise`.
#[derive(Debug, Args)]
pub struct AdviseArgs {
    /// Table of the persons the release was made from
    #[arg(long, value_name = "FILE")]
    pub original: PathBuf,
    /// The release under test
    #[arg(long, value_name = "FILE")]
    pub anonymized: PathBuf,
    /// Table of persons who were not used to make the release
    #[arg(long, value_name = "FILE")]
    pub control: Option<PathBuf>,
    /// Configuration file; see `reident init`
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Records attacked of each table, and predicates of singling out: a number, or `all` records and up to 20000 predicates
    #[arg(long, value_name = "N|all")]
    pub attacks: Option<Attacks>,
    /// Seed of all random draws [default: 0]
    #[arg(long)]
    pub seed: Option<u64>,
    /// Two-sided confidence of every interval [default: 0.95]
    #[arg(long, value_name = "SHARE")]
    pub confidence: Option<f64>,
    /// Attacks to run [default: all but membership]
    #[arg(long, value_delimiter = ',', value_parser = attack::parser())]
    pub only: Vec<AttackKind>,
    /// Threads for the attacks [default: all cores]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
    /// Accept a control that repeats rows or persons of the original or stands in the release
    #[arg(long)]
    pub allow_overlapping_control: bool,
    /// Which release row came from which original row: a file with the columns `released_row` and `original_row`, both counted
    /// from 0, the first row under the header
    #[arg(long, value_name = "FILE", conflicts_with = "row_aligned")]
    pub record_map: Option<PathBuf>,
    /// Each release row came from the original row in the same place
    #[arg(long)]
    pub row_aligned: bool,
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
    let config = args.config.as_deref().map(Config::read).transpose()?.unwrap_or_default();
    let in_config = || args.config.as_ref().map_or_else(|| "settings".to_owned(), |path| path.display().to_string());
    let settings = Settings::resolve(
        config,
        Overrides {
            seed: args.seed,
            confidence: args.confidence,
            attacks: args.attacks,
            only: args.only,
            allow_overlapping_control: args.allow_overlapping_control,
            record_map: args.record_map,
            row_aligned: args.row_aligned,
            ..args.read.overrides()
        },
    )
    .with_context(in_config)?;
    let language = Language::from_code(&args.lang).ok_or_else(|| anyhow!("there is no language `{}`", args.lang))?;
    use_threads(args.threads)?;
    let sources = Sources::files(args.original, args.anonymized, args.control);
    let bar = Bar::new(args.quiet);
    let advice = evaluation::advise(&sources, &settings, &bar)?;
    bar.finish();
    output::print(&match args.format {
        AdviceFormat::Json => advice.json(),
        AdviceFormat::Terminal => advice.render(args.top, &Messages::of(language), terminal_width()),
    });
    Ok(())
}
