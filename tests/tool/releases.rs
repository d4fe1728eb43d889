//! Releases of every kind, made from the demo's population so that it is known which record is whose: what record linkage finds
//! is what can be found.

use crate::support::{Place, demo_tables, shared};
use reident_attacks::sampling::{Stream, Task};
use serde_json::Value;

const PERSONS: usize = 1200;

/// Columns of the demo's population that hold numbers.
const NUMBERS: [usize; 3] = [0, 1, 2];
/// Those that hold categories.
const CATEGORIES: [usize; 4] = [4, 5, 6, 7];

/// A table, its header apart.
struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn parse(text: &str) -> Table {
        let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
        Table { header: lines.next().unwrap(), rows: lines.collect() }
    }

    fn text(&self) -> String {
        let lines = std::iter::once(&self.header).chain(&self.rows).map(|cells| cells.join(","));
        lines.collect::<Vec<_>>().join("\n") + "\n"
    }

    fn with(&self, rows: Vec<Vec<String>>) -> Table {
        Table { header: self.header.clone(), rows }
    }

    /// Every row changed by what is known of it and of its place.
    fn changed(&self, mut change: impl FnMut(usize, &mut Vec<String>)) -> Table {
        let mut rows = self.rows.clone();
        rows.iter_mut().enumerate().for_each(|(at, row)| change(at, row));
        self.with(rows)
    }

    fn number(&self, row: usize, column: usize) -> f64 {
        self.rows[row][column].parse().unwrap()
    }

    /// Rows in the order of a column of numbers.
    fn in_order(&self, column: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        order.sort_by(|a, b| self.number(*a, column).total_cmp(&self.number(*b, column)).then(a.cmp(b)));
        order
    }
}

/// What one attacker came to, as shares of the persons.
#[derive(Debug, Clone, Copy)]
struct Found {
    correct: f64,
    wrong: f64,
    ambiguous: f64,
    expected: f64,
    largest: f64,
}

/// What record linkage comes to in evidence: the best attacker who was not searched for, or the best of one matcher.
fn found(evidence: &Value, matcher: Option<&str>) -> Found {
    let attacks = evidence["attacks"].as_array().unwrap();
    let of = attacks.iter().filter(|one| one["attack"] == "record_linkage" && one["attacker"]["searched"].is_null());
    let of = of.filter(|one| matcher.is_none_or(|name| one["attacker"]["matcher"] == name));
    let share =
        |one: &Value, field: &str| one["main"][field].as_f64().unwrap() / one["main"]["attempted"].as_f64().unwrap();
    let found = of.map(|one| Found {
        correct: share(one, "correct"),
        wrong: share(one, "wrong"),
        ambiguous: share(one, "ambiguous"),
        expected: share(one, "expected"),
        largest: one["largest"].as_f64().unwrap(),
    });
    found.max_by(|one, other| one.expected.total_cmp(&other.expected)).unwrap()
}

/// A place with the demo's population, and that population.
fn population() -> (Place, Table) {
    let place = demo_tables(PERSONS, 0.0);
    let table = Table::parse(&place.read("o.csv"));
    (place, table)
}

/// Attacks a release whose rows stand where the original's do.
fn aligned(place: &Place, release: &Table) -> Value {
    place.write("a.csv", release.text());
    place.evaluate(&["--row-aligned", "--only", "record-linkage"])
}

/// Attacks a release of which each row came from such a row of the original.
fn mapped(place: &Place, release: &Table, from: &[usize]) -> Value {
    place.write("a.csv", release.text());
    let lines = from.iter().enumerate().map(|(row, from)| format!("{row},{from}\n"));
    place.write("map.csv", format!("released_row,original_row\n{}", lines.collect::<String>()));
    place.evaluate(&["--record-map", "map.csv", "--only", "record-linkage"])
}

fn stream(item: u64) -> Stream {
    Stream::new(11, Task::Population, 1000 + item)
}

#[test]
fn truthful_releases() {
    let (place, original) = population();
    let mut keyed =
        original.changed(|at, row| row.insert(0, format!("{:08x}", (at as u32).wrapping_mul(2_654_435_761))));
    keyed.header.insert(0, "pid".to_owned());
    let everybody = found(&aligned(&place, &keyed), None);
    assert!(everybody.expected > 0.98 && everybody.wrong == 0.0, "pseudonymised: {everybody:?}");

    let mut half = stream(0).sample(PERSONS, PERSONS / 2);
    stream(1).shuffle(&mut half);
    let sample = original.with(half.iter().map(|row| original.rows[*row].clone()).collect());
    let evidence = mapped(&place, &sample, &half);
    let sampled = found(&evidence, None);
    assert!((0.48..=0.5).contains(&sampled.expected) && sampled.wrong > 0.4, "sampled: {sampled:?}");
    // Who abstains where nothing is compatible makes nearly no false claim.
    let attack = &evidence["attacks"][0];
    assert_eq!(attack["attacker"]["matcher"], "compatible");
    assert!(attack["careful"]["control"]["rate"].as_f64().unwrap() < 0.02);

    let band = |text: &str, width: u32| {
        let lo = text.parse::<u32>().unwrap() / width * width;
        format!("{lo}-{}", lo + width - 1)
    };
    let generalized = original.changed(|_, row| {
        row[0] = band(&row[0], 10);
        row[1] = band(&row[1], 10_000);
        row[3].truncate("2024-01".len());
    });
    let read = found(&aligned(&place, &generalized), None);
    assert!(read.expected > 0.8 && read.expected <= everybody.expected, "generalized: {read:?}");

    let topcoded = original.changed(|_, row| {
        if row[0].parse::<u32>().unwrap() >= 70 {
            row[0] = "70+".to_owned();
        }
    });
    assert!(found(&aligned(&place, &topcoded), None).expected > 0.95);

    let mut random = stream(2);
    let suppressed = original.changed(|_, row| {
        row.iter_mut().filter(|_| random.unit() < 0.2).for_each(|cell| *cell = "*".to_owned());
    });
    let evidence = aligned(&place, &suppressed);
    let (compatible, agreement) = (found(&evidence, Some("compatible")), found(&evidence, Some("agreement")));
    assert!(agreement.expected > 0.6 && compatible.expected > 0.5, "{compatible:?} {agreement:?}");

    let mut dropped = original.changed(|_, row| {
        row.drain(0..4);
    });
    dropped.header.drain(0..4);
    let few = found(&aligned(&place, &dropped), None);
    assert!(few.expected > 0.0 && few.expected < 0.8 && few.ambiguous > 0.1, "columns dropped: {few:?}");
}

/// Classes of five on age, sex and district: suppressed where they are smaller, or dropped.
#[test]
fn classes_of_five() {
    let (place, original) = population();
    let quasi = "[columns.age]\nrole = \"quasi_identifier\"\n[columns.sex]\nrole = \"quasi_identifier\"\n\
                 [columns.district]\nrole = \"quasi_identifier\"\n";
    place.write("qi.toml", quasi);
    let key = |row: &[String]| {
        let lo = row[0].parse::<u32>().unwrap() / 20 * 20;
        (lo, row[4].clone(), row[5].clone())
    };
    let mut sizes = std::collections::HashMap::new();
    original.rows.iter().for_each(|row| *sizes.entry(key(row)).or_insert(0) += 1);
    let is_kept: Vec<bool> = original.rows.iter().map(|row| sizes[&key(row)] >= 5).collect();
    assert!(is_kept.iter().filter(|kept| **kept).count() > PERSONS / 3);
    let released = original.changed(|at, row| {
        let (lo, ..) = key(row);
        match is_kept[at] {
            true => row[0] = format!("{lo}-{}", lo + 19),
            false => [0, 4, 5].into_iter().for_each(|at| row[at] = "*".to_owned()),
        }
        row[1..4].iter_mut().for_each(|cell| *cell = "*".to_owned());
    });
    place.write("a.csv", released.text());
    let arguments = ["--only", "record-linkage", "--config", "qi.toml"];
    let evidence = place.evaluate(&[&["--row-aligned"], &arguments[..]].concat());
    let suppressed = found(&evidence, None);
    assert!(suppressed.correct == 0.0 && suppressed.largest <= 0.2, "{suppressed:?}");

    let kept: Vec<usize> = (0..PERSONS).filter(|at| is_kept[*at]).collect();
    let dropped = original.with(kept.iter().map(|at| released.rows[*at].clone()).collect());
    place.write("a.csv", dropped.text());
    let lines = kept.iter().enumerate().map(|(row, from)| format!("{row},{from}\n")).collect::<String>();
    place.write("map.csv", format!("released_row,original_row\n{lines}"));
    let evidence = place.evaluate(&[&["--record-map", "map.csv"], &arguments[..]].concat());
    let fewer = found(&evidence, None);
    assert!(fewer.correct == 0.0 && fewer.largest <= 0.2, "{fewer:?}");
    assert!((fewer.expected - suppressed.expected).abs() < 0.02, "{fewer:?} {suppressed:?}");
}

#[test]
fn perturbed_releases() {
    let (place, original) = population();
    let mut random = stream(3);
    let spread: Vec<f64> = NUMBERS
        .iter()
        .map(|column| {
            let values: Vec<f64> = (0..PERSONS).map(|row| original.number(row, *column)).collect();
            let mean = values.iter().sum::<f64>() / PERSONS as f64;
            (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / PERSONS as f64).sqrt()
        })
        .collect();
    let noisy = original.changed(|_, row| {
        for (column, spread) in NUMBERS.iter().zip(&spread) {
            let value = row[*column].parse::<f64>().unwrap();
            // The sum of twelve uniform numbers is nearly normal.
            let normal = (0..12).map(|_| random.unit()).sum::<f64>() - 6.0;
            row[*column] = (value + 0.1 * spread * normal).round().max(0.0).to_string();
        }
    });
    let noise = found(&aligned(&place, &noisy), None);

    let mut random = stream(4);
    let redrawn = original.changed(|_, row| {
        for column in CATEGORIES {
            if random.unit() < 0.2 {
                row[column] = original.rows[random.below(PERSONS as u64) as usize][column].clone();
            }
        }
    });
    let pram = found(&aligned(&place, &redrawn), None);

    let mut means = original.rows.clone();
    for column in NUMBERS {
        for group in original.in_order(column).chunks(5) {
            let mean = group.iter().map(|row| original.number(*row, column)).sum::<f64>() / group.len() as f64;
            group.iter().for_each(|row| means[*row][column] = mean.round().to_string());
        }
    }
    let averaged = found(&aligned(&place, &original.with(means)), None);

    let mut random = stream(5);
    let mut swapped = original.rows.clone();
    for column in NUMBERS {
        let order = original.in_order(column);
        for pair in order.chunks(60).flat_map(|near| {
            let mut near = near.to_vec();
            random.shuffle(&mut near);
            near.chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect::<Vec<_>>()
        }) {
            swapped[pair[0]][column] = original.rows[pair[1]][column].clone();
            swapped[pair[1]][column] = original.rows[pair[0]][column].clone();
        }
    }
    let ranks = found(&aligned(&place, &original.with(swapped)), None);

    let mut random = stream(6);
    let chosen = random.sample(PERSONS, PERSONS / 10);
    let mut records = original.rows.clone();
    for (at, row) in chosen.iter().enumerate() {
        let other = chosen[(at + 1) % chosen.len()];
        [4, 5].into_iter().for_each(|column| records[*row][column] = original.rows[other][column].clone());
    }
    let some = found(&aligned(&place, &original.with(records)), None);

    let mut random = stream(7);
    let mut shuffled = original.rows.clone();
    for column in 0..original.header.len() {
        let mut cells: Vec<String> = original.rows.iter().map(|row| row[column].clone()).collect();
        random.shuffle(&mut cells);
        shuffled.iter_mut().zip(cells).for_each(|(row, cell)| row[column] = cell);
    }
    let none = found(&aligned(&place, &original.with(shuffled)), None);

    for (name, found) in [("noise", noise), ("PRAM", pram), ("averaged", averaged), ("ranks", ranks), ("some", some)] {
        assert!(found.expected > 0.3 && found.expected <= 1.0, "{name}: {found:?}");
        assert!((found.correct + found.wrong + found.ambiguous - 1.0).abs() < 1e-9, "{name}: {found:?}");
    }
    assert!(some.expected > 0.85, "{some:?}");
    assert!(none.expected < 0.01, "{none:?}");
}

#[test]
fn maps_and_rows_that_cannot_be_the_truth() {
    let place = Place::new();
    place.write("o.csv", "age,job\n30,baker\n41,smith\n52,cook\n");
    place.write("a.csv", "age,job\n41,smith\n52,cook\n");
    let refused = |arguments: &[&str], expected: &[&str]| {
        let all = [&["evaluate", "--original", "o.csv", "--anonymized", "a.csv"], arguments].concat();
        let finished = place.run(&all);
        assert_eq!(finished.code(), 2, "{}", finished.stderr());
        for part in expected {
            assert!(finished.stderr().contains(part), "`{part}` is not in: {}", finished.stderr());
        }
    };
    refused(&["--row-aligned"], &["a.csv", "2 rows", "o.csv", "--record-map"]);
    let with_map = |text: &str, expected: &[&str]| {
        place.write("m.csv", text);
        refused(&["--record-map", "m.csv"], expected);
    };
    with_map("released_row,original_row\n0,1\n1,3\n", &["m.csv, line 3", "`original_row`", "3 rows", "from 0"]);
    with_map("released_row,original_row\n0,1\n2,2\n", &["m.csv, line 3", "`released_row`", "2 rows"]);
    with_map("released_row,original_row\n0,1\n0,2\n", &["m.csv, line 3", "twice"]);
    with_map("released_row,original_row\n0,x\n1,2\n", &["m.csv, line 2", "no row number"]);
    with_map("released_row,from\n0,1\n1,2\n", &["m.csv", "`original_row`"]);
    refused(&["--record-map", "gone.csv"], &["gone.csv"]);
    place.write("m.csv", "released_row,original_row\n0,1\n1,2\n");
    place.write("key.toml", "[columns.job]\nrole = \"record_key\"\n");
    refused(&["--record-map", "m.csv", "--config", "key.toml"], &["give one of them"]);
    refused(&["--only", "record-linkage"], &["--record-map", "--row-aligned"]);
}

#[test]
fn without_a_truth_it_is_not_run_and_no_policy_that_asks_for_it_passes() {
    let (place, original) = population();
    let others = Table::parse(&place.read("a.csv"));
    place.write("e.json", place.evaluate(&["--attacks", "300"]).to_string());
    let evidence: Value = serde_json::from_str(&place.read("e.json")).unwrap();
    assert!(evidence["headline"].get("record_linkage").is_none());
    let codes: Vec<&str> =
        evidence["warnings"].as_array().unwrap().iter().map(|warning| warning["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"record_linkage_not_run") && !codes.contains(&"rows_in_place"), "{codes:?}");
    let asked = ["check", "e.json", "--policy", "eu-wp216", "--set", "limits.record_linkage.max_risk=0.09"];
    let finished = place.run(&[&asked[..], &["--format", "json"]].concat());
    let result: Value = serde_json::from_str(&finished.stdout()).unwrap();
    let judged = result["attacks"].as_array().unwrap().iter().find(|one| one["attack"] == "record_linkage").unwrap();
    assert_eq!((judged["verdict"].as_str(), judged["reason"].as_str()), (Some("inconclusive"), Some("not_run")));
    assert_eq!(others.rows.len(), PERSONS);

    // Rows that stand where they stood are noticed, and copies give a lower bound.
    place.write("a.csv", original.text());
    let evidence = place.evaluate(&["--attacks", "300"]);
    let codes: Vec<&str> =
        evidence["warnings"].as_array().unwrap().iter().map(|warning| warning["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"rows_in_place") && codes.contains(&"record_linkage_lower_bound"), "{codes:?}");
    let attack = &evidence["attacks"][0];
    assert_eq!(
        (attack["attack"].as_str(), attack["risk"]["method"].as_str()),
        (Some("record_linkage"), Some("equal_rows"))
    );
    assert!(attack["risk"]["interval"][1] == 1.0 && attack["risk"]["interval"][0].as_f64().unwrap() > 0.9);
}

/// A few columns name many, and the sentence says which.
#[test]
fn the_terminal_begins_with_who_is_named_by_what() {
    let (place, original) = population();
    place.write("a.csv", original.text());
    let arguments = ["evaluate", "--original", "o.csv", "--anonymized", "a.csv", "--control", "c.csv", "--row-aligned"];
    let finished = place.run(&[&arguments[..], &["--attacks", "400", "--out", "e.json"]].concat());
    assert_eq!(finished.code(), 0, "{}", finished.stderr());
    let shown = finished.stdout();
    assert!(shown.starts_with("Record linkage\n"), "{shown}");
    assert!(shown.contains("of the persons correctly") && shown.contains("alone name"), "{shown}");
    let evidence: Value = serde_json::from_str(&place.read("e.json")).unwrap();
    let searched: Vec<u64> =
        evidence["attacks"].as_array().unwrap().iter().filter_map(|one| one["attacker"]["searched"].as_u64()).collect();
    assert!(!searched.is_empty() && searched.iter().all(|tried| *tried == searched[0] && *tried >= 8), "{searched:?}");
    for format in ["html", "markdown"] {
        for lang in ["en", "zh"] {
            let out = format!("r.{lang}.{format}");
            let finished = place.run(&["report", "e.json", "--format", format, "--lang", lang, "--out", &out]);
            assert_eq!(finished.code(), 0, "{}", finished.stderr());
            let title = if lang == "en" { "Record linkage" } else { "记录关联" };
            assert!(place.read(&out).contains(title));
        }
    }
}

/// A fifth of Adult's cells suppressed: an independent figure says that 78.9 % can be found.
#[test]
fn suppressed_cells_hide_no_more_than_they_cover() {
    let Some(folder) = shared("../faults/local_suppression") else {
        eprintln!("skipped: ../shared/faults is not present");
        return;
    };
    let place = Place::new();
    for (from, to) in
        [("original.csv", "o.csv"), ("release_20pct_cells_suppressed.csv", "a.csv"), ("control.csv", "c.csv")]
    {
        std::fs::copy(folder.join(from), place.path().join(to)).unwrap();
    }
    place.write("key.toml", "[columns.rid]\nrole = \"record_key\"\n");
    let evidence = place.evaluate(&["--config", "key.toml", "--only", "record-linkage"]);
    let best = found(&evidence, None);
    assert!((0.785..=0.795).contains(&best.expected), "{best:?}");
}

#[test]
fn the_demo_shows_releases_of_records_with_the_truth_beside() {
    let place = Place::new();
    for kind in ["generalized", "pseudonymized", "perturbed", "sampled"] {
        let arguments = ["demo", "--rows", "300", "--release", kind, "--write", kind, "--out", "e.json"];
        let finished = place.run(&arguments);
        assert_eq!(finished.code(), 0, "{kind}: {}", finished.stderr());
        let shown = finished.stdout();
        assert!(shown.starts_with("Record linkage\n"), "{kind}: {shown}");
        assert!(shown.contains("The truth of this fictional release: each of its"), "{kind}: {shown}");
        let evidence: Value = serde_json::from_str(&place.read("e.json")).unwrap();
        let best = found(&evidence, None);
        assert!(best.expected > 0.3, "{kind}: {best:?}");
        // Nobody finds more than there is to find.
        let text = place.read(&format!("{kind}/anonymized.csv"));
        let said = |line: &str| line.splitn(1 + usize::from(kind == "pseudonymized"), ',').last().unwrap().to_owned();
        let kinds: std::collections::HashSet<String> = text.lines().skip(1).map(said).collect();
        if kind != "perturbed" {
            assert!(best.expected <= kinds.len() as f64 / 300.0 + 1e-9, "{kind}: {best:?}");
        }
    }
    let again = place.run(&["demo", "--rows", "300", "--release", "sampled", "--write", "sampled"]);
    assert!(again.code() == 2 && again.stderr().contains("--force"), "{}", again.stderr());
}
