//! What persons exchanged between the tables at random show of the deviance.
//!
//! Without a leak every person of the original could as well have been one of the control. So whoever is hit is dealt out to
//! the tables anew, many times, and each time the deviance of the whole likelihood is computed: twice by how much its maximum
//! exceeds that of no risk. With predicates that share nobody its mean is 1 (Wilks 1938); what it is on these predicates is
//! their design effect (Rao & Scott 1981, J. Am. Stat. Assoc. 76:221; Romano 1989, Ann. Stat. 17:141, on permutation). Each side
//! has its own: a lower end is wrong when chance looks like a leak, an upper end when it hides one.
//!
//! The derivative of the likelihood at no leak has a design effect in closed form ([`Overlap`](super::overlap::Overlap)), but
//! that is the effect of the rarest predicates alone, which weigh in the derivative like 1/(N·w); the likelihood itself gives
//! them no such weight. So the closed form only says whether there is anything to look for, and how much at most.

use super::counts::Cell;
use super::mixture::{Mixture, is_common};
use super::profile::Profile;
use crate::sampling::{Stream, Task};
use crate::singling_out::Hit;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Exchanges. The mean of so many deviances has a standard error of a sixth of itself.
const EXCHANGES: u64 = 64;

/// Whom the predicates hit, whatever the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Exchange {
    persons: [u64; 2],
    /// Persons of both tables whom each predicate hits that is counted anew.
    sizes: Vec<u64>,
    /// The predicates that hit each person, as positions in `sizes`; persons in the order of these.
    hit_by: Vec<Vec<u32>>,
    /// Predicates that are too common for their persons to be known, as they were counted.
    others: BTreeMap<(u64, u64), u64>,
}

impl Exchange {
    /// Of the persons whom the same predicates hit in the original and in the control.
    ///
    /// Persons are told apart by the predicates that hit them alone, so that neither the order of the tables' rows nor the
    /// table that a person came from decides who is dealt out first.
    pub fn new(persons: [u64; 2], hits: &[Hit], control: &[Hit]) -> Exchange {
        let (mut sizes, mut others) = (Vec::new(), BTreeMap::new());
        let mut pairs: Vec<(bool, u32, u32)> = Vec::new();
        for (hit, control) in hits.iter().zip(control) {
            let all = hit.kept.len() + control.kept.len();
            let known = all as u64 == hit.persons + control.persons;
            if !known || is_common(hit.persons, control.persons, persons) {
                *others.entry((hit.persons, control.persons)).or_default() += 1;
                continue;
            }
            let predicate = sizes.len() as u32;
            sizes.push(all as u64);
            pairs.extend(hit.kept.iter().map(|person| (false, *person, predicate)));
            pairs.extend(control.kept.iter().map(|person| (true, *person, predicate)));
        }
        pairs.sort_unstable();
        let of_person = pairs.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1));
        let mut hit_by: Vec<Vec<u32>> = of_person.map(|pairs| pairs.iter().map(|pair| pair.2).collect()).collect();
        hit_by.sort_unstable();
        Exchange { persons, sizes, hit_by, others }
    }

    /// The design effect that exchanges show, of the side on which it is larger. `None` when no likelihood fits.
    pub fn effect(&self, release_rows: u64) -> Option<f64> {
        let deviances = (0..EXCHANGES).into_par_iter().map(|exchange| self.deviance(release_rows, exchange));
        let deviances: Option<Vec<(f64, bool)>> = deviances.collect();
        let deviances = deviances?;
        // Either side has half of the chance, so that half of the exchanges are each one's.
        let of = |side: bool| {
            let sum: f64 = deviances.iter().filter(|(_, above)| *above == side).map(|(deviance, _)| deviance).sum();
            sum / (0.5 * EXCHANGES as f64)
        };
        Some(f64::max(of(true), of(false)))
    }

    fn deviance(&self, release_rows: u64, exchange: u64) -> Option<(f64, bool)> {
        let cells = self.dealt(exchange);
        let predicates = cells.iter().map(|cell| cell.count).sum();
        let isolating = cells.iter().filter(|cell| cell.original == 1).map(|cell| cell.count).sum();
        let mixture = Mixture::new(&cells, self.persons, release_rows).rough();
        Profile::new(&mixture, predicates, isolating).deviance()
    }

    /// The counts after one exchange.
    pub(super) fn dealt(&self, exchange: u64) -> Vec<Cell> {
        let mut stream = Stream::new(0, Task::Exchange, exchange);
        let mut counts = vec![0; self.sizes.len()];
        let (mut originals, mut left) = (self.persons[0], self.persons[0] + self.persons[1]);
        for predicates in &self.hit_by {
            if stream.below(left) < originals {
                originals -= 1;
                predicates.iter().for_each(|predicate| counts[*predicate as usize] += 1);
            }
            left -= 1;
        }
        let mut cells = self.others.clone();
        for (original, size) in counts.into_iter().zip(&self.sizes) {
            *cells.entry((original, size - original)).or_default() += 1;
        }
        cells.into_iter().map(|((original, control), count)| Cell { original, control, count }).collect()
    }
}
