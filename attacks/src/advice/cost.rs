//! What a change costs those who use the release.

use super::Change;
use super::candidates::released_numbers;
use super::covers::covers;
use crate::table::{Cell, Domain, Table, Tables};
use std::collections::HashMap;

/// What is lost of the release's use, as shares from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cost {
    /// The largest total-variation distance between a column's distribution before and after, when each cell is spread evenly over
    /// the values of the release that it may be.
    pub marginal: f64,
    /// The part of the pairwise dependence that is lost: of the sum over all pairs of columns of Cramér's V with the correction for
    /// bias (Bergsma 2013, J. Korean Stat. Soc. 42:323), numbers in ten groups of equal size.
    pub dependence: f64,
    /// Rows that are no longer released.
    pub rows: f64,
}

impl Cost {
    /// The largest of the three.
    pub fn most(&self) -> f64 {
        self.marginal.max(self.dependence).max(self.rows)
    }
}

/// Groups of numbers.
const GROUPS: usize = 10;
/// Categories that have a group of their own.
const CATEGORIES: usize = 20;

/// The release as it is, to which changes are compared.
pub(super) struct Before {
    columns: Vec<Grouping>,
    /// V of each pair, by the later column and the earlier.
    dependence: Vec<Vec<f64>>,
}

impl Before {
    pub fn new(tables: &Tables) -> Before {
        let release = &tables.anonymized;
        let columns: Vec<Grouping> = tables
            .columns
            .iter()
            .enumerate()
            .map(|(at, column)| Grouping::new(&column.domain, release.column(at)))
            .collect();
        let groups = grouped(&columns, tables);
        let pair = |at: usize, other: usize| cramers_v(&groups[at], &groups[other]);
        let dependence = (0..columns.len()).map(|at| (0..at).map(|other| pair(at, other)).collect()).collect();
        Before { columns, dependence }
    }

    /// What a change costs; `after` are the changed tables.
    pub fn cost(&self, tables: &Tables, change: &Change, after: &Tables) -> Cost {
        let release = &tables.anonymized;
        let changed = |at: usize| change.column().is_none_or(|column| column == at);
        let marginal = (0..self.columns.len()).filter(|at| changed(*at)).map(|at| {
            let before = counts(&tables.columns[at].domain, release.column(at));
            let after = counts(&after.columns[at].domain, after.anonymized.column(at));
            total_variation(&before, &after)
        });
        let marginal = marginal.fold(0.0, f64::max);
        let groups = grouped(&self.columns, after);
        let (mut whole, mut left) = (0.0, 0.0);
        for at in 0..self.columns.len() {
            for other in 0..at {
                let before = self.dependence[at][other];
                whole += before;
                let is_dropped = matches!(change, Change::Drop { column } if *column == at || *column == other);
                left += match (is_dropped, changed(at) || changed(other)) {
                    (true, _) => 0.0,
                    (false, true) => cramers_v(&groups[at], &groups[other]).min(before),
                    (false, false) => before,
                };
            }
        }
        let rows = 1.0 - after.anonymized.rows() as f64 / release.rows() as f64;
        Cost { marginal, dependence: if whole > 0.0 { 1.0 - left / whole } else { 0.0 }, rows }
    }
}

/// How the cells of a column are grouped.
struct Grouping {
    /// Upper ends of groups of numbers.
    cuts: Vec<f64>,
    /// Groups of the most frequent categories.
    categories: HashMap<String, u16>,
}

impl Grouping {
    fn new(domain: &Domain, codes: &[u32]) -> Grouping {
        let numbers = released_numbers(domain, codes);
        let cut = |group: usize| numbers.get(numbers.len() * group / GROUPS).copied();
        let mut cuts: Vec<f64> = (1..GROUPS).filter_map(cut).collect();
        cuts.dedup();
        let mut frequent: Vec<(u64, &String)> = counts(domain, codes)
            .into_iter()
            .filter_map(|(cell, rows)| if let Cell::Category(text) = cell { Some((rows, text)) } else { None })
            .collect();
        frequent.sort_unstable_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(other.1)));
        let categories = frequent.into_iter().take(CATEGORIES).enumerate();
        Grouping { cuts, categories: categories.map(|(at, (_, text))| (text.clone(), at as u16)).collect() }
    }

    /// The group of each code of a dictionary. Cells that cover several categories are groups of their own.
    fn groups(&self, domain: &Domain) -> Vec<u16> {
        let numbers = self.cuts.len() as u16 + 1;
        let (missing, other) = (numbers, numbers + 1);
        let mut next = other + 1 + CATEGORIES as u16;
        let of_number = |number: f64| self.cuts.partition_point(|cut| *cut <= number) as u16;
        let group = |cell: &Cell| match cell {
            Cell::Missing => missing,
            Cell::Number(number) => of_number(*number),
            Cell::Interval(interval) => interval.representative().map_or(missing, of_number),
            Cell::Category(text) => self.categories.get(text).map_or(other, |at| other + 1 + at),
            Cell::OneOf(_) => {
                next = next.saturating_add(1);
                next
            }
            Cell::Suppressed => missing,
        };
        domain.cells().iter().map(group).collect()
    }
}

fn grouped(columns: &[Grouping], tables: &Tables) -> Vec<Vec<u16>> {
    let of = |(at, grouping): (usize, &Grouping)| {
        let groups = grouping.groups(&tables.columns[at].domain);
        let release: &Table = &tables.anonymized;
        release.column(at).iter().map(|code| groups[*code as usize]).collect()
    };
    columns.iter().enumerate().map(of).collect()
}

/// Rows of each cell that occurs.
fn counts<'d>(domain: &'d Domain, codes: &[u32]) -> Vec<(&'d Cell, u64)> {
    let mut rows = vec![0u64; domain.len()];
    codes.iter().for_each(|code| rows[*code as usize] += 1);
    domain.cells().iter().zip(rows).filter(|(_, rows)| *rows > 0).collect()
}

/// Half the sum of what the shares of cells differ by, each cell that is new spread evenly over those before that it may be.
fn total_variation(before: &[(&Cell, u64)], after: &[(&Cell, u64)]) -> f64 {
    let all = |cells: &[(&Cell, u64)]| cells.iter().map(|(_, rows)| *rows).sum::<u64>().max(1) as f64;
    let (rows_before, rows_after) = (all(before), all(after));
    let mut shares = vec![0.0; before.len()];
    let mut at = 0;
    for (cell, rows) in after {
        let share = *rows as f64 / rows_after;
        // Both are in the order of codes, so that cells that stay follow each other.
        let found = before[at..].iter().position(|(own, _)| own == cell);
        if let Some(found) = found {
            at += found;
            shares[at] += share;
            continue;
        }
        let mut covered: Vec<usize> = (0..before.len()).filter(|own| covers(cell, before[*own].0)).collect();
        if covered.is_empty() {
            covered = (0..before.len()).collect();
        }
        covered.iter().for_each(|own| shares[*own] += share / covered.len() as f64);
    }
    let differences = before.iter().zip(shares).map(|((_, rows), share)| (*rows as f64 / rows_before - share).abs());
    differences.sum::<f64>() / 2.0
}

/// Cramér's V of two groupings of the same rows, corrected for bias.
fn cramers_v(one: &[u16], other: &[u16]) -> f64 {
    let dense = |groups: &[u16]| {
        let most = groups.iter().max().map_or(0, |most| usize::from(*most) + 1);
        let mut number = vec![usize::MAX; most];
        groups.iter().for_each(|group| number[usize::from(*group)] = 0);
        let mut next = 0;
        for number in number.iter_mut().filter(|number| **number == 0) {
            *number = next;
            next += 1;
        }
        (number, next)
    };
    let ((of_one, rows), (of_other, columns)) = (dense(one), dense(other));
    if rows < 2 || columns < 2 || one.len() < 2 {
        return 0.0;
    }
    let mut counts = vec![0u64; rows * columns];
    for (one, other) in one.iter().zip(other) {
        counts[of_one[usize::from(*one)] * columns + of_other[usize::from(*other)]] += 1;
    }
    let n = one.len() as f64;
    let by_row: Vec<f64> = counts.chunks(columns).map(|row| row.iter().sum::<u64>() as f64).collect();
    let by_column: Vec<f64> =
        (0..columns).map(|at| counts.iter().skip(at).step_by(columns).sum::<u64>() as f64).collect();
    let mut sum = 0.0;
    for (row, counts) in counts.chunks(columns).enumerate() {
        for (column, count) in counts.iter().enumerate() {
            sum += (*count as f64).powi(2) / (by_row[row] * by_column[column]);
        }
    }
    let (r, c) = (rows as f64, columns as f64);
    let phi = (sum - 1.0 - (r - 1.0) * (c - 1.0) / (n - 1.0)).max(0.0);
    let corrected = |k: f64| k - (k - 1.0).powi(2) / (n - 1.0);
    let least = corrected(r).min(corrected(c)) - 1.0;
    if least > 0.0 { (phi / least).sqrt().min(1.0) } else { 0.0 }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn dependence_is_one_of_a_copy_and_none_of_chance() {
        let one: Vec<u16> = (0..1000).map(|row| row % 5).collect();
        let other: Vec<u16> = (0..1000).map(|row| row / 5 % 4).collect();
        assert!((cramers_v(&one, &one) - 1.0).abs() < 0.01);
        assert_eq!(cramers_v(&one, &other), 0.0);
        assert_eq!(cramers_v(&one, &[3; 1000]), 0.0);
    }

    #[test]
    fn what_a_band_hides_is_spread_evenly() {
        let number = [1.0, 2.0, 3.0].map(Cell::Number);
        let before = [(&number[0], 6), (&number[1], 2), (&number[2], 2)];
        let band = Cell::Interval(crate::table::Interval::closed(1.0, 2.0));
        // .6 and .2 become .4 and .4; the 3 stays.
        assert!((total_variation(&before, &[(&number[2], 2), (&band, 8)]) - 0.2).abs() < 1e-12);
        assert_eq!(total_variation(&before, &before), 0.0);
        assert!((total_variation(&before, &[(&Cell::Suppressed, 10)]) - (0.6 - 1.0 / 3.0)).abs() < 1e-12);
    }
}
