//! The population file: a register of persons of whom the release may hold a record.
//!
//! Its columns are joined with those of the other tables once more, so that its values are read as theirs and its categories are
//! among those that masks cover; only its rows and the release's are kept. Nothing that is attacked knows of it.

use super::file::{FileSummary, RawTable};
use super::join::Joined;
use super::{InputError, InputWarning};
use reident_attacks::comparison::column;
use reident_attacks::table::{JointColumn, Kind, Tables, TablesBuilder};
use std::path::PathBuf;

/// The population file beside the release.
#[derive(Debug)]
pub struct Register {
    /// Its persons, in the place of the original, and the release, over the columns that it shares with what attackers use.
    pub tables: Tables,
    /// The file.
    pub file: FileSummary,
}

/// A register as it is put together.
pub(super) struct Registering {
    builder: TablesBuilder,
    file: FileSummary,
    has_columns: bool,
}

impl Registering {
    /// A register without columns.
    pub(super) fn new(population: &RawTable, anonymized: &RawTable) -> Registering {
        let builder = TablesBuilder::new(population.rows(), anonymized.rows(), None);
        Registering { builder, file: population.summary.clone(), has_columns: false }
    }

    /// Takes a column of all tables, which is of some kind without the population file, and hands back what there is to say about that
    /// file.
    ///
    /// # Errors
    /// When the file writes the column otherwise than the other tables do: persons who fit would be missed, and whoever counts too few of
    /// them tells a wrong risk.
    pub(super) fn take(&mut self, name: &str, kind: Kind, joined: Joined) -> Result<Vec<InputWarning>, InputError> {
        let refused = |path: PathBuf, why: String| InputError::PopulationForm { path, column: name.to_owned(), why };
        if joined.kind != kind {
            let why = format!("with this file it reads as {}, without it as {kind}", joined.kind);
            return Err(refused(self.file.path.clone(), why));
        }
        let JointColumn { domain, mut tables } = joined.column;
        let (Some(population), Some(release)) = (tables.pop(), tables.get(1)) else { return Ok(Vec::new()) };
        if !column::of_control(&domain, &tables[0], &population, None).comparable {
            return Err(refused(self.file.path.clone(), "their values do not meet".to_owned()));
        }
        let release = release.clone();
        self.builder.push(name, JointColumn { domain, tables: vec![population, release] })?;
        self.has_columns = true;
        let is_own = |warning: &InputWarning| warning.table.as_deref() == Some("population");
        Ok(joined.warnings.into_iter().filter(is_own).collect())
    }

    /// The register.
    ///
    /// # Errors
    /// When it has no column.
    pub(super) fn finish(self) -> Result<Register, InputError> {
        if !self.has_columns {
            return Err(InputError::NoColumnOfPopulation { path: self.file.path });
        }
        Ok(Register { tables: self.builder.finish(), file: self.file })
    }
}
