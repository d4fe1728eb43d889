//! How far predicates share the persons they hit, and what that does to the likelihood of a leak.
//!
//! Without a leak, whether a person who is hit belongs to the original or to the control is chance, whatever is hit: persons
//! could be exchanged between the tables at random. A predicate that hits s persons, c_O of the original, tells about a leak
//! by a_s·c_O: with a share λ of leaked predicates the likelihood has, at λ = 0 and for a given weight w, the derivative
//! (c_O − N·w)·(1/(N·w) − ρ) with ρ = min(M, N)/N, where the first part of the second factor comes from the person who is
//! matched and the other from those who are not, so that a_s = E[1/(N·w) | s] − ρ.
//!
//! If persons are exchanged, Σ a·c_O over all predicates has a variance in proportion to Σ_j (A_j − Ā)², where A_j sums a over
//! the predicates that hit person j. It would have one in proportion to Σ_i a_i²·s_i if no two predicates shared a
//! person. The quotient is the mean of the deviance that permutations of the persons show (Romano 1989, Ann. Stat. 17:141, on
//! permutation; Rao & Scott 1981, J. Am. Stat. Assoc. 76:221, on the quotient).

use super::mixture::is_common;
use crate::singling_out::Hit;

/// How predicates of each number of persons hit share them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Overlap {
    /// Persons of both tables.
    persons: u64,
    /// Predicates that hit so many persons of both tables.
    predicates: Vec<u64>,
    /// Σ_j n_js·n_jt over persons j, whom n_js predicates hit that hit s persons: row s, column t.
    shared: Vec<u64>,
}

impl Overlap {
    /// Of the persons whom the same predicates hit in the original and in the control. Predicates that the likelihood takes for
    /// common, or that hit more than [`Hit::KEPT`] of either table, do not count.
    pub fn new(persons: [u64; 2], hits: &[Hit], control: &[Hit]) -> Overlap {
        let mut hit_by: Vec<(bool, u32, usize)> = Vec::new();
        let mut predicates = Vec::new();
        for (hit, control) in hits.iter().zip(control) {
            let all = hit.kept.len() + control.kept.len();
            if all as u64 != hit.persons + control.persons || is_common(hit.persons, control.persons, persons) {
                continue;
            }
            predicates.resize(predicates.len().max(all + 1), 0);
            predicates[all] += 1;
            for (is_control, hit) in [(false, hit), (true, control)] {
                hit_by.extend(hit.kept.iter().map(|person| (is_control, *person, all)));
            }
        }
        hit_by.sort_unstable();
        let end = predicates.len();
        let mut shared = vec![0; end * end];
        for of_person in hit_by.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
            let counts: Vec<(usize, u64)> =
                of_person.chunk_by(|one, other| one == other).map(|equal| (equal[0].2, equal.len() as u64)).collect();
            for (s, of_s) in &counts {
                counts.iter().for_each(|(t, of_t)| shared[s * end + t] += of_s * of_t);
            }
        }
        Overlap { persons: persons[0] + persons[1], predicates, shared }
    }

    /// One more than the most persons that a predicate hits.
    pub fn end(&self) -> usize {
        self.predicates.len()
    }

    /// The design effect of a statement that a predicate which hits s persons makes with the weight `tells[s]` for each of
    /// them who belongs to the original; at least 1.
    pub fn effect(&self, tells: &[f64]) -> f64 {
        let end = self.end();
        let (mut independent, mut total, mut together) = (0.0, 0.0, 0.0);
        for s in 1..end {
            independent += self.predicates[s] as f64 * s as f64 * tells[s] * tells[s];
            total += self.predicates[s] as f64 * s as f64 * tells[s];
            together += (1..end).map(|t| self.shared[s * end + t] as f64 * tells[s] * tells[t]).sum::<f64>();
        }
        if independent > 0.0 { ((together - total * total / self.persons as f64) / independent).max(1.0) } else { 1.0 }
    }
}
