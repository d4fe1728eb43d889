//! The release's records as a tree of codes: one level per column, one leaf per profile.
//!
//! Columns with many codes come first, so that few records are left after a step or two. A target descends along the
//! codes that its cell is compatible with: in a column of exact cells one, with bands or sets a few.

use crate::agreement::{Shares, Weights, are_compatible};
use crate::neighbors::{Nearest, NeighborIndex, Profiles, Searcher};
use crate::table::{Cell, Domain, Lists, MISSING, Tables};
use rayon::prelude::*;

/// Units of a natural logarithm in which [`Compatible::tells`] counts; a power of two, as those of [`Weights`] are.
const UNITS: f64 = 65536.0;

/// Finds the compatible profiles that tell most; the plain loop over [`are_compatible`] and [`Weights::compatible_score`] defines the answer.
pub(super) struct Compatible<'a> {
    profiles: &'a Profiles<'a>,
    /// What agreement is worth, of records that disagree in nothing.
    weights: Weights<'a>,
    /// Positions among the attacker's columns, in the order of the levels.
    order: Vec<usize>,
    levels: Vec<Level>,
    /// Profiles, in the order of the last level's nodes.
    leaves: Vec<u32>,
    /// Of each level's column and each code, the codes of the release that are compatible with it, ascending.
    compatible: Vec<Lists>,
}

/// The nodes of one level.
#[derive(Default)]
struct Level {
    codes: Vec<u32>,
    /// First child of each node on the next level; the end of the last one's children follows.
    children: Vec<u32>,
}

impl<'a> Compatible<'a> {
    /// Arranges the profiles. `asked` gives, for a column's position, the codes that targets have there.
    pub fn new(
        tables: &'a Tables,
        profiles: &'a Profiles<'a>,
        columns: &[usize],
        asked: impl Fn(usize) -> Vec<u32> + Sync,
    ) -> Compatible<'a> {
        let shares: Vec<Shares> = columns.par_iter().map(|column| Shares::of(tables, *column)).collect();
        let weights = Weights::new(tables, columns, &shares, &vec![0.0; columns.len()]);
        let occurring: Vec<Vec<u32>> = (0..columns.len())
            .into_par_iter()
            .map(|at| {
                let mut codes = profiles.column(at).to_vec();
                codes.sort_unstable();
                codes.dedup();
                codes
            })
            .collect();
        let mut order: Vec<usize> = (0..columns.len()).collect();
        order.sort_by_key(|at| (std::cmp::Reverse(occurring[*at].len()), *at));
        let compatible =
            order.par_iter().map(|at| compatible_codes(weights.domain(*at), &occurring[*at], &asked(*at))).collect();

        let mut leaves: Vec<u32> = (0..profiles.len() as u32).collect();
        let in_order = |profile: u32| {
            let codes = profiles.codes(profile);
            order.iter().map(move |at| codes[*at])
        };
        leaves.par_sort_unstable_by(|a, b| in_order(*a).cmp(in_order(*b)));
        let mut levels: Vec<Level> = order.iter().map(|_| Level::default()).collect();
        for (at, leaf) in leaves.iter().enumerate() {
            let shared = match at.checked_sub(1) {
                None => 0,
                Some(before) => {
                    in_order(*leaf).zip(in_order(leaves[before])).take_while(|(one, other)| one == other).count()
                }
            };
            for (level, code) in in_order(*leaf).enumerate().skip(shared) {
                let first_child = levels.get(level + 1).map_or(0, |next| next.codes.len() as u32);
                levels[level].codes.push(code);
                levels[level].children.push(first_child);
            }
        }
        let ends: Vec<u32> = levels.iter().skip(1).map(|level| level.codes.len() as u32).collect();
        levels.iter_mut().zip(ends).for_each(|(level, end)| level.children.push(end));
        Compatible { profiles, weights, order, levels, leaves, compatible }
    }

    /// Hands on every compatible profile, each once.
    pub fn each(&self, target: &[u32], found: &mut impl FnMut(u32)) {
        let roots = self.levels.first().map_or(0, |level| level.codes.len() as u32);
        self.descend(target, 0, 0..roots, found);
    }

    /// What a compatible profile tells, in the same units whatever the columns are, so that it can be added to what others tell.
    pub fn tells(&self, target: &[u32], profile: u32) -> u64 {
        let score = self.weights.compatible_score(target, self.profiles.codes(profile));
        (f64::from(score) * (UNITS / self.weights.units())) as u64
    }

    /// Hands on the leaves under some nodes of a level that a target is compatible with.
    fn descend(&self, target: &[u32], level: usize, nodes: std::ops::Range<u32>, found: &mut impl FnMut(u32)) {
        let codes = &self.levels[level].codes[nodes.start as usize..nodes.end as usize];
        let wanted = self.compatible[level].of(target[self.order[level]]);
        let mut enter = |node: u32| match level + 1 == self.levels.len() {
            true => found(self.leaves[node as usize]),
            false => {
                let children = &self.levels[level].children;
                self.descend(target, level + 1, children[node as usize]..children[node as usize + 1], found);
            }
        };
        // The shorter list is gone through, the other one is searched.
        if wanted.len() <= codes.len() {
            for code in wanted {
                if let Ok(at) = codes.binary_search(code) {
                    enter(nodes.start + at as u32);
                }
            }
        } else {
            for (at, code) in codes.iter().enumerate() {
                if wanted.binary_search(code).is_ok() {
                    enter(nodes.start + at as u32);
                }
            }
        }
    }
}

/// Of each code that is asked for, the codes of the release that it is compatible with.
fn compatible_codes(domain: &Domain, occurring: &[u32], asked: &[u32]) -> Lists {
    let mut is_asked = vec![false; domain.len()];
    asked.iter().for_each(|code| is_asked[*code as usize] = true);
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    let mut pair = |target: u32, release: u32| {
        if is_asked[target as usize] {
            pairs.push((target, release));
        }
    };
    let exact_end = domain.exact_codes().end;
    let numbers = domain.number_codes();
    for release in occurring.iter().copied() {
        match domain.cell(release) {
            Cell::Suppressed => (MISSING..exact_end).for_each(|target| pair(target, release)),
            Cell::Interval(interval) => {
                let held = &domain.numbers()[numbers.start as usize..numbers.end.max(numbers.start) as usize];
                let is_before =
                    |number: &f64| *number < interval.lo || (*number == interval.lo && !interval.lo_included);
                let from = held.partition_point(is_before);
                let inside = held[from..].partition_point(|number| interval.contains(*number));
                let first = numbers.start + from as u32;
                (first..first + inside as u32).for_each(|target| pair(target, release));
            }
            Cell::OneOf(_) => {
                let categories = domain.coverage().and_then(|coverage| coverage.categories());
                let covered = categories.into_iter().flat_map(|categories| categories.covered(release));
                covered.for_each(|(target, _)| pair(target, release));
            }
            _ => pair(release, release),
        }
    }
    // What is known of a person may be a band or a set itself.
    for target in (exact_end..domain.len() as u32).filter(|target| is_asked[*target as usize]) {
        let meets = |release: &&u32| are_compatible(domain, target, **release);
        occurring.iter().filter(meets).for_each(|release| pair(target, *release));
    }
    let (targets, release): (Vec<u32>, Vec<u32>) = pairs.into_iter().unzip();
    Lists::by_key(&targets, domain.len()).map(|at| release[at as usize])
}

impl NeighborIndex for Compatible<'_> {
    fn searcher(&self) -> Box<dyn Searcher + '_> {
        Box::new(CompatibleSearcher { index: self, found: Vec::new() })
    }

    fn distance(&self, target: &[u32], profile: u32) -> f64 {
        self.weights.distance(target, self.weights.score(target, self.profiles.codes(profile)))
    }
}

struct CompatibleSearcher<'s> {
    index: &'s Compatible<'s>,
    /// Profiles that tell as much as the best so far.
    found: Vec<u32>,
}

impl Searcher for CompatibleSearcher<'_> {
    /// The compatible profiles that tell most, however many were asked for; none where none is compatible.
    fn nearest(&mut self, target: &[u32], _neighbors: usize, found: &mut Nearest) {
        let index = self.index;
        self.found.clear();
        let mut most = 0;
        let kept = &mut self.found;
        index.each(target, &mut |profile| {
            let score = index.weights.compatible_score(target, index.profiles.codes(profile));
            if score > most {
                kept.clear();
                most = score;
            }
            if score == most {
                kept.push(profile);
            }
        });
        found.radius = if kept.is_empty() { f64::INFINITY } else { index.weights.distance(target, most) };
        found.profiles.clear();
        found.profiles.append(kept);
        found.profiles.sort_unstable();
    }
}
