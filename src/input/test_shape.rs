//! What the rows and columns of a file are: headers, delimiters, rows without values.

use super::test::{Files, category, released};
use super::*;
use reident_attacks::table::{Cell, Kind};

fn pair(original: impl AsRef<[u8]>, anonymized: impl AsRef<[u8]>) -> Result<Loaded, InputError> {
    Files::new().pair(original, anonymized, &ReadOptions::default())
}

fn names(loaded: &Loaded) -> Vec<&str> {
    loaded.columns.iter().map(|column| column.name.as_str()).collect()
}

fn has_warning(loaded: &Loaded, name: &str) -> bool {
    loaded.warnings.iter().any(|warning| warning.name == name)
}

const PLAIN: &str = "age,job\n30,baker\n41,smith\n41,cook\n";

#[test]
fn a_first_column_without_a_name_is_left_out() {
    for text in [
        ",age,job\n0,30,baker\n1,41,smith\n2,41,cook\n",
        "\"\",\"age\",\"job\"\n\"1\",30,\"baker\"\n\"2\",41,\"smith\"\n\"3\",41,\"cook\"\n",
        "age,job\nanna,30,baker\nben,41,smith\ncleo,41,cook\n",
        "\"age\" \"job\"\n\"1\" 30 \"baker\"\n\"2\" 41 \"smith\"\n\"3\" 41 \"cook\"\n",
    ] {
        let loaded = pair(text, PLAIN).unwrap();
        assert_eq!(names(&loaded), ["age", "job"], "{text}");
        assert!(has_warning(&loaded, "unnamed_column"), "{text}");
        let plain = pair(PLAIN, PLAIN).unwrap();
        assert!((0..2).all(|at| loaded.tables.original.column(at) == plain.tables.original.column(at)), "{text}");
    }
}

#[test]
fn a_delimiter_at_the_end_of_lines_makes_no_column() {
    for text in ["age,job,\n30,baker,\n41,smith,\n", "age,job\n30,baker,\n41,smith, \n"] {
        let loaded = pair(text, PLAIN).unwrap();
        assert_eq!(names(&loaded), ["age", "job"]);
        assert!(has_warning(&loaded, "unnamed_column"));
    }
    let error = pair("age,,job\n30,x,baker\n41,y,smith\n", PLAIN).unwrap_err();
    assert!(matches!(error, InputError::UnnamedColumn { position: 2, .. }), "{error}");
    // Longer rows whose first fields repeat are no rows with names.
    let error = pair("age,job\n30,baker,x\n30,smith,y\n", PLAIN).unwrap_err();
    assert!(matches!(error, InputError::RaggedRow { line: 2, found: 3, expected: 2, .. }), "{error}");
}

#[test]
fn a_header_of_values_is_refused_without_telling_them() {
    for text in [
        "39,State-gov,Bachelors,13\n50,Private,Bachelors,13\n38,State-gov,HS-grad,9\n",
        "anna,2001-02-03,yes\nben,1999-12-31,yes\n",
        "7,7,x\n8,7,x\n",
        // The header stands twice, as in files that were put one after the other.
        "age,job\n30,baker\nage,job\n41,smith\n",
    ] {
        let error = pair(text, PLAIN).unwrap_err();
        assert!(matches!(error, InputError::NoHeader { .. }), "{error}");
        let message = error.to_string();
        assert!(!message.contains("State-gov") && !message.contains("2001"), "{message}");
    }
    // Years and positions are names.
    for text in ["id,2019,2020,2021\na,1,2,3\nb,4,5,6\n", ",0,1,2\n0,x,y,5\n1,x,z,6\n"] {
        assert!(pair(text, text).is_ok(), "{text}");
    }
}

#[test]
fn names_are_compared_as_they_are_meant() {
    let loaded = pair("\u{feff}\"\u{feff}Gro\u{308}\u{df}e\", job\n1,a\n", "Größe,\u{a0}job\n1,a\n").unwrap();
    assert_eq!(names(&loaded), ["Größe", "job"]);
    assert_eq!(loaded.tables.columns.len(), 2);
    let error = pair("Age,job\n30,baker\n", PLAIN).unwrap_err();
    assert!(
        matches!(&error, InputError::AlmostNamed { column, found, .. } if column == "Age" && found == "age"),
        "{error}"
    );
    let escape = pair("a\u{1b}[2J,\"b\nc\"\n1,2\n", "a\u{1b}[2J,\"b\nc\"\n1,2\n").unwrap();
    assert_eq!(names(&escape), ["a\\u{1b}[2J", "b\\nc"]);
}

#[test]
fn rows_without_a_value_are_no_persons() {
    let blank = "age,job,id\n,,\n30,baker,1\nNA,NULL,\n41,smith,2\n , ,\n,,3\n";
    let json = "{\"age\":null,\"job\":\"\"}\n{\"age\":30,\"job\":\"baker\",\"id\":1}\n{}\n{\"age\":41,\"job\":\"smith\",\"id\":2}\n";
    let options = ReadOptions { record_key: Some("id".to_owned()), ..ReadOptions::default() };
    for (text, rows) in [(blank, 4), (json, 2)] {
        let loaded = Files::new().pair(text, text, &options).unwrap();
        assert_eq!((loaded.original.rows, loaded.original.blank_rows), (2, rows));
        assert_eq!((loaded.anonymized.rows, loaded.anonymized.blank_rows), (2, rows));
        assert_eq!(released(&loaded, "job"), [category("baker"), category("smith")]);
        assert_eq!(released(&loaded, "age"), [Cell::Number(30.0), Cell::Number(41.0)]);
        let said: Vec<_> = loaded.warnings.iter().filter(|warning| warning.name == "blank_rows").collect();
        assert_eq!(said.len(), 2);
        assert_eq!(said[0].count, Some(rows));
    }
    assert!(matches!(pair("age,job\n,\n,\n", PLAIN), Err(InputError::OnlyBlank { .. })));
}

#[test]
fn rows_are_numbered_as_in_the_file() {
    let options = ReadOptions { kinds: [("age".to_owned(), Kind::Numeric)].into(), ..ReadOptions::default() };
    let text = "age,job\n,\n30,x\n,\n,\nthirty,x\n";
    let error = Files::new().pair(text, PLAIN, &options).unwrap_err();
    assert!(matches!(error, InputError::Cells { row: 5, .. }), "{error}");
    let files = Files::new();
    let error = inspect(&[files.write("o.csv", text).into()], &options).unwrap_err();
    assert!(matches!(error, InputError::Cells { row: 5, .. }), "{error}");
}

#[test]
fn one_column_that_should_be_more_is_refused() {
    for (text, sign) in [
        ("age::job\n30::baker\n41::smith\n", "::"),
        ("age job\n30 baker\n41 smith\n", " "),
        ("age:job\n30:baker\n41:smith\n", ":"),
    ] {
        let error = pair(text, PLAIN).unwrap_err();
        assert!(matches!(&error, InputError::OneColumn { signs, .. } if signs == sign), "{error}");
    }
    let text = "\"age,job\"\n\"30,baker\"\n\"41,smith\"\n";
    let error = pair(text, text).unwrap_err();
    assert!(matches!(&error, InputError::QuotedLines { .. }), "{error}");
    let options = ReadOptions { delimiter: Some(','), ..ReadOptions::default() };
    let text = "full name\nanna berg\nben carr\n";
    assert!(Files::new().pair(text, text, &options).is_ok());
}

#[test]
fn declared_and_rare_delimiters_are_found() {
    for text in [
        "sep=;\nage;job\n30;a,b\n41;c\n",
        "\n\nage^job\n30^a,b\n41^c\n",
        "age~job\n30~a,b\n41~c\n",
        "\nage|job\n30|a,b\n41|c\n",
    ] {
        let loaded = pair(text, text).unwrap();
        assert_eq!(released(&loaded, "job"), [category("a,b"), category("c")], "{text}");
    }
    let error = pair("sep=;\nage;job\n30;a\n41\n", PLAIN).unwrap_err();
    assert!(matches!(error, InputError::RaggedRow { line: 4, .. }), "{error}");
}

#[test]
fn an_empty_line_among_rows_is_called_one() {
    for text in ["age,job\n30,a\n\n41,c\n", "age,job\r\n30,a\r\n  \r\n41,c\r\n", "age,job\n\"30\",a\n\n\"41\",c\n"] {
        let error = pair(text, PLAIN).unwrap_err();
        assert!(matches!(error, InputError::EmptyLine { line: 3, .. }), "{error}");
        assert!(error.to_string().contains("take it out"), "{error}");
    }
}

#[test]
fn json_keeps_every_digit() {
    let ids: Vec<String> = (0..50).map(|at| format!("1234567890123456789{at:02}")).collect();
    let json = ids.iter().map(|id| format!("{{\"id\":{id},\"x\":1.50}}\n")).collect::<String>();
    let csv = "id,x\n".to_owned() + &ids.iter().map(|id| format!("{id},1.50\n")).collect::<String>();
    let (json, csv) = (pair(&json, &json).unwrap(), pair(&csv, &csv).unwrap());
    assert_eq!(released(&json, "id"), released(&csv, "id"));
    assert_eq!(released(&json, "x"), released(&csv, "x"));
    assert_eq!(json.columns[0].original.as_ref().unwrap().distinct, 50);
}

#[test]
fn json_objects_are_read_whole() {
    let error = pair("{\"a\":1}\n{\"a\":2,\"b\":1,\"a\":3}\n", PLAIN).unwrap_err();
    assert!(matches!(&error, InputError::DuplicateKey { line: 2, column, .. } if column == "a"), "{error}");
    let text = "{\"a\":\"x\\ty \\u00e9\",\"b\":true}\n{\"b\":false,\"a\":null}\n";
    let loaded = pair(text, text).unwrap();
    assert_eq!(released(&loaded, "a"), [category("x\ty é"), Cell::Missing]);
    assert_eq!(loaded.tables.columns[1].domain.kind(), Kind::Boolean);
}

#[test]
fn the_last_ending_of_a_name_counts() {
    let files = Files::new();
    for name in ["x.json.csv", "patients.jsonl_export.csv", "x.csv"] {
        let path = files.write(name, PLAIN);
        assert_eq!(inspect(&[path.into()], &ReadOptions::default()).unwrap().files[0].format, "csv", "{name}");
        let path = files.write(name, "{\"a\":1}\n");
        assert_eq!(inspect(&[path.into()], &ReadOptions::default()).unwrap().files[0].format, "json-lines", "{name}");
    }
}

#[test]
fn parts_of_json_make_the_whole() {
    let rows = 60_000;
    // No sequence: that would only number the rows.
    let value = |at: usize| at * 7_919 % 60_013;
    let line = |at: usize| match at % 3 {
        0 => format!("{{\"a\":{},\"b\":\"v{}\"}}\n", value(at), at % 17),
        1 => format!("{{\"b\":\"v{}\",\"a\":{}}}\n", at % 17, value(at)),
        _ => format!("{{\"a\":{},\"late{}\":{at}}}\n", value(at), at / 30_000),
    };
    let json: String = (0..rows).map(line).collect();
    assert!(json.len() > 1 << 20);
    let loaded = pair(&json, &json).unwrap();
    let expected: Vec<Cell> = (0..rows).map(|at| Cell::Number(value(at) as f64)).collect();
    assert_eq!(released(&loaded, "a"), expected);
    let late = released(&loaded, "late1");
    assert!(
        (0..rows)
            .all(|at| late[at] == if at % 3 == 2 && at >= 30_000 { Cell::Number(at as f64) } else { Cell::Missing })
    );
}

#[test]
fn bytes_that_are_text_are_read_as_text() {
    use polars::prelude::{DataFrame, NamedFrom, ParquetWriter, Series};
    let files = Files::new();
    let write = |name: &str, bytes: [&[u8]; 3]| {
        let columns = vec![Series::new("age".into(), [30, 41, 52]).into(), Series::new("job".into(), bytes).into()];
        let mut content = Vec::new();
        let mut frame = DataFrame::new_infer_height(columns).unwrap();
        ParquetWriter::new(&mut content).finish(&mut frame).unwrap();
        files.write(name, content)
    };
    let loaded = super::test::both(write("t.parquet", [b"baker", "Bäcker".as_bytes(), b"cook"]));
    assert_eq!(released(&loaded, "job"), ["baker", "Bäcker", "cook"].map(category));
    let error = inspect(&[write("t.parquet", [b"a", b"\xff\xfe", b"b"]).into()], &ReadOptions::default()).unwrap_err();
    assert!(matches!(&error, InputError::ColumnType { column, .. } if column == "job"), "{error}");
}
