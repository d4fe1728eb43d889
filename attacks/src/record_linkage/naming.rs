//! Names the records of persons, part by part.

use super::scorer::Scorer;
use super::trie::Compatible;
use super::{Claim, Truth, releases};
use crate::matcher::Search;
use crate::parts::{InParts, Persons};
use crate::progress::Progress;
use crate::questions::{Questions, Searched};
use crate::targets::TargetRows;

/// Names the records of one of the matchers.
pub(super) struct Naming<'a> {
    pub truth: &'a Truth,
    pub searched: Searched<'a>,
    pub progress: &'a dyn Progress,
}

/// Names the compatible records, and the nearest ones of those who have none.
pub(super) struct NamingCompatible<'a> {
    pub naming: Naming<'a>,
    /// Whether earlier releases are joined.
    pub earlier: bool,
}

/// What was said about each of some persons.
#[derive(Debug, Default)]
pub(super) struct Named {
    pub claims: Vec<Claim>,
    pub searches: Vec<Search>,
}

impl<'a> Naming<'a> {
    /// What these persons ask.
    pub fn questions(&self, persons: &TargetRows) -> Questions<'_> {
        let questions = Questions::new(&self.searched, persons);
        self.progress.begin("record_linkage", questions.len() as u64);
        questions
    }

    fn nearest(&self, persons: &TargetRows) -> Named {
        let questions = self.questions(persons);
        // The nearest row of another record tells how far the nearest record stands out.
        let neighbors = self.truth.most_rows() as usize + 1;
        let planned = questions.plan(neighbors);
        let index = planned.index.as_ref();
        let scorer = Scorer::new(self.truth, persons, &questions);
        let claims = scorer.ask(index, neighbors, self.progress, |question, found, set| {
            let target = questions.codes(question);
            let mut least = f64::INFINITY;
            for profile in &found.profiles {
                let distance = index.distance(target, *profile);
                if distance < least {
                    set.clear();
                    least = distance;
                }
                if distance == least {
                    set.push(*profile);
                }
            }
            let all_are_equal = set.len() == found.profiles.len();
            (if all_are_equal { f64::INFINITY } else { found.radius - least }, false)
        });
        let claims = claims.into_iter().map(|claim| claim.expect("something is nearest")).collect();
        Named { claims, searches: vec![planned.plan] }
    }

    /// Claims by compatible records alone; `None` about whom there are none.
    pub fn compatible(&self, persons: &TargetRows) -> Vec<Option<Claim>> {
        let questions = self.questions(persons);
        let asked = |at: usize| (0..questions.len() as u32).map(|question| questions.codes(question)[at]).collect();
        let index = Compatible::new(self.searched.tables, questions.profiles, self.searched.columns, asked);
        let scorer = Scorer::new(self.truth, persons, &questions);
        scorer.ask(&index, 1, self.progress, |_, nearest, set| {
            set.extend_from_slice(&nearest.profiles);
            (f64::INFINITY, true)
        })
    }
}

impl InParts for Naming<'_> {
    type Partial = Named;
    type Merged = Named;

    fn partial(&self, persons: &TargetRows) -> Named {
        self.nearest(persons)
    }

    fn merge(&self, persons: &Persons<'_>, partials: Vec<Named>) -> Named {
        Named::merge(persons, partials)
    }
}

impl InParts for NamingCompatible<'_> {
    type Partial = Named;
    type Merged = Named;

    fn partial(&self, persons: &TargetRows) -> Named {
        let claims = match self.earlier {
            false => self.naming.compatible(persons),
            true => releases::compatible(&self.naming, persons),
        };
        let (of_original, of_control) = claims.split_at(persons.original.len());
        let unanswered = |rows: &[u32], claims: &[Option<Claim>]| -> Vec<u32> {
            rows.iter().zip(claims).filter(|(_, claim)| claim.is_none()).map(|(row, _)| *row).collect()
        };
        let others = TargetRows {
            original: unanswered(&persons.original, of_original),
            control: persons.control.as_ref().map(|rows| unanswered(rows, of_control)),
        };
        let found = if others.is_empty() { Named::default() } else { self.naming.nearest(&others) };
        let mut of_others = found.claims.into_iter();
        let fill = |claim: Option<Claim>| claim.or_else(|| of_others.next()).expect("everybody else was asked for");
        Named { claims: claims.into_iter().map(fill).collect(), searches: found.searches }
    }

    fn merge(&self, persons: &Persons<'_>, partials: Vec<Named>) -> Named {
        Named::merge(persons, partials)
    }
}

impl Named {
    fn merge(persons: &Persons<'_>, partials: Vec<Named>) -> Named {
        let (claims, searches): (Vec<_>, Vec<_>) =
            partials.into_iter().map(|part| (part.claims, part.searches)).unzip();
        Named { claims: persons.in_order(claims), searches: searches.concat() }
    }
}
