//! Columns of the release that can be undone, and rows that were copied or still stand in the original's order.

use super::InputWarning;
use super::file::RawTable;
use super::identifiers::{is_written_whole, text};
use super::tokens::{Token, TokenColumn};
use foldhash::fast::FixedState;
use rayon::prelude::*;
use reident_attacks::identifiers;
use reident_attacks::restorable::rows::{self, Copies};
use reident_attacks::restorable::{How, Restored, TextColumn, are_unique_tokens, enumerable, hashes, numbers, spelled};
use reident_attacks::table::{JointColumn, Tables};
use reident_reports::evidence::Finding;
use std::borrow::Cow;
use std::collections::HashSet;

/// A column of the release whose values are the original's at least so often was released as it is.
const AS_IT_IS: f64 = 0.5;

/// Columns of the release that are a hash or another spelling of a column of the original, and columns of tokens. Keys of the
/// evaluation are no part of the release that is judged.
pub(super) fn texts(original: &RawTable, anonymized: &RawTable, keys: &[&String]) -> Vec<Finding> {
    let released: Vec<&TokenColumn> = anonymized
        .columns()
        .filter(|column| !keys.contains(&&column.name))
        .collect::<Vec<_>>()
        .into_par_iter()
        .filter(|column| original.column(&column.name).is_none_or(|own| !is_alike(own, column)))
        .collect();
    if released.is_empty() {
        return Vec::new();
    }
    let own: Vec<TextColumn<'_>> = original.columns().collect::<Vec<_>>().into_par_iter().map(as_written).collect();
    let released: Vec<TextColumn<'_>> = released.into_par_iter().map(as_written).collect();
    let mut found = hashes::restored(&own, &released);
    let spelled = spelled::restored(&own, &released);
    found.extend(
        spelled
            .into_iter()
            .filter(|spelled| found.iter().all(|hash| hash.released != spelled.released))
            .collect::<Vec<_>>(),
    );
    found.sort_by_key(|found| found.released);
    let restored = found.iter().map(|found| restored(&own, &released, found));
    let others = released.iter().enumerate().filter(|(at, _)| found.iter().all(|found| found.released != *at));
    let tokens = others.filter(|(_, column)| !original.has(column.name) && are_unique_tokens(column));
    let tokens = tokens.filter(|(_, column)| {
        let values = column.values.iter().map(|(text, rows)| (&**text, *rows));
        identifiers::in_column(column.name, values).is_empty()
    });
    restored.chain(tokens.map(|(_, column)| unique_tokens(column))).collect()
}

fn restored(original: &[TextColumn<'_>], released: &[TextColumn<'_>], found: &Restored) -> Finding {
    let of = &original[found.original];
    let needs = match found.how {
        How::Hash(_) => {
            enumerable(of).map_or_else(|| "list_of_values".to_owned(), |power| format!("enumeration_e{power}"))
        }
        How::Spelled(_) => "nothing".to_owned(),
    };
    Finding {
        kind: "restorable_column".to_owned(),
        column: Some(released[found.released].name.to_owned()),
        of: Some(of.name.to_owned()),
        rows: Some(found.rows),
        how: found.how.name().to_owned(),
        needs: Some(needs),
        ..Finding::default()
    }
}

fn unique_tokens(column: &TextColumn<'_>) -> Finding {
    Finding {
        kind: "token_column".to_owned(),
        column: Some(column.name.to_owned()),
        rows: Some(column.rows()),
        how: "a_token_for_each_row".to_owned(),
        needs: Some("mapping_table".to_owned()),
        ..Finding::default()
    }
}

/// Whether most values of a released column are the original's.
fn is_alike(own: &TokenColumn, released: &TokenColumn) -> bool {
    // What is of one form on either side is the same text where it is the same value; texts are made where that does not suffice.
    let known: HashSet<Value<'_>, FixedState> = own.tokens.iter().filter_map(Value::of).collect();
    let (mut alike, mut all) = (0u64, 0u64);
    for (token, rows) in released.tokens.iter().zip(&released.counts) {
        if let Some(value) = Value::of(token) {
            all += u64::from(*rows);
            alike += if known.contains(&value) { u64::from(*rows) } else { 0 };
        }
    }
    let are_most = |alike: u64| all == 0 || alike as f64 >= AS_IT_IS * all as f64;
    let has_number = |column: &TokenColumn| column.tokens.iter().any(|token| matches!(token, Token::Number(_)));
    if are_most(alike) || !has_number(own) && !has_number(released) {
        return are_most(alike);
    }
    let known: HashSet<String> = own.tokens.iter().filter_map(text).map(Cow::into_owned).collect();
    let rows = released.tokens.iter().zip(&released.counts);
    let alike = rows.filter(|(token, _)| text(token).is_some_and(|text| known.contains(&*text)));
    are_most(alike.map(|(_, rows)| u64::from(*rows)).sum())
}

/// A value that has a text, in the form in which it was read.
#[derive(PartialEq, Eq, Hash)]
enum Value<'t> {
    Text(&'t str),
    Whole(u64),
}

impl Value<'_> {
    fn of(token: &Token) -> Option<Value<'_>> {
        match token {
            Token::Text(text) => Some(Value::Text(text)),
            Token::Number(number) => is_written_whole(*number).then_some(Value::Whole(number.to_bits())),
            _ => None,
        }
    }
}

fn as_written(column: &TokenColumn) -> TextColumn<'_> {
    let values = column.tokens.iter().zip(&column.counts);
    TextColumn::new(&column.name, values.filter_map(|(token, rows)| Some((text(token)?, u64::from(*rows)))))
}

/// A column of numbers that cannot be compared, or can, and what shows of a map without pairs of rows.
pub(super) fn mapped(name: &str, column: &JointColumn) -> Option<Finding> {
    let [original, release, ..] = &column.tables[..] else { return None };
    let (map, rows) = numbers::of_column(&column.domain, &original.codes, &release.codes)?;
    Some(map_of(name, map, rows))
}

fn map_of(name: &str, map: numbers::Map, rows: u64) -> Finding {
    if map == numbers::Map::Recoded {
        return Finding {
            kind: "incomparable_column".to_owned(),
            column: Some(name.to_owned()),
            rows: Some(rows),
            how: map.name().to_owned(),
            needs: Some("one_unit".to_owned()),
            ..Finding::default()
        };
    }
    Finding {
        kind: "restorable_column".to_owned(),
        column: Some(name.to_owned()),
        of: Some(name.to_owned()),
        rows: Some(rows),
        how: map.name().to_owned(),
        needs: Some(
            match map {
                numbers::Map::Monotone => "distribution",
                numbers::Map::ShiftByPerson => "one_value_of_the_person",
                numbers::Map::Shift | numbers::Map::Affine | numbers::Map::Recoded => "one_or_two_values",
            }
            .to_owned(),
        ),
        ..Finding::default()
    }
}

/// What the rows of the finished tables show: their order, copies, and maps of numbers that only pairs of rows show.
pub(super) fn of_tables(tables: &Tables, found: &[Finding]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let in_order = rows::in_order(tables).filter(|following| following.follows);
    let pairs = match rows::by_key(tables) {
        Some(pairs) => Some(pairs),
        None => in_order.map(|_| (0..tables.original.rows()).map(|row| (row, row)).collect()),
    };
    if let Some(following) = in_order {
        findings.push(of_rows("row_order", following.pairs as u64, "rows_in_the_same_place_agree", "original_order"));
    }
    let mapped = |at: usize| {
        let column = &tables.columns[at];
        if !column.domain.kind().is_numeric() || found.iter().any(|found| found.column.as_ref() == Some(&column.name)) {
            return None;
        }
        let (original, release) = (tables.original.column(at), tables.anonymized.column(at));
        let subjects = tables.original.subjects.as_deref();
        let by_pairs = || numbers::of_pairs(&column.domain, original, release, pairs.as_deref()?, subjects);
        let found = numbers::of_column(&column.domain, original, release).or_else(by_pairs);
        found.map(|(map, rows)| map_of(&column.name, map, rows))
    };
    let of_columns: Vec<Option<Finding>> = (0..tables.columns.len()).into_par_iter().map(mapped).collect();
    findings.extend(of_columns.into_iter().flatten());
    let copies = rows::copies(tables);
    if copies.beyond {
        findings.push(copied(&copies, "equal_rows"));
    } else if let Some(near) = rows::near_copies(tables).filter(|near| near.beyond) {
        findings.push(copied(&near, "equal_but_for_one_column"));
    }
    findings
}

fn copied(copies: &Copies, how: &str) -> Finding {
    of_rows("verbatim_rows", copies.released, how, "original_row")
}

fn of_rows(kind: &str, rows: u64, how: &str, needs: &str) -> Finding {
    Finding {
        kind: kind.to_owned(),
        rows: Some(rows),
        how: how.to_owned(),
        needs: Some(needs.to_owned()),
        ..Finding::default()
    }
}

/// One remark for all columns that can be restored.
pub(super) fn remark(findings: &[Finding]) -> Option<InputWarning> {
    let restorable = findings.iter().filter(|finding| finding.kind == "restorable_column");
    let named: Vec<String> =
        restorable.filter_map(|finding| finding.column.as_ref()).map(|name| format!("`{name}`")).collect();
    (!named.is_empty()).then(|| {
        let message = format!(
            "{} of the release can be restored: data that can be restored are not anonymous, whatever the attacks find",
            named.join(", ")
        );
        InputWarning::new("restorable_column", message)
    })
}
