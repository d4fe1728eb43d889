//! What the estimate needs of the predicates: how often each pair of counts occurred, and the design effects.

use crate::singling_out::Hit;
use foldhash::fast::FixedState;
use std::collections::{BTreeMap, HashMap};

/// Predicates that match the same numbers of persons in both tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell {
    /// Persons of the original.
    pub original: u64,
    /// Persons of the control.
    pub control: u64,
    /// Predicates.
    pub count: u64,
}

/// Predicates grouped by their counts, ascending.
pub(super) fn cells(hits: &[Hit], control: &[Hit]) -> Vec<Cell> {
    let mut counts: BTreeMap<(u64, u64), u64> = BTreeMap::new();
    for (hit, control) in hits.iter().zip(control) {
        *counts.entry((hit.persons, control.persons)).or_default() += 1;
    }
    counts.into_iter().map(|((original, control), count)| Cell { original, control, count }).collect()
}

/// The design effect of Σ y over predicates that share persons, or `None` when no predicate counts:
/// d = Σ_j (Σ_{i hits j} y_i/√c_i)² / Σ_i y_i, over persons j, where predicate i hits c_i persons.
///
/// A predicate's success is a statement about the persons it hits, so it is divided among them: with shares y_i/√c_i the
/// squares of one predicate's shares sum to y_i², as they should if it alone hit its persons. Predicates with the
/// same persons then count as one. With c = 1 and y = 1 it is Kish's Σ m_j²/Σ m_j (1965, Survey Sampling, section 8.2),
/// the one of METHOD section 6. Below 1 it may fall when the y are fractions.
///
/// Predicates whose persons were not kept (more than [`Hit::KEPT`]) do not count: on either side of the ratio.
pub(super) fn design_effect<'a>(hits: impl IntoIterator<Item = (&'a Hit, f64)>) -> Option<f64> {
    let mut shares: HashMap<u32, f64, FixedState> = HashMap::default();
    let mut total = 0.0;
    for (hit, weight) in hits {
        if hit.kept.is_empty() || weight <= 0.0 {
            continue;
        }
        total += weight;
        let share = weight / (hit.kept.len() as f64).sqrt();
        for person in &hit.kept {
            *shares.entry(*person).or_default() += share;
        }
    }
    (total > 0.0).then(|| squares(shares.into_values()) / total)
}

/// The sum of the squares, smallest first: the order of the persons, which is that of the table's rows, decides no bit.
fn squares(shares: impl Iterator<Item = f64>) -> f64 {
    let mut squares: Vec<f64> = shares.map(|share| share * share).collect();
    squares.sort_unstable_by(f64::total_cmp);
    squares.iter().sum()
}

/// The design effects of an attacker's predicates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Design {
    /// Of the predicates that isolate a person of the original; at least 1.
    pub original: f64,
    /// Of the null rate's terms, over persons of the control.
    pub control: f64,
}

impl Design {
    /// From the persons that predicates hit, and each predicate's term in the null rate at the original's size.
    pub fn new(persons: [u64; 2], hits: &[Hit], control: &[Hit], terms: impl Fn(&Hit) -> f64) -> Design {
        let isolating = hits.iter().filter(|hit| hit.persons == 1).map(|hit| (hit, 1.0));
        let original = design_effect(isolating).unwrap_or(1.0).max(1.0);
        // Terms that are fractions vary less than successes and failures do, but never less than so many draws
        // of N persons as m holds would.
        let floor = (persons[0] as f64 / persons[1] as f64).min(1.0);
        let control_effect = design_effect(control.iter().map(|hit| (hit, terms(hit)))).unwrap_or(1.0).max(floor);
        Design { original, control: control_effect }
    }
}
