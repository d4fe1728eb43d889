//! What is measured without persons who were not used: guessing is no leak, a copied share is one.

use reident_attacks::evaluation::{AttackKind, Headline, Plan, Risks, evaluate};
use reident_attacks::inference::{Correctness, Guesser, InferenceAttacker};
use reident_attacks::linkability::LinkabilityAttacker;
use reident_attacks::sampling::{Stream, Task};
use reident_attacks::stats::status::Status;
use reident_attacks::table::{Kind, RawColumn, TablesBuilder};
use reident_attacks::targets::NoProgress;

type Person = [f64; 5];

/// Four numbers that hang together, and an answer that most give.
fn person(stream: &mut Stream) -> Person {
    let age = (18.0 + 60.0 * stream.unit()).floor();
    let income = (age * 600.0 + 9_000.0 * stream.normal()).round();
    let rent = (income / 40.0 + 90.0 * stream.normal()).round();
    let weight = (60.0 + 15.0 * stream.normal()).round();
    [age, income, rent, weight, f64::from(u8::from(stream.unit() < 0.08))]
}

fn persons(seed: u64, count: usize) -> Vec<Person> {
    let mut stream = Stream::new(seed, Task::Population, 0);
    (0..count).map(|_| person(&mut stream)).collect()
}

fn measure(original: &[Person], released: &[Person]) -> (Risks, Vec<Headline>) {
    let mut tables = TablesBuilder::new(original.len(), released.len(), None);
    for at in 0..5 {
        let column = |rows: &[Person]| rows.iter().map(|person| person[at]).collect::<Vec<f64>>();
        let (one, other) = (RawColumn::numbers(&column(original)), RawColumn::numbers(&column(released)));
        tables.add(&format!("c{at}"), Kind::Numeric, one, other, None).unwrap();
    }
    let mut plan = Plan::new(1);
    let halves = [vec![0, 1], vec![2, 3]];
    plan.push(LinkabilityAttacker { halves, matcher: Default::default(), neighbors: 1, searched: None });
    for secret in 0..5 {
        let known = (0..5).filter(|at| *at != secret).collect();
        let (matcher, correctness) = (Default::default(), Correctness::default());
        plan.push(InferenceAttacker {
            secret,
            known,
            guesser: Guesser::nearest(matcher, 1),
            correctness,
            searched: None,
        });
    }
    let results = evaluate(&tables.finish(), &plan, &NoProgress).unwrap();
    let risks = results.risks(0.95);
    let kinds = [AttackKind::Linkability, AttackKind::Inference];
    let headlines = kinds.iter().filter_map(|kind| results.headline(*kind, &risks)).collect();
    (risks, headlines)
}

#[test]
fn independently_shuffled_columns_are_no_leak() {
    for seed in 0..4 {
        let original = persons(seed, 1200);
        let mut released = original.clone();
        for at in 0..5 {
            let mut column: Vec<f64> = original.iter().map(|person| person[at]).collect();
            Stream::new(seed, Task::Population, 1 + at as u64).shuffle(&mut column);
            released.iter_mut().zip(column).for_each(|(person, value)| person[at] = value);
        }
        let (_, headlines) = measure(&original, &released);
        assert_eq!(headlines.len(), 2);
        for headline in headlines {
            assert!(headline.interval.is_some_and(|interval| interval.lo <= 0.0), "seed {seed}: {headline:?}");
        }
    }
}

#[test]
fn a_verbatim_share_is_seen_and_a_copy_is_exposed() {
    for (share, within) in [(0.4, 0.08), (1.0, 0.02)] {
        let original = persons(9, 1200);
        let copied = (1200.0 * share) as usize;
        let mut released = original[..copied].to_vec();
        released.extend(persons(77, 1200 - copied));
        let (risks, headlines) = measure(&original, &released);
        let linked = risks.each[0].unwrap();
        assert!((linked.signed - share).abs() < within, "{linked:?}");
        assert!(linked.interval.lo <= share && share <= linked.interval.hi, "{linked:?}");
        assert_eq!(risks.status[0], Status::Measured);
        assert!(headlines.iter().all(|headline| headline.interval.is_some_and(|interval| interval.lo > 0.2)));
    }
}
