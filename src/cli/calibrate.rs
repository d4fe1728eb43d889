//! `reident calibrate`: what the attacks would have noticed.

use super::progress::Bar;
use super::read::ReadArgs;
use super::run::RunArgs;
use super::{output, terminal_width, use_threads};
use crate::evaluation;
use crate::settings::Overrides;
use anyhow::{Result, anyhow, bail};
use clap::Args;
use reident_attacks::calibration::FEWEST;
use reident_reports::message::{Language, Messages};
use reident_reports::terminal;

/// `reident calibrate`.
#[derive(Debug, Args)]
pub struct CalibrateArgs {
    /// Tables, and how they are attacked.
    #[command(flatten)]
    pub run: RunArgs,
    /// How to print it
    #[arg(long, value_enum, default_value_t = CalibrateFormat::Terminal)]
    pub format: CalibrateFormat,
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

/// Forms of a calibration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum CalibrateFormat {
    /// A table for a person
    Terminal,
    /// For a program, as in evidence
    Json,
}

/// Prints the calibration.
///
/// # Errors
/// When a file or a setting is wrong, or the tables are too small.
pub fn run(args: CalibrateArgs) -> Result<()> {
    let settings = args.run.settings(Overrides { calibrate: true, ..args.read.overrides() })?;
    let language = Language::from_code(&args.lang).ok_or_else(|| anyhow!("there is no language `{}`", args.lang))?;
    use_threads(args.run.threads)?;
    let bar = Bar::new(args.quiet);
    let calibration = evaluation::calibrate(&args.run.sources(), &settings, &bar)?;
    bar.finish();
    let Some(calibration) = calibration else {
        bail!(
            "the attacks cannot be calibrated: it takes {FEWEST} persons of the original, and an attack other than record linkage"
        );
    };
    output::print(&match args.format {
        CalibrateFormat::Json => {
            let mut text = serde_json::to_string_pretty(&calibration)?;
            text.push('\n');
            text
        }
        CalibrateFormat::Terminal => terminal::calibration(&Messages::of(language), &calibration, terminal_width()),
    });
    Ok(())
}
