//! How much the release looks as if somebody had been used.

use crate::agreement;
use crate::matcher::Search;
use crate::neighbors::{self, GowerDistance, Nearest};
use crate::others;
use crate::progress::Progress;
use crate::questions::Questions;
use crate::table::Tables;
use crate::targets::TargetRows;

/// What a score is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Score {
    /// How near the nearest release record is.
    Distance,
    /// How much nearer it is than the second nearest, which differs from it: the ratio of the two.
    Ratio,
    /// How much nearer it is than the nearest record of the original that has other values: who is rare is far from everybody, and
    /// this takes it away (Hilprecht, Härterich & Bernau 2019, PoPETs 2019:232, on membership by local density).
    Relative,
    /// The weighted agreement of the record that agrees best ([`agreement`]): a copy of somebody rare stands out.
    Agreement,
}

impl Score {
    /// All of them.
    pub const ALL: [Score; 4] = [Score::Distance, Score::Ratio, Score::Relative, Score::Agreement];

    /// The name used in evidence.
    pub fn name(self) -> &'static str {
        match self {
            Score::Distance => "distance",
            Score::Ratio => "ratio",
            Score::Relative => "relative",
            Score::Agreement => "agreement",
        }
    }

    /// The score of a name.
    pub fn from_name(name: &str) -> Option<Score> {
        Score::ALL.into_iter().find(|score| score.name() == name)
    }
}

/// A score of every target.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    /// In the order of the targets; the higher, the more it looks as if he had been used.
    pub of_target: Vec<f64>,
    /// What each target would score if the release held an unchanged copy of his row.
    pub of_copy: Vec<f64>,
    /// How the records were searched for.
    pub searches: Vec<Search>,
}

/// Distances to the nearest record, and to the second nearest.
#[derive(Clone, Copy)]
struct Near {
    first: f64,
    second: f64,
}

/// The scores that are wanted, on some columns; `None` when the release has no candidate.
pub fn scores(
    tables: &Tables,
    targets: &TargetRows,
    columns: &[usize],
    wanted: &[Score],
    progress: &dyn Progress,
) -> Option<Vec<Scores>> {
    let wants = |score: Score| wanted.contains(&score);
    let questions = Questions::about(tables, targets, columns, &tables.anonymized, None);
    if questions.profiles.is_empty() {
        return None;
    }
    let searched = [wanted.iter().any(|score| *score != Score::Agreement), wants(Score::Agreement)];
    let units = searched.iter().filter(|searched| **searched).count() as u64 + u64::from(wants(Score::Relative));
    progress.begin("membership", units * questions.len() as u64);
    let nearest = searched[0].then(|| nearest_two(tables, &questions, columns, progress));
    let originals = wants(Score::Relative).then(|| others::distances(tables, targets, columns, progress));
    let agreement = searched[1].then(|| agreements(tables, &questions, columns, progress));
    let of_target = |question_value: &dyn Fn(usize) -> f64| -> Vec<f64> {
        questions.groups.of_row.iter().map(|question| question_value(*question as usize)).collect()
    };
    let one = |score: &Score| {
        let near = |at: usize| nearest.as_ref().expect("searched for this score").0[at];
        let by_distance = || nearest.iter().map(|(_, search)| search.clone()).collect();
        match score {
            Score::Distance => Scores {
                of_target: of_target(&|at| -near(at).first),
                of_copy: vec![0.0; targets.len()],
                searches: by_distance(),
            },
            Score::Ratio => Scores {
                // Where even the second nearest is at no distance, the nearest is no nearer than it.
                of_target: of_target(&|at| match near(at) {
                    Near { second, .. } if second <= 0.0 => -1.0,
                    Near { first, second } => -first / second,
                }),
                of_copy: vec![0.0; targets.len()],
                searches: by_distance(),
            },
            Score::Relative => {
                let (others, search) = originals.as_ref().expect("searched for this score");
                let own = of_target(&|at| near(at).first);
                Scores {
                    of_target: others.iter().zip(own).map(|(others, own)| others - own).collect(),
                    of_copy: others.clone(),
                    searches: by_distance().into_iter().chain(std::iter::once(search.clone())).collect::<Vec<Search>>(),
                }
            }
            Score::Agreement => {
                let (found, search) = agreement.as_ref().expect("searched for this score");
                Scores {
                    of_target: of_target(&|at| found[at].0),
                    of_copy: of_target(&|at| found[at].1),
                    searches: vec![search.clone()],
                }
            }
        }
    };
    Some(wanted.iter().map(one).collect())
}

/// Distances to the two nearest distinct release records, per question; with a single one, that is the second, too.
fn nearest_two(
    tables: &Tables,
    questions: &Questions<'_>,
    columns: &[usize],
    progress: &dyn Progress,
) -> (Vec<Near>, Search) {
    let distance = GowerDistance::new(tables, columns);
    let codes = |at: usize| questions.codes(at as u32);
    let planned = neighbors::plan(&questions.profiles, distance, columns, questions.len(), 2, codes);
    let index = planned.index.as_ref();
    let keep = |(): &mut (), question: u32, nearest: &Nearest| {
        let of = |profile: &u32| index.distance(questions.codes(question), *profile);
        let first = match nearest.profiles.as_slice() {
            [one, other] => of(one).min(of(other)),
            all => all.iter().map(of).fold(nearest.radius, f64::min),
        };
        Near { first, second: nearest.radius }
    };
    (questions.ask(index, 2, progress, || (), keep), Search::Distance(planned.plan))
}

/// The largest weighted agreement of each question, in natural logarithms, and that of an unchanged copy.
fn agreements(
    tables: &Tables,
    questions: &Questions<'_>,
    columns: &[usize],
    progress: &dyn Progress,
) -> (Vec<(f64, f64)>, Search) {
    let codes = |at: usize| questions.codes(at as u32);
    let planned = agreement::plan(tables, &questions.profiles, columns, questions.len(), codes, |_| &[]);
    let weights = planned.index.weights();
    let keep = |(): &mut (), question: u32, nearest: &Nearest| {
        let of_copy = weights.copy(questions.codes(question));
        (of_copy - nearest.radius, of_copy)
    };
    let found = questions.ask(&planned.index, 1, progress, || (), keep);
    (found, Search::Agreement(planned.plan))
}
