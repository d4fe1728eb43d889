//! Original, release and control, joined.

use super::columns::{Availability, ColumnSummary};
use super::comparable::{self, Compared, RowNumbers};
use super::file::{self, FileSummary, RawTable};
use super::forms::{self, FileForm};
use super::header::without_style;
use super::join::{self, Joined, TABLES};
use super::looks::Looks;
use super::persons::{self, SharedPersons};
use super::tokens::TokenColumn;
use super::{InputError, InputWarning, ReadOptions, Sources, encodings, identifiers, keys, truth, warning};
use rayon::prelude::*;
use reident_attacks::comparison::overlap::{self, Overlap};
use reident_attacks::table::{CodedColumn, JointColumn, Table, Tables, TablesBuilder};
use reident_reports::evidence::Finding;
use reident_reports::nearest::nearest;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::path::PathBuf;

/// The tables of an evaluation, and what was found out about them.
#[derive(Debug)]
pub struct Loaded {
    /// The columns that an attacker can use, in the original's order.
    pub tables: Tables,
    /// Every column that was read: those of the original in its order, then those that only the release has.
    pub columns: Vec<ColumnSummary>,
    /// The original's file.
    pub original: FileSummary,
    /// The release's file.
    pub anonymized: FileSummary,
    /// The control's file.
    pub control: Option<FileSummary>,
    /// Whether the control repeats the original.
    pub overlap: Option<Overlap>,
    /// Persons whom the control shares with the original, where a subject key tells.
    pub shared_persons: Option<SharedPersons>,
    /// What was found in the columns: tokens, other forms, row numbers that follow the original.
    pub findings: Vec<Finding>,
    /// Remarks, in table order.
    pub warnings: Vec<InputWarning>,
}

/// Reads the tables of an evaluation and joins them by the names of their columns.
///
/// # Errors
/// When a table cannot be read, when the tables do not fit each other, or when cells of a column are not of its kind.
pub fn load(sources: &Sources, options: &ReadOptions) -> Result<Loaded, InputError> {
    let read_control = || sources.control.as_ref().map(|control| file::read(control, options, "control")).transpose();
    // The release, which is often the largest, is begun first.
    let (anonymized, (original, control)) = rayon::join(
        || file::read_with_digest(&sources.anonymized, options, "anonymized"),
        || rayon::join(|| file::read(&sources.original, options, "original"), read_control),
    );
    let (mut original, mut anonymized, mut control) = (original?, anonymized?, control?);
    let mut read = vec![(&mut original, "original"), (&mut anonymized, "anonymized")];
    read.extend(control.as_mut().map(|control| (control, "control")));
    let encodings_differ = encodings::agree(&mut read, options)?;
    check_settings(options, &original, &anonymized, control.as_ref())?;

    let mut warnings = std::mem::take(&mut original.warnings);
    warnings.append(&mut anonymized.warnings);
    warnings.extend(control.iter_mut().flat_map(|control| std::mem::take(&mut control.warnings)));
    warnings.extend(encodings_differ);

    let keys: Vec<&String> = [&options.record_key, &options.subject_key].into_iter().flatten().collect();
    let (mut findings, (renamed, unused)) =
        rayon::join(|| identifiers::direct(&anonymized, &keys), || identifiers::renamed(&original, &anonymized));
    findings.extend(renamed);
    warnings.extend(identifiers::remark(&findings));
    warnings.extend(unused);

    let control_rows = control.as_ref().map(RawTable::rows);
    let mut builder = TablesBuilder::new(original.rows(), anonymized.rows(), control_rows);
    let shared = persons::shared_keys(options, &original, control.as_ref());
    let key_columns = add_keys(options, &mut builder, &mut original, &mut anonymized, control.as_mut(), &mut warnings);

    truth::add_records(options, &mut builder, &original, &anonymized)?;

    let columns = join_all(take_columns(options, &mut original, &mut anonymized, control.as_mut())?, options);
    let mut summaries = Vec::new();
    let (mut beside, mut numbering) = (Vec::new(), Vec::new());
    for column in columns {
        let (name, availability, compared, joined) =
            column.map_err(|refused| refused.into_error([Some(&original), Some(&anonymized), control.as_ref()]))?;
        // What there is to say about the others is said in one remark for all of them.
        let is_told = matches!(availability, Availability::RowNumber | Availability::Incomparable);
        if !is_told && availability != Availability::OnlyInRelease {
            warnings.extend(joined.warnings);
        }
        warnings.extend(availability_warning(&name, availability));
        match availability {
            Availability::Attackable => builder.push(&name, joined.column)?,
            Availability::OnlyInRelease => {}
            Availability::RowNumber => numbering.push(RowNumbers { name: name.clone(), column: joined.column }),
            // Of the original, and of the control if it has the column too and writes it alike.
            _ if compared.is_some_and(|compared| !compared.control_meets()) => {}
            _ => beside.extend(of_persons(joined.column, availability)),
        }
        findings.extend(compared.filter(|compared| !compared.is_comparable()).map(|c| comparable::finding(&name, &c)));
        findings.extend((availability == Availability::Token).then(|| comparable::declared_token(&name)));
        let mut counts = joined.counts.into_iter();
        let (first, second, control) = (counts.next().flatten(), counts.next().flatten(), counts.next().flatten());
        let only_in_release = availability == Availability::OnlyInRelease;
        let (original, anonymized) = if only_in_release { (None, first) } else { (first, second) };
        summaries.push(ColumnSummary {
            name,
            availability,
            kind: Some(joined.kind),
            fixed: joined.fixed,
            original,
            anonymized,
            control,
            compared,
        });
    }
    summaries.extend(key_columns);
    summaries.sort_by_key(|summary| original.position(&summary.name).unwrap_or(usize::MAX));

    let tables = builder.finish();
    let (remarks, follow) = comparable::row_numbers(&numbering, &tables);
    findings.extend(follow);
    warnings.extend(truth::in_place(&tables));
    let incomparable: Vec<(&str, Compared)> = summaries
        .iter()
        .filter(|summary| summary.availability == Availability::Incomparable)
        .filter_map(|summary| Some((summary.name.as_str(), summary.compared?)))
        .collect();
    // What decides stands first.
    warnings.splice(0..0, comparable::remark(&incomparable).into_iter().chain(remarks));
    let overlap = tables.control.as_ref().map(|control| find_overlap(&tables, control, &beside));
    let shared_persons = shared.and_then(|shared| persons::same_persons(&tables, &shared));
    Ok(Loaded {
        tables,
        columns: summaries,
        original: original.summary,
        anonymized: anonymized.summary,
        control: control.map(|control| control.summary),
        overlap,
        shared_persons,
        findings,
        warnings: warning::told(warnings),
    })
}

/// A column on its way through the kinds.
struct Pending {
    name: String,
    availability: Availability,
    original: TokenColumn,
    anonymized: Option<TokenColumn>,
    control: Option<TokenColumn>,
}

/// A column that was joined, and what became of it.
type Assessed = (String, Availability, Option<Compared>, Joined);

/// Joins columns, those of most values first: they take longest, and the others are done beside them.
fn join_all(columns: Vec<Pending>, options: &ReadOptions) -> Vec<Result<Assessed, Refusal>> {
    // The form of a column may show in the others of its file, so that all are looked at first.
    let looks: Vec<Vec<Option<Looks>>> = columns.par_iter().map(Pending::looks).collect();
    let files = forms::of_files(&looks, TABLES.len());
    let mut joined: Vec<Option<_>> = columns.iter().map(|_| None).collect();
    #[allow(clippy::type_complexity)] // The slot's type is what joining gives.
    let mut tasks: Vec<((Pending, &Vec<Option<Looks>>), &mut Option<_>)> =
        columns.into_iter().zip(&looks).zip(&mut joined).collect();
    tasks.sort_by_key(|((column, _), _)| Reverse(column.tokens()));
    let files = &files;
    rayon::scope_fifo(|scope| {
        for ((column, looks), slot) in tasks {
            scope.spawn_fifo(move |_| *slot = Some(column.join(options, looks, files)));
        }
    });
    joined.into_iter().flatten().collect()
}

/// A column of some table that is not of its kind.
struct Refusal {
    name: String,
    availability: Availability,
    refused: join::Refused,
}

impl Pending {
    fn tokens(&self) -> usize {
        let tables = [Some(&self.original), self.anonymized.as_ref(), self.control.as_ref()];
        tables.into_iter().flatten().map(|column| column.tokens.len()).sum()
    }

    fn looks(&self) -> Vec<Option<Looks>> {
        let tables = [Some(&self.original), self.anonymized.as_ref(), self.control.as_ref()];
        tables.map(|column| column.map(Looks::of)).to_vec()
    }

    fn join(self, options: &ReadOptions, looks: &[Option<Looks>], files: &[FileForm]) -> Result<Assessed, Refusal> {
        let tables = vec![Some(self.original), self.anonymized, self.control];
        let joined = join::join(&self.name, options, tables, looks, files);
        match joined {
            Ok(joined) => {
                let (availability, compared) = match self.availability {
                    Availability::Attackable => comparable::assess(&self.name, options, &joined),
                    other => (other, None),
                };
                Ok((self.name, availability, compared, joined))
            }
            Err(refused) => Err(Refusal { name: self.name, availability: self.availability, refused }),
        }
    }
}

impl Refusal {
    fn into_error(self, tables: [Option<&RawTable>; 3]) -> InputError {
        let [original, anonymized, control] = tables;
        let table = match self.refused.table {
            0 if self.availability == Availability::OnlyInRelease => anonymized,
            0 => original,
            1 => anonymized,
            _ => control,
        };
        let row = self.refused.cells.row;
        InputError::Cells {
            path: table.map_or_else(PathBuf::new, |table| table.path().to_owned()),
            column: self.name,
            kind: self.refused.kind.to_string(),
            row: table.map_or(row + 1, |table| table.data_row(row)),
            count: self.refused.cells.count,
            release: self.refused.table == 1,
        }
    }
}

/// Refuses settings that name a column which is not there.
fn check_settings(
    options: &ReadOptions,
    original: &RawTable,
    anonymized: &RawTable,
    control: Option<&RawTable>,
) -> Result<(), InputError> {
    let in_table = |table: &RawTable, column: &str, setting: &str| {
        if table.has(column) { Ok(()) } else { Err(unknown(table, column, &format!("`{setting}`"))) }
    };
    if let Some(key) = &options.record_key {
        in_table(original, key, "record_key")?;
        in_table(anonymized, key, "record_key")?;
    }
    if let Some(key) = &options.subject_key {
        in_table(original, key, "subject_key")?;
        control.map_or(Ok(()), |control| in_table(control, key, "subject_key"))?;
    }
    for column in options.columns.iter().flatten() {
        in_table(original, column, "columns")?;
    }
    let all = [Some(original), Some(anonymized), control];
    let described = options.described.iter().map(|(name, line)| (name, format!("[columns.{name}], line {line},")));
    let ignored = options.ignore.iter().map(|name| (name, "`ignore`".to_owned()));
    let kinds = options.kinds.keys().map(|name| (name, "`kinds`".to_owned()));
    let tokens = options.tokens.iter().map(|name| (name, "role = \"token\"".to_owned()));
    for (column, setting) in described.chain(ignored).chain(tokens).chain(kinds) {
        if !all.into_iter().flatten().any(|table| table.has(column)) {
            return Err(unknown(original, column, &setting));
        }
    }
    Ok(())
}

fn unknown(table: &RawTable, column: &str, setting: &str) -> InputError {
    InputError::UnknownColumn {
        path: table.path().to_owned(),
        column: column.to_owned(),
        setting: setting.to_owned(),
        nearest: nearest(column, table.names.iter().map(String::as_str)),
    }
}

/// Moves the key columns out of the tables and into the builder.
fn add_keys(
    options: &ReadOptions,
    builder: &mut TablesBuilder,
    original: &mut RawTable,
    anonymized: &mut RawTable,
    control: Option<&mut RawTable>,
    warnings: &mut Vec<InputWarning>,
) -> Vec<ColumnSummary> {
    let mut summaries = Vec::new();
    let mut summarize = |name: &str, availability| {
        let name = name.to_owned();
        summaries.push(ColumnSummary {
            name,
            availability,
            kind: None,
            fixed: false,
            original: None,
            anonymized: None,
            control: None,
            compared: None,
        });
    };
    let mut warn_missing = |table: &str, column: &TokenColumn| {
        let (missing, rows) = (column.counts[0] as usize, column.codes.len());
        if missing > 0 {
            let message = format!("key `{}` is missing in {missing} of {rows} rows of {table}", column.name);
            let warning = InputWarning::new("missing_key", message);
            warnings.push(warning.table(table).column(&column.name).count(missing, rows));
        }
    };
    let mut control = control;
    if let Some(name) = &options.subject_key {
        if let Some(column) = original.column(name) {
            warn_missing("original", column);
            let [of_original] = keys::number([column]);
            let of_control = control.as_ref().and_then(|control| {
                let column = control.column(name)?;
                warn_missing("control", column);
                let [numbers] = keys::number([column]);
                Some(numbers)
            });
            builder.subjects(of_original, of_control);
        }
        summarize(name, Availability::SubjectKey);
    }
    if let Some(name) = &options.record_key {
        if let (Some(own), Some(released)) = (original.column(name), anonymized.column(name)) {
            let columns = [own, released];
            warn_missing("original", columns[0]);
            warn_missing("anonymized", columns[1]);
            let [of_original, of_anonymized] = keys::number(columns);
            builder.records(of_original, of_anonymized);
        }
        if options.subject_key.as_ref() != Some(name) {
            summarize(name, Availability::RecordKey);
        }
    }
    for key in [&options.subject_key, &options.record_key].into_iter().flatten() {
        original.take(key);
        anonymized.take(key);
        if let Some(control) = &mut control {
            control.take(key);
        }
    }
    summaries
}

/// Pairs the columns of the tables by name, in the original's order.
fn take_columns(
    options: &ReadOptions,
    original: &mut RawTable,
    anonymized: &mut RawTable,
    mut control: Option<&mut RawTable>,
) -> Result<Vec<Pending>, InputError> {
    let mut pending = Vec::new();
    let mut attackable = 0;
    let released_only = |name: &&String| !original.has(name) && !options.is_ignored(name);
    let almost: HashMap<String, &String> =
        anonymized.names.iter().filter(released_only).map(|name| (without_style(name), name)).collect();
    let almost_named = |name: &str| almost.get(&without_style(name)).map(|found| found.to_string());
    let missing: Vec<&String> = original.names.iter().filter(|name| !anonymized.has(name)).collect();
    if let Some((column, found)) =
        missing.into_iter().filter(|name| options.is_selected(name)).find_map(|name| Some((name, almost_named(name)?)))
    {
        return Err(InputError::AlmostNamed { path: anonymized.path().to_owned(), column: column.clone(), found });
    }
    for column in original.take_all() {
        let name = column.name.clone();
        let released = anonymized.has(&name);
        let availability = match (released, options.is_selected(&name)) {
            (false, _) => Availability::MissingFromRelease,
            (true, false) if options.is_token(&name) => Availability::Token,
            (true, false) => Availability::NotSelected,
            (true, true) => Availability::Attackable,
        };
        attackable += usize::from(availability == Availability::Attackable);
        if let Some(control) = control.as_ref().filter(|control| !control.has(&name))
            && availability == Availability::Attackable
        {
            return Err(InputError::MissingFromControl {
                path: control.path().to_owned(),
                nearest: nearest(&name, control.names.iter().map(String::as_str)),
                column: name,
            });
        }
        pending.push(Pending {
            availability,
            original: column,
            // What no attacker may use is not read as a kind either: it cannot be wrong.
            anonymized: anonymized.take(&name).filter(|_| availability == Availability::Attackable),
            control: control.as_mut().and_then(|control| control.take(&name)),
            name,
        });
    }
    if attackable == 0 {
        let (original, anonymized) = (original.path().to_owned(), anonymized.path().to_owned());
        return Err(InputError::NoCommonColumn { original, anonymized });
    }
    let only_in_release = anonymized.take_all().into_iter().filter(|column| !original.has(&column.name));
    pending.extend(only_in_release.map(|column| Pending {
        name: column.name.clone(),
        availability: Availability::OnlyInRelease,
        original: column,
        anonymized: None,
        control: None,
    }));
    Ok(pending)
}

fn availability_warning(name: &str, availability: Availability) -> Option<InputWarning> {
    let (warning, message) = match availability {
        Availability::MissingFromRelease => {
            ("missing_from_release", format!("`{name}` is not in the release, so no attacker can use it"))
        }
        Availability::OnlyInRelease => ("only_in_release", format!("`{name}` is in the release only and is left out")),
        _ => return None,
    };
    Some(InputWarning::new(warning, message).column(name))
}

/// A column of the original and the control that no attacker uses.
fn of_persons(column: JointColumn, availability: Availability) -> Option<[CodedColumn; 2]> {
    let mut tables = column.tables;
    if availability == Availability::Incomparable {
        tables.remove(1); // the release's
    }
    <[CodedColumn; 2]>::try_from(tables).ok()
}

/// The overlap on the attackable columns and on those beside them.
fn find_overlap(tables: &Tables, control: &Table, beside: &[[CodedColumn; 2]]) -> Overlap {
    let attackable = (0..tables.columns.len()).map(|at| (tables.original.column(at), control.column(at)));
    let others = beside.iter().map(|[original, control]| (&original.codes[..], &control.codes[..]));
    overlap::overlap([tables.original.rows(), control.rows()], &attackable.chain(others).collect::<Vec<_>>())
}
