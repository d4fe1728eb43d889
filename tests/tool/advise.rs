//! Advice, followed: what is predicted is what another evaluation of the changed file finds.

use crate::support::{Place, demo_tables};
use serde_json::Value;

const LINKS: &str = "[linkability]\nhalves = [[HALF, OTHER]]\n";

/// A configuration with one pair of files, without a column.
fn config(without: Option<&str>) -> String {
    let half = |columns: &[&str]| {
        let columns: Vec<String> =
            columns.iter().filter(|column| Some(**column) != without).map(|column| format!("\"{column}\"")).collect();
        format!("[{}]", columns.join(", "))
    };
    let (one, other) =
        (half(&["age", "sex", "district", "visit_date"]), half(&["income", "visits", "occupation", "diagnosis"]));
    LINKS.replace("HALF", &one).replace("OTHER", &other)
}

fn advise(place: &Place, more: &[&str]) -> Value {
    let arguments =
        ["advise", "--original", "o.csv", "--anonymized", "a.csv", "--control", "c.csv", "--config", "config.toml"];
    let how = ["--only", "linkability", "--format", "json", "--quiet", "--persons-in-ci"];
    let shown = place.run(&[&arguments[..], &how, more].concat());
    assert_eq!(shown.code(), 0, "{}", shown.stderr());
    serde_json::from_str(&shown.stdout()).expect("advice is JSON")
}

/// The release's file after a change.
fn changed(release: &str, change: &Value) -> String {
    if change["change"] == "suppress" {
        let gone = change["records"].as_array().expect("a list").iter().map(|row| row.as_u64().expect("a row"));
        let gone: Vec<u64> = gone.collect();
        let kept = release.lines().zip(0..).filter(|(_, row)| !gone.contains(row));
        return kept.map(|(line, _)| format!("{line}\n")).collect();
    }
    let mut lines = release.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<String>>());
    let mut rows = vec![lines.next().expect("a header")];
    let column = change["column"].as_str().expect("a change of a column");
    let at = rows[0].iter().position(|name| name == column).expect("the column is there");
    let number = |key: &str| change[key].as_f64().expect("a number");
    let kind = change["change"].as_str().unwrap();
    if kind == "drop" {
        rows[0].remove(at);
    }
    for mut row in lines {
        let cell = row[at].clone();
        row[at] = match kind {
            "bands" => {
                let (origin, width) = (number("origin"), number("width"));
                let lo = origin + ((cell.parse::<f64>().unwrap() - origin) / width).floor() * width;
                // A comma within a field is quoted.
                format!("\"[{lo},{})\"", lo + width)
            }
            "top_code" if cell.parse::<f64>().unwrap() >= number("from") => format!(">={}", number("from")),
            "calendar" => cell[..if change["unit"] == "month" { 7 } else { 4 }].to_owned(),
            _ => cell,
        };
        if kind == "drop" {
            row.remove(at);
        }
        rows.push(row);
    }
    rows.into_iter().map(|row| row.join(",") + "\n").collect()
}

#[test]
fn the_first_advice_lowers_the_risk_as_predicted() {
    let place = demo_tables(1500, 0.2);
    place.write("config.toml", config(None));
    let files = place.files();
    let advice = advise(&place, &[]);
    assert_eq!(place.files(), files, "nothing is written");
    assert_eq!(advice["schema"], "reident/advice/v1");
    let release = place.read("a.csv");
    // The first of each kind, so that the first of all is among them.
    let changes = advice["changes"].as_array().unwrap();
    let mut tried = Vec::new();
    for change in changes {
        if tried.contains(&change["change"]) || change["gain"].as_f64().unwrap() <= 0.0 {
            continue;
        }
        tried.push(change["change"].clone());
        place.write("a.csv", changed(&release, change));
        let dropped = change["column"].as_str().filter(|_| change["change"] == "drop");
        place.write("config.toml", config(dropped));
        let evidence = place.evaluate(&["--config", "config.toml", "--only", "linkability"]);
        for (attacker, after) in advice["attackers"].as_array().unwrap().iter().zip(change["after"].as_array().unwrap())
        {
            let attack = &evidence["attacks"][attacker["attacker"].as_u64().unwrap() as usize];
            let found = attack["risk"]["signed"].as_f64().unwrap();
            let predicted = after["risk"].as_f64().unwrap();
            assert!((found - predicted).abs() < 0.005, "{change}: {found} instead of {predicted}");
            let interval = [0, 1].map(|end| after["interval"][end].as_f64().unwrap());
            assert!(
                interval[0] - 1e-6 <= found && found <= interval[1] + 1e-6,
                "{change}: {found} is not in {interval:?}"
            );
            let hits = attack["main"]["successes"].as_u64().unwrap();
            assert!(hits.abs_diff(after["hits"].as_u64().unwrap()) <= 10, "{change}: {hits} hit");
        }
        if tried.len() == 1 {
            // The first of all lowers the worst risk.
            let now = advice["attackers"][0]["now"]["risk"].as_f64().unwrap();
            let after = change["after"][0]["risk"].as_f64().unwrap();
            assert!(after < 0.85 * now, "{after} after {now}");
        }
    }
    assert!(tried.len() >= 3, "{tried:?}");
}

#[test]
fn it_is_told_to_persons_in_both_languages() {
    let place = demo_tables(400, 0.3);
    let few = ["--only", "linkability", "--quiet"];
    for (language, word) in [("en", "nothing was written"), ("zh", "没有写出任何文件")] {
        let shown = place.attack("advise", &[&few[..], &["--lang", language, "--top", "3"]].concat());
        assert_eq!(shown.code(), 0, "{}", shown.stderr());
        assert!(shown.stdout().contains(word), "{}", shown.stdout());
    }
    let harmless = demo_tables(300, 0.0);
    let shown = harmless.attack("advise", &few);
    assert_eq!(shown.code(), 0, "{}", shown.stderr());
}

#[test]
fn a_report_tells_it_of_the_same_run_and_of_no_other() {
    let place = demo_tables(600, 0.3);
    place.write("config.toml", config(None));
    let evidence = place.evaluate(&["--config", "config.toml", "--only", "linkability"]);
    place.write("evidence.json", evidence.to_string());
    let mut advice = advise(&place, &[]);
    place.write("advice.json", advice.to_string());
    let report = |lang: &str, out: &str| {
        place.run(&["report", "evidence.json", "--advice", "advice.json", "--lang", lang, "--out", out])
    };
    for (lang, words) in
        [("en", ["What to change", "do not release", "Attacker 1"]), ("zh", ["修改建议", "不发布", "攻击者 1"])]
    {
        for out in ["report.html", "report.md"] {
            let made = report(lang, out);
            assert_eq!(made.code(), 0, "{}", made.stderr());
            let shown = place.read(out);
            words.iter().for_each(|word| assert!(shown.contains(word), "{lang} {out}: {word}"));
            // Rows that suppression would take out are told in the file alone.
            assert!(!shown.contains("records\""), "{out}");
        }
    }
    advice["attackers"][0]["now"]["hits"] = 1.into();
    place.write("advice.json", advice.to_string());
    let refused = report("en", "other.html");
    assert!(refused.code() == 5 && refused.stderr().contains("not of this evidence"), "{}", refused.stderr());
    place.write("advice.json", "{}");
    let refused = report("en", "other.html");
    assert!(refused.code() == 2 && refused.stderr().contains("advice.json is no advice"), "{}", refused.stderr());
    assert!(!place.files().contains(&"other.html".to_owned()));
}

#[test]
fn a_risk_that_could_not_be_computed_is_not_said_to_be_none() {
    let place = demo_tables(400, 0.3);
    // The release calls every column's values otherwise, so that no attack is played.
    let release = place.read("a.csv");
    let mut lines = release.lines();
    let header = lines.next().expect("a header").to_owned();
    let coded = lines.map(|line| line.split(',').map(|cell| format!("x{cell}y")).collect::<Vec<_>>().join(","));
    place.write("a.csv", [header].into_iter().chain(coded).collect::<Vec<_>>().join("\n"));
    for (language, none, unknown) in
        [("en", "risk lies above 0", "linkability could not be computed"), ("zh", "没有攻击者的风险区间", "未能算出")]
    {
        let shown = place.attack("advise", &["--only", "linkability", "--quiet", "--lang", language]);
        let said = shown.stdout();
        assert_eq!(shown.code(), 0, "{}", shown.stderr());
        assert!(said.contains(unknown) && !said.contains(none), "{said}");
    }
    let advice = place.attack("advise", &["--only", "linkability", "--quiet", "--format", "json", "--persons-in-ci"]);
    let advice: Value = serde_json::from_str(&advice.stdout()).expect("advice is JSON");
    assert_eq!(advice["not_computed"], serde_json::json!(["linkability"]));
    // A report of the same run says the same.
    let evidence = place.evaluate(&["--only", "linkability"]);
    place.write("evidence.json", evidence.to_string());
    place.write("advice.json", advice.to_string());
    let made = place.run(&["report", "evidence.json", "--advice", "advice.json", "--out", "report.md"]);
    assert_eq!(made.code(), 0, "{}", made.stderr());
    let report = place.read("report.md");
    assert!(report.contains("linkability could not be computed"), "{report}");
    assert!(!report.contains("nothing to advise on"), "{report}");
}
