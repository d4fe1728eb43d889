//! A fictional population, and a release of it with a known share of copied persons.

mod population;
mod releases;

use crate::evaluation::{self, EvaluateError, Options, Progress};
use crate::input::memory::Columns;
use crate::settings::Settings;
use crate::settings::config::Config;
use population::Person;
pub use population::World;
use reident_attacks::AttackError;
use reident_attacks::table::{Kind, RawColumn, Tables, TablesBuilder};
use reident_reports::digest::sha256;
use reident_reports::evidence::{ColumnShape, Evidence, Inputs, TableShape};
pub use releases::{Treated, Treatment};

impl World {
    /// Attacks the release of this population.
    ///
    /// # Errors
    /// When the run was cancelled.
    pub fn evaluate(&self, seed: u64, progress: &dyn Progress) -> Result<Evidence, EvaluateError> {
        let settings = Settings::resolve(Config { seed: Some(seed), ..Config::default() })?;
        let tables = tables(self)?;
        let options = Options { reproducible: true, ..Options::default() };
        let evaluated = evaluation::tables(&tables, inputs(self, &tables), &settings, Vec::new(), options, progress)?;
        Ok(evaluation::with_classes(evaluated.evidence, &tables, &settings))
    }

    /// The original, the release and the control in memory.
    pub fn columns(&self) -> [Columns; 3] {
        [("original", &self.original), ("anonymized", &self.release), ("control", &self.control)]
            .map(|(name, persons)| Columns::of_values(name, population::values(persons)))
    }

    /// The original, the release and the control as CSV files, with their names.
    pub fn files(&self) -> [(&'static str, String); 3] {
        [("original", &self.original), ("anonymized", &self.release), ("control", &self.control)]
            .map(|(name, persons)| (name, population::csv(persons)))
    }
}

fn inputs(world: &World, tables: &Tables) -> Inputs {
    let shape = |persons: &[Person]| TableShape {
        rows: persons.len() as u64,
        columns: tables.columns.len() as u64,
        sha256: None,
    };
    Inputs {
        original: shape(&world.original),
        anonymized: TableShape {
            sha256: Some(sha256(population::csv(&world.release).as_bytes())),
            ..shape(&world.release)
        },
        control: Some(shape(&world.control)),
        columns: tables
            .columns
            .iter()
            .map(|column| ColumnShape {
                name: column.name.clone(),
                kind: column.domain.kind().name().to_owned(),
                missing_original: 0,
                missing_anonymized: 0,
                generalized: 0,
                comparable: None,
            })
            .collect(),
        not_released: Vec::new(),
        only_released: Vec::new(),
        overlap: None,
        control_checks: Vec::new(),
        earlier: Vec::new(),
        population: None,
        blank_rows: None,
    }
}

fn tables(world: &World) -> Result<Tables, AttackError> {
    let sizes = (world.original.len(), world.release.len(), Some(world.control.len()));
    let mut builder = TablesBuilder::new(sizes.0, sizes.1, sizes.2);
    let three =
        |of: &dyn Fn(&[Person]) -> RawColumn| (of(&world.original), of(&world.release), Some(of(&world.control)));
    let mut numbers = |name: &str, kind: Kind, value: fn(&Person) -> f64| {
        let column = |persons: &[Person]| RawColumn::numbers(&persons.iter().map(value).collect::<Vec<_>>());
        let (original, release, control) = three(&column);
        builder.add(name, kind, original, release, control)
    };
    numbers("age", Kind::Numeric, |person| f64::from(person.age))?;
    numbers("income", Kind::Numeric, |person| f64::from(person.income))?;
    numbers("visits", Kind::Numeric, |person| f64::from(person.visits))?;
    numbers("visit_date", Kind::Date, |person| f64::from(person.visit_day))?;
    let mut texts = |name: &str, value: fn(&Person) -> &'static str| {
        let column = |persons: &[Person]| RawColumn::texts(&persons.iter().map(value).collect::<Vec<_>>());
        let (original, release, control) = three(&column);
        builder.add(name, Kind::Categorical, original, release, control)
    };
    texts("sex", |person| person.sex)?;
    texts("district", |person| person.district)?;
    texts("occupation", |person| person.occupation)?;
    texts("diagnosis", |person| person.diagnosis)?;
    Ok(builder.finish())
}
