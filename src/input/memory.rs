//! A table in memory: columns as Arrow has them.

pub use polars_arrow::array::Array;
pub use polars_arrow::datatypes::{ArrowDataType as ArrowType, Field};
pub use polars_arrow::ffi;

use polars_arrow::array::{BooleanArray, PrimitiveArray, StructArray, Utf8Array};
use std::path::{Path, PathBuf};

/// Columns in memory, each in parts that follow one another. Nothing is copied until they are read.
#[derive(Clone)]
pub struct Columns {
    name: PathBuf,
    pub(super) fields: Vec<Field>,
    /// The parts of each column.
    pub(super) parts: Vec<Vec<Box<dyn Array>>>,
}

/// The values of a column, where they are not Arrow's yet.
#[derive(Clone)]
pub enum Values {
    /// Truth values.
    Booleans(Vec<Option<bool>>),
    /// Whole numbers.
    Integers(Vec<Option<i64>>),
    /// Numbers.
    Numbers(Vec<Option<f64>>),
    /// Days since 1970-01-01.
    Days(Vec<Option<i32>>),
    /// Texts.
    Texts(Vec<Option<String>>),
}

impl Columns {
    /// Columns without rows. Messages name the table by `name`, as they name a file by its path.
    pub fn new(name: impl Into<PathBuf>, fields: Vec<Field>) -> Columns {
        let parts = fields.iter().map(|_| Vec::new()).collect();
        Columns { name: name.into(), fields, parts }
    }

    /// Columns of values, by their names.
    ///
    /// # Panics
    /// When they differ in length: whoever makes them has them all at hand.
    pub fn of_values(name: impl Into<PathBuf>, columns: Vec<(String, Values)>) -> Columns {
        let (names, arrays): (Vec<String>, Vec<Box<dyn Array>>) =
            columns.into_iter().map(|(name, values)| (name, values.into_array())).unzip();
        let types: Vec<_> = arrays.iter().map(|array| array.dtype().clone()).collect();
        let fields = names.into_iter().zip(types).map(|(name, of)| Field::new(name.into(), of, true));
        let mut columns = Columns::new(name, fields.collect());
        columns.push(arrays);
        columns
    }

    /// Columns whose parts need not begin at the same rows; `None` when they differ in length.
    pub fn of_parts(name: impl Into<PathBuf>, columns: Vec<(Field, Vec<Box<dyn Array>>)>) -> Option<Columns> {
        let (fields, parts): (Vec<Field>, Vec<Vec<Box<dyn Array>>>) = columns.into_iter().unzip();
        let rows = |parts: &[Box<dyn Array>]| parts.iter().map(|part| part.len()).sum::<usize>();
        let is_table = parts.windows(2).all(|pair| rows(&pair[0]) == rows(&pair[1]));
        is_table.then(|| Columns { name: name.into(), fields, parts })
    }

    /// Adds rows: an array for each column, all of one length.
    ///
    /// # Panics
    /// When there are not as many arrays as columns, or they differ in length.
    pub fn push(&mut self, arrays: Vec<Box<dyn Array>>) {
        assert_eq!(arrays.len(), self.fields.len(), "an array for each column");
        assert!(arrays.windows(2).all(|pair| pair[0].len() == pair[1].len()), "arrays of one length");
        self.parts.iter_mut().zip(arrays).for_each(|(parts, array)| parts.push(array));
    }

    /// Adds the rows of a batch: an Arrow struct of the columns. False when it is none.
    pub fn push_batch(&mut self, batch: &dyn Array) -> bool {
        let Some(rows) = batch.as_any().downcast_ref::<StructArray>() else { return false };
        if rows.values().len() != self.fields.len() {
            return false;
        }
        self.push(rows.values().to_vec());
        true
    }

    /// The rows in batches, each an Arrow struct of the columns, and what they are.
    pub fn batches(&self) -> (Field, Vec<Box<dyn Array>>) {
        let dtype = ArrowType::Struct(self.fields.clone());
        let parts = self.parts.first().map_or(0, Vec::len);
        let batch = |at: usize| -> Box<dyn Array> {
            let arrays: Vec<Box<dyn Array>> = self.parts.iter().map(|parts| parts[at].clone()).collect();
            Box::new(StructArray::new(dtype.clone(), arrays[0].len(), arrays, None))
        };
        (Field::new("".into(), dtype.clone(), false), (0..parts).map(batch).collect())
    }

    /// What messages call the table.
    pub fn name(&self) -> &Path {
        &self.name
    }

    /// Names of the columns.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|field| field.name.as_str())
    }

    /// Rows of all parts.
    pub fn rows(&self) -> usize {
        self.parts.first().map_or(0, |parts| parts.iter().map(|part| part.len()).sum())
    }
}

/// Without the cells: they are nobody's business.
impl std::fmt::Debug for Columns {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.names().collect();
        out.debug_struct("Columns")
            .field("name", &self.name)
            .field("columns", &names)
            .field("rows", &self.rows())
            .finish()
    }
}

impl Values {
    fn into_array(self) -> Box<dyn Array> {
        match self {
            Values::Booleans(values) => Box::new(BooleanArray::from(values)),
            Values::Integers(values) => Box::new(PrimitiveArray::<i64>::from(values)),
            Values::Numbers(values) => Box::new(PrimitiveArray::<f64>::from(values)),
            Values::Days(values) => Box::new(PrimitiveArray::<i32>::from(values).to(ArrowType::Date32)),
            Values::Texts(values) => Box::new(Utf8Array::<i64>::from(values)),
        }
    }
}
