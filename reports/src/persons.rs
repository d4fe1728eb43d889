//! The file of exposed persons: which rows of the original were hit, by whom, and how little had to be known.
//!
//! It points at persons, belongs with the original, and is no part of evidence or of any report. It names rows by their numbers and
//! columns by their names, and holds no cell.

use crate::evidence::{Attack, AttackKind, Evidence, round};
use crate::message::Messages;
use crate::percent::percent;
use crate::words;
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use reident_attacks::persons::Persons;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt::Write;

/// The format that this program writes and reads.
pub const SCHEMA: &str = "reident/persons/v1";

/// The file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonsFile {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// SHA-256 of the release's file; none of a release that was in memory.
    pub release: Option<String>,
    /// Rows of the original.
    pub rows: u64,
    /// Confidence of the intervals that decide which attackers do better than chance.
    pub confidence: f64,
    /// The attackers, in the order of the evidence.
    pub attackers: Vec<PersonsAttacker>,
    /// Whom any of them hit, the most exposed first.
    pub exposed: Vec<ExposedPerson>,
}

/// An attacker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonsAttacker {
    /// The attack.
    pub attack: AttackKind,
    /// What the attacker does, in a few English words.
    pub does: String,
    /// Names of the columns known of a person; none of an attacker who knows nothing of anybody.
    pub known: Option<Vec<String>>,
    /// Persons attacked.
    pub attacked: u64,
    /// Persons hit.
    pub hit: u64,
    /// What a person is worth by chance, from 0 to 1.
    pub chance: f64,
    /// Whether the risk lies above 0 with its whole interval.
    pub above_chance: bool,
}

/// A person whom somebody hit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExposedPerson {
    /// Rows in the original's file, from 1, the first under the header.
    pub rows: Vec<u64>,
    /// The share of attackers that hit, net of chance; none where chance hits everybody.
    pub exposure: Option<f64>,
    /// How many attackers attacked the person.
    pub attacked_by: u32,
    /// Who hit, by position in `attackers`.
    pub hit_by: Vec<u32>,
    /// Whose known columns are the fewest, among those who hit and do better than chance.
    pub cheapest: Option<u32>,
}

impl PersonsFile {
    /// From the evidence of a run and who was hit in it; `row_in_file` gives the number of a row in its file, from 1.
    pub fn new(
        evidence: &Evidence,
        persons: &Persons,
        known: impl Fn(usize) -> Option<Vec<String>>,
        row_in_file: impl Fn(u32) -> u64,
    ) -> PersonsFile {
        let attacker = |(at, attack): (usize, &Attack)| {
            let reach = persons.attackers.get(at).copied().flatten();
            PersonsAttacker {
                attack: attack.attack,
                does: words::attacker(&evidence.inputs, &attack.attacker),
                known: known(at),
                attacked: reach.map_or(0, |reach| reach.attacked),
                hit: reach.map_or(0, |reach| reach.hit),
                chance: reach.map_or(0.0, |reach| round(reach.chance)),
                above_chance: reach.is_some_and(|reach| reach.is_above_chance),
            }
        };
        let exposed = persons.hit.iter().map(|person| ExposedPerson {
            rows: person.rows.iter().map(|row| row_in_file(*row)).collect(),
            exposure: person.exposure.map(round),
            attacked_by: person.attacked_by,
            hit_by: person.hit_by.clone(),
            cheapest: person.cheapest,
        });
        PersonsFile {
            schema: SCHEMA.to_owned(),
            release: evidence.inputs.anonymized.sha256.clone(),
            rows: evidence.inputs.original.rows,
            confidence: evidence.settings.confidence,
            attackers: evidence.attacks.iter().enumerate().map(attacker).collect(),
            exposed: exposed.collect(),
        }
    }

    /// The text of the file.
    pub fn write(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("numbers and texts are plain JSON");
        text.push('\n');
        text
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn read(text: &str) -> Result<PersonsFile, String> {
        let file: PersonsFile = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if file.schema != SCHEMA {
            return Err("this is no file of persons; `evaluate --persons` writes one".to_owned());
        }
        for (at, person) in file.exposed.iter().enumerate() {
            let wrong = |what: &str| Err(format!("/exposed/{at}: {what}"));
            if person.rows.is_empty() || person.rows.contains(&0) {
                return wrong("rows are counted from 1, and a person has at least one");
            }
            let beyond = |attacker: &u32| *attacker as usize >= file.attackers.len();
            if person.hit_by.iter().chain(&person.cheapest).any(beyond) {
                return wrong("there is no attacker of that position");
            }
            if person.exposure.is_some_and(|exposure| !(0.0..=1.0).contains(&exposure)) {
                return wrong("an exposure is between 0 and 1");
            }
        }
        Ok(file)
    }

    /// Persons whom at least one attacker of an attack hit.
    fn hit_in(&self, attack: AttackKind) -> usize {
        let is_hit = |person: &&ExposedPerson| {
            person.hit_by.iter().any(|attacker| self.attackers[*attacker as usize].attack == attack)
        };
        self.exposed.iter().filter(is_hit).count()
    }

    /// Counts per attack and the first persons, for a terminal of that width.
    pub fn render(&self, top: usize, texts: &Messages, width: u16) -> String {
        let mut shown = texts.text("persons.confidential").to_owned();
        let _ = writeln!(shown, "\n");
        let mut table = new_table(width);
        let header = ["persons.attack", "persons.attackers", "persons.persons", "persons.chance"];
        table.set_header(header.map(|key| texts.text(key)));
        let played: BTreeSet<AttackKind> = self.attackers.iter().map(|attacker| attacker.attack).collect();
        for attack in AttackKind::ALL.iter().filter(|attack| played.contains(attack)) {
            let of_attack = || self.attackers.iter().filter(|attacker| attacker.attack == *attack);
            let above = of_attack().filter(|attacker| attacker.above_chance).count();
            let chance = of_attack().map(|attacker| attacker.chance).fold(0.0, f64::max);
            table.add_row([
                texts.of_attack("attack.{attack}", *attack).to_owned(),
                texts.fill(
                    "persons.above",
                    &[("count", &of_attack().count().to_string()), ("above", &above.to_string())],
                ),
                self.hit_in(*attack).to_string(),
                percent(chance),
            ]);
        }
        let _ = writeln!(shown, "{table}\n");
        let counts =
            [("shown", self.exposed.len().min(top)), ("hit", self.exposed.len()), ("rows", self.rows as usize)];
        let counts = counts.map(|(name, count)| (name, count.to_string()));
        let counts = counts.each_ref().map(|(name, count)| (*name, count.as_str()));
        let _ = writeln!(shown, "{}", texts.fill("persons.listed", &counts));
        let mut table = new_table(width);
        let header = ["persons.row", "persons.exposure", "persons.hit_by", "persons.attacks", "persons.cheapest"];
        table.set_header(header.map(|key| texts.text(key)));
        for person in self.exposed.iter().take(top) {
            table.add_row(self.row(person, texts));
        }
        for column in 1..3 {
            table.column_mut(column).into_iter().for_each(|column| column.set_cell_alignment(CellAlignment::Right));
        }
        let _ = writeln!(shown, "{table}");
        shown
    }

    fn row(&self, person: &ExposedPerson, texts: &Messages) -> [String; 5] {
        let hits = || person.hit_by.iter().map(|attacker| &self.attackers[*attacker as usize]);
        let attacks: BTreeSet<AttackKind> = hits().map(|attacker| attacker.attack).collect();
        let per_attack = attacks.iter().map(|attack| {
            let count = hits().filter(|attacker| attacker.attack == *attack).count();
            let name = texts.of_attack("attack.{attack}", *attack);
            texts.fill("persons.times", &[("attack", name), ("count", &count.to_string())])
        });
        let known = person.cheapest.and_then(|attacker| self.attackers[attacker as usize].known.as_ref());
        [
            texts.list(&person.rows.iter().map(u64::to_string).collect::<Vec<_>>()),
            person.exposure.map_or("–".to_owned(), percent),
            format!("{} / {}", person.hit_by.len(), person.attacked_by),
            per_attack.collect::<Vec<_>>().join(texts.text("list.separator")),
            known.map_or("–".to_owned(), |known| texts.list(known)),
        ]
    }
}

fn new_table(width: u16) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_BORDERS_ONLY).set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    table
}
