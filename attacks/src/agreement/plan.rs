//! Weights and search for an attacker's questions, and what they were made from.

use super::disagreement::Pattern;
use super::search::AgreementSearcher;
use super::weights::are_compatible;
use super::{Agreement, Disagreement, Records, Sample, Shares, Weights};
use crate::neighbors::{Nearest, Profiles, Searcher};
use crate::table::{Domain, Tables};
use rayon::prelude::*;

/// How the maxima of agreement of an attacker's questions are found.
#[derive(Debug, Clone, PartialEq)]
pub struct AgreementPlan {
    /// Columns that are compared, as columns of the tables.
    pub columns: Vec<usize>,
    /// Distinct questions; none before they are asked.
    pub questions: usize,
    /// Distinct release records on these columns.
    pub profiles: usize,
    /// What disagreement costs in each of the columns, in natural logarithms.
    pub costs: Vec<f64>,
    /// Questions from which the costs were learned.
    pub sampled: usize,
    /// Blocks of records, or of nodes over them, that were summed for those.
    pub blocks: u64,
    /// Records that were scored for those.
    pub scored: u64,
    /// Columns whose generalized cells are looked up and not compared, as columns of the tables.
    pub looked_up: Vec<usize>,
}

/// A search and the plan that led to it.
pub struct Planned<'a> {
    /// The search.
    pub index: Agreement<'a>,
    /// What it was made from.
    pub plan: AgreementPlan,
}

/// Learns the weights for the questions of a sample and arranges the candidates.
///
/// The costs of disagreement are learned from the record that agrees best with each question under first costs; of several, the one
/// with the smallest codes.
pub fn plan<'a>(tables: &'a Tables, profiles: &'a Profiles<'a>, columns: &[usize], sample: &Sample) -> Planned<'a> {
    let (shares, records) = candidates(tables, profiles, columns);
    let first = Disagreement::first(&shares);
    let index = Agreement::new(records, Weights::new(tables, columns, &shares, &first.costs));

    let sample: Vec<_> = sample.questions().collect();
    let pairs: Vec<(Pattern, u64, u64)> = sample
        .par_iter()
        .map_init(|| index.counting_searcher(), |searcher, asked| pair(&index, searcher, &asked.codes))
        .collect();
    let (mut blocks, mut scored) = (0, 0);
    let patterns: Vec<Pattern> = pairs
        .into_iter()
        .map(|(pattern, its_blocks, its_scored)| {
            blocks += its_blocks;
            scored += its_scored;
            pattern
        })
        .collect();
    let learned = Disagreement::learned(&shares, &patterns);
    let index = index.reweighted(Weights::new(tables, columns, &shares, &learned.costs));
    let Planned { index, plan } = planned(index, columns, learned.costs);
    Planned { index, plan: AgreementPlan { sampled: sample.len(), blocks, scored, ..plan } }
}

/// Arranges the candidates under costs of disagreement that were learned from another release.
pub fn plan_under<'a>(tables: &'a Tables, profiles: &'a Profiles<'a>, columns: &[usize], costs: &[f64]) -> Planned<'a> {
    let (shares, records) = candidates(tables, profiles, columns);
    planned(Agreement::new(records, Weights::new(tables, columns, &shares, costs)), columns, costs.to_vec())
}

/// What values are worth in each of the columns, and the candidates.
fn candidates<'a>(tables: &'a Tables, profiles: &'a Profiles<'a>, columns: &[usize]) -> (Vec<Shares>, Records<'a>) {
    let shares = columns.par_iter().map(|column| Shares::of(tables, *column)).collect();
    let domains: Vec<&Domain> = columns.iter().map(|column| &tables.columns[*column].domain).collect();
    (shares, Records::new(profiles, &domains))
}

/// An index under costs of which nothing was learned here.
fn planned<'a>(index: Agreement<'a>, columns: &[usize], costs: Vec<f64>) -> Planned<'a> {
    let plan = AgreementPlan {
        columns: columns.to_vec(),
        questions: 0,
        profiles: index.records().profiles().len(),
        costs,
        sampled: 0,
        blocks: 0,
        scored: 0,
        looked_up: index.records().looked_up().map(|at| columns[at]).collect(),
    };
    Planned { index, plan }
}

/// In which columns a target agrees with the record that agrees best with it, and what finding it took.
fn pair(index: &Agreement<'_>, searcher: &mut AgreementSearcher<'_>, target: &[u32]) -> (Pattern, u64, u64) {
    let before = (searcher.blocks, searcher.scored);
    let mut found = Nearest::default();
    // What it takes is told, and must not hang on which thread asked what before.
    searcher.forget();
    searcher.nearest(target, 1, &mut found);
    let profiles = index.records().profiles();
    let best = found.profiles.iter().map(|profile| profiles.codes(*profile)).min();
    let agrees = |at: usize, release: u32| {
        let domain = index.weights().domain(at);
        let tells = !domain.says_nothing(release) && !domain.says_nothing(target[at]);
        tells.then(|| are_compatible(domain, target[at], release))
    };
    let pattern = match best {
        Some(best) => best.iter().enumerate().map(|(at, code)| agrees(at, *code)).collect(),
        None => vec![None; target.len()],
    };
    (pattern, searcher.blocks - before.0, searcher.scored - before.1)
}
