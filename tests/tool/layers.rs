//! The crates depend on one another in one direction only.

use std::process::Command;

fn tree(package: &str) -> String {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--package", package, "--edges", "normal", "--prefix", "none", "--offline", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn names(tree: &str) -> Vec<&str> {
    tree.lines().filter_map(|line| line.split(' ').next()).collect()
}

#[test]
fn attacks_know_neither_files_nor_the_command_line_nor_documents() {
    let tree = tree("reident-attacks");
    for name in names(&tree) {
        assert!(
            !name.starts_with("polars") && name != "clap" && name != "reident-reports" && name != "reident",
            "{name}"
        );
    }
}

#[test]
fn reports_know_attacks_but_not_the_tool() {
    let tree = tree("reident-reports");
    let names = names(&tree);
    assert!(names.contains(&"reident-attacks"));
    assert!(!names.iter().any(|name| name.starts_with("polars") || *name == "clap" || *name == "reident"));
}

#[test]
fn nothing_speaks_to_the_network() {
    let tree = tree("reident");
    for name in names(&tree) {
        assert!(!["reqwest", "hyper", "rustls", "object_store", "native-tls", "ureq"].contains(&name), "{name}");
    }
}
