//! The search for known columns finds what the plain loop over all sets finds, where a size has few.

use super::test::{attack, cell, everybody};
use super::*;
use crate::search::LARGEST_SET;
use crate::table::{Cell, Kind, RawColumn, TablesBuilder};
use crate::targets::NoProgress;
use proptest::prelude::*;

const COLUMNS: usize = 5;

/// Rows of three columns of numbers and two of letters, with cells that cover several values, are missing or suppressed.
fn rows(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Vec<Cell>>> {
    let row: Vec<_> = (0..COLUMNS).map(|column| cell(column < 3)).collect();
    prop::collection::vec(row, count)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]
    #[test]
    fn the_best_set_of_each_size_is_found(
        original in rows(2..12),
        release in rows(2..12),
        keys in prop::collection::vec(0..10u32, 24),
    ) {
        let mut builder = TablesBuilder::new(original.len(), release.len(), None);
        for column in 0..COLUMNS {
            let cells = |rows: &[Vec<Cell>]| RawColumn::cells(rows.iter().map(|row| row[column].clone()).collect());
            let kind = if column < 3 { Kind::Numeric } else { Kind::Categorical };
            builder.add(&format!("c{column}"), kind, cells(&original), cells(&release), None).unwrap();
        }
        builder.records(keys[..original.len()].to_vec(), keys[12..12 + release.len()].to_vec());
        let tables = builder.finish();
        // Whom the attacker of record names by compatible records.
        let exposed = |columns: &[usize]| -> f64 {
            let claims = attack(&tables, columns, LinkageMatcher::Compatible).main;
            let compatible: Vec<Claim> = claims.into_iter().filter(|claim| claim.is_compatible).collect();
            Claims::of(&compatible).expected
        };
        let mut best: Vec<f64> = Vec::new();
        for size in 1..=COLUMNS {
            let sets = (1u32..1 << COLUMNS).filter(|set| set.count_ones() as usize == size);
            let columns = |set: u32| (0..COLUMNS).filter(|column| set & 1 << column != 0).collect::<Vec<_>>();
            let most = sets.map(|set| exposed(&columns(set))).fold(0.0, f64::max);
            if most > best.last().copied().unwrap_or(0.0) {
                best.push(most);
            }
        }
        let among: Vec<usize> = (0..COLUMNS).collect();
        let truth = Truth::known(&tables).unwrap();
        let found = search(&tables, &truth, &everybody(&tables), &among, LARGEST_SET, &NoProgress);
        prop_assert_eq!(found.sets.iter().map(|set| exposed(set)).collect::<Vec<f64>>(), best);
        prop_assert_eq!(found.searched, (1 << COLUMNS) - 1);
    }
}
