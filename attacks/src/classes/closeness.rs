//! How far the values of a sensitive column in a class are from those of all rows: t-closeness.
//!
//! # Source
//! Li, Li & Venkatasubramanian 2007, ICDE: the earth mover's distance of the two distributions. With *equal* distances between
//! values it is their total variation, ½·Σ|p − q|. With *ordered* ones, i and j of m values being |i − j|/(m − 1) apart, it is
//! Σ|Σ_{j ≤ i}(p_j − q_j)|/(m − 1).

use super::diversity::ValuesOfClasses;
use std::ops::Range;

/// The largest distance of a class's values from all rows' values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Closeness {
    /// With values equally far apart.
    pub equal: f64,
    /// With values as far apart as their ranks, the codes being in the order of the values; 0 for a column of one value.
    pub ordered: f64,
}

/// The closeness of a column, over the rows that are in classes. `None` without a class.
///
/// Takes time in the number of values that the classes hold, not in classes times values: between two values that a class
/// holds its distribution function stands still, and sums over all rows' function are looked up. Classes of one value are as far as
/// one another where it is the same value.
pub fn closeness(values: &ValuesOfClasses) -> Option<Closeness> {
    let all = Cumulated::new(values.all())?;
    let mut seen_alone = vec![false; all.up_to.len()];
    let mut worst = Closeness { equal: 0.0, ordered: 0.0 };
    for counts in values.by_class() {
        if let [(value, _)] = counts
            && std::mem::replace(&mut seen_alone[all.place(*value)], true)
        {
            continue;
        }
        let own: u64 = counts.iter().map(|(_, count)| count).sum();
        // Values that the class does not hold are too few by what all rows have of them.
        let (mut equal, mut others, mut ordered) = (0.0, 1.0, 0.0);
        let (mut from, mut held) = (0, 0);
        for (value, count) in counts {
            let at = all.place(*value);
            let share = all.share(at);
            equal += (*count as f64 / own as f64 - share).abs();
            others -= share;
            ordered += all.gaps(from..at, held as f64 / own as f64);
            (from, held) = (at, held + count);
        }
        ordered += all.gaps(from..all.up_to.len(), held as f64 / own as f64);
        let steps = all.up_to.len().saturating_sub(1).max(1) as f64;
        worst.equal = worst.equal.max((equal + f64::max(others, 0.0)) / 2.0);
        worst.ordered = worst.ordered.max(ordered / steps);
    }
    Some(worst)
}

/// The distribution function of all rows, and its sums.
struct Cumulated {
    /// Place of each value among those that are held, ascending.
    places: Vec<u32>,
    /// The share of the rows with a value up to each that is held.
    up_to: Vec<f64>,
    /// The sum of those shares before each value.
    sums: Vec<f64>,
}

impl Cumulated {
    /// Of values and the rows that hold them, a value as often as one likes. `None` without a row.
    fn new(held: &[(u32, u64)]) -> Option<Cumulated> {
        let last = held.iter().map(|(value, _)| *value).max()?;
        let mut rows_of = vec![0u64; last as usize + 1];
        held.iter().for_each(|(value, rows)| rows_of[*value as usize] += rows);
        let rows: u64 = rows_of.iter().sum();
        let (mut seen, mut sum) = (0, 0.0);
        let (mut places, mut up_to, mut sums) = (Vec::with_capacity(rows_of.len()), Vec::new(), vec![0.0]);
        for count in rows_of {
            places.push(up_to.len() as u32);
            if count > 0 {
                seen += count;
                let share = seen as f64 / rows as f64;
                sum += share;
                up_to.push(share);
                sums.push(sum);
            }
        }
        Some(Cumulated { places, up_to, sums })
    }

    /// The place of a value that is held.
    fn place(&self, value: u32) -> usize {
        self.places[value as usize] as usize
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
