//! Equivalence classes and what follows from them, put on record beside the attacks.

use crate::input::{Availability, ColumnSummary};
use crate::settings::Settings;
use reident_attacks::table::Tables;
use reident_reports::build;
use reident_reports::evidence::{AttackKind, Evidence, Warning};
use reident_reports::words::{MOST_NAMES, some_names};
use std::collections::BTreeSet;

/// Columns of the release that were searched for whether they can be restored: all but the keys, which are no part of what is judged.
pub(crate) fn searched(columns: &[ColumnSummary]) -> u64 {
    let beside = [Availability::MissingFromRelease, Availability::RecordKey, Availability::SubjectKey];
    columns.iter().filter(|column| !beside.contains(&column.availability)).count() as u64
}

/// Counts the classes of the release, and says which columns were taken for quasi-identifiers. `searched` is the number of columns
/// that were searched for whether they can be restored, where they were; `register` is the population file beside the release.
pub(crate) fn put_on_record(
    evidence: &mut Evidence,
    tables: &Tables,
    register: Option<&Tables>,
    settings: &Settings,
    searched: Option<u64>,
) {
    if evidence.attacks.iter().any(|attack| attack.attack == AttackKind::RecordLinkage) {
        evidence.measures.extend(build::measures::record_linkage(register));
    }
    let Some(quasi) = settings.quasi_identifiers(tables, &evidence.inputs) else { return };
    let direct = evidence.findings.iter().filter(|finding| finding.kind == "direct_identifier");
    let direct: BTreeSet<&str> = direct.filter_map(|finding| finding.column.as_deref()).collect();
    let context = &settings.values.context;
    evidence.measures.extend(build::measures::classes(tables, register, &quasi, context, direct.len() as u64));
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
