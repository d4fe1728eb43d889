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

/// So many persons, of whom every value but one is written by a rule.
fn persons(rows: std::ops::Range<u64>, write: impl Fn(u64, u64, u64) -> String) -> String {
    let draw = |row: u64| row.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 17;
    rows.map(|row| write(18 + draw(row) % 70, draw(row) / 70 % 90_000, draw(row) / 13 % 12)).collect()
}

fn plain_persons(rows: std::ops::Range<u64>) -> String {
    persons(rows, |age, income, job| format!("{age},{income},job {job}\n"))
}

const NAMES: &str = "age,income,job\n";

/// A place with an original, and a release of which half is the original's.
fn with_persons() -> Place {
    let place = Place::new();
    place.write("o.csv", NAMES.to_owned() + &plain_persons(0..120));
    place.write("a.csv", NAMES.to_owned() + &plain_persons(60..180));
    place
}

#[test]
fn rows_of_units_and_totals_are_no_persons() {
    let place = with_persons();
    let release = ["--original", "o.csv", "--anonymized", "bad.csv"];
    let rows = plain_persons(60..180);
    for (text, expected) in [
        (format!("{NAMES}years,CHF,\n{rows}"), ["data row 1", "units"]),
        (format!("{NAMES}Alter,Einkommen,Beruf\n{rows}"), ["data row 1", "second line of names"]),
        (format!("{NAMES}{rows}Total,5412345,\n"), ["data row 121", "totals"]),
        (format!("{NAMES}{rows}# exported by x,,\n"), ["data row 121", "note"]),
        (format!("{NAMES}{rows}Summe,,\n"), ["data row 121", "totals"]),
    ] {
        place.write("bad.csv", text);
        refused(&place, &release, &expected);
    }
    // A release that leaves out what it does not tell, or says so in a word, is an ordinary one.
    for last in [",,job 3\n", "35,,\n", "*,*,job 3\n", "withheld,withheld,withheld\n"] {
        place.write("a.csv", format!("{NAMES}{rows}{last}"));
        place.evaluate(&["--attacks", "20"]);
    }
    place.write("bad.csv", format!("{NAMES}{}", ",,\n".repeat(9)));
    refused(&place, &release, &["bad.csv", "none of the 9 rows"]);
}

#[test]
fn a_file_that_is_no_table_of_lines_does_not_tell_its_values() {
    let place = with_persons();
    let objects = persons(60..180, |age, income, job| {
        format!("{{\"age\": {age}, \"income\": {income}, \"job\": \"Secret {job}\"}}, ")
    });
    place.write("bad.csv", format!("[{}]", objects.trim_end_matches(", ")));
    let release = ["--original", "o.csv", "--anonymized", "bad.csv"];
    refused(&place, &release, &["bad.csv", "line 1", "one JSON object per line"]);
    place.write("bad.csv", "Secret One,Secret One,3\nx,y,4\nx,z,5\n");
    refused(&place, &release, &["columns 1 and 2", "same name"]);
    for text in [place.read("bad.csv"), format!("[{objects}")] {
        place.write("bad.csv", text);
        assert!(!place.run(&[&["evaluate"], &release[..]].concat()).stderr().contains("Secret"));
    }
}

#[test]
fn digits_of_other_scripts_and_marks_in_the_middle_are_read() {
    let place = with_persons();
    let plain = place.evaluate(&[])["attacks"].clone();
    let digits = |number: u64, zero: u32| -> String {
        number.to_string().bytes().map(|digit| char::from_u32(zero + u32::from(digit - b'0')).unwrap()).collect()
    };
    let of = |zero: u32| {
        move |rows| {
            NAMES.to_owned()
                + &persons(rows, |age, income, job| {
                    format!("{},{},job {job}\n", digits(age, zero), digits(income, zero))
                })
        }
    };
    for zero in [0x660, 0x6f0, 0x966, 0xff10] {
        place.write("a.csv", of(zero)(60..180));
        assert_eq!(place.evaluate(&[])["attacks"], plain, "{zero:x} in the release");
        place.write("o.csv", of(zero)(0..120));
        assert_eq!(place.evaluate(&[])["attacks"], plain, "{zero:x} in both");
        place.write("o.csv", NAMES.to_owned() + &plain_persons(0..120));
    }
    place.write("a.csv", NAMES.to_owned() + &plain_persons(60..120) + "\u{feff}" + &plain_persons(120..180));
    assert_eq!(place.evaluate(&[])["attacks"], plain);
}

#[test]
fn types_that_cannot_be_read_are_named_with_their_column() {
    let place = Place::new();
    let typed = |name: &str| std::fs::read(format!("{}/tests/cases/typed/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let rows = (0..40u32).map(|row| {
        let second = row * 977 % 86_400;
        format!("{},{:02}:{:02}:{:02}\n", 20 + row % 30, second / 3600, second / 60 % 60, second % 60)
    });
    place.write("o.csv", "age,at\n".to_owned() + &rows.collect::<String>());
    place.write("bad.csv", typed("time32_seconds.parquet"));
    refused(&place, &["--original", "o.csv", "--anonymized", "bad.csv"], &["`at`"]);
    place.write("bad.csv", typed("run_end.arrow"));
    refused(&place, &["--original", "o.csv", "--anonymized", "bad.csv"], &["`job`", "run-end encoded"]);
}

#[test]
fn a_narrow_terminal_gets_a_narrow_table() {
    let place = with_persons();
    for width in ["80", "60"] {
        for arguments in [
            &["inspect", "--show-values", "o.csv", "a.csv"][..],
            &["evaluate", "--original", "o.csv", "--anonymized", "a.csv"],
        ] {
            let shown = place.run_with(arguments, &[("COLUMNS", width)]).stdout();
            let most: usize = width.parse().unwrap();
            let tables = shown.lines().filter(|line| line.contains(['│', '┌', '╞', '└']));
            let widest = tables.map(|line| line.chars().count()).max().unwrap_or(0);
            assert!(widest <= most, "{widest} > {width}: {shown}");
        }
    }
}
