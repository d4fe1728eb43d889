//! The command line: arguments, what is printed, and exit codes. A file has one command, its arguments and its run.

mod advise;
mod annex;
mod attack;
mod audit;
mod calibrate;
mod check;
mod demo;
mod evaluate;
pub mod exit;
mod init;
mod inspect;
mod keygen;
mod language;
mod log;
mod output;
mod persons;
mod policy;
mod progress;
mod read;
mod report;
mod run;
mod setting;
mod shown;
mod sign;
mod verify;

use crate::input;
use anyhow::{Context, Result};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use std::ffi::OsString;
use std::panic;
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
    Evaluate(evaluate::EvaluateArgs),
    /// Say what to change of a release: what each column contributes, and changes tried in memory
    #[command(after_help = exit::HELP)]
    Advise(advise::AdviseArgs),
    /// Say what the attacks would have noticed: leaks planted into tables made of the original's rows, and none
    #[command(after_help = exit::HELP)]
    Calibrate(shown::ShownArgs),
    /// Judge evidence by a policy, and against an earlier run
    #[command(after_help = exit::CHECK_HELP)]
    Check(check::CheckArgs),
    /// Write a report of evidence that persons can read
    Report(report::ReportArgs),
    /// Show which persons a release exposes, from what `evaluate --persons` wrote
    Persons {
        /// What to do.
        #[command(subcommand)]
        command: persons::PersonsCommand,
    },
    /// List or show the policies that come with the program
    Policy {
        /// What to do.
        #[command(subcommand)]
        command: policy::PolicyCommand,
    },
    /// Describe the columns of files, as the attacks will read them
    Inspect(inspect::InspectArgs),
    /// Write a commented configuration file for these tables
    Init(init::InitArgs),
    /// Run everything on a fictional population with known leaks
    Demo(demo::DemoArgs),
    /// Make a key for signing, or a secret for commitments
    Keygen(keygen::KeygenArgs),
    /// Sign evidence
    #[command(after_help = exit::ATTEST_HELP)]
    Sign(sign::SignArgs),
    /// Check signed evidence, and everything that it is about
    #[command(after_help = exit::ATTEST_HELP)]
    Verify(verify::VerifyArgs),
    /// Check an audit log
    #[command(subcommand, after_help = exit::ATTEST_HELP)]
    Log(log::LogCommand),
    /// Write the annex to an impact assessment, and find its route and deadlines
    #[command(subcommand)]
    Annex(annex::AnnexCommand),
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

/// Runs the command that this process's arguments name and returns the exit code.
pub fn main() -> u8 {
    let program = std::env::current_exe().ok().map(|program| (program, Vec::new()));
    main_with(std::env::args_os().collect(), program)
}

/// Runs the command that the arguments name, the first of which is the program's own name, and returns the exit code. This process is
/// the command's from now on: its signals, its panics and its global threads.
///
/// `program` starts such a process again, with the arguments that come before a command's.
pub fn main_with(arguments: Vec<OsString>, program: Option<(PathBuf, Vec<OsString>)>) -> u8 {
    let parsed = Cli::command()
        .try_get_matches_from(arguments)
        .and_then(|matches| Ok((Cli::from_arg_matches(&matches)?, matches)));
    let (cli, matches) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => {
            // Help and version are no errors; clap knows which stream each belongs to.
            let _ = error.print();
            return if error.use_stderr() { exit::BAD_INPUT } else { exit::DONE };
        }
    };
    if let Some((program, mut arguments)) = program {
        arguments.push(DECODE.into());
        input::decode_by(program, arguments);
    }
    let interrupted = ctrlc::set_handler(|| {
        output::remove_unfinished();
        std::process::exit(i32::from(exit::INTERRUPTED));
    });
    if let Err(error) = interrupted {
        eprintln!("warning: Ctrl-C will not be handled: {error}");
    }
    // A panic is a bug. Its message may hold anything, cell values too, so only its place is told.
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
        eprintln!("internal error{place}: this is a bug; please report it with the command and the version");
    }));
    let places = matches.subcommand_matches("check").map_or_else(Vec::new, check::places);
    match panic::catch_unwind(|| command(cli.command, &places)) {
        Ok(Ok(code)) => code,
        Ok(Err(error)) => {
            eprintln!("error: {error:#}");
            exit::code(&error)
        }
        Err(_) => {
            output::remove_unfinished();
            exit::INTERNAL
        }
    }
}

fn command(command: Command, places: &[check::Place]) -> Result<u8> {
    let done = match command {
        Command::Evaluate(args) => return evaluate::run(args),
        Command::Advise(args) => advise::run(&args),
        Command::Calibrate(args) => calibrate::run(&args),
        Command::Check(args) => return check::run(&args, places),
        Command::Report(args) => report::run(&args),
        Command::Persons { command } => persons::run(&command),
        Command::Policy { command } => policy::run(&command),
        Command::Inspect(args) => inspect::run(&args),
        Command::Init(args) => init::run(&args),
        Command::Demo(args) => demo::run(&args),
        Command::Keygen(args) => keygen::run(&args),
        Command::Sign(args) => sign::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Annex(command) => return annex::run(&command),
        Command::Log(command) => log::run(&command),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "reident", &mut script);
            output::print(&String::from_utf8_lossy(&script));
            Ok(())
        }
        Command::Decode { memory } => {
            // A reader who has gone needs no answer.
            let _ = input::serve(memory);
            Ok(())
        }
        Command::Schema => {
            output::print(&reident_reports::json::schema());
            Ok(())
        }
    };
    done.map(|()| exit::DONE)
}

/// Reads and attacks on so many threads, on all cores when not told. The calling thread is one of them from now on, so this is
/// for a program's main thread, once.
///
/// # Errors
/// When the threads cannot be started.
pub fn use_threads(threads: Option<u16>) -> Result<()> {
    // This thread is one of them: it has nothing else to do, and need not hand its work over.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.map_or(0, usize::from)).use_current_thread();
    pool.build_global().context("cannot start the threads")
}

/// Columns of the terminal that shows a table; where there is none, as in a file or a pipe, what `COLUMNS` says, or 120.
pub fn terminal_width() -> u16 {
    let columns = || std::env::var("COLUMNS").ok()?.trim().parse::<u16>().ok();
    let width = terminal_size::terminal_size().map(|(width, _)| width.0).or_else(columns);
    width.map_or(120, |width| width.clamp(60, 200))
}
