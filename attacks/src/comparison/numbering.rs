//! Columns that only number the rows.

use crate::table::{CodedColumn, Domain, Table};

/// Fewest rows of which a sequence is no accident.
const FEWEST: usize = 10;

/// Whether a column only numbers the rows: in every table distinct whole numbers that run from 0 or 1 without a gap, in
/// whatever order.
///
/// Original and control may also share one numbering, as the parts of a table that was split do; the release then numbers its
/// own rows, or carries on the numbers of theirs. A column of the original that another table numbers otherwise is none.
pub fn numbers_rows(
    domain: &Domain,
    original: &CodedColumn,
    release: Option<&CodedColumn>,
    control: Option<&CodedColumn>,
) -> bool {
    if original.codes.len() < FEWEST {
        return false;
    }
    let own = |column: &CodedColumn| is_sequence(domain, [&column.codes[..]]);
    let apart = own(original) && control.is_none_or(own);
    let joint = || {
        let control = control.map_or(&[][..], |control| &control.codes);
        is_sequence(domain, [&original.codes[..], control])
    };
    if !apart && !joint() {
        return false;
    }
    release.is_none_or(|release| own(release) || (are_distinct(release) && is_part(domain, release, original, control)))
}

fn are_distinct(column: &CodedColumn) -> bool {
    column.distinct == column.codes.len()
}

/// Whether every number of the release is one of the original's or the control's.
fn is_part(domain: &Domain, release: &CodedColumn, original: &CodedColumn, control: Option<&CodedColumn>) -> bool {
    let mut known = vec![false; domain.len()];
    original
        .codes
        .iter()
        .chain(control.iter().flat_map(|control| &control.codes))
        .for_each(|c| known[*c as usize] = true);
    release.codes.iter().all(|code| known[*code as usize])
}

/// Whether all rows hold distinct whole numbers that run from 0 or 1 without a gap.
fn is_sequence<const N: usize>(domain: &Domain, parts: [&[u32]; N]) -> bool {
    let rows: usize = parts.iter().map(|codes| codes.len()).sum();
    let mut seen = vec![false; domain.len()];
    let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
    for code in parts.into_iter().flatten() {
        let number = domain.number(*code);
        if number.fract() != 0.0 || std::mem::replace(&mut seen[*code as usize], true) {
            return false; // NaN, of what is no number, is no whole number either
        }
        least = least.min(number);
        most = most.max(number);
    }
    (least == 0.0 || least == 1.0) && most - least + 1.0 == rows as f64
}

/// Whether rows that something pairs are about the same persons, by what their columns say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Following {
    /// Pairs of rows.
    pub pairs: usize,
    /// Mean share of the columns on which a pair agrees.
    pub agreement: f64,
    /// The same for neighbouring pairs that were crossed.
    pub by_chance: f64,
    /// Whether pairs agree more than neighbours do, beyond chance.
    pub follows: bool,
}

/// Standard errors beyond which pairs agree more than chance explains.
const BEYOND: f64 = 5.0;

/// Pairs of an original and a release row of one number, in the order of the numbers.
pub fn pairs(domain: &Domain, original: &CodedColumn, release: &CodedColumn) -> Vec<(usize, usize)> {
    let mut row_of = vec![usize::MAX; domain.len()];
    for (row, code) in release.codes.iter().enumerate() {
        row_of[*code as usize] = row;
    }
    let rows = original.codes.iter().enumerate().map(|(row, code)| (*code, row, row_of[*code as usize]));
    let mut pairs: Vec<(u32, usize, usize)> = rows.filter(|(_, _, other)| *other != usize::MAX).collect();
    pairs.sort_unstable();
    pairs.into_iter().map(|(_, row, other)| (row, other)).collect()
}

/// Whether rows of two tables go together in these pairs, which stand in the order of what paired them.
///
/// The pairs are compared with pairs of neighbours in the same tables: files that are both sorted agree for either, files of
/// the same rows in the same order for the first alone. The difference is judged by its standard error over the pairs.
pub fn following(pairs: &[(usize, usize)], tables: [&Table; 2]) -> Following {
    let (columns, count) = (tables[0].columns(), pairs.len());
    if count < FEWEST || columns == 0 {
        return Following { pairs: count, agreement: 0.0, by_chance: 0.0, follows: false };
    }
    // In how many columns each pair agrees, and the pairs with the next one's row and with that of the one before.
    let agreeing = [0, 1, count - 1].map(|step| {
        let mut agreeing = vec![0u32; count];
        let others: Vec<usize> = (0..count).map(|at| pairs[(at + step) % count].1).collect();
        for column in 0..columns {
            let (own, released) = (tables[0].column(column), tables[1].column(column));
            for ((agreeing, (one, _)), other) in agreeing.iter_mut().zip(pairs).zip(&others) {
                *agreeing += u32::from(own[*one] == released[*other]);
            }
        }
        agreeing
    });
    let (mut own, mut others, mut differences) = (0.0, 0.0, Vec::with_capacity(count));
    for at in 0..count {
        let [pair, next, before] = agreeing.each_ref().map(|agreeing| f64::from(agreeing[at]) / columns as f64);
        let neighbour = (next + before) / 2.0;
        own += pair;
        others += neighbour;
        differences.push(pair - neighbour);
    }
    let n = count as f64;
    let mean = (own - others) / n;
    let variance = differences.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>() / (n - 1.0);
    let follows = mean > 0.0 && mean > BEYOND * (variance / n).sqrt();
    Following { pairs: count, agreement: own / n, by_chance: others / n, follows }
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::table::{JointColumn, Kind, RawColumn};

    fn found(original: &[f64], release: &[f64], control: &[f64]) -> bool {
        let raw = [original, release, control].map(RawColumn::numbers);
        let column = JointColumn::of(Kind::Numeric, raw.into());
        numbers_rows(&column.domain, &column.tables[0], Some(&column.tables[1]), Some(&column.tables[2]))
    }

    fn run(from: u32, to: u32) -> Vec<f64> {
        (from..to).map(f64::from).collect()
    }

    #[test]
    fn running_numbers_are_found_in_any_order() {
        let mut shuffled = run(0, 50);
        shuffled.reverse();
        shuffled.swap(3, 40);
        assert!(found(&shuffled, &run(0, 30), &run(0, 20)));
        assert!(found(&run(1, 51), &run(1, 31), &run(1, 21)));
        // One table that was split, and a release of its own numbers or of the original's.
        let even: Vec<f64> = (0..50).map(|at| f64::from(at * 2)).collect();
        let odd: Vec<f64> = (0..50).map(|at| f64::from(at * 2 + 1)).collect();
        assert!(found(&even, &run(0, 30), &odd));
        assert!(found(&even, &even[10..30], &odd));
    }

    #[test]
    fn ages_identifiers_and_split_keys_are_none() {
        let ages: Vec<f64> = (0..80).map(|at| f64::from(20 + at * 7 % 60)).collect();
        assert!(!found(&ages, &ages, &ages));
        let ids: Vec<f64> = (0..80u32).map(|at| f64::from(at.wrapping_mul(2_654_435_761) % 90_000)).collect();
        assert!(!found(&ids, &run(0, 30), &run(0, 20)));
        assert!(!found(&run(0, 50), &ids, &run(0, 20)));
        assert!(!found(&run(0, 5), &run(0, 5), &run(0, 5)), "so few are an accident");
        assert!(!found(&run(5, 55), &run(0, 30), &run(0, 20)));
    }
}
