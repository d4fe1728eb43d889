//! How many values of a sensitive column the rows of a class hold: l-diversity.
//!
//! # Source
//! Machanavajjhala, Kifer, Gehrke & Venkitasubramaniam 2007, ACM TKDD 1(1):3. *Distinct*: the least number of values in a class.
//! *Entropy*: the exponential of the least entropy. *Recursive (c, l)*: with a class's counts r₁ ≥ r₂ ≥ … ≥ rₘ, every class has
//! r₁ < c·(r_l + … + rₘ).

use super::Classes;

/// How diverse a sensitive column is within classes; the figures of the least diverse class.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Diversity {
    /// The least number of distinct values in a class.
    pub distinct: u64,
    /// The exponential of the least entropy: as many equally frequent values would have it.
    pub entropy: f64,
    /// For l = 2, the number that c must exceed: the largest ratio of a class's most frequent value to all its others. `None` when a
    /// class holds one value only: no c is enough then.
    pub recursive_2: Option<f64>,
    /// The same for l = `distinct`, where that is more than 1.
    pub recursive_distinct: Option<f64>,
}

/// Counts of the values of a column in one class, the most frequent first.
pub(super) fn counts_by_class(classes: &Classes, values: &[u32]) -> Vec<Vec<(u32, u64)>> {
    let mut pairs: Vec<(u32, u32)> = classes.rows().map(|(row, class)| (class, values[row])).collect();
    pairs.sort_unstable();
    let mut counts: Vec<Vec<(u32, u64)>> = vec![Vec::new(); classes.groups.len()];
    for run in pairs.chunk_by(|a, b| a == b) {
        counts[run[0].0 as usize].push((run[0].1, run.len() as u64));
    }
    counts
}

/// The diversity of a column, given as a code per release row. `None` without a class.
pub fn diversity(classes: &Classes, values: &[u32]) -> Option<Diversity> {
    let mut by_class: Vec<Vec<u64>> = counts_by_class(classes, values)
        .into_iter()
        .map(|counts| counts.into_iter().map(|(_, rows)| rows).collect())
        .collect();
    by_class.iter_mut().for_each(|counts| counts.sort_unstable_by(|a, b| b.cmp(a)));
    let distinct = by_class.iter().map(Vec::len).min()? as u64;
    let entropy = by_class.iter().map(|counts| entropy(counts)).fold(f64::INFINITY, f64::min).exp();
    let recursive = |l: usize| {
        let ratios = by_class.iter().map(|counts| {
            let others: u64 = counts.iter().skip(l - 1).sum();
            (others > 0).then(|| counts[0] as f64 / others as f64)
        });
        ratios.reduce(|worst, ratio| Some(worst?.max(ratio?))).flatten()
    };
    let recursive_distinct = if distinct > 1 { recursive(distinct as usize) } else { None };
    Some(Diversity { distinct, entropy, recursive_2: recursive(2), recursive_distinct })
}

/// The entropy, in nats, of a value drawn from these counts.
fn entropy(counts: &[u64]) -> f64 {
    let rows: u64 = counts.iter().sum();
    let term = |count: &u64| {
        let share = *count as f64 / rows as f64;
        share * share.ln()
    };
    // A class of one value has no entropy, and not a negative zero.
    (-counts.iter().map(term).sum::<f64>()).max(0.0)
}
