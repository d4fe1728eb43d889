//! `reident persons`: who is exposed. What it reads and shows points at persons.

use super::{language, output, terminal_width};
use anyhow::{Context, Result, anyhow, bail};
use clap::Subcommand;
use reident_reports::message::{Language, Messages};
use reident_reports::persons::PersonsFile;
use std::path::{Path, PathBuf};

/// `reident persons`.
#[derive(Debug, Subcommand)]
pub enum PersonsCommand {
    /// Counts per attack, and the most exposed persons by their rows in the original
    Show {
        /// What `evaluate --persons` wrote
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// How many persons
        #[arg(long, value_name = "N", default_value_t = 20)]
        top: usize,
        /// Language of what is shown
        #[arg(long, value_parser = language::parser(), default_value = "en")]
        lang: Language,
        /// Show them although this is a CI job, whose log others may be able to read
        #[arg(long)]
        persons_in_ci: bool,
    },
}

/// Shows the file.
///
/// # Errors
/// When it cannot be read or is none of this kind, or when the log of a CI job would name persons.
pub fn run(command: &PersonsCommand) -> Result<()> {
    let PersonsCommand::Show { file, top, lang, persons_in_ci } = command;
    refuse_in_ci(*persons_in_ci)?;
    let shown = file.display();
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {shown}"))?;
    let persons = PersonsFile::read(&text).map_err(|error| anyhow!("{shown}: {error}"))?;
    output::print(&persons.render(*top, &Messages::of(*lang), terminal_width()));
    Ok(())
}

/// Whether persons may be written there.
///
/// # Errors
/// When it is standard output, or this is a CI job and nobody said that persons may be written.
pub fn may_write(path: &Path, in_ci: bool) -> Result<()> {
    if path == Path::new("-") || path == Path::new("/dev/stdout") {
        bail!(
            "--persons names persons, and standard output may end in a log: name a file, which only its owner can read"
        );
    }
    refuse_in_ci(in_ci)
}

/// Refuses what names persons in a CI job, unless that was asked for.
///
/// # Errors
/// When this is a CI job and it was not.
pub fn refuse_in_ci(allowed: bool) -> Result<()> {
    // Set by GitHub, GitLab, Gitea, CircleCI, Travis and others; Azure and Jenkins set names of their own.
    let is_set = |name| std::env::var(name).is_ok_and(|value| !["", "0", "false"].contains(&value.as_str()));
    if !allowed && ["CI", "TF_BUILD", "JENKINS_URL"].into_iter().any(is_set) {
        bail!(
            "this is a CI job (CI, TF_BUILD or JENKINS_URL is set), whose log and files others may be able to read, and persons would \
             be named there; pass --persons-in-ci where that is meant"
        );
    }
    Ok(())
}
