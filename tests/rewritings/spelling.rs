//! Harmless rewritings: what exports, locales, spreadsheets and careless hands do to tables.

use super::tables::{Rewriting, Sheet, Triple};
use reident_attacks::sampling::{Stream, Task};
use std::io::Write;

/// Applies a change to the chosen files; true when it changed any.
fn each(triple: &mut Triple, files: [bool; 3], change: impl Fn(&mut Sheet) -> bool) -> bool {
    let chosen = triple.0.iter_mut().zip(files).filter(|(_, chosen)| *chosen);
    chosen.map(|(sheet, _)| change(sheet)).fold(false, |any, changed| any | changed)
}

/// Applies a change that always applies.
fn always(triple: &mut Triple, files: [bool; 3], change: impl Fn(&mut Sheet)) -> bool {
    each(triple, files, |sheet| {
        change(sheet);
        true
    })
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.parse::<f64>().is_ok()
}

fn numbers(values: &[&str]) -> bool {
    values.iter().all(|value| is_number(value))
}

fn fractions(values: &[&str]) -> bool {
    numbers(values) && values.iter().any(|value| value.contains('.'))
}

fn large(values: &[&str]) -> bool {
    numbers(values) && values.iter().all(|value| value.len() >= 4 && !value.contains('.'))
}

fn dates(values: &[&str]) -> bool {
    values.iter().all(|value| value.len() == 10 && value.as_bytes()[4] == b'-')
}

fn words(values: &[&str]) -> bool {
    values.iter().all(|value| !is_number(value)) && !dates(values)
}

fn date_as(text: &str, form: &str) -> String {
    let (year, rest) = text.split_at(4);
    form.replace('Y', year).replace('M', &rest[1..3]).replace('D', &rest[4..6])
}

/// Thousands from the right, as a locale groups them.
fn grouped(text: &str, mark: &str) -> String {
    let (digits, mut shown) = (text.len(), String::new());
    for (at, digit) in text.chars().enumerate() {
        if at > 0 && (digits - at) % 3 == 0 {
            shown.push_str(mark);
        }
        shown.push(digit);
    }
    shown
}

fn full_width(text: &str) -> String {
    let wide = |c: char| char::from_u32(c as u32 - u32::from(b'0') + 0xFF10).expect("a full-width digit");
    text.chars().map(|c| if c.is_ascii_digit() { wide(c) } else { c }).collect()
}

/// Single bytes for Latin letters, as spreadsheets of western Europe write them; others become question marks.
fn windows_1252(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(c as u32).unwrap_or(b'?')).collect()
}

fn utf_16(text: &str) -> Vec<u8> {
    std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).and_then(|()| encoder.finish()).expect("memory takes what is written")
}

fn shuffled(sheet: &mut Sheet) {
    Stream::new(3, Task::Population, 1).shuffle(&mut sheet.rows);
}

/// A column in front, with a name and a value for each row.
fn in_front(sheet: &mut Sheet, name: &str, value: impl Fn(usize) -> String) {
    sheet.names.insert(0, name.to_owned());
    sheet.rows.iter_mut().enumerate().for_each(|(at, row)| row.insert(0, value(at)));
}

/// Codes of labels, in the order of the labels, column by column.
fn label_codes(sheet: &mut Sheet) -> bool {
    let mut changed = false;
    for at in 0..sheet.names.len() {
        let mut labels: Vec<String> = sheet.rows.iter().map(|row| row[at].clone()).collect();
        labels.sort();
        labels.dedup();
        if labels.iter().all(|label| !is_number(label)) {
            changed = true;
            for row in &mut sheet.rows {
                row[at] = labels.binary_search(&row[at]).expect("a label of the column").to_string();
            }
        }
    }
    changed
}

fn first_number_as_bands(sheet: &mut Sheet) -> bool {
    let column = |at: &usize| {
        let values: Vec<&str> = sheet.rows.iter().map(|row| row[*at].as_str()).collect();
        numbers(&values) && !fractions(&values)
    };
    let Some(at) = (0..sheet.names.len()).find(column) else { return false };
    for row in &mut sheet.rows {
        let decade = row[at].parse::<i64>().expect("a whole number") / 10 * 10;
        row[at] = format!("{decade}-{}", decade + 9);
    }
    true
}

/// Every rewriting, by name.
pub const REWRITINGS: &[(&str, Rewriting)] = &[
    ("rows in another order", |t, f| always(t, f, shuffled)),
    ("columns in another order", |t, f| {
        always(t, f, |sheet| {
            sheet.names.reverse();
            sheet.rows.iter_mut().for_each(|row| row.reverse());
        })
    }),
    ("rows of Windows lines", |t, f| always(t, f, |sheet| sheet.form.line_end = "\r\n")),
    ("all fields quoted", |t, f| always(t, f, |sheet| sheet.form.quoted = true)),
    ("semicolons", |t, f| always(t, f, |sheet| sheet.form.delimiter = ";")),
    ("tabulators", |t, f| always(t, f, |sheet| sheet.form.delimiter = "\t")),
    ("bars", |t, f| always(t, f, |sheet| sheet.form.delimiter = "|")),
    ("double colons", |t, f| always(t, f, |sheet| sheet.form.delimiter = "::")),
    ("carets", |t, f| always(t, f, |sheet| sheet.form.delimiter = "^")),
    ("a byte order mark", |t, f| {
        always(t, f, |sheet| sheet.form.encode = |text| ["\u{FEFF}", text].concat().into_bytes())
    }),
    ("UTF-16", |t, f| always(t, f, |sheet| sheet.form.encode = utf_16)),
    ("Windows-1252", |t, f| always(t, f, |sheet| sheet.form.encode = windows_1252)),
    ("gzip", |t, f| {
        always(t, f, |sheet| {
            sheet.form.encode = gzip;
            sheet.form.ending = "csv.gz";
        })
    }),
    ("decimal comma with semicolons", |t, f| {
        each(t, f, |sheet| {
            sheet.form.delimiter = ";";
            sheet.each_cell(fractions, |cell| cell.replace('.', ","))
        })
    }),
    ("thousands by points, semicolons", |t, f| {
        each(t, f, |sheet| {
            sheet.form.delimiter = ";";
            sheet.each_cell(large, |cell| grouped(cell, "."))
        })
    }),
    ("thousands by commas", |t, f| each(t, f, |sheet| sheet.each_cell(large, |cell| grouped(cell, ",")))),
    ("thousands by blanks", |t, f| each(t, f, |sheet| sheet.each_cell(large, |cell| grouped(cell, "\u{A0}")))),
    ("thousands by apostrophes", |t, f| each(t, f, |sheet| sheet.each_cell(large, |cell| grouped(cell, "'")))),
    ("a dollar before numbers", |t, f| each(t, f, |sheet| sheet.each_cell(large, |cell| format!("${cell}")))),
    ("a euro after numbers", |t, f| each(t, f, |sheet| sheet.each_cell(large, |cell| format!("{cell} €")))),
    ("full-width digits", |t, f| each(t, f, |sheet| sheet.each_cell(numbers, full_width))),
    ("trailing zeros", |t, f| {
        each(t, f, |sheet| sheet.each_cell(|values| numbers(values) && !fractions(values), |cell| format!("{cell}.0")))
    }),
    ("exponents", |t, f| {
        each(t, f, |sheet| sheet.each_cell(large, |cell| format!("{:e}", cell.parse::<f64>().expect("a number"))))
    }),
    ("a plus before numbers", |t, f| each(t, f, |sheet| sheet.each_cell(numbers, |cell| format!("+{cell}")))),
    ("dates by points", |t, f| each(t, f, |sheet| sheet.each_cell(dates, |cell| date_as(cell, "D.M.Y")))),
    ("dates by slashes, day first", |t, f| each(t, f, |sheet| sheet.each_cell(dates, |cell| date_as(cell, "D/M/Y")))),
    ("dates by slashes, month first", |t, f| each(t, f, |sheet| sheet.each_cell(dates, |cell| date_as(cell, "M/D/Y")))),
    ("dates of eight digits", |t, f| each(t, f, |sheet| sheet.each_cell(dates, |cell| date_as(cell, "YMD")))),
    ("Chinese dates", |t, f| each(t, f, |sheet| sheet.each_cell(dates, |cell| date_as(cell, "Y年M月D日")))),
    ("dates with a time", |t, f| each(t, f, |sheet| sheet.each_cell(dates, |cell| format!("{cell}T00:00:00")))),
    ("blanks around cells", |t, f| each(t, f, |sheet| sheet.each_cell(|_| true, |cell| format!(" {cell} ")))),
    ("labels in capitals", |t, f| each(t, f, |sheet| sheet.each_cell(words, str::to_uppercase))),
    ("labels with a full stop", |t, f| each(t, f, |sheet| sheet.each_cell(words, |cell| format!("{cell}.")))),
    ("labels decomposed", |t, f| {
        each(t, f, |sheet| {
            sheet.each_cell(words, |cell| {
                cell.replace('ö', "o\u{308}").replace('á', "a\u{301}").replace('è', "e\u{300}")
            })
        })
    }),
    ("label codes", |t, f| each(t, f, label_codes)),
    ("names in capitals", |t, f| {
        always(t, f, |sheet| sheet.names.iter_mut().for_each(|name| *name = name.to_uppercase()))
    }),
    ("blanks around names", |t, f| {
        always(t, f, |sheet| sheet.names.iter_mut().for_each(|name| *name = format!(" {name} ")))
    }),
    ("numbers a thousand times as large", |t, f| {
        each(t, f, |sheet| {
            sheet.each_cell(numbers, |cell| format!("{}", cell.parse::<f64>().expect("a number") * 1000.0 + 7.0))
        })
    }),
    ("bands of ten", |t, f| each(t, f, first_number_as_bands)),
    ("a question mark is NA", |t, f| {
        each(t, f, |sheet| {
            sheet.each_cell(|values| values.contains(&"?"), |cell| if cell == "?" { "NA" } else { cell }.to_owned())
        })
    }),
    ("a row number", |t, f| always(t, f, |sheet| in_front(sheet, "number", |at| (at + 1).to_string()))),
    ("a row number without a name", |t, f| always(t, f, |sheet| in_front(sheet, "", |at| at.to_string()))),
    ("a row number in every file, shuffled", |t, _| {
        always(t, [true; 3], |sheet| {
            shuffled(sheet);
            in_front(sheet, "number", |at| (at + 1).to_string());
        })
    }),
    ("blank rows at the end", |t, f| {
        always(t, f, |sheet| {
            let blank = vec![String::new(); sheet.names.len()];
            sheet.rows.extend(std::iter::repeat_n(blank, 60));
        })
    }),
    ("rows of stars at the end", |t, f| {
        always(t, [false, f[1], false], |sheet| {
            let stars = vec!["*".to_owned(); sheet.names.len()];
            sheet.rows.extend(std::iter::repeat_n(stars, 5));
        })
    }),
    ("release twice", |t, f| always(t, [false, f[1], false], |sheet| sheet.rows.extend(sheet.rows.clone()))),
    ("one column less in the release", |t, f| {
        always(t, [false, f[1], false], |sheet| {
            sheet.names.pop();
            sheet.rows.iter_mut().for_each(|row| drop(row.pop()));
        })
    }),
    ("a constant column", |t, f| always(t, f, |sheet| in_front(sheet, "batch", |_| "A".to_owned()))),
    ("no header", |t, f| always(t, f, |sheet| sheet.form.header = false)),
    ("one mistyped number", |t, f| {
        each(t, f, |sheet| {
            let at = (0..sheet.names.len()).find(|at| sheet.rows.iter().all(|row| is_number(&row[*at])));
            at.is_some_and(|at| {
                sheet.rows[0][at] = "4O".to_owned();
                true
            })
        })
    }),
    ("original and control exchanged", |t, _| {
        t.0.swap(0, 2);
        true
    }),
    ("original and release exchanged", |t, _| {
        t.0.swap(0, 1);
        true
    }),
    ("release and control exchanged", |t, _| {
        t.0.swap(1, 2);
        true
    }),
    ("the control is a part of the original", |t, _| {
        t.0[2].rows = t.0[0].rows[..t.0[0].rows.len() / 2].to_vec();
        true
    }),
    ("the control is a part of the original, with row numbers", |t, _| {
        t.0[2].rows = t.0[0].rows[..t.0[0].rows.len() / 2].to_vec();
        always(t, [true; 3], |sheet| in_front(sheet, "number", |at| (at + 1).to_string()))
    }),
];
