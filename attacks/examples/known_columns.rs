//! The search for known columns over many seeds (docs/known-columns.md): whether it finds what was planted, and whether what is said of it holds.
//!
//! ```text
//! cargo run --release -p reident-attacks --example known_columns -- [--seeds 200] [--rows 1000]
//! ```
//!
//! Truth: what a set exposes is its mean risk over all worlds of a leak, everybody attacked. The worlds are independent, and no set was
//! chosen by them. Beside the honest interval stands the naive one, of the persons who were searched on.

#[path = "../tests/search/world.rs"]
mod world;

use rayon::prelude::*;
use reident_attacks::inference::InferenceAttacker;
use reident_attacks::linkability::LinkabilityAttacker;
use reident_attacks::targets::TargetRows;
use world::{KnownSearched, risk, search, tables};

/// One world's search.
struct Run<A> {
    /// The largest set that was found.
    best: A,
    searched: u64,
    honest: [f64; 2],
    naive: [f64; 2],
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let option = |name: &str, default: u64| {
        let at = arguments.iter().position(|word| word == name);
        at.and_then(|at| arguments.get(at + 1)?.parse().ok()).unwrap_or(default)
    };
    let (seeds, rows) = (option("--seeds", 200), option("--rows", 1000) as usize);
    println!(
        "{rows} originals, {rows} released rows, {rows} control rows of 8 columns; {seeds} worlds of each leak.\n"
    );
    println!(
        "| attack | persons planted | planted set found | sets tried | mean risk | intervals of the others that hold the truth | of those searched on |"
    );
    println!("|---|---|---|---|---|---|---|");
    for share in [0.0, 0.05, 0.2, 0.5] {
        row::<LinkabilityAttacker>(seeds, rows, share);
        row::<InferenceAttacker>(seeds, rows, share);
    }
}

fn row<A: KnownSearched>(seeds: u64, rows: usize, share: f64) {
    let world = |seed: u64| tables(seed, rows, share, A::PLANTED);
    let run = |seed: u64| {
        let tables = world(seed);
        let (found, [searched, others]) = search::<A>(&tables);
        let best = found.sets.last().expect("a set shows something").clone();
        let ends = |targets: &TargetRows| {
            let (_, interval) = risk(&best, &tables, targets);
            [interval.lo, interval.hi]
        };
        let (honest, naive) = (ends(&others), ends(&searched));
        Run { best, searched: found.searched, honest, naive }
    };
    let runs: Vec<Run<A>> = (0..seeds).into_par_iter().map(run).collect();
    let mut sets: Vec<A> = Vec::new();
    for run in &runs {
        if !sets.contains(&run.best) {
            sets.push(run.best.clone());
        }
    }
    // Without a leak the three tables are alike, and nothing is exposed whatever is known.
    let truth = |set: &A| match share {
        0.0 => 0.0,
        _ => {
            let of = |seed: u64| {
                let tables = world(seed);
                risk(set, &tables, &TargetRows::everybody(&tables)).0
            };
            (0..seeds).into_par_iter().map(of).collect::<Vec<f64>>().iter().sum::<f64>() / seeds as f64
        }
    };
    let truths: Vec<f64> = sets.iter().map(truth).collect();
    let of = |run: &Run<A>| truths[sets.iter().position(|set| *set == run.best).expect("it is among them")];
    let percent = |count: usize| format!("{:.1} %", 100.0 * count as f64 / seeds as f64);
    let holds = |[lo, hi]: [f64; 2], truth: f64| lo <= truth && truth <= hi;
    let count = |wanted: &dyn Fn(&Run<A>) -> bool| percent(runs.iter().filter(|run| wanted(run)).count());
    let mean = |of: &dyn Fn(&Run<A>) -> f64| runs.iter().map(of).sum::<f64>() / seeds as f64;
    println!(
        "| {} | {:.0} % | {} | {:.0} | {:.3} | {} | {} |",
        A::NAME,
        100.0 * share,
        if share > 0.0 { count(&|run| run.best.known().as_deref() == Some(A::KNOWN)) } else { "–".to_owned() },
        mean(&|run| run.searched as f64),
        mean(&|run| of(run)),
        count(&|run| holds(run.honest, of(run))),
        count(&|run| holds(run.naive, of(run))),
    );
}
