//! Columns that are named as quasi-identifiers are: a proposal where nobody has said which they are.
//!
//! # Source
//! GB/T 42460-2023 annex B (as a secondary source gives it): sex, birth date or age, dates of events, location, ethnic origin,
//! nationality or origin, language, minority status, occupation or employer, marital status, education, years of schooling, total
//! income, religion.

/// What a quasi-identifier says of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QuasiKind {
    /// Sex.
    Sex,
    /// Birth date or age.
    Age,
    /// The date of an event.
    EventDate,
    /// Place, region or postal code.
    Location,
    /// Ethnic origin.
    Ethnicity,
    /// Nationality, or country of origin.
    Nationality,
    /// Language.
    Language,
    /// Occupation or employer.
    Occupation,
    /// Marital status or household.
    MaritalStatus,
    /// Education, or years of schooling.
    Education,
    /// Income.
    Income,
    /// Religion.
    Religion,
}

/// Kinds with the words, in lower case, that name them. Chinese words may stand anywhere in a name.
const WORDS: [(QuasiKind, &str, &[&str], &str); 12] = [
    (QuasiKind::Sex, "sex", &["sex", "gender"], "性别"),
    (QuasiKind::Age, "age", &["age", "birth", "birthday", "birthdate", "dob", "birthyear", "born"], "年龄 出生 生日"),
    (QuasiKind::EventDate, "event_date", &["date", "day", "admission", "discharge"], "日期 入院 出院 时间"),
    (
        QuasiKind::Location,
        "location",
        &[
            "zip", "zipcode", "postcode", "postal", "city", "county", "district", "region", "state", "province",
            "address", "puma", "area",
        ],
        "邮编 城市 区县 地区 省份 地址 街道 户籍",
    ),
    (QuasiKind::Ethnicity, "ethnicity", &["race", "ethnicity", "ethnic"], "民族 种族"),
    (QuasiKind::Nationality, "nationality", &["nationality", "country", "citizenship", "birthplace"], "国籍 籍贯"),
    (QuasiKind::Language, "language", &["language"], "语言"),
    (
        QuasiKind::Occupation,
        "occupation",
        &["occupation", "job", "profession", "employer", "workclass"],
        "职业 工作 单位",
    ),
    (QuasiKind::MaritalStatus, "marital_status", &["marital", "married", "relationship"], "婚姻"),
    (QuasiKind::Education, "education", &["education", "schooling", "degree", "educ"], "学历 教育"),
    (QuasiKind::Income, "income", &["income", "salary", "wage"], "收入 工资"),
    (QuasiKind::Religion, "religion", &["religion"], "宗教"),
];

impl QuasiKind {
    /// The name used in evidence.
    pub fn name(self) -> &'static str {
        WORDS.iter().find(|(kind, ..)| *kind == self).map_or("", |(_, name, ..)| name)
    }
}

/// The kind that a column is named for.
pub fn quasi_kind(name: &str) -> Option<QuasiKind> {
    let lower = name.trim().to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
    let is_named = |(_, _, latin, chinese): &&(QuasiKind, &str, &[&str], &str)| {
        words.iter().any(|word| latin.contains(word)) || chinese.split(' ').any(|word| lower.contains(word))
    };
    WORDS.iter().find(is_named).map(|(kind, ..)| *kind)
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn columns_are_proposed_by_their_names() {
        let of = |name| quasi_kind(name).map(QuasiKind::name);
        for (name, kind) in [
            ("age", "age"),
            ("Date of Birth", "age"),
            ("marital-status", "marital_status"),
            ("native-country", "nationality"),
            ("visit_date", "event_date"),
            ("性别", "sex"),
            ("出生日期", "age"),
            ("ZIP", "location"),
        ] {
            assert_eq!(of(name), Some(kind), "{name}");
        }
        for name in ["stage", "usage", "fnlwgt", "diagnosis", "诊断", "id"] {
            assert_eq!(of(name), None, "{name}");
        }
    }
}
