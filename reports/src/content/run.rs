//! Tables, tool, and how to run it again.

use super::{Fact, Source, Table};
use crate::evidence::{ColumnShape, TableShape};

/// What was measured, in a few facts.
pub fn facts(source: &Source<'_>) -> Vec<Fact> {
    let Source { evidence, texts, .. } = source;
    let fact = |key: &str, value: String| Fact { name: texts.text(key).to_owned(), value };
    let shape = |table: &TableShape| {
        let (rows, columns) = (texts.count(table.rows), texts.count(table.columns));
        texts.fill("fact.shape", &[("rows", &rows), ("columns", &columns)])
    };
    let inputs = &evidence.inputs;
    let control = inputs.control.as_ref().map_or_else(|| texts.text("fact.no_control").to_owned(), shape);
    let mut facts = vec![
        fact("fact.anonymized", shape(&inputs.anonymized)),
        fact("fact.original", shape(&inputs.original)),
        fact("fact.control", control),
    ];
    if let Some(population) = &inputs.population {
        let (rows, columns) = (texts.count(population.rows), texts.count(population.columns.len() as u64));
        facts.push(fact("fact.population", texts.fill("fact.shape", &[("rows", &rows), ("columns", &columns)])));
    }
    if let Some(run) = &evidence.run {
        facts.push(fact("fact.started", run.started.clone()));
    }
    if let Some(digest) = &inputs.anonymized.sha256 {
        facts.push(fact("fact.digest", digest.clone()));
    }
    // By its digest, the policy can be told from another of its name.
    if let Some(check) = source.options.check.as_ref().filter(|check| !check.digest.is_empty()) {
        facts.push(fact("fact.policy_digest", check.digest.clone()));
    }
    facts
}

/// Where the figures come from.
pub fn origin(source: &Source<'_>) -> Table {
    let Source { evidence, texts, .. } = source;
    let mut rows = vec![
        vec![texts.text("origin.tool").to_owned(), format!("{} {}", evidence.tool.name, evidence.tool.version)],
        vec![texts.text("origin.commit").to_owned(), evidence.tool.commit.clone()],
        vec![texts.text("origin.schema").to_owned(), evidence.schema.clone()],
    ];
    if let Some(digest) = &evidence.inputs.anonymized.sha256 {
        rows.push(vec![texts.text("origin.digest").to_owned(), digest.clone()]);
    }
    rows.push(vec![texts.text("origin.no_digest").to_owned(), texts.text("origin.no_digest_why").to_owned()]);
    if let Some(run) = &evidence.run {
        rows.push(vec![texts.text("origin.started").to_owned(), run.started.clone()]);
        rows.push(vec![
            texts.text("origin.took").to_owned(),
            texts.fill(
                "origin.took_value",
                &[
                    ("seconds", &texts.decimal(run.seconds)),
                    ("threads", &run.threads.to_string()),
                    ("platform", &run.platform),
                ],
            ),
        ]);
    }
    Table {
        caption: texts.text("origin.caption").to_owned(),
        heads: vec![source.head("head.what"), source.term("digest")],
        rows,
    }
}

/// Columns that attackers could use.
pub fn columns(source: &Source<'_>) -> Table {
    let Source { evidence, texts, small, .. } = source;
    let kind = |column: &ColumnShape| {
        let key = match column.kind.as_str() {
            "numeric" => "kind.numeric",
            "date" => "kind.date",
            "datetime" => "kind.datetime",
            "boolean" => "kind.boolean",
            "categorical" => "kind.categorical",
            other => return other.to_owned(),
        };
        texts.text(key).to_owned()
    };
    let rows = evidence.inputs.columns.iter().map(|column| {
        vec![
            column.name.clone(),
            kind(column),
            small.count(texts, column.missing_original),
            small.count(texts, column.missing_anonymized),
            texts.count(column.generalized),
        ]
    });
    let heads = ["head.column", "head.kind", "head.missing_original", "head.missing_anonymized", "head.generalized"];
    Table {
        caption: texts.text("columns.caption").to_owned(),
        heads: heads.iter().map(|key| source.head(key)).collect(),
        rows: rows.collect(),
    }
}

/// The command that repeats the run. Files stand as names to be replaced: evidence knows no paths.
pub fn command(source: &Source<'_>) -> String {
    let settings = &source.evidence.settings;
    let mut parts = vec!["reident evaluate".to_owned(), "--original ORIGINAL".to_owned()];
    parts.push("--anonymized ANONYMIZED".to_owned());
    if source.evidence.inputs.control.is_some() {
        parts.push("--control CONTROL".to_owned());
    }
    if source.evidence.inputs.population.is_some() {
        parts.push("--population POPULATION".to_owned());
    }
    parts.extend((1..=source.evidence.inputs.earlier.len()).map(|at| format!("--earlier-release EARLIER_{at}")));
    parts.push("--config CONFIG".to_owned());
    parts.push(format!("--seed {}", settings.seed));
    if settings.thorough {
        parts.push("--thorough".to_owned());
    }
    if settings.seeds > 1 {
        parts.push(format!("--seeds {}", settings.seeds));
    }
    if source.evidence.calibration.is_some() {
        parts.push("--calibrate".to_owned());
    }
    parts.push(format!("--confidence {}", settings.confidence));
    parts.push(settings.attacks.map_or("--attacks all".to_owned(), |attacks| format!("--attacks {attacks}")));
    let names = settings.only.iter().map(|attack| attack.argument());
    parts.push(format!("--only {}", names.collect::<Vec<_>>().join(",")));
    if settings.record_map {
        parts.push("--record-map RECORD_MAP".to_owned());
    }
    if settings.row_aligned {
        parts.push("--row-aligned".to_owned());
    }
    if settings.allow_overlapping_control {
        parts.push("--allow-overlapping-control".to_owned());
    }
    parts.push("--out evidence.json".to_owned());
    parts.join(" \\\n  ")
}
