//! Equivalence classes and what follows from their sizes.

use super::{Fold, Item, Source, Table};
use crate::evidence::Measure;
use crate::percent::percent;

/// Groups of measures, by the beginning of their ids, in the order of the report.
const GROUPS: [(&str, &str); 4] = [
    ("gbt42460", "measures.gbt42460"),
    ("classes", "measures.classes"),
    ("risk", "measures.risk"),
    ("reversibility", "measures.reversibility"),
];

/// The names of measures.
const NAMES: [&str; 52] = [
    "measure.reversibility.columns_examined",
    "measure.gbt42460.direct_columns",
    "measure.classes.count",
    "measure.classes.k",
    "measure.classes.unique",
    "measure.classes.suppressed_rows",
    "measure.classes.as_class.k",
    "measure.classes.as_class.unique",
    "measure.classes.as_class.l_distinct",
    "measure.classes.as_class.l_entropy",
    "measure.classes.as_class.recursive_c_2",
    "measure.classes.as_class.t_equal",
    "measure.classes.as_class.t_ordered",
    "measure.classes.as_wildcards.k",
    "measure.classes.as_wildcards.unique",
    "measure.classes.population_k",
    "measure.classes.population_uniques",
    "measure.classes.fitting_nobody",
    "measure.classes.presence_least",
    "measure.classes.presence_largest",
    "measure.classes.l_distinct",
    "measure.classes.l_entropy",
    "measure.classes.recursive_c_2",
    "measure.classes.t_equal",
    "measure.classes.t_ordered",
    "measure.risk.prosecutor.largest",
    "measure.risk.prosecutor.mean",
    "measure.risk.journalist.largest",
    "measure.risk.marketer",
    "measure.risk.record_linkage.journalist.largest",
    "measure.risk.record_linkage.journalist.mean",
    "measure.risk.record_linkage.journalist.fitting_nobody",
    "measure.risk.overall.public",
    "measure.risk.overall.mean_rows",
    "measure.risk.overall.largest",
    "measure.gbt42460.r_a.public",
    "measure.gbt42460.r_a.controlled",
    "measure.gbt42460.r_a.enclave",
    "measure.gbt42460.r_b",
    "measure.gbt42460.r_c",
    "measure.gbt42460.mean_rows",
    "measure.gbt42460.pr_deliberate",
    "measure.gbt42460.pr_inadvertent",
    "measure.gbt42460.pr_breach",
    "measure.gbt42460.pr_context",
    "measure.gbt42460.threshold",
    "measure.gbt42460.r.public",
    "measure.gbt42460.r.controlled",
    "measure.gbt42460.r.enclave",
    "measure.gbt42460.level.public",
    "measure.gbt42460.level.controlled",
    "measure.gbt42460.level.enclave",
];

/// The ways in which they are computed.
const WAYS: [&str; 41] = [
    "measure.how.searched_for_functions_of_the_original",
    "measure.how.forms_and_check_digits",
    "measure.how.suppressed_rows_left_out",
    "measure.how.suppressed_on_every_quasi_identifier",
    "measure.how.suppressed_as_a_class",
    "measure.how.suppressed_as_wildcards",
    "measure.how.too_many_pairs",
    "measure.how.persons_of_original_and_control_who_fit",
    "measure.how.persons_of_the_population_file_who_fit",
    "measure.how.no_population_file",
    "measure.how.not_in_the_population_file",
    "measure.how.least_of_a_class",
    "measure.how.exponential_of_the_least_entropy",
    "measure.how.c_must_exceed",
    "measure.how.a_class_has_one_value",
    "measure.how.earth_movers_distance_equal",
    "measure.how.earth_movers_distance_ordered",
    "measure.how.one_over_k",
    "measure.how.classes_over_rows",
    "measure.how.one_over_persons_who_fit",
    "measure.how.one_over_persons_of_the_population_file",
    "measure.how.exact",
    "measure.how.worst_context",
    "measure.how.cutoff_exceeded",
    "measure.how.no_class",
    "measure.how.theta_above_1_20",
    "measure.how.theta_above_1_5",
    "measure.how.theta_above_1_3",
    "measure.how.largest_theta",
    "measure.how.mean_over_classes",
    "measure.how.mean_over_rows",
    "measure.how.table_b1",
    "measure.how.one_minus_none_of_m",
    "measure.how.configured",
    "measure.how.not_configured",
    "measure.how.largest_of_three",
    "measure.how.recommended",
    "measure.how.hangs_on_the_context",
    "measure.how.direct_identifiers",
    "measure.how.no_identifiers",
    "measure.how.compared_as_fractions",
];

/// Where they are from.
const SOURCES: [&str; 16] = [
    "measure.source.samarati_2001",
    "measure.source.el_emam_dankar_2008",
    "measure.source.machanavajjhala_2007",
    "measure.source.li_2007",
    "measure.source.gbt42460_annex_a",
    "measure.source.gbt42460_annex_d",
    "measure.source.gbt37964_annex_b",
    "measure.source.pipl_73_4",
    "measure.source.pycanon_arx",
    "measure.source.sdcmicro_arx",
    "measure.source.sweeney_2001",
    "measure.source.skinner_elliot_2002",
    "measure.source.nergiz_2007",
    "measure.source.dankar_el_emam_2010",
    "measure.source.ipc_ontario_2016",
    "measure.source.pdpc_2024",
];

/// The words for a code, which stands in their key behind so many others; a code without any shows itself.
fn words(source: &Source<'_>, keys: &[&'static str], before: usize, code: &str) -> String {
    let key = keys.iter().find(|key| key.splitn(before + 1, '.').nth(before) == Some(code));
    key.map_or_else(|| code.to_owned(), |key| source.texts.text(key).to_owned())
}

/// One table per group of measures; empty for evidence without measures.
pub(super) fn folds(source: &Source<'_>) -> Vec<Fold> {
    let texts = &source.texts;
    let quasi = source.evidence.settings.quasi_identifiers.as_ref();
    let fold = |(group, title): &(&str, &str)| {
        let measures: Vec<&Measure> =
            source.evidence.measures.iter().filter(|measure| measure.id.split('.').next() == Some(*group)).collect();
        if measures.is_empty() {
            return None;
        }
        let summary = texts.text(title).to_owned();
        let heads = ["measures.head.name", "measures.head.value", "measures.head.how", "measures.head.source"];
        let rows = measures.iter().flat_map(|measure| rows(source, measure)).collect();
        let table = Table { caption: summary.clone(), heads: heads.map(|key| source.head(key)).into(), rows };
        let mut notes = Vec::new();
        if let Some(quasi) = quasi.filter(|_| *group == "classes") {
            let key = match quasi.chosen.as_str() {
                "configured" => "measures.quasi.configured",
                "named" => "measures.quasi.named",
                _ => "measures.quasi.all",
            };
            notes.push(Item::new(texts.fill(key, &[("columns", &texts.list(&quasi.columns))])));
            if !quasi.not_counted.is_empty() {
                notes.push(Item::new(
                    texts.fill("measures.not_counted", &[("columns", &texts.list(&quasi.not_counted))]),
                ));
            }
        }
        Some(Fold { summary, open: *group == "gbt42460", table, notes })
    };
    GROUPS.iter().filter_map(fold).collect()
}

/// A measure's line, or one per band of class sizes.
fn rows(source: &Source<'_>, measure: &Measure) -> Vec<Vec<String>> {
    let texts = &source.texts;
    let mut name = words(source, &NAMES, 1, &measure.id);
    if let Some(column) = &measure.column {
        name = texts.fill("list.remark", &[("name", column), ("remark", &name)]);
    }
    let how = words(source, &WAYS, 2, &measure.how);
    let origin = words(source, &SOURCES, 2, &measure.source);
    if measure.sizes.is_empty() {
        let value = match (measure.value, measure.denominator) {
            (None, _) => texts.text("measures.none").to_owned(),
            (Some(value), Some(_)) => percent(value),
            (Some(value), None) => texts.figure(value),
        };
        return vec![vec![name, value, how, origin]];
    }
    let band = |band: &crate::evidence::SizeBand| {
        let size = match band.to {
            Some(to) if to == band.from => to.to_string(),
            Some(to) => texts.fill("measures.from_to", &[("from", &band.from.to_string()), ("to", &to.to_string())]),
            None => texts.fill("measures.from", &[("from", &band.from.to_string())]),
        };
        let [classes, rows] = [band.classes, band.rows].map(|count| source.small.count(texts, count));
        let value = texts.fill("measures.band", &[("classes", &classes), ("rows", &rows)]);
        vec![texts.fill("measures.size", &[("size", &size)]), value, how.clone(), origin.clone()]
    };
    measure.sizes.iter().map(band).collect()
}
