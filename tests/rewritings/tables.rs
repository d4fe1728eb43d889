//! Three tables as cells, and how they become files.

use reident_attacks::sampling::{Stream, Task};
use std::path::Path;

/// A table: names of columns, then rows of cells; and how it is written.
#[derive(Debug, Clone)]
pub struct Sheet {
    pub names: Vec<String>,
    pub rows: Vec<Vec<String>>,
    pub form: Form,
}

/// How a sheet becomes bytes.
#[derive(Debug, Clone)]
pub struct Form {
    pub delimiter: &'static str,
    pub line_end: &'static str,
    pub quoted: bool,
    pub header: bool,
    pub ending: &'static str,
    /// From the text to the bytes of the file.
    pub encode: fn(&str) -> Vec<u8>,
}

impl Default for Form {
    fn default() -> Form {
        let encode = |text: &str| text.as_bytes().to_vec();
        Form { delimiter: ",", line_end: "\n", quoted: false, header: true, ending: "csv", encode }
    }
}

impl Sheet {
    fn new(names: &[&str], rows: Vec<Vec<String>>) -> Sheet {
        Sheet { names: names.iter().map(|name| (*name).to_owned()).collect(), rows, form: Form::default() }
    }

    /// Changes the cells of columns, where `wanted` says so of a column's name and values.
    pub fn each_cell(&mut self, wanted: impl Fn(&[&str]) -> bool, change: impl Fn(&str) -> String) -> bool {
        let mut changed = false;
        for at in 0..self.names.len() {
            let values: Vec<&str> = self.rows.iter().map(|row| row[at].as_str()).collect();
            if wanted(&values) {
                changed = true;
                self.rows.iter_mut().for_each(|row| row[at] = change(&row[at]));
            }
        }
        changed
    }

    fn bytes(&self) -> Vec<u8> {
        let Form { delimiter, line_end, quoted, header, encode, .. } = &self.form;
        let cell = |cell: &String| {
            let special = cell.contains(delimiter) || cell.contains('"') || cell.contains('\n');
            if *quoted || special { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() }
        };
        let line = |cells: &Vec<String>| cells.iter().map(cell).collect::<Vec<_>>().join(delimiter) + line_end;
        let lines = header.then(|| line(&self.names)).into_iter().chain(self.rows.iter().map(line));
        encode(&lines.collect::<String>())
    }
}

/// Original, release and control.
#[derive(Debug, Clone)]
pub struct Triple(pub [Sheet; 3]);

/// Rewrites some of the three tables; false when it does not apply to them.
pub type Rewriting = fn(&mut Triple, files: [bool; 3]) -> bool;

impl Triple {
    /// 700 persons of whom half are in the release as they are, the rest of which are others.
    pub fn fictional(seed: u64) -> Triple {
        let person = |number: u64| {
            let mut stream = Stream::new(seed, Task::Population, number);
            let pick = |stream: &mut Stream, of: &[&str]| of[stream.below(of.len() as u64) as usize].to_owned();
            let born = 1940 + stream.below(60);
            let date = format!("{born}-{:02}-{:02}", 1 + stream.below(12), 1 + stream.below(28));
            let towns = ["Köln", "Málaga", "Łódź", "Århus", "Liège", "Bern", "Oslo", "Tartu", "Graz"];
            vec![
                date,
                pick(&mut stream, &towns),
                pick(&mut stream, &["female", "male"]),
                format!("{:.2}", 45.0 + stream.normal() * 9.0 + 40.0 * stream.unit()),
                (1200 + stream.below(5200)).to_string(),
                pick(&mut stream, &["none", "flu", "asthma", "gout", "?"]),
                (10_000 + stream.below(80_000)).to_string(),
            ]
        };
        let persons = |from: u64, count: u64| (from..from + count).map(person).collect::<Vec<_>>();
        let names = ["birth", "town", "sex", "weight", "income", "illness", "postcode"];
        let (original, control) = (persons(0, 700), persons(10_000, 500));
        let release = [&original[..350], &persons(20_000, 350)].concat();
        Triple([original, release, control].map(|rows| Sheet::new(&names, rows)))
    }

    /// So many persons of Adult, half of whom are in the release, with as many rows of a CTGAN release.
    pub fn adult(folder: &Path, persons: usize) -> Triple {
        let read = |name: &str| {
            let text = std::fs::read_to_string(folder.join(name)).expect("a table of ../shared");
            let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
            (lines.next().expect("a header"), lines.collect::<Vec<_>>())
        };
        let (names, mut original) = read("adults_train.csv");
        Stream::new(5, Task::Population, 0).shuffle(&mut original);
        original.truncate(persons);
        let (mut control, synthetic) = (read("adults_control.csv").1, read("adults_syn_ctgan.csv").1);
        control.truncate(persons / 2);
        let release = [&original[..persons / 2], &synthetic[..persons / 2]].concat();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        Triple([original, release, control].map(|rows| Sheet::new(&names, rows)))
    }

    /// This triple with a rewriting applied to some of its files; `None` where it does not apply.
    pub fn rewritten(&self, files: [bool; 3], rewriting: Rewriting) -> Option<Triple> {
        let mut changed = self.clone();
        rewriting(&mut changed, files).then_some(changed)
    }

    /// Writes the three files and tells their names.
    pub fn write(&self, place: &Path) -> [String; 3] {
        let mut sheets = self.0.iter();
        ["original", "release", "control"].map(|name| {
            let sheet = sheets.next().expect("three tables");
            let name = format!("{name}.{}", sheet.form.ending);
            std::fs::write(place.join(&name), sheet.bytes()).expect("a file in a temporary directory");
            name
        })
    }
}
