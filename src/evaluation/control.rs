//! Whether the control is what it says (METHOD section 1): each check with its figure, what is refused, and what is said.
//!
//! Refused, unless it is accepted on request: a control that repeats rows or persons of the original, that stands in the
//! release, or that is one of the other two files. Said: a control that is not drawn like the original. No gate passes on
//! either.

use crate::input::Loaded;
use reident_attacks::comparison::mixing::Mixing;
use reident_attacks::comparison::nearness::Nearness;
use reident_attacks::comparison::overlap::{Compared, Overlap};
use reident_attacks::comparison::shift::Shift;
use reident_attacks::comparison::{mixing, nearness, shift, used};
use reident_attacks::table::Tables;
use reident_reports::evidence::{ControlCheck, Warning};
use reident_reports::evidence::{round, warning};
use reident_reports::percent::percent;

/// What the checks of the control came to.
#[derive(Debug, Default)]
pub struct Checks {
    /// Every check with its figure.
    pub checks: Vec<ControlCheck>,
    /// What the reader must know.
    pub warnings: Vec<Warning>,
    refused: Vec<String>,
}

impl Checks {
    /// Why the control is refused, and what to do.
    pub fn refusal(&self) -> Option<String> {
        (!self.refused.is_empty()).then(|| {
            format!(
                "{}: a control that helped to make the release hides every leak. Take persons who were not used; \
                 --allow-overlapping-control accepts it all the same, is put on record, and lets no gate pass",
                self.refused.join("; ")
            )
        })
    }
}

/// Checks the control of tables that were read. `accepted`: a control that would be refused is taken.
pub fn checks(loaded: &Loaded, accepted: bool) -> Checks {
    let mut checks = Checks::default();
    let (Some(control), Some(found)) = (&loaded.tables.control, &loaded.overlap) else { return checks };
    let mut refused = overlap(loaded, found, &mut checks.checks);
    let (used, figures) = rayon::join(
        || used::used(&loaded.tables.original, &loaded.tables.anonymized, control),
        || Figures::of(&loaded.tables),
    );
    refused.extend(in_release(&used, &mut checks.checks));
    for check in &mut checks.checks {
        check.overridden = accepted && !check.passed;
    }
    if accepted {
        checks.warnings.extend(refused.iter().map(|found| {
            let text = format!("{found}. It was accepted on request: leaks may be hidden, and no gate passes.");
            warning("overlapping_control", &text)
        }));
    } else {
        checks.refused = refused;
    }
    if checks.refused.is_empty() {
        drawn_alike(&loaded.tables, figures, &mut checks);
    }
    checks
}

fn check(name: &str, found: f64, expected_at_most: Option<f64>, passed: bool) -> ControlCheck {
    ControlCheck {
        check: name.to_owned(),
        column: None,
        found: round(found),
        expected_at_most: expected_at_most.map(round),
        passed,
        overridden: false,
    }
}

/// Rows and persons of the control that are the original's.
fn overlap(loaded: &Loaded, overlap: &Overlap, checks: &mut Vec<ControlCheck>) -> Vec<String> {
    let mut refused = Vec::new();
    let Overlap { shared, control_rows, expected_at_most, beyond_chance, compared } = overlap;
    checks.push(check("control_equals_original", *shared as f64, Some(*expected_at_most), !beyond_chance));
    if *beyond_chance {
        let without = match compared {
            Compared::All => String::new(),
            Compared::Without(columns) if columns.len() == 1 => ", one column left out".to_owned(),
            Compared::Without(columns) => {
                format!(", {} columns left out that differ from row to row", columns.len())
            }
        };
        refused.push(format!(
            "{shared} of {control_rows} control rows equal a row of the original{without}, and chance explains at most \
             {expected_at_most:.1}"
        ));
    }
    if let Some(persons) = loaded.shared_persons {
        checks.push(check("control_subjects", persons.shared as f64, None, !persons.are_same));
        if persons.are_same {
            refused.push(format!(
                "{} of {} persons of the control have the key of a person of the original",
                persons.shared, persons.persons
            ));
        }
    }
    refused
}

/// The control's rows in the release, and exchanged files.
fn in_release(used: &used::Used, checks: &mut Vec<ControlCheck>) -> Vec<String> {
    let mut refused = Vec::new();
    checks.push(check("control_in_release", used.found as f64, Some(used.expected_at_most), !used.beyond_chance));
    if used.is_release {
        refused.push("the control is the release, row by row".to_owned());
    } else if used.is_original {
        checks.push(check("control_is_original", 1.0, None, false));
        refused.push("the control is the original, row by row".to_owned());
    } else if used.beyond_chance {
        let exchanged = if used.exchanged() {
            format!(
                ", while {} of {} such rows of the original do: the files of the original and the control look exchanged",
                used.originals_found, used.originals
            )
        } else {
            String::new()
        };
        refused.push(format!(
            "{} of {} different control rows that no original equals stand in the release, and chance explains at most \
             {:.1}{exchanged}",
            used.found, used.examined, used.expected_at_most
        ));
    }
    refused
}

/// What tells whether the control is drawn like the original, and nearer to the release than it should be.
struct Figures {
    labels: Vec<Shift>,
    marginals: Vec<Shift>,
    mixing: Option<Mixing>,
    nearness: Option<Nearness>,
}

impl Figures {
    fn of(tables: &Tables) -> Figures {
        let columns = || rayon::join(|| shift::labels(tables), || shift::marginals(tables));
        let persons = || rayon::join(|| mixing::mixing(tables), || nearness::nearness(tables));
        let ((labels, marginals), (mixing, nearness)) = rayon::join(columns, persons);
        Figures { labels, marginals, mixing, nearness }
    }
}

/// Whether the control is drawn like the original.
fn drawn_alike(tables: &Tables, figures: Figures, checks: &mut Checks) {
    let mut unlike = Vec::new();
    let name = |shift: &Shift| format!("`{}`", tables.columns[shift.column].name);
    let Figures { labels, marginals, mixing, nearness } = figures;
    for (code, shifts) in [("control_labels", &labels), ("control_marginals", &marginals)] {
        // The worst column, and every other one that failed.
        let excess = |shift: &&Shift| shift.found - shift.expected_at_most;
        let worst = shifts.iter().max_by(|a, b| excess(a).total_cmp(&excess(b)).then(b.column.cmp(&a.column)));
        let shown =
            shifts.iter().filter(|shift| !shift.passed || worst.is_some_and(|worst| worst.column == shift.column));
        checks.checks.extend(shown.map(|shift| ControlCheck {
            column: Some(tables.columns[shift.column].name.clone()),
            ..check(code, shift.found, Some(shift.expected_at_most), shift.passed)
        }));
    }
    for shift in labels.iter().filter(|shift| !shift.passed) {
        unlike.push(format!(
            "{}: {} control rows hold a category that neither the original nor the release has, and chance explains at most {:.1}",
            name(shift),
            shift.found,
            shift.expected_at_most
        ));
    }
    for shift in marginals.iter().filter(|shift| !shift.passed) {
        unlike.push(format!(
            "{}: the control's distribution is {:.3} apart from the original's, and chance explains at most {:.3}",
            name(shift),
            shift.found,
            shift.expected_at_most
        ));
    }
    if let Some(found) = mixing {
        checks.checks.push(check("control_neighbors", found.own, Some(found.expected_at_most), found.passed));
        if !found.passed {
            unlike.push(format!(
                "the nearest other person is of the same table for {} of {} persons, and chance explains at most {}: persons of one \
                 household or file stand near each other, rows are repeated, or the control is of another time or place",
                percent(found.own),
                found.asked,
                percent(found.expected_at_most)
            ));
        }
        let (in_other, at_most) = (1.0 - found.own, 1.0 - found.expected_at_least);
        checks.checks.push(check("control_persons_apart", in_other, Some(at_most), found.is_apart));
        if !found.is_apart {
            unlike.push(format!(
                "the nearest other person is of the other table for {} of {} persons, and chance explains at most {}: the control holds persons \
                 of the original, written a little otherwise",
                percent(in_other),
                found.asked,
                percent(at_most)
            ));
        }
    }
    if let Some(found) = nearness {
        let (share, at_most) =
            (found.to_release as f64 / found.asked as f64, found.expected_at_most / found.asked as f64);
        checks.checks.push(check("control_near_release", share, Some(at_most.min(1.0)), found.passed));
        if !found.passed {
            let text = format!(
                "For {} of {} persons of the control there is a record in the release at less than a quarter of the distance of the nearest original, and \
                 chance explains at most {:.0}: the control was used to make the release, so that every leak is subtracted from itself, and no gate \
                 passes. Give a control of persons who were not used.",
                found.to_release, found.asked, found.expected_at_most
            );
            checks.warnings.insert(0, warning("control_near_release", &text));
        }
    }
    if !unlike.is_empty() {
        let text = format!(
            "The control is not drawn like the original, so that the difference of the two is no measure of the release, and no gate \
             passes: {}. Draw original and control by lot from the same persons; where several rows are of one person or household, name the \
             column that says which with the role \"subject_key\".",
            unlike.join("; ")
        );
        checks.warnings.insert(0, warning("unlike_control", &text));
    }
}
