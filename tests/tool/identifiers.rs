//! Direct identifiers that a release still holds are found, whatever they are called; ordinary tables have none.

use crate::support::{Place, demo_tables, shared};
use reident_attacks::sampling::{Stream, Task};
use std::fmt::Write;

/// Persons with a resident ID and a mobile number; the release has both under other names, and other figures.
fn with_resident_ids() -> Place {
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let identity = |number: usize| {
        let digits =
            format!("110101{}{:02}{:02}{:03}", 1950 + number % 50, 1 + number % 12, 1 + number % 28, number % 1000);
        let sum: usize = digits.bytes().zip(weights).map(|(digit, weight)| usize::from(digit - b'0') * weight).sum();
        format!("{digits}{}", &"10X98765432"[sum % 11..=sum % 11])
    };
    let table = |names: &str, from: usize, shift: usize| {
        (from..from + 300).fold(format!("{names},x,y\n"), |mut text, number| {
            let phone = 13_000_000_000usize + number * 7919;
            let (x, y) = ((number + shift) * 31 % 97, (number + shift) * 17 % 89);
            writeln!(text, "{},{phone},{x},{y}", identity(number)).unwrap();
            text
        })
    };
    let place = Place::new();
    place.write("o.csv", table("身份证号,手机号", 0, 0));
    place.write("a.csv", table("证件,联系方式", 0, 5000));
    place.write("c.csv", table("身份证号,手机号", 9000, 20_000));
    place
}

#[test]
fn identifiers_under_other_names_are_found_and_fail() {
    let place = with_resident_ids();
    let evidence = place.evaluate(&[]);
    let findings = evidence["findings"].as_array().expect("findings");
    let kinds: Vec<(&str, &str)> = findings
        .iter()
        .map(|finding| (finding["kind"].as_str().unwrap(), finding["column"].as_str().unwrap_or_default()))
        .collect();
    assert!(kinds.contains(&("direct_identifier", "证件")), "{kinds:?}");
    assert!(kinds.contains(&("direct_identifier", "联系方式")), "{kinds:?}");
    assert!(kinds.contains(&("renamed_column", "证件")), "{kinds:?}");
    assert!(!evidence.to_string().contains("110101"), "no value is shown");
    for policy in ["eu-wp216", "cn-pipl-anon-strict"] {
        let finished = place.attack("evaluate", &["-q", "--policy", policy]);
        assert_eq!(finished.code(), 1, "{policy}: {}{}", finished.stdout(), finished.stderr());
    }
}

#[test]
fn ordinary_tables_have_none() {
    let place = demo_tables(500, 0.1);
    let of_kind = |evidence: &serde_json::Value| {
        let findings = evidence["findings"].as_array().cloned().unwrap_or_default();
        findings.into_iter().filter(|finding| finding["kind"] == "direct_identifier").collect::<Vec<_>>()
    };
    assert_eq!(of_kind(&place.evaluate(&["--only", "linkability"])), Vec::<serde_json::Value>::new());
    let tables = ["adult/adults_train.csv", "alc/original.csv", "arx/adult.csv"];
    for table in tables.iter().filter_map(|name| shared(name)) {
        let file = table.to_str().unwrap();
        place.write("r.toml", "[linkability]\nrandom_splits = 1\n");
        let run = ["evaluate", "--original", file, "--anonymized", file, "--attacks", "20", "--only", "linkability"];
        let finished = place.run(&[&run[..], &["--config", "r.toml", "-q", "--out", "e.json"]].concat());
        assert_eq!(finished.code(), 0, "{}", finished.stderr());
        let evidence = serde_json::from_str(&place.read("e.json")).unwrap();
        assert_eq!(of_kind(&evidence), Vec::<serde_json::Value>::new(), "{file}");
    }
}

/// A table of census codes, as the American Community Survey has them.
fn census_codes(seed: u64) -> String {
    let mut stream = Stream::new(seed, Task::Population, 0);
    let mut draw = |most: u64| stream.below(most);
    let names = "PUMA,AGEP,SEX,MSP,HISP,RAC1P,NOC,NPF,HOUSING_TYPE,OWN_RENT,DENSITY,INDP,INDP_CAT,EDU,PINCP,PINCP_DECILE,POVPIP,DVET,DREM,PWGTP,WGTP,SERIALNO";
    let mut text = names.to_owned() + "\n";
    for row in 0..3000 {
        let or_none = |code: u64| if code == 0 { "N".to_owned() } else { code.to_string() };
        let cells = [
            format!("{:02}-{:05}", 1 + draw(48), 100 * (1 + draw(40))),
            draw(100).to_string(),
            (1 + draw(2)).to_string(),
            or_none(draw(7)),
            draw(5).to_string(),
            (1 + draw(9)).to_string(),
            or_none(draw(6)),
            or_none(draw(9)),
            (1 + draw(3)).to_string(),
            draw(3).to_string(),
            format!("{}.{:03}", draw(40_000), draw(1000)),
            format!("{:04}", 170 + draw(9700)),
            or_none(draw(19)),
            or_none(draw(13)),
            (draw(1_600_000) as i64 - 12_000).to_string(),
            or_none(draw(10)),
            or_none(draw(502)),
            or_none(draw(7)),
            or_none(draw(3)),
            (1 + draw(900)).to_string(),
            draw(900).to_string(),
            format!("2019HU{:07}", 1_000_000 + 7 * row + draw(5)),
        ];
        text += &(cells.join(",") + "\n");
    }
    text
}

#[test]
fn census_codes_are_no_identifiers_of_other_kinds() {
    let place = Place::new();
    place.write("o.csv", census_codes(1));
    place.write("a.csv", census_codes(2));
    place.write("r.toml", "[linkability]\nrandom_splits = 1\n");
    let evidence = place.evaluate(&["--config", "r.toml", "--attacks", "20", "--only", "linkability"]);
    let direct: Vec<_> = evidence["findings"].as_array().cloned().unwrap_or_default();
    let direct: Vec<_> = direct.iter().filter(|finding| finding["kind"] == "direct_identifier").collect();
    assert!(direct.is_empty(), "{direct:?}");
}
