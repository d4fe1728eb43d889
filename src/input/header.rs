//! The names of columns: as they are compared and shown, and whether they are names at all.

use super::file::{Content, Request};
use super::tokens::{Token, TokenColumn};
use super::{InputError, InputWarning, number, time};
use reident_reports::visible::visible;
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;

/// A name as it is compared and shown everywhere: without white space and marks of byte order around it, in Unicode's
/// composed form, and with every character that cannot be seen written out, so that no name drives a terminal or forges a
/// line.
pub fn column_name(name: &str) -> String {
    let trimmed = name.trim_matches(|letter: char| letter.is_whitespace() || matches!(letter, '\u{feff}' | '\u{200b}'));
    match visible(trimmed) {
        shown if shown.is_ascii() => shown.into_owned(),
        shown => shown.nfc().collect(),
    }
}

/// A name without what is often written differently: case, and everything but letters and digits.
pub(super) fn without_style(name: &str) -> String {
    name.nfkc().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Refuses a header that is none and two columns of one name; leaves columns without a name out, with a remark.
pub(super) fn settle(
    request: Request<'_>,
    content: &mut Content,
    role: &str,
    warnings: &mut Vec<InputWarning>,
) -> Result<(), InputError> {
    let path = || request.path.to_owned();
    let mut read = std::mem::take(&mut content.columns).into_iter();
    let columns: Vec<Option<TokenColumn>> =
        content.names.iter().map(|name| if request.options.is_ignored(name) { None } else { read.next() }).collect();
    let values = values_among(&content.names, &columns);
    if values > 0 && 2 * values >= content.names.iter().filter(|name| !name.is_empty()).count() {
        return Err(InputError::NoHeader { path: path() });
    }
    let mut seen = HashMap::new();
    let mut kept = Vec::new();
    for (at, (name, column)) in std::mem::take(&mut content.names).into_iter().zip(columns).enumerate() {
        if name.is_empty() {
            let Some(column) = column else { continue };
            warnings.push(unnamed(request, at, &column, role)?);
            continue;
        }
        // Their name is not told: where the header is none, it is a value.
        if let Some(first) = seen.insert(name.clone(), at) {
            return Err(InputError::DuplicateColumn { path: path(), first: first + 1, second: at + 1 });
        }
        kept.push(name);
        content.columns.extend(column);
    }
    content.names = kept;
    Ok(())
}

/// The remark on a column without a name; an error when it is an attribute that somebody forgot to name.
fn unnamed(request: Request<'_>, at: usize, column: &TokenColumn, role: &str) -> Result<InputWarning, InputError> {
    let rows = column.codes.len();
    let message = if column.counts[0] as usize == rows {
        format!("{role}: column {} has neither a name nor values, and is left out", at + 1)
    } else if at == 0 {
        format!(
            "{role}: the first column has no name, as where a program wrote the numbers or names of rows, and is left \
             out; name it in the header if it says something about the persons"
        )
    } else {
        return Err(InputError::UnnamedColumn { path: request.path.to_owned(), position: at + 1 });
    };
    Ok(InputWarning::new("unnamed_column", message).table(role).count(rows - column.counts[0] as usize, rows))
}

/// How many names look like values of their columns: texts that stand in them, and numbers and dates.
fn values_among(names: &[String], columns: &[Option<TokenColumn>]) -> usize {
    let stands_in = |name: &str, column: &TokenColumn| {
        column.tokens.iter().any(|token| matches!(token, Token::Text(text) if text.as_str() == name))
    };
    let mut numbers = Vec::new();
    let mut others = 0;
    for (name, column) in names.iter().zip(columns).filter(|(name, _)| !name.is_empty()) {
        match number::read(name) {
            Some(number) if number.value.is_finite() => numbers.push(number.value),
            _ if time::date(name).is_some() || time::datetime(name).is_some() => others += 1,
            _ => others += usize::from(column.as_ref().is_some_and(|column| stands_in(name, column))),
        }
    }
    // Years, ages, positions or wave lengths, one column each, are names.
    if counts_on(&numbers) { others } else { others + numbers.len() }
}

/// Whether numbers go on as those of a header do and values of a person hardly ever: in equal steps, or many of them upwards.
fn counts_on(numbers: &[f64]) -> bool {
    let steps: Vec<f64> = numbers.windows(2).map(|pair| pair[1] - pair[0]).collect();
    match steps[..] {
        [] => false,
        [step] => step == 1.0,
        [first, ..] => {
            let equal = steps.iter().all(|step| (step - first).abs() < 1e-9 * first.abs());
            first > 0.0 && (equal || (steps.len() > 6 && steps.iter().all(|step| *step > 0.0)))
        }
    }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn names_are_compared_without_what_cannot_be_seen() {
        assert_eq!(column_name("\u{feff} Stra\u{df}e\u{a0}"), "Straße");
        assert_eq!(column_name("Gro\u{308}\u{df}e"), "Größe");
        assert_eq!(column_name("a\u{1b}[2J\nb"), "a\\u{1b}[2J\\nb");
        assert_eq!(without_style("First Name"), without_style("first_name"));
    }

    #[test]
    fn numbers_that_count_on_are_names() {
        for names in [&[0.0, 1.0][..], &[2010.0, 2015.0, 2020.0], &[1.5, 2.0, 2.7, 3.0, 3.1, 4.0, 4.5, 9.0]] {
            assert!(counts_on(names), "{names:?}");
        }
        for values in [&[][..], &[39.0], &[39.0, 13.0], &[1.0, 4.0], &[1.0, 4.0, 9.0], &[5.0, 5.0, 5.0]] {
            assert!(!counts_on(values), "{values:?}");
        }
    }
}
