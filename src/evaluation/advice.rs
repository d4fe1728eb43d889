//! What to change of a release: tables in, advice out. Nothing is written, a release least of all.

use super::inputs::inputs;
use super::{EvaluateError, Options, Progress, comparability, control};
use crate::input::{self, Sources};
use crate::settings::Settings;
use reident_attacks::advice::{self, Levels};
use reident_reports::advice::AdviceFile;
use std::collections::BTreeMap;

/// Evaluates the tables, and tries changes of the release against the worst attackers, in the thread pool of the caller.
///
/// # Errors
/// As [`super::evaluate`].
pub fn advise(sources: &Sources, settings: &Settings, progress: &dyn Progress) -> Result<AdviceFile, EvaluateError> {
    let loaded = input::load(sources, &settings.read)?;
    if let Some(refusal) = control::checks(&loaded, settings.values.allow_overlapping_control).refusal() {
        return Err(EvaluateError::OverlappingControl(refusal));
    }
    let kinds = |column: &str| Some(loaded.tables.columns[loaded.tables.position(column)?].domain.kind());
    let levels: BTreeMap<usize, Levels> = input::nodes_of_hierarchies(&settings.read, kinds)?
        .into_iter()
        .filter_map(|(column, nodes)| Some((loaded.tables.position(&column)?, Levels::new(nodes))))
        .collect();
    let withheld = comparability::withheld(&loaded, settings);
    let playing = settings.without(&withheld.attacks);
    let options = Options { reproducible: true, keep_hits: true, ..Options::default() };
    let mut evaluated = super::tables(&loaded.tables, inputs(&loaded), &playing, Vec::new(), options, progress)?;
    withheld.put_on_record(&mut evaluated.evidence);
    let tables = &loaded.tables;
    let advice =
        advice::advise(tables, &evaluated.plan, &evaluated.results, settings.values.confidence, &levels, progress)?;
    let name = |column: usize| tables.columns[column].name.clone();
    let row_in_file = |row: u32| u64::from(loaded.rows_of_anonymized[row as usize]) + 1;
    Ok(AdviceFile::new(&evaluated.evidence, &advice, name, row_in_file))
}
