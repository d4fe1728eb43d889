//! Tables that Python hands over, and tables handed to Python: both through the Arrow C stream interface
//! (https://arrow.apache.org/docs/format/CStreamInterface.html), in which nothing is copied.

use crate::errors::Raised;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use reident::input::Source;
use reident::input::memory::ffi::{ArrowArrayStream, ArrowArrayStreamReader, export_iterator};
use reident::input::memory::{ArrowType, Columns};
use std::path::PathBuf;

/// The name by which capsules of streams are known.
const STREAM: &std::ffi::CStr = c"arrow_array_stream";

/// Where a table comes from: a path, or anything that exports an Arrow stream. `name` is what messages call a table in memory.
pub fn source(table: &Bound<'_, PyAny>, name: &str) -> PyResult<Source> {
    if let Ok(path) = table.extract::<PathBuf>() {
        return Ok(Source::File(path));
    }
    let capsule = table.call_method0("__arrow_c_stream__")?;
    let capsule =
        capsule.cast::<PyCapsule>().map_err(|_| PyTypeError::new_err("__arrow_c_stream__ gave no capsule"))?;
    let columns = columns(capsule, name)?;
    columns.map(Source::Memory).map_err(|reason| Raised::unreadable(name, &reason).raise(table.py()))
}

/// Takes the columns out of a stream. The producer may run Python while it is asked, so the GIL is held.
#[allow(unsafe_code)]
fn columns(capsule: &Bound<'_, PyCapsule>, name: &str) -> PyResult<Result<Columns, String>> {
    let pointer = capsule.pointer_checked(Some(STREAM))?.cast::<ArrowArrayStream>();
    let read = || {
        // SAFETY: a capsule of that name holds a stream, as the interface says, which is ours to take: what stays in the capsule is a
        // stream that was released. It is used while the GIL is held, by one thread.
        let stream = unsafe { std::ptr::replace(pointer.as_ptr(), ArrowArrayStream::empty()) };
        // SAFETY: the producer keeps to the C stream interface; who does not is at fault.
        let mut reader =
            unsafe { ArrowArrayStreamReader::try_new(Box::new(stream)) }.map_err(|error| error.to_string())?;
        let ArrowType::Struct(fields) = reader.field().dtype().clone() else {
            return Err("the stream holds one column and no table".to_owned());
        };
        let mut columns = Columns::new(name, fields);
        // SAFETY: as above.
        while let Some(batch) = unsafe { reader.next() } {
            if !columns.push_batch(batch.map_err(|error| error.to_string())?.as_ref()) {
                return Err("the stream holds no table".to_owned());
            }
        }
        Ok(columns)
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
