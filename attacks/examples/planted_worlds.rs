//! Which attack finds which leak (docs/power.md): worlds in which it is known who is leaked, many seeds of each.
//!
//! ```text
//! cargo run --release -p reident-attacks --example planted_worlds -- [--seeds 100] [--rows 1000] [--quiet-seeds 400]
//! ```
//!
//! `--quiet-seeds` are the worlds without a leak, of which the share with an alarm is to be told from 5 %.

#[path = "../tests/planted/world.rs"]
mod world;

use rayon::prelude::*;
use world::{FINDERS, Planted, found};

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let option = |name: &str, default: u64| {
        let at = arguments.iter().position(|word| word == name);
        at.and_then(|at| arguments.get(at + 1)?.parse().ok()).unwrap_or(default)
    };
    let (seeds, rows, quiet) = (option("--seeds", 100), option("--rows", 1000) as usize, option("--quiet-seeds", 400));
    println!(
        "{rows} originals, {rows} released rows, {rows} control rows; {seeds} worlds of each leak, {quiet} without one.\n"
    );
    println!("| planted | {} | any |", FINDERS.join(" | "));
    println!("|---|{}", "---|".repeat(FINDERS.len() + 1));
    for planted in Planted::ALL {
        let seeds = if planted == Planted::Nobody { quiet } else { seeds };
        let found: Vec<_> = (0..seeds).into_par_iter().map(|seed| found(planted, rows, seed)).collect();
        let percent = |count: usize| format!("{:.1} %", 100.0 * count as f64 / seeds as f64);
        let of_each = (0..FINDERS.len()).map(|at| percent(found.iter().filter(|found| found[at]).count()));
        let any = percent(found.iter().filter(|found| found.contains(&true)).count());
        println!("| {} | {} | {any} |", planted.name(), of_each.collect::<Vec<String>>().join(" | "));
    }
}
