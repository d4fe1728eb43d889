//! From the secrets of the nearest records to one guess.

use super::guess::Guess;
use crate::neighbors::Profiles;
use crate::table::{Cell, Domain, Groups, Lists, MISSING};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// What each release profile says about the secret.
///
/// A suppressed cell says nothing. A generalized one votes for what it covers, for each value as much as it is frequent over
/// the three tables; a band that covers no number votes for its middle (its finite end when it is open).
pub struct Votes<'a> {
    domain: &'a Domain,
    /// Rows of the release that hold each code.
    frequency: Vec<u32>,
    /// Where each profile's votes are.
    by_profile: Lists,
    /// Codes and how many rows hold them, profile by profile.
    votes: Vec<(u32, u32)>,
}

impl<'a> Votes<'a> {
    /// Counts the secrets (a code per row of the release) within each profile.
    pub fn new(domain: &'a Domain, secrets: &[u32], profiles: &Profiles<'_>) -> Votes<'a> {
        let mut frequency = vec![0; domain.len()];
        for code in secrets {
            frequency[*code as usize] += 1;
        }
        let groups = Groups::of(secrets.len(), [profiles.of_row(), secrets]);
        let of_first = |codes: &[u32]| groups.first.iter().map(|row| codes[*row as usize]).collect::<Vec<u32>>();
        let by_profile = Lists::by_key(&of_first(profiles.of_row()), profiles.len());
        let (codes, counts) = (of_first(secrets), groups.sizes());
        let votes = by_profile.all().iter().map(|at| (codes[*at as usize], counts[*at as usize])).collect();
        Votes { domain, frequency, by_profile, votes }
    }
}

/// A vote that does not count for the person who asks, because it is that person's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnVote {
    /// The secret of the person's row.
    pub secret: u32,
    /// Whether the row's profile is among those counted.
    pub counted: bool,
}

/// Counts votes for one guess at a time, with memory that is used again.
pub struct Tallier<'v> {
    votes: &'v Votes<'v>,
    counts: Vec<u32>,
    /// Codes with a vote, ascending.
    touched: Vec<u32>,
    /// Votes for each exact number with one and all smaller ones.
    up_to: Vec<(u32, u64)>,
}

impl<'v> Tallier<'v> {
    /// A tallier for one thread.
    pub fn new(votes: &'v Votes<'v>) -> Tallier<'v> {
        Tallier { votes, counts: vec![0; votes.domain.len()], touched: Vec::new(), up_to: Vec::new() }
    }

    /// The guess from a nearest set, every row of it having one vote.
    pub fn guess(&mut self, profiles: &[u32]) -> Guess {
        self.count(profiles);
        let guess = self.guess_without(&[]);
        self.clear();
        guess
    }

    /// Counts the votes of a nearest set.
    pub fn count(&mut self, profiles: &[u32]) {
        let votes = self.votes;
        for profile in profiles {
            for (code, rows) in &votes.votes[votes.by_profile.span(*profile)] {
                let count = &mut self.counts[*code as usize];
                if *count == 0 {
                    self.touched.push(*code);
                }
                *count += rows;
            }
        }
        self.touched.sort_unstable();
        let mut sum = 0;
        let numbers = self.touched.iter().filter(|code| votes.domain.is_number(**code));
        self.up_to.extend(numbers.map(|code| {
            sum += u64::from(self.counts[*code as usize]);
            (*code, sum)
        }));
    }

    /// Forgets the votes counted.
    pub fn clear(&mut self) {
        for code in self.touched.drain(..) {
            self.counts[code as usize] = 0;
        }
        self.up_to.clear();
    }

    /// The guess from the votes counted, those of the person's own rows left out.
    pub fn guess_without(&mut self, own: &[OwnVote]) -> Guess {
        let counted = || own.iter().filter(|vote| vote.counted).map(|vote| vote.secret as usize);
        counted().for_each(|code| self.counts[code] -= 1);
        let generalized = self.touched.iter().rev().take_while(|code| !self.votes.domain.is_exact(**code));
        let speaks = |code: &u32| self.counts[*code as usize] > 0 && *self.votes.domain.cell(*code) != Cell::Suppressed;
        let spread = generalized.clone().any(speaks);
        let guess = match (self.votes.domain.kind().is_numeric(), spread) {
            (true, false) => self.median(own),
            (true, true) => self.median_of_spread(),
            (false, false) => self.most_frequent(own),
            (false, true) => self.most_frequent_of_spread(own),
        };
        counted().for_each(|code| self.counts[code] += 1);
        guess
    }

    /// Rows of the release that hold a code, without the person's own.
    fn frequency(&self, code: u32, own: &[OwnVote]) -> u32 {
        self.votes.frequency[code as usize] - own.iter().filter(|vote| vote.secret == code).count() as u32
    }

    /// Exact codes with a vote.
    fn exact(&self) -> impl Iterator<Item = u32> {
        let is_voted = |code: &u32| self.votes.domain.is_exact(*code) && self.counts[*code as usize] > 0;
        self.touched.iter().copied().filter(is_voted)
    }

    /// The most frequent value; of several, the more frequent in the release, then the smaller.
    fn most_frequent(&self, own: &[OwnVote]) -> Guess {
        let rank = |code: &u32| (self.counts[*code as usize], self.frequency(*code, own), Reverse(*code));
        category(self.exact().max_by_key(rank))
    }

    /// The same, with parts of votes. They are added in the order of codes, whatever the order of rows.
    fn most_frequent_of_spread(&self, own: &[OwnVote]) -> Guess {
        let mut parts: BTreeMap<u32, f64> =
            self.exact().map(|code| (code, f64::from(self.counts[code as usize]))).collect();
        if let Some(categories) = self.votes.domain.coverage().and_then(|coverage| coverage.categories()) {
            for code in self.touched.iter().filter(|code| !self.votes.domain.is_exact(**code)) {
                let all: f64 = categories.covered(*code).map(|(_, rows)| rows).sum();
                for (category, rows) in categories.covered(*code).filter(|(_, rows)| *rows > 0.0) {
                    *parts.entry(category).or_default() += f64::from(self.counts[*code as usize]) * rows / all;
                }
            }
        }
        let rank = |code: u32| (self.frequency(code, own), Reverse(code));
        let best = parts.iter().max_by(|a, b| a.1.total_cmp(b.1).then(rank(*a.0).cmp(&rank(*b.0))));
        category(best.map(|(code, _)| *code))
    }

    /// Missing, or a text among numbers, when it has more votes than the numbers.
    fn no_number(&self, numbers: f64) -> Option<Guess> {
        let others = self.exact().filter(|code| !self.votes.domain.is_number(*code));
        let most = others.max_by_key(|code| (self.counts[*code as usize], Reverse(*code)));
        let most = most.filter(|code| f64::from(self.counts[*code as usize]) > numbers);
        most.map(|code| category(Some(code))).or((numbers == 0.0).then_some(Guess::None))
    }

    /// The median, the mean of the two middle values of an even number.
    fn median(&self, own: &[OwnVote]) -> Guess {
        let end =
            |code: u32| self.up_to.get(self.up_to.partition_point(|(known, _)| *known < code)).map_or(0, |at| at.1);
        // Positions among all numbers of those that are left out, ascending: the last of each number.
        let mut gone: Vec<u64> = Vec::new();
        for vote in own.iter().filter(|vote| vote.counted && self.votes.domain.is_number(vote.secret)).rev() {
            let last = end(vote.secret) - 1;
            let before = gone.last().map_or(last, |next: &u64| last.min(next.wrapping_sub(1)));
            gone.push(before);
        }
        gone.reverse();
        let present = self.up_to.last().map_or(0, |last| last.1) - gone.len() as u64;
        if let Some(guess) = self.no_number(present as f64) {
            return guess;
        }
        let at_rank = |rank: u64| {
            let rank = gone.iter().fold(rank, |rank, gone| if *gone <= rank { rank + 1 } else { rank });
            let at = self.up_to.partition_point(|(_, up_to)| *up_to <= rank);
            self.up_to.get(at).map_or(f64::NAN, |(code, _)| self.votes.domain.number(*code))
        };
        middle(at_rank((present - 1) / 2), at_rank(present / 2))
    }

    /// The same, with parts of votes: the middle of the numbers up to which half of the votes lie.
    fn median_of_spread(&self) -> Guess {
        let domain = self.votes.domain;
        let Some(known) = domain.coverage().and_then(|coverage| coverage.numbers()) else { return Guess::None };
        let mut single: Vec<(f64, f64)> = Vec::new();
        let mut bands: Vec<(std::ops::Range<usize>, f64)> = Vec::new();
        for code in &self.touched {
            let votes = f64::from(self.counts[*code as usize]);
            match domain.cell(*code) {
                Cell::Number(number) => single.push((*number, votes)),
                Cell::Interval(interval) => match (known.covered(*code), interval.representative()) {
                    (covered, _) if known.rows_of(covered.clone()) > 0.0 => bands.push((covered, votes)),
                    (_, Some(middle)) => single.push((middle, votes)),
                    _ => {}
                },
                _ => {}
            }
        }
        single.sort_by(|a, b| a.0.total_cmp(&b.0));
        let up_to = |number: f64| -> f64 {
            let singles =
                single.iter().take_while(|(single, _)| *single <= number).map(|(_, votes)| votes).sum::<f64>();
            let end = known.all().partition_point(|known| *known <= number);
            let part = |(covered, votes): &(std::ops::Range<usize>, f64)| {
                let inside = known.rows_of(covered.start..end.clamp(covered.start, covered.end));
                votes * inside / known.rows_of(covered.clone())
            };
            singles + bands.iter().map(part).sum::<f64>()
        };
        let all = up_to(f64::INFINITY);
        if let Some(guess) = self.no_number(all) {
            return guess;
        }
        let first = |enough: &dyn Fn(f64) -> bool| {
            let of_known = known.all().get(known.all().partition_point(|number| !enough(up_to(*number)))).copied();
            let of_single = single.iter().map(|(number, _)| *number).find(|number| enough(up_to(*number)));
            of_known.into_iter().chain(of_single).fold(f64::INFINITY, f64::min)
        };
        let low = first(&|votes| votes >= all / 2.0);
        let high = first(&|votes| votes > all / 2.0);
        if high.is_finite() { middle(low, high) } else { Guess::Number(low) }
    }
}

fn middle(low: f64, high: f64) -> Guess {
    Guess::Number(if low == high { low } else { low / 2.0 + high / 2.0 })
}

fn category(code: Option<u32>) -> Guess {
    match code {
        None => Guess::None,
        Some(MISSING) => Guess::Missing,
        Some(code) => Guess::Category(code),
    }
}
