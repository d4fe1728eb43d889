//! Rows by what they have in common in some columns.

use crate::table::Groups;

/// Rows looked at in one go.
pub(super) const TILE: usize = 1024;

/// A class per row: rows are of one class when they are equal in every column.
pub(super) struct Classes<'a> {
    rows: usize,
    count: usize,
    source: Source<'a>,
}

enum Source<'a> {
    /// Codes are the digits of the class, each column with as many values.
    Digits(Vec<(&'a [u32], u32)>),
    /// Found by grouping.
    Grouped(Vec<u32>),
}

impl<'a> Classes<'a> {
    /// By columns, each a code per row, and one past the largest of its codes.
    pub fn new(rows: usize, columns: impl IntoIterator<Item = (&'a [u32], usize)>) -> Classes<'a> {
        let columns: Vec<(&[u32], usize)> = columns.into_iter().collect();
        // All combinations of codes are few enough to be told apart without a look at the rows while they are no more than a
        // few times the rows.
        let combinations = columns.iter().try_fold(1usize, |product, (_, end)| product.checked_mul(*end));
        if let Some(count) = combinations.filter(|count| *count <= 4 * rows + 1024) {
            let digits = columns.into_iter().map(|(codes, end)| (codes, end as u32)).collect();
            return Classes { rows, count, source: Source::Digits(digits) };
        }
        let groups = Groups::of(rows, columns.into_iter().map(|(codes, _)| codes));
        Classes { rows, count: groups.len(), source: Source::Grouped(groups.of_row) }
    }

    /// Classes are below this.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Calls `with` with every row and its class.
    pub fn each(&self, mut with: impl FnMut(usize, u32)) {
        self.each_tile(|from, classes| {
            for (at, class) in classes.iter().enumerate() {
                with(from + at, *class);
            }
        });
    }

    /// Calls `with` with the first row of every stretch of rows and their classes.
    pub fn each_tile(&self, mut with: impl FnMut(usize, &[u32])) {
        let mut tile = [0; TILE];
        for from in (0..self.rows).step_by(TILE) {
            let until = self.rows.min(from + TILE);
            match &self.source {
                Source::Grouped(classes) => with(from, &classes[from..until]),
                Source::Digits(columns) => {
                    let tile = &mut tile[..until - from];
                    tile.fill(0);
                    for (codes, end) in columns {
                        for (class, code) in tile.iter_mut().zip(&codes[from..until]) {
                            *class = *class * end + code;
                        }
                    }
                    with(from, tile);
                }
            }
        }
    }
}
