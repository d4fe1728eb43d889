//! Helpers, and whole loads of small files in every format.

use super::*;
use polars::prelude::{DataFrame, IpcWriter, NamedFrom, ParquetWriter, SchemaExt, SerWriter, Series};
use reident_attacks::table::{Cell, Kind};
use std::io::Write;
use std::path::PathBuf;
use tempfile::TempDir;

/// A directory with files.
pub(super) struct Files(TempDir);

impl Files {
    pub(super) fn new() -> Files {
        Files(TempDir::new().unwrap())
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(super) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// Loads an original and a release from these contents.
    pub(super) fn pair(
        &self,
        original: impl AsRef<[u8]>,
        anonymized: impl AsRef<[u8]>,
        options: &ReadOptions,
    ) -> Result<Loaded, InputError> {
        let (original, anonymized) = (self.write("o.csv", original), self.write("a.csv", anonymized));
        load(&Sources::files(original, anonymized, None), options)
    }
}

/// Loads a table as original and as release.
pub(super) fn both(path: PathBuf) -> Loaded {
    let sources = Sources::files(path.clone(), path, None);
    load(&sources, &ReadOptions::default()).unwrap()
}

/// The cells of a column of the release.
pub(super) fn released(loaded: &Loaded, column: &str) -> Vec<Cell> {
    let at = loaded.tables.position(column).unwrap();
    let domain = &loaded.tables.columns[at].domain;
    loaded.tables.anonymized.column(at).iter().map(|code| domain.cell(*code).clone()).collect()
}

pub(super) fn kind(loaded: &Loaded, column: &str) -> Kind {
    loaded.tables.columns[loaded.tables.position(column).unwrap()].domain.kind()
}

pub(super) fn category(text: &str) -> Cell {
    Cell::Category(text.to_owned())
}

pub(super) fn names(warnings: &[InputWarning]) -> Vec<&'static str> {
    warnings.iter().map(|warning| warning.name).collect()
}

fn expect_small_table(loaded: &Loaded) {
    assert_eq!(loaded.original.rows, 3);
    assert_eq!(loaded.tables.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["age", "city"]);
    assert_eq!(kind(loaded, "age"), Kind::Numeric);
    assert_eq!(released(loaded, "age"), [Cell::Number(30.0), Cell::Missing, Cell::Number(41.5)]);
    assert_eq!(released(loaded, "city"), [category("上海"), category("北京"), Cell::Missing]);
}

const SMALL: &str = "age,city\n30,上海\n,北京\n41.5,\n";

#[test]
fn delimiters_are_found_and_can_be_given() {
    for delimiter in [",", ";", "\t", "|"] {
        let files = Files::new();
        let loaded = both(files.write("t.csv", SMALL.replace(',', delimiter)));
        expect_small_table(&loaded);
        assert_eq!(loaded.original.delimiter, delimiter.chars().next());
    }
    let files = Files::new();
    let options = ReadOptions { delimiter: Some('^'), ..ReadOptions::default() };
    let text = SMALL.replace(',', "^");
    expect_small_table(&files.pair(&text, &text, &options).unwrap());
}

#[test]
fn the_delimiter_is_not_taken_from_inside_quotes_or_decimals() {
    let files = Files::new();
    let loaded = both(files.write("t.csv", "a;b\n\"x,y\";1,5\n\"u,v\";2,5\n"));
    assert_eq!(loaded.original.delimiter, Some(';'));
    assert_eq!(released(&loaded, "a"), [category("x,y"), category("u,v")]);
}

#[test]
fn line_ends_and_byte_order_marks_do_not_matter() {
    let files = Files::new();
    for text in
        [SMALL.replace('\n', "\r\n"), SMALL.replace('\n', "\r"), format!("\u{feff}{SMALL}"), format!("{SMALL}\n\r\n")]
    {
        expect_small_table(&both(files.write("t.csv", text)));
    }
    expect_small_table(&both(files.write("t.csv", SMALL.trim_end())));
}

#[test]
fn encodings_are_found_and_can_be_given() {
    let files = Files::new();
    let utf16 = |mark: bool, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        let mark = if mark { "\u{feff}" } else { "" };
        format!("{mark}{SMALL}").encode_utf16().flat_map(bytes).collect()
    };
    for (mark, little) in [(true, true), (true, false), (false, true), (false, false)] {
        let bytes = utf16(mark, if little { u16::to_le_bytes } else { u16::to_be_bytes });
        let loaded = both(files.write("t.csv", bytes));
        expect_small_table(&loaded);
        assert_eq!(loaded.original.encoding, Some(if little { "UTF-16LE" } else { "UTF-16BE" }));
    }
    let gbk = encoding_rs::GBK.encode(SMALL).0.into_owned();
    let loaded = both(files.write("t.csv", &gbk));
    expect_small_table(&loaded);
    assert_eq!(loaded.original.encoding, Some("GB18030"));
    assert!(names(&loaded.warnings).contains(&"encoding_guessed"));
    let options = ReadOptions { encoding: Some("gbk".to_owned()), ..ReadOptions::default() };
    let loaded = files.pair(&gbk, &gbk, &options).unwrap();
    expect_small_table(&loaded);
    assert!(!names(&loaded.warnings).contains(&"encoding_guessed"));
}

#[test]
fn compressed_files_are_told_by_content() {
    let files = Files::new();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(SMALL.as_bytes()).unwrap();
    let loaded = both(files.write("t.csv", gzip.finish().unwrap()));
    expect_small_table(&loaded);
    assert_eq!(loaded.original.compression, Some("gzip"));
    let loaded = both(files.write("t.csv", zstd::encode_all(SMALL.as_bytes(), 1).unwrap()));
    expect_small_table(&loaded);
    assert_eq!(loaded.original.compression, Some("zstd"));
}

#[test]
fn json_lines_may_leave_keys_out() {
    let files = Files::new();
    let lines = "{\"age\": 30, \"city\": \"上海\"}\n{\"city\":\"北京\"}\n\n{\"age\":41.5,\"city\":null}\n";
    expect_small_table(&both(files.write("t.jsonl", lines)));
    expect_small_table(&both(files.write("t.txt", lines)));
}

fn small_frame() -> DataFrame {
    let age = Series::new("age".into(), [Some(30.0), None, Some(41.5)]);
    let city = Series::new("city".into(), [Some("上海"), Some("北京"), None]);
    DataFrame::new_infer_height(vec![age.into(), city.into()]).unwrap()
}

#[test]
fn parquet_and_arrow_files_are_read() {
    let files = Files::new();
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut small_frame()).unwrap();
    let loaded = both(files.write("t.bin", &bytes));
    expect_small_table(&loaded);
    assert_eq!(loaded.original.format, "parquet");
    let mut bytes = Vec::new();
    IpcWriter::new(&mut bytes).finish(&mut small_frame()).unwrap();
    let loaded = both(files.write("t.bin", &bytes));
    expect_small_table(&loaded);
    assert_eq!(loaded.original.format, "arrow-file");
}

#[test]
fn arrow_streams_are_read() {
    use polars_arrow::io::ipc::write::{StreamWriter, WriteOptions};
    use polars_arrow::record_batch::RecordBatch;
    let frame = small_frame();
    let compat = polars::prelude::CompatLevel::newest();
    let schema = std::sync::Arc::new(frame.schema().to_arrow(compat));
    let arrays = frame.columns().iter().map(|c| c.as_materialized_series().to_arrow(0, compat)).collect();
    let batch = RecordBatch::new(3, schema.clone(), arrays);
    let mut bytes = Vec::new();
    let mut writer = StreamWriter::new(&mut bytes, WriteOptions::default());
    writer.start(&schema, None).unwrap();
    writer.write(&batch, None).unwrap();
    writer.finish().unwrap();
    let loaded = both(Files::new().write("t.bin", &bytes).clone());
    expect_small_table(&loaded);
    assert_eq!(loaded.original.format, "arrow-stream");
}

#[test]
fn typed_and_text_columns_are_reconciled_through_values() {
    let files = Files::new();
    let columns = [
        Series::new("n".into(), [30i32, 31]),
        Series::new("b".into(), [true, false]),
        Series::new("d".into(), [19_000i32, 0]).cast(&polars::prelude::DataType::Date).unwrap(),
        Series::new("f".into(), [0.1f32, 2.5]),
        Series::new("id".into(), [9_007_199_254_740_993i64, 9_007_199_254_740_992]),
    ];
    let mut frame = DataFrame::new_infer_height(columns.map(Into::into).to_vec()).unwrap();
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut frame).unwrap();
    let original = files.write("o.parquet", &bytes);
    let text = "id,f,d,b,n\n9007199254740993,0.1,2022-01-08,TRUE,30.0\n9007199254740992,2.50,1970-01-01,false,31\n";
    let anonymized = files.write("a.csv", text);
    let loaded = load(&Sources::files(original, anonymized, None), &ReadOptions::default()).unwrap();
    for (at, column) in loaded.tables.columns.iter().enumerate() {
        assert_eq!(loaded.tables.original.column(at), loaded.tables.anonymized.column(at), "{}", column.name);
    }
    let kinds = ["n", "b", "d", "f", "id"].map(|name| kind(&loaded, name));
    assert_eq!(kinds, [Kind::Numeric, Kind::Boolean, Kind::Date, Kind::Numeric, Kind::Categorical]);
    assert!(names(&loaded.warnings).contains(&"long_integers"));
}

#[test]
fn quotes_hold_delimiters_quotes_and_line_breaks() {
    let files = Files::new();
    let loaded = both(files.write("t.csv", "\"a\",b\r\n\"x,\"\"y\"\"\nz\",1\r\n\"\",2\n"));
    assert_eq!(released(&loaded, "a"), [category("x,\"y\"\nz"), Cell::Missing]);
    // Without a single quoted field, a quote is a character like any other.
    let loaded = both(files.write("t.csv", "a,b\n5\" pipe,1\n6\" pipe,2\n"));
    assert_eq!(released(&loaded, "a"), [category("5\" pipe"), category("6\" pipe")]);
}

#[test]
fn many_rows_keep_their_order() {
    let files = Files::new();
    // No sequence: that would only number the rows.
    let number = |i: u32| i * 7_919 % 20_011;
    let rows: String = (0..20_000).map(|i| format!("{},\"v{}\n{}\"\n", number(i), i % 7, i % 3)).collect();
    let loaded = both(files.write("t.csv", format!("n,t\n{rows}")));
    assert_eq!(loaded.original.rows, 20_000);
    let expected: Vec<Cell> = (0..20_000).map(|i| Cell::Number(f64::from(number(i)))).collect();
    assert_eq!(released(&loaded, "n"), expected);
    assert_eq!(released(&loaded, "t")[19_999], category(&format!("v{}\n{}", 19_999 % 7, 19_999 % 3)));
}

/// A table of some megabytes: a column that hardly repeats, few and long texts, quotes, keys, what is missing or no number,
/// and in a release what is generalized.
fn large(rows: usize, seed: usize, generalized: bool) -> String {
    let ages = if generalized { ["30-39", "3*", "*", "**", ">=65", "[50,60)", "17"] } else { ["31"; 7] };
    let line = |row: usize| {
        let mixed = (row * 7919 + seed * 104_729) % 1_000_003;
        let number = if mixed.is_multiple_of(97) { "nan".to_owned() } else { format!("{}.{}", mixed / 3, mixed % 2) };
        let age = if mixed.is_multiple_of(3) { ages[mixed % 7].to_owned() } else { format!("{}", 18 + mixed % 70) };
        let long = format!("a text of more than fifteen bytes, {}", mixed % 501);
        format!("k{row},{number},\"{age}\",c{},\"{long}\",{}\n", mixed % (11 + seed), ["", "x"][mixed % 2])
    };
    "key,number,age,few,long,gaps\n".to_owned() + &(0..rows).map(line).collect::<String>()
}

#[test]
fn the_number_of_parts_of_a_file_does_not_show() {
    let files = Files::new();
    let original = files.write("o.csv", large(26_000, 1, false));
    let anonymized = files.write("a.csv", large(30_000, 2, true).replace(",gaps\n", ",new\n"));
    let control = Some(files.write("c.csv", large(26_000, 3, false)));
    let sources = Sources::files(original, anonymized, control);
    assert!(std::fs::metadata(sources.original.name()).unwrap().len() > 1 << 20, "more than two parts");
    let with = |threads: usize, options: &ReadOptions| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| load(&sources, options)).map_err(|error| error.to_string())
    };
    let keyed = ReadOptions { record_key: Some("key".to_owned()), ..ReadOptions::default() };
    for options in [ReadOptions::default(), keyed] {
        let one = with(1, &options).unwrap();
        assert!(format!("{one:?}") == format!("{:?}", with(4, &options).unwrap()));
        let age = one.columns.iter().find(|column| column.name == "age").unwrap();
        assert_eq!(
            age.anonymized.as_ref().unwrap().distinct,
            71 + 4,
            "numbers, three intervals, and what is suppressed"
        );
        let number = one.columns.iter().find(|column| column.name == "number").unwrap();
        assert!(number.original.as_ref().unwrap().not_finite > 100 && number.kind == Some(Kind::Numeric));
    }
    // Cells that are not of the kind are counted and found over all parts.
    let kinds = [("few".to_owned(), Kind::Numeric)].into();
    let refused = ReadOptions { kinds, ..ReadOptions::default() };
    assert_eq!(with(1, &refused).unwrap_err(), with(4, &refused).unwrap_err());
}

#[test]
fn columns_are_matched_by_name_and_reported() {
    let files = Files::new();
    let loaded = files.pair("a,b,gone\n1,x,2\n3,y,4\n", "new,b,a\n9,y,3\n", &ReadOptions::default()).unwrap();
    assert_eq!(loaded.tables.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(released(&loaded, "a"), [Cell::Number(3.0)]);
    let found: Vec<(&str, Availability)> = loaded.columns.iter().map(|c| (c.name.as_str(), c.availability)).collect();
    let expected = [
        ("a", Availability::Attackable),
        ("b", Availability::Attackable),
        ("gone", Availability::MissingFromRelease),
        ("new", Availability::OnlyInRelease),
    ];
    assert_eq!(found, expected);
    let warned = names(&loaded.warnings);
    assert!(warned.contains(&"missing_from_release") && warned.contains(&"only_in_release"));
    assert_eq!(loaded.columns[3].anonymized.as_ref().unwrap().distinct, 1);
}

#[test]
fn keys_are_numbered_and_not_attacked() {
    let files = Files::new();
    let options = ReadOptions {
        record_key: Some("rid".to_owned()),
        subject_key: Some("pid".to_owned()),
        ..ReadOptions::default()
    };
    let original = files.write("o.csv", "rid,pid,x\n1,p,10\n2,q,25\n,p,30\n");
    let anonymized = files.write("a.csv", "x,rid\n20,2.0\n10,7\n0,\n");
    let control = files.write("c.csv", "x,pid\n12,s\n26,s\n");
    let loaded = load(&Sources::files(original, anonymized, Some(control)), &options).unwrap();
    assert_eq!(loaded.tables.columns.len(), 1);
    let of = |table: &reident_attacks::table::Table| table.records.clone().unwrap();
    let (original, released) = (of(&loaded.tables.original), of(&loaded.tables.anonymized));
    assert_eq!(original[1], released[0]);
    let distinct: std::collections::HashSet<u32> = original.into_iter().chain(released).collect();
    assert_eq!(distinct.len(), 5, "a missing key matches nothing");
    assert_eq!(loaded.tables.original.subjects, Some(vec![0, 1, 0]));
    assert_eq!(loaded.tables.control.as_ref().unwrap().subjects, Some(vec![0, 0]));
    assert!(names(&loaded.warnings).contains(&"missing_key"));
}

#[test]
fn a_control_cut_from_the_original_is_found_out() {
    let files = Files::new();
    let row = |i: u32| format!("{},{},c{}\n", i, i * 7 % 1000, i % 5);
    let table = |range: std::ops::Range<u32>| format!("a,b,c\n{}", range.map(row).collect::<String>());
    let original = files.write("o.csv", table(0..500));
    let anonymized = files.write("a.csv", "a,c\n1,c1\n");
    for (range, shared, beyond_chance) in [(480..580, 20, true), (500..600, 0, false)] {
        let control = files.write("c.csv", table(range));
        let sources = Sources::files(original.clone(), anonymized.clone(), Some(control));
        let overlap = load(&sources, &ReadOptions::default()).unwrap().overlap.unwrap();
        assert_eq!((overlap.shared, overlap.control_rows, overlap.beyond_chance), (shared, 100, beyond_chance));
    }
}

#[test]
fn inspection_shows_no_value_unless_asked() {
    let files = Files::new();
    let paths = [
        files.write("o.csv", "age,name,same\n4711,Zhang,k\n30,Li,k\n,Li,k\n"),
        files.write("a.csv", "age,name\n30-39,*\n4711,Li\n"),
    ];
    let inspection = inspect(&paths.map(Source::from), &ReadOptions::default()).unwrap();
    assert_eq!(inspection.columns[0].kind, Some(Kind::Numeric), "a release of intervals does not hide the numbers");
    assert_eq!(inspection.columns[0].range, Some((30.0, 4711.0)));
    assert_eq!(inspection.columns[1].frequent[0], ("Li".to_owned(), 3));
    // The folder has a name by chance, in which anything may stand.
    let folder = files.path("").display().to_string();
    let hidden = inspection.render(false, 80).replace(&folder, "");
    for value in ["4711", "Zhang", "Li"] {
        assert!(!hidden.contains(value), "{hidden}");
    }
    assert!(hidden.contains("3 rows, 3 columns") && hidden.contains("same"), "{hidden}");
    assert!(names(&inspection.warnings).contains(&"constant_column"));
    let shown = inspection.render(true, 80);
    assert!(shown.contains("30 … 4711") && shown.contains("Li (3)"), "{shown}");
}
