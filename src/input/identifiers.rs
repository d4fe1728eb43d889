//! Direct identifiers that the release still holds, and columns of the original that it holds under another name.

use super::InputWarning;
use super::file::RawTable;
use super::tokens::{Token, TokenColumn};
use rayon::prelude::*;
use reident_attacks::identifiers::{self, Found};
use reident_reports::evidence::Finding;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A column of fewer values than this may share them with any other: it is not taken for another's copy.
const LEAST_VALUES: usize = 20;

/// Share of a renamed column's rows whose value the original's column has.
const LEAST_SHARED: f64 = 0.95;

/// Most that the frequencies of two columns may differ (total variation) for one to be the other's copy, where values repeat.
const MOST_DIFFERENCE: f64 = 0.3;

/// The identifiers of a release, column by column. Keys of the evaluation are no part of the release that is judged.
pub(super) fn direct(anonymized: &RawTable, keys: &[&String]) -> Vec<Finding> {
    let columns: Vec<&TokenColumn> = anonymized.columns().filter(|column| !keys.contains(&&column.name)).collect();
    let found: Vec<Vec<Finding>> = columns.into_par_iter().map(of_column).collect();
    found.into_iter().flatten().collect()
}

/// One remark for all columns with direct identifiers.
pub(super) fn remark(findings: &[Finding]) -> Option<InputWarning> {
    let direct = findings.iter().filter(|finding| finding.kind == "direct_identifier");
    let mut columns: Vec<&String> = direct.filter_map(|finding| finding.column.as_ref()).collect();
    columns.dedup();
    let named: Vec<String> = columns.iter().map(|name| format!("`{name}`")).collect();
    (!named.is_empty()).then(|| {
        let holds = if named.len() == 1 { "holds" } else { "hold" };
        let message = format!(
            "{} of the release {holds} direct identifiers: a release with them is not anonymous, whatever the attacks find",
            named.join(", ")
        );
        InputWarning::new("direct_identifier", message)
    })
}

fn of_column(column: &TokenColumn) -> Vec<Finding> {
    let texts: Vec<(Cow<'_, str>, u64)> = column
        .tokens
        .iter()
        .zip(&column.counts)
        .filter_map(|(token, count)| Some((text(token)?, u64::from(*count))))
        .collect();
    let finding = |found: Found| Finding {
        kind: "direct_identifier".to_owned(),
        column: Some(column.name.clone()),
        rows: Some(found.rows),
        among: Some(found.of),
        how: found.kind.name().to_owned(),
        needs: Some("reading_it".to_owned()),
        ..Finding::default()
    };
    identifiers::in_column(&column.name, texts.iter().map(|(text, count)| (&**text, *count)))
        .into_iter()
        .map(finding)
        .collect()
}

/// A value as text; whole numbers of typed files as their digits.
pub(super) fn text(token: &Token) -> Option<Cow<'_, str>> {
    match token {
        Token::Text(text) => Some(Cow::Borrowed(text.as_str())),
        Token::Number(number) if is_written_whole(*number) => Some(Cow::Owned(format!("{number:.0}"))),
        _ => None,
    }
}

/// Whether a number of a typed file is read as its digits.
pub(super) fn is_written_whole(number: f64) -> bool {
    number.fract() == 0.0 && number.abs() < 1e18
}

/// Columns that only the release has and that hold what a column of the original, missing from the release, holds: no attacker
/// knows them, so that nothing is shown of them.
pub(super) fn renamed(original: &RawTable, anonymized: &RawTable) -> (Vec<Finding>, Vec<InputWarning>) {
    let (only_released, not_released) = (not_in(anonymized, original), not_in(original, anonymized));
    let pairs: Vec<(&TokenColumn, &TokenColumn)> = only_released
        .par_iter()
        .filter_map(|released| {
            let twin = not_released.iter().find(|held| is_copy(held, released))?;
            Some((released.column, twin.column))
        })
        .collect();
    let said = |(released, held): (&TokenColumn, &TokenColumn)| {
        let finding = Finding {
            kind: "renamed_column".to_owned(),
            column: Some(released.name.clone()),
            of: Some(held.name.clone()),
            rows: Some(released.codes.len() as u64),
            how: "values_of_another_column".to_owned(),
            needs: Some("one_name_for_both".to_owned()),
            ..Finding::default()
        };
        let message = format!(
            "`{}` of the release holds the values of `{}` of the original, and no attacker used it. Give both columns one name, so \
             that attackers can use it, or leave it out of the release.",
            released.name, held.name
        );
        (finding, InputWarning::new("renamed_column", message).column(&released.name))
    };
    pairs.into_iter().map(said).unzip()
}

/// A column, and the share of its rows that hold each value; in the order of the values, so that sums do not hang on a hash.
struct Shares<'t> {
    column: &'t TokenColumn,
    of_value: BTreeMap<String, f64>,
}

impl Shares<'_> {
    fn of(column: &TokenColumn) -> Shares<'_> {
        let present = f64::from(column.counts.iter().skip(1).sum::<u32>()).max(1.0);
        let mut of_value = BTreeMap::new();
        for (token, count) in column.tokens.iter().zip(&column.counts).skip(1) {
            if let Some(text) = text(token) {
                *of_value.entry(text.into_owned()).or_insert(0.0) += f64::from(*count) / present;
            }
        }
        Shares { column, of_value }
    }
}

/// The columns of a table that another does not have, of those with enough values to be told from others by them.
fn not_in<'t>(table: &'t RawTable, other: &RawTable) -> Vec<Shares<'t>> {
    let wanted = |column: &&TokenColumn| !other.has(&column.name) && column.tokens.len() > LEAST_VALUES;
    let columns: Vec<&TokenColumn> = table.columns().filter(wanted).collect();
    columns.into_par_iter().map(Shares::of).collect()
}

/// Whether a column of the release holds what a column of the original holds.
fn is_copy(held: &Shares<'_>, released: &Shares<'_>) -> bool {
    let shared: f64 =
        released.of_value.iter().filter(|(value, _)| held.of_value.contains_key(*value)).map(|(_, share)| share).sum();
    let repeats = 2 * held.of_value.len() < held.column.codes.len();
    let difference = || -> f64 {
        let gap = |(value, share): (&String, &f64)| (share - held.of_value.get(value).unwrap_or(&0.0)).max(0.0);
        released.of_value.iter().map(gap).sum()
    };
    shared >= LEAST_SHARED && (!repeats || difference() <= MOST_DIFFERENCE)
}
