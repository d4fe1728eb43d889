//! How much the release looks as if somebody had been used.

use crate::matcher::Search;
use crate::neighbors::Nearest;
use crate::others;
use crate::parts::{InParts, Parts, Persons};
use crate::progress::Progress;
use crate::questions::{Questions, Release, Searched};
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
    /// The weighted agreement of the record that agrees best ([`agreement`](crate::agreement)): a copy of somebody rare stands out.
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
    /// In the order of the targets; the higher, the more it looks as if the target had been used.
    pub of_target: Vec<f64>,
    /// What each target would score if the release held an unchanged copy of the target's row.
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
    scores_of_parts(tables, targets, columns, wanted, &Parts::whole(), progress)
}

/// The same, the targets of each part by themselves.
pub(super) fn scores_of_parts(
    tables: &Tables,
    targets: &TargetRows,
    columns: &[usize],
    wanted: &[Score],
    parts: &Parts,
    progress: &dyn Progress,
) -> Option<Vec<Scores>> {
    let profiles = Release::Anonymized.profiles(tables, columns).distinct();
    if profiles.is_empty() {
        return None;
    }
    let searched = || Searched::about(tables, columns, &profiles);
    let by_agreement = wanted.contains(&Score::Agreement).then(|| searched().by_agreement(targets));
    Some(parts.play(&Scoring { by_distance: searched(), by_agreement, wanted, progress }, targets))
}

/// Scores persons.
struct Scoring<'a> {
    by_distance: Searched<'a>,
    by_agreement: Option<Searched<'a>>,
    wanted: &'a [Score],
    progress: &'a dyn Progress,
}

impl InParts for Scoring<'_> {
    type Partial = Vec<Scores>;
    type Merged = Vec<Scores>;

    fn partial(&self, persons: &TargetRows) -> Vec<Scores> {
        self.score(persons)
    }

    fn merge(&self, persons: &Persons<'_>, partials: Vec<Vec<Scores>>) -> Vec<Scores> {
        let mut of_parts: Vec<_> = partials.into_iter().map(Vec::into_iter).collect();
        let one = |_: &Score| {
            let (mut of_target, mut of_copy, mut searches) = (Vec::new(), Vec::new(), Vec::new());
            for scores in of_parts.iter_mut().filter_map(Iterator::next) {
                of_target.push(scores.of_target);
                of_copy.push(scores.of_copy);
                searches.extend(scores.searches);
            }
            Scores { of_target: persons.in_order(of_target), of_copy: persons.in_order(of_copy), searches }
        };
        self.wanted.iter().map(one).collect()
    }
}

impl Scoring<'_> {
    /// The scores of some persons.
    fn score(&self, targets: &TargetRows) -> Vec<Scores> {
        let Scoring { by_distance, by_agreement, wanted, progress } = self;
        let wants = |score: Score| wanted.contains(&score);
        let questions = Questions::new(by_distance, targets);
        let by_nearest = wanted.iter().any(|score| *score != Score::Agreement);
        let searched = [by_nearest, wants(Score::Relative), by_agreement.is_some()];
        let units = searched.iter().filter(|searched| **searched).count() * questions.len();
        progress.begin("membership", units as u64);
        let nearest = by_nearest.then(|| nearest_two(&questions, *progress));
        let of_others = || others::distances(by_distance.tables, targets, by_distance.columns, *progress);
        let originals = wants(Score::Relative).then(of_others);
        let agreement = by_agreement.as_ref().map(|searched| agreements(searched, targets, *progress));
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
                    let searches: Vec<Search> = by_distance();
                    Scores {
                        of_target: others.iter().zip(own).map(|(others, own)| others - own).collect(),
                        of_copy: others.clone(),
                        searches: searches.into_iter().chain(std::iter::once(search.clone())).collect(),
                    }
                }
                Score::Agreement => agreement.clone().expect("searched for this score"),
            }
        };
        wanted.iter().map(one).collect()
    }
}

/// Distances to the two nearest distinct release records, per question; with a single one, that is the second, too.
fn nearest_two(questions: &Questions<'_>, progress: &dyn Progress) -> (Vec<Near>, Search) {
    let planned = questions.plan(2);
    let index = planned.index.as_ref();
    let keep = |(): &mut (), question: u32, nearest: &Nearest| {
        let of = |profile: &u32| index.distance(questions.codes(question), *profile);
        let first = match nearest.profiles.as_slice() {
            [one, other] => of(one).min(of(other)),
            all => all.iter().map(of).fold(nearest.radius, f64::min),
        };
        Near { first, second: nearest.radius }
    };
    (questions.ask(index, 2, progress, || (), keep), planned.plan)
}

/// The largest weighted agreement of each target, in natural logarithms, and that of an unchanged copy.
fn agreements(searched: &Searched<'_>, targets: &TargetRows, progress: &dyn Progress) -> Scores {
    let questions = Questions::new(searched, targets);
    let planned = questions.plan(1);
    let weights = searched.weights().expect("searched by agreement");
    let keep = |(): &mut (), question: u32, nearest: &Nearest| {
        let of_copy = weights.copy(questions.codes(question));
        (of_copy - nearest.radius, of_copy)
    };
    let found = questions.ask(planned.index.as_ref(), 1, progress, || (), keep);
    let (of_target, of_copy) = questions.groups.of_row.iter().map(|question| found[*question as usize]).unzip();
    Scores { of_target, of_copy, searches: vec![planned.plan] }
}
