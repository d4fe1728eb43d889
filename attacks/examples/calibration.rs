//! The full calibration (METHOD section 8.1 to 8.3 and 8.5): planted leaks and no leak over many seeds, and the coverage of the
//! residual-risk interval by enumeration. Prints the tables of `docs/calibration.md`.
//!
//! `cargo run --release -p reident-attacks --example calibration -- [--seeds 200] [--inference-seeds 10000]`

#[path = "../tests/calibration/world.rs"]
mod world;

use rayon::prelude::*;
use reident_attacks::stats::coverage::residual_risk;
use world::{ATTACKERS, FOLLOWING, Measured, SINGLING_OUT, Saying};

const ROWS: usize = 2000;

/// Rows of the worlds in which only secrets are inferred.
const FEWER_ROWS: usize = 500;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let option = |name: &str, default: u64| {
        let at = arguments.iter().position(|word| word == name);
        at.and_then(|at| arguments.get(at + 1)?.parse().ok()).unwrap_or(default)
    };
    let (seeds, inference_seeds) = (option("--seeds", 200), option("--inference-seeds", 10_000));
    println!("## Planted leak and no leak\n");
    println!("{ROWS} originals, {ROWS} released rows, {ROWS} control rows, {seeds} seeds, 95 % intervals.\n");
    println!("| attacker | leak | mean risk | intervals that hold the leak |\n|---|---|---|---|");
    for leak in [0.0, 0.05, 0.2, 0.5, 1.0] {
        let runs = runs(seeds, leak, ROWS);
        let shown = if leak == 0.0 { ATTACKERS.len() } else { FOLLOWING };
        for (at, name) in ATTACKERS.iter().enumerate().take(shown) {
            row(&runs, at, leak, name, &format!("{leak}"));
        }
        for (at, name) in ATTACKERS.iter().enumerate().skip(shown) {
            println!("| {name} | {leak} | {:.4} | grows with the leak |", mean(&runs, |run| run[at].signed));
        }
        let runs = over(seeds, |seed| {
            world::measure_record_linkage(&world::tables_with_records(ROWS, ROWS, leak, seed), seed)
        });
        for (at, matcher) in ["compatible records", "distance", "agreement"].iter().enumerate() {
            row(&runs, at, leak, &format!("record linkage by {matcher}"), &format!("{leak}"));
        }
    }
    inference_without_a_leak(inference_seeds);
    println!("\n## No leak, a control of another size\n");
    println!("| attacker | control rows / original rows | mean risk | intervals that hold 0 |\n|---|---|---|---|");
    for share in [0.02, 0.1, 0.5, 1.0, 2.0] {
        let runs = runs(seeds, 0.0, (ROWS as f64 * share) as usize);
        for at in SINGLING_OUT {
            row(&runs, at, 0.0, ATTACKERS[at], &format!("{share}"));
        }
    }
    saying_less(seeds);
    without_control(seeds);
    interval_coverage();
}

/// METHOD 8.2 where the intervals are the tightest, with so many seeds that a half per cent shows; and what the same check says of a
/// method that covers 90 %.
fn inference_without_a_leak(seeds: u64) {
    println!("\n### Inference without a leak, {seeds} seeds\n");
    println!("{FEWER_ROWS} originals, {FEWER_ROWS} released rows, {FEWER_ROWS} control rows.\n");
    println!("| attacker | mean risk | 95 % intervals that hold 0 | standard error | 90 % intervals that hold 0 |");
    println!("|---|---|---|---|---|");
    let tables = |seed| world::tables(FEWER_ROWS, FEWER_ROWS, 0.0, seed);
    let runs = over(seeds, |seed| world::measure_inference(&tables(seed), seed));
    for (at, name) in ["inference of a category", "inference of a number"].iter().enumerate() {
        let share = |level: usize| mean(&runs, |run| f64::from(u8::from(run[at].holds(level, 0.0))));
        let error = (share(0) * (1.0 - share(0)) / seeds as f64).sqrt();
        let risk = mean(&runs, |run| run[at].signed);
        let [held, error, poor] = [share(0), error, share(1)].map(|share| 100.0 * share);
        println!("| {name}, all else known | {risk:.4} | {held:.2} % | {error:.2} % | {poor:.2} % |");
    }
}

/// METHOD 8.5: rows that say nothing change nothing; suppressed cells and bands invent no risk, and what is left of a leak is inside.
///
/// Suppressed cells keep a part of the leak from the attackers. What is left has no closed form: it is what the attack comes to over all
/// seeds, 1 − (1 − p)/(1 − q) with p and q the mean rates on the original and on the control.
fn saying_less(seeds: u64) {
    println!("\n## A release that says less\n");
    println!("| attacker | release | leak | mean risk | what is left of the leak | intervals that hold it |");
    println!("|---|---|---|---|---|---|");
    let suppressed = [0.05, 0.1, 0.2, 0.3].map(Saying::Suppressed);
    let forms = [Saying::Stars(1), Saying::Stars(200), Saying::Coarser].into_iter().chain(suppressed);
    for saying in forms {
        let whole = matches!(saying, Saying::Stars(_));
        for leak in [0.0, 0.2] {
            let runs = runs_saying(seeds, leak, Some(ROWS), saying);
            for (at, name) in ATTACKERS.iter().enumerate() {
                if leak > 0.0 && at >= FOLLOWING {
                    continue;
                }
                let rate = |side: usize| mean(&runs, |run| run[at].rates[side]);
                let left = if whole || leak == 0.0 { leak } else { 1.0 - (1.0 - rate(0)) / (1.0 - rate(1)) };
                let (risk, held) = (mean(&runs, |run| run[at].signed), held(&runs, at, left));
                println!("| {name} | {saying:?} | {leak} | {risk:.4} | {left:.4} | {held:.1} % |");
            }
        }
    }
}

/// METHOD 6: without a control the leak lies between what goes beyond the other originals and the plain success rate.
fn without_control(seeds: u64) {
    println!("\n## Without a control\n");
    println!("| attacker | leak | mean risk | intervals that hold the leak |\n|---|---|---|---|");
    for leak in [0.0, 0.05, 0.2, 0.5, 1.0] {
        let runs = runs_saying(seeds, leak, None, Saying::All);
        for (at, name) in ATTACKERS.iter().enumerate().take(FOLLOWING) {
            row(&runs, at, leak, name, &format!("{leak}"));
        }
    }
}

type Runs = Vec<Vec<Measured>>;

fn over(seeds: u64, world: impl Fn(u64) -> Vec<Measured> + Sync + Send) -> Runs {
    (0..seeds).into_par_iter().map(world).collect()
}

fn runs_saying(seeds: u64, leak: f64, control: Option<usize>, saying: Saying) -> Runs {
    over(seeds, |seed| world::measure(&world::tables_saying(ROWS, control, leak, seed, saying), seed, ROWS))
}

fn runs(seeds: u64, leak: f64, control: usize) -> Runs {
    over(seeds, |seed| world::measure(&world::tables(ROWS, control, leak, seed), seed, ROWS))
}

fn mean(runs: &Runs, of: impl Fn(&[Measured]) -> f64) -> f64 {
    runs.iter().map(|run| of(run)).sum::<f64>() / runs.len() as f64
}

/// Per cent of the 95 % intervals that hold the truth.
fn held(runs: &Runs, at: usize, truth: f64) -> f64 {
    100.0 * mean(runs, |run| f64::from(u8::from(run[at].holds(0, truth))))
}

fn row(runs: &Runs, at: usize, truth: f64, name: &str, label: &str) {
    let risk = mean(runs, |run| run[at].signed);
    println!("| {name} | {label} | {risk:.4} | {:.1} % |", held(runs, at, truth));
}

fn interval_coverage() {
    println!("\n## Coverage of the residual-risk interval, by enumeration\n");
    println!(
        "Smallest coverage over risks 0, 0.02, 0.05, 0.1, 0.3, 0.6 and 0.9; in brackets the largest chance that the truth"
    );
    println!("lies above the upper end.\n");
    println!("| control rate | n = 100 | n = 500 | n = 2000 |\n|---|---|---|---|");
    for control in [0.0, 0.001, 0.01, 0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95, 0.98] {
        let cells: Vec<String> = [100, 500, 2000]
            .iter()
            .map(|n| {
                let worst = [0.0, 0.02, 0.05, 0.1, 0.3, 0.6, 0.9]
                    .par_iter()
                    .map(|risk| residual_risk(*n, control, *risk, |_, _| true));
                let (covered, above) = worst
                    .map(|found| (found.covered, found.above))
                    .reduce(|| (1.0, 0.0), |a, b| (a.0.min(b.0), a.1.max(b.1)));
                format!("{covered:.4} ({above:.4})")
            })
            .collect();
        println!("| {control} | {} |", cells.join(" | "));
    }
}
