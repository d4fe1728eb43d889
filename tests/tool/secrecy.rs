//! No cell value leaves.

use crate::support::{Finished, Place};

/// Unique values in every table and kind; none of them may be in any output, whatever happens.
#[test]
fn no_cell_value_is_in_any_output() {
    let place = Place::new();
    let markers = ["Zyxomma", "271828182", "Quagga", "31415926", "Wisent", "16180339"];
    let table = |word: &str, number: &str, more: &str| {
        let rows: String = (0..40).map(|row| format!("{row},w{},{}\n", row % 7, row * 3)).collect();
        format!("x,word,number\n{rows}99,{word},{number}\n{more}")
    };
    place.write("o.csv", table(markers[0], markers[1], ""));
    place.write("a.csv", table(markers[2], markers[3], &format!("99,{},{}\n", markers[0], markers[1])));
    place.write("c.csv", table(markers[4], markers[5], ""));
    place.write("ragged.csv", format!("x,word,number\n1,{},2\n3,{}\n", markers[0], markers[2]));
    place.write("mixed.csv", format!("x,word,number\n1,a,{}\n2,b,{}\n", markers[2], markers[0]));
    let evaluate = |original: &str, release: &str, more: &[&str]| {
        let mut arguments = vec!["evaluate", "--original", original, "--anonymized", release, "--out", "-"];
        arguments.extend(more);
        let finished = place.run(&arguments);
        format!("{}{}", finished.stdout(), finished.stderr())
    };
    let said = |finished: Finished| finished.stdout() + &finished.stderr();
    let both = |arguments: &[&str]| said(place.run(arguments));
    let judged = [
        said(place.attack("evaluate", &["--allow-overlapping-control", "--out", "e.json"])),
        both(&[
            "check", "e.json", "--policy", "eu-wp216", "--format", "json", "--format", "terminal", "--format", "junit",
        ]),
        both(&[
            "check", "e.json", "--policy", "eu-wp216", "--format", "sarif", "--format", "markdown", "--format",
            "github",
        ]),
        both(&["report", "e.json", "--policy", "eu-wp216", "--out", "-"]),
        both(&["report", "e.json", "--lang", "zh", "--format", "markdown", "--out", "-"]),
        both(&["report", "e.json", "--include-sensitive", "--out", "-"]),
        both(&["keygen", "--out", "k.pem"]),
        both(&["keygen", "--commitment", "--out", "c.key"]),
        both(&[
            "sign",
            "e.json",
            "--key",
            "k.pem",
            "--anonymized",
            "a.csv",
            "--original",
            "o.csv",
            "--control",
            "c.csv",
            "--commitment-key",
            "c.key",
            "--out",
            "s.json",
            "--audit-log",
            "log.jsonl",
        ]),
        both(&["verify", "s.json", "--public-key", "k.pub", "--anonymized", "a.csv"]),
    ];
    assert!(judged[3].contains("<html") && judged[9].contains("passed"), "{}", judged[9]);
    let files = ["e.json", "s.json", "log.jsonl"].map(|name| place.read(name));
    let outputs = [
        evaluate("o.csv", "a.csv", &["--control", "c.csv", "--allow-overlapping-control"]),
        evaluate("o.csv", "a.csv", &["--control", "c.csv"]),
        evaluate("o.csv", "ragged.csv", &[]),
        evaluate("o.csv", "mixed.csv", &[]),
        evaluate("o.csv", "o.csv", &["--control", "o.csv"]),
        place.run(&["inspect", "o.csv", "a.csv", "c.csv"]).stdout(),
        place.run(&["init", "o.csv", "a.csv", "--out", "-"]).stdout(),
    ];
    assert!(outputs[0].contains("\"schema\""), "{}", outputs[0]);
    for output in outputs.iter().chain(&judged).chain(&files) {
        for marker in markers {
            assert!(!output.contains(marker), "{marker} in {output}");
        }
    }
}
