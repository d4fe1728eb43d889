//! From which questions the costs of disagreement are learned.

use crate::table::print_of;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// Questions in a sample, at the most.
const MOST: usize = 512;

/// Targets that a thread looks at, at the least.
const PART: usize = 8192;

/// What somebody asks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Asked {
    /// A fingerprint of the codes.
    print: u64,
    /// What is known, in the order of the columns.
    pub codes: Vec<u32>,
}

/// The distinct questions with the smallest fingerprints: a sample without regard to values or to the order of rows. The
/// sample of several parts of some persons is made of the samples of each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sample(BTreeSet<Asked>);

impl Sample {
    /// From what targets ask, of which `codes` gives the codes of one.
    pub fn of(targets: usize, codes: impl Fn(usize, &mut Vec<u32>) + Sync) -> Sample {
        let add = |(mut sample, mut known): (Sample, Vec<u32>), target: usize| {
            known.clear();
            codes(target, &mut known);
            let print = print_of(known.iter().copied());
            if sample.takes(print) {
                sample.0.insert(Asked { print, codes: known.clone() });
                sample.cut();
            }
            (sample, known)
        };
        let parts = (0..targets).into_par_iter().with_min_len(PART).fold(Default::default, add);
        parts.map(|(sample, _)| sample).reduce(Sample::default, Sample::merge)
    }

    /// From questions, given by their codes.
    pub fn of_questions(questions: &[Vec<u32>]) -> Sample {
        Sample::of(questions.len(), |at, known| known.extend(&questions[at]))
    }

    /// The sample of two parts of some persons together.
    pub fn merge(mut self, other: Sample) -> Sample {
        self.0.extend(other.0);
        self.cut();
        self
    }

    /// Whether a question of this fingerprint may belong to it.
    fn takes(&self, print: u64) -> bool {
        self.0.len() < MOST || self.0.last().is_none_or(|largest| print <= largest.print)
    }

    fn cut(&mut self) {
        while self.0.len() > MOST {
            self.0.pop_last();
        }
    }

    /// The questions, in order.
    pub(super) fn questions(&self) -> impl Iterator<Item = &Asked> {
        self.0.iter()
    }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn the_sample_of_all_is_that_of_the_samples_of_parts() {
        let sample = |targets: &[u32]| {
            let questions: Vec<Vec<u32>> = targets.iter().map(|target| vec![target / 7, target % 7]).collect();
            Sample::of_questions(&questions)
        };
        let targets: Vec<u32> = (0..5000).chain(0..3000).collect();
        let whole = sample(&targets);
        assert_eq!(whole.0.len(), MOST);
        let merged = targets.chunks(1700).map(sample).fold(Sample::default(), Sample::merge);
        assert_eq!(merged, whole);
        let mut backwards = targets.clone();
        backwards.reverse();
        assert_eq!(sample(&backwards), whole);
    }
}
