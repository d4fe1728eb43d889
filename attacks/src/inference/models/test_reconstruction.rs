use super::*;
use crate::evaluation::{Plan, evaluate};
use crate::inference::Guesser;
use crate::outcome::Tally;
use crate::progress::NoProgress;
use crate::sampling::{Stream, Task};
use crate::stats::risk::Risk;
use crate::table::{Cell, Kind, RawColumn, TablesBuilder};

/// Known columns, and the values of each.
const KNOWN: usize = 7;
const VALUES: u64 = 3;

/// Rows of numbers; the last is the secret.
type Row = [u8; KNOWN + 1];

fn drawn(stream: &mut Stream, rows: usize) -> Vec<Row> {
    let row = |stream: &mut Stream| {
        let mut row = [0; KNOWN + 1];
        row[..KNOWN].iter_mut().for_each(|value| *value = stream.below(VALUES) as u8);
        row[KNOWN] = stream.below(2) as u8;
        row
    };
    (0..rows).map(|_| row(stream)).collect()
}

/// Counts of every combination of two known columns and the secret.
struct Marginals(Vec<i64>);

impl Marginals {
    fn places(row: &Row) -> impl Iterator<Item = usize> + '_ {
        let pairs = (0..KNOWN).flat_map(|one| (one + 1..KNOWN).map(move |other| (one, other)));
        pairs.enumerate().map(|(at, (one, other))| {
            let (one, other, secret) = (row[one] as usize, row[other] as usize, row[KNOWN] as usize);
            ((at * VALUES as usize + one) * VALUES as usize + other) * 2 + secret
        })
    }

    fn of(rows: &[Row]) -> Marginals {
        let mut counts = vec![0; KNOWN * (KNOWN - 1) / 2 * (VALUES * VALUES) as usize * 2];
        rows.iter().flat_map(Marginals::places).for_each(|place| counts[place] += 1);
        Marginals(counts)
    }

    /// What a row's cells are short of.
    fn add(&mut self, row: &Row, count: i64) -> i64 {
        let change = |left: &mut i64| {
            let before = left.abs();
            *left += count;
            left.abs() - before
        };
        Marginals::places(row).map(|place| change(&mut self.0[place])).sum()
    }
}

/// A synthetic release that knows nothing of the original but its counts, and repeats them: rows drawn at random, changed one cell
/// at a time for as long as that brings the counts nearer.
fn synthesized(stream: &mut Stream, original: &[Row]) -> Vec<Row> {
    let mut rows = drawn(stream, original.len());
    let mut left = Marginals::of(&rows);
    left.0.iter_mut().zip(Marginals::of(original).0).for_each(|(left, wanted)| *left -= wanted);
    for _ in 0..150_000 {
        let at = stream.below(rows.len() as u64) as usize;
        let column = stream.below(KNOWN as u64 + 1) as usize;
        let mut changed = rows[at];
        changed[column] = stream.below(if column == KNOWN { 2 } else { VALUES }) as u8;
        let gone = left.add(&rows[at], -1);
        match gone + left.add(&changed, 1) {
            worse if worse > 0 => {
                left.add(&changed, -1);
                left.add(&rows[at], 1);
            }
            _ => rows[at] = changed,
        }
    }
    rows
}

fn tables(original: &[Row], release: &[Row], control: &[Row]) -> Tables {
    let mut builder = TablesBuilder::new(original.len(), release.len(), Some(control.len()));
    for at in 0..=KNOWN {
        let column =
            |rows: &[Row]| RawColumn::cells(rows.iter().map(|row| Cell::Category(row[at].to_string())).collect());
        builder
            .add(&format!("c{at}"), Kind::Categorical, column(original), column(release), Some(column(control)))
            .unwrap();
    }
    builder.finish()
}

fn played(tables: &Tables, guesser: Guesser, seed: u64) -> (Tally, Tally, Risk) {
    let mut plan = Plan::new(seed);
    let known = (0..KNOWN).collect();
    plan.push(InferenceAttacker { secret: KNOWN, known, guesser, correctness: Correctness::default(), searched: None });
    let result = evaluate(tables, &plan, &NoProgress).unwrap().attackers.remove(0);
    (result.counts.main.unwrap(), result.counts.control.unwrap(), result.risk(0.95).unwrap())
}

fn rate(tally: &Tally) -> f64 {
    tally.successes as f64 / tally.attempted as f64
}

#[test]
fn counts_that_a_release_repeats_tell_the_secrets_of_who_was_counted() {
    let mut stream = Stream::new(1, Task::Population, 0);
    let (original, control) = (drawn(&mut stream, 250), drawn(&mut stream, 250));
    let release = synthesized(&mut stream, &original);
    let tables = tables(&original, &release, &control);
    let (main, of_control, risk) = played(&tables, Guesser::Model(Model::LinearReconstruction), 0);
    assert!(rate(&main) > 0.7 && rate(&of_control) < 0.6, "{main:?} {of_control:?}");
    assert!(risk.interval.lo > 0.3, "{risk:?}");
    // Nobody's record is there, so that the others find less.
    for guesser in [Guesser::default(), Guesser::Model(Model::NaiveBayes), Guesser::Model(Model::Forest)] {
        let (others, _, _) = played(&tables, guesser, 0);
        assert!(rate(&others) + 0.1 < rate(&main), "{guesser:?}: {others:?}");
    }
}

#[test]
fn fresh_counts_tell_nobodys_secret() {
    for [persons, others] in [[250, 250], [250, 100], [100, 250]] {
        let mut alarms = 0;
        for seed in 0..40 {
            let mut stream = Stream::new(seed, Task::Population, 1);
            let (original, control) = (drawn(&mut stream, persons), drawn(&mut stream, others));
            let release = drawn(&mut stream, 250);
            let (_, _, risk) =
                played(&tables(&original, &release, &control), Guesser::Model(Model::LinearReconstruction), seed);
            alarms += u32::from(risk.interval.lo > 0.0);
        }
        // 95 %, two-sided: one false alarm in forty is expected.
        assert!(alarms <= 4, "{persons} and {others}: {alarms}");
    }
}

#[test]
fn a_secret_of_more_values_is_not_reconstructed() {
    let mut stream = Stream::new(2, Task::Population, 0);
    let rows = drawn(&mut stream, 50);
    let tables = tables(&rows, &rows, &rows);
    let can = |secret| Model::LinearReconstruction.can_guess(&tables, secret, Correctness::default());
    assert!(can(KNOWN) && !can(0));
}
