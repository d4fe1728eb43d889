//! Whether texts that read as bands are such as recoding makes.

use reident_attacks::table::Interval;
use std::cmp::Ordering;

/// Whether of any two different bands one holds the other, or they have nothing in common: so recoding on one level or on several
/// makes them. Telephone numbers, days of the year and ranges of codes (`555-1234`, `03-15`) overlap in part.
pub(super) fn are_nested(mut bands: Vec<Interval>) -> bool {
    // What begins at one number is a little more when that belongs to it; the wider of two beginnings comes first.
    let lower = |band: &Interval| (band.lo, u8::from(!band.lo_included));
    let upper = |band: &Interval| (band.hi, u8::from(band.hi_included));
    let order = |a: (f64, u8), b: (f64, u8)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
    bands.sort_by(|a, b| order(lower(a), lower(b)).then_with(|| order(upper(b), upper(a))));
    bands.dedup();
    let mut open: Vec<Interval> = Vec::new();
    for band in bands {
        while open.last().is_some_and(|outer| is_before(outer, &band)) {
            open.pop();
        }
        if open.last().is_some_and(|outer| order(upper(outer), upper(&band)) == Ordering::Less) {
            return false;
        }
        open.push(band);
    }
    true
}

/// Whether all of one band lies below all of another.
fn is_before(one: &Interval, other: &Interval) -> bool {
    one.hi < other.lo || (one.hi == other.lo && !(one.hi_included && other.lo_included))
}

#[cfg(test)]
mod test {
    use super::*;
    use proptest::prelude::*;

    fn band(lo: f64, hi: f64, lo_included: bool, hi_included: bool) -> Interval {
        Interval { lo, hi, lo_included, hi_included }
    }

    #[test]
    fn levels_of_recoding_are_nested_and_telephone_numbers_are_not() {
        let tens = (0..9).map(|at| band(10.0 * f64::from(at), 10.0 * f64::from(at + 1), true, false));
        let twenties = (0..4).map(|at| band(20.0 * f64::from(at), 20.0 * f64::from(at + 1), true, false));
        let top = [band(90.0, f64::INFINITY, true, false)];
        assert!(are_nested(tens.chain(twenties).chain(top).collect()));
        assert!(!are_nested(vec![Interval::closed(555.0, 1234.0), Interval::closed(600.0, 4321.0)]));
        assert!(!are_nested(vec![Interval::closed(2019.0, 2020.0), Interval::closed(2020.0, 2021.0)]));
    }

    proptest! {
        #[test]
        fn nested_bands_are_those_of_which_none_overlap_in_part(
            ends in prop::collection::vec((0..6i8, 1..4i8, any::<bool>(), any::<bool>()), 0..6),
        ) {
            let of = |(lo, width, a, b): &(i8, i8, bool, bool)| band(f64::from(*lo), f64::from(lo + width), *a, *b);
            let bands: Vec<Interval> = ends.iter().map(of).collect();
            // Halves between the ends, and the ends, are all that can tell bands apart.
            let held = |band: &Interval| (0..40).map(|at| band.contains(f64::from(at) / 4.0)).collect::<Vec<bool>>();
            let plain = bands.iter().all(|one| bands.iter().all(|other| {
                let pairs: Vec<(bool, bool)> = held(one).into_iter().zip(held(other)).collect();
                let both = pairs.contains(&(true, true));
                !both || pairs.iter().all(|pair| !pair.0 || pair.1) || pairs.iter().all(|pair| pair.0 || !pair.1)
            }));
            prop_assert_eq!(are_nested(bands), plain);
        }
    }
}
