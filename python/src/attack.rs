//! Single attackers on tables that are at hand: what `reident.anonymeter` is made of.
//!
//! Whether the control is what it says, and whether the tables can be compared, is not asked here: who calls shows counts in the shape of
//! another tool, which does not ask either.

use crate::Given;
use crate::errors::Raised;
use crate::run::Caller;
use pyo3::prelude::*;
use reident::input;
use reident_attacks::attack::Attack;
use reident_attacks::inference::{Correctness, InferenceAttacker};
use reident_attacks::linkability::LinkabilityAttacker;
use reident_attacks::matcher::Matcher;
use reident_attacks::outcome::{Attempt, Attempts, Tally};
use reident_attacks::singling_out::{Mode, Predicate, Prepared, SinglingOutAttacker, Test};
use reident_attacks::stats::risk::RiskModel;
use reident_attacks::table::{Cell, Tables};
use reident_attacks::targets::{TargetRows, Targets};
use std::sync::Arc;

/// Three tables, read and joined. Of the original and the control only those rows are left that are attacked.
#[pyclass(frozen, module = "reident")]
pub struct Joined {
    tables: Arc<Tables>,
    /// The rows that are left, by their places in the tables as they came.
    attacked: Arc<TargetRows>,
}

/// Attempts and successes.
type Counts = (u64, f64);
/// A condition of a predicate: column, operator, kind of the column, and the value it compares with.
type Condition = (String, &'static str, String, Value);
/// What [`Joined::single_out`] gives: on the original, the baseline, the control; the null rate; the queries that isolate somebody.
type SingledOut = (Counts, Option<Counts>, Option<Counts>, Option<f64>, [Vec<Vec<Condition>>; 2]);
/// What an attack on targets gives: on the original, the baseline, the control; rows and hits of original and control.
type OnTargets = (Counts, Counts, Option<Counts>, Vec<(Vec<u32>, Vec<bool>)>);

/// What a condition compares with.
#[derive(IntoPyObject)]
pub enum Value {
    /// A number, day or second.
    Number(f64),
    /// A category.
    Text(String),
    /// One of several categories.
    Texts(Vec<String>),
    /// The missing value.
    Missing(Option<bool>),
}

/// The residual risk of counts of attempts and successes, and its interval; the rate where there is no control. `None` where it does not
/// exist.
#[pyfunction]
#[pyo3(signature = (main, control, confidence))]
pub fn estimate(main: (u64, u64), control: Option<(u64, u64)>, confidence: f64) -> Option<(f64, f64, f64)> {
    let tally = |(attempted, successes): (u64, u64)| Tally::whole(successes.min(attempted), attempted);
    let model = RiskModel::of_targets(tally(main), control.map(tally), None);
    model.estimate(confidence).map(|risk| (risk.signed, risk.interval.lo, risk.interval.hi))
}

#[pymethods]
impl Joined {
    #[new]
    fn new(
        py: Python<'_>,
        tables: Given<'_>,
        config: &str,
        attributes: Vec<String>,
        targets: Option<usize>,
        seed: u64,
        threads: Option<usize>,
    ) -> PyResult<Joined> {
        let sources = crate::sources(&tables)?;
        let mut read = crate::settings(config, false).map_err(|error| error.raise(py))?.read;
        // Whoever names a column means it as an attribute.
        read.named.extend(attributes);
        read.tables_only = true;
        Caller::new(py, threads, None, None)?.run(move |_| {
            let mut tables = input::load(&sources, &read)?.tables;
            let attacked = TargetRows::draw(&tables, targets.map_or(Targets::All, Targets::Sample), seed);
            // Whether a person is hit does not depend on who else is looked for.
            tables.keep(&attacked.original, attacked.control.as_deref());
            Ok(Joined { tables: Arc::new(tables), attacked: Arc::new(attacked) })
        })
    }

    /// The columns that can be compared, in table order.
    #[getter]
    fn columns(&self) -> Vec<String> {
        self.tables.columns.iter().map(|column| column.name.clone()).collect()
    }

    /// Singles out by predicates over so many columns; over one, without a number.
    #[allow(clippy::too_many_arguments)] // they are the arguments of one Python function
    fn single_out(
        &self,
        py: Python<'_>,
        columns: Vec<String>,
        columns_per_predicate: Option<usize>,
        predicates: usize,
        seed: u64,
        confidence: f64,
        threads: Option<usize>,
    ) -> PyResult<SingledOut> {
        let tables = Arc::clone(&self.tables);
        let mode = columns_per_predicate.map_or(Mode::Univariate, Mode::Multivariate);
        let attacker = SinglingOutAttacker { mode, columns: positions(&tables, &columns), predicates };
        Caller::new(py, threads, None, None)?.run(move |progress| {
            attacker.check(&tables)?;
            let prepared = Prepared::new(&tables);
            let found = attacker.attack(&prepared, seed, 0, progress);
            let null_rate = found.null.as_ref().filter(|_| found.main.attempted > 0);
            let null_rate = null_rate.and_then(|null| null.estimate(confidence)).and_then(|risk| risk.null_rate);
            let queries =
                attacker.isolating(&prepared, seed, 0, progress).map(|predicates| queries(&tables, &predicates));
            let main = (found.main.attempted, found.main.successes as f64);
            let baseline = found.baseline.map(|baseline| (baseline.attempted, baseline.successes));
            let control = found.control.map(|control| (control.attempted, control.successes as f64));
            Ok((main, baseline, control, null_rate, queries))
        })
    }

    /// Links two files by their nearest records, which are looked for for each of the targets.
    fn link(
        &self,
        py: Python<'_>,
        halves: [Vec<String>; 2],
        neighbors: usize,
        threads: Option<usize>,
    ) -> PyResult<OnTargets> {
        let (tables, attacked) = (Arc::clone(&self.tables), Arc::clone(&self.attacked));
        let halves = halves.map(|half| positions(&tables, &half));
        let attacker = LinkabilityAttacker { halves, matcher: Matcher::Distance, neighbors, searched: None };
        Caller::new(py, threads, None, None)?.run(move |progress| {
            attacker.check(&tables)?;
            Ok(counted(attacker.attack_with_far_links(&tables, &TargetRows::everybody(&tables), progress), &attacked))
        })
    }

    /// Infers a secret from the nearest records. `tolerance` is relative; without one a guess must be equal.
    #[allow(clippy::too_many_arguments)] // they are the arguments of one Python function
    fn infer(
        &self,
        py: Python<'_>,
        secret: &str,
        known: Vec<String>,
        tolerance: Option<f64>,
        seed: u64,
        threads: Option<usize>,
    ) -> PyResult<OnTargets> {
        let (tables, attacked) = (Arc::clone(&self.tables), Arc::clone(&self.attacked));
        let Some(secret) = tables.position(secret) else {
            return Err(Raised::settings("the secret cannot be compared").raise(py));
        };
        let attacker = InferenceAttacker {
            secret,
            known: positions(&tables, &known),
            guesser: Default::default(),
            correctness: Correctness { relative: tolerance.unwrap_or(0.0), date_units: 0.0 },
            searched: None,
        };
        Caller::new(py, threads, None, None)?.run(move |progress| {
            attacker.check(&tables)?;
            Ok(counted(attacker.attack(&tables, &TargetRows::everybody(&tables), seed, progress), &attacked))
        })
    }

    /// The rows of original and control that are attacked.
    #[getter]
    fn targets(&self) -> (Vec<u32>, Option<Vec<u32>>) {
        (self.attacked.original.clone(), self.attacked.control.clone())
    }
}

/// Positions of columns; those that cannot be compared are left out.
fn positions(tables: &Tables, names: &[String]) -> Vec<usize> {
    let mut found: Vec<usize> = names.iter().filter_map(|name| tables.position(name)).collect();
    found.sort_unstable();
    found
}

fn counted(attempts: Attempts, rows: &TargetRows) -> OnTargets {
    let hits = |attempts: &[Attempt]| attempts.iter().map(|attempt| attempt.is_success()).collect::<Vec<bool>>();
    let counts = |hits: &[bool]| (hits.len() as u64, hits.iter().filter(|hit| **hit).count() as f64);
    let main = hits(&attempts.main);
    let control = attempts.control.as_deref().map(hits);
    let baseline = (attempts.baseline.attempted, attempts.baseline.successes);
    let (of_main, of_control) = (counts(&main), control.as_deref().map(counts));
    let mut each = vec![(rows.original.clone(), main)];
    each.extend(rows.control.clone().zip(control));
    (of_main, baseline, of_control, each)
}

fn queries(tables: &Tables, predicates: &[Predicate]) -> Vec<Vec<Condition>> {
    predicates
        .iter()
        .map(|predicate| predicate.conditions.iter().flat_map(|one| condition(tables, one.column, one.test)).collect())
        .collect()
}

/// The conditions of one column.
fn condition(tables: &Tables, column: usize, test: Test) -> Vec<Condition> {
    let joint = &tables.columns[column];
    let (name, kind) = (&joint.name, joint.domain.kind().name());
    let of = |operator, value| (name.clone(), operator, kind.to_owned(), value);
    let (operator, code) = match test {
        Test::Is(code) => ("==", code),
        Test::AtLeast(code) => (">=", code),
        Test::AtMost(code) => ("<=", code),
    };
    match joint.domain.cell(code) {
        Cell::Number(value) => vec![of(operator, Value::Number(*value))],
        Cell::Category(text) => vec![of(operator, Value::Text(text.clone()))],
        Cell::OneOf(texts) => vec![of("in", Value::Texts(texts.clone()))],
        Cell::Interval(interval) => {
            let (lower, upper) =
                (if interval.lo_included { ">=" } else { ">" }, if interval.hi_included { "<=" } else { "<" });
            vec![of(lower, Value::Number(interval.lo)), of(upper, Value::Number(interval.hi))]
        }
        Cell::Missing => vec![of("==", Value::Missing(None))],
        Cell::Suppressed => Vec::new(),
    }
}
