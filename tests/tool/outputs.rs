//! Files that are written: never over something else, never half, and readable by whom they should be.

use crate::support::{Place, demo_tables};

#[test]
fn the_demo_replaces_no_file_unless_told_to() {
    let place = Place::new();
    place.write("control.csv", "mine\n");
    let demo = ["demo", "--rows", "50", "--write", "."];
    let refused = place.run(&demo);
    assert_eq!((refused.code(), place.read("control.csv").as_str()), (2, "mine\n"));
    assert!(refused.stderr().contains("--force"), "{}", refused.stderr());
    assert_eq!(place.files(), ["control.csv"]);
    assert_eq!(place.run(&[&demo[..], &["--force"]].concat()).code(), 0);
    assert_ne!(place.read("control.csv"), "mine\n");
}

#[test]
fn two_outputs_of_one_name_and_names_too_long_are_said_as_such() {
    let place = demo_tables(50, 0.2);
    let evaluate = ["evaluate", "--original", "o.csv", "--anonymized", "a.csv", "--quiet"];
    let twice = place.run(&[&evaluate[..], &["--out", "e.json", "--outcomes", "./e.json"]].concat());
    assert_eq!(twice.code(), 2);
    assert!(twice.stderr().contains("same name") || twice.stderr().contains("same file"), "{}", twice.stderr());
    let long = "e".repeat(300);
    let refused = place.run(&[&evaluate[..], &["--out", &long]].concat());
    assert!(refused.code() == 2 && refused.stderr().contains("300 bytes"), "{}", refused.stderr());
    let nowhere = place.run(&[&evaluate[..], &["--out", "no/e.json"]].concat());
    assert!(nowhere.stderr().contains("no directory"), "{}", nowhere.stderr());
    assert_eq!(place.files(), ["a.csv", "c.csv", "o.csv"]);
}

#[cfg(unix)]
#[test]
fn permissions_are_kept_and_outcomes_are_private() {
    use std::os::unix::fs::PermissionsExt;
    let place = demo_tables(50, 0.2);
    let mode =
        |name: &str| std::fs::metadata(place.path().join(name)).expect("it is there").permissions().mode() & 0o777;
    let kept = place.write("e.json", "");
    std::fs::set_permissions(&kept, PermissionsExt::from_mode(0o640)).expect("it is ours");
    place.write("hits", "");
    // What a run of the same number left behind is no obstacle.
    place.write(".e.json.1.part", "");
    place.evaluate(&[]);
    let arguments = ["evaluate", "--original", "o.csv", "--anonymized", "a.csv", "--quiet"];
    let run = place.run(&[&arguments[..], &["--out", "e.json", "--outcomes", "hits"]].concat());
    assert_eq!(run.code(), 0, "{}", run.stderr());
    assert_eq!((mode("e.json"), mode("hits")), (0o640, 0o600));
}

#[cfg(unix)]
#[test]
fn the_log_does_not_say_that_something_was_made_that_was_not() {
    let place = demo_tables(50, 0.2);
    let evaluate = ["evaluate", "--original", "o.csv", "--anonymized", "a.csv", "--quiet", "--out", "e.json"];
    assert_eq!(place.run(&evaluate).code(), 0);
    assert_eq!(place.run(&["keygen", "--out", "key"]).code(), 0);
    let sign = ["sign", "e.json", "--key", "key", "--out", "/dev/full", "--audit-log", "log"];
    let run = place.run(&sign);
    assert_eq!(run.code(), 2, "{}", run.stderr());
    assert!(!place.path().join("log").exists(), "{}", place.read("log"));
}
