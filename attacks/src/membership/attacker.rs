//! The attack as a plan has it: an attacker for each score.

use super::{Score, Separation, separate_parts};
use crate::AttackError;
use crate::attack::{Attack, Counts, HitRows, Hits, Played, Scene, left};
use crate::outcome::Baseline;
use crate::stats::risk::Risk;
use crate::table::Tables;
use crate::targets::{TargetRows, Targets};

/// An attacker who wants to know who was used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembershipAttacker {
    /// What the attacker goes by.
    pub score: Score,
    /// Columns that the attacker knows of everybody, ascending.
    pub columns: Vec<usize>,
}

impl Attack for MembershipAttacker {
    /// `None` where nothing could be told apart.
    type Detail = Option<Separation>;

    fn check(&self, tables: &Tables) -> Result<(), AttackError> {
        let fail = |why: &str| Err(AttackError::Attacker(format!("membership: {why}")));
        if tables.control.is_none() {
            return fail("there is no control to tell the original from");
        }
        if self.columns.is_empty() {
            return fail("at least one column is needed");
        }
        if self.columns.iter().any(|column| *column >= tables.columns.len()) {
            return fail("a column is out of range");
        }
        Ok(())
    }

    fn known(&self) -> Option<Vec<usize>> {
        Some(self.columns.clone())
    }

    fn without(&self, column: usize) -> Option<Self> {
        Some(MembershipAttacker { columns: left(&self.columns, column)?, ..self.clone() })
    }

    /// Attackers of the same columns search together. Of large tables a sample is attacked, which the counts tell.
    fn play(attackers: &[&MembershipAttacker], scene: &Scene<'_>) -> Vec<Played<Option<Separation>>> {
        let mut played = Vec::with_capacity(attackers.len());
        let (mut at, tables) = (0, scene.tables);
        let most = most_targets(tables.original.rows().max(tables.anonymized.rows()));
        let attacked = scene.targets.original.len().max(scene.targets.control.as_ref().map_or(0, Vec::len));
        let drawn = (attacked > most).then(|| TargetRows::draw(tables, Targets::Sample(most), scene.seed));
        let targets = drawn.as_ref().unwrap_or(scene.targets);
        for together in attackers.chunk_by(|one, other| one.columns == other.columns) {
            together.iter().for_each(|_| scene.progress.attacker());
            let scores: Vec<Score> = together.iter().map(|attacker| attacker.score).collect();
            let found = separate_parts(tables, targets, &together[0].columns, &scores, scene.parts, scene.progress);
            let separations = found.into_iter().flatten().map(Some).chain(std::iter::repeat(None));
            for (separation, attacker) in separations.zip(at..at + together.len()) {
                played.push(match separation {
                    None => Played::infeasible(attacker, None),
                    Some((separation, searches)) => {
                        let counts = counts(&separation);
                        let hits = scene.keep_hits.then(|| hits(&separation, targets));
                        Played { counts, hits, searches, ..Played::infeasible(attacker, Some(separation)) }
                    }
                });
            }
            at += together.len();
        }
        played
    }

    fn own_risks(detail: &Option<Separation>, levels: &[f64]) -> Option<Vec<Option<Risk>>> {
        Some(levels.iter().map(|level| detail.as_ref().and_then(|separation| separation.risk(*level))).collect())
    }
}

/// Persons of each table who are attacked at the most, by the rows that each is compared with: what the scores tell is told by some
/// ten thousands as well as by millions, and everybody is looked for in all columns, which takes time in proportion to the rows
/// where no index helps. Who they are follows from the seed and the tables' values, and the counts say how many they are.
fn most_targets(rows: usize) -> usize {
    (MOST_PAIRS / rows.max(1)).max(FEWEST_TARGETS)
}

/// Pairs of a person of one table and a row, at the most.
const MOST_PAIRS: usize = 4_000_000_000;
/// So many persons are attacked whatever the rows: fewer tell nothing of a tail of one in a thousand.
const FEWEST_TARGETS: usize = 5_000;

/// Who is in the first tail: the attack's risk is not that of these alone, so that they are no attempts to compare with another run's.
fn hits(separation: &Separation, targets: &TargetRows) -> Hits {
    let of = |rows: &[u32], in_tail: &[bool]| HitRows {
        rows: rows.to_vec(),
        worth: in_tail.iter().map(|is_in| f32::from(u8::from(*is_in))).collect(),
    };
    let [original, control] = &separation.in_tail;
    Hits {
        main: of(&targets.original, original),
        control: targets.control.as_ref().map(|rows| of(rows, control)),
        are_attempts: false,
    }
}

/// The counts of the first tail. Who ignores the release puts as large a share of the original there as of the control.
fn counts(separation: &Separation) -> Counts {
    let [tail, _] = &separation.tails;
    let (main, control) = (tail.original, tail.control);
    let baseline = Baseline { attempted: main.attempted, successes: control.rate() * main.attempted as f64 };
    Counts { main: Some(main), control: Some(control), nonmember: None, baseline: Some(baseline) }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn tables_of_sixty_thousand_are_attacked_whole_and_of_a_million_five_thousand() {
        assert_eq!(
            [0, 60_000, 100_000, 200_000, 1_000_000, 10_000_000].map(most_targets),
            [MOST_PAIRS, 66_666, 40_000, 20_000, 5_000, 5_000]
        );
    }
}
