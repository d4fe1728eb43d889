//! Numbers and dates of a column that were mapped in order, or moved by a constant.
//!
//! Without pairs of rows, the whole column tells: values in the same order with the same frequencies, one by one, are no accident where
//! the frequencies differ; values that are all different tell nothing by their order, but an exact scale and origin do. A constant
//! shift or scale also shows in a release of a part of the persons, when what is moved back is the original's nearly everywhere and as frequent
//! as only the same persons' values are. What is spread alike and no closer than fresh persons' values would be is written on
//! another scale, and nobody's values are restored.
//!
//! With pairs, each row tells: a function of the original's value is seen as one.

use super::offsets;
use crate::stats::unseen::{SURELY, error};
use crate::table::Domain;
use foldhash::fast::FixedState;
use std::cell::LazyCell;
use std::collections::{BTreeMap, HashMap};

/// How numbers were mapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Map {
    /// All moved by one number.
    Shift,
    /// Moved by one number for each person.
    ShiftByPerson,
    /// Multiplied and moved: an exact affine map.
    Affine,
    /// In order or against it, one for one.
    Monotone,
    /// Written on another scale or from another origin, by whomever: the numbers are spread as the original's are, and no closer than fresh
    /// persons' would be.
    Recoded,
}

impl Map {
    /// The name used in evidence. It does not tell by how much.
    pub fn name(self) -> &'static str {
        match self {
            Map::Shift => "shifted",
            Map::ShiftByPerson => "shifted_by_person",
            Map::Affine => "affine",
            Map::Monotone => "monotone",
            Map::Recoded => "another_scale",
        }
    }
}

/// Share of the rows for which a map must hold.
const LEAST: f64 = 0.99;

/// Fewest different numbers of which a map is no accident.
const FEWEST: usize = 10;

/// Numbers that differ by less than this part of their range are the same: decimals are rounded.
const EXACT: f64 = 1e-9;

/// The map of a column of numbers, given as codes, without pairs of rows; with the rows of the release for which it holds.
pub fn of_column(domain: &Domain, original: &[u32], release: &[u32]) -> Option<(Map, u64)> {
    let (own, theirs) = (counted(domain, original), counted(domain, release));
    if own.len() < FEWEST || theirs.len() < FEWEST || own == theirs {
        return None;
    }
    let rows = theirs.iter().map(|(_, rows)| rows).sum();
    if own.len() == theirs.len() {
        // The column itself, released as it is or nearly so, is no map of itself.
        let unit = unit(&own).max(unit(&theirs));
        let kept = own.iter().zip(&theirs).filter(|(a, b)| same(a.0, b.0, unit)).map(|(_, b)| b.1).sum::<u64>();
        if 2 * kept >= rows {
            return None;
        }
        let forward = || own.iter().zip(&theirs);
        let counts_vary = own.iter().any(|(_, rows)| *rows != own[0].1);
        let backward: Vec<(f64, u64)> = theirs.iter().rev().copied().collect();
        let alike = |other: &[(f64, u64)]| own.iter().zip(other).all(|(a, b)| a.1 == b.1);
        if alike(&theirs) && forward().any(|(a, b)| a.0 != b.0) {
            match affine(&own, &theirs) {
                Some(true) => return Some((Map::Shift, rows)),
                Some(false) => return Some((Map::Affine, rows)),
                None if counts_vary => return Some((Map::Monotone, rows)),
                None => {}
            }
        }
        if alike(&backward) {
            match affine(&own, &backward) {
                Some(_) => return Some((Map::Affine, rows)),
                None if counts_vary => return Some((Map::Monotone, rows)),
                None => {}
            }
        }
    }
    moved(&own, &theirs, &theirs).or_else(|| scaled(&own, &theirs)).or_else(|| in_part(&own, &theirs))
}

/// A constant or a factor that stands out although not all rows have it, with the rows that it brings to a number of the original's: more than
/// fresh persons' would be, written so.
fn in_part(own: &[(f64, u64)], theirs: &[(f64, u64)]) -> Option<(Map, u64)> {
    let numbers = |of: &[(f64, u64)]| of.iter().map(|(number, _)| *number).collect::<Vec<_>>();
    let (mine, released) = (numbers(own), numbers(theirs));
    let [unit_of_own, unit] = [own, theirs].map(unit);
    // Numbers of many decimals are told apart by nothing coarser.
    let finest = unit_of_own.min(unit);
    if finest <= 0.0 {
        return None;
    }
    if let Some(by) = offsets::difference(&mine, &released, finest) {
        let rows = more_than_fresh(own, theirs, |number| number + by, finest)?;
        return Some((Map::Shift, rows));
    }
    let factor = refined(&mine, &released, offsets::factor(&mine, &released, unit)?, unit);
    Some((Map::Affine, more_than_fresh(own, theirs, |number| number * factor, unit)?))
}

/// A factor that was found to a place of logarithms, by the middle of the quotients of those whom it brings together.
fn refined(own: &[f64], theirs: &[f64], factor: f64, unit: f64) -> f64 {
    let quotient = |number: &f64| {
        let at = own.partition_point(|known| known * factor < *number);
        let near = [at.checked_sub(1), Some(at)].into_iter().flatten().filter_map(|at| own.get(at));
        let nearest = near.min_by(|a, b| (*a * factor - number).abs().total_cmp(&(*b * factor - number).abs()))?;
        ((nearest * factor - number).abs() <= 2.0 * unit && *nearest > 0.0).then(|| number / nearest)
    };
    let mut quotients: Vec<f64> = theirs.iter().filter_map(quotient).collect();
    quotients.sort_by(f64::total_cmp);
    quotients.get(quotients.len() / 2).copied().unwrap_or(factor)
}

/// The rows of the release that hold a number of the original's, written so and rounded to a unit, if they are more than fresh persons' would be: those meet as
/// many rows as do not stand alone among the original's (Good 1953).
fn more_than_fresh(own: &[(f64, u64)], theirs: &[(f64, u64)], written: impl Fn(f64) -> f64, unit: f64) -> Option<u64> {
    let place = |number: f64| (number / unit).round().to_bits();
    let mut known: HashMap<u64, u64, FixedState> = HashMap::default();
    own.iter().for_each(|(number, rows)| *known.entry(place(written(*number))).or_default() += rows);
    let total = |of: &[(f64, u64)]| of.iter().map(|(_, rows)| *rows).sum::<u64>() as f64;
    let (n, m) = (total(own), total(theirs));
    let alone = known.values().filter(|rows| **rows == 1).count() as f64 / n;
    let met = theirs.iter().filter(|(number, _)| known.contains_key(&place(*number)));
    let found = met.map(|(_, rows)| rows).sum::<u64>();
    (found as f64 / m > 1.0 - alone + SURELY * error(alone, n, m)).then_some(found)
}

/// The same after the numbers of the release were brought to the original's scale: the step of which all are multiples tells it.
fn scaled(own: &[(f64, u64)], theirs: &[(f64, u64)]) -> Option<(Map, u64)> {
    let scale = step(theirs)? / step(own)?;
    if (scale - 1.0).abs() <= EXACT {
        return None;
    }
    let back: Vec<(f64, u64)> = theirs.iter().map(|(number, rows)| (number / scale, *rows)).collect();
    let (map, rows) = moved(own, &back, theirs)?;
    Some((if map == Map::Shift { Map::Affine } else { map }, rows))
}

/// The largest step of which all distances between numbers are multiples; `None` where decimals do not tell one.
fn step(numbers: &[(f64, u64)]) -> Option<f64> {
    let least = numbers.first()?.0;
    let distances: Vec<(f64, u64)> = numbers.iter().map(|(number, rows)| (number - least, *rows)).collect();
    let unit = Some(unit(&distances)).filter(|unit| *unit > 0.0)?;
    let common = distances.iter().map(|(distance, _)| (distance / unit).round() as u64).fold(0, gcd);
    (common > 0).then_some(common as f64 * unit)
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Exact numbers ascending with their rows.
fn counted(domain: &Domain, codes: &[u32]) -> Vec<(f64, u64)> {
    let mut counts = vec![0u64; domain.len()];
    codes.iter().for_each(|code| counts[*code as usize] += 1);
    let held = domain.number_codes().filter(|code| counts[*code as usize] > 0);
    held.map(|code| (domain.number(code), counts[code as usize])).collect()
}

/// Seconds of a minute, an hour and a day, to which times are rounded.
const OF_TIMES: [f64; 3] = [60.0, 3600.0, 86_400.0];

/// The coarsest power of ten, or unit of time, of which all numbers are multiples: what they are rounded to. 0 where there is none
/// down to 10⁻⁹.
fn unit(numbers: &[(f64, u64)]) -> f64 {
    let is_whole = |scaled: f64| (scaled - scaled.round()).abs() <= EXACT.max(4.0 * f64::EPSILON * scaled.abs());
    // A negative power of ten is no exact number, and its reciprocal is.
    let of_power = |number: f64, power: i32| match power {
        ..0 => number * 10f64.powi(-power),
        _ => number / 10f64.powi(power),
    };
    let power = (-9..=9).rev().find(|power| numbers.iter().all(|(number, _)| is_whole(of_power(*number, *power))));
    let of_times = OF_TIMES.into_iter().filter(|unit| numbers.iter().all(|(number, _)| is_whole(number / unit)));
    of_times.fold(power.map_or(0.0, |power| 10f64.powi(power)), f64::max)
}

/// Whether two numbers are the same but for their rounding to a unit: the same up to less than one of it.
fn same(a: f64, b: f64, unit: f64) -> bool {
    a == b || (a - b).abs() < unit * (1.0 - EXACT)
}

/// Whether numbers lie on one line over others, and if so whether they are only moved.
fn affine(from: &[(f64, u64)], to: &[(f64, u64)]) -> Option<bool> {
    let (first, last) = (0, from.len() - 1);
    let scale = (to[last].0 - to[first].0) / (from[last].0 - from[first].0);
    let range = (to[last].0 - to[first].0).abs().max(f64::MIN_POSITIVE);
    let on_line = |(a, b): (&(f64, u64), &(f64, u64))| {
        ((a.0 - from[first].0).mul_add(scale, to[first].0) - b.0).abs() <= EXACT * range
    };
    // Where there are few numbers and all of equal distance, every two columns lie on a line.
    let step = from[1].0 - from[0].0;
    let even = from.windows(2).all(|pair| (pair[1].0 - pair[0].0 - step).abs() <= EXACT * range.max(1.0));
    let counts_vary = from.iter().any(|(_, rows)| *rows != from[0].1);
    if even && !counts_vary {
        return None;
    }
    from.iter().zip(to).all(on_line).then(|| (scale - 1.0).abs() <= EXACT)
}

/// Whether all numbers of the release were moved by a constant: the rows that it brings back, if they are nearly all and it is no
/// accident. `released` are the numbers as they were released, where `theirs` were brought to another scale.
fn moved(own: &[(f64, u64)], theirs: &[(f64, u64)], released: &[(f64, u64)]) -> Option<(Map, u64)> {
    let rows: u64 = theirs.iter().map(|(_, rows)| rows).sum();
    let own_rows: u64 = own.iter().map(|(_, rows)| rows).sum();
    let range = own[own.len() - 1].0 - own[0].0;
    let key = |number: f64| (number / (range * EXACT).max(f64::MIN_POSITIVE)).round();
    let known: HashMap<u64, u64, FixedState> =
        own.iter().map(|(number, rows)| (key(*number).to_bits(), *rows)).collect();
    // How many rows are brought back, and how much more frequent their numbers then are; `None` once fewer than some are.
    let brought_back = |moved: &[(f64, u64)], by: f64, least: f64| -> Option<(u64, f64)> {
        let (mut found, mut lost) = (0, 0);
        let mut excess = 0.0;
        for (number, held) in moved {
            let theirs = known.get(&key(number - by).to_bits()).copied();
            *(if theirs.is_some() { &mut found } else { &mut lost }) += held;
            if ((rows - lost) as f64) < least {
                return None;
            }
            excess += (*held as f64 / rows as f64 - theirs.unwrap_or(0) as f64 / own_rows as f64).max(0.0);
        }
        Some((found, excess))
    };
    let median = |numbers: &[(f64, u64)], rows: u64| {
        let mut below = 0;
        numbers.iter().copied().find(|(_, held)| {
            below += held;
            2 * below >= rows
        })
    };
    let most =
        |numbers: &[(f64, u64)]| numbers.iter().copied().reduce(|most, next| if next.1 > most.1 { next } else { most });
    let ends = [(own.first().copied(), theirs.first().copied()), (own.last().copied(), theirs.last().copied())];
    let middle = [(median(own, own_rows), median(theirs, rows))];
    let by_ends = ends.into_iter().chain(middle).filter_map(|(a, b)| Some(b?.0 - a?.0));
    let by_mode = most(own).zip(most(theirs)).map(|(a, b)| b.0 - a.0);
    let as_it_is = LazyCell::new(|| brought_back(released, 0.0, 0.0).unwrap_or_default());
    // How many of the numbers between the ends the original has: a dense column is met by any shift.
    let finest = own.windows(2).map(|pair| pair[1].0 - pair[0].0).fold(f64::INFINITY, f64::min);
    let density = own.len() as f64 / (range / finest + 1.0);
    // Numbers that are all equally frequent fit wherever they are moved to.
    let counts_vary = own.iter().any(|(_, rows)| *rows != own[0].1);
    // How far apart the values of as many fresh persons would be: the mean absolute deviation of each share, by the normal distribution.
    let spread = 1.0 / rows as f64 + 1.0 / own_rows as f64;
    let shares = own.iter().map(|(_, held)| *held as f64 / own_rows as f64);
    let of_fresh = shares.map(|p| (p * (1.0 - p) * spread * std::f64::consts::FRAC_2_PI).sqrt()).sum::<f64>() / 2.0;
    let as_released = theirs.first() == released.first() && theirs.last() == released.last();
    std::iter::once(0.0)
        .filter(|_| !as_released)
        .chain(by_ends)
        .chain(by_mode)
        .chain(std::iter::once_with(|| usual_difference(own, theirs, range * EXACT)).flatten())
        .filter(|by| !as_released || by.abs() > EXACT * range)
        .find_map(|by| {
            let (found, excess) = brought_back(theirs, by, LEAST * rows as f64)?;
            let (here, apart) = *as_it_is;
            let sparse = density < 0.1 && (here as f64) < 0.5 * rows as f64;
            let as_frequent = counts_vary && excess < 0.1 && apart > 3.0 * excess.max(0.05);
            // Fresh persons' numbers never come so near; those of the release as it stands do not.
            let all_but_same = counts_vary && excess < 0.2 * of_fresh && apart > (3.0 * excess).max(0.3 * of_fresh);
            let of_the_same = sparse || all_but_same || excess < 0.5 * of_fresh;
            let map = if of_the_same { Map::Shift } else { Map::Recoded };
            (sparse || as_frequent || all_but_same).then_some((map, found))
        })
}

/// Numbers of the release whose differences from the original's are counted.
const COMPARED: usize = 16;

/// Most differences that are counted.
const MOST_DIFFERENCES: usize = 1 << 21;

/// The difference that is met most often between some numbers of the release and all of the original: where a part of the
/// persons was released, no end and no middle of the two stand for each other. `None` where there are too many to count.
fn usual_difference(own: &[(f64, u64)], theirs: &[(f64, u64)], exact: f64) -> Option<f64> {
    let step = theirs.len().div_ceil(COMPARED);
    let compared = || theirs.iter().step_by(step);
    if compared().count() * own.len() > MOST_DIFFERENCES {
        return None;
    }
    let mut differences: Vec<f64> = compared().flat_map(|(b, _)| own.iter().map(move |(a, _)| b - a)).collect();
    differences.sort_by(f64::total_cmp);
    let alike = differences.chunk_by(|a, b| b - a <= exact);
    alike.max_by_key(|run| run.len()).map(|run| run[0])
}

/// The map of a column of numbers over pairs of an original and a release row. `persons` says whose row each row of the original is.
pub fn of_pairs(
    domain: &Domain,
    original: &[u32],
    release: &[u32],
    pairs: &[(usize, usize)],
    persons: Option<&[u32]>,
) -> Option<(Map, u64)> {
    let number = |codes: &[u32], row: usize| Some(domain.number(codes[row])).filter(|number| !number.is_nan());
    let mut both: Vec<(f64, f64, u32)> = pairs
        .iter()
        .filter_map(|(own, released)| {
            let person = persons.map_or(*own as u32, |persons| persons[*own]);
            Some((number(original, *own)?, number(release, *released)?, person))
        })
        .collect();
    both.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
    let (first, last) = (both.first()?, both.last()?);
    let distinct = 1 + both.windows(2).filter(|pair| pair[0].0 != pair[1].0).count();
    let range = last.0 - first.0;
    let enough = |found: usize| found as f64 >= LEAST * both.len() as f64;
    let (own, theirs): (Vec<_>, Vec<_>) = both.iter().map(|(a, b, _)| ((*a, 1), (*b, 1))).unzip();
    let unit = unit(&own).max(unit(&theirs));
    let changed = both.iter().filter(|(a, b, _)| !same(*a, *b, unit)).count();
    if distinct < FEWEST || 2 * changed < both.len() {
        return None;
    }
    let near = |a: f64, b: f64| (a - b).abs() <= EXACT * range.max(1.0);
    let middle = both[both.len() / 2];
    let moved = both.iter().filter(|(a, b, _)| near(b - a, middle.1 - middle.0)).count();
    if enough(moved) {
        return Some((Map::Shift, moved as u64));
    }
    let scale = (last.1 - first.1) / range;
    let on_line = both.iter().filter(|(a, b, _)| near((a - first.0).mul_add(scale, first.1), *b)).count();
    if scale != 0.0 && enough(on_line) {
        return Some((Map::Affine, on_line as u64));
    }
    let rows = both.len() as u64;
    if persons.is_some() && by_person(&both, &near) {
        return Some((Map::ShiftByPerson, rows));
    }
    // In order: each number has one image, which is another for another number.
    let same_image = both.windows(2).filter(|pair| (pair[0].0 == pair[1].0) == (pair[0].1 == pair[1].1)).count();
    let in_order = |sign: f64| both.windows(2).filter(|pair| sign * (pair[1].1 - pair[0].1) >= 0.0).count();
    let is_monotone = enough(same_image + 1) && (enough(in_order(1.0) + 1) || enough(in_order(-1.0) + 1));
    is_monotone.then_some((Map::Monotone, rows))
}

/// Whether all rows of a person are moved by one number, for persons of several rows.
fn by_person(both: &[(f64, f64, u32)], near: &dyn Fn(f64, f64) -> bool) -> bool {
    let mut moved: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    both.iter().for_each(|(a, b, person)| moved.entry(*person).or_default().push(b - a));
    let several: Vec<&Vec<f64>> = moved.values().filter(|moved| moved.len() > 1).collect();
    let constant = several.iter().filter(|moved| moved.iter().all(|by| near(*by, moved[0]))).count();
    several.len() >= FEWEST && constant as f64 >= LEAST * several.len() as f64
}
