//! How far the values of a sensitive column in a class are from those of all rows: t-closeness.
//!
//! # Source
//! Li, Li & Venkatasubramanian 2007, ICDE: the earth mover's distance of the two distributions. With *equal* distances between
//! values it is their total variation, ½·Σ|p − q|. With *ordered* ones, i and j of m values being |i − j|/(m − 1) apart, it is
//! Σ|Σ_{j ≤ i}(p_j − q_j)|/(m − 1).

use super::Classes;
use super::diversity::counts_by_class;
use std::collections::BTreeMap;
use std::ops::Range;

/// The largest distance of a class's values from all rows' values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Closeness {
    /// With values equally far apart.
    pub equal: f64,
    /// With values as far apart as their ranks, the codes being in the order of the values; 0 for a column of one value.
    pub ordered: f64,
}

/// The closeness of a column, given as a code per release row, over the rows that are in classes. `None` without a class.
///
/// Takes time in the number of values that the classes hold, not in classes times values: between two values that a class
/// holds its distribution function stands still, and sums over all rows' function are looked up.
pub fn closeness(classes: &Classes, values: &[u32]) -> Option<Closeness> {
    let mut of_all: BTreeMap<u32, u64> = BTreeMap::new();
    classes.rows().for_each(|(row, _)| *of_all.entry(values[row]).or_default() += 1);
    let all = Cumulated::new(&of_all)?;
    let mut worst = Closeness { equal: 0.0, ordered: 0.0 };
    for counts in counts_by_class(classes, values) {
        let own: u64 = counts.iter().map(|(_, count)| count).sum();
        // Values that the class does not hold are too few by what all rows have of them.
        let (mut equal, mut others, mut ordered) = (0.0, 1.0, 0.0);
        let (mut from, mut held) = (0, 0);
        for (value, count) in counts {
            let at = all.values.partition_point(|other| *other < value);
            let share = all.share(at);
            equal += (count as f64 / own as f64 - share).abs();
            others -= share;
            ordered += all.gaps(from..at, held as f64 / own as f64);
            (from, held) = (at, held + count);
        }
        ordered += all.gaps(from..all.values.len(), held as f64 / own as f64);
        let steps = all.values.len().saturating_sub(1).max(1) as f64;
        worst.equal = worst.equal.max((equal + f64::max(others, 0.0)) / 2.0);
        worst.ordered = worst.ordered.max(ordered / steps);
    }
    Some(worst)
}

/// The distribution function of all rows, and its sums.
struct Cumulated {
    /// Values ascending.
    values: Vec<u32>,
    /// The share of the rows with a value up to each.
    up_to: Vec<f64>,
    /// The sum of those shares before each value.
    sums: Vec<f64>,
}

impl Cumulated {
    fn new(rows_of: &BTreeMap<u32, u64>) -> Option<Cumulated> {
        let rows: u64 = rows_of.values().sum();
        if rows == 0 {
            return None;
        }
        let (mut seen, mut sum) = (0, 0.0);
        let (mut up_to, mut sums) = (Vec::with_capacity(rows_of.len()), vec![0.0]);
        for count in rows_of.values() {
            seen += count;
            let share = seen as f64 / rows as f64;
            sum += share;
            up_to.push(share);
            sums.push(sum);
        }
        Some(Cumulated { values: rows_of.keys().copied().collect(), up_to, sums })
    }

    fn share(&self, at: usize) -> f64 {
        self.up_to[at] - at.checked_sub(1).map_or(0.0, |before| self.up_to[before])
    }

    /// The sum over some values of how far the function is from a level.
    fn gaps(&self, values: Range<usize>, level: f64) -> f64 {
        let above = values.start + self.up_to[values.clone()].partition_point(|share| *share <= level);
        let below = level.mul_add((above - values.start) as f64, -(self.sums[above] - self.sums[values.start]));
        let over = level.mul_add(-((values.end - above) as f64), self.sums[values.end] - self.sums[above]);
        below + over
    }
}
