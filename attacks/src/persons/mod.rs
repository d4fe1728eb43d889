//! Who is exposed, by how many of the attackers that were played, and by how little that is known of the person.
//!
//! # Exposure
//! For a person whom K attackers attacked, p is the mean of what their hits on the person are worth (the share of attackers that hit, where
//! a hit is worth 1), and q the mean of what a hit on anybody by chance is worth to the same attackers. The exposure is
//! 1 − (1 − p) / (1 − q), floored at 0: the residual risk of METHOD section 6, over attackers instead of persons.
//!
//! Chance is what the attacker achieves on persons of the control, counted person by person. Where these cannot be compared with the
//! original's (no control, predicates of singling out), it is the share of persons hit, times what the attack's reference rate is of its
//! rate: what is left of the hits when the reference's part is all that there is.
//!
//! # Cheapest known set
//! Among the attackers that hit a person, and whose risk lies above 0 with its whole interval, the one who knows the fewest columns; of
//! several the one who hits fewest by chance, then the first. Attackers who do no better than chance would otherwise be
//! the cheapest of all.

use crate::attack::{HitRows, Hits};
use crate::evaluation::{AttackerResult, Evaluation};
use crate::stats::risk::Risk;
use crate::table::{Lists, Table, Tables};

/// What a run has found of an attacker's risk. It is handed in, because estimating it again can cost as much as all of this.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OfRisk {
    /// The rate of success without a leak, where the risk's estimator gives one.
    pub null_rate: Option<f64>,
    /// Whether the risk lies above 0 with its whole interval.
    pub is_above_chance: bool,
}

impl From<Risk> for OfRisk {
    fn from(risk: Risk) -> OfRisk {
        OfRisk { null_rate: risk.null_rate, is_above_chance: risk.interval.lo > 0.0 }
    }
}

/// Everybody who was hit.
#[derive(Debug, Clone, PartialEq)]
pub struct Persons {
    /// Each attacker of the evaluation, in its order; `None` of those who attacked nobody.
    pub attackers: Vec<Option<Reach>>,
    /// Whom any of them hit, the most exposed first; of equal exposure, whom most hit, then by row.
    pub hit: Vec<Exposed>,
}

/// Whom an attacker attacked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reach {
    /// Persons attacked.
    pub attacked: u64,
    /// Persons hit.
    pub hit: u64,
    /// What a person is worth to the attacker by chance, from 0 to 1.
    pub chance: f64,
    /// Whether the attacker's risk lies above 0 with its whole interval.
    pub is_above_chance: bool,
}

/// A person whom somebody hit.
#[derive(Debug, Clone, PartialEq)]
pub struct Exposed {
    /// The person's rows in the original, from 0, ascending.
    pub rows: Vec<u32>,
    /// The attackers who hit the person, by their positions, ascending.
    pub hit_by: Vec<u32>,
    /// How many attackers attacked the person.
    pub attacked_by: u32,
    /// The share of attackers that hit, net of chance; `None` where chance hits everybody.
    pub exposure: Option<f64>,
    /// The attacker with the cheapest known set.
    pub cheapest: Option<u32>,
}

/// Who was hit in an evaluation that kept it; `of_risk` tells what was found of each attacker's risk, and nothing where the risk is no
/// number.
pub fn persons(tables: &Tables, evaluation: &Evaluation, of_risk: impl Fn(usize) -> Option<OfRisk>) -> Persons {
    let original = &tables.original;
    let count = original.persons();
    let reaches: Vec<Option<(Reach, Vec<Option<f32>>)>> =
        evaluation.attackers.iter().enumerate().map(|(at, result)| reach(tables, result, of_risk(at))).collect();
    let mut people = vec![Sums::default(); count];
    for (at, reach) in reaches.iter().enumerate() {
        let Some((reach, worth)) = reach else { continue };
        let known = evaluation.attackers[at].attacker.known().map(|known| known.len());
        let price = known.filter(|_| reach.is_above_chance);
        for (person, worth) in people.iter_mut().zip(worth) {
            let Some(worth) = worth else { continue };
            person.attacked += 1;
            person.worth += f64::from(*worth);
            person.chance += reach.chance;
            if *worth > 0.0 {
                person.hit_by.push(at as u32);
                if let Some(price) = price
                    && person.cheapest.is_none_or(|(least, chance, _)| (price, reach.chance) < (least, chance))
                {
                    person.cheapest = Some((price, reach.chance, at as u32));
                }
            }
        }
    }
    let rows = rows_of_persons(original, count);
    let was_hit = |(_, person): &(usize, Sums)| !person.hit_by.is_empty();
    let exposed = people.into_iter().enumerate().filter(was_hit).map(|(person, sums)| Exposed {
        rows: rows.of(person as u32).to_vec(),
        exposure: sums.exposure(),
        hit_by: sums.hit_by,
        attacked_by: sums.attacked,
        cheapest: sums.cheapest.map(|(_, _, attacker)| attacker),
    });
    let mut hit: Vec<Exposed> = exposed.collect();
    hit.sort_by(|one, other| {
        let exposure = |person: &Exposed| person.exposure.unwrap_or(-1.0);
        let by_exposure = exposure(other).total_cmp(&exposure(one));
        by_exposure.then(other.hit_by.len().cmp(&one.hit_by.len())).then(one.rows.cmp(&other.rows))
    });
    Persons { attackers: reaches.into_iter().map(|reach| reach.map(|(reach, _)| reach)).collect(), hit }
}

/// What is added up for a person.
#[derive(Debug, Clone, Default)]
struct Sums {
    attacked: u32,
    worth: f64,
    chance: f64,
    hit_by: Vec<u32>,
    /// Columns, chance and attacker of the cheapest set.
    cheapest: Option<(usize, f64, u32)>,
}

impl Sums {
    fn exposure(&self) -> Option<f64> {
        let attackers = f64::from(self.attacked);
        let (share, chance) = (self.worth / attackers, self.chance / attackers);
        (chance < 1.0).then(|| (1.0 - (1.0 - share) / (1.0 - chance)).max(0.0))
    }
}

/// Whom an attacker reached, and what the attacker achieved on each person: `None` for those who were not attacked.
fn reach(tables: &Tables, result: &AttackerResult, risk: Option<OfRisk>) -> Option<(Reach, Vec<Option<f32>>)> {
    let hits = result.hits.as_ref()?;
    let worth = of_persons(&tables.original, &hits.main);
    let attacked = worth.iter().flatten().count();
    if attacked == 0 {
        return None;
    }
    let hit = worth.iter().flatten().filter(|worth| **worth > 0.0).count();
    let reach = Reach {
        attacked: attacked as u64,
        hit: hit as u64,
        chance: chance(tables, result, hits, mean(&worth), risk.and_then(|risk| risk.null_rate)),
        is_above_chance: risk.is_some_and(|risk| risk.is_above_chance),
    };
    Some((reach, worth))
}

/// What a person is worth by chance, when the mean over those of the original is `share`.
fn chance(tables: &Tables, result: &AttackerResult, hits: &Hits, share: f64, null_rate: Option<f64>) -> f64 {
    if let Some((table, rows)) = tables.control.as_ref().zip(hits.control.as_ref()) {
        return mean(&of_persons(table, rows));
    }
    let counts = &result.counts;
    let reference = null_rate.or_else(|| counts.reference().map(|reference| reference.rate()));
    let part = reference.zip(counts.main).map_or(0.0, |(reference, main)| reference / main.rate());
    if share > 0.0 { share * part.clamp(0.0, 1.0) } else { 0.0 }
}

/// What the best attempt on any row of a person was worth.
fn of_persons(table: &Table, hits: &HitRows) -> Vec<Option<f32>> {
    let mut persons = vec![None; table.persons()];
    for (row, worth) in hits.rows.iter().zip(&hits.worth) {
        let best = &mut persons[table.subject(*row as usize) as usize];
        *best = Some(best.map_or(*worth, |best: f32| best.max(*worth)));
    }
    persons
}

/// Of those who were attacked; 0 of nobody.
fn mean(worth: &[Option<f32>]) -> f64 {
    let (count, sum) =
        worth.iter().flatten().fold((0u64, 0.0), |(count, sum), worth| (count + 1, sum + f64::from(*worth)));
    if count > 0 { sum / count as f64 } else { 0.0 }
}

fn rows_of_persons(table: &Table, persons: usize) -> Lists {
    match &table.subjects {
        None => Lists::by_key(&(0..table.rows() as u32).collect::<Vec<u32>>(), persons),
        Some(subjects) => Lists::by_key(subjects, persons),
    }
}

#[cfg(test)]
mod test;
