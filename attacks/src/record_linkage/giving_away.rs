//! Gives each record away once: persons look for their candidates part by part, and bid for them together.

use super::Claim;
use super::assignment::{CANDIDATES, Candidate, auction, margin, nearest};
use super::naming::{Named, Naming};
use super::scorer::Scorer;
use crate::matcher::Search;
use crate::parts::{InParts, Persons};
use crate::questions::Questions;
use crate::table::print_of;
use crate::targets::TargetRows;
use std::sync::Arc;

/// Names records of which each is given away once.
pub(super) struct GivingAway<'a>(pub Naming<'a>);

/// What persons found who bid.
pub(super) struct Bidders {
    /// Of each person; those who ask the same share it.
    found: Vec<Arc<Found>>,
    search: Search,
}

/// What a question found.
pub(super) struct Found {
    /// The nearest profiles, ascending.
    alone: Vec<u32>,
    /// What is bid for.
    candidates: Vec<Candidate>,
}

impl InParts for GivingAway<'_> {
    type Partial = Bidders;
    type Merged = Named;

    fn partial(&self, persons: &TargetRows) -> Bidders {
        let questions = self.0.questions(persons);
        let planned = questions.plan(CANDIDATES);
        let index = planned.index.as_ref();
        let prints = questions.profiles.prints();
        let found = questions.ask(
            index,
            CANDIDATES,
            self.0.progress,
            || (),
            |(), question, found| {
                let target = questions.codes(question);
                let candidate =
                    |profile: &u32| Candidate { distance: index.distance(target, *profile), profile: *profile };
                let candidates: Vec<Candidate> = found.profiles.iter().map(candidate).collect();
                let least = candidates.iter().map(|one| one.distance).fold(f64::INFINITY, f64::min);
                let alone = candidates.iter().filter(|one| one.distance == least).map(|one| one.profile).collect();
                let candidates = nearest(candidates, |profile| prints[profile as usize]);
                Arc::new(Found { alone, candidates })
            },
        );
        let of_person = questions.groups.of_row.iter().map(|question| Arc::clone(&found[*question as usize]));
        Bidders { found: of_person.collect(), search: planned.plan }
    }

    fn merge(&self, persons: &Persons<'_>, partials: Vec<Bidders>) -> Named {
        let (found, searches): (Vec<_>, Vec<_>) = partials.into_iter().map(|part| (part.found, part.search)).unzip();
        let (found, targets) = (persons.in_order(found), persons.rows);
        let questions = Questions::new(&self.0.searched, targets);
        let scorer = Scorer::new(self.0.truth, targets, &questions);
        let found = |question: u32| &*found[questions.groups.first[question as usize] as usize];
        let print = |question: &u32| print_of(questions.codes(*question).iter().copied());
        let mut order: Vec<u32> = (0..questions.len() as u32).collect();
        order.sort_by_cached_key(|question| (print(question), questions.codes(*question).to_vec()));
        let candidates: Vec<&[Candidate]> = order.iter().map(|question| &found(*question).candidates[..]).collect();
        let rows = |profile: u32| questions.profiles.multiplicity(profile);
        let of_original = targets.original.len() as u32;
        let mut claims: Vec<Option<Claim>> = vec![None; targets.len()];
        // The persons of either table are a file.
        for is_of_file in [|target: u32, end: u32| target < end, |target: u32, end: u32| target >= end] {
            let asking = |question: u32| {
                let asking = scorer.asking.of(question).iter().enumerate();
                asking.filter(move |(_, target)| is_of_file(**target, of_original))
            };
            let persons: Vec<u32> = order.iter().map(|question| asking(*question).count() as u32).collect();
            for (question, given) in order.iter().zip(auction(&candidates, &persons, rows)) {
                let found = found(*question);
                let together = match given.is_empty() {
                    true => scorer.claims(*question, &found.alone, 0.0, false),
                    false => scorer.claims(*question, &given, margin(&found.candidates, &given), false),
                };
                asking(*question).for_each(|(at, target)| claims[*target as usize] = Some(together[at]));
            }
        }
        let claims = claims.into_iter().map(|claim| claim.expect("every target asks a question")).collect();
        Named { claims, searches }
    }
}
