//! `reident policy`: the policies that come with the program.

use super::output;
use anyhow::Result;
use clap::Subcommand;
use reident_reports::check::profiles;

/// `reident policy`.
#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// Names and titles
    List,
    /// The whole policy, as a file to copy and change
    Show {
        /// Its name.
        name: String,
    },
}

/// Lists or shows the embedded policies.
///
/// # Errors
/// When there is none of that name.
pub fn run(command: &PolicyCommand) -> Result<()> {
    match command {
        PolicyCommand::List => {
            for (name, _) in profiles::PROFILES {
                let policy = profiles::policy(name)?;
                output::print(&format!("{name:24} {}\n", policy.title));
            }
        }
        PolicyCommand::Show { name } => {
            profiles::policy(name)?;
            output::print(profiles::text(name).unwrap_or_default());
        }
    }
    Ok(())
}
