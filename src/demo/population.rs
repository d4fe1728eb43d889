//! A fictional population of customers of a clinic. Nobody in it exists.

use crate::input::memory::Values;
use reident_attacks::sampling::{Stream, Task};
use std::fmt::Write;

/// One fictional person.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    pub age: u32,
    pub income: u32,
    pub visits: u32,
    /// Days since 1970-01-01.
    pub visit_day: u32,
    pub sex: &'static str,
    pub district: &'static str,
    pub occupation: &'static str,
    pub diagnosis: &'static str,
}

/// The three tables, with what is true about them.
#[derive(Debug)]
pub struct World {
    /// Persons the release was made from.
    pub original: Vec<Person>,
    /// The release.
    pub release: Vec<Person>,
    /// Persons who are in no other table.
    pub control: Vec<Person>,
    /// Rows of the release that are copies of originals.
    pub leaked: usize,
}

const DISTRICTS: [&str; 16] = [
    "海淀区",
    "朝阳区",
    "西城区",
    "东城区",
    "丰台区",
    "通州区",
    "大兴区",
    "昌平区",
    "顺义区",
    "房山区",
    "石景山区",
    "门头沟区",
    "怀柔区",
    "平谷区",
    "密云区",
    "延庆区",
];
const OCCUPATIONS: [(&str, f64); 14] = [
    ("工程师", 1.5),
    ("教师", 1.1),
    ("医生", 1.7),
    ("护士", 1.0),
    ("会计", 1.1),
    ("司机", 0.8),
    ("销售员", 0.9),
    ("厨师", 0.8),
    ("公务员", 1.2),
    ("律师", 1.9),
    ("建筑工人", 0.7),
    ("学生", 0.2),
    ("退休人员", 0.5),
    ("农民", 0.5),
];
/// Diagnoses from frequent to rare; the last ones are the sensitive ones.
const DIAGNOSES: [(&str, f64); 10] = [
    ("健康", 0.42),
    ("高血压", 0.18),
    ("感冒", 0.14),
    ("糖尿病", 0.09),
    ("哮喘", 0.06),
    ("骨折", 0.05),
    ("抑郁症", 0.03),
    ("肝炎", 0.015),
    ("癫痫", 0.01),
    ("艾滋病", 0.005),
];
const FIRST_VISIT: u32 = 19_723; // 2024-01-01
const VISIT_DAYS: u64 = 731;
/// First and last day of a visit.
pub(super) const VISITS: (u32, u32) = (FIRST_VISIT, FIRST_VISIT + VISIT_DAYS as u32 - 1);

impl World {
    /// Tables of so many rows each; a share of the release's rows are copies of originals, without replacement.
    pub fn new(rows: usize, leak: f64, seed: u64) -> World {
        let persons = |table: u64, rows: usize| {
            let mut stream = Stream::new(seed, Task::Population, table);
            (0..rows).map(|_| Person::draw(&mut stream)).collect::<Vec<_>>()
        };
        let original = persons(0, rows);
        let leaked = ((rows as f64 * leak).round() as usize).min(rows);
        let mut stream = Stream::new(seed, Task::Population, 3);
        let mut release: Vec<Person> =
            stream.sample(rows, leaked).into_iter().map(|row| original[row].clone()).collect();
        release.extend(persons(1, rows - leaked));
        stream.shuffle(&mut release);
        World { original, release, control: persons(2, rows), leaked }
    }
}

impl Person {
    fn draw(stream: &mut Stream) -> Person {
        let age = (44.0 + 17.0 * stream.normal()).clamp(18.0, 95.0) as u32;
        let (occupation, pay) = match age {
            ..23 if stream.unit() < 0.7 => OCCUPATIONS[11],
            60.. if stream.unit() < 0.85 => OCCUPATIONS[12],
            _ => OCCUPATIONS[pick(stream, OCCUPATIONS.len())],
        };
        let experience = 0.7 + f64::from(age.min(55)) / 90.0;
        let income = 98_000.0 * pay * experience * (0.35 * stream.normal()).exp();
        // Every tenth person comes often, most not at all beyond the one visit.
        let visits = if stream.unit() < 0.6 { 0 } else { 1 + (-(1.0 - stream.unit()).ln() * 3.0) as u32 };
        let frailty = f64::from(age) / 120.0;
        let chance = (stream.unit() * (1.0 - 0.25 * frailty) + 0.25 * frailty).min(0.999_999);
        let mut below = 0.0;
        let diagnosis = DIAGNOSES.iter().find(|(_, share)| {
            below += share;
            chance < below
        });
        Person {
            age,
            income: (income / 10.0).round() as u32 * 10,
            visits,
            visit_day: FIRST_VISIT + stream.below(VISIT_DAYS) as u32,
            sex: if stream.unit() < 0.51 { "女" } else { "男" },
            district: DISTRICTS[pick(stream, DISTRICTS.len())],
            occupation,
            diagnosis: diagnosis.unwrap_or(&DIAGNOSES[0]).0,
        }
    }
}

/// An index that favours the first entries, as city districts do.
fn pick(stream: &mut Stream, entries: usize) -> usize {
    let unit = stream.unit();
    ((unit * unit * 0.6 + unit * 0.4) * entries as f64) as usize
}

/// The persons as columns.
pub fn values(persons: &[Person]) -> Vec<(String, Values)> {
    let numbers = |of: fn(&Person) -> u32| persons.iter().map(|person| Some(i64::from(of(person)))).collect();
    let texts = |of: fn(&Person) -> &'static str| persons.iter().map(|person| Some(of(person).to_owned())).collect();
    let columns = [
        ("age", Values::Integers(numbers(|person| person.age))),
        ("income", Values::Integers(numbers(|person| person.income))),
        ("visits", Values::Integers(numbers(|person| person.visits))),
        ("visit_date", Values::Days(persons.iter().map(|person| Some(person.visit_day as i32)).collect())),
        ("sex", Values::Texts(texts(|person| person.sex))),
        ("district", Values::Texts(texts(|person| person.district))),
        ("occupation", Values::Texts(texts(|person| person.occupation))),
        ("diagnosis", Values::Texts(texts(|person| person.diagnosis))),
    ];
    columns.map(|(name, values)| (name.to_owned(), values)).into()
}

/// The persons as CSV, one a row.
pub fn csv(persons: &[Person]) -> String {
    let mut text = String::from("age,income,visits,visit_date,sex,district,occupation,diagnosis\n");
    for person in persons {
        let Person { age, income, visits, visit_day, sex, district, occupation, diagnosis } = person;
        let date = date(*visit_day);
        let _ = writeln!(text, "{age},{income},{visits},{date},{sex},{district},{occupation},{diagnosis}");
    }
    text
}

/// A day of 2024 or 2025 as ISO 8601.
fn date(day: u32) -> String {
    let mut rest = day - FIRST_VISIT;
    let (year, february) = if rest < 366 { (2024, 29) } else { (2025, 28) };
    if year == 2025 {
        rest -= 366;
    }
    let months = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 1;
    for days in months {
        if rest < days {
            break;
        }
        rest -= days;
        month += 1;
    }
    format!("{year}-{month:02}-{:02}", rest + 1)
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn dates_of_known_days() {
        assert_eq!(date(FIRST_VISIT), "2024-01-01");
        assert_eq!(date(FIRST_VISIT + 59), "2024-02-29");
        assert_eq!(date(FIRST_VISIT + 366), "2025-01-01");
        assert_eq!(date(FIRST_VISIT + 730), "2025-12-31");
    }

    #[test]
    fn the_stated_share_is_copied() {
        let world = World::new(500, 0.2, 1);
        let copied = world.release.iter().filter(|person| world.original.contains(person)).count();
        assert_eq!((world.leaked, copied), (100, 100));
        assert_eq!(world.control.len(), 500);
        assert_eq!(World::new(500, 0.2, 1).release, world.release);
    }
}
