use super::*;
use crate::neighbors::GowerDistance;
use crate::table::{Cell, Kind, RawColumn, Table, TablesBuilder};
use crate::targets::{NoProgress, Targets};

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
    let attacker = LinkabilityAttacker { halves: [one, other], matcher: Default::default(), neighbors };
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
    // Four profiles. Sizes (1,1), (2,1), (1,1), (2,4): 1/4 + 1/2 + 1/4 + 0.
    assert!((attempts.baseline.successes - 1.0).abs() < 1e-12);
    // k = 2: for (c,4) the second nearest on either half is everybody, and four profiles are too many.
    assert_eq!(attack(&tables, 2).main, [Success(1), Success(1), Ambiguous, Success(1)]);
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
        LinkabilityAttacker { halves, matcher: Default::default(), neighbors }.check(&tables).is_err()
    };
    assert!(refused([vec![], vec![1]], 1));
    assert!(refused([vec![0], vec![0]], 1));
    assert!(refused([vec![0], vec![7]], 1));
    assert!(refused([vec![0], vec![1]], 0));
}

/// The rule, target by target and row by row, on random tables with ties, duplicates and missing values.
#[test]
fn equals_the_plain_loops() {
    let mut stream = crate::sampling::Stream::new(5, crate::sampling::Task::Population, 0);
    for round in 0..60 {
        let neighbors = 1 + round % 3;
        let mut builder = TablesBuilder::new(25, 40, Some(15));
        for column in 0..4 {
            let numeric = column % 2 == 0;
            let mut cells = |rows: usize| {
                let cell = |draw: u64| match (draw, numeric) {
                    (0, _) => Cell::Missing,
                    (draw, true) => Cell::Number(draw as f64),
                    (draw, false) => Cell::Category(draw.to_string()),
                };
                RawColumn::cells((0..rows).map(|_| cell(stream.below(4))).collect())
            };
            let kind = if numeric { Kind::Numeric } else { Kind::Categorical };
            let (original, release, control) = (cells(25), cells(40), cells(15));
            builder.add(&format!("c{column}"), kind, original, release, Some(control)).unwrap();
        }
        let tables = builder.finish();
        let attacker = LinkabilityAttacker { halves: [vec![0, 3], vec![1, 2]], matcher: Default::default(), neighbors };
        let attempts = attacker.attack(&tables, &TargetRows::draw(&tables, Targets::All, 0), &NoProgress);
        let plain = |table: &Table| -> Vec<Attempt> {
            (0..table.rows()).map(|row| plain_attempt(&tables, &attacker, &table.row(row).to_vec())).collect()
        };
        assert_eq!(attempts.main, plain(&tables.original));
        assert_eq!(attempts.control, Some(plain(tables.control.as_ref().unwrap())));
    }
}

fn plain_attempt(tables: &Tables, attacker: &LinkabilityAttacker, target: &[u32]) -> Attempt {
    let release = &tables.anonymized;
    let nearest = |columns: &[usize]| -> Vec<usize> {
        let distance = GowerDistance::new(tables, columns);
        let known: Vec<u32> = columns.iter().map(|column| target[*column]).collect();
        let distances: Vec<f64> = (0..release.rows())
            .map(|row| distance.between(&known, columns.iter().map(|column| release.column(*column)[row])))
            .collect();
        let mut sorted = distances.clone();
        sorted.sort_by(f64::total_cmp);
        (0..release.rows()).filter(|row| distances[*row] <= sorted[attacker.neighbors - 1]).collect()
    };
    let (one, other) = (nearest(&attacker.halves[0]), nearest(&attacker.halves[1]));
    let common: std::collections::HashSet<Vec<u32>> =
        one.iter().filter(|row| other.contains(row)).map(|row| release.row(*row).to_vec()).collect();
    match common.len() {
        0 => Attempt::Miss,
        found if found <= attacker.neighbors => Attempt::HIT,
        _ => Attempt::Ambiguous,
    }
}
