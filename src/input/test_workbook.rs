//! Workbooks: a cell is what its type says, and what is not clear is asked for.

use super::file::{Request, read_file};
use super::tokens::{Token, TokenColumn};
use super::{InputError, ReadOptions, isolated, signature::Signature};
use std::io::Write;
use std::path::Path;

/// Column letters and rows of the cells of a sheet, in OOXML.
type Cells<'a> = &'a [(&'a str, &'a str)];

const TEXTS: &str = r#"t="inlineStr"><is><t>"#;

fn text(value: &str) -> String {
    format!("{TEXTS}{value}</t></is>")
}

/// Name, whether it is hidden, and cells.
type Sheet<'a> = (&'a str, bool, Vec<(String, String)>);

/// A workbook of sheets, each with its name, whether it is hidden, and its cells by place: `A1` and what follows `<c r="A1" `.
fn workbook(sheets: &[Sheet<'_>]) -> Vec<u8> {
    let mut parts = vec![
        (
            "_rels/.rels".to_owned(),
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#.to_owned(),
        ),
        ("[Content_Types].xml".to_owned(), r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#.to_owned()),
        (
            "xl/styles.xml".to_owned(),
            r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="46"/></cellXfs></styleSheet>"#.to_owned(),
        ),
    ];
    let (mut listed, mut relations) = (String::new(), String::new());
    for (at, (name, hidden, cells)) in sheets.iter().enumerate() {
        let (id, state) = (at + 1, if *hidden { r#"state="hidden""# } else { "" });
        listed += &format!(r#"<sheet name="{name}" sheetId="{id}" {state} r:id="rId{id}"/>"#);
        relations += &format!(
            r#"<Relationship Id="rId{id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{id}.xml"/>"#
        );
        let mut rows = String::new();
        let mut current = String::new();
        for (place, cell) in cells {
            let row = place.trim_start_matches(char::is_alphabetic).to_owned();
            if row != current {
                let end = if current.is_empty() { "" } else { "</row>" };
                rows += &format!(r#"{end}<row r="{row}">"#);
                current = row;
            }
            rows += &format!(r#"<c r="{place}" {cell}</c>"#);
        }
        let end = if current.is_empty() { "" } else { "</row>" };
        let sheet = format!(
            r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}{end}</sheetData></worksheet>"#
        );
        parts.push((format!("xl/worksheets/sheet{id}.xml"), sheet));
    }
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    parts.push((
        "xl/workbook.xml".to_owned(),
        format!(r#"<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{listed}</sheets></workbook>"#),
    ));
    parts.push((
        "xl/_rels/workbook.xml.rels".to_owned(),
        format!(r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>"#),
    ));
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, part) in parts {
        archive.start_file(name, stored).unwrap();
        archive.write_all(part.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn sheet(cells: Cells<'_>) -> Vec<(String, String)> {
    let cell = |cell: &str| if cell.contains('>') { cell.to_owned() } else { text(cell) };
    cells.iter().map(|(place, value)| ((*place).to_owned(), cell(value))).collect()
}

fn read(content: &[u8], options: &ReadOptions) -> Result<Vec<TokenColumn>, InputError> {
    let request = Request { path: Path::new("book.xlsx"), options };
    isolated::decode(request, Signature::Excel, content).map(|content| content.columns)
}

fn refusal(content: &[u8], options: &ReadOptions) -> String {
    read(content, options).expect_err("it is refused").to_string()
}

fn cells(column: &TokenColumn) -> Vec<&Token> {
    column.codes.iter().map(|code| &column.tokens[*code as usize]).collect()
}

#[test]
fn a_cell_is_what_its_type_says() {
    let people = sheet(&[
        ("B3", " age "),
        ("C3", "seen"),
        ("D3", "well"),
        ("B4", "><v>41</v>"),
        ("C4", r#"s="1"><v>43831</v>"#),
        ("D4", r#"t="b"><v>1</v>"#),
        ("B5", "42"),
        ("C5", r#"s="2"><v>43831.5</v>"#),
        ("D5", r#"t="e"><v>#N/A</v>"#),
        ("B6", "><v>43.5</v>"),
        ("C6", r#"s="1"><v>0.25</v>"#),
        ("B8", "  n/k"),
        ("C8", r#"s="3"><v>1.5</v>"#),
    ]);
    let content =
        workbook(&[("people", false, people), ("notes", true, sheet(&[("A1", "x")])), ("empty", false, Vec::new())]);
    let columns = read(&content, &ReadOptions { nulls: vec!["n/k".to_owned()], ..ReadOptions::default() }).unwrap();
    assert_eq!(columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>(), ["age", "seen", "well"]);
    let missing = &Token::Missing;
    assert_eq!(
        cells(&columns[0]),
        [&Token::Number(41.0), &Token::Text("42".into()), &Token::Number(43.5), missing, missing]
    );
    let (day, time) = (Token::Day(18_262.0), Token::Text("06:00:00".into()));
    let noon = Token::Second(18_262.5 * 86_400.0);
    assert_eq!(cells(&columns[1]), [&day, &noon, &time, missing, &Token::Number(129_600.0)]);
    assert_eq!(cells(&columns[2]), [&Token::Text("true".into()), &Token::NotFinite, missing, missing, missing]);
}

#[test]
fn what_is_not_clear_is_asked_for() {
    let filled = || sheet(&[("A1", "a"), ("A2", "1"), ("A3", "2")]);
    let several = workbook(&[("Tabelle1", false, filled()), ("Tabelle2", false, filled())]);
    let options = ReadOptions::default();
    let told = refusal(&several, &options);
    assert!(
        told.contains("book.xlsx") && told.contains("`Tabelle1`, `Tabelle2`") && told.contains("--sheet"),
        "{told}"
    );
    let of = |name: &str| ReadOptions { sheet: Some(name.to_owned()), ..ReadOptions::default() };
    assert_eq!(read(&several, &of("Tabelle2")).unwrap().len(), 1);
    let told = refusal(&several, &of("Tabele2"));
    assert!(told.contains("did you mean `Tabelle2`?"), "{told}");
    let formulas =
        sheet(&[("A1", "a"), ("B1", "b"), ("A2", "1"), ("B2", "><f>1+1</f>"), ("A3", "1"), ("B3", "><f>1+2</f>")]);
    let told = refusal(&workbook(&[("s", false, formulas)]), &options);
    assert!(told.contains("column 2") && told.contains("never computed"), "{told}");
    let mut damaged = several;
    let middle = damaged.len() / 2;
    damaged[middle..middle + 40].fill(0xff);
    assert!(read(&damaged, &of("Tabelle1")).is_err() || read(&damaged, &of("Tabelle2")).is_err());
}

#[test]
fn a_workbook_is_read_as_its_csv_is_and_says_what_is_odd() {
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path().join("t.xlsx");
    let mut people = sheet(&[("A1", "id"), ("B1", "age")]);
    for row in 2..12 {
        people.push((format!("A{row}"), format!("><v>11010119900101{row:04}</v>")));
        people.push((format!("B{row}"), if row % 2 == 0 { text("30") } else { format!("><v>{row}</v>") }));
    }
    std::fs::write(&place, workbook(&[("s", false, people)])).unwrap();
    let table = read_file(&place, &ReadOptions::default(), "original").unwrap();
    assert_eq!((table.summary.format, table.rows()), ("xlsx", 10));
    let told: Vec<(&str, usize)> =
        table.warnings.iter().map(|warning| (warning.name, warning.count.unwrap())).collect();
    assert_eq!(told, [("digits_lost", 10), ("numbers_as_text", 5)]);
    let limited = ReadOptions { max_size: Some(100), ..ReadOptions::default() };
    assert!(matches!(read_file(&place, &limited, "original"), Err(InputError::TooLarge { .. })));
}

#[test]
fn a_sheet_that_chooses_nothing_is_told_of() {
    let asked = ReadOptions { sheet: Some("people".to_owned()), ..ReadOptions::default() };
    let told = |options: &ReadOptions, formats: [&'static str; 2]| {
        super::workbook::sheet_of_none(options, formats.into_iter()).map(|told| told.name)
    };
    assert_eq!(told(&asked, ["csv", "parquet"]), Some("sheet_unused"));
    assert_eq!(told(&asked, ["csv", "ods"]), None);
    assert_eq!(told(&ReadOptions::default(), ["csv", "csv"]), None);
}
