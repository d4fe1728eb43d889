//! Worlds in which it is known who stands in the release, and how.

use reident_attacks::attack::{Attack, Scene};
use reident_attacks::evaluation::{AttackKind, Attacker, Plan, evaluate};
use reident_attacks::halves::halves;
use reident_attacks::inference::{Correctness, Guesser, InferenceAttacker};
use reident_attacks::linkability::LinkabilityAttacker;
use reident_attacks::matcher::Matcher;
use reident_attacks::membership::{MembershipAttacker, Score};
use reident_attacks::parts::Parts;
use reident_attacks::record_linkage::{LinkageMatcher, RecordLinkageAttacker, TruthSource};
use reident_attacks::sampling::{Stream, Task};
use reident_attacks::search::Searched;
use reident_attacks::singling_out::{Mode, SinglingOutAttacker};
use reident_attacks::subgroups::{Subgroups, Wanted};
use reident_attacks::table::{Kind, RawColumn, Tables, TablesBuilder};
use reident_attacks::targets::{NoProgress, TargetRows};

const CONFIDENCE: f64 = 0.95;
const COLUMNS: usize = 14;
/// The column of the group.
const GROUP: usize = 13;
/// Secret for which known columns are searched.
const SECRET: usize = 3;
/// Columns of the largest set that is searched for.
const LARGEST_SET: usize = 4;

type Person = [f64; COLUMNS];

/// Who stands in the release.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Planted {
    /// Nobody.
    Nobody,
    /// One person in a hundred, unchanged.
    Copies,
    /// A group of one in twenty, unchanged: holders of a value that nobody else has.
    Group,
    /// The one in twenty who are farthest from their nearest other original, unchanged.
    Outliers,
    /// One in twenty, so many columns of each taken from somebody else.
    Changed(usize),
    /// One in ten, nothing of each but these columns.
    Together(&'static [usize]),
}

impl Planted {
    /// All of them.
    pub const ALL: [Planted; 8] = [
        Planted::Nobody,
        Planted::Copies,
        Planted::Group,
        Planted::Outliers,
        Planted::Changed(3),
        Planted::Changed(5),
        Planted::Together(&[0, 1, 3]),
        Planted::Together(&[0, 2, 3, 5, 8, 11]),
    ];

    /// In a few words.
    pub fn name(self) -> String {
        match self {
            Planted::Nobody => "nobody".to_owned(),
            Planted::Copies => "1 % of the persons, unchanged".to_owned(),
            Planted::Group => "a group of 5 %, unchanged".to_owned(),
            Planted::Outliers => "the 5 % outliers, unchanged".to_owned(),
            Planted::Changed(columns) => format!("5 %, {columns} of {COLUMNS} columns changed"),
            Planted::Together(columns) => format!("10 %, {} columns together", columns.len()),
        }
    }
}

/// Persons of a number of some sixty values, one that hardly repeats, two of twenty, and ten categories. The group is drawn alike for all tables.
fn population(stream: &mut Stream, persons: usize) -> Vec<Person> {
    let person = |stream: &mut Stream, at: usize| -> Person {
        let shared = stream.normal();
        let mut person = std::array::from_fn(|column| match column {
            0 => (40.0 + 14.0 * stream.normal()).round(),
            1 => (9.0 + 0.6 * shared + stream.normal()).exp().round(),
            2 | 3 => (20.0 * stream.unit() * stream.unit()).floor(),
            _ => (1.5 * (shared * 0.3 + stream.normal()).abs()).floor() + (column % 3) as f64,
        });
        if at < persons / 20 {
            person[GROUP] = 99.0;
        }
        person
    };
    (0..persons).map(|at| person(stream, at)).collect()
}

/// The distance of each person to the nearest other one.
fn loneliness(persons: &[Person]) -> Vec<f64> {
    let range = |column: usize| {
        let values = || persons.iter().map(|person| person[column]);
        values().fold(f64::NEG_INFINITY, f64::max) - values().fold(f64::INFINITY, f64::min)
    };
    let ranges: Vec<f64> = (0..3).map(range).collect();
    let apart = |one: &Person, other: &Person| -> f64 {
        let of = |column: usize| match column {
            0 | 1 => (one[column] - other[column]).abs() / ranges[column],
            _ => f64::from(u8::from(one[column] != other[column])),
        };
        (0..COLUMNS).map(of).sum()
    };
    let nearest = |(at, one): (usize, &Person)| {
        let others = persons.iter().enumerate().filter(|(other, _)| *other != at);
        others.map(|(_, other)| apart(one, other)).fold(f64::INFINITY, f64::min)
    };
    persons.iter().enumerate().map(nearest).collect()
}

/// A world, with the truth about whose each record is where it is asked for.
fn tables(planted: Planted, rows: usize, seed: u64, truth: bool) -> Tables {
    let mut stream = Stream::new(seed, Task::Population, 12);
    let [original, mut released, control] = [rows; 3].map(|rows| population(&mut stream, rows));
    // Of the original, and the rows of the release that become theirs, which are of the same group.
    let within_all = |stream: &mut Stream, share: usize| stream.sample(rows, rows / share);
    let who = match planted {
        Planted::Nobody => Vec::new(),
        Planted::Copies => within_all(&mut stream, 100),
        Planted::Group => (0..rows / 20).collect(),
        Planted::Outliers => {
            let lonely = loneliness(&original);
            let mut order: Vec<usize> = (0..rows).collect();
            order.sort_by(|one, other| lonely[*other].total_cmp(&lonely[*one]));
            order.truncate(rows / 20);
            order
        }
        Planted::Changed(_) => within_all(&mut stream, 20),
        Planted::Together(_) => within_all(&mut stream, 10),
    };
    for row in &who {
        let kept = match planted {
            Planted::Changed(changed) => stream.sample(COLUMNS, COLUMNS - changed),
            Planted::Together(columns) => columns.to_vec(),
            _ => (0..COLUMNS).collect(),
        };
        kept.into_iter().for_each(|column| released[*row][column] = original[*row][column]);
    }
    let mut builder = TablesBuilder::new(rows, rows, Some(rows));
    for column in 0..COLUMNS {
        let numbers = |rows: &[Person]| rows.iter().map(|row| row[column]).collect::<Vec<f64>>();
        let texts = |rows: &[Person]| numbers(rows).iter().map(f64::to_string).collect::<Vec<String>>();
        let (kind, [original, released, control]) = match column {
            0 | 1 => (Kind::Numeric, [&original, &released, &control].map(|rows| RawColumn::numbers(&numbers(rows)))),
            _ => (Kind::Categorical, [&original, &released, &control].map(|rows| RawColumn::texts(&texts(rows)))),
        };
        builder.add(&format!("c{column}"), kind, original, released, Some(control)).expect("columns fit");
    }
    if truth {
        let mut records: Vec<u32> = (rows as u32..2 * rows as u32).collect();
        who.iter().for_each(|row| records[*row] = *row as u32);
        builder.records((0..rows as u32).collect(), records);
    }
    builder.finish()
}

/// Who could find something.
pub const FINDERS: [&str; 7] =
    ["record linkage", "singling out", "linkability", "inference", "membership", "groups", "searched columns"];

/// Whether each of [`FINDERS`] finds something in a world: whether the lower end that holds for all its attackers at once (and all groups)
/// lies above 0.
pub fn found(planted: Planted, rows: usize, seed: u64) -> [bool; FINDERS.len()] {
    let all: Vec<usize> = (0..COLUMNS).collect();
    let with_truth = tables(planted, rows, seed, true);
    let mut plan = Plan::new(seed);
    for matcher in LinkageMatcher::ALL {
        let (columns, truth) = (all.clone(), TruthSource::Known);
        plan.push(RecordLinkageAttacker { columns, matcher, searched: None, earlier: 0, truth });
    }
    let [by_records, ..] = headlines(&with_truth, &plan);

    let tables = tables(planted, rows, seed, false);
    let mut plan = Plan::new(seed);
    plan.subgroups = Wanted { exposed: true, columns: vec![GROUP] };
    for mode in [Mode::Univariate, Mode::Multivariate(2), Mode::Multivariate(3), Mode::Multivariate(4)] {
        plan.push(SinglingOutAttacker { mode, columns: all.clone(), predicates: 20_000 });
    }
    for matcher in [Matcher::Distance, Matcher::Agreement] {
        for split in 0..5 {
            plan.push(LinkabilityAttacker {
                halves: halves_of(&all, seed, split),
                matcher,
                neighbors: 1,
                searched: None,
            });
        }
        for secret in 0..COLUMNS {
            let known = all.iter().copied().filter(|column| *column != secret).collect();
            let (guesser, correctness) = (Guesser::nearest(matcher, 1), Correctness::default());
            plan.push(InferenceAttacker { secret, known, guesser, correctness, searched: None });
        }
    }
    for score in Score::ALL {
        plan.push(MembershipAttacker { score, columns: all.clone() });
    }
    let [_, by_predicates, by_links, by_guesses, by_scores] = headlines(&tables, &plan);
    [
        by_records,
        by_predicates,
        by_links,
        by_guesses,
        by_scores,
        by_groups(&tables, &plan),
        by_search(&tables, &all, seed),
    ]
}

fn halves_of(columns: &[usize], seed: u64, split: u64) -> [Vec<usize>; 2] {
    let mut shuffled = columns.to_vec();
    Stream::new(seed, Task::Halves, split).shuffle(&mut shuffled);
    let (one, other) = shuffled.split_at(columns.len() / 2);
    let mut halves = [one.to_vec(), other.to_vec()];
    halves.iter_mut().for_each(|half| half.sort_unstable());
    halves
}

/// Whether each attack's headline lies above 0, in the order of all attacks.
fn headlines(tables: &Tables, plan: &Plan) -> [bool; AttackKind::ALL.len()] {
    let results = evaluate(tables, plan, &NoProgress).expect("everybody can be played");
    let risks = results.risks(CONFIDENCE);
    let above = |kind: &AttackKind| {
        let headline = results.headline(*kind, &risks);
        headline.and_then(|headline| headline.interval).is_some_and(|interval| interval.lo > 0.0)
    };
    std::array::from_fn(|at| above(&AttackKind::ALL[at]))
}

/// Whether a group's risk lies above 0, over all groups and attackers of its attack.
fn by_groups(tables: &Tables, plan: &Plan) -> bool {
    let of_targets = |attacker: &&Attacker| matches!(attacker.kind(), AttackKind::Linkability | AttackKind::Inference);
    let attackers = plan.attackers.iter().filter(of_targets).cloned().collect();
    let results = evaluate(tables, &Plan { attackers, ..plan.clone() }, &NoProgress).expect("everybody can be played");
    results.attackers.iter().any(|result| {
        // Two attacks are looked at.
        let level = results.level_of_subgroups(result.attacker.kind(), 1.0 - (1.0 - CONFIDENCE) / 2.0);
        result.subgroups.iter().any(|group| group.risk(level).is_some_and(|risk| risk.interval.lo > 0.0))
    })
}

/// Whether a set of columns that was searched for on some persons shows a risk of the others, over all that were found.
fn by_search(tables: &Tables, among: &[usize], seed: u64) -> bool {
    let [searched, others] = halves(tables, &TargetRows::everybody(tables));
    let searched = Searched { tables, targets: &searched, seed, progress: &NoProgress };
    let files =
        LinkabilityAttacker { halves: [vec![0], vec![1]], matcher: Matcher::Distance, neighbors: 1, searched: None };
    let files = searched.linkability(&files, among, LARGEST_SET).sets;
    let (guesser, correctness) = (Guesser::default(), Correctness::default());
    let guess = InferenceAttacker { secret: SECRET, known: vec![0], guesser, correctness, searched: None };
    let known = searched.inference(&guess, among, LARGEST_SET).sets;
    let level = 1.0 - (1.0 - CONFIDENCE) / (files.len() + known.len()).max(1) as f64;
    files.iter().any(|attacker| lower_end(attacker, tables, &others, level) > 0.0)
        || known.iter().any(|attacker| lower_end(attacker, tables, &others, level) > 0.0)
}

fn lower_end<A: Attack>(attacker: &A, tables: &Tables, targets: &TargetRows, level: f64) -> f64 {
    let nobody = Subgroups::default();
    let (seed, seeds, keep_hits, progress) = (1, 1, false, &NoProgress);
    let parts = &Parts::whole();
    let scene = Scene { tables, targets, parts, seed, seeds, subgroups: &&nobody, keep_hits, progress };
    let played = A::play(&[attacker], &scene).pop().expect("one attacker is played");
    let risk = played.counts.model().and_then(|model| model.estimate(level));
    risk.map_or(0.0, |risk| risk.interval.lo)
}
