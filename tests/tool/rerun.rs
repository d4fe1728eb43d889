//! Signed evidence of tables in which not everything can be compared is run again.

use crate::attest::{VERIFY, ok};
use crate::support::Place;
use std::fmt::Write;

#[test]
fn withheld_attacks_tokens_and_row_numbers_are_played_again_as_they_were() {
    let place = Place::new();
    let table = |first: u64, rows: u64, token: bool| {
        let mut text = "nr,person,age,town,job,size\n".to_owned();
        for row in first..first + rows {
            let draw = row.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
            let person = if token { format!("{:016x}", draw.wrapping_mul(77_777)) } else { format!("P{row}") };
            let town = if token { format!("T-{}", draw % 30) } else { format!("town {}", draw % 30) };
            let (nr, age, job, size) = (row - first + 1, draw % 71, draw / 71 % 12, draw / 997 % 50);
            let _ = writeln!(text, "{nr},{person},{age},{town},job {job},{size}");
        }
        text
    };
    place.write("o.csv", table(0, 200, false));
    place.write("c.csv", table(1000, 200, false));
    place.write("a.csv", table(100, 200, true));
    let config = "[columns.person]\nrole = \"token\"\n[columns.town]\nrole = \"secret\"\n[columns.job]\nrole = \"secret\"\n\
                  [linkability]\nhalves = [[[\"age\"], [\"job\", \"size\"]]]\n";
    place.write("reident.toml", config);
    ok(&place, "keygen --out key.pem");
    let tables = "--original o.csv --anonymized a.csv --control c.csv";
    ok(&place, &format!("evaluate {tables} --config reident.toml -q --out evidence.json"));
    let evidence: serde_json::Value = serde_json::from_str(&place.read("evidence.json")).unwrap();
    let codes: Vec<&str> =
        evidence["warnings"].as_array().unwrap().iter().filter_map(|warning| warning["code"].as_str()).collect();
    assert!(codes.contains(&"not_comparable") && codes.contains(&"row_number"), "{codes:?}");
    assert_eq!(evidence["settings"]["tokens"][0], "person");
    assert_eq!(evidence["headline"]["inference"]["status"], "undetermined");
    assert!(evidence["attacks"].as_array().unwrap().iter().any(|attack| attack["attack"] == "linkability"));
    ok(&place, "sign evidence.json --key key.pem --anonymized a.csv --out envelope.json");
    let shown = ok(&place, &format!("{VERIFY} --evidence evidence.json {tables} --rerun")).stdout();
    assert!(shown.contains("byte for byte"), "{shown}");
}
