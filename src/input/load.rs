//! Original, release and control, joined.

use super::columns::{Availability, ColumnSummary};
use super::comparable::{self, Compared, RowNumbers};
use super::earlier::{EarlierRelease, OnlyReleased};
use super::file::{self, FileSummary, RawTable};
use super::hierarchy::Hierarchy;
use super::pairs::{Assessed, join_all, take_columns};
use super::persons::{self, SharedPersons};
use super::register::{Register, Registering};
use super::{
    InputError, InputWarning, ReadOptions, Sources, encodings, identifiers, key_columns, named, restorable, truth,
    warning, workbook,
};
use rayon::prelude::*;
use reident_attacks::comparison::overlap::{self, Overlap};
use reident_attacks::table::{Cell, CodedColumn, JointColumn, Kind, Table, Tables, TablesBuilder};
use reident_reports::evidence::Finding;
use std::collections::BTreeMap;

/// The tables of an evaluation, and what was found out about them.
#[derive(Debug)]
pub struct Loaded {
    /// The columns that an attacker can use, in the original's order.
    pub tables: Tables,
    /// Every column that was read: those of the original in its order, then those that only the release has.
    pub columns: Vec<ColumnSummary>,
    /// The original's file.
    pub original: FileSummary,
    /// The number of each row of the original among the data rows of its file, from 0.
    pub rows_of_original: Vec<u32>,
    /// The same of the release.
    pub rows_of_anonymized: Vec<u32>,
    /// The release's file.
    pub anonymized: FileSummary,
    /// The control's file.
    pub control: Option<FileSummary>,
    /// The population file, beside the release.
    pub register: Option<Register>,
    /// The earlier releases, once they are [added](super::add_earlier).
    pub earlier: Vec<EarlierRelease>,
    /// Columns that only the release has, where earlier releases may have them, too.
    pub(super) only_released: Vec<OnlyReleased>,
    /// Whether the control repeats the original.
    pub overlap: Option<Overlap>,
    /// Persons whom the control shares with the original, where a subject key tells.
    pub shared_persons: Option<SharedPersons>,
    /// What was found in the columns: tokens, other forms, row numbers that follow the original.
    pub findings: Vec<Finding>,
    /// Remarks, in table order.
    pub warnings: Vec<InputWarning>,
    /// SHA-256 of the hierarchies that columns were read by, in hexadecimal digits.
    pub hierarchies: BTreeMap<String, String>,
}

/// Reads the tables of an evaluation and joins them by the names of their columns.
///
/// # Errors
/// When a table cannot be read, when the tables do not fit each other, or when cells of a column are not of its kind.
pub fn load(sources: &Sources, options: &ReadOptions) -> Result<Loaded, InputError> {
    load_and_show(sources, options, |_, _| {})
}

/// The same, showing every column that is joined before it goes on its way, with its name.
pub(super) fn load_and_show(
    sources: &Sources,
    options: &ReadOptions,
    mut show: impl FnMut(&str, &JointColumn),
) -> Result<Loaded, InputError> {
    let read_control = || sources.control.as_ref().map(|control| file::read(control, options, "control")).transpose();
    let read_population =
        || sources.population.as_ref().map(|population| file::read(population, options, "population")).transpose();
    // The release, which is often the largest, is begun first.
    let (anonymized, (original, (control, population))) = rayon::join(
        || file::read_with_digest(&sources.anonymized, options, "anonymized"),
        || {
            let read_others = || rayon::join(read_control, read_population);
            rayon::join(|| file::read(&sources.original, options, "original"), read_others)
        },
    );
    let (mut original, mut anonymized, mut control) = (original?, anonymized?, control?);
    let mut population = population?;
    let mut read = vec![(&mut original, "original"), (&mut anonymized, "anonymized")];
    read.extend(control.as_mut().map(|control| (control, "control")));
    read.extend(population.as_mut().map(|population| (population, "population")));
    let encodings_differ = encodings::agree(&mut read, options)?;
    named::check(options, &original, &anonymized, control.as_ref())?;

    let hierarchies = read_hierarchies(options)?;
    let mut warnings = std::mem::take(&mut original.warnings);
    warnings.append(&mut anonymized.warnings);
    warnings.extend(control.iter_mut().flat_map(|control| std::mem::take(&mut control.warnings)));
    warnings.extend(population.iter_mut().flat_map(|population| std::mem::take(&mut population.warnings)));
    warnings.extend(encodings_differ);
    let formats = [Some(&original), Some(&anonymized), control.as_ref()].map(|table| table.map(|t| t.summary.format));
    warnings.extend(workbook::sheet_of_none(options, formats.into_iter().flatten()));

    warnings.extend(comparable::ignored(options, &anonymized));
    let keys: Vec<&String> = [&options.record_key, &options.subject_key].into_iter().flatten().collect();
    let direct = || identifiers::direct(&anonymized, &keys);
    let restored = || restorable::texts(&original, &anonymized, &keys);
    let ((mut findings, restored), (renamed, unused)) = match options.tables_only {
        true => Default::default(),
        false => rayon::join(|| rayon::join(direct, restored), || identifiers::renamed(&original, &anonymized)),
    };
    findings.extend(renamed);
    findings.extend(restored);
    warnings.extend(identifiers::remark(&findings));
    warnings.extend(unused);

    let control_rows = control.as_ref().map(RawTable::rows);
    let mut builder = TablesBuilder::new(original.rows(), anonymized.rows(), control_rows);
    let shared = persons::shared_keys(options, &original, control.as_ref());
    let key_columns =
        key_columns::take(options, &mut builder, &mut original, &mut anonymized, control.as_mut(), &mut warnings);

    truth::add_records(options, &mut builder, &original, &anonymized)?;

    let mut registering = population.as_ref().map(|population| Registering::new(population, &anonymized));
    let columns = take_columns(options, &mut original, &mut anonymized, control.as_mut(), population.as_mut())?;
    let columns = join_all(columns, options, &hierarchies);
    let mut summaries = Vec::new();
    let keep_only_released = options.is_earlier || !options.earlier.is_empty();
    let mut only_released = Vec::new();
    let (mut beside, mut numbering, mut uncompared) = (Vec::new(), Vec::new(), Vec::new());
    for column in columns {
        let tables = [Some(&original), Some(&anonymized), control.as_ref(), population.as_ref()];
        let Assessed { name, availability, compared, joined, with_population } =
            column.map_err(|refused| refused.into_error(tables))?;
        if let Some((registering, column)) = registering.as_mut().zip(with_population) {
            warnings.extend(registering.take(&name, joined.kind, column)?);
        }
        show(&name, &joined.column);
        // What there is to say about the others is said in one remark for all of them.
        let is_told = matches!(availability, Availability::RowNumber | Availability::Incomparable);
        if !is_told && availability != Availability::OnlyInRelease {
            warnings.extend(joined.warnings);
        }
        warnings.extend(availability_warning(&name, availability));
        match availability {
            Availability::Attackable => builder.push(&name, joined.column)?,
            Availability::OnlyInRelease => {
                uncompared.extend(comparable::holds_something(&joined.column).then(|| name.clone()));
                if keep_only_released {
                    only_released.push(OnlyReleased { name: name.clone(), kind: joined.kind, column: joined.column });
                }
            }
            Availability::RowNumber => numbering.push(RowNumbers { name: name.clone(), column: joined.column }),
            // Of the original, and of the control if it has the column too and writes it alike.
            Availability::Incomparable if !findings.iter().any(|finding| is_restored(finding, &name)) => {
                findings.extend(restorable::mapped(&name, &joined.column));
                if compared.is_none_or(|compared| compared.control_meets()) {
                    beside.extend(of_persons(joined.column, availability));
                }
            }
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
    warnings.extend(comparable::uncompared(&uncompared));
    summaries.extend(key_columns);
    summaries.sort_by_key(|summary| original.position(&summary.name).unwrap_or(usize::MAX));

    let tables = builder.finish();
    warnings.extend(truth::believed(&tables)?);
    let (remarks, follow) = comparable::row_numbers(&numbering, &tables);
    findings.extend(follow);
    let mut overlap = None;
    if !options.tables_only {
        let in_place = || truth::in_place(&tables);
        let restored = || restorable::of_tables(&tables, &findings);
        let repeated = || tables.control.as_ref().map(|control| find_overlap(&tables, control, &beside));
        let ((in_place, restored), repeated) = rayon::join(|| rayon::join(in_place, restored), repeated);
        warnings.extend(in_place);
        findings.extend(restored);
        overlap = repeated;
    }
    warnings.extend(restorable::remark(&findings));
    let incomparable: Vec<(&str, Compared)> = summaries
        .iter()
        .filter(|summary| summary.availability == Availability::Incomparable)
        .filter_map(|summary| Some((summary.name.as_str(), summary.compared?)))
        .collect();
    // What decides stands first.
    warnings.splice(0..0, comparable::remark(&incomparable).into_iter().chain(remarks));
    let register = registering.map(Registering::finish).transpose()?;
    let shared_persons = shared.and_then(|shared| persons::same_persons(&tables, &shared));
    Ok(Loaded {
        tables,
        columns: summaries,
        rows_of_original: original.rows_in_file(),
        rows_of_anonymized: anonymized.rows_in_file(),
        original: original.summary,
        anonymized: anonymized.summary,
        control: control.map(|control| control.summary),
        register,
        earlier: Vec::new(),
        only_released,
        overlap,
        shared_persons,
        findings,
        warnings: warning::told(warnings),
        hierarchies: hierarchies.into_iter().map(|(name, hierarchy)| (name, hierarchy.sha256)).collect(),
    })
}

/// The hierarchies of columns.
pub(super) fn read_hierarchies(options: &ReadOptions) -> Result<BTreeMap<String, Hierarchy>, InputError> {
    let files: Vec<_> = options.hierarchies.iter().collect();
    files.into_par_iter().map(|(name, path)| Ok((name.clone(), Hierarchy::read(path, options)?))).collect()
}

/// What the nodes of each configured hierarchy cover, in columns whose kind is known.
///
/// # Errors
/// When a hierarchy cannot be read.
pub fn nodes_of_hierarchies(
    options: &ReadOptions,
    kind: impl Fn(&str) -> Option<Kind>,
) -> Result<BTreeMap<String, Vec<Cell>>, InputError> {
    let hierarchies = read_hierarchies(options)?;
    Ok(hierarchies.into_iter().filter_map(|(name, found)| Some((name.clone(), found.cells(kind(&name)?)))).collect())
}

fn is_restored(finding: &Finding, column: &str) -> bool {
    finding.kind == "restorable_column" && finding.column.as_deref() == Some(column)
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
