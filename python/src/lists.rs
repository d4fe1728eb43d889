//! A table from Python lists, for small tables and examples that need no library.

use crate::arrow::Table;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDate, PyDateTime, PyFloat, PyInt, PyString};
use reident::input::memory::{Columns, Values};

/// Columns by name, each a list of texts, numbers, truth values, dates, times or `None`.
#[pyfunction]
pub fn table_of_lists(columns: Vec<(String, Vec<Bound<'_, PyAny>>)>, name: String) -> PyResult<Table> {
    let rows = columns.first().map_or(0, |(_, values)| values.len());
    let mut made = Vec::new();
    for (column, values) in columns {
        if values.len() != rows {
            return Err(PyValueError::new_err(format!(
                "column `{column}` has {} values, the first has {rows}",
                values.len()
            )));
        }
        made.push((column, of_values(&values)?));
    }
    Ok(Table::new(Columns::of_values(name, made)))
}

fn of_values(values: &[Bound<'_, PyAny>]) -> PyResult<Values> {
    let present = || values.iter().filter(|value| !value.is_none());
    let all = |is: &dyn Fn(&Bound<'_, PyAny>) -> bool| present().all(is);
    let is_bool = |value: &Bound<'_, PyAny>| value.is_instance_of::<PyBool>();
    let is_int = |value: &Bound<'_, PyAny>| value.is_instance_of::<PyInt>() && !is_bool(value);
    let is_number = |value: &Bound<'_, PyAny>| is_int(value) || value.is_instance_of::<PyFloat>();
    let is_time = |value: &Bound<'_, PyAny>| value.is_instance_of::<PyDateTime>();
    let is_date = |value: &Bound<'_, PyAny>| value.is_instance_of::<PyDate>() && !is_time(value);
    Ok(if all(&is_bool) && present().next().is_some() {
        Values::Booleans(each(values, |value| value.extract())?)
    } else if all(&is_int) && present().all(|value| value.extract::<i64>().is_ok()) {
        Values::Integers(each(values, |value| value.extract())?)
    } else if all(&is_number) {
        Values::Numbers(each(values, |value| value.extract())?)
    } else if all(&is_date) || all(&is_time) {
        Values::Texts(each(values, |value| value.call_method0("isoformat")?.extract())?)
    } else {
        let text = |value: &Bound<'_, PyAny>| match value.cast::<PyString>() {
            Ok(text) => text.extract(),
            Err(_) => value.str()?.extract(),
        };
        Values::Texts(each(values, text)?)
    })
}

fn each<T>(values: &[Bound<'_, PyAny>], of: impl Fn(&Bound<'_, PyAny>) -> PyResult<T>) -> PyResult<Vec<Option<T>>> {
    values.iter().map(|value| if value.is_none() { Ok(None) } else { of(value).map(Some) }).collect()
}
