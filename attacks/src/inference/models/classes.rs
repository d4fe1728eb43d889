//! The classes that a model tells apart: what it can guess.

use super::parts::Parts;
use crate::inference::guess::{Constant, Correctness, Guess, constants, held, numbers};
use crate::table::{Domain, MISSING};

/// Most classes of a secret. Of one with more values those are guessed that most rows of the table hold.
pub const MOST_CLASSES: usize = 256;

/// What a model can guess of a secret, the most frequent first.
///
/// Each value is a class. Numbers of which one guess hits several are one: the first class is what the best constant hits
/// ([`constants`]), the next what the best one hits of all others, and so on. Its guess is that constant, so that whoever has the
/// class right has the number right, as inference counts it.
#[derive(Debug, Clone)]
pub(super) struct Classes {
    /// What a class stands for.
    pub guesses: Vec<Guess>,
    /// The classes of the secret's codes; none of a value beyond the limit.
    pub parts: Parts,
}

impl Classes {
    /// The classes of a column as a table holds it.
    pub fn of(domain: &Domain, source: &[u32], correctness: Correctness) -> Classes {
        let mut rows = vec![0u64; domain.len()];
        source.iter().for_each(|code| rows[*code as usize] += 1);
        let numbers = numbers(domain, &rows);
        let found = match domain.kind().is_numeric() {
            true => constants(domain, &numbers, correctness, MOST_CLASSES),
            false => Vec::new(),
        };
        let held = held(domain, &rows);
        let is_value = |code: &u32| domain.is_exact(*code) && !domain.is_number(*code) && held[*code as usize] > 0.0;
        let values = (0..domain.len() as u32).filter(is_value);

        enum What<'c> {
            Code(u32),
            Constant(&'c Constant),
        }
        let mut all: Vec<(f64, What<'_>)> = values
            .map(|code| (held[code as usize], What::Code(code)))
            .chain(found.iter().map(|constant| (constant.rows, What::Constant(constant))))
            .collect();
        // Of equally frequent ones the smaller first, numbers after what is none.
        all.sort_by(|a, b| b.0.total_cmp(&a.0));
        all.truncate(MOST_CLASSES);

        let mut of_code = vec![None; domain.len()];
        let mut of_number: Vec<(f64, u32)> = Vec::new();
        let guesses: Vec<Guess> = (0..)
            .zip(&all)
            .map(|(class, (_, what))| match what {
                What::Code(code) => {
                    of_code[*code as usize] = Some(class);
                    if *code == MISSING { Guess::Missing } else { Guess::Category(*code) }
                }
                What::Constant(constant) => {
                    of_number.extend(constant.hits.iter().map(|at| (numbers[*at as usize].0, class)));
                    Guess::Number(constant.number)
                }
            })
            .collect();
        of_number.sort_by(|a, b| a.0.total_cmp(&b.0));
        let class_of_number = |number: f64| {
            let at = of_number.partition_point(|(known, _)| *known < number);
            of_number.get(at).filter(|(known, _)| *known == number).map(|(_, class)| *class)
        };
        let parts = Parts::classes(domain, &of_code, class_of_number, guesses.len());
        Classes { guesses, parts }
    }

    /// What a class stands for; no guess without one.
    pub fn guess(&self, class: Option<u32>) -> Guess {
        class.map_or(Guess::None, |class| self.guesses[class as usize])
    }
}
