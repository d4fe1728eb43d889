use super::*;
use crate::evaluation::{Plan, evaluate};
use crate::inference::Guesser;
use crate::matcher::Matcher;
use crate::outcome::Tally;
use crate::progress::NoProgress;
use crate::sampling::{Stream, Task};
use crate::stats::risk::Risk;
use crate::table::{Cell, Kind, RawColumn, TablesBuilder};
use crate::targets::Targets;

/// The models that guess any secret, with a control or without.
const TRAINED: [Model; 2] = [Model::NaiveBayes, Model::Forest];

fn attacker(secret: usize, known: usize, guesser: Guesser) -> InferenceAttacker {
    let known = (0..known).filter(|column| *column != secret).collect();
    InferenceAttacker { secret, known, guesser, correctness: Correctness::default(), searched: None }
}

/// Rows of a world, column by column.
type Rows = Vec<Vec<Cell>>;

fn tables(kinds: &[Kind], original: &Rows, release: &Rows, control: Option<&Rows>) -> Tables {
    let mut builder = TablesBuilder::new(original[0].len(), release[0].len(), control.map(|rows| rows[0].len()));
    for (at, kind) in kinds.iter().enumerate() {
        let column = |rows: &Rows| RawColumn::cells(rows[at].clone());
        builder.add(&format!("c{at}"), *kind, column(original), column(release), control.map(column)).unwrap();
    }
    builder.finish()
}

fn text(number: u64) -> Cell {
    Cell::Category(number.to_string())
}

fn played(tables: &Tables, attacker: InferenceAttacker, seed: u64) -> (Tally, Tally, Risk) {
    let mut plan = Plan::new(seed);
    plan.push(attacker);
    let result = evaluate(tables, &plan, &NoProgress).unwrap().attackers.remove(0);
    (result.counts.main.unwrap(), *result.counts.reference().unwrap(), result.risk(0.95).unwrap())
}

fn rate(tally: &Tally) -> f64 {
    tally.successes as f64 / tally.attempted as f64
}

/// Twelve columns of which the sixth tells the secret, the last: `told` of the persons have the one that a key makes of it.
fn told(stream: &mut Stream, rows: usize, told: u64, key: u64) -> Rows {
    let mut columns: Rows = vec![Vec::new(); 13];
    for _ in 0..rows {
        let draws: Vec<u64> = (0..12).map(|_| stream.below(6)).collect();
        draws.iter().enumerate().for_each(|(at, draw)| {
            columns[at].push(if at % 2 == 0 { Cell::Number(*draw as f64) } else { text(*draw) });
        });
        let secret = if stream.below(100) < told { (draws[6] + key) % 6 } else { stream.below(6) };
        columns[12].push(text(secret));
    }
    columns
}

fn kinds() -> Vec<Kind> {
    (0..13).map(|at| if at % 2 == 0 && at < 12 { Kind::Numeric } else { Kind::Categorical }).collect()
}

#[test]
fn models_find_what_all_records_say_and_no_single_one_does() {
    let mut stream = Stream::new(1, Task::Population, 0);
    // Release and original are of one hospital, the control of another one, whose patients it tells nothing of.
    let [original, release] = [(); 2].map(|()| told(&mut stream, 1500, 90, 0));
    let control = told(&mut stream, 1500, 90, 3);
    let tables = tables(&kinds(), &original, &release, Some(&control));
    for matcher in [Matcher::Distance, Matcher::Agreement] {
        let (main, _, _) = played(&tables, attacker(12, 12, Guesser::nearest(matcher, 1)), 0);
        assert!(rate(&main) < 0.5, "{matcher:?}: {}", rate(&main));
    }
    for model in TRAINED {
        let (main, control, risk) = played(&tables, attacker(12, 12, Guesser::Model(model)), 0);
        assert!(rate(&main) > 0.8 && rate(&control) < 0.2, "{model:?}: {main:?} {control:?}");
        assert!(risk.interval.lo > 0.7, "{model:?}: {risk:?}");
    }
}

#[test]
fn what_holds_for_everybody_is_no_risk() {
    for model in TRAINED {
        let (mut with, mut without) = (0, 0);
        for seed in 0..40 {
            let mut stream = Stream::new(seed, Task::Population, 1);
            let [original, release, control] = [(); 3].map(|()| told(&mut stream, 400, 60, 0));
            let controlled = tables(&kinds(), &original, &release, Some(&control));
            let (main, _, risk) = played(&controlled, attacker(12, 12, Guesser::Model(model)), seed);
            assert!(rate(&main) > 0.35, "{model:?}: the model must have something to say");
            with += u32::from(risk.interval.lo > 0.0);
            let alone = tables(&kinds(), &original, &release, None);
            let (_, _, risk) = played(&alone, attacker(12, 12, Guesser::Model(model)), seed);
            without += u32::from(risk.interval.lo > 0.0);
        }
        // 95 %, two-sided: one false alarm in forty is expected.
        assert!(with <= 4 && without <= 4, "{model:?}: {with} with and {without} without a control");
    }
}

#[test]
fn copied_rows_are_found_where_there_is_nothing_else() {
    let mut stream = Stream::new(3, Task::Population, 0);
    let [original, control] = [(); 2].map(|()| told(&mut stream, 600, 0, 0));
    let copied = tables(&kinds(), &original, &original, Some(&control));
    for model in TRAINED {
        let (_, _, risk) = played(&copied, attacker(12, 12, Guesser::Model(model)), 0);
        assert!(risk.interval.lo > 0.1, "{model:?}: {risk:?}");
    }
}

#[test]
fn the_pilot_drops_what_gains_nothing() {
    let mut stream = Stream::new(4, Task::Population, 0);
    let pilots = |share, stream: &mut Stream| {
        let release = told(stream, 600, share, 0);
        let tables = tables(&kinds(), &told(stream, 100, 0, 0), &release, None);
        TRAINED
            .map(|model| model.pilot(&tables, 12, &(0..12).collect::<Vec<_>>(), Correctness::default(), 0, &NoProgress))
    };
    assert!(pilots(60, &mut stream).iter().all(|pilot| pilot.gains() && pilot.rows == 600 && pilot.model > 250));
    // A value that most rows have, and nothing tells who has another one.
    let mut release = told(&mut stream, 600, 0, 0);
    release[12].iter_mut().for_each(|cell| *cell = text(u64::from(stream.below(100) < 20)));
    let original = told(&mut stream, 100, 0, 0);
    let tables = tables(&kinds(), &original, &release, None);
    for model in TRAINED {
        let pilot = model.pilot(&tables, 12, &(0..12).collect::<Vec<_>>(), Correctness::default(), 0, &NoProgress);
        assert!(!pilot.gains() || pilot.model < pilot.constant + 6, "{model:?}: {pilot:?}");
    }
}

#[test]
fn hand_worked_naive_bayes() {
    // Flu: 3 rows, cold: 1. With α = 1 and the bins a, b and missing of both columns, somebody with (b, b) has
    // flu with ln 3 + 2·ln(1/6), cold with ln 1 + 2·ln(2/4).
    let texts = |text: &str| RawColumn::texts(&text.split(' ').collect::<Vec<_>>());
    let mut builder = TablesBuilder::new(4, 4, None);
    builder.add("x", Kind::Categorical, texts("b a b a"), texts("a a a b"), None).unwrap();
    builder.add("y", Kind::Categorical, texts("b a a b"), texts("a a a b"), None).unwrap();
    builder.add("s", Kind::Categorical, texts("cold flu flu flu"), texts("flu flu flu cold"), None).unwrap();
    let tables = builder.finish();
    let targets = TargetRows::draw(&tables, Targets::All, 0);
    let attempts = attacker(2, 2, Guesser::Model(Model::NaiveBayes)).attack(&tables, &targets, 0, &NoProgress);
    // Of (b, a): flu ln 3 + ln(1/6) + ln(4/6) against cold ln(2/4) + ln(1/4).
    assert!(attempts.main.iter().all(|attempt| attempt.is_success()), "{attempts:?}");
    assert_eq!(attempts.baseline.successes, 3.0);
}

/// Random tables with missing values, ties, texts among numbers, and persons of several rows.
fn random(stream: &mut Stream, round: u64, rows: usize) -> Tables {
    let mut column = |numeric: bool| -> Vec<Cell> {
        let cell = |draw: u64| match (draw, numeric) {
            (0, _) => Cell::Missing,
            (1, true) => Cell::Category("N".into()),
            (draw, true) => Cell::Number(draw as f64),
            (draw, false) => text(draw),
        };
        (0..rows).map(|_| cell(stream.below(7))).collect()
    };
    let numeric = [round.is_multiple_of(2), false, true, round.is_multiple_of(3)];
    let columns: Rows = numeric.iter().map(|numeric| column(*numeric)).collect();
    let kinds = numeric.map(|numeric| if numeric { Kind::Numeric } else { Kind::Categorical });
    let mut builder = TablesBuilder::new(rows, rows, None);
    for (at, cells) in columns.iter().enumerate() {
        let column = || RawColumn::cells(cells.clone());
        builder.add(&format!("c{at}"), kinds[at], column(), column(), None).unwrap();
    }
    if round.is_multiple_of(4) {
        builder.subjects((0..rows).map(|_| stream.below(rows as u64 / 2 + 1) as u32).collect(), None);
    }
    builder.finish()
}

#[test]
fn naive_bayes_without_somebody_is_naive_bayes_trained_without_him() {
    let mut stream = Stream::new(5, Task::Population, 0);
    for round in 0..60 {
        let tables = random(&mut stream, round, 5 + round as usize);
        let training = Training::new(&tables, &tables.original, &[0, 1, 2], 3, Correctness::default());
        let (all, own) = (Bayes::new(&training, &training.rows), OwnRows::new(&tables));
        let mut scratch = Scratch::default();
        for row in 0..tables.original.rows() as u32 {
            let gone = own.of(&row);
            let left: Vec<u32> = training.rows.iter().copied().filter(|other| !gone.contains(other)).collect();
            let codes = training.codes(&tables.original, &[row]);
            let expected = Bayes::new(&training, &left).class_of(&codes, &mut Scratch::default());
            assert_eq!(all.class_without(&codes, gone, &mut scratch), expected, "round {round}, row {row}");
        }
    }
}

#[test]
fn naive_bayes_counts_as_the_formula_says() {
    let mut stream = Stream::new(6, Task::Population, 0);
    for round in 0..40 {
        let tables = random(&mut stream, round, 40);
        let training = Training::new(&tables, &tables.original, &[0, 1, 2], 3, Correctness::default());
        let bayes = Bayes::new(&training, &training.rows);
        let bin = |at: usize, row: u32| training.bins[at].of(tables.original.column(at)[row as usize])[0].0;
        let class = |row: u32| training.classes_of(row)[0].0;
        for asked in 0..40 {
            let score = |wanted: u32| -> f64 {
                let holders: Vec<u32> = training.rows.iter().copied().filter(|row| class(*row) == wanted).collect();
                let term = |at: usize| {
                    let inside = holders.iter().filter(|row| bin(at, **row) == bin(at, asked)).count();
                    ((inside as f64 + 1.0) / (holders.len() as f64 + training.bins[at].len as f64)).ln()
                };
                (holders.len() as f64).ln() + (0..3).map(term).sum::<f64>()
            };
            let scores: Vec<f64> = (0..training.classes.guesses.len() as u32).map(score).collect();
            let best = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let codes = training.codes(&tables.original, &[asked]);
            let found = bayes.class_of(&codes, &mut Scratch::default()).unwrap();
            assert!(scores[found as usize] > best - 1e-9, "round {round}: {found} of {scores:?}");
        }
    }
}

#[test]
fn numbers_are_classes_that_one_guess_hits() {
    let mut stream = Stream::new(7, Task::Population, 0);
    for round in 0..40 {
        let numbers: Vec<f64> = (0..60).map(|_| (stream.below(40) as f64 - 10.0) * 1.7).collect();
        let mut builder = TablesBuilder::new(60, 60, None);
        let column = || RawColumn::numbers(&numbers);
        builder.add("s", Kind::Numeric, column(), column(), None).unwrap();
        let tables = builder.finish();
        let (domain, codes) = (&tables.columns[0].domain, tables.original.column(0));
        let correctness = Correctness { relative: [0.0, 0.05, 0.3][round % 3], date_units: 0.0 };
        let classes = classes::Classes::of(domain, codes, correctness);
        let mut rows = vec![0; classes.guesses.len()];
        for code in codes {
            let [(class, 1.0)] = classes.parts.of(*code) else { panic!("every number has one class") };
            // Up to the rounding of an allowance, where two of them only touch.
            let wider = Correctness { relative: correctness.relative + 1e-12, ..correctness };
            assert!(wider.holds(domain, classes.guesses[*class as usize], *code), "round {round}");
            rows[*class as usize] += 1;
        }
        assert!(rows.is_sorted_by(|a, b| a >= b) && rows.iter().sum::<i32>() == 60, "{rows:?}");
    }
}

#[test]
fn values_beyond_the_limit_are_counted() {
    let numbers: Vec<f64> = (0..300).map(|row| f64::from(row % 290)).collect();
    let mut builder = TablesBuilder::new(300, 300, None);
    let column = || RawColumn::numbers(&numbers);
    builder.add("s", Kind::Numeric, column(), column(), None).unwrap();
    let tables = builder.finish();
    let exact = Correctness { relative: 0.0, date_units: 0.0 };
    // Ten values are held by two rows, and 256 − 10 of the other 280 have a class.
    assert_eq!(not_guessed(&tables, 0, exact), 280 - 246);
    assert_eq!(not_guessed(&tables, 0, Correctness::default()), 0);
}

#[test]
fn nothing_hangs_on_threads_or_on_the_order_of_rows() {
    let mut stream = Stream::new(8, Task::Population, 0);
    let [original, release] = [(); 2].map(|()| told(&mut stream, 300, 60, 0));
    let shuffled = |rows: &Rows, stream: &mut Stream| {
        let mut order: Vec<usize> = (0..rows[0].len()).collect();
        stream.shuffle(&mut order);
        (rows.iter().map(|column| order.iter().map(|row| column[*row].clone()).collect()).collect::<Rows>(), order)
    };
    let ((original_again, order), (release_again, _)) =
        (shuffled(&original, &mut stream), shuffled(&release, &mut stream));
    let attempts = |original: &Rows, release: &Rows, model: Model, threads: usize| {
        let tables = tables(&kinds(), original, release, None);
        let targets = TargetRows::draw(&tables, Targets::All, 0);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| attacker(12, 12, Guesser::Model(model)).attack(&tables, &targets, 7, &NoProgress))
    };
    for model in TRAINED {
        let one = attempts(&original, &release, model, 1);
        assert_eq!(one, attempts(&original, &release, model, 4), "{model:?}");
        let again = attempts(&original_again, &release_again, model, 2);
        let back: Vec<Attempt> = order.iter().map(|row| one.main[*row]).collect();
        assert_eq!(again.main, back, "{model:?}");
        let (one, again) = (one.nonmember.unwrap(), again.nonmember.unwrap());
        assert_eq!(again, order.iter().map(|row| one[*row]).collect::<Vec<_>>(), "{model:?}");
    }
}

#[test]
fn rows_that_say_nothing_change_nothing() {
    let mut stream = Stream::new(9, Task::Population, 0);
    let [original, release, control] = [(); 3].map(|()| told(&mut stream, 200, 60, 0));
    let mut more = release.clone();
    for (at, column) in more.iter_mut().enumerate() {
        for row in 0..100u64 {
            column.insert(2 * row as usize, if at < 12 { Cell::Suppressed } else { text(row % 6) });
        }
    }
    // One suppressed cell in either, so that the columns cost the same.
    let attempts = |release: &Rows, model: Model| {
        let mut tables = tables(&kinds(), &original, release, Some(&control));
        let targets = TargetRows::draw(&tables, Targets::All, 0);
        tables.control.as_mut().unwrap().subjects = None;
        attacker(12, 12, Guesser::Model(model)).attack(&tables, &targets, 0, &NoProgress)
    };
    for model in TRAINED {
        let (one, other) = (attempts(&release, model), attempts(&more, model));
        assert_eq!((one.main, one.control), (other.main, other.control), "{model:?}");
    }
}

#[test]
fn rows_suppressed_in_part_still_tell() {
    let mut stream = Stream::new(10, Task::Population, 0);
    let [original, mut release] = [(); 2].map(|()| told(&mut stream, 1000, 95, 0));
    for column in &mut release[..12] {
        column.iter_mut().for_each(|cell| *cell = if stream.below(5) == 0 { Cell::Suppressed } else { cell.clone() });
    }
    let tables = tables(&kinds(), &original, &release, None);
    for model in TRAINED {
        let (main, _, _) = played(&tables, attacker(12, 12, Guesser::Model(model)), 0);
        assert!(rate(&main) > 0.7, "{model:?}: {}", rate(&main));
    }
}
