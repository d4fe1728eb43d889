//! The crates, and the parts of the tool, depend on one another in one direction only.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn tree(package: &str) -> String {
    tree_with(package, &[])
}

fn tree_with(package: &str, features: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--package", package, "--edges", "normal", "--prefix", "none", "--offline", "--locked"])
        .args(features)
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

#[test]
fn the_library_is_built_without_what_only_a_terminal_needs() {
    let shell = ["anyhow", "clap", "clap_complete", "ctrlc", "indicatif", "terminal_size"];
    let (whole, library) = (tree("reident"), tree_with("reident", &["--no-default-features"]));
    for name in shell {
        assert!(names(&whole).contains(&name), "{name}");
        assert!(!names(&library).contains(&name), "{name}");
    }
}

/// The parts of the tool, each with those that it may name.
const PARTS: [(&str, &[&str]); 10] = [
    ("document", &[]),
    ("input", &[]),
    ("settings", &["input"]),
    ("evaluation", &["document", "input", "settings"]),
    ("demo", &["evaluation", "input", "settings"]),
    ("check", &["document", "evaluation"]),
    ("report", &["document"]),
    ("attest", &["document", "evaluation", "input", "settings"]),
    ("annex", &["attest", "document"]),
    (
        "cli",
        &["annex", "attest", "check", "demo", "document", "evaluation", "input", "report", "settings", "DocumentError"],
    ),
];

/// The files of a folder and the folders in it.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder of the sources").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn the_parts_of_the_tool_depend_on_one_another_in_one_direction() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in files(&source) {
        let inside = file.strip_prefix(&source).expect("of the sources").with_extension("");
        let part = inside.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
        let Some((_, allowed)) = PARTS.iter().find(|(name, _)| *name == part) else {
            assert!(["lib", "main"].contains(&part.as_str()), "{part} is none of the parts");
            continue;
        };
        let text = fs::read_to_string(&file).expect("UTF-8");
        for named in text.split("crate::").skip(1) {
            let named = named.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
            assert!(named == part || allowed.contains(&named), "{} names {named}", file.display());
        }
    }
}

/// What the modules of a crate name of one another, outside of tests: each module with the others that it names.
fn modules(source: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let of = |file: &Path| {
        let inside = file.strip_prefix(source).expect("of the sources").with_extension("");
        inside.components().next().expect("a name").as_os_str().to_string_lossy().into_owned()
    };
    let files = files(source);
    let known: BTreeSet<String> = files.iter().map(|file| of(file)).collect();
    let mut named: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in &files {
        let name = file.file_stem().expect("a name").to_string_lossy().into_owned();
        if name == "test" || name.starts_with("test_") {
            continue;
        }
        let text = fs::read_to_string(file).expect("UTF-8");
        let code = text.split("#[cfg(test)]\nmod test {").next().unwrap_or_default();
        let code = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        for rest in code.split("crate::").skip(1) {
            let word =
                |text: &str| -> String { text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect() };
            let found = match rest.strip_prefix('{') {
                Some(list) => list.split('}').next().unwrap_or_default().split(", ").map(word).collect(),
                None => vec![word(rest)],
            };
            let own = of(file);
            let others = found.into_iter().filter(|found| *found != own && known.contains(found));
            named.entry(own.clone()).or_default().extend(others);
        }
    }
    named
}

#[test]
fn no_modules_of_a_crate_name_one_another_in_a_circle() {
    for name in ["attacks", "reports", "."] {
        let mut open = modules(&Path::new(env!("CARGO_MANIFEST_DIR")).join(name).join("src"));
        // Modules that name nothing that is still open are taken away, until none is left or only circles are.
        loop {
            let leaf = |named: &BTreeSet<String>| named.iter().all(|other| !open.contains_key(other));
            let leaves: Vec<String> =
                open.iter().filter(|(_, named)| leaf(named)).map(|(name, _)| name.clone()).collect();
            if leaves.is_empty() {
                break;
            }
            leaves.iter().for_each(|leaf| drop(open.remove(leaf)));
        }
        assert!(open.is_empty(), "{name} has a circle: {open:#?}");
    }
}

#[test]
fn only_the_command_line_prints_ends_the_process_and_starts_the_global_threads() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in files(&source).into_iter().filter(|file| !file.starts_with(source.join("cli"))) {
        let text = fs::read_to_string(&file).expect("UTF-8");
        for what in ["print!(", "println!(", "process::exit", "build_global", "anyhow", "clap::", "indicatif"] {
            assert!(!text.contains(what), "{} has {what}", file.display());
        }
    }
}

#[test]
fn the_python_package_has_the_version_of_the_tool() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/Cargo.toml");
    let text = fs::read_to_string(manifest).expect("UTF-8");
    assert!(text.contains(concat!("\nversion = \"", env!("CARGO_PKG_VERSION"), "\"\n")));
}
