//! How far persons are from everybody else of the original.

use crate::matcher::Search;
use crate::neighbors::{Nearest, Profiles};
use crate::progress::Progress;
use crate::questions::{Questions, Release, Searched};
use crate::table::{Table, Tables};
use crate::targets::TargetRows;

/// The distance of each target to the nearest row of the original that has other values and is not the target's own.
pub(crate) fn distances(
    tables: &Tables,
    targets: &TargetRows,
    columns: &[usize],
    progress: &dyn Progress,
) -> (Vec<f64>, Search) {
    // Who asks matters where a person has several rows, which are none of others.
    let nobody = u32::MAX;
    let persons = tables.original.subjects.as_ref().map(|subjects| {
        let controls = targets.control.as_ref().map_or(0, Vec::len);
        let of_original = targets.original.iter().map(|row| subjects[*row as usize]);
        of_original.chain(std::iter::repeat_n(nobody, controls)).collect::<Vec<u32>>()
    });
    let profiles = Release::Original.profiles(tables, columns).distinct();
    let searched = Searched::about(tables, columns, &profiles);
    let questions = Questions::of_apart(&searched, targets, persons.as_deref());
    let owners = Owners::new(&tables.original, &profiles);
    let neighbors = 2 + owners.most;
    let planned = questions.plan(neighbors);
    let index = planned.index.as_ref();
    let keep = |(): &mut (), question: u32, nearest: &Nearest| {
        let own = questions.codes(question);
        let person = persons.as_ref().map(|persons| persons[questions.groups.first[question as usize] as usize]);
        let others = nearest.profiles.iter().filter(|profile| {
            questions.profiles.codes(**profile) != own && person.is_none_or(|person| !owners.is_his(person, **profile))
        });
        // Without any other, nothing is nearer than the farthest that a record can be.
        let nearest = others.map(|profile| index.distance(own, *profile)).fold(f64::INFINITY, f64::min);
        if nearest.is_finite() { nearest } else { columns.len() as f64 }
    };
    let found = questions.ask(index, neighbors, progress, || (), keep);
    let of_target = questions.groups.of_row.iter().map(|question| found[*question as usize]).collect();
    (of_target, planned.plan)
}

/// Whose rows a profile of the original has, where it has one person's alone.
struct Owners {
    of_profile: Vec<u32>,
    /// The most profiles that are one person's.
    most: usize,
}

impl Owners {
    const SEVERAL: u32 = u32::MAX;

    fn new(original: &Table, profiles: &Profiles<'_>) -> Owners {
        let Some(subjects) = &original.subjects else { return Owners { of_profile: Vec::new(), most: 0 } };
        let mut of_profile: Vec<Option<u32>> = vec![None; profiles.len()];
        for (profile, subject) in profiles.of_row().iter().zip(subjects) {
            // Rows that say nothing are in no profile.
            let Some(owner) = of_profile.get_mut(*profile as usize) else { continue };
            *owner = Some(if owner.is_none_or(|owner| owner == *subject) { *subject } else { Owners::SEVERAL });
        }
        let of_profile: Vec<u32> = of_profile.into_iter().map(|owner| owner.unwrap_or(Owners::SEVERAL)).collect();
        let mut counts = vec![0; original.persons()];
        of_profile.iter().filter(|owner| **owner != Owners::SEVERAL).for_each(|owner| counts[*owner as usize] += 1);
        Owners { of_profile, most: counts.into_iter().max().unwrap_or(0) }
    }

    fn is_his(&self, person: u32, profile: u32) -> bool {
        person != Owners::SEVERAL && self.of_profile[profile as usize] == person
    }
}
