//! What evidence says about the tables.

use super::comparability;
use crate::input::{self, Availability, EarlierRelease, Loaded};
use reident_reports::evidence::{
    self, BlankRows, ColumnShape, EarlierShape, Inputs, Overlap, PopulationShape, TableShape, Versions,
};
use std::collections::HashMap;

/// Shapes of the tables and their columns.
pub(super) fn inputs(loaded: &Loaded) -> Inputs {
    let shape = |file: &input::FileSummary| TableShape {
        rows: file.rows as u64,
        columns: file.columns as u64,
        sha256: file.sha256.clone(),
    };
    let names = |wanted: Availability| {
        let columns = loaded.columns.iter().filter(|column| column.availability == wanted);
        columns.map(|column| column.name.clone()).collect::<Vec<_>>()
    };
    let summaries: HashMap<&str, &input::ColumnSummary> =
        loaded.columns.iter().map(|summary| (summary.name.as_str(), summary)).collect();
    // Attackers are on record by position: those whom nobody uses come last.
    let attackable = loaded.tables.columns.iter().map(|column| &column.name);
    let incomparable = loaded.columns.iter().filter(|column| column.availability == Availability::Incomparable);
    let columns = attackable.chain(incomparable.map(|column| &column.name)).filter_map(|name| {
        let summary = summaries.get(name.as_str())?;
        Some(ColumnShape {
            name: name.clone(),
            kind: summary.kind?.name().to_owned(),
            missing_original: summary.original.as_ref().map_or(0, |counts| counts.missing as u64),
            missing_anonymized: summary.anonymized.as_ref().map_or(0, |counts| counts.missing as u64),
            generalized: summary
                .anonymized
                .as_ref()
                .map_or(0, |counts| (counts.generalized + counts.suppressed) as u64),
            comparable: summary.compared.as_ref().map(comparability::on_record),
        })
    });
    let blank = [Some(&loaded.original), Some(&loaded.anonymized), loaded.control.as_ref()]
        .map(|file| file.map_or(0, |file| file.blank_rows as u64));
    Inputs {
        original: shape(&loaded.original),
        anonymized: shape(&loaded.anonymized),
        control: loaded.control.as_ref().map(shape),
        columns: columns.collect(),
        not_released: names(Availability::MissingFromRelease),
        only_released: names(Availability::OnlyInRelease),
        overlap: loaded.overlap.as_ref().map(|overlap| Overlap {
            shared: overlap.shared as u64,
            expected_at_most: evidence::round(overlap.expected_at_most),
            beyond_chance: overlap.beyond_chance,
        }),
        control_checks: Vec::new(),
        population: loaded.register.as_ref().map(|register| PopulationShape {
            rows: register.file.rows as u64,
            columns: register.tables.columns.iter().map(|column| column.name.clone()).collect(),
        }),
        earlier: loaded.earlier.iter().map(earlier).collect(),
        blank_rows: (blank.iter().sum::<u64>() > 0).then(|| BlankRows {
            original: blank[0],
            anonymized: blank[1],
            control: blank[2],
        }),
    }
}

/// An earlier release, and what it and the latest one show of one another.
fn earlier(release: &EarlierRelease) -> EarlierShape {
    let file = &release.file;
    EarlierShape {
        rows: file.rows as u64,
        columns: file.columns as u64,
        sha256: file.sha256.clone(),
        versions: release.versions.as_ref().map(|versions| Versions {
            columns: versions.columns.clone(),
            key: versions.key.clone(),
            linked: versions.linked,
            appeared: versions.appeared,
            disappeared: versions.disappeared,
            changed: versions.changed,
        }),
    }
}
