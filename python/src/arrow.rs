//! Tables that Python hands over, and tables handed to Python: both through the Arrow C stream interface
//! (https://arrow.apache.org/docs/format/CStreamInterface.html), in which nothing is copied.

use crate::errors::Raised;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict};
use reident::input::Source;
use reident::input::memory::ffi::{ArrowArrayStream, ArrowArrayStreamReader, export_iterator};
use reident::input::memory::{Array, ArrowType, Columns, Field};
use std::path::PathBuf;

/// The name by which capsules of streams are known.
const STREAM: &std::ffi::CStr = c"arrow_array_stream";

/// What a stream holds: what its arrays are, and the arrays; or why they cannot be taken.
type Taken = Result<(Field, Vec<Box<dyn Array>>), String>;

/// Where a table comes from: a path, anything that exports an Arrow stream, or a dict of columns that do. `name` is what messages call a table
/// in memory.
pub fn source(table: &Bound<'_, PyAny>, name: &str) -> PyResult<Source> {
    if let Ok(path) = table.extract::<PathBuf>() {
        return Ok(Source::File(path));
    }
    let columns = match table.cast::<PyDict>() {
        Ok(columns) => of_columns(columns, name)?,
        Err(_) => take(table)?.and_then(|(field, batches)| of_batches(name, &field, &batches)),
    };
    columns.map(Source::Memory).map_err(|reason| Raised::unreadable(name, &reason).raise(table.py()))
}

/// Columns that are handed over one by one. They are taken out of the dict, so that nobody holds those that were made for us while the attacks
/// are played.
fn of_columns(columns: &Bound<'_, PyDict>, name: &str) -> PyResult<Result<Columns, String>> {
    let mut taken = Vec::new();
    let given = columns.copy()?;
    columns.clear();
    for (column, values) in given {
        let column: String = column.extract()?;
        match take(&values)? {
            Ok((field, parts)) => taken.push((Field { name: column.into(), ..field }, parts)),
            Err(reason) => return Ok(Err(format!("column `{column}`: {reason}"))),
        }
    }
    Ok(Columns::of_parts(name, taken).ok_or_else(|| "its columns differ in length".to_owned()))
}

/// Columns that are handed over row by row.
fn of_batches(name: &str, field: &Field, batches: &[Box<dyn Array>]) -> Result<Columns, String> {
    let ArrowType::Struct(fields) = field.dtype() else {
        return Err("the stream holds one column and no table".to_owned());
    };
    let mut columns = Columns::new(name, fields.clone());
    match batches.iter().all(|batch| columns.push_batch(batch.as_ref())) {
        true => Ok(columns),
        false => Err("the stream holds no table".to_owned()),
    }
}

/// Takes what a stream holds. The producer may run Python while it is asked, so the GIL is held.
#[allow(unsafe_code)]
fn take(exporter: &Bound<'_, PyAny>) -> PyResult<Taken> {
    let capsule = exporter.call_method0("__arrow_c_stream__")?;
    let capsule =
        capsule.cast::<PyCapsule>().map_err(|_| PyTypeError::new_err("__arrow_c_stream__ gave no capsule"))?;
    let pointer = capsule.pointer_checked(Some(STREAM))?.cast::<ArrowArrayStream>();
    let read = || {
        // SAFETY: a capsule of that name holds a stream, as the interface says, which is ours to take: what stays in the capsule is a
        // stream that was released. It is used while the GIL is held, by one thread.
        let stream = unsafe { std::ptr::replace(pointer.as_ptr(), ArrowArrayStream::empty()) };
        // SAFETY: the producer keeps to the C stream interface; who does not is at fault.
        let mut reader =
            unsafe { ArrowArrayStreamReader::try_new(Box::new(stream)) }.map_err(|error| error.to_string())?;
        let mut arrays = Vec::new();
        // SAFETY: as above.
        while let Some(array) = unsafe { reader.next() } {
            arrays.push(array.map_err(|error| error.to_string())?);
        }
        Ok((reader.field().clone(), arrays))
    };
    Ok(std::panic::catch_unwind(std::panic::AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err("a column is of a type that is not supported".to_owned())))
}

/// A table that Python may read: pandas, polars, pyarrow and others take it as it is.
#[pyclass(frozen, module = "reident")]
pub struct Table(Columns);

impl Table {
    /// Of columns in memory.
    pub fn new(columns: Columns) -> Table {
        Table(columns)
    }
}

#[pymethods]
impl Table {
    /// Names of the columns.
    #[getter]
    fn columns(&self) -> Vec<String> {
        self.0.names().map(str::to_owned).collect()
    }

    fn __len__(&self) -> usize {
        self.0.rows()
    }

    fn __repr__(&self) -> String {
        format!("<reident.Table of {} rows: {}>", self.0.rows(), self.columns().join(", "))
    }

    /// The Arrow C stream of the table.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // A consumer may ask for other types, and must take what is there.
        let _ = requested_schema;
        let (field, batches) = self.0.batches();
        let stream = export_iterator(Box::new(batches.into_iter().map(Ok)), field);
        PyCapsule::new_with_value(py, stream, STREAM)
    }
}
