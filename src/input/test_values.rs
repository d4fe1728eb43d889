//! Kinds and values.

use super::exact::Reader;
use super::generalized::interval;
use super::test::{Files, category, kind, names, released};
use super::*;
use proptest::prelude::*;
use reident_attacks::table::{Cell, Interval, Kind};
use std::collections::BTreeMap;

fn kind_of(values: &[&str]) -> Kind {
    let files = Files::new();
    let text = format!("v,w\n{}", values.iter().map(|value| format!("{value},1\n")).collect::<String>());
    kind(&files.pair(&text, &text, &ReadOptions::default()).unwrap(), "v")
}

#[test]
fn kinds_come_from_values() {
    assert_eq!(kind_of(&["1", "-2.5", "+3", ".5", "1e-3", "", " 7 "]), Kind::Numeric);
    assert_eq!(kind_of(&["0", "0.5", "-0", "10"]), Kind::Numeric);
    assert_eq!(kind_of(&["007", "123"]), Kind::Categorical);
    assert_eq!(kind_of(&["9007199254740993", "1"]), Kind::Categorical);
    assert_eq!(kind_of(&["1", "nan", "-inf"]), Kind::Numeric);
    assert_eq!(kind_of(&["nan", "nan"]), Kind::Categorical);
    assert_eq!(kind_of(&["true", "False"]), Kind::Boolean);
    assert_eq!(kind_of(&["yes", "no"]), Kind::Categorical);
    assert_eq!(kind_of(&["2024-02-29", "1999/1/5"]), Kind::Date);
    assert_eq!(kind_of(&["2023-02-29", "1999-01-05"]), Kind::Categorical);
    assert_eq!(kind_of(&["20240229"]), Kind::Numeric);
    assert_eq!(kind_of(&["2024-02-29", "2024-02-29T12:30:00Z"]), Kind::DateTime);
    assert_eq!(kind_of(&["12:30", "09:15:59.5"]), Kind::DateTime);
    assert_eq!(kind_of(&["1", "x"]), Kind::Categorical);
    assert_eq!(kind_of(&["", ""]), Kind::Categorical);
}

#[test]
fn equal_values_are_one_whatever_their_spelling() {
    let files = Files::new();
    let options = ReadOptions { nulls: vec!["?".to_owned()], ..ReadOptions::default() };
    let loaded = files.pair("a,b\n30,x\n-0.0,y\n?,z\n", "a,b\n30.0, x \n0,?\n3e1,\n", &options).unwrap();
    assert_eq!(released(&loaded, "a"), [Cell::Number(30.0), Cell::Number(0.0), Cell::Number(30.0)]);
    assert_eq!(released(&loaded, "b"), [category("x"), Cell::Missing, Cell::Missing]);
    assert_eq!(loaded.tables.original.column(0), [2, 1, 0]);
    assert!(names(&loaded.warnings).contains(&"nulls_in_one_table"));
}

#[test]
fn infinities_are_missing_and_counted() {
    let files = Files::new();
    let loaded = files.pair("a,b\n1,x\nNaN,x\ninf,y\n2e301,y\n", "a,b\n1,x\n", &ReadOptions::default()).unwrap();
    assert_eq!(loaded.tables.original.column(0), [1, 0, 0, 0]);
    let warning = loaded.warnings.iter().find(|warning| warning.name == "not_finite").unwrap();
    assert_eq!((warning.count, warning.total), (Some(3), Some(4)));
}

#[test]
fn a_mixed_column_is_categorical_and_said_so() {
    let files = Files::new();
    let loaded = files.pair("a,b\n1,1\n2,2\nlow,3\n4,4\n", "a,b\n1,1\n", &ReadOptions::default()).unwrap();
    assert_eq!(kind(&loaded, "a"), Kind::Categorical);
    let warning = loaded.warnings.iter().find(|warning| warning.name == "mixed_column").unwrap();
    assert_eq!((warning.count, warning.total), (Some(3), Some(4)));
    assert!(names(&loaded.warnings).contains(&"kind_differs"), "the release alone would be numeric");
}

#[test]
fn configured_kinds_accept_what_they_must_mean() {
    let files = Files::new();
    let kinds = [("d", Kind::Date), ("n", Kind::Numeric), ("b", Kind::Boolean), ("c", Kind::Categorical)];
    let kinds: BTreeMap<_, _> = kinds.map(|(name, kind)| (name.to_owned(), kind)).into();
    let options = ReadOptions { kinds, ..ReadOptions::default() };
    let original = "d,n,b,c\n19700102,007,yes,1\n19700103,7,no,2\n19700103,9,no,2\n";
    let release = "d,n,b,c\n1970-01-03,7,0,1.0\n1970-01-03,7,0,2\n1970-01-02,9,1,2\n";
    let loaded = files.pair(original, release, &options).unwrap();
    assert_eq!(released(&loaded, "d")[0], Cell::Number(2.0));
    assert_eq!(loaded.tables.original.column(0), [1, 2, 2]);
    assert_eq!(released(&loaded, "n")[0], Cell::Number(7.0));
    assert_eq!(released(&loaded, "b")[0], category("false"));
    assert_eq!(released(&loaded, "c")[0], category("1"), "a number is a number among categories too");
}

#[test]
fn a_numeric_release_may_be_generalized() {
    let files = Files::new();
    let release = "age,k\n30-39,1\n\"[30,40)\",1\n>=65,1\n*,1\n31,1\n,1\n**,1\n3*,1\n";
    let loaded = files.pair("age,k\n31,1\n70,1\n,1\n", release, &ReadOptions::default()).unwrap();
    let half_open = Interval { hi_included: false, ..Interval::closed(30.0, 40.0) };
    let over = Interval { hi_included: false, ..Interval::closed(65.0, f64::INFINITY) };
    let thirties = Cell::Interval(Interval::closed(30.0, 39.0));
    let expected = [
        thirties.clone(),
        Cell::Interval(half_open),
        Cell::Interval(over),
        Cell::Suppressed,
        Cell::Number(31.0),
        Cell::Missing,
        Cell::Suppressed,
        thirties,
    ];
    assert_eq!(released(&loaded, "age"), expected);
    let counts = loaded.columns[0].anonymized.as_ref().unwrap();
    assert_eq!((counts.generalized, counts.suppressed, counts.missing), (4, 2, 1));
    // `*` and `**`, and `30-39` and `3*`, are one cell each.
    assert_eq!((counts.distinct, counts.min, counts.max), (5, Some(31.0), Some(31.0)));
    let loaded = files.pair("age,k\n31,1\n70,1\n", "age,k\n*,1\n**,1\n", &ReadOptions::default()).unwrap();
    let constant =
        |warning: &&InputWarning| warning.name == "constant_column" && warning.column.as_deref() == Some("age");
    assert!(loaded.warnings.iter().any(|warning| constant(&warning)), "all that is known is nothing");
}

#[test]
fn a_categorical_release_may_hold_sets_and_masks() {
    let files = Files::new();
    let original = "zip,s\n01300,x\n01311,y\n02000,*\n";
    let release = "zip,s\n013**,*\n\"{01311,02000}\",y\n*,z\n*****,x\n09***,x\n";
    let loaded = files.pair(original, release, &ReadOptions::default()).unwrap();
    let of = |members: &[&str]| Cell::OneOf(members.iter().map(|member| (*member).to_owned()).collect());
    let expected = [
        of(&["01300", "01311"]),
        of(&["01311", "02000"]),
        Cell::Suppressed,
        of(&["01300", "01311", "02000"]),
        category("09***"),
    ];
    assert_eq!(released(&loaded, "zip"), expected);
    assert_eq!(released(&loaded, "s")[0], category("*"), "a value of the original is that value");
    let unseen: Vec<_> = loaded.warnings.iter().filter(|warning| warning.name == "unseen_category").collect();
    assert_eq!(unseen.iter().map(|warning| warning.count).collect::<Vec<_>>(), [Some(1), Some(1)]);
}

fn read(kind: Kind, text: &str) -> Option<(f64, bool, f64, bool)> {
    interval(Reader::new(kind, false), text).map(|i| (i.lo, i.lo_included, i.hi, i.hi_included))
}

#[test]
fn intervals_of_numbers() {
    let inf = f64::INFINITY;
    for (text, expected) in [
        ("30-39", (30.0, true, 39.0, true)),
        ("30 – 39", (30.0, true, 39.0, true)),
        ("30~39", (30.0, true, 39.0, true)),
        ("30..39", (30.0, true, 39.0, true)),
        ("-5-10", (-5.0, true, 10.0, true)),
        ("-10--5", (-10.0, true, -5.0, true)),
        ("-10 - -5", (-10.0, true, -5.0, true)),
        ("1e-1-2", (0.1, true, 2.0, true)),
        ("[30,40)", (30.0, true, 40.0, false)),
        ("(30, 40]", (30.0, false, 40.0, true)),
        ("[30, 40[", (30.0, true, 40.0, false)),
        ("]30;40]", (30.0, false, 40.0, true)),
        ("(-inf, 30]", (-inf, false, 30.0, true)),
        ("[65,)", (65.0, true, inf, false)),
        (">=65", (65.0, true, inf, false)),
        ("≥ 65", (65.0, true, inf, false)),
        (">65", (65.0, false, inf, false)),
        ("<=17", (-inf, false, 17.0, true)),
        ("<18", (-inf, false, 18.0, false)),
        ("65+", (65.0, true, inf, false)),
        ("70 +", (70.0, true, inf, false)),
        ("13***", (13000.0, true, 13999.0, true)),
        ("{35, 30,31}", (30.0, true, 35.0, true)),
        ("{20-29|40-49}", (20.0, true, 49.0, true)),
        ("[20-30)", (20.0, true, 30.0, false)),
        ("[20 - 30[", (20.0, true, 30.0, false)),
        ("［20，30）", (20.0, true, 30.0, false)),
        ("[10,000,20,000)", (10000.0, true, 20000.0, false)),
        ("$10,000 - $19,999", (10000.0, true, 19999.0, true)),
        ("20-29 years", (20.0, true, 29.0, true)),
        ("20 to 29", (20.0, true, 29.0, true)),
        ("between 20 and 29", (20.0, true, 29.0, true)),
        ("20-29岁", (20.0, true, 29.0, true)),
        ("20～29岁", (20.0, true, 29.0, true)),
        ("20s", (20.0, true, 29.0, true)),
        ("under 30", (-inf, false, 30.0, false)),
        ("Under 30 years", (-inf, false, 30.0, false)),
        ("up to 30", (-inf, false, 30.0, true)),
        ("65 and over", (65.0, true, inf, false)),
        ("65 years and over", (65.0, true, inf, false)),
        ("65岁及以上", (65.0, true, inf, false)),
        ("30岁以上", (30.0, true, inf, false)),
        ("30岁以下", (-inf, false, 30.0, true)),
        ("未满30岁", (-inf, false, 30.0, false)),
        ("over 65", (65.0, false, inf, false)),
        ("812xx", (81200.0, true, 81299.0, true)),
        ("812##", (81200.0, true, 81299.0, true)),
    ] {
        assert_eq!(read(Kind::Numeric, text), Some(expected), "{text}");
    }
    for text in [
        "39-30", "(30,30)", "a-b", "30-", "-", "[30", "[", "", "<", "{}", "30-39-40", "1*3", "≥", "上+", "<=50K",
        "8***5", "{{1}}", "under", "s", "x",
    ] {
        assert_eq!(read(Kind::Numeric, text), None, "{text}");
    }
}

#[test]
fn intervals_of_dates() {
    let day = |text: &str| super::time::date(text).unwrap();
    for (text, lo, hi) in [
        ("1985-03-**", "1985-03-01", "1985-03-31"),
        ("1985-**", "1985-01-01", "1985-12-31"),
        ("1984-02", "1984-02-01", "1984-02-29"),
        ("1985-1990", "1985-01-01", "1990-12-31"),
        ("1985-03-01 - 1985-04-15", "1985-03-01", "1985-04-15"),
        ("1985-03-01~1985-04-15", "1985-03-01", "1985-04-15"),
        ("[1985-03-01,1985-04-15]", "1985-03-01", "1985-04-15"),
    ] {
        assert_eq!(read(Kind::Date, text), Some((day(lo), true, day(hi), true)), "{text}");
    }
    assert_eq!(read(Kind::Date, "<1985"), Some((f64::NEG_INFINITY, false, day("1985-01-01"), false)));
    assert_eq!(read(Kind::Date, ">1985"), Some((day("1985-12-31"), false, f64::INFINITY, false)));
    let noon = day("2020-01-01") * 86_400.0;
    assert_eq!(read(Kind::DateTime, "2020-01-01"), Some((noon, true, noon + 86_400.0, false)));
}

#[test]
fn times_have_offsets_and_fractions() {
    assert_eq!(super::time::datetime("1970-01-02T00:00:00"), Some(86_400.0));
    assert_eq!(super::time::datetime("1970-01-01 08:00:00.25+08:00"), Some(0.25));
    assert_eq!(super::time::datetime("1969-12-31T19:00-0500"), Some(0.0));
    assert_eq!(super::time::datetime("1970-01-01T24:00"), None);
    assert_eq!(super::time::datetime_text(-0.5), "1969-12-31T23:59:59.5");
    for days in [-719_468.0, -1.0, 0.0, 11_016.0, 19_782.0, 2_932_896.0] {
        let (year, month, day) = super::time::civil_from_days(days);
        assert_eq!(super::time::days_from_civil(year, month, day), Some(days));
    }
}

proptest! {
    #[test]
    fn no_text_makes_a_value_reader_panic(text in "[-0-9./:*,;{}<>=+~\\[\\]() TZe∞上–]{0,16}") {
        for kind in [Kind::Numeric, Kind::Date, Kind::DateTime, Kind::Boolean, Kind::Categorical] {
            let reader = Reader::new(kind, true);
            let token = super::tokens::Token::Text(text.as_str().into());
            if let Some(exact) = reader.exact(&token) {
                prop_assert!(exact.cell.fits(kind));
            }
            if kind.is_numeric() && let Some(found) = interval(reader, &text) {
                prop_assert!(found.lo <= found.hi);
            }
        }
    }

    #[test]
    fn integers_are_what_the_standard_library_reads(text in "[+-]?[0-9]{1,18}") {
        let read = super::number::read(&text).unwrap();
        prop_assert_eq!(read.value.to_bits(), (text.parse::<f64>().unwrap() + 0.0).to_bits());
    }

    #[test]
    fn numbers_are_read_back(value in any::<f64>().prop_filter("finite", |v| v.abs() <= 1e300)) {
        let read = super::number::read(&format!("{value:e}")).unwrap();
        prop_assert_eq!(read.value, value);
    }
}
