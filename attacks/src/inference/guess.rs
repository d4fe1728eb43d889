//! A guess, when it is correct, and the best one of somebody who knows nothing.

use crate::table::{Cell, Domain, MISSING};

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
            Guess::Category(code) => {
                let covers = |categories: &crate::table::Categories| categories.covers(secret, code);
                code == secret || domain.coverage().and_then(|coverage| coverage.categories()).is_some_and(covers)
            }
            Guess::Number(number) if matches!(domain.cell(secret), Cell::Interval(_)) => {
                let Cell::Interval(known) = domain.cell(secret) else { return false };
                // All that is known of the secret is that it lies in there.
                let near = |end: f64| (number - end).abs() <= self.allowance(domain, end);
                known.contains(number) || (self.allowance(domain, number) > 0.0 && (near(known.lo) || near(known.hi)))
            }
            Guess::Number(number) => {
                let value = domain.number(secret);
                (number - value).abs() <= self.allowance(domain, value)
            }
        }
    }
}

/// The best guess of somebody who knows nothing about the person: the most frequent value of the release's column
/// (ties: the smaller), or, for numbers, a constant that scores the most hits on it. A generalized cell counts for what it covers,
/// for each value as much as it is frequent.
///
/// The values that a constant c hits are those with |c − v| ≤ allowance(v): c lies in an interval around each v. The
/// best constant is the middle of the lowest stretch that most intervals share; the middle, because its ends are
/// hit or missed by the rounding of a product.
pub fn best_constant(domain: &Domain, released: &[u32], correctness: Correctness) -> Guess {
    let mut rows = vec![0u64; domain.len()];
    for code in released {
        rows[*code as usize] += 1;
    }
    let held = held(domain, &rows);
    let category = (0..domain.len() as u32)
        .filter(|code| domain.is_exact(*code) && !domain.is_number(*code) && held[*code as usize] > 0.0)
        .max_by(|a, b| held[*a as usize].total_cmp(&held[*b as usize]).then(b.cmp(a)));
    let (category, held) = match category {
        None => (Guess::None, 0.0),
        Some(MISSING) => (Guess::Missing, held[MISSING as usize]),
        Some(code) => (Guess::Category(code), held[code as usize]),
    };
    if !domain.kind().is_numeric() {
        return category;
    }

    match constants(domain, &numbers(domain, &rows), correctness, 1).first() {
        Some(best) if best.rows >= held => Guess::Number(best.number),
        _ => category,
    }
}

/// How many rows hold each value that is no number, by its code: categories, texts among numbers, the missing value. A set counts
/// for what it covers.
pub(super) fn held(domain: &Domain, rows: &[u64]) -> Vec<f64> {
    let mut held: Vec<f64> = rows.iter().map(|rows| *rows as f64).collect();
    if let Some(categories) = domain.coverage().and_then(|coverage| coverage.categories()) {
        for code in domain.exact_codes().end..domain.len() as u32 {
            let all: f64 = categories.covered(code).map(|(_, rows)| rows).sum();
            let part = if all > 0.0 { rows[code as usize] as f64 / all } else { 0.0 };
            categories.covered(code).for_each(|(category, rows)| held[category as usize] += part * rows);
        }
    }
    held
}

/// A number that is right about several.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Constant {
    pub number: f64,
    /// Rows of the numbers that it hits and no constant before it did.
    pub rows: f64,
    /// Positions of these numbers.
    pub hits: Vec<u32>,
}

/// The constant that hits the numbers of most rows, then the one that hits most of those that are left, and so on: at most so many.
/// Of equally good ones the lowest.
pub(super) fn constants(domain: &Domain, held: &[(f64, f64)], correctness: Correctness, most: usize) -> Vec<Constant> {
    // Ends of the intervals: a beginning counts before an end at the same place, for the intervals are closed.
    let mut ends: Vec<(f64, bool, u32)> = Vec::with_capacity(2 * held.len());
    for (at, (value, _)) in (0..).zip(held) {
        let allowance = correctness.allowance(domain, *value);
        ends.push((value - allowance, false, at));
        ends.push((value + allowance, true, at));
    }
    ends.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut found = Vec::new();
    while found.len() < most && !ends.is_empty() {
        let (mut inside, mut most) = (0.0, 0.0);
        let mut best = None;
        for (at, (place, is_end, of)) in ends.iter().enumerate() {
            if *is_end {
                inside -= held[*of as usize].1;
            } else {
                inside += held[*of as usize].1;
                if inside > most {
                    most = inside;
                    let until = ends.get(at + 1).map_or(*place, |next| next.0);
                    best = Some((at, place / 2.0 + until / 2.0));
                }
            }
        }
        let Some((last, number)) = best else { break };
        // Whose interval has begun there and not ended.
        let here = ends[last].0;
        let is_hit = |(_, is_end, of): &&(f64, bool, u32)| {
            let value = held[*of as usize].0;
            *is_end && value - correctness.allowance(domain, value) <= here
        };
        let mut hits: Vec<u32> = ends[last + 1..].iter().filter(is_hit).map(|(_, _, of)| *of).collect();
        hits.sort_unstable();
        ends.retain(|(_, _, of)| hits.binary_search(of).is_err());
        found.push(Constant { number, rows: most, hits });
    }
    found
}

/// The numbers that rows of some codes stand for, with how many rows each. A band stands for the numbers that it covers, or for
/// its middle when it covers none.
pub(super) fn numbers(domain: &Domain, rows: &[u64]) -> Vec<(f64, f64)> {
    let exact = domain.number_codes().filter(|code| rows[*code as usize] > 0);
    let mut held: Vec<(f64, f64)> = exact.map(|code| (domain.number(code), rows[code as usize] as f64)).collect();
    let Some(known) = domain.coverage().and_then(|coverage| coverage.numbers()) else { return held };
    // Rows per row of the column's numbers: what is added at a position holds from there on.
    let mut density = vec![0.0; known.all().len() + 1];
    for code in (domain.exact_codes().end..domain.len() as u32).filter(|code| rows[*code as usize] > 0) {
        let Cell::Interval(interval) = domain.cell(code) else { continue };
        let (covered, rows) = (known.covered(code), rows[code as usize] as f64);
        match (known.rows_of(covered.clone()), interval.representative()) {
            (all, _) if all > 0.0 => {
                density[covered.start] += rows / all;
                density[covered.end] -= rows / all;
            }
            (_, Some(middle)) => held.push((middle, rows)),
            _ => {}
        }
    }
    let mut now = 0.0;
    for (at, (number, change)) in known.all().iter().zip(&density).enumerate() {
        now += change;
        let rows = now * known.rows_of(at..at + 1);
        if rows > 1e-9 {
            held.push((*number, rows));
        }
    }
    held
}
