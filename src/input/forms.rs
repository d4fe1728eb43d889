//! The local forms of a column's tables: what the values say, what the other columns of the files say, and where values meet.

use super::exact::Reader;
use super::form::{DayOrder, Decimal, Fit, Fits, Form, Part, Sign, agreed, settle};
use super::generalized::interval;
use super::looks::Looks;
use super::time::civil_from_days;
use super::tokens::{Token, TokenColumn};
use super::{LocalForm, ReadOptions};
use reident_attacks::table::{Cell, Interval, Kind};
use std::collections::HashSet;

/// What the columns of each file agree on: whether its decimals have a comma, and whether its months come first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct FileForm {
    decimal: Option<bool>,
    order: Option<bool>,
}

/// What each of some files agrees on, from the looks of all columns in each of them.
pub(super) fn of_files(columns: &[Vec<Option<Looks>>], files: usize) -> Vec<FileForm> {
    let of_file = |file: usize| {
        let looks = || columns.iter().filter_map(move |tables| tables.get(file)?.as_ref());
        let numbers = looks().filter(|looks| looks.mostly().0);
        let dates = looks().filter(|looks| looks.mostly().1);
        FileForm { decimal: agreed(numbers.map(Looks::decimal)), order: agreed(dates.map(Looks::order)) }
    };
    (0..files).map(of_file).collect()
}

/// The form of each table of a column, and in which tables it is a guess.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Forms {
    pub(super) of_table: Vec<Form>,
    /// Tables whose decimal sign is not settled.
    pub(super) open_decimals: Vec<usize>,
    /// Tables whose order of day and month is not settled.
    pub(super) open_orders: Vec<usize>,
    /// Tables whose years have two digits of a century that is not settled.
    pub(super) open_years: Vec<usize>,
}

/// Finds the forms of a column.
pub(super) fn find(
    name: &str,
    options: &ReadOptions,
    tables: &[Option<TokenColumn>],
    looks: &[Option<Looks>],
    files: &[FileForm],
) -> Forms {
    let fixed = options.forms.get(name).copied();
    let second = |first: LocalForm, second: LocalForm| match fixed {
        Some(form) if form == first => Some(false),
        Some(form) if form == second => Some(true),
        _ => None,
    };
    let looks_of_others =
        |at: usize| looks.iter().enumerate().filter(move |(other, _)| *other != at).filter_map(|(_, looks)| *looks);
    let settled = |sign: fn(&Looks) -> Sign, fixed: Option<bool>, file: fn(&FileForm) -> Option<bool>, kind: Kind| {
        let parts: Vec<Option<Part>> = looks
            .iter()
            .enumerate()
            .map(|(at, looks)| {
                let own = sign(looks.as_ref()?);
                let beside = || {
                    looks_of_others(at)
                        .any(|other| if kind == Kind::Numeric { other.mostly().0 } else { other.mostly().1 })
                };
                let own = match own {
                    // Its values may be bands, whose ends are written in some form too.
                    Sign::Silent if looks.is_some_and(|looks| looks.has_texts()) && beside() => {
                        of_bands(tables[at].as_ref()?, kind)
                    }
                    own => own,
                };
                let sign = fixed.map_or(own, Sign::Second);
                Some(Part { sign, file: files.get(at).and_then(file), meets: None })
            })
            .collect();
        let signs: Vec<Option<Sign>> = parts.iter().map(|part| part.map(|part| part.sign)).collect();
        let meets = |at: usize| meeting(tables, &signs, at, kind);
        let parts: Vec<Option<Part>> = parts
            .iter()
            .enumerate()
            .map(|(at, part)| {
                let part = (*part)?;
                let is_open = matches!(part.sign, Sign::Open { .. });
                Some(Part { meets: if is_open { meets(at) } else { None }, ..part })
            })
            .collect();
        settle(&parts)
    };
    let decimals = settled(
        Looks::decimal,
        second(LocalForm::DecimalPoint, LocalForm::DecimalComma),
        |file| file.decimal,
        Kind::Numeric,
    );
    let orders =
        settled(Looks::order, second(LocalForm::DayFirst, LocalForm::MonthFirst), |file| file.order, Kind::Date);
    let mut of_table: Vec<Form> =
        decimals.iter().zip(&orders).map(|(decimal, order)| form(decimal.0, order.0)).collect();
    let short: Vec<usize> =
        (0..tables.len()).filter(|at| looks[*at].is_some_and(|looks| looks.short_years().0)).collect();
    let last_year = if short.is_empty() { None } else { last_year(tables, looks, &of_table) };
    last_year.into_iter().for_each(|year| of_table.iter_mut().for_each(|form| form.last_year = year));
    let open = |settled: &[(bool, bool)]| (0..settled.len()).filter(|at| !settled[*at].1).collect();
    Forms {
        open_decimals: open(&decimals),
        open_orders: open(&orders),
        open_years: if last_year.is_some() { Vec::new() } else { short },
        of_table,
    }
}

fn form(comma: bool, month_first: bool) -> Form {
    Form {
        decimal: if comma { Decimal::Comma } else { Decimal::Point },
        order: if month_first { DayOrder::MonthFirst } else { DayOrder::DayFirst },
        ..Form::default()
    }
}

/// What the ends of bands say about the form of a column of numbers or of dates.
fn of_bands(column: &TokenColumn, kind: Kind) -> Sign {
    let mut fits = Fits::default();
    for (token, rows) in column.tokens.iter().zip(&column.counts) {
        let read = [false, true].map(|second| {
            let found = band(token, Reader { form: of_kind(kind, second), ..Reader::new(kind, false) })?;
            let [lo, hi] = [found.lo, found.hi].map(|end| if end.is_finite() { end } else { 0.0 });
            Some(lo + 3.0 * hi)
        });
        Fit::of(read[0], read[1]).into_iter().for_each(|fit| fits.count(fit, *rows as usize));
    }
    match fits.needed() {
        Some(second) => Sign::Second(second),
        None if fits.of(Fit::Either) > 0 => Sign::Open { harmless: None },
        None => Sign::Silent,
    }
}

/// The band that a token is.
fn band(token: &Token, reader: Reader) -> Option<Interval> {
    if let Token::Text(text) = token { interval(reader, text) } else { None }
}

/// The first form of a kind, or the second.
fn of_kind(kind: Kind, second: bool) -> Form {
    if kind == Kind::Numeric { form(second, false) } else { form(false, second) }
}

/// The value of a token, or the ends of its band.
fn ends(token: &Token, reader: Reader) -> [Option<f64>; 2] {
    let ends = match reader.exact(token).map(|exact| exact.cell) {
        Some(Cell::Number(value)) => [Some(value), None],
        Some(_) => [None, None],
        None => band(token, reader).map_or([None, None], |band| [Some(band.lo), Some(band.hi)]),
    };
    ends.map(|end| end.filter(|end| end.is_finite()))
}

/// Values of a column of a table, and the ends of its bands, in a form.
fn values(column: &TokenColumn, kind: Kind, form: Form) -> impl Iterator<Item = f64> {
    let reader = Reader { form, ..Reader::new(kind, false) };
    column.tokens.iter().flat_map(move |token| ends(token, reader)).flatten()
}

/// Rows from which on two readings can be told apart by the values that are met, and how much more one must meet.
const ENOUGH: u64 = 10;
const TIMES: u64 = 4;

/// In which form the values of a table meet those of the tables whose form is known: numbers by their range, days by equality.
fn meeting(tables: &[Option<TokenColumn>], signs: &[Option<Sign>], at: usize, kind: Kind) -> Option<bool> {
    let column = tables[at].as_ref()?;
    let mut known: Vec<f64> = Vec::new();
    for (table, sign) in tables.iter().zip(signs) {
        let second = match sign {
            Some(Sign::Second(second)) => *second,
            Some(Sign::Silent) => false,
            _ => continue,
        };
        known.extend(table.iter().flat_map(|table| values(table, kind, of_kind(kind, second))));
    }
    let (lowest, highest) = (known.iter().copied().reduce(f64::min)?, known.iter().copied().reduce(f64::max)?);
    let days: HashSet<i64> =
        if kind == Kind::Date { known.iter().map(|day| *day as i64).collect() } else { HashSet::new() };
    let meets = |value: f64| match kind {
        Kind::Date => days.contains(&(value as i64)),
        _ => (lowest..=highest).contains(&value),
    };
    let readers = [false, true].map(|second| Reader { form: of_kind(kind, second), ..Reader::new(kind, false) });
    let (mut first, mut second) = (0u64, 0u64);
    for (token, rows) in column.tokens.iter().zip(&column.counts) {
        let [one, other] = readers.map(|reader| ends(token, reader));
        if one != other {
            let met = |ends: [Option<f64>; 2]| if ends.into_iter().flatten().any(meets) { u64::from(*rows) } else { 0 };
            first += met(one);
            second += met(other);
        }
    }
    let rows = column.codes.len() as u64;
    let is_clear = |more: u64, less: u64| more >= ENOUGH.min(rows.div_ceil(2)) && more >= TIMES * less;
    match (first > second, second > first) {
        (true, _) if is_clear(first, second) => Some(false),
        (_, true) if is_clear(second, first) => Some(true),
        _ => None,
    }
}

/// The latest year among days with years of four digits.
fn last_year(tables: &[Option<TokenColumn>], looks: &[Option<Looks>], forms: &[Form]) -> Option<i64> {
    let mut last: Option<f64> = None;
    for ((table, looks), form) in tables.iter().zip(looks).zip(forms) {
        let (Some(table), true) = (table, looks.is_some_and(|looks| looks.short_years() == (false, true))) else {
            continue;
        };
        last = values(table, Kind::Date, *form).chain(last).reduce(f64::max);
    }
    last.map(|day| civil_from_days(day).0)
}
