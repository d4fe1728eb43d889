//! Earlier releases of the same persons, each read with the same original and control as if it were the release under test.

use super::load::{Loaded, load};
use super::{FileSummary, InputError, InputWarning, ReadOptions, Source, Sources};
use reident_attacks::record_linkage::{ReleaseColumn, Versions, compare};
use reident_attacks::table::{Cell, Domain, Earlier, JointColumn, Kind, RawColumn};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What became of an earlier release.
#[derive(Debug)]
pub struct EarlierRelease {
    /// The file.
    pub file: FileSummary,
    /// What it and the latest release show of one another; `None` where they have no column in common, or nearly any two of their records can
    /// be of one person.
    pub versions: Option<Versions>,
}

/// A column that only the release has.
#[derive(Debug)]
pub(super) struct OnlyReleased {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) column: JointColumn,
}

/// The code of the remark that an earlier release could not be compared with the latest one. Whoever judges evidence takes it for a reason
/// not to pass.
pub const EARLIER_NOT_COMPARED: &str = "earlier_release_not_compared";
/// The code of the remark that columns of an earlier release are not compared.
pub const EARLIER_COLUMNS: &str = "earlier_release_columns";

/// Reads the earlier releases that the options name and puts them beside the latest one.
///
/// # Errors
/// When one cannot be read, or shares no column with the original.
pub fn add_earlier(loaded: &mut Loaded, sources: &Sources, options: &ReadOptions) -> Result<(), InputError> {
    for (at, path) in options.earlier.iter().enumerate() {
        let sources = Sources { anonymized: Source::from(path.clone()), population: None, ..sources.clone() };
        let options = ReadOptions {
            earlier: Vec::new(),
            is_earlier: true,
            tables_only: true,
            // Only the latest release says whose its records are.
            ignore: options.ignore.iter().chain(&options.record_key).cloned().collect(),
            record_key: None,
            record_map: None,
            row_aligned: false,
            ..options.clone()
        };
        let found = load(&sources, &options)?;
        add(loaded, found, at + 1)?;
    }
    Ok(())
}

fn add(loaded: &mut Loaded, found: Loaded, number: usize) -> Result<(), InputError> {
    let (columns, unlike) = common(loaded, &found);
    let rows = [loaded.tables.anonymized.rows(), found.tables.anonymized.rows()];
    let versions = if columns.is_empty() { None } else { compare(rows, columns)? };
    let unused: Vec<String> = unlike.iter().map(|name| format!("`{name}`")).collect();
    if !unused.is_empty() {
        let message = format!(
            "Earlier release {number}: {} could not be compared with the latest one, and the releases are linked without {}.",
            unused.join(", "),
            if unused.len() == 1 { "it" } else { "them" }
        );
        loaded.warnings.push(InputWarning::new(EARLIER_COLUMNS, message));
    }
    match &versions {
        Some(versions) => {
            let position = |name: &String| found.tables.position(name);
            let columns = loaded.tables.columns.iter().map(|column| position(&column.name)).collect();
            let earlier = Earlier { tables: found.tables, columns, links: versions.links.clone() };
            loaded.tables.earlier.push(Arc::new(earlier));
        }
        None => loaded.warnings.push(InputWarning::new(
            EARLIER_NOT_COMPARED,
            format!(
                "Earlier release {number} could not be linked with the latest one: they have no column in common that can be compared, or \
                 nearly any two of their records can be of one person. What both tell together is not known, and no gate passes."
            ),
        )),
    }
    loaded.earlier.push(EarlierRelease { file: found.anonymized, versions });
    Ok(())
}

/// The columns that both releases have and that are read alike, and the names of those that both should have and are not.
fn common(loaded: &Loaded, found: &Loaded) -> (Vec<ReleaseColumn>, Vec<String>) {
    type Part<'a> = (Kind, &'a Domain, &'a [u32]);
    fn parts(loaded: &Loaded) -> BTreeMap<&str, Part<'_>> {
        let shared = loaded.tables.columns.iter().enumerate().map(|(at, column)| {
            let (domain, codes) = (&column.domain, loaded.tables.anonymized.column(at));
            (column.name.as_str(), (domain.kind(), domain, codes))
        });
        let alone = loaded.only_released.iter().filter_map(|only| {
            let rows = only.column.tables.first()?;
            Some((only.name.as_str(), (only.kind, &only.column.domain, rows.codes.as_slice())))
        });
        shared.chain(alone).collect()
    }
    let (latest, earlier) = (parts(loaded), parts(found));
    let (mut columns, mut unlike) = (Vec::new(), Vec::new());
    for (name, (kind, domain, codes)) in &latest {
        match earlier.get(name) {
            Some((other, earlier_domain, earlier_codes)) if other == kind => columns.push(ReleaseColumn {
                name: (*name).to_owned(),
                kind: *kind,
                latest: RawColumn::of_codes(domain, codes, Cell::clone),
                earlier: RawColumn::of_codes(earlier_domain, earlier_codes, Cell::clone),
            }),
            _ => unlike.push((*name).to_owned()),
        }
    }
    (columns, unlike)
}
