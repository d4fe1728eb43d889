//! `evaluate` is merge after partial after plan: however persons are spread over parts, the results are the same, to the last bit.

use super::*;
use crate::inference::{Correctness, Guesser, InferenceAttacker, Model};
use crate::linkability::LinkabilityAttacker;
use crate::matcher::Matcher;
use crate::membership::{MembershipAttacker, Score};
use crate::progress::NoProgress;
use crate::record_linkage::{LinkageMatcher, RecordLinkageAttacker, TruthSource};
use crate::singling_out::{Mode, SinglingOutAttacker};
use crate::table::{Cell, Interval, Kind, RawColumn, Table, TablesBuilder};
use proptest::prelude::*;

/// What a world has besides its columns.
#[derive(Debug, Clone, Copy)]
struct Form {
    /// Rows of the control, where there is one.
    control: Option<usize>,
    subjects: bool,
    records: bool,
    /// Records attacked, where it is a sample.
    sample: Option<usize>,
    /// What the cells are drawn from.
    seed: u64,
}

/// Small tables with many ties: numbers with bands, categories with sets and masks, missing and suppressed cells.
fn world(rows: [usize; 2], form: Form) -> Tables {
    let mut state = form.seed;
    let mut next = move |below: u64| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) % below
    };
    let letter = |at: u64| ["a", "b", "c", "dd", "de"][at as usize].to_owned();
    let mut cell = |column: usize, is_released: bool| match (column.is_multiple_of(2), is_released, next(10)) {
        (_, _, 0) => Cell::Missing,
        (_, true, 1) => Cell::Suppressed,
        (true, true, 2) => {
            let lo = next(4) as f64;
            Cell::Interval(Interval { lo, hi: lo + 2.0, lo_included: true, hi_included: true })
        }
        (false, true, 2) => Cell::OneOf(vec!["dd".to_owned(), "de".to_owned()]),
        (true, ..) => Cell::Number(next(6) as f64),
        (false, ..) => Cell::Category(letter(next(5))),
    };
    let persons: Vec<Vec<Cell>> = (0..rows[0]).map(|_| (0..4).map(|column| cell(column, false)).collect()).collect();
    let others: Vec<Vec<Cell>> =
        (0..form.control.unwrap_or(0)).map(|_| (0..4).map(|column| cell(column, false)).collect()).collect();
    // Every second record is somebody's own, some of its cells changed.
    let released: Vec<Vec<Cell>> = (0..rows[1])
        .map(|row| {
            let own = &persons[row % rows[0]];
            let drawn: Vec<Cell> = (0..4).map(|column| cell(column, true)).collect();
            let is_own = row % 2 == 0;
            drawn
                .into_iter()
                .zip(own)
                .enumerate()
                .map(|(at, (drawn, own))| match is_own && at != row % 5 {
                    true => own.clone(),
                    false => drawn,
                })
                .collect()
        })
        .collect();
    let mut builder = TablesBuilder::new(rows[0], rows[1], form.control);
    for at in 0..4 {
        let column = |rows: &[Vec<Cell>]| RawColumn::cells(rows.iter().map(|row| row[at].clone()).collect());
        let kind = if at.is_multiple_of(2) { Kind::Numeric } else { Kind::Categorical };
        let control = form.control.map(|_| column(&others));
        builder.add(&format!("c{at}"), kind, column(&persons), column(&released), control).unwrap();
    }
    if form.subjects {
        let two_rows_each = |rows: usize| (0..rows as u32).map(|row| row / 2).collect::<Vec<u32>>();
        builder.subjects(two_rows_each(rows[0]), form.control.map(two_rows_each));
    }
    if form.records {
        let of_release = (0..rows[1]).map(|row| (row % rows[0]) as u32).collect();
        builder.records((0..rows[0] as u32).collect(), of_release);
    }
    builder.finish()
}

/// Attackers of every attack, matcher and model.
fn plan(tables: &Tables, form: Form) -> Plan {
    let mut plan = Plan::new(form.seed);
    plan.seeds = 2;
    plan.keep_hits = true;
    plan.targets = form.sample.map_or(Targets::All, Targets::Sample);
    plan.subgroups = subgroups::Wanted { exposed: true, columns: vec![1] };
    for matcher in [Matcher::Distance, Matcher::Agreement] {
        for neighbors in [1, 3] {
            plan.push(LinkabilityAttacker { halves: [vec![0, 1], vec![2, 3]], matcher, neighbors, searched: None });
            let guesser = Guesser::nearest(matcher, neighbors);
            let correctness = Correctness::default();
            plan.push(InferenceAttacker { secret: 3, known: vec![0, 1, 2], guesser, correctness, searched: None });
            plan.push(InferenceAttacker { secret: 0, known: vec![1, 2, 3], guesser, correctness, searched: None });
        }
    }
    for model in Model::ALL {
        let (guesser, correctness) = (Guesser::Model(model), Correctness::default());
        plan.push(InferenceAttacker { secret: 1, known: vec![0, 2, 3], guesser, correctness, searched: None });
    }
    for mode in [Mode::Univariate, Mode::Multivariate(2)] {
        plan.push(SinglingOutAttacker { mode, columns: vec![0, 1, 2, 3], predicates: 40 });
    }
    if tables.control.is_some() {
        for score in Score::ALL {
            plan.push(MembershipAttacker { score, columns: vec![0, 1, 2, 3] });
        }
    }
    let truth = if form.records { TruthSource::Known } else { TruthSource::EqualRows };
    for matcher in LinkageMatcher::ALL {
        for searched in [None, Some(3)] {
            plan.push(RecordLinkageAttacker { columns: vec![0, 1, 3], matcher, searched, truth, earlier: 0 });
        }
    }
    plan
}

/// The results, without how the answers were searched for.
fn results(evaluation: Evaluation) -> String {
    let attackers = evaluation.attackers.into_iter().map(|result| AttackerResult { searches: Vec::new(), ..result });
    format!("{:?} {:?}", attackers.collect::<Vec<_>>(), evaluation.attacked)
}

fn forms() -> impl Strategy<Value = Form> {
    let control = proptest::option::of(2..40usize);
    (control, any::<bool>(), any::<bool>(), proptest::option::of(1..30usize), any::<u64>())
        .prop_map(|(control, subjects, records, sample, seed)| Form { control, subjects, records, sample, seed })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn additivity(
        rows in (2..60usize, 1..60usize),
        form in forms(),
        count in 1..8u32,
        lots in proptest::collection::vec(any::<u32>(), 100),
    ) {
        let tables = world([rows.0, rows.1], form);
        let plan = plan(&tables, form);
        let whole = evaluate(&tables, &plan, &NoProgress).unwrap();
        // Rows of one person stay together.
        let parts_of = |table: &Table, shift: usize| -> Vec<u32> {
            (0..table.rows()).map(|row| lots[(table.subject(row) as usize + shift) % lots.len()] % count).collect()
        };
        let control = tables.control.as_ref().map(|control| parts_of(control, 50)).unwrap_or_default();
        let parts = Parts::split(&tables, parts_of(&tables.original, 0), control).unwrap();
        let merged = evaluate_parts(&tables, &plan, &parts, &NoProgress).unwrap();
        prop_assert_eq!(results(whole), results(merged));
    }
}
