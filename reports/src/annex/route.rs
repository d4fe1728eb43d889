//! The route by which personal information may leave the country: the first row of the table that applies.
//!
//! An answer that is not known counts as neither yes nor no: the table is read with every answer it could have, and where the
//! row depends on it the route is undetermined and every possible row is told.

use super::calendar::Date;
use super::manifest::{Exemption, FilingRoute, ImportantData, Manifest, Sector, YesNo};
use super::rules::{Rules, Volume};
use serde::Serialize;
use std::collections::BTreeSet;

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Row {
    /// Core data or a state secret: stop.
    R0,
    /// Important data, notified or published: security assessment.
    R1,
    /// Automotive data that may be important: a warning, and no route by itself.
    #[serde(rename = "R1a")]
    R1a,
    /// No personal information is left, in the processor's judgement.
    R2,
    /// Foreign data in transit.
    R3,
    /// Necessary for a contract, employment, an emergency or a duty by law.
    R4,
    /// Outside of a published negative list.
    R5,
    /// An operator of critical infrastructure: security assessment.
    R6,
    /// Many persons: security assessment.
    R7,
    /// A middle number of persons: standard contract or certification.
    R8,
    /// Few persons: exempt from the three routes.
    R9,
}

impl Row {
    /// All rows, in the order of the table.
    pub const ALL: [Row; 11] =
        [Row::R0, Row::R1, Row::R1a, Row::R2, Row::R3, Row::R4, Row::R5, Row::R6, Row::R7, Row::R8, Row::R9];

    /// Its name.
    pub fn id(self) -> &'static str {
        match self {
            Row::R0 => "R0",
            Row::R1 => "R1",
            Row::R1a => "R1a",
            Row::R2 => "R2",
            Row::R3 => "R3",
            Row::R4 => "R4",
            Row::R5 => "R5",
            Row::R6 => "R6",
            Row::R7 => "R7",
            Row::R8 => "R8",
            Row::R9 => "R9",
        }
    }

    /// How much the row asks for: the larger, the stronger.
    pub fn strength(self) -> u8 {
        match self {
            Row::R0 => 4,
            Row::R1 | Row::R6 | Row::R7 => 3,
            Row::R8 => 2,
            Row::R3 | Row::R4 | Row::R5 | Row::R9 => 1,
            Row::R1a | Row::R2 => 0,
        }
    }
}

/// What must be said beside the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// R1a: automotive data may be important data.
    Automotive,
    /// The filer itself holds the data to be important: declare it.
    SelfIdentified,
    /// The row is no legal determination.
    NotLegal,
    /// The sums are upper bounds, since persons were not counted once each.
    UpperBound,
    /// The number of persons lies close below a limit.
    NearPersons,
    /// The number of persons with sensitive information lies close below a limit.
    NearSensitive,
    /// The data stand on the area's list, which governs: decide by hand.
    ListGoverns,
    /// Whether persons of an exempt export count in the bands is practice, not text.
    ExemptNotCounted,
    /// Both ends lie in the Greater Bay Area: its own contract may be used.
    BayArea,
    /// What went out under contract or certification earlier this year is counted in.
    EarlierCounted,
    /// Important data were told: declare within the term.
    ToldOn,
    /// Notice, consent, assessment and records remain.
    DutiesRemain,
}

impl Note {
    /// Key of its sentence.
    pub fn key(self) -> &'static str {
        match self {
            Note::Automotive => "annex.route_note.automotive",
            Note::SelfIdentified => "annex.route_note.self_identified",
            Note::NotLegal => "annex.route_note.not_legal",
            Note::UpperBound => "annex.route_note.upper_bound",
            Note::NearPersons => "annex.route_note.near_persons",
            Note::NearSensitive => "annex.route_note.near_sensitive",
            Note::ListGoverns => "annex.route_note.list_governs",
            Note::ExemptNotCounted => "annex.route_note.exempt_not_counted",
            Note::BayArea => "annex.route_note.bay_area",
            Note::EarlierCounted => "annex.route_note.earlier_counted",
            Note::ToldOn => "annex.route_note.told_on",
            Note::DutiesRemain => "annex.route_note.duties_remain",
        }
    }
}

/// What the table is read with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// Core data or a state secret.
    pub core_or_secret: YesNo,
    /// Whether the data are important data.
    pub important: ImportantData,
    /// When the filer was told that they are.
    pub told_on: Option<Date>,
    /// Whether the filer is of the automotive sector.
    pub automotive: bool,
    /// Persons that the data are about, as far as stated.
    pub subjects: u64,
    /// Whether a column is declared to hold important data.
    pub important_column: bool,
    /// Conclusion C1, and somebody decided that the data are anonymous.
    pub anonymized: bool,
    /// The exemption that the filer claims.
    pub exemption: Exemption,
    /// The negative list, where an area is named: registered there, sector covered, data on the list.
    pub list: Option<[YesNo; 3]>,
    /// Whether the filer operates critical infrastructure.
    pub ciio: YesNo,
    /// Persons without sensitive information, this year, this transfer included.
    pub persons: u64,
    /// Persons with sensitive information.
    pub sensitive: u64,
    /// Whether each person is counted once.
    pub deduplicated: bool,
    /// Whether both ends lie in the Greater Bay Area.
    pub bay_area: bool,
}

impl Facts {
    /// The facts of a manifest. `anonymized` is whether the conclusion is C1.
    pub fn of(manifest: &Manifest, conclusion_is_c1: bool) -> Facts {
        let volume = &manifest.volume;
        let persons = volume.non_sensitive_before.unwrap_or(0).saturating_add(volume.non_sensitive.unwrap_or(0));
        let sensitive = volume.sensitive_before.unwrap_or(0).saturating_add(volume.sensitive.unwrap_or(0));
        let subjects = manifest.dataset.subjects.unwrap_or(0);
        let list = &manifest.negative_list;
        Facts {
            core_or_secret: manifest.important_data.core_or_secret,
            important: manifest.important_data.status,
            told_on: manifest.important_data.told_on,
            automotive: manifest.filer.sector == Some(Sector::Automotive),
            subjects: subjects.max(persons.saturating_add(sensitive)),
            important_column: manifest.columns.iter().any(|column| column.important),
            anonymized: conclusion_is_c1 && manifest.claim.accepted_by.is_some(),
            exemption: manifest.exemption.kind.unwrap_or(Exemption::None),
            list: (!list.area.is_empty()).then_some([list.registered, list.sector_covered, list.listed]),
            ciio: manifest.filer.ciio,
            persons,
            sensitive,
            deduplicated: volume.deduplicated.unwrap_or(false),
            bay_area: manifest.gba.both_ends == YesNo::Yes,
        }
    }
}

/// The route found, or the rows that are possible while an answer is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Route {
    /// The possible rows, in the order of the table; one when the route is found.
    pub rows: Vec<Row>,
    /// Keys of the manifest whose answers are missing and decide.
    pub missing: Vec<&'static str>,
    /// What must be said beside.
    pub notes: Vec<Note>,
    /// Persons without sensitive information that were compared.
    pub persons: u64,
    /// Persons with sensitive information that were compared.
    pub sensitive: u64,
}

impl Route {
    /// The row, when there is exactly one.
    pub fn row(&self) -> Option<Row> {
        match self.rows[..] {
            [row] if self.missing.is_empty() => Some(row),
            _ => None,
        }
    }

    /// The least that any possible row asks for.
    pub fn weakest(&self) -> u8 {
        self.rows.iter().map(|row| row.strength()).min().unwrap_or(0)
    }

    /// The most that any possible row asks for.
    pub fn strongest(&self) -> u8 {
        self.rows.iter().map(|row| row.strength()).max().unwrap_or(0)
    }
}

/// How much the route that a filer intends asks for; `None` when the filer does not say.
pub fn intended(route: FilingRoute) -> Option<u8> {
    match route {
        FilingRoute::SecurityAssessment => Some(Row::R7.strength()),
        FilingRoute::Scc | FilingRoute::Certification | FilingRoute::Gba => Some(Row::R8.strength()),
        FilingRoute::None => Some(Row::R9.strength()),
        FilingRoute::Unknown => None,
    }
}

const UNKNOWNS: [&str; 6] = [
    "important_data.core_or_secret",
    "important_data.status",
    "negative_list.registered",
    "negative_list.sector_covered",
    "negative_list.listed",
    "filer.ciio",
];

/// Reads the table.
pub fn route(facts: &Facts, rules: &Rules) -> Route {
    // Every way in which the unknown answers could turn out. A bit says that the answer is the unfavourable one.
    let open: Vec<usize> = (0..UNKNOWNS.len()).filter(|at| is_unknown(facts, *at)).collect();
    let readings: Vec<(Facts, Row)> = (0..1u32 << open.len())
        .map(|bits| {
            let mut read = *facts;
            for (bit, at) in open.iter().enumerate() {
                answer(&mut read, *at, bits >> bit & 1 == 1);
            }
            (read, first_row(&read, &rules.volume))
        })
        .collect();
    let rows: BTreeSet<Row> = readings.iter().map(|(_, row)| *row).collect();
    // An answer is missing where changing it alone changes the row.
    let decides = |bit: usize| (0..readings.len()).any(|at| readings[at].1 != readings[at ^ 1 << bit].1);
    let mut missing: Vec<&'static str> =
        open.iter().enumerate().filter(|(bit, _)| decides(*bit)).map(|(_, at)| UNKNOWNS[*at]).collect();
    let rows: Vec<Row> = rows.into_iter().collect();
    let notes = notes(facts, rules, &rows);
    if notes.contains(&Note::ListGoverns) {
        missing.push("negative_list.list");
    }
    Route { rows, missing, notes, persons: facts.persons, sensitive: facts.sensitive }
}

fn is_unknown(facts: &Facts, at: usize) -> bool {
    match at {
        0 => facts.core_or_secret == YesNo::Unknown,
        1 => facts.important == ImportantData::Unknown,
        2..=4 => facts.list.is_some_and(|list| list[at - 2] == YesNo::Unknown),
        _ => facts.ciio == YesNo::Unknown,
    }
}

fn answer(facts: &mut Facts, at: usize, yes: bool) {
    let answer = if yes { YesNo::Yes } else { YesNo::No };
    match at {
        0 => facts.core_or_secret = answer,
        1 => facts.important = if yes { ImportantData::Notified } else { ImportantData::None },
        2..=4 => {
            facts.list = facts.list.map(|mut list| {
                list[at - 2] = answer;
                list
            })
        }
        _ => facts.ciio = answer,
    }
}

/// The first row that applies, all answers being known.
fn first_row(facts: &Facts, volume: &Volume) -> Row {
    let yes = |answer: YesNo| answer == YesNo::Yes;
    let no = |answer: YesNo| answer == YesNo::No;
    if yes(facts.core_or_secret) {
        Row::R0
    } else if matches!(facts.important, ImportantData::Notified | ImportantData::Published) {
        Row::R1
    } else if facts.anonymized {
        Row::R2
    } else if facts.exemption == Exemption::Transit {
        Row::R3
    } else if facts.exemption != Exemption::None {
        Row::R4
    } else if facts.list.is_some_and(|[registered, covered, listed]| yes(registered) && yes(covered) && no(listed))
        && no(facts.ciio)
    {
        Row::R5
    } else if yes(facts.ciio) {
        Row::R6
    } else if facts.persons >= volume.assessment_persons.value || facts.sensitive >= volume.assessment_sensitive.value {
        Row::R7
    } else if facts.persons >= volume.filing_persons.value || facts.sensitive >= volume.filing_sensitive.value {
        Row::R8
    } else {
        Row::R9
    }
}

fn notes(facts: &Facts, rules: &Rules, rows: &[Row]) -> Vec<Note> {
    let volume = &rules.volume;
    let any = |wanted: &[Row]| rows.iter().any(|row| wanted.contains(row));
    let counted = any(&[Row::R7, Row::R8, Row::R9]);
    let told = matches!(facts.important, ImportantData::Notified | ImportantData::Published);
    // The filer's data are important only once they were told or published to be (Order 16, article 2).
    let automotive =
        facts.automotive && !told && (facts.subjects > volume.automotive_persons.value || facts.important_column);
    let near = |count: u64, limit: u64| {
        let share = u128::from(limit) * u128::from(100 - volume.warn_percent.value.min(100));
        count < limit && u128::from(count) * 100 >= share
    };
    let near_persons =
        [&volume.assessment_persons, &volume.filing_persons].iter().any(|it| near(facts.persons, it.value));
    let listed = facts.list.is_some_and(|list| list[2] == YesNo::Yes) && any(&[Row::R6, Row::R7, Row::R8, Row::R9]);
    let found = [
        (
            automotive && any(&[Row::R2, Row::R3, Row::R4, Row::R5, Row::R6, Row::R7, Row::R8, Row::R9]),
            Note::Automotive,
        ),
        (facts.important == ImportantData::SelfIdentified, Note::SelfIdentified),
        (any(&[Row::R1]) && facts.told_on.is_some(), Note::ToldOn),
        (any(&[Row::R2]), Note::NotLegal),
        (listed, Note::ListGoverns),
        (any(&[Row::R3, Row::R4, Row::R5]), Note::ExemptNotCounted),
        (counted && !facts.deduplicated, Note::UpperBound),
        (counted && near_persons, Note::NearPersons),
        (counted && near(facts.sensitive, volume.assessment_sensitive.value), Note::NearSensitive),
        (any(&[Row::R7]), Note::EarlierCounted),
        (any(&[Row::R8]) && facts.bay_area, Note::BayArea),
        (any(&[Row::R3, Row::R4, Row::R5, Row::R9]), Note::DutiesRemain),
    ];
    found.into_iter().filter_map(|(is, note)| is.then_some(note)).collect()
}

#[cfg(test)]
#[path = "route_test.rs"]
mod test;
