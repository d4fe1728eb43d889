//! The area under the receiver operating characteristic.

use crate::stats::proportion::wilson;
use crate::stats::{ConfidenceInterval, two_sided_quantile};
use crate::table::Table;
use rayon::prelude::*;

/// The chance that a random person of the original scores higher than one of the control, ties counted for a half, which is the
/// area under the curve (Mann & Whitney 1947, Ann. Math. Stat. 18:50; Bamber 1975, J. Math. Psych. 12:387).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// The estimate.
    pub value: f64,
    /// Its variance: what each person adds to the estimate, over the persons of either table (DeLong, DeLong & Clarke-Pearson
    /// 1988, Biometrics 44:837); over clusters of rows where persons have several (Obuchowski 1997, Biometrics 53:567).
    pub variance: f64,
    /// Persons of the smaller table.
    fewest: u64,
}

impl Area {
    /// From the scores of rows of the original and of the control, also sorted, and the tables, which say which rows are of one
    /// person. In time n·log n (Sun & Xu 2014, IEEE Signal Process. Lett. 21:1389).
    pub(super) fn new(scores: [&[f64]; 2], sorted: [&[f64]; 2], tables: [(&Table, &[u32]); 2]) -> Area {
        // How large a share of the other table lies below a score, ties for a half.
        let below = |score: f64, others: &[f64]| {
            let less = others.partition_point(|other| *other < score);
            let not_more = others.partition_point(|other| *other <= score);
            (less + not_more) as f64 / (2 * others.len()) as f64
        };
        let placements = [0, 1].map(|side| {
            let of = |score: &f64| below(*score, sorted[1 - side]);
            scores[side].par_iter().map(of).collect::<Vec<f64>>()
        });
        // As whole numbers of halves, so that the order of the rows does not decide the last bits.
        let halves = 2.0 * sorted[1].len() as f64;
        let total: u128 = placements[0].iter().map(|placement| (placement * halves).round() as u128).sum();
        let value = total as f64 / (halves * sorted[0].len() as f64);
        let (mut variance, mut fewest) = (0.0, u64::MAX);
        for (side, (table, rows)) in tables.into_iter().enumerate() {
            let mean = if side == 0 { value } else { 1.0 - value };
            let (part, persons) = variance_of_mean(&placements[side], mean, table, rows);
            variance += part;
            fewest = fewest.min(persons);
        }
        Area { value, variance, fewest }
    }

    /// The interval at a two-sided confidence level, symmetric on the scale of ln a/(1 − a), which keeps its ends between 0 and 1
    /// (Pepe 2003, The Statistical Evaluation of Medical Tests, section 5.2.4).
    ///
    /// Where the scores separate the tables altogether, the variance is 0 and says nothing; the interval is then that of a share that
    /// was always, or never, seen among the persons of the smaller table.
    pub fn interval(&self, confidence: f64) -> ConfidenceInterval {
        if self.variance <= 0.0 {
            let fewest = self.fewest as f64;
            let ends = wilson(self.value * fewest, fewest, confidence);
            return ConfidenceInterval { lo: ends.lo.min(self.value), hi: ends.hi.max(self.value) };
        }
        let logit = libm::log(self.value / (1.0 - self.value));
        let reach = two_sided_quantile(confidence) * self.variance.sqrt() / (self.value * (1.0 - self.value));
        let back = |x: f64| 1.0 / (1.0 + libm::exp(-x));
        ConfidenceInterval { lo: back(logit - reach), hi: back(logit + reach) }
    }

    /// 2a − 1 and its interval: the share of persons who would have to be told for certain to make this area.
    pub fn advantage(&self, confidence: f64) -> (f64, ConfidenceInterval) {
        let of = |area: f64| 2.0 * area - 1.0;
        let interval = self.interval(confidence);
        (of(self.value), ConfidenceInterval { lo: of(interval.lo), hi: of(interval.hi) })
    }
}

/// The variance of the mean of what rows add, over persons, and their number.
fn variance_of_mean(placements: &[f64], mean: f64, table: &Table, rows: &[u32]) -> (f64, u64) {
    let mut squares: Vec<f64> = match &table.subjects {
        None => placements.iter().map(|placement| (placement - mean) * (placement - mean)).collect(),
        Some(subjects) => {
            let mut by_person: Vec<(u32, f64)> =
                rows.iter().map(|row| subjects[*row as usize]).zip(placements.iter().copied()).collect();
            by_person.sort_unstable_by(|one, other| one.0.cmp(&other.0).then(one.1.total_cmp(&other.1)));
            let of_person = by_person.chunk_by(|one, other| one.0 == other.0);
            of_person.map(|rows| rows.iter().map(|(_, placement)| placement - mean).sum::<f64>().powi(2)).collect()
        }
    };
    squares.par_sort_unstable_by(f64::total_cmp);
    let persons = squares.len() as f64;
    let sum: f64 = squares.iter().sum();
    let count = placements.len() as f64;
    let unbiased = if persons > 1.0 { persons / (persons - 1.0) } else { 1.0 };
    (unbiased * sum / (count * count), squares.len() as u64)
}
