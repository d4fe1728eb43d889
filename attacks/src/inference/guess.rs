//! From the secrets of the nearest records to one guess, and when a guess is correct.

use crate::table::{Cell, Domain, Groups, Lists, MISSING};
use std::cmp::Reverse;

/// What the attacker says the secret is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Guess {
    /// Nothing: no nearest record says anything exact. Never correct.
    None,
    /// That the value is missing.
    Missing,
    /// This number (or day, or second).
    Number(f64),
    /// The category of this code.
    Category(u32),
}

/// When a guess of a numeric secret is correct. Categories must be equal, and missing must match missing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Correctness {
    /// τ: |guess − secret| ≤ τ·|secret|, so that only 0 hits 0.
    pub relative: f64,
    /// For dates and times, whose zero is a convention: |guess − secret| at most this many of the column's units.
    pub date_units: f64,
}

impl Default for Correctness {
    fn default() -> Self {
        Correctness { relative: 0.05, date_units: 0.0 }
    }
}

impl Correctness {
    /// How far a guess may be from a value.
    pub(super) fn allowance(&self, domain: &Domain, value: f64) -> f64 {
        match domain.kind() {
            crate::table::Kind::Numeric => self.relative * value.abs(),
            _ => self.date_units,
        }
    }

    /// Whether a guess hits a secret.
    pub fn holds(&self, domain: &Domain, guess: Guess, secret: u32) -> bool {
        match guess {
            Guess::None => false,
            Guess::Missing => secret == MISSING,
            Guess::Category(code) => code == secret,
            Guess::Number(number) => {
                let value = domain.number(secret);
                (number - value).abs() <= self.allowance(domain, value)
            }
        }
    }
}

/// What each release profile says about the secret.
///
/// An interval speaks for its middle (its finite end when it is open), since the attacker must name a number; a
/// suppressed cell and a set of several categories say nothing.
pub struct Votes<'a> {
    domain: &'a Domain,
    /// Rows of the release that hold each code.
    frequency: Vec<u32>,
    /// Per profile, positions in `codes` and `counts`.
    by_profile: Lists,
    codes: Vec<u32>,
    counts: Vec<u32>,
}

impl<'a> Votes<'a> {
    /// Counts the secrets (a code per release row) within each profile.
    pub fn new(domain: &'a Domain, secrets: &[u32], profile_of_row: &[u32], profiles: usize) -> Votes<'a> {
        let mut frequency = vec![0; domain.len()];
        for code in secrets {
            frequency[*code as usize] += 1;
        }
        let groups = Groups::of(secrets.len(), [profile_of_row, secrets]);
        let of_first = |codes: &[u32]| groups.first.iter().map(|row| codes[*row as usize]).collect::<Vec<u32>>();
        Votes {
            domain,
            frequency,
            by_profile: Lists::by_key(&of_first(profile_of_row), profiles),
            codes: of_first(secrets),
            counts: groups.sizes(),
        }
    }
}

/// The number a release cell speaks for.
fn number_of(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Number(value) => Some(*value),
        Cell::Interval(interval) => interval.representative(),
        _ => None,
    }
}

/// Counts votes for one guess at a time, with memory that is used again.
pub struct Tallier<'v> {
    votes: &'v Votes<'v>,
    counts: Vec<u32>,
    touched: Vec<u32>,
}

impl<'v> Tallier<'v> {
    /// A tallier for one thread.
    pub fn new(votes: &'v Votes<'v>) -> Tallier<'v> {
        Tallier { votes, counts: vec![0; votes.domain.len()], touched: Vec::new() }
    }

    /// The guess from a nearest set, every row of it having one vote.
    pub fn guess(&mut self, profiles: &[u32]) -> Guess {
        let votes = self.votes;
        for profile in profiles {
            for at in votes.by_profile.of(*profile) {
                let code = votes.codes[*at as usize];
                let count = &mut self.counts[code as usize];
                if *count == 0 {
                    self.touched.push(code);
                }
                *count += votes.counts[*at as usize];
            }
        }
        let guess = if votes.domain.kind().is_numeric() { self.median() } else { self.most_frequent() };
        for code in self.touched.drain(..) {
            self.counts[code as usize] = 0;
        }
        guess
    }

    /// The most frequent value; of several, the more frequent in the release, then the smaller.
    fn most_frequent(&self) -> Guess {
        let exact = self.touched.iter().filter(|code| self.votes.domain.is_exact(**code));
        let best = exact
            .max_by_key(|code| (self.counts[**code as usize], self.votes.frequency[**code as usize], Reverse(**code)));
        match best {
            None => Guess::None,
            Some(&MISSING) => Guess::Missing,
            Some(code) => Guess::Category(*code),
        }
    }

    /// The median, the mean of the two middle values of an even number; missing, or a text, when more than the numbers are.
    fn median(&self) -> Guess {
        let count = |code: &u32| u64::from(self.counts[*code as usize]);
        let domain = self.votes.domain;
        let mut numbers: Vec<(f64, u64)> = self
            .touched
            .iter()
            .filter_map(|code| number_of(domain.cell(*code)).map(|number| (number, count(code))))
            .collect();
        let present: u64 = numbers.iter().map(|(_, count)| count).sum();
        let others = self.touched.iter().filter(|code| domain.is_exact(**code) && !domain.is_number(**code));
        let most = others.max_by_key(|code| (count(code), Reverse(**code)));
        if let Some(other) = most.filter(|code| count(code) > present) {
            return if *other == MISSING { Guess::Missing } else { Guess::Category(*other) };
        }
        if present == 0 {
            return Guess::None;
        }
        numbers.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let at_rank = |rank: u64| {
            let mut seen = 0;
            let found = numbers.iter().find(|(_, count)| {
                seen += count;
                seen > rank
            });
            found.map_or(f64::NAN, |(number, _)| *number)
        };
        let (low, high) = (at_rank((present - 1) / 2), at_rank(present / 2));
        Guess::Number(if low == high { low } else { low / 2.0 + high / 2.0 })
    }
}

/// The best guess of somebody who knows nothing about the person: the most frequent value of the release's column
/// (ties: the smaller), or, for numbers, a constant that scores the most hits on it.
///
/// The values that a constant c hits are those with |c − v| ≤ allowance(v): c lies in an interval around each v. The
/// best constant is the middle of the lowest stretch that most intervals share; the middle, because its ends are
/// hit or missed by the rounding of a product.
pub fn best_constant(domain: &Domain, released: &[u32], correctness: Correctness) -> Guess {
    let mut frequency = vec![0u64; domain.len()];
    for code in released {
        frequency[*code as usize] += 1;
    }
    // What is no number: categories, texts among numbers, the missing value.
    let category = (0..domain.len() as u32)
        .filter(|code| domain.is_exact(*code) && !domain.is_number(*code) && frequency[*code as usize] > 0)
        .max_by_key(|code| (frequency[*code as usize], Reverse(*code)));
    let (category, held) = match category {
        None => (Guess::None, 0),
        Some(MISSING) => (Guess::Missing, frequency[MISSING as usize]),
        Some(code) => (Guess::Category(code), frequency[code as usize]),
    };
    if !domain.kind().is_numeric() {
        return category;
    }

    // Ends of the intervals: a beginning counts before an end at the same place, for the intervals are closed.
    let mut ends: Vec<(f64, bool, u64)> = Vec::new();
    for (code, count) in frequency.iter().enumerate().filter(|(_, count)| **count > 0) {
        if let Some(value) = number_of(domain.cell(code as u32)) {
            let allowance = correctness.allowance(domain, value);
            ends.push((value - allowance, false, *count));
            ends.push((value + allowance, true, *count));
        }
    }
    ends.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let (mut inside, mut most) = (0, 0);
    let mut best = None;
    for (at, (place, is_end, count)) in ends.iter().enumerate() {
        if *is_end {
            inside -= count;
        } else {
            inside += count;
            if inside > most {
                most = inside;
                let until = ends.get(at + 1).map_or(*place, |next| next.0);
                best = Some(place / 2.0 + until / 2.0);
            }
        }
    }
    match best {
        Some(number) if most >= held => Guess::Number(number),
        _ => category,
    }
}
