//! Errors of the library as exceptions of Python's, which `reident._errors` defines.

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use reident::DocumentError;
use reident::evaluation::EvaluateError;
use reident::input::InputError;
use reident::settings::SettingsError;
use reident_attacks::AttackError;
use reident_attacks::calibration::FEWEST;
use std::cell::RefCell;
use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

thread_local! {
    /// Where this thread panicked last.
    static PANICKED: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// What an error is about, as far as it is known.
#[derive(Debug, Default)]
struct Places {
    file: Option<String>,
    column: Option<String>,
    row: Option<usize>,
    line: Option<usize>,
    setting: Option<String>,
}

/// What is raised in Python.
#[derive(Debug)]
pub struct Raised {
    class: &'static str,
    message: String,
    places: Box<Places>,
}

impl Raised {
    fn new(class: &'static str, message: impl Into<String>) -> Raised {
        Raised { class, message: message.into(), places: Box::default() }
    }

    fn about(mut self, places: Places) -> Raised {
        *self.places = places;
        self
    }

    /// Something that was handed over cannot be read.
    pub fn input(error: impl Error) -> Raised {
        Raised::new("InputError", whole(&error))
    }

    /// A table in memory cannot be taken over. What the producer says of it may hold a cell, so only its kind is told.
    pub fn unreadable(name: &str, reason: &str) -> Raised {
        let file = Some(name.to_owned());
        let message = format!("{name}: the table cannot be taken over: {reason}");
        Raised::new("InputError", message).about(Places { file, ..Places::default() })
    }

    /// The worker ended without a word.
    pub fn gone() -> Raised {
        Raised::internal()
    }

    /// An argument is wrong.
    pub fn settings(message: impl Into<String>) -> Raised {
        Raised::new("SettingsError", message)
    }

    /// There is nothing to calibrate with.
    pub fn too_small() -> Raised {
        let message = format!(
            "the attacks cannot be calibrated: it takes {FEWEST} persons of the original, and an attack other than record linkage"
        );
        Raised::new("InputError", message)
    }

    /// A bug. A panic's message may hold a value of a cell, so only its place is told.
    fn internal() -> Raised {
        let place = PANICKED.take().map_or_else(String::new, |place| format!(" at {place}"));
        Raised::new("InternalError", format!("internal error{place}: this is a bug; please report it with the version"))
    }

    /// The exception.
    pub fn raise(self, py: Python<'_>) -> PyErr {
        let made = || -> PyResult<PyErr> {
            let class = py.import("reident._errors")?.getattr(self.class)?;
            let places = PyDict::new(py);
            places.set_item("file", &self.places.file)?;
            places.set_item("column", &self.places.column)?;
            places.set_item("row", self.places.row)?;
            places.set_item("line", self.places.line)?;
            places.set_item("setting", &self.places.setting)?;
            Ok(PyErr::from_value(class.call((&self.message,), Some(&places))?))
        };
        made().unwrap_or_else(|_| PyRuntimeError::new_err(self.message.clone()))
    }
}

/// What an error says, with what led to it.
fn whole(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(&format!(": {error}"));
        source = error.source();
    }
    text
}

fn shown(path: Option<&Path>) -> Option<String> {
    path.map(|path| path.display().to_string())
}

impl From<InputError> for Raised {
    fn from(error: InputError) -> Raised {
        let places = Places {
            file: shown(error.file()),
            column: error.column().map(str::to_owned),
            row: error.row(),
            line: error.line(),
            setting: error.setting().map(str::to_owned),
        };
        Raised::new("InputError", whole(&error)).about(places)
    }
}

impl From<SettingsError> for Raised {
    fn from(error: SettingsError) -> Raised {
        let places = Places {
            file: shown(error.file()),
            column: error.column().map(str::to_owned),
            line: error.line(),
            setting: error.setting().map(str::to_owned),
            row: None,
        };
        Raised::new("SettingsError", whole(&error)).about(places)
    }
}

impl From<DocumentError> for Raised {
    fn from(error: DocumentError) -> Raised {
        let places = Places { file: shown(error.file()), ..Places::default() };
        Raised::new("InputError", whole(&error)).about(places)
    }
}

impl From<AttackError> for Raised {
    fn from(error: AttackError) -> Raised {
        match error {
            AttackError::Cancelled => Raised::new("Cancelled", whole(&error)),
            _ => Raised::new("SettingsError", whole(&error)),
        }
    }
}

impl From<EvaluateError> for Raised {
    fn from(error: EvaluateError) -> Raised {
        let message = whole(&error);
        match error {
            EvaluateError::Input(error) => error.into(),
            EvaluateError::Settings(error) => error.into(),
            EvaluateError::Attack(error) => error.into(),
            EvaluateError::OverlappingControl(_) => {
                let setting = error.setting().map(str::to_owned);
                Raised::new("OverlappingControlError", message).about(Places { setting, ..Places::default() })
            }
            _ => Raised::new("ReidentError", message),
        }
    }
}

/// From now on panics are not written to standard error: their messages may hold values of cells. Where each was is kept.
pub fn say_nothing_of_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|at| format!("{}:{}", at.file(), at.line()));
        PANICKED.set(place);
    }));
}

/// Runs what must not panic, and takes a panic for what it is.
pub fn caught<T>(run: impl FnOnce() -> Result<T, Raised>) -> Result<T, Raised> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| Err(Raised::internal()))
}

/// Runs something short without the GIL.
pub fn guarded<T: Send>(py: Python<'_>, run: impl FnOnce() -> Result<T, Raised> + Send) -> PyResult<T> {
    py.detach(|| caught(run)).map_err(|error| error.raise(py))
}
