//! `reident init`: a commented configuration file for given tables.

use super::output::{self, Output};
use super::read::ReadArgs;
use crate::input::{self, Inspection, Source};
use crate::settings::Settings;
use crate::settings::config::Config;
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
    let settings = Settings::resolve(Config::default(), args.read.clone().overrides())?;
    let sources: Vec<Source> = args.files.iter().cloned().map(Source::from).collect();
    let inspection = input::inspect(&sources, &settings.read)?;
    out.finish(configuration(&inspection, &args.read.nulls).as_bytes())
}

/// The text: everything that can be set, at its default, with the tables' columns and kinds.
fn configuration(inspection: &Inspection, nulls: &[String]) -> String {
    let quoted = |texts: &[String]| texts.iter().map(|text| quote(text)).collect::<Vec<_>>().join(", ");
    let mut text = format!(
        "\
# Settings of `reident evaluate --config`. What is commented out is the default, or, in brackets of names, an example.

# seed = 0                  # of all random draws
# thorough = false          # also play what is costly: models that are trained on the release
# seeds = 1                 # how many seeds predicates and splits are drawn with
# confidence = 0.95         # two-sided, of every interval
# attacks = \"all\"           # records attacked of each table: \"all\" or a number
# only = [\"record_linkage\", \"singling_out\", \"linkability\", \"inference\"]
nulls = [{}]                # texts that mean missing, besides the empty one
# suppressed = [\"*\"]        # texts that mean suppressed in the release
# missing_is_suppressed = false   # whether what is missing in the release may stand for any value
# delimiter = \",\"           # of CSV files; found by itself
# sheet = \"Sheet1\"          # of workbooks, where they have several
# encoding = \"utf-8\"        # of text files; found by itself
# groups = [\"district\"]   # columns by whose values persons are looked at apart, besides outliers and rare values
# allow_overlapping_control = false    # accept a control that was used; no gate passes on it

[record_linkage]
# columns = [[\"a\", \"b\"], [\"c\"]]     # what further attackers know, one list each
# matchers = [\"compatible\", \"distance\"]   # how records are found; also agreement, distance_one_to_one, agreement_one_to_one
# largest_set = 6                     # the columns that expose most are searched for up to so many; 0 for no search

# What the release is for: the first lines of the report. No data of persons belongs here.
[context]
# dataset = \"customers 2026\"         # which data set
# purpose = \"service statistics\"     # what for
# recipient = \"Example Ltd\"          # for whom
# sharing = \"by contract\"            # how it is shared: in public, by contract, in an enclave
# date = 2026-12-01                   # when
# model = \"controlled\"              # public, controlled or enclave: what rules about the data go by
# controls = \"medium\"               # of the recipient: low, medium or high (GB/T 37964 table B.1)
# motive_capacity = \"medium\"        # of the recipient: low, medium or high
# p = 0.001                           # share of people who are in the data
# m = 150                             # people whom a recipient knows, 150 to 190
# breach_rate = 0.01                  # chance of a breach at the recipient's

[singling_out]
# univariate = true
# columns_per_predicate = [2, 3, 4]   # one attacker each, of no more columns than there are
# predicates = 2000                   # asked for from each attacker
# columns = [\"a\", \"b\"]              # that predicates may use; all when left out

[linkability]
# neighbors = 1
# random_splits = 5                   # balanced splits of the columns into two files, one attacker each
# halves = [[[\"a\", \"b\"], [\"c\"]]]      # instead: the columns of either file
# matchers = [\"distance\", \"agreement\"] # the nearest records, and those that agree on most that is rare

[inference]
# neighbors = 1
# secrets = [\"a\"]                     # columns to infer; all when left out
# known = [\"b\", \"c\"]                # columns that attackers know; all others when left out
# matchers = [\"distance\", \"agreement\"] # the nearest records, and those that agree on most that is rare
# models = [\"naive_bayes\", \"forest\"] # trained on the release; none when left out, all with `thorough`
# tolerance = 0.05                    # a numeric guess is right within this share of the value
# date_tolerance = 0.0                # a guessed date, within so many days (a time: seconds)

[membership]                          # played where `only` names it; needs a control
# columns = [\"a\", \"b\"]              # known of everybody; all when left out

[calibration]                         # of `calibrate` and `evaluate --calibrate`
# runs = 20                           # worlds of each kind of leak
# persons = 800                       # of a world at most
# shares = [0.005, 0.01, 0.02, 0.05]  # of the persons that are planted

# Columns. kind: numeric, date, datetime, boolean or categorical; what is written here was found in the tables.
# form: decimal_point, decimal_comma, day_first or month_first, where the values do not tell.
# hierarchy: a file of values and the nodes that cover them, beside this file, such as \"age.csv\".
# rounding: with 5, the release's numbers are rounded to multiples of 5. midpoints: with 10, they are the middles of bands of that width.
# role: quasi_identifier (known to attackers), secret (to be inferred), ignored, token (the release holds tokens in its place),
# record_key (says which release record is whose), subject_key (groups rows by person). Once a column is a quasi_identifier, attackers know only such columns; once a
# column is a secret, only such columns are inferred.
",
        quoted(nulls)
    );
    for (column, kind) in inspection.columns.iter().filter_map(|column| Some((column, column.kind?))) {
        let _ = write!(text, "\n[columns.{}]\nkind = \"{kind}\"\n# role = \"quasi_identifier\"\n", quote(&column.name));
    }
    text
}

#[cfg(test)]
mod test {
    use super::*;

    /// The keys of a section, as the reader of configuration files lists them where it meets an unknown one.
    fn keys(section: &str) -> Vec<String> {
        let refusal = Config::parse(&format!("{section}\nno_such_key = 1\n")).unwrap_err().to_string();
        let (_, known) = refusal.split_once("expected one of").unwrap_or_else(|| panic!("{refusal}"));
        known.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }

    #[test]
    fn the_file_names_every_key_and_is_read_at_its_defaults() {
        let text = configuration(&Inspection { files: vec![], columns: vec![], warnings: vec![], loaded: None }, &[]);
        for section in
            ["", "[record_linkage]", "[context]", "[singling_out]", "[linkability]", "[inference]", "[columns.a]"]
        {
            let own = match section {
                // What every column may have is explained above the columns.
                "[columns.a]" => text.split("# Columns.").nth(1).unwrap_or_default(),
                _ => &text[text.find(section).unwrap()..],
            };
            for key in keys(section) {
                let shown = [format!("\n# {key} = "), format!("\n{key} = "), format!("\n[{key}]"), format!("# {key}:")];
                let is_told = shown.iter().any(|shown| own.contains(shown.as_str()))
                    || section == "[columns.a]" && own.contains(&key);
                assert!(is_told || key == "columns", "{section} {key}");
            }
        }
        let uncommented: String = text
            .lines()
            .map(|line| {
                format!(
                    "{}\n",
                    line.strip_prefix("# ")
                        .filter(|rest| {
                            rest.split_once(" = ").is_some_and(|(key, _)| {
                                key.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_')
                            })
                        })
                        .unwrap_or(line)
                )
            })
            .collect();
        Settings::resolve(Config::parse(&uncommented).unwrap(), crate::settings::Overrides::default()).unwrap();
    }
}
