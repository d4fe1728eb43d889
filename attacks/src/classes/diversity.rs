//! How many values of a sensitive column the rows of a class hold: l-diversity.
//!
//! # Source
//! Machanavajjhala, Kifer, Gehrke & Venkitasubramaniam 2007, ACM TKDD 1(1):3. *Distinct*: the least number of values in a class.
//! *Entropy*: the exponential of the least entropy. *Recursive (c, l)*: with a class's counts r₁ ≥ r₂ ≥ … ≥ rₘ, every class has
//! r₁ < c·(r_l + … + rₘ).

use super::Classes;
use crate::table::Lists;

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

/// The values of a column that the rows of each class hold, with the number of its rows that hold them.
#[derive(Debug, Clone)]
pub struct ValuesOfClasses {
    /// Where the values of each class end.
    ends: Vec<usize>,
    /// Value and rows, class by class, the values of a class ascending.
    held: Vec<(u32, u64)>,
}

impl ValuesOfClasses {
    /// Counts a column that is given as a code per release row.
    pub fn of(classes: &Classes, values: &[u32]) -> ValuesOfClasses {
        let rows = Lists::by_key(&classes.groups.of_row, classes.groups.len());
        let (mut ends, mut held, mut of_class) = (Vec::with_capacity(classes.groups.len()), Vec::new(), Vec::new());
        for class in 0..classes.groups.len() as u32 {
            of_class.clear();
            of_class.extend(rows.of(class).iter().map(|row| values[*row as usize]));
            of_class.sort_unstable();
            held.extend(of_class.chunk_by(|a, b| a == b).map(|run| (run[0], run.len() as u64)));
            ends.push(held.len());
        }
        ValuesOfClasses { ends, held }
    }

    /// Value and rows of each class.
    pub(super) fn by_class(&self) -> impl Iterator<Item = &[(u32, u64)]> {
        let from = |class: usize| class.checked_sub(1).map_or(0, |before| self.ends[before]);
        (0..self.ends.len()).map(move |class| &self.held[from(class)..self.ends[class]])
    }

    /// Value and rows of all classes, a value as often as classes hold it.
    pub(super) fn all(&self) -> &[(u32, u64)] {
        &self.held
    }
}

/// The diversity of a column. `None` without a class.
pub fn diversity(values: &ValuesOfClasses) -> Option<Diversity> {
    let distinct = values.by_class().map(<[_]>::len).min()?;
    let (mut entropy, mut counts) = (f64::INFINITY, Vec::new());
    // The worst ratio for l = 2 and for l = `distinct`; `None` once a class has too few values for one.
    let (mut recursive_2, mut recursive_distinct) = (Some(0.0), Some(0.0));
    for class in values.by_class() {
        counts.clear();
        counts.extend(class.iter().map(|(_, rows)| *rows));
        counts.sort_unstable_by(|a: &u64, b| b.cmp(a));
        entropy = f64::min(entropy, entropy_of(&counts));
        let worst = |worst: Option<f64>, l: usize| {
            let others: u64 = counts.iter().skip(l - 1).sum();
            (others > 0).then(|| Some(f64::max(worst?, counts[0] as f64 / others as f64)))?
        };
        recursive_2 = worst(recursive_2, 2);
        recursive_distinct = worst(recursive_distinct, distinct);
    }
    recursive_distinct = recursive_distinct.filter(|_| distinct > 1);
    Some(Diversity { distinct: distinct as u64, entropy: entropy.exp(), recursive_2, recursive_distinct })
}

/// The entropy, in nats, of a value drawn from these counts.
fn entropy_of(counts: &[u64]) -> f64 {
    let rows: u64 = counts.iter().sum();
    let term = |count: &u64| {
        let share = *count as f64 / rows as f64;
        share * share.ln()
    };
    // A class of one value has no entropy, and not a negative zero.
    (-counts.iter().map(term).sum::<f64>()).max(0.0)
}
