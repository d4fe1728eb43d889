//! Claims equal those of a plain double loop, and hand-worked ones.

use super::*;
use crate::agreement::{Shares, Weights};
use crate::attack::Attack;
use crate::neighbors::GowerDistance;
use crate::table::{Cell, Interval, Kind, RawColumn, TablesBuilder};
use crate::targets::{NoProgress, Targets};
use proptest::prelude::*;

pub(super) fn everybody(tables: &Tables) -> TargetRows {
    TargetRows::draw(tables, Targets::All, 0)
}

pub(super) fn attack(tables: &Tables, columns: &[usize], matcher: LinkageMatcher) -> LinkageAttempts {
    let attacker = RecordLinkageAttacker {
        columns: columns.to_vec(),
        matcher,
        searched: None,
        truth: TruthSource::Known,
        earlier: 0,
    };
    attacker.check(tables).unwrap();
    attacker.attack(tables, &Truth::known(tables).unwrap(), &everybody(tables), &NoProgress)
}

/// Whether a person's cell and a release cell can be one value, from what the cells mean.
fn can_meet(person: &Cell, release: &Cell) -> bool {
    match (person, release) {
        (Cell::Suppressed, _) | (_, Cell::Suppressed) => true,
        (Cell::Interval(one), Cell::Interval(other)) => {
            // Ends are whole numbers here, so that halves are enough to try.
            (-8..60).any(|half| one.contains(f64::from(half) / 2.0) && other.contains(f64::from(half) / 2.0))
        }
        (Cell::Interval(band), Cell::Number(number)) | (Cell::Number(number), Cell::Interval(band)) => {
            band.contains(*number)
        }
        (Cell::OneOf(set), Cell::OneOf(other)) => set.iter().any(|value| other.contains(value)),
        (Cell::OneOf(set), Cell::Category(value)) | (Cell::Category(value), Cell::OneOf(set)) => set.contains(value),
        (one, other) => one == other,
    }
}

/// Records that are left for one target, word by word: rows of the release, and whether they are compatible. `costs` are those of
/// disagreement, where agreement is weighed.
fn plain_loop(
    tables: &Tables,
    columns: &[usize],
    target: &[u32],
    matcher: LinkageMatcher,
    costs: &[f64],
) -> (Vec<usize>, f64, bool) {
    let by_compatible = matcher == LinkageMatcher::Compatible;
    let distance = GowerDistance::new(tables, columns);
    let release = &tables.anonymized;
    let codes = |row: usize| -> Vec<u32> { columns.iter().map(|column| release.column(*column)[row]).collect() };
    let domain = |at: usize| &tables.columns[columns[at]].domain;
    let is_candidate = |row: &usize| {
        let codes = codes(*row);
        codes.iter().enumerate().all(|(at, code)| domain(at).is_exact(*code))
            || !codes.iter().enumerate().all(|(at, code)| domain(at).says_nothing(*code))
    };
    let candidates: Vec<usize> = (0..release.rows()).filter(is_candidate).collect();
    let is_compatible = |row: &usize| {
        let cells = codes(*row).into_iter().zip(target).enumerate();
        cells.into_iter().all(|(at, (code, own))| can_meet(domain(at).cell(*own), domain(at).cell(code)))
    };
    let compatible: Vec<usize> = candidates.iter().copied().filter(is_compatible).collect();
    let taken = if by_compatible && !compatible.is_empty() { &compatible } else { &candidates };
    let shares: Vec<Shares> = columns.iter().map(|column| Shares::of(tables, *column)).collect();
    let agreement = |costs: &[f64], row: usize| {
        let weights = Weights::new(tables, columns, &shares, costs);
        weights.distance(target, weights.score(target, &codes(row)))
    };
    let cost = |row: &usize| match matcher {
        LinkageMatcher::Agreement => agreement(costs, *row),
        LinkageMatcher::Compatible if !compatible.is_empty() => agreement(&vec![0.0; columns.len()], *row),
        _ => distance.between(target, codes(*row)),
    };
    let least = taken.iter().map(cost).fold(f64::INFINITY, f64::min);
    let next = taken.iter().map(cost).filter(|cost| *cost > least).fold(f64::INFINITY, f64::min);
    let left = taken.iter().copied().filter(|row| cost(row) == least).collect();
    (left, next - least, by_compatible && !compatible.is_empty())
}

pub(super) fn cell(numeric: bool) -> impl Strategy<Value = Cell> {
    let interval = (0..6u8, 0..4u8, any::<bool>(), any::<bool>()).prop_map(|(lo, width, lo_included, hi_included)| {
        let closed = width == 0;
        Cell::Interval(Interval {
            lo: f64::from(lo),
            hi: f64::from(lo + width),
            lo_included: lo_included || closed,
            hi_included: hi_included || closed,
        })
    });
    let letter = || (0..4u8).prop_map(|at| ["a", "b", "c", "d"][at as usize].to_owned());
    let set = prop::collection::btree_set(letter(), 1..4).prop_map(|set| Cell::OneOf(set.into_iter().collect()));
    let exact: BoxedStrategy<Cell> = match numeric {
        true => (0..6u8).prop_map(|number| Cell::Number(f64::from(number))).boxed(),
        false => letter().prop_map(Cell::Category).boxed(),
    };
    let wide: BoxedStrategy<Cell> = if numeric { interval.boxed() } else { set.boxed() };
    prop_oneof![6 => exact, 2 => wide, 1 => Just(Cell::Missing), 1 => Just(Cell::Suppressed)]
}

/// One value in each of three columns.
type Row = (Cell, Cell, Cell);

fn rows(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec((cell(true), cell(false), cell(false)), count)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn claims_are_those_of_the_plain_double_loop(
        original in rows(1..14),
        release in rows(1..14),
        control in rows(1..5),
        keys in prop::collection::vec(0..12u32, 28),
        known in prop::sample::select(vec![vec![0], vec![1], vec![0, 1], vec![1, 2], vec![0, 1, 2]]),
    ) {
        let mut builder = TablesBuilder::new(original.len(), release.len(), Some(control.len()));
        let column = |rows: &[Row], of: fn(&Row) -> Cell| {
            RawColumn::cells(rows.iter().map(of).collect())
        };
        #[allow(clippy::type_complexity)] // A column is a name, a kind and how a row fills it.
        let parts: [(&str, Kind, fn(&Row) -> Cell); 3] = [
            ("n", Kind::Numeric, |row| row.0.clone()),
            ("c", Kind::Categorical, |row| row.1.clone()),
            ("d", Kind::Categorical, |row| row.2.clone()),
        ];
        for (name, kind, of) in parts {
            let control = Some(column(&control, of));
            builder.add(name, kind, column(&original, of), column(&release, of), control).unwrap();
        }
        let records_of_original: Vec<u32> = keys[..original.len()].to_vec();
        let records_of_release: Vec<u32> = keys[14..14 + release.len()].to_vec();
        builder.records(records_of_original.clone(), records_of_release.clone());
        let tables = builder.finish();
        for matcher in LinkageMatcher::ALL.into_iter().filter(|matcher| !matcher.is_one_to_one()) {
            let attempts = attack(&tables, &known, matcher);
            // What disagreement costs is learned, and on record.
            let costs = match attempts.searches.first() {
                Some(Search::Agreement(plan)) => plan.costs.clone(),
                _ => Vec::new(),
            };
            let tables_of_targets = [Some(&tables.original), tables.control.as_ref()];
            for (side, table) in tables_of_targets.into_iter().flatten().enumerate() {
                let claims = if side == 0 { &attempts.main } else { attempts.control.as_ref().unwrap() };
                for (row, claim) in claims.iter().enumerate() {
                    let target: Vec<u32> = known.iter().map(|column| table.column(*column)[row]).collect();
                    let (left, margin, is_compatible) = plain_loop(&tables, &known, &target, matcher, &costs);
                    let mut records: Vec<u32> = left.iter().map(|row| records_of_release[*row]).collect();
                    records.sort_unstable();
                    records.dedup();
                    prop_assert_eq!(claim.records as usize, records.len());
                    prop_assert_eq!(claim.is_compatible, is_compatible);
                    let is_right = side == 0 && records.contains(&records_of_original[row]);
                    prop_assert_eq!(claim.is_right, is_right);
                    // The next record's distance, unless rows of one record are further apart than others.
                    if matcher != LinkageMatcher::Compatible && records.len() == 1 && left.len() == 1 {
                        let next_is_other = margin.is_infinite() || claim.margin >= margin;
                        prop_assert!(next_is_other, "{} {}", claim.margin, margin);
                    }
                }
            }
            let counts = Claims::of(&attempts.main);
            prop_assert_eq!(counts.correct + counts.wrong + counts.ambiguous, counts.attempted);
            prop_assert!(Claims::of(attempts.control.as_ref().unwrap()).expected == 0.0);
        }
    }
}

fn texts(text: &str) -> RawColumn {
    RawColumn::texts(&text.split_whitespace().collect::<Vec<_>>())
}

/// A band, a set and a suppressed cell, worked by hand.
#[test]
fn hand_worked_claims() {
    let band = |lo: f64, hi: f64| Cell::Interval(Interval::closed(lo, hi));
    let set = |text: &str| Cell::OneOf(text.split(' ').map(str::to_owned).collect());
    let mut builder = TablesBuilder::new(4, 4, Some(2));
    let ages = RawColumn::cells(vec![band(30.0, 39.0), band(30.0, 39.0), band(40.0, 49.0), Cell::Suppressed]);
    let control = Some(RawColumn::numbers(&[41.0, 90.0]));
    builder.add("age", Kind::Numeric, RawColumn::numbers(&[31.0, 38.0, 44.0, 70.0]), ages, control).unwrap();
    let jobs =
        vec![set("cook nurse"), set("cook nurse"), Cell::Category("smith".into()), Cell::Category("judge".into())];
    let jobs = RawColumn::cells(jobs);
    builder.add("job", Kind::Categorical, texts("cook nurse smith judge"), jobs, Some(texts("smith cook"))).unwrap();
    builder.records(vec![0, 1, 2, 3], vec![0, 1, 2, 3]);
    let attempts = attack(&builder.finish(), &[0, 1], LinkageMatcher::Compatible);
    let counts = Claims::of(&attempts.main);
    // The cook and the nurse are in one class of two; the smith and the judge stand alone.
    assert_eq!((counts.correct, counts.wrong, counts.ambiguous), (2, 0, 2));
    assert_eq!((counts.expected, counts.largest), (3.0, 1.0));
    // A smith of 41 is compatible with the smith's record, and is somebody else; no record is a cook's of 90.
    let control = attempts.control.unwrap();
    assert!(control[0].is_wrong() && control[0].is_compatible && !control[1].is_compatible);
    assert_eq!(attempts.baseline, Baseline { attempted: 4, successes: 1.0 });
}

#[test]
fn a_record_that_was_released_twice_is_still_one_record() {
    let mut builder = TablesBuilder::new(2, 3, None);
    builder.add("x", Kind::Categorical, texts("a b"), texts("a a b"), None).unwrap();
    builder.records(vec![0, 1], vec![0, 0, 1]);
    let tables = builder.finish();
    for matcher in LinkageMatcher::ALL {
        let counts = Claims::of(&attack(&tables, &[0], matcher).main);
        assert_eq!((counts.correct, counts.expected), (2, 2.0), "{matcher:?}");
    }
}

#[test]
fn attackers_that_cannot_be_played_are_refused() {
    let mut builder = TablesBuilder::new(1, 1, None);
    builder.add("x", Kind::Categorical, texts("a"), texts("a"), None).unwrap();
    let refused_without_truth = |builder: TablesBuilder| {
        let truth = TruthSource::Known;
        let matcher = LinkageMatcher::Distance;
        RecordLinkageAttacker { columns: vec![0], matcher, searched: None, truth, earlier: 0 }
            .check(&builder.finish())
            .is_err()
    };
    let mut keyed = TablesBuilder::new(1, 1, None);
    keyed.add("x", Kind::Categorical, texts("a"), texts("a"), None).unwrap();
    assert!(refused_without_truth(keyed));
    builder.records(vec![0], vec![0]);
    let tables = builder.finish();
    let refused = |columns: Vec<usize>| {
        RecordLinkageAttacker {
            columns,
            matcher: LinkageMatcher::Compatible,
            searched: None,
            truth: TruthSource::Known,
            earlier: 0,
        }
        .check(&tables)
        .is_err()
    };
    assert!(refused(vec![]) && refused(vec![1]) && refused(vec![0, 0]));
    assert!(!refused(vec![0]));
}

#[test]
fn equal_rows_that_are_unique_are_one_record() {
    let mut builder = TablesBuilder::new(4, 4, None);
    builder.add("x", Kind::Categorical, texts("a b c c"), texts("a b b c"), None).unwrap();
    let truth = Truth::of_equal_rows(&builder.finish());
    let rows: Vec<&[u32]> = (0..4).map(|row| truth.rows_of(row)).collect();
    assert_eq!(rows, [&[0][..], &[], &[], &[]]);
    assert_eq!((truth.records(), truth.most_rows()), (4, 1));
}

#[test]
fn who_abstains_is_right_more_often() {
    let claim = |margin: f64, is_right: bool| Claim { records: 1, is_right, margin, is_compatible: false };
    let main: Vec<Claim> = (0..100).map(|at| claim(f64::from(at), at >= 50)).collect();
    let control: Vec<Claim> = (0..200).map(|at| claim(f64::from(at) / 4.0, false)).collect();
    let found = abstentions(&main, Some(&control));
    let all = found[0];
    assert_eq!((all.margin, all.correct, all.wrong, all.false_claims), (0.0, 50, 50, Some(200)));
    let half = found.iter().find(|point| point.correct + point.wrong == 50).unwrap();
    assert_eq!((half.margin, half.correct, half.wrong, half.false_claims), (50.0, 50, 0, Some(0)));
    // Two of two hundred false claims are allowed: those at 49.75 and 49.5.
    let care = Care::of(false, &control);
    assert_eq!(care, Care::Margin(49.25));
    assert_eq!(control.iter().filter(|claim| care.speaks(claim)).count(), 2);
}
