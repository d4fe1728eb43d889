//! Releases that are made of the population's own records, so that it is known which record is whose.

use super::World;
use super::population::{self, Person};
use reident_attacks::sampling::{Stream, Task};
use std::collections::HashMap;
use std::fmt::Write;

/// What is done to the records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Treatment {
    /// Ages, incomes and dates become bands.
    Generalized,
    /// A token is put in the place of the name.
    Pseudonymized,
    /// Numbers are moved, some districts and diagnoses are drawn again.
    Perturbed,
    /// Half of the persons are left out.
    Sampled,
}

/// A release, with what is true about it.
#[derive(Debug)]
pub struct Treated {
    /// The release as a CSV file.
    pub csv: String,
    /// Row of the original that each row came from.
    pub from: Vec<usize>,
    /// The most persons of the original who can be named, in expectation: those whose rows are equal can only be guessed among.
    /// `None` where records were changed, so that equal rows decide nothing.
    pub most: Option<usize>,
}

impl Treated {
    /// The map from rows of the release to rows of the original as a CSV file.
    pub fn map(&self) -> String {
        let mut text = String::from("released_row,original_row\n");
        for (row, from) in self.from.iter().enumerate() {
            let _ = writeln!(text, "{row},{from}");
        }
        text
    }
}

impl World {
    /// Treats the records of the original and puts them in a random order.
    pub fn treated(&self, treatment: Treatment, seed: u64) -> Treated {
        let mut stream = Stream::new(seed, Task::Population, 4);
        let rows = self.original.len();
        let kept = if treatment == Treatment::Sampled { rows / 2 } else { rows };
        let mut from = stream.sample(rows, kept);
        stream.shuffle(&mut from);
        let persons: Vec<Person> = from.iter().map(|row| self.original[*row].clone()).collect();
        let csv = match treatment {
            Treatment::Sampled => population::csv(&persons),
            Treatment::Perturbed => {
                let moved: Vec<Person> = persons.iter().map(|person| perturbed(person, self, &mut stream)).collect();
                population::csv(&moved)
            }
            Treatment::Pseudonymized => {
                let tokens = persons.iter().map(|_| format!("{:012x}", stream.below(1 << 48)));
                let plain = population::csv(&persons);
                let mut lines = plain.lines();
                let header = format!("pid,{}\n", lines.next().unwrap_or_default());
                header + &tokens.zip(lines).map(|(token, line)| format!("{token},{line}\n")).collect::<String>()
            }
            Treatment::Generalized => generalized(&population::csv(&persons)),
        };
        let most = (treatment != Treatment::Perturbed).then(|| {
            let keyed = usize::from(treatment == Treatment::Pseudonymized);
            let said = |line: &str| line.splitn(1 + keyed, ',').last().unwrap_or_default().to_owned();
            let mut classes: HashMap<String, usize> = HashMap::new();
            csv.lines().skip(1).for_each(|line| *classes.entry(said(line)).or_default() += 1);
            classes.len()
        });
        Treated { csv, from, most }
    }
}

/// The same with ages in bands of ten, incomes in bands of twenty thousand and days as months.
fn generalized(csv: &str) -> String {
    let band = |text: &str, width: u32| {
        let lo = text.parse::<u32>().unwrap_or(0) / width * width;
        format!("{lo}-{}", lo + width - 1)
    };
    let mut lines = csv.lines();
    let mut text = lines.next().unwrap_or_default().to_owned() + "\n";
    for line in lines {
        let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        cells[0] = band(&cells[0], 10);
        cells[1] = band(&cells[1], 20_000);
        cells[3].truncate("2024-01".len());
        text += &cells.join(",");
        text.push('\n');
    }
    text
}

/// Ages move by about two years, incomes by about a twentieth, days by about a week; a tenth of the districts and diagnoses
/// are those of somebody else.
fn perturbed(person: &Person, world: &World, stream: &mut Stream) -> Person {
    let mut moved = person.clone();
    let by = |value: u32, spread: f64, stream: &mut Stream| {
        (f64::from(value) + spread * stream.normal()).round().max(0.0) as u32
    };
    moved.age = by(person.age, 2.0, stream).clamp(18, 99);
    moved.income = by(person.income / 10, 0.005 * f64::from(person.income), stream) * 10;
    let (first, last) = population::VISITS;
    moved.visit_day = by(person.visit_day, 7.0, stream).clamp(first, last);
    let mut other = || &world.original[stream.below(world.original.len() as u64) as usize];
    let (district, diagnosis) = (other().district, other().diagnosis);
    if stream.unit() < 0.1 {
        moved.district = district;
    }
    if stream.unit() < 0.1 {
        moved.diagnosis = diagnosis;
    }
    moved
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn treated_rows_are_those_of_the_map() {
        let world = World::new(400, 0.0, 3);
        let original: Vec<String> = population::csv(&world.original).lines().skip(1).map(str::to_owned).collect();
        for treatment in [Treatment::Generalized, Treatment::Pseudonymized, Treatment::Perturbed, Treatment::Sampled] {
            let treated = world.treated(treatment, 3);
            let lines: Vec<&str> = treated.csv.lines().skip(1).collect();
            assert_eq!(lines.len(), treated.from.len());
            assert_eq!(treated.map().lines().count(), 1 + lines.len());
            for (line, from) in lines.iter().zip(&treated.from) {
                let (kept, own) = (line.rsplit(',').nth(1), original[*from].rsplit(',').nth(1));
                assert_eq!(kept, own, "{treatment:?}: the occupation stays");
            }
            assert!(treated.most.is_none_or(|most| most <= lines.len() && most > lines.len() / 2));
        }
        assert_eq!(world.treated(Treatment::Sampled, 3).from.len(), 200);
    }
}
