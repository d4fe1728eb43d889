//! What agreement with a cell is worth.

use crate::table::{Cell, Domain, Tables};

/// A whole unit of a gain, in bits after the point, where the columns are few.
const BITS: i32 = 16;

/// The gains of an attacker's columns.
#[derive(Debug, Clone)]
pub struct Weights<'a> {
    columns: Vec<ColumnWeights<'a>>,
    /// Units of a natural logarithm.
    units: f64,
}

/// One column's gains.
#[derive(Debug, Clone)]
struct ColumnWeights<'a> {
    domain: &'a Domain,
    /// In whole units, by code.
    gains: Vec<u32>,
    most: u32,
}

impl<'a> Weights<'a> {
    /// The gains of columns, given how likely a random cell lies under each code and what disagreement costs.
    pub fn new(tables: &'a Tables, columns: &[usize], shares: &[Shares], costs: &[f64]) -> Weights<'a> {
        let in_nats: Vec<Vec<f64>> = shares
            .iter()
            .zip(costs)
            .map(|(shares, cost)| shares.of_code.iter().map(|share| -libm::log(*share) + cost).collect())
            .collect();
        let most: f64 = in_nats.iter().map(|gains| gains.iter().copied().fold(0.0, f64::max)).sum();
        let mut bits = BITS;
        while bits > 0 && (most + 1.0) * libm::ldexp(1.0, bits) + columns.len() as f64 > f64::from(i32::MAX) {
            bits -= 1;
        }
        let units = libm::ldexp(1.0, bits);
        let columns = columns.iter().zip(in_nats).map(|(column, gains)| {
            let gains: Vec<u32> = gains.into_iter().map(|gain| (gain * units).round() as u32).collect();
            let most = gains.iter().copied().max().unwrap_or(0);
            ColumnWeights { domain: &tables.columns[*column].domain, gains, most }
        });
        Weights { columns: columns.collect(), units }
    }

    /// Number of columns.
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether there are no columns.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// Dictionary of a column.
    pub fn domain(&self, at: usize) -> &'a Domain {
        self.columns[at].domain
    }

    /// Units of a natural logarithm.
    pub fn units(&self) -> f64 {
        self.units
    }

    /// What a cell gives to a target that has the same one, in units.
    #[inline]
    pub fn own(&self, at: usize, code: u32) -> u32 {
        self.columns[at].gains[code as usize]
    }

    /// The same of every code of a column.
    pub(super) fn gains(&self, at: usize) -> &[u32] {
        &self.columns[at].gains
    }

    /// The largest gain of a column.
    pub fn most(&self, at: usize) -> u32 {
        self.columns[at].most
    }

    /// What a release cell gives to a target's cell, in units.
    pub fn gain(&self, at: usize, target: u32, release: u32) -> u32 {
        match are_compatible(self.columns[at].domain, target, release) {
            true => self.compatible_gain(at, target, release),
            false => 0,
        }
    }

    /// What a release cell gives to a target's cell that it is compatible with, in units.
    pub fn compatible_gain(&self, at: usize, target: u32, release: u32) -> u32 {
        self.own(at, target).min(self.own(at, release))
    }

    /// The score of a release record, both given by their codes in the order of the columns.
    pub fn score(&self, target: &[u32], release: &[u32]) -> u32 {
        let cells = target.iter().zip(release).enumerate();
        cells.map(|(at, (target, release))| self.gain(at, *target, *release)).sum()
    }

    /// The same of a record that is compatible with the target in every column.
    pub fn compatible_score(&self, target: &[u32], release: &[u32]) -> u32 {
        let cells = target.iter().zip(release).enumerate();
        cells.map(|(at, (target, release))| self.compatible_gain(at, *target, *release)).sum()
    }

    /// The score of a record that is equal to the target, in natural logarithms.
    pub fn copy(&self, target: &[u32]) -> f64 {
        let full: u64 = target.iter().enumerate().map(|(at, code)| u64::from(self.own(at, *code))).sum();
        full as f64 / self.units
    }

    /// What a record of that score lacks of one that is equal to the target, in natural logarithms: this is how far it is.
    pub fn distance(&self, target: &[u32], score: u32) -> f64 {
        let full: u32 = target.iter().enumerate().map(|(at, code)| self.own(at, *code)).sum();
        f64::from(full - score) / self.units
    }
}

/// Whether a target's cell and a release cell can be of one person: equal, or one covers what the other may be.
pub(crate) fn are_compatible(domain: &Domain, target: u32, release: u32) -> bool {
    if target == release {
        return true;
    }
    if domain.is_exact(target) && domain.is_exact(release) {
        return false;
    }
    match (domain.cell(target), domain.cell(release)) {
        (Cell::Suppressed, _) | (_, Cell::Suppressed) => true,
        (Cell::Interval(one), Cell::Interval(other)) => one.meets(other),
        (Cell::Interval(interval), Cell::Number(value)) | (Cell::Number(value), Cell::Interval(interval)) => {
            interval.contains(*value)
        }
        (Cell::OneOf(_), _) | (_, Cell::OneOf(_)) => {
            let categories = domain.coverage().and_then(|coverage| coverage.categories());
            categories.is_some_and(|categories| categories.meet(target, release))
        }
        _ => false,
    }
}

/// How the exact cells of one column are spread over all tables; generalized cells of persons are cells of their own.
#[derive(Debug, Clone)]
pub struct Shares {
    /// The share of cells that a code's cell is, or covers; at least that of one cell.
    of_code: Vec<f64>,
    /// The chance that two random cells are equal.
    same: f64,
}

impl Shares {
    /// Counts a column's cells over the original, the release and the control.
    pub fn of(tables: &Tables, column: usize) -> Shares {
        let domain = &tables.columns[column].domain;
        let mut counts = vec![0u64; domain.len()];
        for table in [Some(&tables.original), tables.control.as_ref()].into_iter().flatten() {
            table.column(column).iter().for_each(|code| counts[*code as usize] += 1);
        }
        // Generalized cells of the release say nothing of how values are spread.
        let exact_codes = domain.exact_codes();
        let released = tables.anonymized.column(column).iter().filter(|code| **code < exact_codes.end);
        released.for_each(|code| counts[*code as usize] += 1);
        if *domain.cell(domain.len() as u32 - 1) == Cell::Suppressed {
            counts[domain.len() - 1] = 0;
        }
        let total = counts.iter().sum::<u64>().max(1);
        let coverage = domain.coverage();
        let numbers = coverage.and_then(|coverage| coverage.numbers());
        let categories = coverage.and_then(|coverage| coverage.categories());
        // What a cell covers, bands and sets of persons in it included, or at least the persons who have the same one.
        let covered = |code: u32| {
            let rows = match domain.cell(code) {
                Cell::Missing | Cell::Number(_) | Cell::Category(_) => 0.0,
                Cell::Interval(_) => numbers.map_or(0.0, |numbers| numbers.rows_of(numbers.covered(code))),
                Cell::OneOf(_) => categories.map_or(0.0, |categories| categories.rows_of(code)),
                Cell::Suppressed => total as f64,
            };
            rows.max(counts[code as usize] as f64).max(1.0) / total as f64
        };
        let of_code = (0..domain.len() as u32).map(covered).collect();
        let same: f64 = counts.iter().map(|count| (*count as f64 / total as f64).powi(2)).sum();
        Shares { of_code, same }
    }

    /// What agreement with a code's cell is worth: −ln of its share, 0 for a suppressed one.
    pub(crate) fn worth(&self, code: u32) -> f64 {
        -libm::log(self.of_code[code as usize])
    }

    /// The chance that two random cells are equal.
    pub fn same(&self) -> f64 {
        self.same
    }
}
