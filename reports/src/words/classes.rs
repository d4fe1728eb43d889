//! Equivalence classes, and records against a population file, in a few sentences.

use crate::evidence::{Evidence, Measure};
use crate::percent::percent;
use crate::words::{MOST_NAMES, some_names};

/// What is told of an intruder who does not know whether a person is in the release; `None` where no records were linked.
pub fn journalist(evidence: &Evidence) -> Option<String> {
    let find = |name: &str| {
        let id = format!("risk.record_linkage.journalist.{name}");
        evidence.measures.iter().find(|measure| measure.id == id)
    };
    let (largest, mean) = (find("largest")?, find("mean")?);
    let Some(population) = &evidence.inputs.population else {
        return Some(
            "not computed: who the persons may be is not known; give a register with --population.".to_owned(),
        );
    };
    let columns = some_names(population.columns.iter(), population.columns.len(), MOST_NAMES);
    let known = format!("{} persons of the population file, known by {columns}", population.rows);
    let nobody = find("fitting_nobody").and_then(|measure| measure.value);
    Some(match (largest.value, mean.value) {
        (Some(largest), Some(mean)) => format!(
            "of {known}, who fits a record is its person with a chance of {} on average and at most {}; {} of the records fit nobody.",
            percent(mean),
            percent(largest),
            percent(nobody.unwrap_or(0.0))
        ),
        _ if largest.how == "too_many_pairs" => format!("not computed: too many pairs of records and {known}."),
        _ => format!(
            "not computed: no record fits any of {known}. The file is about others, or the release's values were changed."
        ),
    })
}

/// What is told of the classes of the release; `None` for evidence without measures.
pub fn classes(evidence: &Evidence) -> Option<String> {
    let find = |id: &str| evidence.measures.iter().find(|measure| measure.id == id);
    let value = |id: &str| find(id).and_then(|measure| measure.value);
    let quasi = evidence.settings.quasi_identifiers.as_ref()?;
    let whole = |value: f64| format!("{value:.0}");
    let on = match quasi.columns.as_slice() {
        [] => return Some("No column is taken for a quasi-identifier.".to_owned()),
        columns => some_names(columns.iter(), columns.len(), MOST_NAMES),
    };
    let assumed = match quasi.chosen.as_str() {
        "configured" => "",
        "named" => " (assumed from their names)",
        _ => " (assumed: no name tells)",
    };
    let mut text = format!("records equal on {on}{assumed}: ");
    match (value("classes.count"), value("classes.k"), find("classes.unique")) {
        (Some(classes), Some(k), Some(Measure { value: Some(unique), denominator: Some(rows), .. })) => {
            text += &format!(
                "{} classes, k = {}, {} of {rows} records alone in theirs",
                whole(classes),
                whole(k),
                percent(*unique)
            );
        }
        _ => text += "no record says anything on them",
    }
    if let (Some(least), Some(suppressed)) = (value("classes.as_wildcards.k"), find("classes.suppressed_rows"))
        && (suppressed.value > Some(0.0) || value("classes.k") != Some(least))
    {
        let as_class = value("classes.as_class.k").map_or_else(|| "–".to_owned(), whole);
        let rows = suppressed.value.unwrap_or(0.0);
        text += &format!(
            " ({} of the records are suppressed on all of them; k = {as_class} when they are a class, {} when a suppressed cell \
             equals every value)",
            percent(rows),
            whole(least)
        );
    }
    text += ".";
    let level = |sharing: &str| value(&format!("gbt42460.level.{sharing}")).map_or_else(|| "open".to_owned(), whole);
    text += &format!(
        " GB/T 42460: level {} for public, {} for controlled, {} for enclave sharing.",
        level("public"),
        level("controlled"),
        level("enclave")
    );
    Some(text)
}
