//! Every bad input gets its exit code and a message that says where and what to do.

use crate::support::{Place, demo_tables};

const GOOD: &str = "age,job\n30,baker\n41,smith\n52,cook\n";

/// Runs an evaluation that must be refused; the message must hold every one of these.
fn refused(place: &Place, arguments: &[&str], expected: &[&str]) {
    let before = place.files();
    let finished = place.run(&[&["evaluate"], arguments].concat());
    let message = finished.stderr();
    assert_eq!(finished.code(), 2, "{arguments:?}: {message}");
    for part in expected {
        assert!(message.contains(part), "{arguments:?}: `{part}` is not in: {message}");
    }
    assert!(message.matches("(os error").count() <= 1, "a reason is said once: {message}");
    assert!(!message.contains("panicked") && finished.stdout().is_empty(), "{message}");
    assert_eq!(place.files(), before, "nothing is left behind");
}

/// A place with good tables, and a file of this text under the name `bad.csv`.
fn with_bad(text: impl AsRef<[u8]>) -> Place {
    let place = Place::new();
    place.write("o.csv", GOOD);
    place.write("bad.csv", text);
    place
}

const BAD_RELEASE: [&str; 4] = ["--original", "o.csv", "--anonymized", "bad.csv"];

#[test]
fn files_that_are_not_there_or_no_files() {
    let place = with_bad("");
    refused(
        &place,
        &["--original", "o.csv", "--anonymized", "gone.csv"],
        &["gone.csv: cannot be read", "(os error 2)"],
    );
    std::fs::create_dir(place.path().join("dir")).unwrap();
    refused(&place, &["--original", "o.csv", "--anonymized", "dir"], &["dir", "directory"]);
    refused(&place, &BAD_RELEASE, &["bad.csv", "empty"]);
    refused(&with_bad("age,job\n"), &BAD_RELEASE, &["bad.csv", "no rows"]);
}

#[test]
fn tables_that_have_nothing_in_common() {
    refused(&with_bad("height,town\n1,a\n"), &BAD_RELEASE, &["bad.csv", "column"]);
}

#[test]
fn rows_of_the_wrong_length() {
    refused(&with_bad("age,job\n30,baker\n41\n"), &BAD_RELEASE, &["bad.csv", "3", "1", "2"]);
    refused(&with_bad("age,job\n30,baker,x\n41,y\n"), &BAD_RELEASE, &["bad.csv", "2", "3"]);
}

#[test]
fn bytes_that_are_no_text() {
    let mut bytes = GOOD.as_bytes().to_vec();
    bytes.splice(12..13, [0xff, 0xff]);
    let named = [&BAD_RELEASE[..], &["--encoding", "utf-8"]].concat();
    refused(&with_bad(bytes), &named, &["bad.csv", "12"]);
    // What looks like text of some encoding is asked for by name, and not read as something else.
    let mut bytes = GOOD.as_bytes().to_vec();
    bytes.splice(12..13, [0x81, 0x8d]);
    refused(&with_bad(bytes), &BAD_RELEASE, &["bad.csv", "--encoding"]);
}

#[test]
fn a_column_of_two_kinds() {
    let place = Place::new();
    place.write("o.csv", "age,job\n30,baker\n41,smith\n41,smith\n52,cook\n");
    place.write("a.csv", "age,job\nthirty,baker\n41,smith\n52,cook\n30,smith\n");
    // What an ordinary release writes is no error: it is a value of its own, and said.
    let evidence = place.evaluate(&["--only", "linkability"]);
    assert_eq!(evidence["inputs"]["columns"][0]["kind"], "numeric");
    let codes: Vec<&str> = evidence["warnings"].as_array().unwrap().iter().filter_map(|w| w["code"].as_str()).collect();
    assert!(codes.contains(&"unread_values"), "{codes:?}");
    // That the configuration fixes the kind of an original's texts is one.
    let place = with_bad(GOOD);
    place.write("o.csv", "age,job\nthirty,baker\n41,smith\n");
    place.write("kind.toml", "[columns.age]\nkind = \"numeric\"\n");
    let fixed = [&BAD_RELEASE[..], &["--config", "kind.toml"]].concat();
    refused(&place, &fixed, &["o.csv", "age", "numeric", "row"]);
}

#[test]
fn columns_that_are_not_there() {
    let place = with_bad(GOOD);
    place.write("secret.toml", "[inference]\nsecrets = [\"jobs\"]\n");
    let expected = ["inference.secrets", "`jobs`", "did you mean `job`"];
    refused(&place, &[&BAD_RELEASE[..], &["--config", "secret.toml"]].concat(), &expected);
    place.write("half.toml", "[linkability]\nhalves = [[[\"age\"], [\"jbo\"]]]\n");
    refused(&place, &[&BAD_RELEASE[..], &["--config", "half.toml"]].concat(), &["linkability.halves", "`job`"]);
    place.write("kind.toml", "[columns.agee]\nkind = \"numeric\"\n");
    refused(&place, &[&BAD_RELEASE[..], &["--config", "kind.toml"]].concat(), &["agee", "age", "line 1"]);
}

#[test]
fn too_few_columns_for_linkability() {
    let place = Place::new();
    place.write("o.csv", "age\n30\n41\n");
    place.write("bad.csv", "age\n30\n41\n");
    refused(&place, &BAD_RELEASE, &["linkability", "2 columns"]);
}

#[test]
fn settings_out_of_range() {
    let place = with_bad(GOOD);
    let with = |more: &[&str], expected: &[&str]| refused(&place, &[&BAD_RELEASE[..], more].concat(), expected);
    with(&["--attacks", "0"], &["at least 1"]);
    with(&["--attacks", "many"], &["--attacks"]);
    with(&["--confidence", "1"], &["confidence"]);
    with(&["--confidence", "0"], &["confidence"]);
    with(&["--confidence", "NaN"], &["confidence"]);
    with(&["--only", "guessing"], &["guessing", "linkability"]);
    with(&["--threads", "0"], &["--threads"]);
    with(&["--delimiter", "ab"], &["--delimiter"]);
}

#[test]
fn a_configuration_with_an_error() {
    let place = with_bad(GOOD);
    place.write("unknown.toml", "seed = 1\nneighbours = 3\n");
    refused(
        &place,
        &[&BAD_RELEASE[..], &["--config", "unknown.toml"]].concat(),
        &["unknown.toml", "line 2", "neighbours"],
    );
    refused(&place, &[&BAD_RELEASE[..], &["--config", "none.toml"]].concat(), &["none.toml"]);
}

#[test]
fn a_control_that_repeats_the_original() {
    let place = demo_tables(300, 0.5);
    let arguments = ["--original", "o.csv", "--anonymized", "a.csv", "--control", "o.csv"];
    refused(&place, &arguments, &["300 of 300", "--allow-overlapping-control"]);
    let accepted =
        place.run(&[&["evaluate"], &arguments[..], &["--allow-overlapping-control", "--out", "-", "-q"]].concat());
    assert_eq!(accepted.code(), 0, "{}", accepted.stderr());
    assert!(accepted.stdout().contains("overlapping_control"));
}

#[test]
fn an_output_that_cannot_be_written_is_found_before_the_attacks() {
    let place = with_bad(GOOD);
    let with = |out: &str, expected: &[&str]| refused(&place, &[&BAD_RELEASE[..], &["--out", out]].concat(), expected);
    with("none/evidence.json", &["none/evidence.json"]);
    with("/", &["directory"]);
    // Even when the input is wrong too, no file is left.
    refused(&place, &["--original", "o.csv", "--anonymized", "gone.csv", "--out", "evidence.json"], &["gone.csv"]);
}

#[test]
fn columns_without_values_and_single_rows_are_no_errors() {
    let place = Place::new();
    place.write("o.csv", "age,job,empty\n30,baker,\n");
    place.write("a.csv", "age,job,empty\n30,baker,\n");
    place.write("c.csv", "age,job,empty\n30,smith,\n");
    let evidence = place.evaluate(&[]);
    assert_eq!(evidence["inputs"]["columns"][2]["missing_original"], 1);
}

#[test]
fn numbers_that_are_not_finite_are_missing_and_counted() {
    let place = Place::new();
    place.write("o.csv", "x,y\n1,a\nNaN,b\ninf,c\n4,d\n");
    place.write("a.csv", "x,y\n1,a\n2,b\n");
    let evidence = place.evaluate(&["--only", "linkability"]);
    assert_eq!(evidence["inputs"]["columns"][0]["kind"], "numeric");
    assert_eq!(evidence["inputs"]["columns"][0]["missing_original"], 2);
    let warned = evidence["warnings"].as_array().unwrap().iter().any(|warning| warning["column"] == "x");
    assert!(warned, "{}", evidence["warnings"]);
}

#[test]
fn what_is_read_is_not_written_over() {
    let place = demo_tables(200, 0.5);
    let before = place.read("a.csv");
    let evaluate = ["evaluate", "--original", "o.csv", "--anonymized", "a.csv", "-q"];
    for more in [["--out", "a.csv"], ["--out", "./o.csv"], ["--outcomes", "a.csv"]] {
        let finished = place.run(&[&evaluate[..], &more].concat());
        assert_eq!(finished.code(), 2, "{more:?}");
        assert!(finished.stderr().contains("destroy"), "{}", finished.stderr());
    }
    assert_eq!(place.run(&[&evaluate[..], &["--out", "e.json"]].concat()).code(), 0);
    assert_eq!(
        place.run(&["check", "e.json", "--policy", "eu-wp216", "--format", "json", "--out", "e.json"]).code(),
        2
    );
    assert_eq!(place.run(&["report", "e.json", "--out", "e.json"]).code(), 2);
    assert_eq!(place.run(&["keygen", "--out", "k.pem"]).code(), 0);
    let sign = ["sign", "e.json", "--key", "k.pem", "--anonymized", "a.csv", "--out", "k.pem"];
    assert_eq!(place.run(&sign).code(), 2);
    assert!(place.read("k.pem").contains("PRIVATE KEY"));
    assert_eq!(place.read("a.csv"), before);
}

#[test]
fn empty_lists_in_a_configuration_are_refused() {
    let place = with_bad(GOOD);
    for text in ["only = []", "[inference]\nsecrets = []", "[inference]\nknown = []", "[linkability]\nhalves = []"] {
        place.write("empty.toml", text);
        refused(&place, &[&BAD_RELEASE[..], &["--config", "empty.toml"]].concat(), &["empty.toml", "is empty"]);
    }
}

#[test]
fn small_counts_need_the_stamp() {
    let place = demo_tables(200, 0.5);
    assert_eq!(
        place.run(&["evaluate", "--original", "o.csv", "--anonymized", "a.csv", "-q", "--out", "e.json"]).code(),
        0
    );
    let report = ["report", "e.json", "--policy", "eu-wp216", "--set", "min_cell=1", "--out", "-"];
    let finished = place.run(&report);
    assert_eq!(finished.code(), 2);
    assert!(finished.stderr().contains("--include-sensitive"), "{}", finished.stderr());
    assert_eq!(place.run(&[&report[..], &["--include-sensitive"]].concat()).code(), 0);
}

#[test]
fn a_first_line_of_values_is_refused_without_telling_them() {
    let rows = "39,State-gov,Bachelors,13\n50,Private,Bachelors,13\n38,Private,HS-grad,9\n39,State-gov,Bachelors,13\n";
    let place = Place::new();
    place.write("o.csv", rows);
    place.write("bad.csv", rows);
    refused(&place, &BAD_RELEASE, &["csv", "row of values", "line of names"]);
    let message = place.run(&["inspect", "o.csv"]).stderr();
    assert!(message.contains("row of values") && !message.contains("State-gov"), "{message}");
}

#[test]
fn one_column_is_said_to_be_one() {
    let place = Place::new();
    for name in ["o.csv", "bad.csv"] {
        place.write(name, "age::job::zip\n30::baker::1\n41::smith::2\n52::cook::3\n");
    }
    refused(&place, &BAD_RELEASE, &["only one column was found", "`::`", "delimiter"]);
}

#[test]
fn names_that_differ_in_case_are_refused() {
    refused(&with_bad("Age,job\n30,baker\n41,smith\n"), &BAD_RELEASE, &["bad.csv", "`age`", "`Age`"]);
}

#[test]
fn rows_without_values_are_left_out_and_counted() {
    let place = demo_tables(200, 0.5);
    let plain = place.evaluate(&[]);
    let columns = place.read("o.csv").lines().next().unwrap().split(',').count();
    for name in ["o.csv", "a.csv"] {
        place.write(name, place.read(name) + &format!("{}\n", ",".repeat(columns - 1)).repeat(60));
    }
    let blank = place.evaluate(&[]);
    assert_eq!(blank["attacks"], plain["attacks"]);
    assert_eq!(blank["inputs"]["original"]["rows"], 200);
    assert_eq!(blank["inputs"]["blank_rows"]["original"], 60);
    assert_eq!(blank["inputs"]["blank_rows"]["control"], 0);
    let said = blank["warnings"].as_array().unwrap().iter().filter(|warning| warning["code"] == "blank_rows").count();
    assert_eq!(said, 2);
}

#[test]
fn row_numbers_without_a_name_are_left_out() {
    let place = demo_tables(200, 0.5);
    let plain = place.evaluate(&[]);
    for name in ["o.csv", "a.csv", "c.csv"] {
        let numbered = place.read(name).lines().enumerate().fold(String::new(), |text, (row, line)| match row {
            0 => format!(",{line}\n"),
            row => format!("{text}{row},{line}\n"),
        });
        place.write(name, numbered);
    }
    let numbered = place.evaluate(&[]);
    assert_eq!(numbered["attacks"], plain["attacks"]);
    assert!(numbered["warnings"].as_array().unwrap().iter().any(|warning| warning["code"] == "unnamed_column"));
}

#[test]
fn what_cannot_be_seen_in_a_name_is_written_out_everywhere() {
    let place = Place::new();
    let rows: String = (0..60).map(|row| format!("{},{},{}\n", row * 7 % 50, row % 5, row * 3 % 11)).collect();
    for name in ["o.csv", "a.csv"] {
        place.write(name, format!("a\u{1b}[31m,\"b\nc\u{202e}\",@everyone\n{rows}"));
    }
    let evaluate = ["evaluate", "--original", "o.csv", "--anonymized", "a.csv", "--out", "e.json"];
    let mut shown =
        vec![place.run(&["inspect", "o.csv"]), place.run(&evaluate), place.run(&["init", "o.csv", "a.csv"])];
    for format in ["terminal", "json", "junit", "sarif", "markdown", "github"] {
        shown.push(place.run(&["check", "e.json", "--policy", "eu-wp216", "--format", format]));
    }
    for format in ["html", "markdown"] {
        shown.push(place.run(&["report", "e.json", "--policy", "eu-wp216", "--format", format, "--out", "-"]));
    }
    for finished in shown {
        for text in [finished.stdout(), finished.stderr()] {
            assert!(!text.contains(['\u{1b}', '\u{202e}']) && !text.contains("b\nc"), "{text}");
        }
        assert_ne!(finished.code(), 2, "{}", finished.stderr());
    }
    let markdown = place.run(&["report", "e.json", "--format", "markdown", "--out", "-"]).stdout();
    assert!(!markdown.contains("@everyone"), "{markdown}");
}

#[test]
fn a_damaged_typed_file_never_ends_the_program_or_blames_it() {
    let place = Place::new();
    let magic: &[&[u8]] = &[b"PAR1", b"ARROW1\0\0", b"\xff\xff\xff\xff\x10\0\0\0"];
    for (at, head) in magic.iter().enumerate() {
        for filling in [0u8, 0x15, 0x7f, 0x80, 0xff] {
            let body = vec![filling; 64 + at];
            let content = [head, &body[..], &56u32.to_le_bytes(), &head[..head.len().min(6)]].concat();
            place.write("t.bin", content);
            let finished = place.run(&["inspect", "t.bin"]);
            let message = finished.stderr();
            assert_eq!(finished.code(), 2, "{message}");
            assert!(message.contains("t.bin") && !message.contains("bug"), "{message}");
        }
    }
}
