//! Where the tables of an evaluation come from.

use super::memory::Columns;
use std::path::{Path, PathBuf};

/// Where a table comes from.
#[derive(Clone, Debug)]
pub enum Source {
    /// A file of any supported format.
    File(PathBuf),
    /// Columns in memory.
    Memory(Columns),
}

impl Source {
    /// What messages call it: the path of a file, the name of a table in memory.
    pub fn name(&self) -> &Path {
        match self {
            Source::File(path) => path,
            Source::Memory(columns) => columns.name(),
        }
    }
}

impl From<PathBuf> for Source {
    fn from(path: PathBuf) -> Source {
        Source::File(path)
    }
}

impl From<Columns> for Source {
    fn from(columns: Columns) -> Source {
        Source::Memory(columns)
    }
}

/// The tables of an evaluation.
#[derive(Clone, Debug)]
pub struct Sources {
    /// Persons the release was made from.
    pub original: Source,
    /// The release under test.
    pub anonymized: Source,
    /// Persons who were not used to make the release.
    pub control: Option<Source>,
    /// Persons of whom the release may hold a record, as somebody knows them who does not know whom it holds.
    pub population: Option<Source>,
}

impl Sources {
    /// Three files, or two without a control.
    pub fn files(original: PathBuf, anonymized: PathBuf, control: Option<PathBuf>) -> Sources {
        let control = control.map(Source::from);
        Sources { original: original.into(), anonymized: anonymized.into(), control, population: None }
    }

    /// Whether any of the tables is in memory.
    pub fn in_memory(&self) -> bool {
        let all = [Some(&self.original), Some(&self.anonymized), self.control.as_ref(), self.population.as_ref()];
        all.into_iter().flatten().any(|source| matches!(source, Source::Memory(_)))
    }

    /// The same with a population file.
    pub fn with_population(self, population: Option<PathBuf>) -> Sources {
        Sources { population: population.map(Source::from), ..self }
    }
}

/// The same tables once more, for who keeps them: what is in memory is shared.
impl From<&Sources> for Sources {
    fn from(sources: &Sources) -> Sources {
        sources.clone()
    }
}
