//! Which release row is about which person: what an attacker is scored by, and never shown.

use crate::table::{Groups, Lists, Tables};

/// Where the truth comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TruthSource {
    /// A record key in both tables, a map of rows, or the order of the rows: every record of the release is known.
    Known,
    /// Nothing was given; rows that are unique in either table and equal in both are taken for the same record. Whoever
    /// has no such row counts as not found, so that every figure is a lower bound.
    EqualRows,
}

/// The records of the original and of the release: equal numbers are one record.
#[derive(Debug, Clone)]
pub struct Truth {
    /// Where it comes from.
    pub source: TruthSource,
    /// Record of each row of the original.
    original: Vec<u32>,
    /// Record of each row of the release.
    released: Vec<u32>,
    /// Rows of the release by record.
    rows: Lists,
    /// The most rows of the release that one record has.
    most: u32,
}

impl Truth {
    /// The truth that a record key, a map or the order of the rows gives; `None` without one.
    pub fn known(tables: &Tables) -> Option<Truth> {
        let (original, released) = (tables.original.records.clone()?, tables.anonymized.records.clone()?);
        Some(Truth::new(TruthSource::Known, original, released))
    }

    /// The truth that rows tell which are unique in the original, unique in the release, and equal on all columns.
    ///
    /// Rows that say nothing anywhere are nobody's.
    pub fn of_equal_rows(tables: &Tables) -> Truth {
        let (of_original, of_release) = (tables.original.rows(), tables.anonymized.rows());
        let columns: Vec<(&[u32], &[u32])> = (0..tables.columns.len())
            .map(|column| (tables.original.column(column), tables.anonymized.column(column)))
            .collect();
        let groups = Groups::across([of_original, of_release], &columns);
        let mut held = vec![[0u32; 2]; groups.len()];
        for (row, group) in groups.of_row.iter().enumerate() {
            held[*group as usize][usize::from(row >= of_original)] += 1;
        }
        // What is no pair gets a number of its own.
        let mut next = groups.len() as u32;
        let mut record = |group: u32| match held[group as usize] {
            [1, 1] => group,
            _ => {
                next += 1;
                next - 1
            }
        };
        let original = groups.of_row[..of_original].iter().map(|group| record(*group)).collect();
        let released = groups.of_row[of_original..].iter().map(|group| record(*group)).collect();
        Truth::new(TruthSource::EqualRows, original, released)
    }

    /// Release rows that are unique, equal to a unique row of the original, and the same record by this truth; and those that
    /// are another's by it.
    pub fn of_equals(&self, tables: &Tables) -> [usize; 2] {
        let equal = Truth::of_equal_rows(tables);
        let mut counts = [0; 2];
        for (row, record) in self.original.iter().enumerate() {
            for released in equal.rows_of(row as u32) {
                counts[usize::from(self.record(*released) != *record)] += 1;
            }
        }
        counts
    }

    /// Release rows whose record is one of the original's.
    pub fn joined(&self) -> usize {
        let mut held = vec![false; self.rows.bounds().count()];
        self.original.iter().for_each(|record| held[*record as usize] = true);
        self.released.iter().filter(|record| held[**record as usize]).count()
    }

    fn new(source: TruthSource, original: Vec<u32>, released: Vec<u32>) -> Truth {
        let records = original.iter().chain(&released).max().map_or(0, |most| *most as usize + 1);
        let rows = Lists::by_key(&released, records);
        let most = rows.bounds().map(|(start, end)| end - start).max().unwrap_or(0);
        Truth { source, original, released, rows, most }
    }

    /// Rows of the release that are about a row of the original.
    pub fn rows_of(&self, original: u32) -> &[u32] {
        self.rows.of(self.original[original as usize])
    }

    /// Record of a row of the release.
    pub fn record(&self, released: u32) -> u32 {
        self.released[released as usize]
    }

    /// The most rows of the release that one record has; 1 where no record was released twice.
    pub fn most_rows(&self) -> u32 {
        self.most
    }

    /// Distinct records of the release.
    pub fn records(&self) -> usize {
        self.rows.bounds().filter(|(start, end)| start < end).count()
    }
}
