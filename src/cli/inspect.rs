//! `reident inspect`: the columns of files, as the attacks will read them.

use super::output;
use super::read::ReadArgs;
use crate::input::{self, Source};
use anyhow::Result;
use clap::Args;
use std::path::PathBuf;

/// `reident inspect`.
#[derive(Debug, Args)]
pub struct InspectArgs {
    /// Files to read, as if they were tables of one evaluation
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
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
/// When one of them cannot be read.
pub fn run(args: &InspectArgs) -> Result<()> {
    let inspection =
        input::inspect(&args.files.iter().cloned().map(Source::from).collect::<Vec<_>>(), &args.read.options())?;
    output::print(&inspection.render(args.show_values));
    Ok(())
}
