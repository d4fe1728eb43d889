//! Input that must be refused, with what the message has to name.

use super::test::Files;
use super::*;
use proptest::prelude::*;
use reident_attacks::table::Kind;
use std::path::PathBuf;

const GOOD: &str = "a,b\n1,x\n2,y\n";

/// The message of a refused original.
fn refused(content: impl AsRef<[u8]>) -> String {
    Files::new().pair(content, GOOD, &ReadOptions::default()).unwrap_err().to_string()
}

fn expect(message: &str, parts: &[&str]) {
    for part in parts {
        assert!(message.contains(part), "`{part}` is not in: {message}");
    }
}

#[test]
fn files_that_are_none() {
    let files = Files::new();
    let load = |original: PathBuf| {
        let anonymized = files.write("a.csv", GOOD);
        load(&Sources::files(original, anonymized, None), &ReadOptions::default()).unwrap_err()
    };
    assert!(matches!(load(files.path("nowhere.csv")), InputError::Unreadable { .. }));
    assert!(matches!(load(files.path("")), InputError::Directory { .. }));
    assert!(matches!(load(files.write("o.csv", "")), InputError::EmptyFile { .. }));
    assert!(matches!(load(files.write("o.csv", "\n \n")), InputError::EmptyFile { .. }));
    assert!(matches!(load(files.write("o.csv", "a,b\n")), InputError::EmptyTable { .. }));
    assert!(matches!(load(files.write("o.csv", "a,b")), InputError::EmptyTable { .. }));
    assert!(matches!(load(files.write("o.zip", b"PK\x03\x04....")), InputError::Unsupported { .. }));
    assert!(matches!(load(files.write("o.xlsx", b"PK\x03\x04....xl/workbook.xml")), InputError::Compressed { .. }));
    assert!(matches!(load(files.write("o.xls", b"\xd0\xcf\x11\xe0....")), InputError::Corrupt { .. }));
}

#[test]
fn rows_of_another_length() {
    expect(&refused("a,b\n1,x\n2\n"), &["o.csv", "line 3", "1 fields", "header has 2"]);
    expect(&refused("a,b\n1,x\n2,y,z\n"), &["line 3", "3 fields"]);
    expect(&refused("a,b\n\"1\n1\",x\n\"2\"\n3,y\n"), &["line 4", "1 fields"]);
    expect(&refused("a,b\n1,x\n\n2,y\n"), &["line 3", "an empty line", "take it out"]);
    expect(&refused("a,b\n1,x\n2"), &["line 3", "1 fields"]);
}

#[test]
fn quotes_in_the_wrong_place() {
    expect(&refused("a,b\n1,x\n\"2,y\n3,z\n"), &["line 3", "never ends"]);
    expect(&refused("a,b\n\"1\"1,x\n"), &["line 2", "closing quote"]);
    expect(&refused("a,b\n\"1\",x\n2,y\"y\n"), &["line 3", "inside an unquoted"]);
}

#[test]
fn headers() {
    expect(&refused("a,b,a\n1,2,3\n"), &["o.csv", "columns 1 and 3", "same name"]);
    expect(&refused("a,,b\nx,2,y\n"), &["column 2", "has no name"]);
}

#[test]
fn undecodable_bytes() {
    expect(&refused(b"a,b\n1,x\n2,\xff\xff\n"), &["o.csv", "byte 10", "UTF-8"]);
    expect(&refused(b"a,b\n1,x\0\x01\0\0\n"), &["byte 7"]);
    let options = ReadOptions { encoding: Some("utf-8".to_owned()), ..ReadOptions::default() };
    let gbk = encoding_rs::GBK.encode("a,b\n1,上\n").0.into_owned();
    expect(&Files::new().pair(gbk, GOOD, &options).unwrap_err().to_string(), &["byte 6", "UTF-8"]);
    let options = ReadOptions { encoding: Some("gb18030".to_owned()), ..ReadOptions::default() };
    expect(&Files::new().pair(b"a,b\n1,\xff\n", GOOD, &options).unwrap_err().to_string(), &["byte 6", "gb18030"]);
    let options = ReadOptions { encoding: Some("klingon".to_owned()), ..ReadOptions::default() };
    expect(&Files::new().pair(GOOD, GOOD, &options).unwrap_err().to_string(), &["klingon"]);
}

#[test]
fn damaged_files() {
    assert!(refused(b"\x1f\x8b\x08\x00nonsense").contains("gzip"));
    assert!(refused(b"\x28\xb5\x2f\xfdnonsense").contains("zstd"));
    assert!(refused(b"PAR1nonsensePAR1").contains("Parquet"));
    assert!(refused(b"ARROW1\0\0nonsense").contains("Arrow"));
    assert!(refused(b"\xff\xff\xff\xff\x10\x00\x00\x00nonsense").contains("Arrow"));
}

#[test]
fn json_lines() {
    expect(&refused("{\"a\":1}\n{\"a\":}\n"), &["line 2", "column"]);
    expect(&refused("{\"a\":1}\n[4711]\n"), &["line 2", "not an object"]);
    assert!(!refused("{\"a\":1}\n\"4711\"\n").contains("4711"));
    expect(&refused("{\"a\":[1]}\n"), &["`a`", "array"]);
}

#[test]
fn columns_that_are_not_there() {
    let files = Files::new();
    let message =
        |options: ReadOptions| files.pair("age,city\n1,x\n", "age,city\n1,x\n", &options).unwrap_err().to_string();
    let name = || "cty".to_owned();
    let default = ReadOptions::default;
    expect(&message(ReadOptions { columns: Some(vec![name()]), ..default() }), &["`cty`", "`columns`", "`city`"]);
    expect(&message(ReadOptions { ignore: vec![name()], ..default() }), &["`ignore`", "`city`"]);
    expect(&message(ReadOptions { kinds: [(name(), Kind::Date)].into(), ..default() }), &["`kinds`"]);
    expect(
        &message(ReadOptions { described: [(name(), 7)].into(), ..default() }),
        &["[columns.cty]", "line 7", "`city`"],
    );
    expect(&message(ReadOptions { record_key: Some(name()), ..default() }), &["`record_key`"]);
    expect(&message(ReadOptions { subject_key: Some(name()), ..default() }), &["`subject_key`"]);
    let apart = files.pair("a,b\n1,2\n", "c,d\n1,2\n", &default()).unwrap_err();
    assert!(matches!(apart, InputError::NoCommonColumn { .. }));
    let sources =
        Sources::files(files.write("o.csv", GOOD), files.write("a.csv", GOOD), Some(files.write("c.csv", "a\n1\n")));
    assert!(matches!(load(&sources, &default()), Err(InputError::MissingFromControl { column, .. }) if column == "b"));
}

#[test]
fn cells_of_another_kind() {
    let files = Files::new();
    let options = ReadOptions { kinds: [("b".to_owned(), Kind::Numeric)].into(), ..ReadOptions::default() };
    expect(
        &files.pair(GOOD, GOOD, &options).unwrap_err().to_string(),
        &["o.csv", "`b`", "2 of its cells", "data row 1"],
    );
}

#[test]
fn settings_that_cannot_be() {
    for delimiter in ['"', '\n', '，'] {
        let options = ReadOptions { delimiter: Some(delimiter), ..ReadOptions::default() };
        let error = Files::new().pair(GOOD, GOOD, &options).unwrap_err();
        assert!(matches!(error, InputError::Delimiter { .. }));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), head in 0..6usize) {
        let head: &[u8] = [&b""[..], b"PAR1", b"ARROW1\0\0", b"\xff\xff\xff\xff", b"{", b"\x1f\x8b"][head];
        let content = [head, &bytes].concat();
        let _ = Files::new().pair(&content, &content, &ReadOptions::default());
    }

    #[test]
    fn no_text_makes_the_reader_panic_or_shift_cells(text in "[a1,;\"\n\r é]{0,60}") {
        let content = format!("x,y\n{text}");
        if let Ok(loaded) = Files::new().pair(&content, &content, &ReadOptions::default()) {
            prop_assert_eq!(loaded.tables.original.rows(), loaded.original.rows);
        }
    }
}
