//! Whether the values of one column can meet in two tables.
//!
//! A value meets a table when it could occur there: it equals a value, a generalized cell covers it, or, for numbers, it
//! lies between the table's smallest and largest. Suppressed and missing cells say nothing and are left out on both sides.
//!
//! *Categories* cannot be compared when nothing meets, or when in both directions less than half as many rows meet as a
//! fresh table of that size would show. How many those are is told by each table alone, row by row left out: a value of c of N rows
//! is missed by M fresh rows with probability (1 − (c − 1)/(N − 1))^M (Good 1953, the population frequencies of species,
//! Biometrika 40:237). Both directions, because a release that keeps only the most frequent values is poor and comparable. Nor where the
//! labels were exchanged among themselves (`are_exchanged`).
//!
//! *Numbers* are of another scale when the distributions are at least half a unit apart (Kolmogorov–Smirnov) and the
//! central 98 % of one are twenty times as wide as those of the other, or when hardly any mass overlaps. Drift of
//! synthetic data, noise, top-coding, rounding, sampling and generalization do not do that.

use super::exchanged::are_exchanged;
use super::rewritten::rewritten;
use super::values::{Held, Values, span};
use crate::stats::unseen::{SURELY, error};
use crate::table::{Cell, CodedColumn, Domain};

/// How the values of one table meet another's, in one column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Meeting {
    /// Rows of the first table that hold a value.
    pub rows: usize,
    /// How many of them hold one that could occur in the second.
    pub meeting: usize,
    /// How many would if both tables were drawn from one population; `None` for numbers, which need not repeat.
    pub expected: Option<f64>,
    /// Largest difference of the two distribution functions (numbers), or total variation (categories). What
    /// generalized cells leave open counts in favour of agreement. 0 when a table says nothing.
    pub distance: f64,
    /// Whether the two can be compared.
    pub comparable: bool,
}

impl Meeting {
    /// Share of the first table's rows whose value could occur in the second; 1 where no row holds a value.
    pub fn share(&self) -> f64 {
        if self.rows == 0 { 1.0 } else { self.meeting as f64 / self.rows as f64 }
    }

    /// Whether the two distributions are so far apart that it is no drift: more than a half, where values repeat.
    pub fn is_far(&self) -> bool {
        let repeats = self.expected.is_none_or(|expected| expected >= 0.9 * self.rows as f64);
        repeats && self.distance > FAR
    }
}

/// Distributions further apart than this are not taken for drift.
const FAR: f64 = 0.5;
/// From this on two distributions hardly overlap.
const APART: f64 = 0.9;
/// From this on they do not overlap at all, but for stray values.
const DISJOINT: f64 = 0.98;
/// So many times as wide is another scale.
const SCALE: f64 = 20.0;
/// Share of the rows below and above the central ones.
const TAIL: f64 = 0.01;

/// How an original (or a control) meets the release.
pub fn with_release(domain: &Domain, persons: &CodedColumn, release: &CodedColumn) -> Meeting {
    let (persons, release) = (Values::of(domain, persons), Values::of(domain, release));
    let found = meeting(&persons, &release, &persons, true);
    Meeting { comparable: found.comparable && !are_exchanged(&persons, &release), ..found }
}

/// How a control meets the original and the release together. Values of which each person has an own one meet nobody's,
/// and that is no fault of the control: only values that repeat are expected to meet.
pub fn of_control(
    domain: &Domain,
    control: &CodedColumn,
    original: &CodedColumn,
    release: Option<&CodedColumn>,
) -> Meeting {
    let (control, original) = (Values::of(domain, control), Values::of(domain, original));
    let known = release.map(|release| original.and(&Values::of(domain, release)));
    let found = meeting(&control, known.as_ref().unwrap_or(&original), &original, false);
    // The distance is the original's: the release need not be distributed as the persons are.
    Meeting { distance: distance(&control, &original), ..found }
}

/// Share of the release's rows whose cell is no value of the persons, original and control together, although it should be: a text among numbers
/// or dates; a number that is farther from all of theirs than these are from each other, as of another unit; or a category that stands in so
/// many rows that a table of persons would show it, or one of so many new ones that fresh persons would not bring them (`unseen`). A category of c of N rows is shown by M persons
/// with probability 1 − (1 − (c − 1)/(N − 1))^M (Good 1953), and counts so much: what is rare in the release may be new.
pub fn unread(domain: &Domain, original: &CodedColumn, control: Option<&CodedColumn>, release: &CodedColumn) -> f64 {
    let (original, release) = (Values::of(domain, original), Values::of(domain, release));
    let known = match control {
        Some(control) => original.and(&Values::of(domain, control)),
        None => original,
    };
    let (persons, rows) = (known.rows(), release.rows());
    if persons == 0 || rows == 0 {
        return 0.0;
    }
    let held = known.held();
    let shown = |of_value: u32| if domain.kind().is_numeric() { 1.0 } else { shows(of_value, rows, persons) };
    let ends = known.ends();
    let is_foreign = |cell: &Cell, code: u32| match (span(cell), ends) {
        (Some((lo, hi)), Some((least, most))) => most > least && (lo - most).max(least - hi) > most - least,
        (Some(_), None) => false,
        (None, _) => !known.is_held(cell, code, &held),
    };
    let foreign = release.telling().filter(|(cell, code, _)| is_foreign(cell, *code));
    // Begun at 0: the sum of nothing at all would be -0.
    let sum = foreign.fold(0.0, |sum, (_, _, rows)| sum + f64::from(rows) * shown(rows));
    let foreign = sum / release.counts.iter().map(|rows| f64::from(*rows)).sum::<f64>();
    foreign.max(if domain.kind().is_numeric() { rewritten(&known, &release) } else { unseen(&known, &release, &held) })
}

/// Share of the release's rows with categories that no person has, beyond what there would be of fresh persons: each of many texts may be new, and all of
/// them together are not. What fresh rows show for the first time is the share of the persons whose category stands once (Good 1953).
fn unseen(persons: &Values<'_>, release: &Values<'_>, held: &Held<'_>) -> f64 {
    let (n, m) = (persons.rows() as f64, release.rows() as f64);
    let rows_of = |values: &Values<'_>, is_wanted: &dyn Fn(&Cell, u32, u32) -> bool| -> f64 {
        let wanted = values.telling().filter(|(cell, code, rows)| is_wanted(cell, *code, *rows));
        wanted.map(|(_, _, rows)| f64::from(rows)).sum()
    };
    let once = rows_of(persons, &|_, _, rows| rows == 1) / n;
    let new = rows_of(release, &|cell, code, _| !release.is_held(cell, code, held)) / m;
    if new > once + SURELY * error(once, n, m) { new - once } else { 0.0 }
}

/// `alike` tells how often values repeat. `none_is_too_few`: whether a column of which nothing meets cannot be compared even
/// if nothing was expected to.
fn meeting(one: &Values<'_>, other: &Values<'_>, alike: &Values<'_>, none_is_too_few: bool) -> Meeting {
    let rows = one.rows();
    let found = meeting_rows(one, other);
    let mut meeting = Meeting { rows, meeting: found, expected: None, distance: 0.0, comparable: true };
    let other_rows = other.rows();
    if rows == 0 || other_rows == 0 {
        return meeting;
    }
    meeting.distance = distance(one, other);
    let numbers = |values: &Values<'_>| {
        let rows = values.telling().filter(|(cell, _, _)| span(cell).is_some()).map(|(_, _, rows)| rows as usize);
        rows.sum::<usize>()
    };
    let mostly = |part: usize, whole: usize| 2 * part > whole;
    meeting.comparable = if one.domain.kind().is_numeric() && mostly(numbers(one), rows) {
        // A release of texts beside numbers cannot meet them.
        mostly(numbers(other), other_rows) && !is_another_scale(meeting.distance, one, other)
    } else {
        let expected = expected(alike, other_rows) * rows as f64 / alike.rows().max(1) as f64;
        meeting.expected = Some(expected);
        let back = too_few(meeting_rows(other, one), self::expected(other, rows), other_rows);
        let none = none_is_too_few && found == 0;
        !(none || too_few(found, expected, rows) && back)
    };
    meeting
}

/// Whether less than half as many rows meet as expected, and chance does not explain it.
fn too_few(found: usize, expected: f64, rows: usize) -> bool {
    let (found, rows) = (found as f64, rows as f64);
    let spread = (expected * (1.0 - expected / rows) + 1.0).sqrt();
    found < expected / 2.0 && found + 4.0 * spread < expected
}

/// Rows of one table whose value could occur in the other.
fn meeting_rows(one: &Values<'_>, other: &Values<'_>) -> usize {
    let held = other.held();
    let ends = other.ends();
    let meets = |cell: &Cell, code: u32| match (cell, span(cell), ends) {
        (_, Some((lo, hi)), Some((least, most))) => lo <= most && hi >= least,
        (_, Some(_), None) => false,
        _ => one.is_held(cell, code, &held),
    };
    one.telling().filter(|(cell, code, _)| meets(cell, *code)).map(|(_, _, rows)| rows as usize).sum()
}

/// How many rows of a table hold a value that so many fresh rows would show, each row left out in turn.
fn expected(values: &Values<'_>, fresh: usize) -> f64 {
    let all = values.rows();
    values.telling().map(|(_, _, rows)| f64::from(rows) * shows(rows, all, fresh)).sum()
}

/// The chance that so many fresh rows show a value of some of all rows of a table, one of them left out (Good 1953).
fn shows(of_value: u32, all: usize, fresh: usize) -> f64 {
    let share = f64::from(of_value - 1) / all.saturating_sub(1).max(1) as f64;
    1.0 - (1.0 - share).powi(fresh.min(i32::MAX as usize) as i32)
}

/// Whether the numbers of one table cannot be on the scale of the other's.
fn is_another_scale(distance: f64, one: &Values<'_>, other: &Values<'_>) -> bool {
    let (Some(a), Some(b)) = (one.central(TAIL), other.central(TAIL)) else { return false };
    let (width, other_width) = (a.1 - a.0, b.1 - b.0);
    let gap = (b.0 - a.1).max(a.0 - b.1);
    // A column that is nearly constant is judged by all of its range.
    let own_range = one.ends().map_or(0.0, |(lo, hi)| hi - lo);
    let apart = gap > 0.0 && (width > 0.0 || gap > 0.1 * own_range);
    let wider = width > 0.0 && other_width >= SCALE * width;
    let narrower = width >= SCALE * other_width && other_width > 0.0;
    distance >= DISJOINT && apart || distance > FAR && wider || distance >= APART && narrower
}

/// Kolmogorov–Smirnov distance of numbers, total variation of categories; the least that generalized cells allow.
pub(super) fn distance(one: &Values<'_>, other: &Values<'_>) -> f64 {
    let (rows, other_rows) = (one.rows() as f64, other.rows() as f64);
    if rows == 0.0 || other_rows == 0.0 {
        return 0.0;
    }
    if one.domain.kind().is_numeric() {
        let is_exact = !one.domain.has_generalized();
        return if is_exact { of_exact_numbers(one, other) } else { of_numbers(one, other) };
    }
    let is_exact = |cell: &Cell| matches!(cell, Cell::Category(_) | Cell::Number(_));
    let open = |values: &Values<'_>, rows: f64| {
        values.telling().filter(|(cell, _, _)| !is_exact(cell)).map(|(_, _, n)| f64::from(n)).sum::<f64>() / rows
    };
    let excess = |a: &Values<'_>, a_rows: f64, b: &Values<'_>, b_rows: f64| {
        let exact = a.telling().filter(|(cell, _, _)| is_exact(cell));
        let more = exact.map(|(_, code, n)| f64::from(n) / a_rows - f64::from(b.counts[code as usize]) / b_rows);
        more.map(|more| more.max(0.0)).sum::<f64>() - open(b, b_rows)
    };
    excess(one, rows, other, other_rows).max(excess(other, other_rows, one, rows)).clamp(0.0, 1.0)
}

/// The largest difference of two distribution functions where all numbers are exact: codes are in their order.
fn of_exact_numbers(one: &Values<'_>, other: &Values<'_>) -> f64 {
    let codes = one.domain.number_codes();
    let codes = codes.start as usize..codes.end as usize;
    let (rows, other_rows) = (&one.counts[codes.clone()], &other.counts[codes]);
    let total = |rows: &[u32]| rows.iter().map(|rows| f64::from(*rows)).sum::<f64>();
    let (n, m) = (total(rows), total(other_rows));
    if n == 0.0 || m == 0.0 {
        return 1.0;
    }
    let mut so_far = [0.0; 2];
    rows.iter().zip(other_rows).fold(0.0, |largest: f64, (rows, other_rows)| {
        so_far[0] += f64::from(*rows);
        so_far[1] += f64::from(*other_rows);
        largest.max((so_far[0] / n - so_far[1] / m).abs())
    })
}

/// The largest difference of two distribution functions. A generalized number lies anywhere between its ends, so each
/// function lies between two others, and only what lies outside counts.
fn of_numbers(one: &Values<'_>, other: &Values<'_>) -> f64 {
    // Each number with the growth of: one's upper and lower function, the other's upper and lower function.
    let mut steps: Vec<(f64, [f64; 4])> = Vec::new();
    let mut totals = [0.0; 2];
    for (table, values) in [one, other].into_iter().enumerate() {
        for (cell, _, rows) in values.telling() {
            let Some((lo, hi)) = span(cell) else { continue };
            let rows = f64::from(rows);
            totals[table] += rows;
            let mut growth = [0.0; 4];
            growth[2 * table] = rows;
            if lo == hi {
                growth[2 * table + 1] = rows;
                steps.push((lo, growth));
            } else {
                steps.push((lo, growth));
                growth.swap(2 * table, 2 * table + 1);
                steps.push((hi, growth));
            }
        }
    }
    if totals[0] == 0.0 || totals[1] == 0.0 {
        return 1.0;
    }
    steps.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut so_far = [0.0; 4];
    let mut largest: f64 = 0.0;
    for (at, (number, growth)) in steps.iter().enumerate() {
        so_far.iter_mut().zip(growth).for_each(|(sum, growth)| *sum += growth);
        if steps.get(at + 1).is_none_or(|(next, _)| next > number) {
            let [upper, lower, other_upper, other_lower] = so_far;
            let (n, m) = (totals[0], totals[1]);
            largest = largest.max(lower / n - other_upper / m).max(other_lower / m - upper / n);
        }
    }
    largest
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::table::{Interval, JointColumn, Kind, RawColumn};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn exact_numbers_are_as_far_apart_as_spans_without_width(
            one in prop::collection::vec(-9i32..9, 0..40),
            other in prop::collection::vec(-9i32..9, 0..40),
            text in any::<bool>(),
        ) {
            let raw = |values: &[i32]| {
                let mut cells: Vec<Cell> = values.iter().map(|value| Cell::Number(f64::from(*value) / 3.0)).collect();
                cells.extend(text.then(|| Cell::Category("a text".to_owned())));
                RawColumn::cells(cells)
            };
            let column = JointColumn::of(Kind::Numeric, vec![raw(&one), raw(&other)]);
            let [one, other] = [0, 1].map(|at: usize| Values::of(&column.domain, &column.tables[at]));
            prop_assert_eq!(of_exact_numbers(&one, &other), of_numbers(&one, &other));
        }
    }

    fn compared(kind: Kind, original: RawColumn, release: RawColumn) -> Meeting {
        let column = JointColumn::of(kind, vec![original, release]);
        with_release(&column.domain, &column.tables[0], &column.tables[1])
    }

    fn texts(values: impl Iterator<Item = String>) -> RawColumn {
        RawColumn::texts(&values.collect::<Vec<_>>())
    }

    fn numbers(values: impl Iterator<Item = f64>) -> RawColumn {
        RawColumn::numbers(&values.collect::<Vec<_>>())
    }

    #[test]
    fn other_words_cannot_be_compared() {
        let jobs = |prefix: &'static str| texts((0..200).map(move |at| format!("{prefix}{}", at % 7)));
        let found = compared(Kind::Categorical, jobs("job"), jobs("x"));
        assert_eq!((found.meeting, found.comparable, found.distance), (0, false, 1.0));
        assert!(compared(Kind::Categorical, jobs("job"), jobs("job")).comparable);
        // A few values in common do not make a language.
        let some = texts((0..200).map(|at| format!("{}{}", if at < 10 { "job" } else { "x" }, at % 7)));
        let found = compared(Kind::Categorical, texts((0..200).map(|at| format!("job{}", at % 70))), some);
        assert!(found.meeting > 0 && !found.comparable, "{found:?}");
        // A release that holds the most frequent value alone is poor, and comparable.
        let mode = texts((0..200).map(|_| "job3".to_owned()));
        assert!(compared(Kind::Categorical, jobs("job"), mode).comparable);
    }

    #[test]
    fn names_of_which_one_in_a_hundred_leaks_can_be_compared() {
        let names = |from: usize| texts((from..from + 100).map(|at| format!("name {at}")));
        assert!(compared(Kind::Categorical, names(0), names(99)).comparable);
        assert!(!compared(Kind::Categorical, names(0), names(100)).comparable);
    }

    #[test]
    fn another_scale_is_found_and_drift_is_not() {
        let income = |scale: f64, add: f64| {
            numbers((0..500).map(move |at| (f64::from(at * at % 499) * 40.0).mul_add(scale, add)))
        };
        for (scale, add) in [(1000.0, 7.0), (0.001, 0.0), (1.0, 50_000.0), (0.01, 0.0), (-1.0, -1.0)] {
            let found = compared(Kind::Numeric, income(1.0, 1000.0), income(scale, add));
            assert!(!found.comparable, "{scale} {add}: {found:?}");
        }
        for (scale, add) in [(1.0, 1000.0), (1.3, 0.0), (3.0, 0.0), (0.5, 4000.0), (0.0, 9000.0)] {
            let found = compared(Kind::Numeric, income(1.0, 1000.0), income(scale, add));
            assert!(found.comparable, "{scale} {add}: {found:?}");
        }
    }

    #[test]
    fn rows_of_another_unit_are_not_read() {
        let unread_of = |release: &dyn Fn(u32) -> f64| {
            let persons = numbers((0..100).map(|at| 36.0 + f64::from(at % 50) / 10.0));
            let column = JointColumn::of(Kind::Numeric, vec![persons, numbers((0..200).map(release))]);
            unread(&column.domain, &column.tables[0], None, &column.tables[1])
        };
        let celsius = |at: u32| 36.0 + f64::from(at % 47) / 10.0;
        assert_eq!(unread_of(&celsius), 0.0);
        assert_eq!(unread_of(&|at| if at < 50 { celsius(at) * 1.8 + 32.0 } else { celsius(at) }), 0.25);
        // Noise of the size of the range is read.
        assert_eq!(unread_of(&|at| celsius(at) + 4.8 * (f64::from(at % 3) - 1.0)), 0.0);
    }

    #[test]
    fn many_zeros_hide_no_scale() {
        let gain = |scale: f64, add: f64| {
            numbers((0..500).map(move |at| if at % 10 == 0 { f64::from(at * 20) } else { 0.0 }.mul_add(scale, add)))
        };
        assert!(!compared(Kind::Numeric, gain(1.0, 0.0), gain(1000.0, 7.0)).comparable);
        // A generator that blurs zero does not change the scale.
        let blurred = numbers((0..500).map(|at| if at % 10 == 0 { f64::from(at * 20) } else { f64::from(at % 50) }));
        let found = compared(Kind::Numeric, gain(1.0, 0.0), blurred);
        assert!(found.comparable && found.distance > 0.8, "{found:?}");
    }

    #[test]
    fn generalized_cells_meet_what_they_cover() {
        let decade =
            |at: u32| Cell::Interval(Interval::closed(f64::from(at % 7) * 10.0, f64::from(at % 7) * 10.0 + 9.0));
        let ages = || numbers((0..300).map(|at| f64::from(at % 70)));
        let found = compared(Kind::Numeric, ages(), RawColumn::cells((0..300).map(decade).collect()));
        assert!(found.comparable && found.distance < 0.1 && found.meeting == 300, "{found:?}");
        let found = compared(Kind::Numeric, ages(), RawColumn::cells(vec![Cell::Suppressed; 9]));
        assert!(found.comparable, "{found:?}");
        let set = |at: u32| Cell::OneOf(vec![format!("c{}", at % 3), format!("c{}", 3 + at % 3)]);
        let categories = texts((0..60).map(|at| format!("c{}", at % 6)));
        let found = compared(Kind::Categorical, categories, RawColumn::cells((0..60).map(set).collect()));
        assert!(found.comparable && found.meeting == 60 && found.distance == 0.0, "{found:?}");
    }

    #[test]
    fn labels_of_a_control_that_nobody_else_has() {
        let labels = |end: &'static str| texts((0..200).map(move |at| format!("{}{end}", [">50K", "<=50K"][at % 2])));
        let control = |control: RawColumn| {
            let column = JointColumn::of(Kind::Categorical, vec![labels(""), labels(""), control]);
            let [original, release, control] = [0, 1, 2].map(|at| &column.tables[at]);
            of_control(&column.domain, control, original, Some(release))
        };
        assert!(!control(labels(".")).comparable);
        assert!(control(labels("")).comparable);
        // Names are everybody's own.
        let names = |from: usize| texts((from..from + 100).map(|at| format!("name {at}")));
        let column = JointColumn::of(Kind::Categorical, vec![names(0), names(500)]);
        assert!(of_control(&column.domain, &column.tables[1], &column.tables[0], None).comparable);
    }
}
