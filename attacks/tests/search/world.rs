//! Worlds in which some columns of some persons stand in the release together.

#![allow(dead_code)] // Whoever includes this file uses a part.

use reident_attacks::attack::{Attack, Scene};
use reident_attacks::halves::halves;
use reident_attacks::inference::InferenceAttacker;
use reident_attacks::linkability::LinkabilityAttacker;
use reident_attacks::matcher::Matcher;
use reident_attacks::parts::Parts;
use reident_attacks::sampling::{Stream, Task};
use reident_attacks::search::{Found, Searched};
use reident_attacks::stats::ConfidenceInterval;
use reident_attacks::subgroups::Subgroups;
use reident_attacks::table::{Kind, RawColumn, Tables, TablesBuilder};
use reident_attacks::targets::{NoProgress, TargetRows};

/// Columns: numbers, and the last a category.
pub const COLUMNS: usize = 8;
/// Columns of the largest set that is searched for.
const LARGEST: usize = 4;
/// The column that is the secret.
pub const SECRET: usize = 7;
/// What is planted for who joins two files.
pub const OF_FILES: [usize; 3] = [1, 4, 6];
/// What an attacker must know to find the secret, where it is planted with it.
pub const OF_SECRET: [usize; 2] = [1, 4];

type Person = [f64; COLUMNS];

fn persons(stream: &mut Stream, count: usize) -> Vec<Person> {
    let value = |stream: &mut Stream, column| stream.below(if column == SECRET { 6 } else { 30 }) as f64;
    let person = |stream: &mut Stream| std::array::from_fn(|column| value(stream, column));
    (0..count).map(|_| person(stream)).collect()
}

/// Original, release and control of so many persons; of a share of the original, these columns stand in the release together, in
/// rows that are otherwise of nobody.
pub fn tables(seed: u64, rows: usize, share: f64, planted: &[usize]) -> Tables {
    let mut stream = Stream::new(seed, Task::Population, 9);
    let [original, mut released, control] = [rows; 3].map(|rows| persons(&mut stream, rows));
    let copied = (share * rows as f64).round() as usize;
    for (own, row) in original.iter().zip(&mut released).take(copied) {
        planted.iter().for_each(|column| row[*column] = own[*column]);
    }
    let mut builder = TablesBuilder::new(rows, rows, Some(rows));
    for column in 0..COLUMNS {
        let numbers = |rows: &[Person]| rows.iter().map(|row| row[column]).collect::<Vec<f64>>();
        let (kind, [original, released, control]) = match column {
            SECRET => {
                let texts = |rows: &[Person]| numbers(rows).iter().map(f64::to_string).collect::<Vec<String>>();
                (Kind::Categorical, [&original, &released, &control].map(|rows| RawColumn::texts(&texts(rows))))
            }
            _ => (Kind::Numeric, [&original, &released, &control].map(|rows| RawColumn::numbers(&numbers(rows)))),
        };
        builder.add(&format!("c{column}"), kind, original, released, Some(control)).expect("columns fit");
    }
    builder.finish()
}

/// An attack whose known columns are searched for.
pub trait KnownSearched: Attack + Send + Sync {
    const NAME: &'static str;
    /// What is planted so that it can succeed.
    const PLANTED: &'static [usize];
    /// What the attacker knows of it.
    const KNOWN: &'static [usize];
    fn search(searched: &Searched<'_>) -> Found<Self>;
}

impl KnownSearched for LinkabilityAttacker {
    const NAME: &'static str = "linkability";
    const PLANTED: &'static [usize] = &OF_FILES;
    const KNOWN: &'static [usize] = &OF_FILES;

    fn search(searched: &Searched<'_>) -> Found<Self> {
        let attacker = LinkabilityAttacker {
            halves: [vec![0], vec![1]],
            matcher: Matcher::Distance,
            neighbors: 1,
            searched: None,
        };
        searched.linkability(&attacker, &(0..COLUMNS).collect::<Vec<_>>(), LARGEST)
    }
}

impl KnownSearched for InferenceAttacker {
    const NAME: &'static str = "inference";
    const PLANTED: &'static [usize] = &[1, 4, SECRET];
    const KNOWN: &'static [usize] = &OF_SECRET;

    fn search(searched: &Searched<'_>) -> Found<Self> {
        let attacker = InferenceAttacker {
            secret: SECRET,
            known: vec![0],
            guesser: Default::default(),
            correctness: Default::default(),
            searched: None,
        };
        searched.inference(&attacker, &(0..COLUMNS).collect::<Vec<_>>(), LARGEST)
    }
}

/// An attacker's risk on some targets: the estimate and its 95 % interval.
pub fn risk<A: Attack>(attacker: &A, tables: &Tables, targets: &TargetRows) -> (f64, ConfidenceInterval) {
    let nobody = Subgroups::default();
    let (seed, seeds, keep_hits, progress) = (1, 1, false, &NoProgress);
    let parts = &Parts::whole();
    let scene = Scene { tables, targets, parts, seed, seeds, subgroups: &&nobody, keep_hits, progress };
    let played = A::play(&[attacker], &scene).pop().expect("one attacker is played");
    let risk = played.counts.model().and_then(|model| model.estimate(0.95)).expect("the control is not all hit");
    (risk.signed, risk.interval)
}

/// A search on some of a world's persons, and who is left for the estimate.
pub fn search<A: KnownSearched>(tables: &Tables) -> (Found<A>, [TargetRows; 2]) {
    let halves = halves(tables, &TargetRows::everybody(tables));
    let searched = Searched { tables, targets: &halves[0], seed: 1, progress: &NoProgress };
    (A::search(&searched), halves)
}
