//! The values of a column in few parts: bins of a known column, classes of a secret.
//!
//! A numeric column's numbers are cut where the table that is learnt from has equal numbers of rows; each category is a part, and so
//! is the missing value and each text among numbers. A cell that covers several values belongs to the parts of all of them, to
//! each as much as its values are frequent over the three tables; one that may be anything belongs to none. A set that
//! covers no category that anybody is known to hold is a part of its own.

use crate::inference::guess::numbers;
use crate::table::{Cell, Domain};

/// To which parts the cells of a column belong.
#[derive(Debug, Clone)]
pub(super) struct Parts {
    /// Number of parts.
    pub len: usize,
    /// Whether the parts follow the numbers of the column.
    pub is_ordered: bool,
    /// Of each code, its parts with the share of each; the shares of one code sum to 1.
    shares: Vec<(u32, f64)>,
    /// Where each code's shares begin.
    starts: Vec<u32>,
    /// Rows of the three tables whose values lie in each part, where cells cover several; else empty.
    rows: Vec<f64>,
}

impl Parts {
    /// The bins of a known column: at most so many for its numbers.
    pub fn bins(domain: &Domain, source: &[u32], most: usize) -> Parts {
        if !domain.kind().is_numeric() {
            return Parts::of_codes(domain, false, domain.exact_codes().len(), |code| Some(code - 1), |_| None);
        }
        let cuts = cuts(domain, source, most);
        let bin = |number: f64| cuts.partition_point(|cut| *cut < number) as u32;
        Parts::of_codes(domain, true, cuts.len() + 1, |code| Some(bin(domain.number(code))), |number| Some(bin(number)))
    }

    /// The classes of a secret: of its numbers those that `of_number` finds, of its other values those of their codes, where they
    /// have one.
    pub fn classes(
        domain: &Domain,
        of_code: &[Option<u32>],
        of_number: impl Fn(f64) -> Option<u32>,
        len: usize,
    ) -> Parts {
        let exact = (0..domain.len() as u32).filter(|code| domain.is_exact(*code));
        let mut parts = Parts { len, is_ordered: false, shares: Vec::new(), starts: vec![0], rows: Vec::new() };
        for code in exact {
            let class = match domain.is_number(code) {
                true => of_number(domain.number(code)),
                false => of_code[code as usize],
            };
            parts.push(class.map(|class| (class, 1.0)));
        }
        parts.push_generalized(domain, |code| of_code[code as usize], of_number, false);
        parts
    }

    /// Bins by code: exact values in `len` of them, then missing and each text among numbers, then sets of unknown categories.
    fn of_codes(
        domain: &Domain,
        is_ordered: bool,
        len: usize,
        of_code: impl Fn(u32) -> Option<u32>,
        of_number: impl Fn(f64) -> Option<u32>,
    ) -> Parts {
        let mut parts = Parts { len, is_ordered, shares: Vec::new(), starts: vec![0], rows: Vec::new() };
        for code in (0..domain.len() as u32).filter(|code| domain.is_exact(*code)) {
            let known = (domain.is_number(code) || (!is_ordered && code > 0)).then(|| of_code(code)).flatten();
            let part = known.unwrap_or_else(|| parts.another());
            parts.push([(part, 1.0)]);
        }
        parts.push_generalized(domain, of_code, of_number, true);
        parts
    }

    /// A part that no other code is in.
    fn another(&mut self) -> u32 {
        self.len += 1;
        self.len as u32 - 1
    }

    fn push(&mut self, shares: impl IntoIterator<Item = (u32, f64)>) {
        self.shares.extend(shares);
        self.starts.push(self.shares.len() as u32);
    }

    /// Adds the generalized codes, which follow the exact ones.
    fn push_generalized(
        &mut self,
        domain: &Domain,
        of_code: impl Fn(u32) -> Option<u32>,
        of_number: impl Fn(f64) -> Option<u32>,
        apart: bool,
    ) {
        let Some(coverage) = domain.coverage() else { return };
        let mut rows = vec![0.0; self.len];
        if let Some(known) = coverage.numbers() {
            for (at, number) in known.all().iter().enumerate() {
                if let Some(part) = of_number(*number) {
                    rows[part as usize] += known.rows_of(at..at + 1);
                }
            }
        }
        if let Some(categories) = coverage.categories() {
            for code in domain.exact_codes() {
                if let Some(part) = of_code(code) {
                    rows[part as usize] += categories.rows_of(code);
                }
            }
        }
        for code in domain.exact_codes().end..domain.len() as u32 {
            if domain.says_nothing(code) {
                self.push([]);
                continue;
            }
            let mut covered: Vec<(u32, f64)> = Vec::new();
            let mut add = |part: Option<u32>, rows: f64| match (part, covered.last_mut()) {
                (Some(part), Some((last, all))) if *last == part => *all += rows,
                (Some(part), _) => covered.push((part, rows)),
                (None, _) => {}
            };
            match (domain.cell(code), coverage.numbers(), coverage.categories()) {
                (Cell::Interval(interval), Some(known), _) => match known.covered(code) {
                    range if known.rows_of(range.clone()) > 0.0 => {
                        range.for_each(|at| add(of_number(known.all()[at]), known.rows_of(at..at + 1)));
                    }
                    _ => add(interval.representative().and_then(&of_number), 1.0),
                },
                (_, _, Some(categories)) => {
                    let held = categories.covered(code).filter(|(_, rows)| *rows > 0.0);
                    held.for_each(|(category, rows)| add(of_code(category), rows));
                }
                _ => {}
            }
            // Categories of one part need not follow one another.
            covered.sort_by_key(|(part, _)| *part);
            covered.dedup_by(|next, kept| {
                let same = next.0 == kept.0;
                kept.1 += if same { next.1 } else { 0.0 };
                same
            });
            let all: f64 = covered.iter().map(|(_, rows)| rows).sum();
            match covered.is_empty() || all <= 0.0 {
                false => self.push(covered.into_iter().map(|(part, rows)| (part, rows / all))),
                true if apart => {
                    let part = self.another();
                    self.push([(part, 1.0)]);
                }
                true => self.push([]),
            }
        }
        rows.resize(self.len, 0.0);
        self.rows = rows;
    }

    /// The parts of a code, with their shares; none of a cell that tells nothing.
    pub fn of(&self, code: u32) -> &[(u32, f64)] {
        &self.shares[self.starts[code as usize] as usize..self.starts[code as usize + 1] as usize]
    }

    /// The part in which most of what a code covers lies (of several, the first).
    pub fn likeliest(&self, code: u32) -> Option<u32> {
        let larger = |best: Option<(u32, f64)>, next: &(u32, f64)| match best {
            Some(best) if best.1 >= next.1 => Some(best),
            _ => Some(*next),
        };
        self.of(code).iter().fold(None, larger).map(|(part, _)| part)
    }

    /// Rows of the three tables with a value in a part, where a cell may cover a piece of it.
    pub fn rows(&self, part: u32) -> f64 {
        self.rows.get(part as usize).copied().filter(|rows| *rows > 0.0).unwrap_or(1.0)
    }
}

/// Where the numbers of a column are cut so that each bin holds about as many rows of a table; a frequent number has a bin
/// of its own. Halfway between two numbers, so that numbers that the table does not hold fall to the nearer one.
fn cuts(domain: &Domain, source: &[u32], most: usize) -> Vec<f64> {
    let mut rows = vec![0u64; domain.len()];
    source.iter().for_each(|code| rows[*code as usize] += 1);
    let mut held = numbers(domain, &rows);
    held.sort_by(|a, b| a.0.total_cmp(&b.0));
    let all: f64 = held.iter().map(|(_, rows)| rows).sum();
    let (mut before, mut last, mut cuts) = (0.0, None::<(usize, f64)>, Vec::new());
    for (number, rows) in held {
        // The bin in which the middle of its rows lies.
        let bin = ((before + rows / 2.0) / all * most as f64) as usize;
        match last {
            Some((of_last, before)) if of_last != bin && before < number => cuts.push(before / 2.0 + number / 2.0),
            _ => {}
        }
        (before, last) = (before + rows, Some((bin, number)));
    }
    cuts
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::table::{Interval, Kind, RawColumn, Tables, TablesBuilder};

    fn tables(kind: Kind, original: Vec<Cell>, release: Vec<Cell>) -> Tables {
        let mut builder = TablesBuilder::new(original.len(), release.len(), None);
        builder.add("x", kind, RawColumn::cells(original), RawColumn::cells(release), None).unwrap();
        builder.finish()
    }

    #[test]
    fn bins_hold_equal_numbers_of_rows_and_frequent_numbers_are_alone() {
        let release: Vec<Cell> =
            (0..1000u32).map(|at| Cell::Number(f64::from(if at < 600 { 0 } else { at }))).collect();
        let tables = tables(Kind::Numeric, vec![Cell::Number(650.5), Cell::Missing], release);
        let (domain, released) = (&tables.columns[0].domain, tables.anonymized.column(0));
        let bins = Parts::bins(domain, released, 10);
        let mut rows = vec![0; bins.len];
        released.iter().for_each(|code| rows[bins.of(*code)[0].0 as usize] += 1);
        // Six tenths hold zero; missing, which the release does not hold, is the last.
        assert_eq!(rows, [600, 100, 100, 100, 100, 0]);
        assert_eq!(tables.original.column(0).iter().map(|code| bins.of(*code)[0].0).collect::<Vec<_>>(), [1, 5]);
    }

    #[test]
    fn what_covers_several_values_is_shared_as_they_are_frequent() {
        let text = |text: &str| Cell::Category(text.to_owned());
        let set = Cell::OneOf(vec!["a".into(), "b".into()]);
        let original = vec![text("a"), text("a"), text("a"), text("b"), text("c")];
        let of_sets = tables(Kind::Categorical, original, vec![set, Cell::Suppressed]);
        let bins = Parts::bins(&of_sets.columns[0].domain, of_sets.anonymized.column(0), 10);
        let codes = of_sets.anonymized.column(0);
        assert_eq!((bins.of(codes[0]), bins.of(codes[1])), (&[(0, 0.75), (1, 0.25)][..], &[][..]));
        assert_eq!(bins.likeliest(codes[0]), Some(0));

        let numbers = |numbers: [f64; 5]| numbers.map(Cell::Number).to_vec();
        let band = Cell::Interval(Interval::closed(1.0, 2.0));
        let release = vec![band, Cell::Number(1.0), Cell::Number(2.0), Cell::Number(3.0)];
        let of_bands = tables(Kind::Numeric, numbers([1.0, 1.0, 2.0, 3.0, 3.0]), release);
        let bins = Parts::bins(&of_bands.columns[0].domain, of_bands.anonymized.column(0), 30);
        let shares = bins.of(of_bands.anonymized.column(0)[0]);
        assert_eq!(shares, [(0, 3.0 / 5.0), (1, 2.0 / 5.0)]);
    }
}
