//! Fictional tables with a known leak, and what the attacks measure on them.

use reident_attacks::evaluation::{AttackerResult, Evaluation, Plan, evaluate};
use reident_attacks::inference::{Correctness, Guesser, InferenceAttacker};
use reident_attacks::linkability::LinkabilityAttacker;
use reident_attacks::matcher::Matcher;
use reident_attacks::outcome::Tally;
use reident_attacks::record_linkage::{LinkageMatcher, RecordLinkageAttacker, TruthSource};
use reident_attacks::sampling::{Stream, Task};
use reident_attacks::singling_out::{Mode, SinglingOutAttacker};
use reident_attacks::table::{Cell, Interval, Kind, RawColumn, Tables, TablesBuilder};
use reident_attacks::targets::NoProgress;

/// One person: a measurement that no two persons share, two more numbers, three categories.
type Person = [f64; 6];

const NAMES: [&str; 6] = ["measurement", "age", "income", "district", "job", "illness"];

fn person(stream: &mut Stream) -> Person {
    let job = stream.below(8);
    let age = 18.0 + (stream.below(60) as f64);
    let income = (20.0 + 5.0 * job as f64 + 8.0 * stream.normal()).max(0.0).round() * 500.0;
    let illness = if stream.unit() < 0.6 { 0 } else { 1 + stream.below(1 + age as u64 / 20) };
    [stream.unit(), age, income, stream.below(12) as f64, job as f64, illness as f64]
}

/// Levels of the intervals: that of the calibration, and one by which a method is made that covers too little.
pub const LEVELS: [f64; 2] = [0.95, 0.9];

/// What is done to the release before it is given away.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Saying {
    /// Nothing.
    All,
    /// So many rows of nothing but suppressed cells are added.
    Stars(usize),
    /// Each cell is suppressed with this probability.
    Suppressed(f64),
    /// Ages and incomes become bands of ten years and of 5,000, districts sets of three.
    Coarser,
}

/// Tables of `rows` originals and `rows` released, of which a share is copied, and a control.
pub fn tables(rows: usize, control: usize, leak: f64, seed: u64) -> Tables {
    tables_saying(rows, Some(control), leak, seed, Saying::All)
}

/// The same, with a control or without, and a release that says less.
pub fn tables_saying(rows: usize, control: Option<usize>, leak: f64, seed: u64, saying: Saying) -> Tables {
    built(rows, control, leak, seed, saying).finish()
}

/// The same, with all said, that tell which release row is whose.
pub fn tables_with_records(rows: usize, control: usize, leak: f64, seed: u64) -> Tables {
    let mut builder = built(rows, Some(control), leak, seed, Saying::All);
    let copied = copied(rows, leak, seed);
    let fresh = (rows..).take(rows - copied.len());
    let released = copied.iter().copied().chain(fresh).map(|record| record as u32);
    builder.records((0..rows as u32).collect(), released.collect());
    builder.finish()
}

/// The persons of the original whose rows are copied.
fn copied(rows: usize, leak: f64, seed: u64) -> Vec<usize> {
    Stream::new(seed, Task::Population, 3).sample(rows, (leak * rows as f64).round() as usize)
}

fn built(rows: usize, control: Option<usize>, leak: f64, seed: u64, saying: Saying) -> TablesBuilder {
    let draw = |table: u64, rows: usize| {
        let mut stream = Stream::new(seed, Task::Population, table);
        (0..rows).map(|_| person(&mut stream)).collect::<Vec<Person>>()
    };
    let original = draw(0, rows);
    let mut release: Vec<Person> = copied(rows, leak, seed).into_iter().map(|row| original[row]).collect();
    release.extend(draw(1, rows - release.len()));
    let control = control.map(|control| draw(2, control));

    let stars = if let Saying::Stars(stars) = saying { stars } else { 0 };
    let mut hidden = Stream::new(seed, Task::Population, 4);
    let mut builder = TablesBuilder::new(rows, rows + stars, control.as_ref().map(Vec::len));
    for (at, name) in NAMES.iter().enumerate() {
        let column = |persons: &[Person]| {
            let values: Vec<f64> = persons.iter().map(|person| person[at]).collect();
            if at < 3 {
                return RawColumn::numbers(&values);
            }
            RawColumn::texts(&values.iter().map(|value| format!("{value}")).collect::<Vec<_>>())
        };
        let kind = if at < 3 { Kind::Numeric } else { Kind::Categorical };
        let cell = |person: &Person| match (at < 3, saying == Saying::Coarser) {
            (_, true) if (1..4).contains(&at) => coarser(at, person[at]),
            (true, _) => Cell::Number(person[at]),
            _ => Cell::Category(format!("{}", person[at])),
        };
        let mut released: Vec<Cell> = release.iter().map(cell).collect();
        if let Saying::Suppressed(share) = saying {
            let chosen = released.iter_mut().filter(|_| hidden.unit() < share);
            chosen.for_each(|cell| *cell = Cell::Suppressed);
        }
        released.extend(std::iter::repeat_n(Cell::Suppressed, stars));
        let control = control.as_ref().map(|control| column(control));
        builder.add(name, kind, column(&original), RawColumn::cells(released), control).expect("columns fit");
    }
    builder
}

/// A band of ages or incomes, or a set of districts, that covers a value.
fn coarser(column: usize, value: f64) -> Cell {
    let band = |width: f64| {
        let lo = (value / width).floor() * width;
        Cell::Interval(Interval { lo, hi: lo + width, lo_included: true, hi_included: false })
    };
    match column {
        1 => band(10.0),
        2 => band(5000.0),
        _ => {
            let first = (value / 3.0).floor() as u64 * 3;
            Cell::OneOf((first..first + 3).map(|district| format!("{district}")).collect())
        }
    }
}

/// What one attacker measured on some tables.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// The signed risk.
    pub signed: f64,
    /// Its intervals, at each of [`LEVELS`].
    pub intervals: [[f64; 2]; 2],
    /// How often the attack succeeded on the original, and on what it is compared with.
    pub rates: [f64; 2],
}

impl Measured {
    /// Whether the interval of a level holds the truth.
    pub fn holds(&self, level: usize, truth: f64) -> bool {
        let [lo, hi] = self.intervals[level];
        lo <= truth && truth <= hi
    }
}

/// The attackers of the calibration, by name, in the order of [`measure`]'s results. With a leak the risk of the first seven
/// is the leak itself; that of the others grows with it.
pub const ATTACKERS: [&str; 10] = [
    "singling out, one distinct column",
    "linkability, two halves",
    "linkability, two halves, by agreement",
    "inference of a category, all else known",
    "inference of a number, all else known",
    "inference of a category, by agreement",
    "inference of a number, by agreement",
    "singling out by 2 columns",
    "singling out by 3 columns",
    "singling out by 4 columns",
];

/// How many of [`ATTACKERS`] measure the leak itself.
pub const FOLLOWING: usize = 7;

/// Those of [`ATTACKERS`] who single out.
pub const SINGLING_OUT: [usize; 4] = [0, 7, 8, 9];

/// Attacks the tables with each of [`ATTACKERS`].
pub fn measure(tables: &Tables, seed: u64, predicates: usize) -> Vec<Measured> {
    let mut plan = Plan::new(seed);
    let singling_out = |mode, columns: &[usize]| SinglingOutAttacker { mode, columns: columns.to_vec(), predicates };
    plan.push(singling_out(Mode::Univariate, &[0]));
    for size in [2, 3, 4] {
        plan.push(singling_out(Mode::Multivariate(size), &[0, 1, 2, 3, 4, 5]));
    }
    for matcher in [Matcher::Distance, Matcher::Agreement] {
        plan.push(LinkabilityAttacker {
            halves: [vec![0, 3, 5], vec![1, 2, 4]],
            matcher,
            neighbors: 1,
            searched: None,
        });
    }
    inferring(&mut plan, &[Matcher::Distance, Matcher::Agreement]);
    let found = measured(tables, &plan);
    [0, 4, 5, 6, 7, 8, 9, 1, 2, 3].map(|at| found[at]).to_vec()
}

/// Infers a category and a number by distance only: the attackers whose intervals are the tightest.
pub fn measure_inference(tables: &Tables, seed: u64) -> Vec<Measured> {
    let mut plan = Plan::new(seed);
    inferring(&mut plan, &[Matcher::Distance]);
    measured(tables, &plan)
}

/// Looks for everybody's record, of tables that tell whose the records are, by all columns and each matcher.
pub fn measure_record_linkage(tables: &Tables, seed: u64) -> Vec<Measured> {
    let mut plan = Plan::new(seed);
    for matcher in LinkageMatcher::ALL {
        let columns = (0..NAMES.len()).collect();
        plan.push(RecordLinkageAttacker { columns, matcher, searched: None, truth: TruthSource::Known, earlier: 0 });
    }
    measured(tables, &plan)
}

fn inferring(plan: &mut Plan, matchers: &[Matcher]) {
    for matcher in matchers {
        for secret in [5, 2] {
            let known = (0..6).filter(|column| *column != secret).collect();
            let correctness = Correctness::default();
            plan.push(InferenceAttacker {
                secret,
                known,
                guesser: Guesser::nearest(*matcher, 1),
                correctness,
                searched: None,
            });
        }
    }
}

fn measured(tables: &Tables, plan: &Plan) -> Vec<Measured> {
    let results: Evaluation = evaluate(tables, plan, &NoProgress).expect("the plan fits");
    let of = |result: &AttackerResult| {
        let risks = result.risks(&LEVELS);
        let risk = |level: usize| risks[level].expect("every attack can be measured here");
        let interval = |level: usize| [risk(level).interval.lo, risk(level).interval.hi];
        let rate = |tally: Option<&Tally>| tally.map_or(0.0, Tally::rate);
        Measured {
            signed: risk(0).signed,
            intervals: [interval(0), interval(1)],
            rates: [rate(result.counts.main.as_ref()), rate(result.counts.reference())],
        }
    };
    results.attackers.iter().map(of).collect()
}
