//! No cell value leaves.

use crate::support::Place;

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
    for output in &outputs {
        for marker in markers {
            assert!(!output.contains(marker), "{marker} in {output}");
        }
    }
}
