//! The full calibration: planted leaks and no leak over many seeds, and the coverage of the residual-risk interval by
//! enumeration. Prints the tables of `docs/calibration.md`.
//!
//! `cargo run --release --example calibration -- [--seeds 200]`

#[path = "../tests/calibration/world.rs"]
mod world;

use rayon::prelude::*;
use reident_attacks::stats::ratio::{Count, score_interval};
use world::Saying;

const ROWS: usize = 2000;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let seeds = arguments.iter().position(|word| word == "--seeds").and_then(|at| arguments.get(at + 1)?.parse().ok());
    let seeds: u64 = seeds.unwrap_or(200);
    println!("## Planted leak and no leak\n");
    println!("{ROWS} originals, {ROWS} released rows, {ROWS} control rows, {seeds} seeds, 95 % intervals.\n");
    println!("| attacker | leak | mean risk | intervals that hold the leak |\n|---|---|---|---|");
    for leak in [0.0, 0.05, 0.2, 0.5, 1.0] {
        let runs = runs(seeds, leak, ROWS);
        let shown = if leak == 0.0 { world::ATTACKERS.len() } else { world::FOLLOWING };
        for at in 0..shown {
            row(&runs, at, leak, &format!("{leak}"));
        }
        for at in shown..world::ATTACKERS.len() {
            let mean = runs.iter().map(|run| run[at].0).sum::<f64>() / runs.len() as f64;
            println!("| {} | {leak} | {mean:.4} | grows with the leak |", world::ATTACKERS[at]);
        }
    }
    println!("\n## No leak, a control of another size\n");
    println!("| attacker | control rows / original rows | mean risk | intervals that hold 0 |\n|---|---|---|---|");
    for share in [0.02, 0.1, 0.5, 1.0, 2.0] {
        let runs = runs(seeds, 0.0, (ROWS as f64 * share) as usize);
        for at in [0, 4, 5, 6] {
            row(&runs, at, 0.0, &format!("{share}"));
        }
    }
    saying_less(seeds);
    without_control(seeds);
    interval_coverage();
}

/// METHOD 8.5: rows that say nothing change nothing; suppressed cells and bands invent no risk.
fn saying_less(seeds: u64) {
    println!("\n## A release that says less\n");
    println!("| attacker | release | leak | mean risk | intervals that hold the leak |\n|---|---|---|---|---|");
    let suppressed = [0.05, 0.1, 0.2, 0.3].map(Saying::Suppressed);
    let forms = [Saying::Stars(1), Saying::Stars(200), Saying::Coarser].into_iter().chain(suppressed);
    for saying in forms {
        for leak in [0.0, 0.2] {
            // Suppressed cells keep a part of the leak from the attackers: what is left of it has no closed form.
            if leak > 0.0 && !matches!(saying, Saying::Stars(_)) {
                continue;
            }
            let runs = runs_saying(seeds, leak, Some(ROWS), saying);
            for at in 0..if leak == 0.0 { world::ATTACKERS.len() } else { world::FOLLOWING } {
                row(&runs, at, leak, &format!("{saying:?} | {leak}"));
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
        for at in 0..world::FOLLOWING {
            row(&runs, at, leak, &format!("{leak}"));
        }
    }
}

fn runs_saying(seeds: u64, leak: f64, control: Option<usize>, saying: Saying) -> Runs {
    (0..seeds)
        .into_par_iter()
        .map(|seed| world::measure(&world::tables_saying(ROWS, control, leak, seed, saying), seed, ROWS))
        .collect()
}

type Runs = Vec<Vec<(f64, [f64; 2])>>;

fn runs(seeds: u64, leak: f64, control: usize) -> Runs {
    (0..seeds)
        .into_par_iter()
        .map(|seed| world::measure(&world::tables(ROWS, control, leak, seed), seed, ROWS))
        .collect()
}

fn row(runs: &Runs, at: usize, truth: f64, label: &str) {
    let mean = runs.iter().map(|run| run[at].0).sum::<f64>() / runs.len() as f64;
    let held = runs.iter().filter(|run| run[at].1[0] <= truth && truth <= run[at].1[1]).count();
    let share = 100.0 * held as f64 / runs.len() as f64;
    println!("| {} | {label} | {mean:.4} | {share:.1} % |", world::ATTACKERS[at]);
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
                let worst = [0.0, 0.02, 0.05, 0.1, 0.3, 0.6, 0.9].par_iter().map(|risk| coverage(*n, control, *risk));
                let (covered, above) = worst.reduce(|| (1.0, 0.0), |a, b| (a.0.min(b.0), a.1.max(b.1)));
                format!("{covered:.4} ({above:.4})")
            })
            .collect();
        println!("| {control} | {} |", cells.join(" | "));
    }
}

/// Chance that the interval holds the risk, and that the risk lies above it; both tables with n attempts.
fn coverage(n: usize, control: f64, risk: f64) -> (f64, f64) {
    let main = 1.0 - (1.0 - risk) * (1.0 - control);
    let (main_terms, control_terms) = (binomial(n, main), binomial(n, control));
    let (mut covered, mut above, mut all) = (0.0, 0.0, 0.0);
    for (x1, p1) in main_terms.iter().enumerate().filter(|(_, p)| **p > 1e-8) {
        for (x0, p0) in control_terms.iter().enumerate().filter(|(_, p)| **p > 1e-8) {
            let failures = |x: usize| Count { successes: (n - x) as f64, attempts: n as f64 };
            let chance = p1 * p0;
            all += chance;
            match score_interval(failures(x1), failures(x0), 0.95) {
                None => covered += chance, // undetermined claims nothing
                Some(ratio) if 1.0 - ratio.hi <= risk && risk <= 1.0 - ratio.lo => covered += chance,
                Some(ratio) if risk > 1.0 - ratio.lo => above += chance,
                Some(_) => {}
            }
        }
    }
    (covered / all, above / all)
}

fn binomial(n: usize, p: f64) -> Vec<f64> {
    if p <= 0.0 {
        return (0..=n).map(|k| f64::from(u8::from(k == 0))).collect();
    }
    let mode = ((n + 1) as f64 * p).floor().min(n as f64) as usize;
    let mut terms = vec![0.0; n + 1];
    terms[mode] = 1.0;
    for k in mode..n {
        terms[k + 1] = terms[k] * (n - k) as f64 / (k + 1) as f64 * p / (1.0 - p);
    }
    for k in (0..mode).rev() {
        terms[k] = terms[k + 1] * (k + 1) as f64 / (n - k) as f64 * (1.0 - p) / p;
    }
    let total: f64 = terms.iter().sum();
    terms.iter().map(|term| term / total).collect()
}
