//! The command line.

use crate::attest::args::{AuditArgs, KeygenArgs, LogCommand, SignArgs, VerifyArgs};
use crate::config::{AttackChoice, Attacks};
use crate::exit;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Proves or refutes that a released table is anonymous.
///
/// Takes the original table, the release made from it and, where there is one, a control table of persons who were not
/// used; runs singling out, linkability and attribute inference; reports each risk with its interval.
#[derive(Debug, Parser)]
#[command(name = "reident", version, after_help = exit::HELP, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The command by which the program starts itself.
pub const DECODE: &str = "decode-columns";

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the attacks on a release
    #[command(after_help = exit::HELP)]
    Evaluate(EvaluateArgs),
    /// Judge evidence by a policy, and against an earlier run
    #[command(after_help = exit::CHECK_HELP)]
    Check(CheckArgs),
    /// Write a report of evidence that persons can read
    Report(ReportArgs),
    /// List or show the policies that come with the program
    Policy {
        /// What to do.
        #[command(subcommand)]
        command: PolicyCommand,
    },
    /// Describe the columns of files, as the attacks will read them
    Inspect(InspectArgs),
    /// Write a commented configuration file for these tables
    Init(InitArgs),
    /// Run everything on a fictional population with known leaks
    Demo(DemoArgs),
    /// Make a key for signing, or a secret for commitments
    Keygen(KeygenArgs),
    /// Sign evidence
    #[command(after_help = exit::ATTEST_HELP)]
    Sign(SignArgs),
    /// Check signed evidence, and everything that it is about
    #[command(after_help = exit::ATTEST_HELP)]
    Verify(VerifyArgs),
    /// Check an audit log
    #[command(subcommand, after_help = exit::ATTEST_HELP)]
    Log(LogCommand),
    /// Print a completion script for a shell
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the JSON Schema of the evidence
    #[command(hide = true)]
    Schema,
    /// Decode a Parquet or Arrow file from standard input, for another process of the program
    #[command(hide = true, name = DECODE)]
    Decode {
        /// Bytes of memory it may take.
        memory: u64,
    },
}

/// How text files are read.
#[derive(Debug, Clone, Default, Args)]
pub struct ReadArgs {
    /// Text that means a missing value, besides the empty one; may be repeated
    #[arg(long = "null", value_name = "TEXT", allow_hyphen_values = true)]
    pub nulls: Vec<String>,
    /// Text that means a suppressed value in the release, instead of `*`; may be repeated, and "" stands for what is missing
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub suppressed: Vec<String>,
    /// What is missing in the release was suppressed, and may stand for any value
    #[arg(long)]
    pub missing_is_suppressed: bool,
    /// Character between the fields of CSV files, instead of the one found; `tab` for a tabulator
    #[arg(long, value_name = "CHAR", value_parser = delimiter)]
    pub delimiter: Option<char>,
    /// Encoding of text files, instead of the one found (utf-8, gb18030, utf-16le, …)
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<String>,
    /// Bytes that a compressed file may unpack to, such as 20G [default: a hundred times its size, 256M to 8G]
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub max_size: Option<u64>,
}

/// `reident evaluate`.
#[derive(Debug, Args)]
pub struct EvaluateArgs {
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
    /// Draw predicates and splits under so many seeds, from that one on, and judge all attackers together [default: 1]
    #[arg(long, value_name = "N")]
    pub seeds: Option<u64>,
    /// Two-sided confidence of every interval [default: 0.95]
    #[arg(long, value_name = "SHARE")]
    pub confidence: Option<f64>,
    /// Attacks to run [default: all]
    #[arg(long, value_delimiter = ',', value_enum)]
    pub only: Vec<AttackChoice>,
    /// Threads for the attacks [default: all cores]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
    /// Where to write the evidence; `-` for standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Leave time and host out of the evidence, so that the same run gives the same bytes
    #[arg(long)]
    pub reproducible: bool,
    /// Accept a control that repeats rows or persons of the original or stands in the release; no gate passes on it
    #[arg(long)]
    pub allow_overlapping_control: bool,
    /// Also write who was hit, one bit per target and attacker, for paired comparisons by `check --baseline`
    #[arg(long, value_name = "FILE")]
    pub outcomes: Option<PathBuf>,
    /// Judge the evidence by this policy and exit with its verdict, as `check` does
    #[arg(long, value_name = "FILE|NAME")]
    pub policy: Option<String>,
    /// Change a value of the policy, such as limits.linkability.max_risk=0.1; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE", requires = "policy")]
    pub overrides: Vec<String>,
    /// Say on standard error how the nearest records were searched for, and why so
    #[arg(long)]
    pub explain: bool,
    /// No progress and no table
    #[arg(long, short)]
    pub quiet: bool,
    /// Audit log.
    #[command(flatten)]
    pub audit: AuditArgs,
    /// How files are read.
    #[command(flatten)]
    pub read: ReadArgs,
}

/// `reident check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// What `evaluate --out` wrote
    #[arg(value_name = "EVIDENCE")]
    pub evidence: PathBuf,
    /// The name of a policy that comes with the program (see `reident policy list`), or a file: a path with a `/`, or ending in
    /// .toml
    #[arg(long, value_name = "NAME|FILE")]
    pub policy: String,
    /// Change a value of the policy, such as limits.linkability.max_risk=0.1; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub overrides: Vec<String>,
    /// The released file, which must be the one that the evidence is about (by SHA-256); another file is exit code 5
    #[arg(long, value_name = "FILE")]
    pub anonymized: Option<PathBuf>,
    /// Evidence of an earlier run to compare with
    #[arg(long, value_name = "EVIDENCE")]
    pub baseline: Option<PathBuf>,
    /// Who was hit in this run, for a comparison target by target
    #[arg(long, value_name = "FILE", requires = "baseline_outcomes")]
    pub outcomes: Option<PathBuf>,
    /// Who was hit in the earlier run
    #[arg(long, value_name = "FILE", requires = "outcomes", requires = "baseline")]
    pub baseline_outcomes: Option<PathBuf>,
    /// How the result is written; may be repeated, each followed by its --out
    #[arg(long, value_name = "FORMAT", value_parser = ["terminal", "json", "junit", "sarif", "markdown", "github"])]
    pub format: Vec<String>,
    /// Where the --format before it goes; standard output without one
    #[arg(long, value_name = "FILE")]
    pub out: Vec<PathBuf>,
    /// The audit log.
    #[command(flatten)]
    pub audit: AuditArgs,
}

/// `reident report`.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// What `evaluate --out` wrote
    #[arg(value_name = "EVIDENCE")]
    pub evidence: PathBuf,
    /// What to write; pdf needs a Chromium-based browser [default: by the name of --out, else html]
    #[arg(long, value_enum)]
    pub format: Option<ReportFormat>,
    /// Language of the report
    #[arg(long, value_parser = ["en", "zh"], default_value = "en")]
    pub lang: String,
    /// A policy file, or the name of one, whose verdict comes first
    #[arg(long, value_name = "FILE|NAME")]
    pub policy: Option<String>,
    /// Change a value of the policy; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE", requires = "policy")]
    pub overrides: Vec<String>,
    /// Show small counts exactly; every page is stamped
    #[arg(long)]
    pub include_sensitive: bool,
    /// Where to write it; `-` for standard output
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// Formats of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ReportFormat {
    /// One file for a browser
    Html,
    /// Tables for a wiki or a merge request
    Markdown,
    /// The printed page
    Pdf,
}

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

/// `reident init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Tables to describe: the original first, then the release
    #[arg(required = true, value_name = "FILE")]
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

/// `reident demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Share of the release that is copied from the original
    #[arg(long, default_value_t = 0.2, value_name = "SHARE")]
    pub leak: f64,
    /// Persons in the original, in the release and in the control
    #[arg(long, default_value_t = 10_000, value_name = "N", value_parser = clap::value_parser!(u32).range(20..=10_000_000))]
    pub rows: u32,
    /// Seed of the population and of the attacks
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
    /// Write the three tables as CSV files into this directory
    #[arg(long, value_name = "DIR")]
    pub write: Option<PathBuf>,
    /// Replace tables that stand in that directory
    #[arg(long, requires = "write")]
    pub force: bool,
    /// Where to write the evidence; `-` for standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// A number of bytes, with `K`, `M`, `G` or `T` for 1024 and its powers.
fn size(text: &str) -> Result<u64, String> {
    let upper = text.to_ascii_uppercase();
    let number = upper.trim_end_matches("IB").trim_end_matches('B');
    let power = number.chars().last().and_then(|unit| "KMGT".find(unit)).map_or(0, |at| at as u32 + 1);
    let digits = number.trim_end_matches(['K', 'M', 'G', 'T']);
    let bytes = digits.parse::<u64>().ok().and_then(|count| count.checked_mul(1024u64.pow(power)));
    bytes.filter(|bytes| *bytes > 0).ok_or_else(|| "give a number of bytes, such as 500M or 20G".to_owned())
}

fn delimiter(text: &str) -> Result<char, String> {
    let mut chars = text.chars();
    match (text, chars.next(), chars.next()) {
        ("tab" | "\\t", _, _) => Ok('\t'),
        (_, Some(one), None) if one.is_ascii() && !one.is_alphanumeric() && one != '"' => Ok(one),
        _ => Err("give one ASCII character, or `tab`".to_owned()),
    }
}
