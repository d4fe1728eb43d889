//! The attacks without reading and writing: takes the arguments of `reident evaluate`, reads the files once, then times
//! [`evaluate`] `REPETITIONS` times (default 15) and prints the medians in seconds as JSON. Used by `run.py`.

use clap::Parser;
use reident::cli::{Cli, Command, use_threads};
use reident::input;
use reident_attacks::evaluation::evaluate;
use reident_attacks::targets::NoProgress;
use std::hint::black_box;
use std::time::Instant;

fn main() -> anyhow::Result<()> {
    let given: Vec<_> = std::env::args_os().skip(1).filter(|argument| argument != "--bench").collect();
    if given.first().is_none_or(|argument| argument != "evaluate") {
        // `cargo bench` and `cargo test --benches` start every bench without our arguments.
        return Ok(());
    }
    let cli = Cli::parse_from(std::iter::once("kernel".into()).chain(given));
    let Command::Evaluate(args) = cli.command else { unreachable!("the first argument is `evaluate`") };
    let settings = args.run.settings()?;
    use_threads(args.run.threads)?;
    let sources = args.run.sources();
    let repetitions = std::env::var("REPETITIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(15).max(1);

    let mut load = Vec::new();
    let mut attack = Vec::new();
    let mut with_risks = Vec::new();
    for _ in 0..repetitions.min(5) {
        let start = Instant::now();
        black_box(input::load(&sources, &settings.read)?);
        load.push(start.elapsed().as_secs_f64());
    }
    let tables = input::load(&sources, &settings.read)?.tables;
    let (plan, _) = settings.plan(&tables, &NoProgress)?;
    for _ in 0..repetitions {
        let start = Instant::now();
        let results = evaluate(&tables, &plan, &NoProgress)?;
        attack.push(start.elapsed().as_secs_f64());
        black_box(results.risks(settings.values.confidence));
        with_risks.push(start.elapsed().as_secs_f64());
    }
    let (load, attack, with_risks) = (median(load), median(attack), median(with_risks));
    println!(r#"{{"load": {load}, "attack": {attack}, "attack_and_risks": {with_risks}}}"#);
    Ok(())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}
