//! Reproducible randomness: one seed, one independent stream per task.
//!
//! The generator is ChaCha8, whose output is defined by its specification (Bernstein 2008) and not by a library
//! version; how numbers are drawn from it is written here, so that a seed means the same in every release.

use chacha20::ChaCha8Rng;
use chacha20::rand_core::{Rng, SeedableRng};
use foldhash::fast::FixedState;
use std::collections::HashSet;

/// A source of random numbers for one task.
#[derive(Debug)]
pub struct Stream(ChaCha8Rng);

/// What a stream of random numbers is for: two tasks never share one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub enum Task {
    /// Splitting the columns into halves.
    Halves = 1,
    /// Drawing the targets of the original.
    OriginalTargets = 2,
    /// Drawing the targets of the control.
    ControlTargets = 3,
    /// Predicates of singling out.
    Predicates = 4,
    /// Predicates of the baseline of singling out.
    BaselinePredicates = 5,
    /// Making a fictional population.
    Population = 6,
    /// Persons who are asked for their nearest when original and control are compared.
    Mixing = 16,
    /// Exchanging persons between original and control, to see what chance does.
    Exchange = 17,
    /// Dealing release rows out to persons by lot, to see what a truth is worth.
    Joined = 18,
    /// Drawing the columns among which those are looked for that agree together.
    Together = 19,
    /// Drawing worlds in which it is known who is leaked.
    Calibration = 33,
    /// Growing trees that guess a secret.
    Trees = 32,
    /// Counts that are reconstructed from, and whose places persons of the control take.
    Reconstruction = 34,
    /// Drawing the secrets of a table of very many columns.
    Secrets = 7,
}

impl Stream {
    /// The stream of a task; `item` tells several of one task apart (the attacker's position, say).
    pub fn new(seed: u64, task: Task, item: u64) -> Stream {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&(task as u64).to_le_bytes());
        key[16..24].copy_from_slice(&item.to_le_bytes());
        Stream(ChaCha8Rng::from_seed(key))
    }

    /// A uniform number in `0..bound`, without bias (Lemire 2019, ACM TOMACS 29:3).
    ///
    /// # Panics
    /// When `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        assert!(bound > 0, "no number is below 0");
        let threshold = bound.wrapping_neg() % bound;
        loop {
            let wide = u128::from(self.0.next_u64()) * u128::from(bound);
            if wide as u64 >= threshold {
                return (wide >> 64) as u64;
            }
        }
    }

    /// A uniform number in `[0, 1)` with 53 random bits.
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// A standard normal number (Box & Muller 1958).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (2.0 * std::f64::consts::PI * self.unit()).cos()
    }

    /// Shuffles in place (Fisher & Yates; Durstenfeld 1964).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u64 + 1) as usize);
        }
    }

    /// `count` of the numbers `0..population` without replacement, ascending (Floyd's algorithm, Bentley 1987).
    pub fn sample(&mut self, population: usize, count: usize) -> Vec<usize> {
        let count = count.min(population);
        let mut chosen = HashSet::with_capacity_and_hasher(count, FixedState::default());
        for last in population - count..population {
            let drawn = self.below(last as u64 + 1) as usize;
            if !chosen.insert(drawn) {
                chosen.insert(last);
            }
        }
        let mut chosen: Vec<usize> = chosen.into_iter().collect();
        chosen.sort_unstable();
        chosen
    }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn streams_are_reproducible_and_apart() {
        let draw = |task, item| {
            let mut stream = Stream::new(42, task, item);
            (0..4).map(|_| stream.below(1000)).collect::<Vec<_>>()
        };
        assert_eq!(draw(Task::Halves, 0), draw(Task::Halves, 0));
        assert_ne!(draw(Task::Halves, 0), draw(Task::Halves, 1));
        assert_ne!(draw(Task::Halves, 0), draw(Task::Predicates, 0));
    }

    #[test]
    fn samples_are_distinct_sorted_and_uniform() {
        let mut seen = [0; 10];
        for item in 0..2000 {
            let sample = Stream::new(1, Task::OriginalTargets, item).sample(10, 3);
            assert!(sample.windows(2).all(|pair| pair[0] < pair[1]) && sample.len() == 3);
            sample.iter().for_each(|at| seen[*at] += 1);
        }
        assert!(seen.iter().all(|n| (500..700).contains(n)), "{seen:?}");
        assert_eq!(Stream::new(1, Task::OriginalTargets, 0).sample(4, 9), [0, 1, 2, 3]);
    }
}
