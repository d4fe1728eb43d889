//! Directories, runs of the binary, small tables.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A directory that goes away with the test.
pub struct Place(tempfile::TempDir);

impl Place {
    pub fn new() -> Place {
        Place(tempfile::tempdir().expect("a temporary directory"))
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        std::fs::write(&path, bytes).expect("a file in a temporary directory");
        path
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).expect("the file was written")
    }

    /// Names of all files, hidden ones too.
    pub fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.path()).expect("the directory is there");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// Runs `reident` here.
    pub fn run(&self, arguments: &[&str]) -> Finished {
        self.run_with(arguments, &[])
    }

    /// Runs `reident` here, with more in its environment.
    pub fn run_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Finished {
        let output = Command::new(env!("CARGO_BIN_EXE_reident"))
            .args(arguments)
            .current_dir(self.path())
            .env("NO_COLOR", "1")
            .envs(variables.iter().copied())
            .output()
            .expect("the binary runs");
        Finished(output)
    }

    /// Runs a command of `reident` that attacks on `o.csv`, `a.csv` and, where it is there, `c.csv`.
    pub fn attack(&self, command: &str, more: &[&str]) -> Finished {
        let mut arguments = vec![command, "--original", "o.csv", "--anonymized", "a.csv"];
        if self.path().join("c.csv").exists() {
            arguments.extend(["--control", "c.csv"]);
        }
        arguments.extend(more);
        self.run(&arguments)
    }

    /// Runs `reident evaluate` on these tables and reads the evidence.
    pub fn evaluate(&self, more: &[&str]) -> Value {
        let finished = self.attack("evaluate", &[&["--reproducible", "--quiet", "--out", "-"], more].concat());
        assert_eq!(finished.code(), 0, "{}", finished.stderr());
        serde_json::from_str(&finished.stdout()).expect("evidence is JSON")
    }
}

/// A run that came to its end.
pub struct Finished(Output);

impl Finished {
    pub fn code(&self) -> i32 {
        self.0.status.code().unwrap_or(-1)
    }

    pub fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.0.stdout).into_owned()
    }

    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }
}

/// The tables of the demo, as files `o.csv`, `a.csv` and `c.csv`.
pub fn demo_tables(rows: usize, leak: f64) -> Place {
    let place = Place::new();
    let (rows, leak) = (rows.to_string(), leak.to_string());
    let finished = place.run(&["demo", "--rows", &rows, "--leak", &leak, "--write", "."]);
    assert_eq!(finished.code(), 0, "{}", finished.stderr());
    for (from, to) in [("original.csv", "o.csv"), ("anonymized.csv", "a.csv"), ("control.csv", "c.csv")] {
        std::fs::rename(place.path().join(from), place.path().join(to)).expect("the demo wrote its tables");
    }
    place
}

/// `../shared/data/NAME`, where it is present.
pub fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name);
    path.exists().then_some(path)
}

/// Risks of one attack in evidence: estimate and interval.
pub fn risks(evidence: &Value, attack: &str) -> Vec<(f64, [f64; 2])> {
    let attacks = evidence["attacks"].as_array().expect("a list");
    let of_attack = attacks.iter().filter(|shown| shown["attack"] == attack);
    of_attack
        .map(|shown| {
            let number = |value: &Value| value.as_f64().expect("a number");
            let interval = &shown["risk"]["interval"];
            (number(&shown["risk"]["signed"]), [number(&interval[0]), number(&interval[1])])
        })
        .collect()
}
