//! What `advise` and `calibrate` have in common: the tables they look at, and how they show what they found.

use super::language;
use super::run::RunArgs;
use clap::Args;
use reident_reports::message::{Language, Messages};

/// Tables, and how what is found in them is shown.
#[derive(Debug, Args)]
pub struct ShownArgs {
    /// Tables, and how they are attacked.
    #[command(flatten)]
    pub run: RunArgs,
    /// How to print it
    #[arg(long, value_enum, default_value_t = ShownFormat::Terminal)]
    pub format: ShownFormat,
    /// Language of the table
    #[arg(long, value_parser = language::parser(), default_value = "en")]
    pub lang: Language,
    /// No progress
    #[arg(long, short)]
    pub quiet: bool,
}

/// Forms of what is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ShownFormat {
    /// Tables for a person
    Terminal,
    /// All of it, for a program
    Json,
}

impl ShownArgs {
    /// The words of the language.
    pub fn messages(&self) -> Messages {
        Messages::of(self.lang)
    }
}
