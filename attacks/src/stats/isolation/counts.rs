//! What the estimate needs of the predicates: how often each pair of counts occurred, and the design effects.

use super::mixture::COMMON;
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

/// The design effect of what tells a leak, over persons of both tables.
///
/// Without a leak, whether a person who is hit belongs to the original or to the control is chance, whatever is hit: persons
/// could be exchanged between the tables at random. A predicate that hits s_i persons, c_O of the original, tells by
/// a(s_i)·c_O: with a share λ of leaked predicates the likelihood has at λ = 0 the derivative (c_O − N·w)·(1/(N·w) − ρ),
/// ρ = min(M, N)/N, where the first part of the second factor comes from the person who is matched and the other from those
/// who are not; and given s, 1/(N·w) is about (N + m)/(N·s). If persons are exchanged, Σ a·c_O has a variance in proportion
/// to Σ_j (A_j − Ā)², where A_j sums a over the predicates that hit person j, and would have one in proportion to Σ_i a_i²·s_i
/// if no two predicates shared a person. The quotient is the mean of the deviance that permutations of the persons show
/// (Romano 1989, Ann. Stat. 17:141, on permutation; Rao & Scott 1981 on the quotient).
///
/// Predicates that the likelihood takes for common, or that hit more than [`Hit::KEPT`] of either table, do not count.
pub(super) fn leak_effect(persons: [u64; 2], release_rows: u64, hits: &[Hit], control: &[Hit]) -> Option<f64> {
    let [originals, controls] = persons.map(|count| count as f64);
    let released = originals.min(release_rows as f64) / originals;
    let (mut independent, mut total) = (0.0, 0.0);
    let mut sums: HashMap<(bool, u32), f64, FixedState> = HashMap::default();
    for (hit, control) in hits.iter().zip(control) {
        let kept = hit.kept.len() + control.kept.len();
        if kept == 0 || kept as u64 != hit.persons + control.persons || hit.persons > COMMON {
            continue;
        }
        let all = kept as f64;
        let tells = (originals + controls) / (originals * all) - released;
        independent += tells * tells * all;
        total += tells * all;
        for (is_control, hit) in [(false, hit), (true, control)] {
            hit.kept.iter().for_each(|person| *sums.entry((is_control, *person)).or_default() += tells);
        }
    }
    let mean = total / (originals + controls);
    (independent > 0.0).then(|| (squares(sums.into_values()) - mean * total) / independent)
}

/// The design effects of an attacker's predicates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Design {
    /// Of the predicates that isolate a person of the original; at least 1.
    pub original: f64,
    /// Of the null rate's terms, over persons of the control.
    pub control: f64,
    /// The largest of these and of what tells a leak: the likelihood uses every count.
    pub all: f64,
}

impl Design {
    /// From the persons that predicates hit, and each predicate's term in the null rate at the original's size.
    pub fn new(
        persons: [u64; 2],
        release_rows: u64,
        hits: &[Hit],
        control: &[Hit],
        terms: impl Fn(&Hit) -> f64,
    ) -> Design {
        let isolating = hits.iter().filter(|hit| hit.persons == 1).map(|hit| (hit, 1.0));
        let original = design_effect(isolating).unwrap_or(1.0).max(1.0);
        // Terms that are fractions vary less than successes and failures do, but never less than so many draws
        // of N persons as m holds would.
        let floor = (persons[0] as f64 / persons[1] as f64).min(1.0);
        let control_effect = design_effect(control.iter().map(|hit| (hit, terms(hit)))).unwrap_or(1.0).max(floor);
        let leak = leak_effect(persons, release_rows, hits, control).unwrap_or(1.0);
        Design { original, control: control_effect, all: original.max(control_effect).max(leak) }
    }
}
