//! Equivalence classes and what follows from them, put on record beside the attacks.

use crate::input::{Availability, ColumnSummary};
use crate::settings::Settings;
use reident_attacks::table::Tables;
use reident_reports::build;
use reident_reports::evidence::{AttackKind, Evidence, Finding, Inputs, Measure, QuasiIdentifiers, Warning};
use reident_reports::words::{MOST_NAMES, some_names};
use std::collections::BTreeSet;

/// Columns of the release that were searched for whether they can be restored: all but the keys, which are no part of what is judged.
pub(crate) fn searched(columns: &[ColumnSummary]) -> u64 {
    let beside = [Availability::MissingFromRelease, Availability::RecordKey, Availability::SubjectKey];
    columns.iter().filter(|column| !beside.contains(&column.availability)).count() as u64
}

/// Equivalence classes, counted.
pub(crate) struct Counted {
    quasi: QuasiIdentifiers,
    measures: Vec<Measure>,
}

/// Counts the classes of the release; `None` where no columns are quasi-identifiers. `register` is the population file beside the release, and
/// `findings` tell its direct identifiers.
pub(crate) fn count(
    tables: &Tables,
    register: Option<&Tables>,
    settings: &Settings,
    inputs: &Inputs,
    findings: &[Finding],
) -> Option<Counted> {
    let quasi = settings.quasi_identifiers(tables, inputs)?;
    let direct = findings.iter().filter(|finding| finding.kind == "direct_identifier");
    let direct: BTreeSet<&str> = direct.filter_map(|finding| finding.column.as_deref()).collect();
    let measures = build::measures::classes(tables, register, &quasi, &settings.values.context, direct.len() as u64);
    Some(Counted { quasi, measures })
}

/// Puts classes on record, and says which columns were taken for quasi-identifiers. `searched` is the number of columns
/// that were searched for whether they can be restored, where they were.
pub(crate) fn put_on_record(
    evidence: &mut Evidence,
    counted: Option<Counted>,
    register: Option<&Tables>,
    searched: Option<u64>,
) {
    if evidence.attacks.iter().any(|attack| attack.attack == AttackKind::RecordLinkage) {
        evidence.measures.extend(build::measures::record_linkage(register));
    }
    let Some(Counted { quasi, measures }) = counted else { return };
    evidence.measures.extend(measures);
    evidence.measures.extend(searched.map(build::measures::searched));
    if quasi.assumed() {
        let names = quasi.columns.iter().map(|name| format!("`{name}`"));
        let columns = some_names(names, quasi.columns.len(), MOST_NAMES);
        let why = match quasi.chosen.as_str() {
            "named" => "by their names (GB/T 42460 annex B)",
            _ => "since no name tells",
        };
        evidence.warnings.push(Warning {
            code: "quasi_identifiers_assumed".to_owned(),
            column: None,
            message: format!(
                "Classes were counted on {columns}, which are assumed to be quasi-identifiers {why}. Give the right columns the \
                 role \"quasi_identifier\"."
            ),
        });
    }
    evidence.settings.quasi_identifiers = Some(quasi);
}
