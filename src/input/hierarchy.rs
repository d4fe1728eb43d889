//! Hierarchies of values: files that say which node covers which values, as ARX writes them.
//!
//! A line per value: the value itself, then the node that covers it on each level, up to one that may cover them all (`*`). Lines
//! are divided by `;`, a tabulator, `,` or `|`, and all have as many fields.
//!
//! A label is looked for by its text alone, for a release does not say on which level it was made. A label that stands for several
//! nodes covers what all of them cover: what a person's value was is then always among it.

use super::exact::{Reader, as_category};
use super::looks::Looks;
use super::rows::{Field, Rows, line_at};
use super::signature::Signature;
use super::tokens::{Nulls, encode_texts};
use super::{InputError, ReadOptions, delimiter, source, text};
use reident_attacks::table::{Cell, Interval, Kind};
use reident_reports::digest::sha256;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

/// The hierarchy of one column.
#[derive(Debug)]
pub(super) struct Hierarchy {
    /// Its file.
    pub(super) path: PathBuf,
    /// SHA-256 of the file, in hexadecimal digits.
    pub(super) sha256: String,
    /// All values, as categories are written, in the order of the file.
    leaves: Vec<String>,
    /// Values by their texts.
    leaf_of: HashMap<String, u32>,
    /// What each label covers, ascending; labels that cover nothing but the value of that name are left out.
    nodes: HashMap<String, Vec<u32>>,
}

/// The delimiters that are tried, the likelier first: labels may hold commas.
const DELIMITERS: [u8; 4] = [b';', b'\t', b',', b'|'];

impl Hierarchy {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read as text, a line has another number of fields than the first, a field is empty, a value stands twice, or
    /// a node has two parents.
    pub(super) fn read(path: &Path, options: &ReadOptions) -> Result<Hierarchy, InputError> {
        let raw = source::read(path)?;
        let source = source::open(path, &raw, options.max_size)?;
        if source.signature != Signature::Text {
            return Err(InputError::HierarchyFormat { path: path.to_owned() });
        }
        let decoded = text::decode(path, &source.content, options.encoding.as_deref())?;
        Hierarchy::parse(path, &decoded.text, sha256(&raw))
    }

    /// From the text of a file.
    pub(super) fn parse(path: &Path, text: &str, sha256: String) -> Result<Hierarchy, InputError> {
        let text = text.trim_end_matches(['\n', '\r']);
        if text.trim().is_empty() {
            return Err(InputError::EmptyFile { path: path.to_owned() });
        }
        let rows = Rows { text, delimiter: divider(text) };
        let in_words = |fault: super::rows::Fault| fault.into_error(path, text);
        let (first, _) = rows.header(0).map_err(in_words)?;
        if first.len() < 2 {
            return Err(InputError::OneLevel { path: path.to_owned() });
        }
        let mut reading = Reading::new(path, text, first.len());
        rows.scan(0..text.len(), first.len(), |fields| reading.take(fields)).map_err(in_words)?;
        reading.finish(sha256)
    }

    /// What its nodes cover, as cells of a column of some kind, in the order of their labels; none where one of them covers numbers
    /// between which other values lie.
    pub(super) fn cells(&self, kind: Kind) -> Vec<Cell> {
        let mut labels: Vec<&String> = self.nodes.keys().collect();
        labels.sort_unstable();
        let nodes = self.of_kind(kind, labels.iter().map(|label| Cow::Borrowed(label.as_str())));
        nodes.map_or_else(Vec::new, |nodes| labels.iter().filter_map(|label| nodes.cell(label)).collect())
    }

    /// What a text covers that is no value, or more than the value of that name: places of values, ascending.
    fn node(&self, text: &str) -> Option<&[u32]> {
        self.nodes.get(&*as_category(text)).map(Vec::as_slice)
    }

    /// Whether a text is a value.
    pub(super) fn is_leaf(&self, text: &str) -> bool {
        self.leaf_of.contains_key(&*as_category(text))
    }

    /// Whether a text is a value and also a node that covers others.
    pub(super) fn is_ambiguous(&self, text: &str) -> bool {
        self.is_leaf(text) && self.node(text).is_some()
    }

    /// The kind that all its values have.
    pub(super) fn kind(&self) -> Kind {
        let texts = self.leaves.iter().map(|leaf| Some(leaf.as_str()));
        let column = encode_texts("", self.leaves.len(), texts, Nulls(&[]));
        match Looks::of(&column).under(Default::default()).kind() {
            Kind::Boolean => Kind::Categorical,
            kind => kind,
        }
    }

    /// The nodes as cells of a column of some kind, and the values; `None` when a node that is used covers numbers between which
    /// other values lie, so that no interval is all that it covers.
    pub(super) fn of_kind<'a>(&self, kind: Kind, used: impl Iterator<Item = Cow<'a, str>>) -> Option<Nodes<'_>> {
        if !kind.is_numeric() {
            return Some(Nodes { hierarchy: self, numbers: None });
        }
        let reader = Reader::new(kind, true);
        let number = |leaf: &String| match reader.exact(&super::tokens::Token::Text(leaf.as_str().into()))?.cell {
            Cell::Number(number) => Some(number),
            _ => None,
        };
        let numbers: Vec<f64> = self.leaves.iter().map(number).collect::<Option<_>>()?;
        let mut sorted = numbers.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.dedup();
        let mut intervals = HashMap::new();
        for text in used {
            let Some(covered) = self.node(&text) else { continue };
            let held = || covered.iter().map(|leaf| numbers[*leaf as usize]);
            let (lo, hi) = (held().fold(f64::INFINITY, f64::min), held().fold(f64::NEG_INFINITY, f64::max));
            let between =
                sorted.partition_point(|number| *number <= hi) - sorted.partition_point(|number| *number < lo);
            if held().map(f64::to_bits).collect::<HashSet<_>>().len() != between {
                return None;
            }
            intervals.insert(as_category(&text).into_owned(), Interval::closed(lo, hi));
        }
        let values = numbers.iter().map(|number| number.to_bits()).collect();
        Some(Nodes { hierarchy: self, numbers: Some(Numbers { values, intervals }) })
    }
}

/// What divides the lines of a hierarchy: the first sign that divides all of them alike, else the one that divides the most.
fn divider(text: &str) -> u8 {
    let divides = |delimiter: &u8| {
        let rows = Rows { text, delimiter: *delimiter };
        rows.header(0).is_ok_and(|(first, _)| first.len() > 1 && rows.scan(0..text.len(), first.len(), |_| {}).is_ok())
    };
    DELIMITERS.into_iter().find(divides).unwrap_or_else(|| delimiter::sniff(text))
}

/// The node above another, and the line that said so first.
type Parent<'a> = (Cow<'a, str>, usize);

/// A hierarchy as it is being read.
struct Reading<'a> {
    path: &'a Path,
    text: &'a str,
    width: usize,
    leaves: Vec<String>,
    leaf_of: HashMap<String, u32>,
    nodes: HashMap<String, Vec<u32>>,
    /// Where each value stands.
    places: Vec<usize>,
    /// Per level, the parent of each of its nodes and where that was said first.
    parents: Vec<HashMap<Cow<'a, str>, Parent<'a>>>,
    /// The first thing that is wrong.
    wrong: Option<InputError>,
}

impl<'a> Reading<'a> {
    fn new(path: &'a Path, text: &'a str, width: usize) -> Reading<'a> {
        Reading {
            path,
            text,
            width,
            leaves: Vec::new(),
            leaf_of: HashMap::new(),
            nodes: HashMap::new(),
            places: Vec::new(),
            parents: vec![HashMap::new(); width],
            wrong: None,
        }
    }

    /// Takes the fields of some lines.
    fn take(&mut self, fields: &[Field]) {
        for line in fields.chunks(self.width) {
            if self.wrong.is_none() {
                self.wrong = self.line(line).err();
            }
        }
    }

    fn line(&mut self, fields: &[Field]) -> Result<(), InputError> {
        let (path, text) = (self.path, self.text);
        let at = fields[0].span().start;
        let line = |at: usize| line_at(text, at);
        let mut labels = Vec::with_capacity(fields.len());
        for (level, field) in fields.iter().enumerate() {
            let label = label(text, *field);
            if label.is_empty() {
                return Err(InputError::NoLabel { path: path.to_owned(), line: line(at), level });
            }
            labels.push(label);
        }
        let leaf = self.leaves.len() as u32;
        if let Some(first) = self.leaf_of.insert(labels[0].clone().into_owned(), leaf) {
            let first = line(self.places[first as usize]);
            return Err(InputError::LeafTwice { path: path.to_owned(), line: line(at), first });
        }
        for (level, pair) in labels.windows(2).enumerate().skip(1) {
            let (parent, first) =
                self.parents[level].entry(pair[0].clone()).or_insert_with(|| (pair[1].clone(), at)).clone();
            if parent != pair[1] {
                return Err(InputError::TwoParents {
                    path: path.to_owned(),
                    line: line(at),
                    first: line(first),
                    level,
                });
            }
        }
        self.places.push(at);
        self.leaves.push(labels[0].clone().into_owned());
        for label in &labels[1..] {
            match self.nodes.get_mut(&**label) {
                Some(covered) if covered.last() == Some(&leaf) => {}
                Some(covered) => covered.push(leaf),
                None => {
                    self.nodes.insert(label.clone().into_owned(), vec![leaf]);
                }
            }
        }
        Ok(())
    }

    fn finish(mut self, sha256: String) -> Result<Hierarchy, InputError> {
        if let Some(wrong) = self.wrong {
            return Err(wrong);
        }
        // A value that is also a node is covered by it, whatever the lines say.
        for (label, covered) in &mut self.nodes {
            if let Some(leaf) = self.leaf_of.get(label)
                && let Err(at) = covered.binary_search(leaf)
            {
                covered.insert(at, *leaf);
            }
        }
        let leaf_of = &self.leaf_of;
        self.nodes.retain(|label, covered| covered.len() > 1 || leaf_of.get(label) != covered.first());
        Ok(Hierarchy {
            path: self.path.to_owned(),
            sha256,
            leaves: self.leaves,
            leaf_of: self.leaf_of,
            nodes: self.nodes,
        })
    }
}

/// What a field says, as categories are written.
fn label(text: &str, field: Field) -> Cow<'_, str> {
    let content = &text[field.span()];
    if field.is_doubled() {
        Cow::Owned(as_category(&content.replace("\"\"", "\"")).into_owned())
    } else {
        as_category(content)
    }
}

/// The nodes of a hierarchy in a column of some kind.
pub(super) struct Nodes<'a> {
    hierarchy: &'a Hierarchy,
    /// In a column of numbers, days or times.
    numbers: Option<Numbers>,
}

struct Numbers {
    /// All values, by their bits.
    values: HashSet<u64>,
    /// What each used node covers.
    intervals: HashMap<String, Interval>,
}

impl Nodes<'_> {
    /// The hierarchy.
    pub(super) fn hierarchy(&self) -> &Hierarchy {
        self.hierarchy
    }

    /// The cell of a text that is a node.
    pub(super) fn cell(&self, text: &str) -> Option<Cell> {
        let covered = self.hierarchy.node(text)?;
        match &self.numbers {
            Some(numbers) => numbers.intervals.get(&*as_category(text)).map(|interval| Cell::Interval(*interval)),
            None => {
                let mut values: Vec<String> =
                    covered.iter().map(|leaf| self.hierarchy.leaves[*leaf as usize].clone()).collect();
                values.sort_unstable();
                Some(Cell::OneOf(values))
            }
        }
    }

    /// Whether an exact cell is a value of the hierarchy.
    pub(super) fn has(&self, cell: &Cell) -> bool {
        match (cell, &self.numbers) {
            (Cell::Number(number), Some(numbers)) => numbers.values.contains(&(number + 0.0).to_bits()),
            (Cell::Category(text), None) => self.hierarchy.is_leaf(text),
            _ => false,
        }
    }
}

#[cfg(test)]
mod test {
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<Hierarchy, InputError> {
        Hierarchy::parse(Path::new("h.csv"), text, String::new())
    }

    fn refused(text: &str) -> String {
        parse(text).unwrap_err().to_string()
    }

    fn cell(hierarchy: &Hierarchy, kind: Kind, text: &str) -> Option<Cell> {
        let used = std::iter::once(Cow::Borrowed(text));
        hierarchy.of_kind(kind, used).and_then(|nodes| nodes.cell(text))
    }

    fn set(members: &[&str]) -> Option<Cell> {
        Some(Cell::OneOf(members.iter().map(|member| (*member).to_owned()).collect()))
    }

    #[test]
    fn nodes_cover_their_values_however_lines_are_divided() {
        for text in [
            "b;[1, 2];x;*\na;[1, 2];x;*\nc;[3, 4];x;*\n",
            "b\t[1, 2]\tx\t*\r\na\t[1, 2]\tx\t*\r\nc\t[3, 4]\tx\t*\r\n",
            "b,\"[1, 2]\",x,*\na,\"[1, 2]\",x,*\nc,\"[3, 4]\",x,*",
        ] {
            let hierarchy = parse(text).unwrap();
            assert_eq!(cell(&hierarchy, Kind::Categorical, "[1, 2]"), set(&["a", "b"]), "{text}");
            assert_eq!(cell(&hierarchy, Kind::Categorical, "[3, 4]"), set(&["c"]));
            assert_eq!(cell(&hierarchy, Kind::Categorical, " x "), set(&["a", "b", "c"]));
            assert_eq!(cell(&hierarchy, Kind::Categorical, "a"), None);
            assert_eq!(hierarchy.kind(), Kind::Categorical);
        }
    }

    #[test]
    fn nodes_of_numbers_are_intervals_where_nothing_lies_between() {
        let hierarchy = parse("1;low;*\n2.0;low;*\n5;odd;*\n3;even;*\n9;odd;*\n").unwrap();
        assert_eq!(hierarchy.kind(), Kind::Numeric);
        assert_eq!(cell(&hierarchy, Kind::Numeric, "low"), Some(Cell::Interval(Interval::closed(1.0, 2.0))));
        assert_eq!(cell(&hierarchy, Kind::Numeric, "odd"), Some(Cell::Interval(Interval::closed(5.0, 9.0))));
        let hierarchy = parse("1;odd;*\n2;even;*\n3;odd;*\n").unwrap();
        assert_eq!(cell(&hierarchy, Kind::Numeric, "odd"), None);
        assert_eq!(cell(&hierarchy, Kind::Categorical, "odd"), set(&["1", "3"]));
    }

    #[test]
    fn a_label_of_several_nodes_covers_what_all_of_them_do() {
        // `Other` is a value, a node above two others, and a node above that.
        let hierarchy = parse("Other;Rest;All\nx;Other;Other\ny;Other;Other\nz;Most;Other\n").unwrap();
        assert_eq!(cell(&hierarchy, Kind::Categorical, "Other"), set(&["Other", "x", "y", "z"]));
        assert!(hierarchy.is_ambiguous("Other") && !hierarchy.is_ambiguous("x") && !hierarchy.is_ambiguous("Most"));
        // A value that stands for itself on the next level is no node.
        let hierarchy = parse("a;a;*\nb;c;*\n").unwrap();
        assert!(hierarchy.is_leaf("a") && !hierarchy.is_ambiguous("a"));
    }

    #[test]
    fn what_is_wrong_is_named_with_line_and_level() {
        let message = refused("a;n;*\nb;n\n");
        assert!(message.contains("h.csv, line 2: 2 fields"), "{message}");
        let message = refused("a;n;p;*\nb;m;p;*\nc;n;q;*\n");
        assert!(message.contains("line 3, level 1") && message.contains("line 1"), "{message}");
        let message = refused("a;n;*\nb;;*\n");
        assert!(message.contains("line 2, level 1"), "{message}");
        let message = refused("a;n;*\nb;n;*\na;n;*\n");
        assert!(message.contains("line 3") && message.contains("line 1"), "{message}");
        assert!(refused("a\nb\n").contains("level"), "one level");
        assert!(refused(" \n").contains("empty"));
        assert!(refused("a;\"n;*\nb;n;*\n").contains("line 1"));
    }

    proptest! {
        #[test]
        fn a_node_covers_the_values_of_its_lines(parents in prop::collection::vec((0..4u8, 0..2u8), 1..40)) {
            let node = |at: &(u8, u8)| format!("n{}", at.0);
            let top = |at: &(u8, u8)| format!("t{}", at.0 % 2);
            let lines = parents.iter().enumerate().map(|(value, at)| format!("{value};{};{};*\n", node(at), top(at)));
            let hierarchy = parse(&lines.collect::<String>()).unwrap();
            for label in parents.iter().flat_map(|at| [node(at), top(at)]) {
                let held = |at: &(u8, u8)| node(at) == label || top(at) == label;
                let mut expected: Vec<String> =
                    (0..parents.len()).filter(|value| held(&parents[*value])).map(|value| value.to_string()).collect();
                expected.sort();
                prop_assert_eq!(cell(&hierarchy, Kind::Categorical, &label), Some(Cell::OneOf(expected.clone())));
                match cell(&hierarchy, Kind::Numeric, &label) {
                    Some(Cell::Interval(interval)) => for value in 0..parents.len() {
                        prop_assert_eq!(interval.contains(value as f64), expected.contains(&value.to_string()));
                    },
                    other => {
                        prop_assert_eq!(other, None);
                        let numbers: Vec<usize> = expected.iter().map(|value| value.parse().unwrap()).collect();
                        let (lo, hi) = (numbers.iter().min().unwrap(), numbers.iter().max().unwrap());
                        prop_assert!(hi - lo + 1 > numbers.len());
                    }
                }
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[ab;,\t\"*\r\n ]{0,60}") {
            let _ = parse(&text);
        }
    }

    #[test]
    fn hundred_thousand_values_are_read_in_less_than_a_second() {
        let lines = (0..100_000u32).map(|at| {
            format!("value {at:06};{:05}*;{:04}**;{:03}***;{:02}****;*\n", at / 10, at / 100, at / 1000, at / 10_000)
        });
        let text: String = lines.collect();
        let start = std::time::Instant::now();
        let hierarchy = parse(&text).unwrap();
        assert_eq!(hierarchy.leaves.len(), 100_000);
        // Tests are not optimised, and other programs run: the limit of the built program is a tenth of this.
        assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
    }
}
