//! Which index answers an attacker's questions, and why.
//!
//! The index of signatures is built and asked a few of the questions. What that took, counted in looks and not in
//! seconds so that a plan is the same on every machine, is compared with what a scan of every profile takes.

use super::signatures::Effort;
use super::{Blocks, GowerDistance, Nearest, NeighborIndex, Postings, Profiles, Searcher, Signatures};

/// Questions of a pilot.
const PILOT: usize = 32;

/// Bytes that stay in a core's cache from one question to the next.
const CACHE: f64 = 1e6;

/// How the nearest sets of an attacker's questions are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strategy {
    /// [`Signatures`].
    Signatures,
    /// [`Blocks`].
    Blocks,
}

/// What was chosen, and what the choice was made from.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchPlan {
    /// The choice.
    pub strategy: Strategy,
    /// Columns that are compared, as columns of the tables.
    pub columns: Vec<usize>,
    /// Distinct questions.
    pub questions: usize,
    /// Distinct release records on these columns.
    pub profiles: usize,
    /// Distinct signatures among them.
    pub signatures: usize,
    /// Profiles of the most frequent signature.
    pub largest: usize,
    /// Signatures with a tree.
    pub trees: usize,
    /// Columns that are posted, as columns of the tables.
    pub posted: Vec<usize>,
    /// Whether a target's own signature is looked up before mismatches are counted.
    pub lookup: bool,
    /// Questions asked to choose.
    pub piloted: usize,
    /// What they took.
    pub effort: Effort,
    /// What a question costs with signatures, in nanoseconds of a core of the machine the model was fitted on.
    pub signatures_cost: f64,
    /// What a question costs with blocks, in the same unit.
    pub blocks_cost: f64,
}

/// An index and the plan that led to it.
pub struct Planned<'a> {
    /// The index.
    pub index: Box<dyn NeighborIndex + 'a>,
    /// Why it is this one.
    pub plan: SearchPlan,
}

/// Builds the index for some questions: `columns` are the distance's, `question` gives the codes of the n-th.
pub fn plan<'a, 'q>(
    profiles: &'a Profiles,
    distance: GowerDistance<'a>,
    columns: &[usize],
    questions: usize,
    neighbors: usize,
    question: impl Fn(usize) -> &'q [u32],
) -> Planned<'a> {
    let posted = Postings::columns(profiles, &distance);
    let signatures = Signatures::new(profiles, distance.clone(), &posted);
    let mut searcher = signatures.search();
    let mut found = Nearest::default();
    let step = questions.div_ceil(PILOT).max(1);
    let pilot = (0..questions).step_by(step);
    let piloted = pilot.len();
    for at in pilot {
        searcher.nearest(question(at), neighbors, &mut found);
    }
    let effort = searcher.effort;
    let model = Model::new(&signatures, &distance);
    let (signatures_cost, blocks_cost) = (model.signatures(effort, piloted), model.blocks(profiles.len()));
    let strategy = if blocks_cost < signatures_cost { Strategy::Blocks } else { Strategy::Signatures };
    let plan = SearchPlan {
        strategy,
        columns: columns.to_vec(),
        questions,
        profiles: profiles.len(),
        signatures: signatures.len(),
        largest: signatures.largest(),
        trees: signatures.trees(),
        posted: posted.iter().map(|at| columns[*at]).collect(),
        lookup: signatures.has_lookup(),
        piloted,
        effort,
        signatures_cost,
        blocks_cost,
    };
    drop(searcher);
    let index: Box<dyn NeighborIndex + 'a> = match strategy {
        Strategy::Signatures => Box::new(signatures),
        Strategy::Blocks => {
            drop(signatures);
            Box::new(Blocks::new(profiles, distance))
        }
    };
    Planned { index, plan }
}

/// What looks cost, in nanoseconds of a core with AVX-512 (`cargo bench --bench neighbors`).
struct Model {
    columns: f64,
    numeric: f64,
    /// Bytes compared per record.
    width: f64,
    largest: f64,
    signatures: f64,
}

impl Model {
    fn new(signatures: &Signatures<'_>, distance: &GowerDistance<'_>) -> Model {
        let numeric = distance.domains().iter().filter(|domain| domain.range() > 0.0).count();
        Model {
            columns: distance.domains().len() as f64,
            numeric: numeric as f64,
            width: signatures.width() as f64,
            largest: signatures.largest() as f64,
            signatures: signatures.len() as f64,
        }
    }

    /// Of one question, from the effort that several took.
    fn signatures(&self, effort: Effort, questions: usize) -> f64 {
        // Every question reads all signatures; when they are more than a cache holds, memory is what it waits for.
        let byte = if self.signatures * self.width > CACHE { 0.1 } else { 0.02 };
        let counted = effort.counted as f64 * (0.05 + byte * self.width);
        let scanned = effort.scanned as f64 * (1.0 + self.numeric);
        let measured = effort.measured as f64 * (10.0 + 4.0 * self.columns);
        // A tree over more columns looks at more leaves, in the end at all.
        let tree = (200.0 * 1.8f64.powf(self.numeric)).min(2.0 * self.largest * self.numeric);
        (counted + scanned + measured + effort.trees as f64 * tree) / questions.max(1) as f64
    }

    /// Of one question.
    fn blocks(&self, profiles: usize) -> f64 {
        profiles as f64 * (0.15 + 0.02 * self.width + 0.06 * self.numeric)
    }
}
