//! Files in several encodings, and compressed ones.

use super::test::{Files, released};
use super::*;
use encoding_rs::{Encoding, GBK, SHIFT_JIS, WINDOWS_1250, WINDOWS_1252};

/// A table of German names.
fn german() -> String {
    let cities = ["Köln", "München", "Zürich", "Düsseldorf", "Lübeck", "Würzburg"];
    let jobs = ["Töpfer", "Gärtner", "Bäcker", "Schlosser"];
    let rows = (0..60).map(|at| format!("{},{},{at}\n", cities[at % 6], jobs[at % 4]));
    "city,job,number\n".to_owned() + &rows.collect::<String>()
}

fn encoded(encoding: &'static Encoding, text: &str) -> Vec<u8> {
    encoding.encode(text).0.into_owned()
}

#[test]
fn each_file_is_read_in_its_own_encoding() {
    let files = Files::new();
    let text = german();
    let plain = files.pair(&text, &text, &ReadOptions::default()).unwrap();
    let mixed = files.pair(encoded(WINDOWS_1252, &text), &text, &ReadOptions::default()).unwrap();
    assert_eq!(released(&mixed, "city"), released(&plain, "city"));
    assert_eq!(mixed.tables.original.column(0), plain.tables.original.column(0));
    assert_eq!(mixed.original.encoding, Some("windows-1252"));
    assert!(mixed.warnings.iter().any(|warning| warning.name == "encodings_differ"));
    assert!(!plain.warnings.iter().any(|warning| warning.name.starts_with("encoding")));
    // What is given is for the files that do not show another.
    let given = ReadOptions { encoding: Some("windows-1252".to_owned()), ..ReadOptions::default() };
    let mixed = files.pair(encoded(WINDOWS_1252, &text), &text, &given).unwrap();
    assert_eq!(mixed.tables.original.column(0), plain.tables.original.column(0));
    assert!(mixed.warnings.iter().any(|warning| warning.name == "encoding_not_as_given"));
    let given = ReadOptions { encoding: Some("utf-16le".to_owned()), ..ReadOptions::default() };
    assert_eq!(files.pair("a,b\n1,2\n", "a,b\n1,2\n", &given).unwrap().original.encoding, Some("UTF-8"));
}

#[test]
fn letters_that_are_not_those_of_the_other_files_are_a_wrong_guess() {
    let files = Files::new();
    let polish = "city,job\nŁódź,łucznik\nŻywiec,żołnierz\nŚwidnica,ślusarz\n".to_owned();
    let error = files.pair(encoded(WINDOWS_1250, &polish), &polish, &ReadOptions::default()).unwrap_err();
    assert!(
        matches!(error, InputError::UnsureEncoding { .. } | InputError::EncodingsDiffer { .. }),
        "never read as something else: {error}"
    );
    let japanese = "city,job\n東京都,教師をしています\n大阪府,さくら\n";
    let error = files.pair(encoded(SHIFT_JIS, japanese), japanese, &ReadOptions::default()).unwrap_err();
    assert!(matches!(error, InputError::UnsureEncoding { encoding: "Shift_JIS", .. }), "{error}");
    let given = ReadOptions { encoding: Some("shift_jis".to_owned()), ..ReadOptions::default() };
    assert!(files.pair(encoded(SHIFT_JIS, japanese), japanese, &given).is_ok());
    let chinese = "city,job\n上海,教师\n北京,工程师\n";
    let mixed = files.pair(encoded(GBK, chinese), chinese, &ReadOptions::default()).unwrap();
    assert_eq!(mixed.tables.original.column(0), mixed.tables.anonymized.column(0));
}

#[test]
fn positions_are_those_of_the_file() {
    let files = Files::new();
    let refused = |content: Vec<u8>| files.pair(content, "a,b\n1,2\n", &ReadOptions::default()).unwrap_err();
    let utf16: Vec<u8> = "\u{feff}aé,b\n1,\0\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(matches!(refused(utf16), InputError::Undecodable { offset: 16, .. }));
    assert!(matches!(refused(b"\xef\xbb\xbfa,b\n1,\0\n".to_vec()), InputError::Undecodable { offset: 9, .. }));
    assert!(matches!(refused(b"\xff\xfe\0\0a\0\0\0".to_vec()), InputError::Unsupported { .. }));
}

#[test]
fn wide_text_without_a_mark_is_read() {
    let files = Files::new();
    let text = "city,job\n一乐,教师\n北京,工程师\n上海,Ā\n";
    for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
        let wide: Vec<u8> = text.encode_utf16().flat_map(bytes).collect();
        let loaded = files.pair(wide, text, &ReadOptions::default()).unwrap();
        assert_eq!(loaded.tables.original.column(0), loaded.tables.anonymized.column(0));
    }
}

#[test]
fn what_unpacks_to_too_much_is_refused_unless_allowed() {
    let files = Files::new();
    let text = "a,b\n".to_owned() + &"1,2\n3,4\n".repeat(1000);
    let packed = zstd::encode_all(text.as_bytes(), 3).unwrap();
    let limited = |max_size| ReadOptions { max_size: Some(max_size), ..ReadOptions::default() };
    let error = files.pair(&packed, &text, &limited(1000)).unwrap_err();
    assert!(error.to_string().contains("--max-size"), "{error}");
    assert!(files.pair(&packed, &text, &limited(100_000)).is_ok());
}
