//! `reident init`: a commented configuration file for given tables.

use super::output::{self, Output};
use super::read::ReadArgs;
use crate::input::{self, Inspection, Source};
use crate::settings::Settings;
use crate::settings::config::Config;
use crate::settings::keys::{Key, Section};
use anyhow::{Result, bail};
use clap::Args;
use reident_reports::toml_text::quote;
use std::fmt::Write;
use std::path::PathBuf;

/// `reident init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Tables to describe: the original, then the release, then the control, as far as they are there
    #[arg(required = true, value_name = "FILE", num_args = 1..=3)]
    pub files: Vec<PathBuf>,
    /// Where to write the configuration; `-` for standard output
    #[arg(long, value_name = "FILE", default_value = "reident.toml")]
    pub out: PathBuf,
    /// Replace a file that is there
    #[arg(long)]
    pub force: bool,
    /// How files are read.
    #[command(flatten)]
    pub read: ReadArgs,
}

/// Writes the file.
///
/// # Errors
/// When a table cannot be read, or the file is there already.
pub fn run(args: &InitArgs) -> Result<()> {
    output::apart(Some(&args.out), &args.files.iter().map(|file| Some(file.as_path())).collect::<Vec<_>>())?;
    if args.out.exists() && !args.force && args.out.is_file() {
        bail!("{} is there already; pass --force to replace it, or --out to name another", args.out.display());
    }
    let out = Output::open(&args.out)?;
    let said = args.read.config()?;
    let settings = args.read.limit(Settings::resolve(said.clone())?);
    let sources: Vec<Source> = args.files.iter().cloned().map(Source::from).collect();
    let inspection = input::inspect(&sources, &settings.read)?;
    out.finish(configuration(&inspection, &said).as_bytes())
}

/// Letters of a key and its value from which on what is said of it stands further right.
const KEY_WIDTH: usize = 34;

/// The text: everything that can be set, as it is said, else at its default, with the tables' columns and kinds.
fn configuration(inspection: &Inspection, said: &Config) -> String {
    let mut text = "# Settings of `reident evaluate --config`. What is commented out is the default or, where there is none, an example.\n"
        .to_owned();
    for Section { about, name, keys } in said.sections() {
        if name == COLUMNS {
            text.push_str("\n# Columns. Of each can be said:\n");
            keys.iter().for_each(|key| _ = writeln!(text, "# {}: {}", key.name, key.about));
            continue;
        }
        match name {
            "" => text.push('\n'),
            _ => _ = writeln!(text, "\n# {about}\n[{name}]"),
        }
        for Key { name, about, value, is_given } in keys {
            let line = format!("{}{name} = {value}", if is_given { "" } else { "# " });
            let _ = writeln!(text, "{line:KEY_WIDTH$} # {about}");
        }
    }
    for (column, kind) in inspection.columns.iter().filter_map(|column| Some((column, column.kind?))) {
        let _ =
            write!(text, "\n[{COLUMNS}.{}]\nkind = \"{kind}\"\n# role = \"quasi_identifier\"\n", quote(&column.name));
    }
    text
}

/// The table of all columns' tables.
const COLUMNS: &str = "columns";

#[cfg(test)]
mod test {
    use super::*;

    /// The keys of a table, as the reader of configuration files lists them where it meets an unknown one.
    fn keys(table: &str) -> Vec<String> {
        let refusal = Config::parse(&format!("{table}\nno_such_key = 1\n")).unwrap_err().to_string();
        let (_, known) = refusal.split_once("expected").unwrap_or_else(|| panic!("{refusal}"));
        known.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }

    fn nothing_read() -> Inspection {
        Inspection { files: vec![], columns: vec![], warnings: vec![], loaded: None }
    }

    /// What stands in the file of a key: its line, commented out.
    fn uncommented(text: &str) -> String {
        let key = |rest: &&str| {
            let is_name = |key: &str| key.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_');
            rest.split_once(" = ").is_some_and(|(key, _)| is_name(key))
        };
        text.lines().map(|line| format!("{}\n", line.strip_prefix("# ").filter(key).unwrap_or(line))).collect()
    }

    #[test]
    fn the_file_names_every_key_of_every_table() {
        let text = configuration(&nothing_read(), &Config::default());
        let (tables, first): (Vec<String>, Vec<String>) =
            keys("").into_iter().partition(|key| Config::parse(&format!("[{key}]\n")).is_ok());
        assert!(tables.len() > 7 && first.len() > 10, "{tables:?} {first:?}");
        let of = |table: &str| {
            text.split(&format!("\n[{table}]\n")).nth(1).unwrap_or_default().split("\n[").next().unwrap().to_owned()
        };
        let told = |own: &str, key: &str| {
            own.lines().any(|line| line.trim_start_matches("# ").starts_with(&format!("{key} = ")))
        };
        first.iter().for_each(|key| assert!(told(text.split("\n[").next().unwrap(), key), "{key}"));
        for table in tables.iter().filter(|table| *table != COLUMNS) {
            keys(&format!("[{table}]")).iter().for_each(|key| assert!(told(&of(table), key), "{table} {key}"));
        }
        for key in keys("[columns.a]") {
            assert!(text.contains(&format!("\n# {key}: ")), "{key}");
        }
    }

    #[test]
    fn the_file_is_read_with_every_key_at_its_default_or_example() {
        let text = uncommented(&configuration(&nothing_read(), &Config::default()));
        let config = Config::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        Settings::resolve(config).unwrap();
    }

    #[test]
    fn what_the_command_line_says_is_set() {
        let said = Config { nulls: Some(vec!["?".to_owned()]), delimiter: Some(';'), ..Config::default() };
        let config = Config::parse(&configuration(&nothing_read(), &said)).unwrap();
        assert_eq!(config, said);
    }
}
