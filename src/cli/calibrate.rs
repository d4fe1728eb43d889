//! `reident calibrate`: what the attacks would have noticed.

use super::progress::Bar;
use super::shown::{ShownArgs, ShownFormat};
use super::{output, terminal_width, use_threads};
use crate::evaluation;
use anyhow::{Result, bail};
use reident_attacks::calibration::FEWEST;
use reident_reports::terminal;

/// Prints the calibration.
///
/// # Errors
/// When a file or a setting is wrong, or the tables are too small.
pub fn run(args: &ShownArgs) -> Result<()> {
    let settings = args.run.settings()?.calibrated()?;
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
        ShownFormat::Json => {
            let mut text = serde_json::to_string_pretty(&calibration)?;
            text.push('\n');
            text
        }
        ShownFormat::Terminal => terminal::calibration(&args.messages(), &calibration, terminal_width()),
    });
    Ok(())
}
