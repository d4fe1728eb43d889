//! Bands, masks, sets and nodes cover the values that a plain look at their texts finds, and no others.

use super::test::{Files, released};
use super::{Loaded, ReadOptions};
use proptest::prelude::*;
use reident_attacks::table::{Cell, Domain};
use std::fmt::Write;

/// Whether a cell covers a value of its column.
fn covers(domain: &Domain, cell: &Cell, value: u32) -> bool {
    match (cell, domain.cell(value)) {
        (Cell::Interval(interval), Cell::Number(number)) => interval.contains(*number),
        (Cell::OneOf(set), Cell::Category(text)) => set.contains(text),
        (Cell::Suppressed, _) => true,
        (cell, value) => cell == value,
    }
}

/// A release cell in words, and whether it covers a number of five digits by a plain look.
#[derive(Debug, Clone)]
enum Coarse {
    Band(u32, u32),
    Mask(u32, Vec<usize>),
    Set(Vec<u32>),
    Node(u32),
}

impl Coarse {
    fn text(&self) -> String {
        match self {
            Coarse::Band(lo, hi) => format!("{lo}-{hi}"),
            Coarse::Mask(value, open) => {
                let digits = value.to_string();
                digits.chars().enumerate().map(|(at, digit)| if open.contains(&at) { '*' } else { digit }).collect()
            }
            Coarse::Set(members) => {
                format!("{{{}}}", members.iter().map(u32::to_string).collect::<Vec<_>>().join(";"))
            }
            Coarse::Node(node) => format!("node {node}"),
        }
    }

    fn covers(&self, value: u32) -> bool {
        match self {
            Coarse::Band(lo, hi) => (*lo..=*hi).contains(&value),
            Coarse::Mask(of, open) => {
                let pairs = of.to_string().chars().zip(value.to_string().chars()).enumerate().collect::<Vec<_>>();
                pairs.into_iter().all(|(at, (mask, digit))| open.contains(&at) || mask == digit)
            }
            Coarse::Set(members) => members.contains(&value),
            Coarse::Node(node) => value % 7 == *node,
        }
    }
}

const VALUES: std::ops::Range<u32> = 10_000..10_040;

fn coarse(is_numeric: bool) -> impl Strategy<Value = Coarse> {
    let band = (VALUES, 1..20u32).prop_map(|(lo, width)| Coarse::Band(lo, lo + width));
    let open = if is_numeric { prop::collection::vec(4..5usize, 1) } else { prop::collection::vec(0..5usize, 1..4) };
    let mask = (VALUES, open).prop_map(|(value, open)| Coarse::Mask(value, open));
    let set = prop::collection::btree_set(VALUES, 2..5).prop_map(|members| Coarse::Set(members.into_iter().collect()));
    let node = (0..7u32).prop_map(Coarse::Node);
    if is_numeric { prop_oneof![band, mask].boxed() } else { prop_oneof![mask, set, node].boxed() }
}

fn check(loaded: &Loaded, cells: &[Coarse]) -> Result<(), TestCaseError> {
    let domain = &loaded.tables.columns[0].domain;
    for (cell, coarse) in released(loaded, "v").iter().zip(cells) {
        for (value, code) in VALUES.zip(loaded.tables.original.column(0)) {
            prop_assert_eq!(covers(domain, cell, *code), coarse.covers(value), "{:?} {:?} {}", coarse, cell, value);
        }
    }
    Ok(())
}

fn original(prefix: &str) -> String {
    VALUES.fold("v,k\n".to_owned(), |mut text, value| {
        let _ = writeln!(text, "{prefix}{value},k{value}");
        text
    })
}

fn release(cells: &[Coarse]) -> String {
    cells.iter().enumerate().fold("v,k\n".to_owned(), |mut text, (at, cell)| {
        let _ = writeln!(text, "{},k{at}", cell.text());
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn bands_and_masks_of_numbers(mut cells in prop::collection::vec(coarse(true), 1..12)) {
        // A release of nothing but a few narrow bands at one end could be of another scale, and is not compared then.
        cells.extend(vec![Coarse::Band(VALUES.start, VALUES.end - 1); cells.len()]);
        let loaded = Files::new().pair(original(""), release(&cells), &ReadOptions::default()).unwrap();
        check(&loaded, &cells)?;
    }

    #[test]
    fn masks_sets_and_nodes(mut cells in prop::collection::vec(coarse(false), 1..12)) {
        // Its values lie among those of the others, so that the column is one of categories.
        cells.push(Coarse::Node(3));
        let files = Files::new();
        let lines = VALUES.map(|value| format!("{value};node {};*\n", value % 7)).collect::<String>();
        let hierarchy = files.write("h.csv", lines);
        let options = ReadOptions { hierarchies: [("v".to_owned(), hierarchy)].into(), ..ReadOptions::default() };
        let loaded = files.pair(original(""), release(&cells), &options).unwrap();
        check(&loaded, &cells)?;
    }
}
