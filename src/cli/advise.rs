//! `reident advise`: what to change of a release.

use super::progress::Bar;
use super::shown::{ShownArgs, ShownFormat};
use super::{output, persons, terminal_width, use_threads};
use crate::evaluation;
use anyhow::Result;
use clap::Args;

/// `reident advise`.
#[derive(Debug, Args)]
pub struct AdviseArgs {
    /// Tables, and how the advice is shown.
    #[command(flatten)]
    pub shown: ShownArgs,
    /// How many changes to show in the table
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub top: usize,
    /// Print JSON, which names records to suppress, although this is a CI job, whose log others may be able to read
    #[arg(long)]
    pub persons_in_ci: bool,
}

/// Prints the advice.
///
/// # Errors
/// When a file or a setting is wrong.
pub fn run(args: &AdviseArgs) -> Result<()> {
    let AdviseArgs { shown, top, persons_in_ci } = args;
    if shown.format == ShownFormat::Json {
        persons::refuse_in_ci(*persons_in_ci)?;
    }
    let settings = shown.run.settings()?;
    use_threads(shown.run.threads)?;
    let bar = Bar::new(shown.quiet);
    let advice = evaluation::advise(&shown.run.sources(), &settings, &bar)?;
    bar.finish();
    output::print(&match shown.format {
        ShownFormat::Json => advice.json(),
        ShownFormat::Terminal => advice.render(*top, &shown.messages(), terminal_width()),
    });
    Ok(())
}
