//! The distance of record.

use crate::table::{Domain, Tables};

/// Gower's distance between a target and release cells, summed over an attacker's columns in table order.
///
/// * numeric: |a − b| / range over all tables, 0 when the range is 0;
/// * otherwise 0 if equal, else 1;
/// * missing against missing 0, missing against present 1;
/// * a text among numbers against anything else 1;
/// * a cell that covers several values: what a random value of the column would cost, as far as the cell covers it
///   ([`Coverage`](crate::table::Coverage)).
#[derive(Debug, Clone)]
pub struct GowerDistance<'a> {
    domains: Vec<&'a Domain>,
}

impl<'a> GowerDistance<'a> {
    /// The distance over these columns, which should be ascending: table order.
    pub fn new(tables: &'a Tables, columns: &[usize]) -> GowerDistance<'a> {
        GowerDistance { domains: columns.iter().map(|column| &tables.columns[*column].domain).collect() }
    }

    /// Dictionaries of the columns.
    pub fn domains(&self) -> &[&'a Domain] {
        &self.domains
    }

    /// Distance between a target's codes and a release row's codes, both in the order of the columns.
    #[inline]
    pub fn between(&self, target: &[u32], release: impl IntoIterator<Item = u32>) -> f64 {
        let mut sum = 0.0;
        for ((domain, target), release) in self.domains.iter().zip(target).zip(release) {
            sum += column_distance(domain, *target, release);
        }
        sum
    }
}

/// Distance within one column between a target's cell and a release cell.
#[inline]
pub fn column_distance(domain: &Domain, target: u32, release: u32) -> f64 {
    if target == release {
        return 0.0;
    }
    if domain.is_exact(release.max(target)) {
        if !domain.is_number(target) || !domain.is_number(release) {
            return 1.0;
        }
        return over_range((domain.number(target) - domain.number(release)).abs(), domain.range());
    }
    generalized_distance(domain, target, release)
}

/// A gap over the range; a range of 0 adds nothing.
#[inline]
pub fn over_range(gap: f64, range: f64) -> f64 {
    if range > 0.0 { gap / range } else { 0.0 }
}

#[cold]
fn generalized_distance(domain: &Domain, target: u32, release: u32) -> f64 {
    domain.coverage().map_or(1.0, |coverage| coverage.cost(target, release))
}
