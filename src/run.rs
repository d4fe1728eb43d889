//! From arguments to an exit code.

use crate::cli::{Cli, Command, DECODE, EvaluateArgs, InspectArgs, ReadArgs};
use crate::config::Config;
use crate::evaluate::{self, Evaluated, Options};
use crate::input::{self, ReadOptions, Sources};
use crate::output::{self, Output};
use crate::settings::{Overrides, Settings};
use crate::{attest, check, demo, exit, init, outcomes, report};
use anyhow::{Context, Result};
use clap::{CommandFactory, FromArgMatches};
use reident_reports::check::format::Format;
use std::panic;

/// Runs the command that the arguments name and returns the exit code.
pub fn main() -> u8 {
    let parsed = Cli::command().try_get_matches().and_then(|matches| Ok((Cli::from_arg_matches(&matches)?, matches)));
    let (cli, matches) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => {
            // Help and version are no errors; clap knows which stream each belongs to.
            let _ = error.print();
            return if error.use_stderr() { exit::BAD_INPUT } else { exit::DONE };
        }
    };
    if let Ok(program) = std::env::current_exe() {
        input::decode_by(program, DECODE);
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
        Command::Evaluate(args) => return run_evaluate(args),
        Command::Check(args) => return check::run(&args, places),
        Command::Report(args) => report::run(&args),
        Command::Policy { command } => check::policies(&command),
        Command::Inspect(args) => run_inspect(&args),
        Command::Init(args) => init::run(&args),
        Command::Demo(args) => demo::run(&args),
        Command::Keygen(args) => attest::keygen::run(&args),
        Command::Sign(args) => attest::sign::run(&args),
        Command::Verify(args) => attest::verify::run(&args),
        Command::Log(command) => attest::log::run(&command),
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

fn run_evaluate(args: EvaluateArgs) -> Result<u8> {
    let policy = args.policy.as_deref().map(|policy| check::policy(policy, &args.overrides)).transpose()?;
    let config = args.config.as_deref().map(Config::read).transpose()?.unwrap_or_default();
    let in_config = || args.config.as_ref().map_or_else(|| "settings".to_owned(), |path| path.display().to_string());
    let settings = Settings::resolve(
        config,
        Overrides {
            seed: args.seed,
            seeds: args.seeds,
            confidence: args.confidence,
            attacks: args.attacks,
            only: args.only,
            nulls: args.read.nulls,
            suppressed: args.read.suppressed,
            missing_is_suppressed: args.read.missing_is_suppressed,
            delimiter: args.read.delimiter,
            encoding: args.read.encoding,
            max_size: args.read.max_size,
            allow_overlapping_control: args.allow_overlapping_control,
        },
    )
    .with_context(in_config)?;
    use_threads(args.threads)?;
    // A log that cannot be added to is found before the attacks.
    args.audit.audit_log.as_deref().map(attest::log::Log::open).transpose()?;
    let inputs = [
        Some(args.original.as_path()),
        Some(args.anonymized.as_path()),
        args.control.as_deref(),
        args.config.as_deref(),
    ];
    output::apart(args.out.as_deref(), &inputs)?;
    output::apart(args.outcomes.as_deref(), &inputs)?;
    if args.out.is_some() && args.out == args.outcomes {
        anyhow::bail!("--out and --outcomes name the same file; name two");
    }
    let out = args.out.as_deref().map(Output::open).transpose()?;
    let sources = Sources { original: args.original, anonymized: args.anonymized, control: args.control };
    let hits = args.outcomes.as_deref().map(Output::open).transpose()?.map(Output::private);
    let options = Options {
        quiet: args.quiet,
        reproducible: args.reproducible,
        keep_hits: hits.is_some(),
        explain: args.explain,
    };
    let Evaluated { evidence, results } = evaluate::files(&sources, &settings, options)?;
    let to_stderr = matches!(out, Some(Output::Stdout));
    if !args.quiet {
        evaluate::show(&evidence, to_stderr);
    }
    let text = reident_reports::json::write(&evidence);
    if let Some(hits) = hits {
        hits.finish(outcomes::write(&results).as_bytes())?;
    }
    if let Some(out) = out {
        out.finish(text.as_bytes())?;
    }
    attest::log::record_evaluate(&args.audit, &evidence, &text)?;
    let Some(policy) = policy else { return Ok(exit::DONE) };
    let result = reident_reports::check::check(&evidence, &policy);
    let shown = Format::Terminal.render(&result, "");
    if to_stderr {
        eprint!("\n{shown}");
    } else {
        output::print(&format!("\n{shown}"));
    }
    Ok(result.exit_code)
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

/// Options for reading files without a configuration.
pub fn read_options(args: &ReadArgs) -> ReadOptions {
    let mut options = ReadOptions {
        nulls: args.nulls.clone(),
        missing_is_suppressed: args.missing_is_suppressed,
        delimiter: args.delimiter,
        encoding: args.encoding.clone(),
        max_size: args.max_size,
        ..ReadOptions::default()
    };
    if !args.suppressed.is_empty() {
        options.suppressed = args.suppressed.clone();
    }
    options
}

fn run_inspect(args: &InspectArgs) -> Result<()> {
    let inspection = input::inspect(&args.files, &read_options(&args.read))?;
    output::print(&inspection.render(args.show_values));
    Ok(())
}

/// Columns of the terminal that shows a table; 120 when there is none, as in a file or a pipe.
pub fn terminal_width() -> u16 {
    terminal_size::terminal_size().map_or(120, |(width, _)| width.0.clamp(60, 200))
}
