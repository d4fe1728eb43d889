use super::*;
use crate::neighbors::GowerDistance;
use crate::table::{Cell, Kind, RawColumn, Table, TablesBuilder};
use crate::targets::{NoProgress, Targets};
use std::collections::BTreeSet;

fn categories(text: &str) -> RawColumn {
    RawColumn::texts(&text.split_whitespace().collect::<Vec<_>>())
}

fn tables(original: [&str; 2], release: [&str; 2], control: [&str; 2]) -> TablesBuilder {
    let rows = |text: &str| text.split_whitespace().count();
    let mut builder = TablesBuilder::new(rows(original[0]), rows(release[0]), Some(rows(control[0])));
    for side in 0..2 {
        let column = |text: [&str; 2]| categories(text[side]);
        builder
            .add(["x", "y"][side], Kind::Categorical, column(original), column(release), Some(column(control)))
            .unwrap();
    }
    builder
}

const SPLIT: [Vec<usize>; 2] = [Vec::new(), Vec::new()];

fn attack(tables: &Tables, neighbors: usize) -> Attempts {
    let [mut one, mut other] = SPLIT;
    one.push(0);
    other.push(1);
    let attacker = LinkabilityAttacker { halves: [one, other], matcher: Default::default(), neighbors, searched: None };
    attacker.check(tables).unwrap();
    attacker.attack(tables, &TargetRows::draw(tables, Targets::All, 0), &NoProgress)
}

#[test]
fn hand_worked_links() {
    use Attempt::*;
    // The release holds (a,1) twice: one profile. (b,2) and (b,3) share x. Nobody else has y = 4.
    let tables = tables(["a b c b", "1 2 4 9"], ["a a b b c", "1 1 2 3 4"], ["a q", "2 q"]).finish();
    let attempts = attack(&tables, 1);
    // (b,9): y ties with every row, x is b: two profiles are left.
    assert_eq!(attempts.main, [Success(1), Success(1), Success(1), Ambiguous]);
    // (a,2): N0 = {(a,1)}, N1 = {(b,2)}. (q,q): both sets are everything, 4 profiles.
    assert_eq!(attempts.control, Some(vec![Miss, Ambiguous]));
    // Four profiles. Sizes (1,1), (2,1), (1,1), (2,4): chances 1/4, 1/2, 1/4 and 0, each of any of the four profiles.
    let expected = 4.0 * (1.0 - (1.0 - 1.0 / 16.0) * (1.0 - 1.0 / 8.0) * (1.0 - 1.0 / 16.0));
    assert!((attempts.baseline.successes - expected).abs() < 1e-12);
    // k = 2: for (c,4) the second nearest on either half is everybody, and four profiles are too many. (b,2) and (b,9) are both
    // linked to (b,2) and (b,3), and share what that is worth.
    assert_eq!(attack(&tables, 2).main, [Success(1), Success(2), Ambiguous, Success(2)]);
}

#[test]
fn a_record_key_tells_right_from_wrong() {
    use Attempt::*;
    let mut builder = tables(["a b", "1 2"], ["a b", "1 2"], ["a", "1"]);
    // The release's (a,1) is person 0's record, (b,2) is person 9's.
    builder.records(vec![0, 1], vec![0, 9]);
    let attempts = attack(&builder.finish(), 1);
    assert_eq!(attempts.main, [Success(1), Wrong]);
    assert_eq!(attempts.control, Some(vec![Wrong]));
    // Two profiles, one in either set: they are the same with 1/2, and the right one with 1/4. Person 1 has no record.
    assert!((attempts.baseline.successes - 0.25).abs() < 1e-12);
}

#[test]
fn attackers_that_cannot_be_played_are_refused() {
    let tables = tables(["a", "1"], ["a", "1"], ["a", "1"]).finish();
    let refused = |halves: [Vec<usize>; 2], neighbors| {
        LinkabilityAttacker { halves, matcher: Default::default(), neighbors, searched: None }.check(&tables).is_err()
    };
    assert!(refused([vec![], vec![1]], 1));
    assert!(refused([vec![0], vec![0]], 1));
    assert!(refused([vec![0], vec![7]], 1));
    assert!(refused([vec![0], vec![1]], 0));
}

#[test]
fn a_link_is_shared_by_all_persons_of_the_table_who_have_it() {
    use Attempt::*;
    // Three persons of the original and one of the control look like the one record of a class. In the original's file the
    // control's person would be the fourth.
    let tables = || tables(["a a a b", "1 1 1 2"], ["a b", "1 2"], ["a q", "1 q"]);
    let attempts = attack(&tables().finish(), 1);
    assert_eq!(attempts.main, [Success(3), Success(3), Success(3), Success(1)]);
    assert_eq!(attempts.control, Some(vec![Success(4), Ambiguous]));
    // Two of the three rows are one person's.
    let mut builder = tables();
    builder.subjects(vec![0, 0, 1, 2], Some(vec![0, 1]));
    assert_eq!(attack(&builder.finish(), 1).main, [Success(2), Success(2), Success(2), Success(1)]);
    // Of a sample, everybody's links count.
    let tables = tables().finish();
    let attacker =
        LinkabilityAttacker { halves: [vec![0], vec![1]], matcher: Default::default(), neighbors: 1, searched: None };
    let targets = TargetRows { original: vec![1], control: Some(vec![0]) };
    let attempts = attacker.attack(&tables, &targets, &NoProgress);
    assert_eq!((attempts.main, attempts.control), (vec![Success(3)], Some(vec![Success(4)])));
    assert_eq!(attempts.baseline.attempted, 1);
}

#[test]
fn with_a_record_key_a_right_link_is_shared_by_the_rows_of_its_profile() {
    use Attempt::*;
    let mut builder = tables(["a a b", "1 1 2"], ["a a a b", "1 1 1 2"], ["a", "1"]);
    builder.records(vec![0, 1, 2], vec![0, 8, 9, 2]);
    let attempts = attack(&builder.finish(), 1);
    assert_eq!(attempts.main, [Success(3), Wrong, Success(1)]);
    // Two profiles, one in either set: they are the same and right with 1/4; over three rows, and over one.
    assert!((attempts.baseline.successes - (0.25 / 3.0 + 0.25)).abs() < 1e-12);
}

#[test]
fn rows_that_say_nothing_change_nothing() {
    let star = |text: &str| {
        let cell = |word: &str| if word == "*" { Cell::Suppressed } else { Cell::Category(word.into()) };
        RawColumn::cells(text.split_whitespace().map(cell).collect())
    };
    let attempts = |x: &str, y: &str, rows: usize| {
        let mut builder = TablesBuilder::new(4, rows, Some(2));
        builder.add("x", Kind::Categorical, star("a b c d"), star(x), Some(star("a q"))).unwrap();
        builder.add("y", Kind::Categorical, star("1 2 3 4"), star(y), Some(star("2 q"))).unwrap();
        attack(&builder.finish(), 1)
    };
    let without = attempts("a b c", "1 2 9", 3);
    let with = attempts("* a b c *", "* 1 2 9 *", 5);
    assert_eq!((&with.main, &with.control), (&without.main, &without.control));
    assert_eq!(with.baseline, without.baseline);
    // Nothing else is there: no attempt, which is not a miss.
    let nothing = attempts("* *", "* *", 2);
    assert_eq!((nothing.main.len(), nothing.baseline.attempted), (0, 0));
    // What a row says on one half only, it is no candidate for on the other.
    assert_eq!(attempts("a *", "* 1", 2).main, [Attempt::Miss; 4]);
}

/// Tables of random cells with ties, duplicates, missing and, if wanted, generalized values.
fn random_tables(stream: &mut crate::sampling::Stream, control: bool, generalized: bool, subjects: bool) -> Tables {
    let mut builder = TablesBuilder::new(25, 40, control.then_some(15));
    for column in 0..4 {
        let numeric = column % 2 == 0;
        let mut cells = |rows: usize| {
            let cell = |draw: u64| match (draw, numeric) {
                (0, _) => Cell::Missing,
                (draw, true) if draw < 4 => Cell::Number(draw as f64),
                (draw, false) if draw < 4 => Cell::Category(draw.to_string()),
                (4, _) => Cell::Suppressed,
                (_, true) => Cell::Interval(crate::table::Interval::closed(1.0, 2.0)),
                (_, false) => Cell::OneOf(vec!["1".into(), "3".into()]),
            };
            RawColumn::cells((0..rows).map(|_| cell(stream.below(if generalized { 6 } else { 4 }))).collect())
        };
        let kind = if numeric { Kind::Numeric } else { Kind::Categorical };
        let (original, release) = (cells(25), cells(40));
        let control = control.then(|| cells(15));
        builder.add(&format!("c{column}"), kind, original, release, control).unwrap();
    }
    if subjects {
        let mut persons = |rows: u64| (0..rows).map(|_| stream.below(rows / 2) as u32).collect::<Vec<u32>>();
        let (original, of_control) = (persons(25), persons(15));
        builder.subjects(original, control.then_some(of_control));
    }
    builder.finish()
}

/// Classes that several persons share, no leak: a control of a tenth of the original's size shows the original's rate.
#[test]
fn a_smaller_control_shares_links_as_the_original_does() {
    let mut stream = crate::sampling::Stream::new(9, crate::sampling::Task::Population, 0);
    let mut column = |rows: usize| -> Vec<f64> { (0..rows).map(|_| (stream.unit() * 300.0).floor()).collect() };
    let (original, control, released) = (column(3000), column(300), column(150));
    let mut builder = TablesBuilder::new(3000, 150, Some(300));
    for name in ["one", "other"] {
        let raw = RawColumn::numbers;
        builder.add(name, Kind::Numeric, raw(&original), raw(&released), Some(raw(&control))).unwrap();
    }
    let attempts = attack(&builder.finish(), 1);
    let rate = |attempts: &[Attempt]| attempts.iter().map(|it| it.worth()).sum::<f64>() / attempts.len() as f64;
    let (main, control) = (rate(&attempts.main), rate(attempts.control.as_ref().unwrap()));
    assert!(main > 0.02 && (control - main).abs() < 0.1 * main, "{main} and {control}");
}

#[test]
fn without_a_control_persons_who_share_a_link_hang_together() {
    let effect = |persons: usize, copied: usize| {
        let values = |count: usize| (0..count).map(|at| format!("v{}", at / persons)).collect::<Vec<_>>();
        let (original, released) = (values(400), values(copied));
        let mut builder = TablesBuilder::new(400, copied, None);
        for name in ["x", "y"] {
            let (original, released) = (RawColumn::texts(&original), RawColumn::texts(&released));
            builder.add(name, Kind::Categorical, original, released, None).unwrap();
        }
        attack(&builder.finish(), 1).design_effect()
    };
    // Four persons of one link succeed and fail together. Persons who each have a link of their own do not, and a full copy of such
    // persons is as certain as ever.
    let together = effect(4, 200);
    assert!((2.0..=4.0).contains(&together), "{together}");
    assert_eq!((effect(1, 200), effect(1, 400)), (1.0, 1.0));
}

/// The rule, target by target and row by row, on random tables.
#[test]
fn equals_the_plain_loops() {
    let mut stream = crate::sampling::Stream::new(5, crate::sampling::Task::Population, 0);
    for round in 0..96 {
        let neighbors = 1 + round % 3;
        let (control, generalized, subjects) = (round % 2 == 0, round % 4 >= 2, round % 8 >= 4);
        let tables = random_tables(&mut stream, control, generalized, subjects);
        let attacker = LinkabilityAttacker {
            halves: [vec![0, 3], vec![1, 2]],
            matcher: Default::default(),
            neighbors,
            searched: None,
        };
        let everybody = TargetRows::draw(&tables, Targets::All, 0);
        let all = attacker.attack_with_far_links(&tables, &everybody, &NoProgress);
        let near = attacker.attack(&tables, &everybody, &NoProgress);
        let limit = tables.control.as_ref().and_then(|control| plain_limit(&tables, &attacker, control));
        for (attempts, limit) in [(all, None), (near, limit)] {
            let plain = |table: &Table, release: &Table| plain_attempts(&tables, &attacker, table, release, limit);
            assert_eq!(attempts.main, plain(&tables.original, &tables.anonymized), "round {round}");
            let of_control = tables.control.as_ref().map(|control| plain(control, &tables.anonymized));
            assert_eq!(attempts.control, of_control, "round {round}");
            let nonmember = (!control).then(|| plain(&tables.original, &tables.original));
            assert_eq!(attempts.nonmember, nonmember, "round {round}");
        }
    }
}

/// How far the linked records of a row are from it, at the least, half by half: gaps, and 1 for other categories.
fn plain_apart(tables: &Tables, attacker: &LinkabilityAttacker, known: &[u32], found: &BTreeSet<Vec<u32>>) -> f64 {
    let of_column = |at: &usize, record: &[u32]| -> f64 {
        let (target, release) = (known[*at], record[*at]);
        let covers = crate::agreement::are_compatible(&tables.columns[*at].domain, target, release);
        if covers { 0.0 } else { GowerDistance::new(tables, &[*at]).between(&[target], [release]) }
    };
    let of_half = |half: &Vec<usize>, record: &[u32]| half.iter().map(|at| of_column(at, record)).sum::<f64>();
    let of_record = |record: &Vec<u32>| of_half(&attacker.halves[0], record) + of_half(&attacker.halves[1], record);
    found.iter().map(of_record).fold(f64::INFINITY, f64::min)
}

/// How far the nearest hundredth of the control's links is, and whether one person's link alone is there.
fn plain_limit(tables: &Tables, attacker: &LinkabilityAttacker, control: &Table) -> Option<(f64, bool)> {
    let links = (0..control.rows()).map(|row| (row, plain_link(tables, attacker, control, &tables.anonymized, row)));
    let linked = links.filter(|(_, found)| (1..=attacker.neighbors).contains(&found.len()));
    let mut apart: Vec<f64> =
        linked.map(|(row, found)| plain_apart(tables, attacker, &control.row(row), &found)).collect();
    apart.sort_by(f64::total_cmp);
    let limit = *apart.get(apart.len().div_ceil(100).checked_sub(1)?)?;
    Some((limit, limit > 0.0 && apart.iter().filter(|apart| **apart == limit).count() == 1))
}

/// The distinct records that link a row; with the table itself as the release, all rows of the person are left out.
fn plain_link(
    tables: &Tables,
    attacker: &LinkabilityAttacker,
    table: &Table,
    release: &Table,
    target: usize,
) -> BTreeSet<Vec<u32>> {
    let leave_out = std::ptr::eq(table, release);
    let others: Vec<usize> =
        (0..release.rows()).filter(|row| !leave_out || table.subject(*row) != table.subject(target)).collect();
    let nearest = |columns: &[usize]| -> Vec<usize> {
        let distance = GowerDistance::new(tables, columns);
        let codes = |table: &Table, row: usize| columns.iter().map(|at| table.column(*at)[row]).collect::<Vec<u32>>();
        let known = codes(table, target);
        let domain = |at: &usize| &tables.columns[*at].domain;
        let says_nothing = |row: &usize| {
            let cells: Vec<(&usize, u32)> = columns.iter().zip(codes(release, *row)).collect();
            cells.iter().any(|(at, code)| !domain(at).is_exact(*code))
                && cells.iter().all(|(at, code)| domain(at).says_nothing(*code))
        };
        let candidates = others.iter().copied().filter(|row| !says_nothing(row));
        let mut near: Vec<(f64, usize)> =
            candidates.map(|row| (distance.between(&known, codes(release, row)), row)).collect();
        near.sort_by(|a, b| a.0.total_cmp(&b.0));
        let radius = near.get(attacker.neighbors.min(near.len()).wrapping_sub(1)).map_or(0.0, |last| last.0);
        near.into_iter().filter(|(distance, _)| *distance <= radius).map(|(_, row)| row).collect()
    };
    let (one, other) = (nearest(&attacker.halves[0]), nearest(&attacker.halves[1]));
    one.iter().filter(|row| other.contains(row)).map(|row| release.row(*row)).collect()
}

/// Every row's attempt, where a link must be within a limit.
fn plain_attempts(
    tables: &Tables,
    attacker: &LinkabilityAttacker,
    table: &Table,
    release: &Table,
    limit: Option<(f64, bool)>,
) -> Vec<Attempt> {
    let links = |table: &Table| -> Vec<(BTreeSet<Vec<u32>>, f64)> {
        let link = |row: usize| {
            let found = plain_link(tables, attacker, table, release, row);
            let apart = plain_apart(tables, attacker, &table.row(row), &found);
            (found, apart)
        };
        (0..table.rows()).map(link).collect()
    };
    // Who shares a link: persons of the original, and one of the control beside them.
    let in_original = links(&tables.original);
    let is_of_control = !std::ptr::eq(table, &tables.original);
    let is_few = |found: &BTreeSet<Vec<u32>>| (1..=attacker.neighbors).contains(&found.len());
    let is_near = |apart: f64| limit.is_none_or(|(limit, _)| apart <= limit);
    let attempt = |(found, apart): &(BTreeSet<Vec<u32>>, f64)| match found.len() {
        0 => Attempt::Miss,
        _ if !is_few(found) => Attempt::Ambiguous,
        _ if !is_near(*apart) => Attempt::Miss,
        _ => {
            let shares = |row: &usize| {
                let (other, apart) = &in_original[*row];
                is_few(other) && is_near(*apart) && !other.is_disjoint(found)
            };
            let sharers = (0..in_original.len()).filter(shares);
            let persons: BTreeSet<u32> = sharers.map(|row| tables.original.subject(row)).collect();
            let is_limit = limit.is_some_and(|(limit, is_of_one)| is_of_one && *apart == limit);
            let persons = persons.len() as u32 + u32::from(is_of_control);
            // Those who are linked to an equal record of somebody else, and nobody besides them.
            let equal = (0..release.rows()).filter(|row| found.contains(&release.row(*row))).count() as u32;
            if std::ptr::eq(table, release) && found.len() == 1 && *apart == 0.0 && persons == equal {
                return if persons.is_multiple_of(2) { Attempt::Success(persons / 2) } else { Attempt::Miss };
            }
            Attempt::Success(if is_of_control && is_limit { 2 * persons } else { persons })
        }
    };
    links(table).iter().map(attempt).collect()
}
