//! Which index answers an attacker's questions, and why.
//!
//! The index of signatures is built and asked a few of the questions. What that took, counted in looks and not in
//! seconds so that a plan is the same on every machine, is compared with what a scan of every profile takes.

use super::search::SignatureSearcher;
use super::signatures::Effort;
use super::{Blocks, GowerDistance, Nearest, NeighborIndex, Postings, Profiles, Searcher, Signatures};
use crate::table::print_of;

/// Questions of a pilot.
const PILOT: usize = 32;

// What looks cost, in nanoseconds of a core with AVX-512 (`cargo bench --bench neighbors`): to count the mismatches of a signature, for
// each of its bytes as long as all are in the cache, and to look one up.
const COUNTED: f64 = 0.05;
const BYTE: f64 = 0.02;
const LOOKED_UP: f64 = 20.0;
// And to take over a profile of a set that the question before had.
const TAKEN_OVER: f64 = 1.0;

/// Bytes that stay in a core's cache from one question to the next.
const CACHE: f64 = 1e6;

/// Signatures that are looked up for a target at the most: more would take longer than counting the mismatches of all of them.
pub(super) fn most_looked_up(signatures: usize, width: usize) -> usize {
    (signatures as f64 * (COUNTED + BYTE * width as f64) / LOOKED_UP) as usize
}

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
    /// Distinct questions: equal ones are asked once.
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
    /// Whether those at one mismatch are too.
    pub one_off: bool,
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
    profiles: &'a Profiles<'a>,
    distance: GowerDistance<'a>,
    columns: &[usize],
    questions: usize,
    neighbors: usize,
    question: impl Fn(usize) -> &'q [u32],
) -> Planned<'a> {
    let posted = Postings::columns(profiles, &distance);
    let mut signatures = Signatures::new(profiles, distance.clone(), &posted);
    let pilot: Vec<&[u32]> = (0..questions).step_by(questions.div_ceil(PILOT).max(1)).map(&question).collect();
    let piloted = pilot.len();
    let model = Model::new(&signatures, &distance);
    let (mut effort, found) = ask(&signatures, &pilot, neighbors);
    let one_off_pays = model.one_off_pays(effort, questions as f64 / piloted.max(1) as f64);
    let one_off = one_off_pays && signatures.list_one_off();
    if one_off {
        (effort, _) = ask(&signatures, &pilot, neighbors);
    }
    let found = found as f64 / piloted.max(1) as f64;
    let repeated = repeated(&signatures, questions, &question);
    let signatures_cost = (1.0 - repeated) * model.signatures(effort, piloted) + repeated * found * TAKEN_OVER;
    let blocks_cost = model.blocks(profiles.len(), found);
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
        one_off,
        piloted,
        effort,
        signatures_cost,
        blocks_cost,
    };
    let index: Box<dyn NeighborIndex + 'a> = match strategy {
        Strategy::Signatures => Box::new(signatures),
        Strategy::Blocks => {
            drop(signatures);
            Box::new(Blocks::new(profiles, distance))
        }
    };
    Planned { index, plan }
}

/// What it takes to answer some questions, and how many profiles are in the answers.
fn ask(signatures: &Signatures<'_>, questions: &[&[u32]], neighbors: usize) -> (Effort, usize) {
    let mut searcher = SignatureSearcher::new(signatures);
    let (mut found, mut profiles) = (Nearest::default(), 0);
    for question in questions {
        searcher.nearest(question, neighbors, &mut found);
        profiles += found.profiles.len();
    }
    (searcher.effort, profiles)
}

/// The share of questions whose answer takes over a set that one with equal codes in the columns that are not posted had: all but
/// the first two of such codes. How many different codes there are is estimated by linear counting (Whang, Vander-Zanden & Taylor
/// 1990, ACM Transactions on Database Systems 15:208).
fn repeated<'q>(signatures: &Signatures<'_>, questions: usize, question: &impl Fn(usize) -> &'q [u32]) -> f64 {
    if signatures.postings.len() == 0 || questions == 0 {
        return 0.0;
    }
    let bits = (4 * questions).next_power_of_two().max(64);
    let mut seen = vec![0u64; bits / 64];
    for at in 0..questions {
        let bit = (print_of(signatures.not_posted(question(at))) >> 32) as usize & (bits - 1);
        seen[bit / 64] |= 1 << (bit % 64);
    }
    let zero = seen.iter().map(|word| word.count_zeros() as usize).sum::<usize>() as f64;
    let distinct = bits as f64 * libm::log(bits as f64 / zero);
    (1.0 - 2.0 * distinct / questions as f64).max(0.0)
}

/// What answers cost, by what was looked at.
struct Model {
    columns: f64,
    numeric: f64,
    /// Bytes compared per record.
    width: f64,
    largest: f64,
    signatures: f64,
    signature_columns: f64,
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
            signature_columns: signatures.signature_columns() as f64,
        }
    }

    /// Whether listing the signatures at one mismatch costs less than the counting of mismatches, most of which it saves.
    fn one_off_pays(&self, effort: Effort, times: f64) -> bool {
        let listing = self.signatures * self.signature_columns * 10.0;
        self.counting(effort) * times > listing
    }

    /// Counting mismatches. Every question reads the bytes of all signatures, and when they are more than a cache holds,
    /// memory is what it waits for.
    fn counting(&self, effort: Effort) -> f64 {
        let byte = if self.signatures * self.width > CACHE { 0.1 } else { BYTE };
        effort.counted as f64 * (COUNTED + byte * self.width)
    }

    /// Of one question, from the effort that several took.
    fn signatures(&self, effort: Effort, questions: usize) -> f64 {
        let found = self.counting(effort) + effort.looked_up as f64 * LOOKED_UP;
        let scanned = effort.scanned as f64 * (1.0 + self.numeric);
        let measured = effort.measured as f64 * self.measured();
        // A tree over more columns looks at more leaves, in the end at all.
        let tree = (200.0 * 1.8f64.powf(self.numeric)).min(2.0 * self.largest * self.numeric);
        (found + scanned + measured + effort.trees as f64 * tree) / questions.max(1) as f64
    }

    /// The distance of one profile.
    fn measured(&self) -> f64 {
        10.0 + 4.0 * self.columns
    }

    /// Of one question whose answer has so many profiles, each of which is measured.
    fn blocks(&self, profiles: usize, found: f64) -> f64 {
        profiles as f64 * (0.15 + 0.02 * self.width + 0.06 * self.numeric) + found * self.measured()
    }
}
