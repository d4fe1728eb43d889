//! Tables whose leak is known by construction, and evidence made from them by the real attacks.

#![allow(dead_code)] // Each test file uses its part.

use reident_attacks::evaluation::{Plan, evaluate};
use reident_attacks::inference::{Correctness, InferenceAttacker};
use reident_attacks::linkability::LinkabilityAttacker;
use reident_attacks::membership::{MembershipAttacker, Score};
use reident_attacks::record_linkage::{LinkageMatcher, RecordLinkageAttacker, TruthSource};
use reident_attacks::sampling::{Stream, Task};
use reident_attacks::singling_out::{Mode, SinglingOutAttacker};
use reident_attacks::table::{Kind, RawColumn, Tables, TablesBuilder};
use reident_attacks::targets::{NoProgress, TargetRows, Targets};
use reident_reports::Evidence;
use reident_reports::build;
use reident_reports::evidence::{AttackKind, ColumnShape, Comparable, Inputs, Settings, TableShape, Tool};

pub const COLUMNS: [&str; 5] = ["height", "weight", "income", "debt", "illness"];

/// One person: four numbers that nobody shares, and one of five illnesses.
type Person = ([f64; 4], u64);

fn persons(stream: &mut Stream, count: usize) -> Vec<Person> {
    (0..count).map(|_| ([0; 4].map(|_| stream.unit()), stream.below(5))).collect()
}

/// Original and control of `rows` persons each; the release holds a share `leak` of the original verbatim and is filled up
/// with new persons. `world` picks the persons, `release` the release made from them.
pub fn planted(world: u64, release: u64, rows: usize, leak: f64, control: bool) -> Tables {
    let mut stream = Stream::new(world, Task::Population, 0);
    let (original, others) = (persons(&mut stream, rows), persons(&mut stream, rows));
    let mut stream = Stream::new(world, Task::Population, 1 + release);
    let leaked = (leak * rows as f64).round() as usize;
    let kept = stream.sample(rows, leaked);
    let mut released: Vec<Person> = kept.iter().map(|row| original[*row]).collect();
    released.extend(persons(&mut stream, rows - leaked));
    tables(&original, &released, control.then_some(&others))
}

/// [`planted`] with a control of another size.
pub fn planted_with(world: u64, rows: usize, leak: f64, control: usize) -> Tables {
    let mut stream = Stream::new(world, Task::Population, 0);
    let (original, others) = (persons(&mut stream, rows), persons(&mut stream, control));
    let mut released: Vec<Person> = original[..(leak * rows as f64).round() as usize].to_vec();
    released.extend(persons(&mut stream, rows - released.len()));
    tables(&original, &released, Some(&others))
}

/// A share of the persons of the original and of the control have an illness of their own; in the release are all who have it of the
/// original, as they are, and nobody else.
pub fn planted_group(world: u64, rows: usize, share: f64) -> Tables {
    let mut stream = Stream::new(world, Task::Population, 0);
    let group = (share * rows as f64).round() as usize;
    let mut side = || {
        let mut all = persons(&mut stream, rows);
        all[..group].iter_mut().for_each(|person| person.1 = 9);
        all
    };
    let (original, control, fresh) = (side(), side(), side());
    let released: Vec<Person> = original[..group].iter().chain(&fresh[group..]).copied().collect();
    tables(&original, &released, Some(&control))
}

fn tables(original: &[Person], released: &[Person], control: Option<&Vec<Person>>) -> Tables {
    let mut builder = TablesBuilder::new(original.len(), released.len(), control.map(Vec::len));
    for (at, name) in COLUMNS.iter().enumerate() {
        let column = |persons: &[Person]| match at {
            4 => RawColumn::texts(&persons.iter().map(|person| format!("illness {}", person.1)).collect::<Vec<_>>()),
            _ => RawColumn::numbers(&persons.iter().map(|person| person.0[at]).collect::<Vec<_>>()),
        };
        let kind = if at == 4 { Kind::Categorical } else { Kind::Numeric };
        builder.add(name, kind, column(original), column(released), control.map(|rows| column(rows))).unwrap();
    }
    builder.finish()
}

/// Everybody has the same illness, and each number of the release has one of two values: nothing to single out by one column,
/// nobody to infer from.
pub fn degenerate(rows: usize) -> Tables {
    let mut stream = Stream::new(3, Task::Population, 0);
    let mut same =
        |count| -> Vec<Person> { persons(&mut stream, count).into_iter().map(|(numbers, _)| (numbers, 0)).collect() };
    let (original, others, released) = (same(rows), same(rows), same(rows));
    let two: Vec<Person> = released.into_iter().map(|(numbers, illness)| (numbers.map(f64::round), illness)).collect();
    tables(&original, &two, Some(&others))
}

pub fn linkability() -> LinkabilityAttacker {
    LinkabilityAttacker { halves: [vec![0, 1], vec![2, 3]], matcher: Default::default(), neighbors: 1, searched: None }
}

pub fn inference() -> InferenceAttacker {
    InferenceAttacker {
        secret: 4,
        known: vec![0, 1, 2, 3],
        guesser: Default::default(),
        correctness: Correctness::default(),
        searched: None,
    }
}

pub fn record_linkage() -> RecordLinkageAttacker {
    RecordLinkageAttacker {
        columns: vec![0, 1, 2, 3],
        matcher: LinkageMatcher::Compatible,
        searched: None,
        truth: TruthSource::Known,
        earlier: 0,
    }
}

pub fn singling_out(predicates: usize) -> SinglingOutAttacker {
    SinglingOutAttacker { mode: Mode::Univariate, columns: vec![0, 1, 2, 3], predicates }
}

/// A plan of the attacks named, against all records or a sample.
pub fn plan(seed: u64, attacks: &[AttackKind], sample: Option<usize>) -> Plan {
    let mut plan = Plan::new(seed);
    plan.targets = sample.map_or(Targets::All, Targets::Sample);
    for attack in attacks {
        match attack {
            AttackKind::RecordLinkage => plan.push(record_linkage()),
            AttackKind::SinglingOut => plan.push(singling_out(2000)),
            AttackKind::Linkability => plan.push(linkability()),
            AttackKind::Inference => plan.push(inference()),
            AttackKind::Membership => {
                Score::ALL
                    .into_iter()
                    .for_each(|score| plan.push(MembershipAttacker { score, columns: vec![0, 1, 2, 3] }));
            }
        }
    }
    plan
}

/// The attacks that need no truth and are played when none is named.
pub const ALL: &[AttackKind] = &[AttackKind::SinglingOut, AttackKind::Linkability, AttackKind::Inference];
pub const LINKABILITY: &[AttackKind] = &[AttackKind::Linkability];

/// Runs a plan and puts it on record.
pub fn evidence(tables: &Tables, plan: &Plan) -> Evidence {
    let results = evaluate(tables, plan, &NoProgress).unwrap();
    let shape = |rows: usize| TableShape { rows: rows as u64, columns: 5, sha256: None };
    let column = |name: &str, kind: Kind| ColumnShape {
        name: name.to_owned(),
        kind: kind.name().to_owned(),
        missing_original: 0,
        missing_anonymized: 0,
        generalized: 0,
        comparable: Some(Comparable { original: 1.0, control: None, distance: None, unread: 0.0, comparable: true }),
    };
    let inputs = Inputs {
        original: shape(tables.original.rows()),
        anonymized: shape(tables.anonymized.rows()),
        control: tables.control.as_ref().map(|control| shape(control.rows())),
        columns: tables.columns.iter().map(|of| column(&of.name, of.domain.kind())).collect(),
        not_released: Vec::new(),
        only_released: Vec::new(),
        overlap: None,
        control_checks: Vec::new(),
        earlier: Vec::new(),
        population: None,
        blank_rows: None,
    };
    let settings = Settings {
        seed: plan.seed,
        only: ALL.to_vec(),
        attacks: match plan.targets {
            Targets::All => None,
            Targets::Sample(count) => Some(count as u64),
        },
        predicates: 2000,
        suppressed: Vec::new(),
        groups: None,
        ..Settings::default()
    };
    let tool = Tool { name: "reident".to_owned(), version: "0.1.0".to_owned(), commit: "test".to_owned() };
    build::evidence(tool, inputs, settings, Vec::new(), tables, &results)
}

/// Who was linked, target by target, on original and control.
pub fn linked(tables: &Tables, plan: &Plan) -> [Vec<bool>; 2] {
    use reident_attacks::outcome::Attempt;
    let targets = TargetRows::draw(tables, plan.targets, plan.seed);
    let attempts = linkability().attack(tables, &targets, &NoProgress);
    let hits = |attempts: Vec<Attempt>| attempts.into_iter().map(|attempt| attempt.is_success()).collect();
    [hits(attempts.main), hits(attempts.control.unwrap_or_default())]
}
