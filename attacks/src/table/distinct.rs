//! Equal rows of a table.

use super::{Groups, Table};
use foldhash::fast::FixedState;
use std::collections::HashMap;

/// Rows hashed in one go.
const TILE: usize = 4096;

/// Rows grouped by equality in every column: as [`Groups::of`] all columns, in one pass over hashes of the rows.
pub(crate) fn distinct_rows(table: &Table) -> Groups {
    let columns: Vec<&[u32]> = (0..table.columns()).map(|column| table.column(column)).collect();
    group(table.rows(), &columns, &hashes(table.rows(), &columns))
}

/// A hash of each row.
fn hashes(rows: usize, columns: &[&[u32]]) -> Vec<u64> {
    let mut hashes = vec![0; rows];
    hashes.chunks_mut(TILE).enumerate().for_each(|(tile, hashes)| {
        for codes in columns {
            for (hash, code) in hashes.iter_mut().zip(&codes[tile * TILE..]) {
                *hash = mix(*hash ^ u64::from(*code));
            }
        }
    });
    hashes
}

/// Both halves of the product with an odd number (the golden ratio's), one on the other.
fn mix(value: u64) -> u64 {
    let product = u128::from(value ^ 0x243f_6a88_85a3_08d3) * 0x9e37_79b9_7f4a_7c15;
    product as u64 ^ (product >> 64) as u64
}

fn group(rows: usize, columns: &[&[u32]], hashes: &[u64]) -> Groups {
    let mut groups = Groups { of_row: Vec::with_capacity(rows), first: Vec::new() };
    let mut by_hash: HashMap<u64, u32, FixedState> = HashMap::default();
    for (row, hash) in hashes.iter().enumerate() {
        let mut hash = *hash;
        let group = loop {
            let next = groups.first.len() as u32;
            let group = *by_hash.entry(hash).or_insert(next);
            if group == next {
                groups.first.push(row as u32);
                break group;
            }
            let first = groups.first[group as usize] as usize;
            if columns.iter().all(|codes| codes[row] == codes[first]) {
                break group;
            }
            // Another row has this hash.
            hash = hash.wrapping_add(1);
        };
        groups.of_row.push(group);
    }
    groups
}

#[cfg(test)]
mod test {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn equals_grouping_by_every_column(
            rows in prop::collection::vec([0u32..3, 0u32..4, 0u32..2], 0..60),
            buckets in 1u64..9,
        ) {
            let columns = [0, 1, 2].map(|column| rows.iter().map(|row| row[column]).collect::<Vec<_>>());
            let columns = columns.each_ref().map(Vec::as_slice);
            let expected = Groups::of(rows.len(), columns);
            let hashes = hashes(rows.len(), &columns);
            // Different rows of one hash, too.
            let alike: Vec<u64> = hashes.iter().map(|hash| hash % buckets).collect();
            for hashes in [hashes, alike] {
                let groups = group(rows.len(), &columns, &hashes);
                prop_assert_eq!(&groups.of_row, &expected.of_row);
                prop_assert_eq!(&groups.first, &expected.first);
            }
        }
    }
}
