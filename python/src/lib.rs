//! reident for Python: tables of Python's in, the documents of `reident` out, as JSON. What persons see of it is in
//! `python/reident`.

// What cannot fail says why, where it is expected not to.
#![cfg_attr(not(test), deny(clippy::unwrap_used))]

mod arrow;
mod attack;
mod errors;
mod lists;
mod memory;
mod run;

use errors::{Raised, guarded};
use pyo3::prelude::*;
use reident::check::{self, Policy};
use reident::demo::World;
use reident::evaluation::{self, Options, outcomes};
use reident::input::{self, Source, Sources};
use reident::report::{self, Form, Shown};
use reident::settings::Settings;
use reident::settings::config::Config;
use reident_reports::check::format::Format;
use reident_reports::check::profiles;
use reident_reports::evidence::Evidence;
use reident_reports::json;
use reident_reports::message::{Language, Messages};
use reident_reports::terminal;
use run::Caller;
use std::collections::BTreeMap;

/// Evidence as text, refused when it is none that can have come from a run.
fn evidence(text: &str) -> Result<Evidence, Raised> {
    json::read(text).map_err(Raised::input)
}

fn policy(name: &str, set: &[String]) -> Result<Policy, Raised> {
    Ok(check::policy(name, set)?)
}

/// Settings from the keys of the configuration file.
fn settings(config: &str, calibrate: bool) -> Result<Settings, Raised> {
    let settings = Settings::resolve(Config::from_json(config)?)?;
    Ok(if calibrate { settings.calibrated()? } else { settings })
}

/// The original, the release and the control, as Python hands them over.
type Given<'py> = (Bound<'py, PyAny>, Bound<'py, PyAny>, Option<Bound<'py, PyAny>>);

/// The tables of a run.
fn sources((original, anonymized, control): &Given<'_>) -> PyResult<Sources> {
    Ok(Sources {
        original: arrow::source(original, "original")?,
        anonymized: arrow::source(anonymized, "anonymized")?,
        control: control.as_ref().map(|control| arrow::source(control, "control")).transpose()?,
        population: None,
    })
}

/// Persons who are attacked at once where tables are in memory.
const AT_ONCE: usize = 250_000;

/// Columns of text that a table of columns may take.
const WIDTH: u16 = 120;

/// The extension module.
#[pymodule]
mod _core {
    use super::*;

    #[pymodule_export]
    use super::arrow::Table;
    #[pymodule_export]
    use super::attack::{Joined, estimate};
    #[pymodule_export]
    use super::lists::table_of_lists;
    #[pymodule_export]
    use super::run::CancelToken;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        errors::say_nothing_of_panics();
        module.add("version", env!("CARGO_PKG_VERSION"))
    }

    /// Reads the tables and attacks; gives the evidence, and who was hit where that was asked for.
    #[pyfunction]
    #[allow(clippy::too_many_arguments)] // they are the arguments of one Python function
    fn evaluate(
        py: Python<'_>,
        tables: Given<'_>,
        config: &str,
        calibrate: bool,
        outcomes: bool,
        threads: Option<usize>,
        progress: Option<Py<PyAny>>,
        cancel: Option<Py<CancelToken>>,
    ) -> PyResult<(String, Option<String>)> {
        let sources = super::sources(&tables)?;
        let settings = guarded(py, || super::settings(config, calibrate))?;
        // Tables that are in memory already leave less of it.
        let at_once = sources.in_memory().then_some(super::AT_ONCE);
        let options = Options { keep_hits: outcomes, at_once, ..Options::default() };
        Caller::new(py, threads, progress, cancel)?.run(move |progress| {
            memory::give_back();
            let found = evaluation::evaluate(sources, &settings, options, progress)?;
            let hits = outcomes.then(|| super::outcomes::write(&found.results));
            Ok((json::write(&found.evidence), hits))
        })
    }

    /// What the attacks would have noticed; gives it as JSON and as a text.
    #[pyfunction]
    fn calibrate(
        py: Python<'_>,
        tables: Given<'_>,
        config: &str,
        threads: Option<usize>,
        progress: Option<Py<PyAny>>,
        cancel: Option<Py<CancelToken>>,
    ) -> PyResult<(String, String)> {
        let sources = super::sources(&tables)?;
        let settings = guarded(py, || super::settings(config, true))?;
        Caller::new(py, threads, progress, cancel)?.run(move |progress| {
            let found = evaluation::calibrate(&sources, &settings, progress)?.ok_or_else(Raised::too_small)?;
            let shown = terminal::calibration(&Messages::of(Language::English), &found, WIDTH);
            Ok((serde_json::to_string(&found).map_err(Raised::input)?, shown))
        })
    }

    /// The keys of a configuration file, as JSON.
    #[pyfunction]
    fn read_config(py: Python<'_>, path: std::path::PathBuf) -> PyResult<String> {
        guarded(py, || {
            // What is wrong with it is said with its line.
            Config::read(&path)?;
            let text = std::fs::read_to_string(&path).map_err(Raised::input)?;
            let mut keys: toml::Table = toml::from_str(&text).map_err(Raised::input)?;
            let beside = path.parent().unwrap_or(std::path::Path::new(""));
            let columns = keys.get_mut("columns").and_then(toml::Value::as_table_mut).into_iter().flatten();
            // Whoever gets the keys does not know where the file lies.
            for hierarchy in columns.filter_map(|(_, column)| column.get_mut("hierarchy")) {
                let file = beside.join(hierarchy.as_str().unwrap_or_default());
                let file = file
                    .to_str()
                    .ok_or_else(|| Raised::settings("the path of a hierarchy is not Unicode; rename it"))?;
                *hierarchy = toml::Value::from(file);
            }
            serde_json::to_string(&keys).map_err(Raised::input)
        })
    }

    /// Describes the columns of tables.
    #[pyfunction]
    fn inspect(
        py: Python<'_>,
        tables: Vec<Bound<'_, PyAny>>,
        config: &str,
        show_values: bool,
    ) -> PyResult<(String, String)> {
        let name = |at: usize| ["original", "anonymized", "control"].get(at).copied().unwrap_or("control");
        let sources: Vec<Source> =
            tables.iter().enumerate().map(|(at, table)| arrow::source(table, name(at))).collect::<PyResult<_>>()?;
        let settings = guarded(py, || super::settings(config, false))?;
        Caller::new(py, None, None, None)?.run(move |_| {
            let found = input::inspect(&sources, &settings.read).map_err(Raised::from)?;
            Ok((super::described(&found), found.render(show_values, WIDTH)))
        })
    }

    /// Judges evidence; gives the result as JSON and as a text.
    #[pyfunction]
    fn check(
        py: Python<'_>,
        evidence: &str,
        policy: &str,
        set: Vec<String>,
        baseline: Option<&str>,
    ) -> PyResult<(String, String)> {
        guarded(py, || {
            let (evidence, policy) = (super::evidence(evidence)?, super::policy(policy, &set)?);
            let result = match baseline {
                None => super::check::check(&evidence, &policy),
                Some(earlier) => {
                    let (english, earlier) = (Language::English, super::evidence(earlier)?);
                    super::check::check_with_baseline(english, &evidence, &policy, &earlier, &BTreeMap::new())
                }
            };
            Ok((Format::Json.render(&result, "evidence"), Format::Terminal.render(&result, "evidence")))
        })
    }

    /// Names and titles of the policies that come with the program.
    #[pyfunction]
    fn policies(py: Python<'_>) -> PyResult<Vec<(String, String)>> {
        guarded(py, || {
            let named =
                profiles::PROFILES.iter().map(|(name, _)| Ok((name.to_string(), super::policy(name, &[])?.title)));
            named.collect()
        })
    }

    /// The three tables of the demo, and its evidence.
    #[pyfunction]
    fn demo(
        py: Python<'_>,
        rows: usize,
        leak: f64,
        seed: u64,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<(Table, Table, Table, String)> {
        if !(0.0..=1.0).contains(&leak) || !(20..=10_000_000).contains(&rows) {
            return Err(
                Raised::settings("leak is a share between 0 and 1, and rows a number from 20 to 10000000").raise(py)
            );
        }
        Caller::new(py, None, progress, None)?.run(move |progress| {
            let world = World::new(rows, leak, seed);
            let evidence = json::write(&world.evaluate(seed, progress)?);
            let [original, anonymized, control] = world.columns().map(Table::new);
            Ok((original, anonymized, control, evidence))
        })
    }

    /// Evidence as it is written, from text that says the same.
    #[pyfunction]
    fn read_evidence(py: Python<'_>, text: &str) -> PyResult<String> {
        guarded(py, || Ok(json::write(&super::evidence(text)?)))
    }

    /// A report for persons.
    #[pyfunction]
    fn report(
        py: Python<'_>,
        evidence: &str,
        form: &str,
        lang: &str,
        policy: Option<&str>,
        set: Vec<String>,
        include_sensitive: bool,
    ) -> PyResult<String> {
        guarded(py, || {
            let evidence = super::evidence(evidence)?;
            let policy = policy.map(|policy| super::policy(policy, &set)).transpose()?;
            let language =
                Language::from_code(lang).ok_or_else(|| Raised::settings(format!("there is no language `{lang}`")))?;
            let shown = Shown { language, policy: policy.as_ref(), include_sensitive, advice: None };
            let form = match form {
                "html" => Form::Html,
                "markdown" => Form::Markdown,
                other => {
                    return Err(Raised::settings(format!(
                        "there is no report in the form `{other}`; take html or markdown"
                    )));
                }
            };
            Ok(super::report::render(&evidence, form, shown)?)
        })
    }

    /// The tables that a terminal shows of evidence.
    #[pyfunction]
    #[pyo3(name = "terminal")]
    fn on_terminal(py: Python<'_>, evidence: &str, width: u16) -> PyResult<String> {
        let style = terminal::Style { color: false, width };
        guarded(py, || Ok(terminal::render(&super::evidence(evidence)?, style)))
    }

    /// A share in percent, spelled as everywhere.
    #[pyfunction]
    fn percent(share: f64) -> String {
        reident_reports::percent::percent(share)
    }

    /// The JSON Schema of evidence.
    #[pyfunction]
    fn schema() -> String {
        json::schema()
    }

    /// The command line: its arguments, the first of which is the program's own name; gives the exit code. `program` is a command that
    /// calls this function with the arguments that follow it.
    #[pyfunction]
    fn main(py: Python<'_>, arguments: Vec<std::ffi::OsString>, program: Vec<std::ffi::OsString>) -> u8 {
        let mut program = program.into_iter();
        let program = program.next().map(|first| (first.into(), program.collect()));
        py.detach(|| reident::cli::main_with(arguments, program))
    }
}

/// What was found about columns, for Python to read.
fn described(found: &input::Inspection) -> String {
    let counts = |counts: &Option<input::ColumnCounts>| {
        counts.as_ref().map(|counts| {
            serde_json::json!({
                "distinct": counts.distinct,
                "missing": counts.missing,
                "generalized": counts.generalized + counts.suppressed,
            })
        })
    };
    let files: Vec<_> = found
        .files
        .iter()
        .map(|file| serde_json::json!({ "name": file.path.display().to_string(), "format": file.format, "rows": file.rows, "columns": file.columns }))
        .collect();
    let columns: Vec<_> = found
        .columns
        .iter()
        .map(|column| serde_json::json!({ "name": column.name, "kind": column.kind.map(|kind| kind.name()), "fixed": column.fixed, "tables": column.files.iter().map(counts).collect::<Vec<_>>() }))
        .collect();
    let warnings: Vec<_> = found
        .warnings
        .iter()
        .map(
            |warning| serde_json::json!({ "code": warning.name, "column": warning.column, "message": warning.message }),
        )
        .collect();
    serde_json::json!({ "tables": files, "columns": columns, "warnings": warnings }).to_string()
}
