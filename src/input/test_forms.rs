//! Local forms, odd cells, words for "missing", bands and codes: what is written otherwise is read, or said.

use super::test::{Files, category, kind, names, released};
use super::*;
use reident_attacks::table::{Cell, Interval, Kind};

/// A table of some columns, row by row, between which the delimiter stands.
fn table(header: &str, rows: impl Iterator<Item = String>) -> String {
    std::iter::once(header.to_owned()).chain(rows).map(|row| row + "\n").collect()
}

fn load_three(contents: [String; 3], options: &ReadOptions) -> Loaded {
    let files = Files::new();
    let [original, anonymized, control] = contents;
    let sources = Sources::files(
        files.write("o.csv", original),
        files.write("a.csv", anonymized),
        Some(files.write("c.csv", control)),
    );
    load(&sources, options).unwrap()
}

fn code_of(warnings: &[InputWarning], name: &str) -> Vec<String> {
    warnings.iter().filter(|warning| warning.name == name).map(|warning| warning.message.clone()).collect()
}

const DAYS: [(i64, i64, i64); 6] =
    [(1980, 3, 4), (1975, 12, 27), (1999, 1, 31), (2001, 7, 7), (1964, 2, 29), (1980, 11, 5)];

/// The same persons in many spellings of dates and numbers are the same codes in all tables.
#[test]
fn tables_in_different_local_forms_meet() {
    let number = |at: usize| 1234.5 + 700.0 * at as f64;
    let plain =
        table("d;n", DAYS.iter().enumerate().map(|(at, (y, m, d))| format!("{y:04}-{m:02}-{d:02};{}", number(at))));
    let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    type Writer = fn(i64, i64, i64) -> String;
    let dates: [Writer; 9] = [
        |y, m, d| format!("{d:02}.{m:02}.{y}"),
        |y, m, d| format!("{d}/{m}/{y}"),
        |y, m, d| format!("{m}/{d}/{y}"),
        |y, m, d| format!("{d:02}-{m:02}-{y}"),
        |y, m, d| format!("{y}年{m}月{d}日"),
        |y, m, d| format!("{y}.{m:02}.{d:02}"),
        |y, m, d| format!("{y}{m:02}{d:02}"),
        |y, m, d| format!("{y}/{m}/{d}"),
        |y, m, d| format!("{y:04}-{m:02}-{d:02} 00:00:00"),
    ];
    let grouped = |at: usize, group: &str, decimal: &str| {
        let value = number(at);
        let (thousands, rest) = ((value / 1000.0).floor(), value % 1000.0);
        format!("{thousands}{group}{:03}{decimal}{}", rest.floor(), (rest * 10.0) as i64 % 10)
    };
    let numbers: [&dyn Fn(usize) -> String; 7] = [
        &|at| format!("{}", number(at)).replace('.', ","),
        &|at| grouped(at, ".", ","),
        &|at| grouped(at, ",", "."),
        &|at| grouped(at, " ", ","),
        &|at| grouped(at, "\u{202f}", ","),
        &|at| grouped(at, "'", "."),
        &|at| format!("€ {}", grouped(at, ".", ",")),
    ];
    for (form, date) in dates.iter().enumerate() {
        let number = numbers[form % numbers.len()];
        let rows = DAYS.iter().enumerate().map(|(at, (y, m, d))| format!("{};{}", date(*y, *m, *d), number(at)));
        let local = table("d;n", rows);
        let named = table(
            "d;n",
            DAYS.iter().enumerate().map(|(at, (y, m, d))| format!("{d} {} {y};{}", names[*m as usize - 1], number(at))),
        );
        let loaded = load_three([local.clone(), plain.clone(), named], &ReadOptions::default());
        assert_eq!((kind(&loaded, "d"), kind(&loaded, "n")), (Kind::Date, Kind::Numeric), "{local}");
        for column in 0..2 {
            let codes = loaded.tables.original.column(column);
            assert_eq!(codes, loaded.tables.anonymized.column(column), "{local}");
            assert_eq!(codes, loaded.tables.control.as_ref().unwrap().column(column), "{local}");
        }
        assert!(code_of(&loaded.warnings, "ambiguous_form").is_empty(), "{:?}", loaded.warnings);
        assert!(!code_of(&loaded.warnings, "local_form").is_empty());
    }
}

#[test]
fn what_the_values_do_not_tell_is_taken_from_the_file_or_said() {
    let files = Files::new();
    let open = "d\n03/04/2020\n05/06/2021\n07/01/2022\n";
    let loaded = files.pair(open, open, &ReadOptions::default()).unwrap();
    assert_eq!(kind(&loaded, "d"), Kind::Date);
    assert_eq!(code_of(&loaded.warnings, "ambiguous_form").len(), 1);
    // Another column of the same file tells.
    let other = "d,e\n03/04/2020,12/31/2020\n05/06/2021,11/30/2020\n07/01/2022,10/29/2020\n";
    let loaded = files.pair(other, other, &ReadOptions::default()).unwrap();
    assert!(code_of(&loaded.warnings, "ambiguous_form").is_empty());
    assert_eq!(released(&loaded, "d")[0], Cell::Number(time::days_from_civil(2020, 3, 4).unwrap()));
    // The configuration tells.
    let options = ReadOptions { forms: [("d".to_owned(), LocalForm::MonthFirst)].into(), ..ReadOptions::default() };
    let loaded = files.pair(open, open, &options).unwrap();
    assert!(code_of(&loaded.warnings, "ambiguous_form").is_empty());
    assert_eq!(released(&loaded, "d")[0], Cell::Number(time::days_from_civil(2020, 3, 4).unwrap()));
    // A number with a separator before three digits, among others without one.
    let open = "n,k\n\"1,234\",a\n\"5,678\",b\n12,c\n";
    let loaded = files.pair(open, open, &ReadOptions::default()).unwrap();
    assert_eq!(code_of(&loaded.warnings, "ambiguous_form").len(), 1, "{:?}", loaded.warnings);
    // Years of two digits.
    let short = "d\n27.12.80\n31.01.45\n";
    let loaded = files.pair(short, short, &ReadOptions::default()).unwrap();
    assert_eq!(code_of(&loaded.warnings, "ambiguous_form").len(), 1);
    let loaded = files.pair("d\n27.12.1980\n31.01.1945\n", short, &ReadOptions::default()).unwrap();
    assert!(code_of(&loaded.warnings, "ambiguous_form").is_empty());
    assert_eq!(loaded.tables.original.column(0), loaded.tables.anonymized.column(0));
}

#[test]
fn a_release_meets_the_range_of_the_original() {
    let files = Files::new();
    let loaded = files.pair(
        "n,k\n67,a\n71,b\n23,c\n",
        "n,k\n\"67,000\",a\n\"71,000\",b\n\"23,000\",c\n",
        &ReadOptions::default(),
    );
    let loaded = loaded.unwrap();
    assert_eq!(loaded.tables.original.column(0), loaded.tables.anonymized.column(0), "{:?}", loaded.warnings);
    let loaded =
        files.pair("n,k\n67000,a\n71000,b\n23000,c\n", "n,k\n67.000,a\n71.000,b\n23.000,c\n", &ReadOptions::default());
    let loaded = loaded.unwrap();
    assert_eq!(loaded.tables.original.column(0), loaded.tables.anonymized.column(0), "{:?}", loaded.warnings);
    // The ends of bands are written in some form too.
    let interval = |lo: f64, hi: f64| Cell::Interval(Interval::closed(lo, hi));
    let original = "n;k\n650;a\n710;b\n1250;c\n";
    let loaded = files
        .pair(original, "n;k\n600,00 - 699,99;a\n€ 1.200,00–€ 1.299,50;b\n700-800;c\n", &ReadOptions::default())
        .unwrap();
    assert_eq!(released(&loaded, "n"), [interval(600.0, 699.99), interval(1200.0, 1299.5), interval(700.0, 800.0)]);
    let loaded = files.pair(original, "n;k\n600-699;a\n1,000-1,999;b\n700-800;c\n", &ReadOptions::default()).unwrap();
    assert_eq!(released(&loaded, "n")[1], interval(1000.0, 1999.0), "{:?}", loaded.warnings);
    // Three decimals everywhere, as programs write them.
    let loaded = files.pair("n,k\n67.123,a\n71.456,b\n", "n,k\n67.124,a\n71.000,b\n", &ReadOptions::default()).unwrap();
    assert_eq!(released(&loaded, "n")[0], Cell::Number(67.124));
    assert!(code_of(&loaded.warnings, "ambiguous_form").is_empty());
}

#[test]
fn a_few_odd_cells_change_no_kind() {
    let files = Files::new();
    let rows = |odd: &str| {
        table(
            "d,n,k",
            (0..200).map(|at| {
                let day = if at == 17 { odd.to_owned() } else { format!("2020-{:02}-{:02}", at % 12 + 1, at % 28 + 1) };
                format!(
                    "{day},{},{}",
                    if at == 3 { "4O".to_owned() } else { (at * 37 % 101).to_string() },
                    if at == 9 { "007".to_owned() } else { (at * 53 % 197).to_string() }
                )
            }),
        )
    };
    let loaded = files.pair(rows("0000-00-00"), rows("2020-01-18"), &ReadOptions::default()).unwrap();
    assert_eq!(
        [kind(&loaded, "d"), kind(&loaded, "n"), kind(&loaded, "k")],
        [Kind::Date, Kind::Numeric, Kind::Numeric]
    );
    assert_eq!(released(&loaded, "n")[3], category("4O"));
    let domain = &loaded.tables.columns[0].domain;
    assert_eq!(*domain.cell(loaded.tables.original.column(0)[17]), category("0000-00-00"));
    assert_eq!(code_of(&loaded.warnings, "texts_among_values").len(), 2);
    // An ordinary release is never refused.
    let loaded =
        files.pair("n,k\n1,a\n2,b\n2,c\n9,a\n", "n,k\nabout 1,a\n2,b\n2,c\n9,a\n", &ReadOptions::default()).unwrap();
    assert_eq!(released(&loaded, "n")[..2], [category("about 1"), Cell::Number(2.0)]);
    assert_eq!(code_of(&loaded.warnings, "unread_values").len(), 1);
    // Numbers among texts are numbers.
    let loaded = files.pair("n,k\n1,a\nlow,b\nx,c\n", "n,k\n1.0,a\n low ,b\nx,c\n", &ReadOptions::default()).unwrap();
    assert_eq!(loaded.tables.original.column(0), loaded.tables.anonymized.column(0));
}

#[test]
fn words_for_missing_are_missing_unless_they_are_codes() {
    let files = Files::new();
    let text = "n,t,c\n1,x,NA\nNA,N/A,DE\n3,NULL,FR\n<NA>,None,US\n\\N,y,CN\n";
    let loaded = files.pair(text, text, &ReadOptions::default()).unwrap();
    assert_eq!(kind(&loaded, "n"), Kind::Numeric);
    let missing: Vec<usize> = loaded.columns.iter().map(|column| column.original.as_ref().unwrap().missing).collect();
    assert_eq!(missing, [3, 3, 0], "NA is Namibia among codes of countries");
    assert!(names(&loaded.warnings).contains(&"missing_words"));
}

#[test]
fn what_is_left_out_of_a_release_may_be_suppressed() {
    let files = Files::new();
    let (original, release) = ("n,t\n1,a\n2,b\n3,c\n", "n,t\n,a\n2,\n3,NA\n");
    let suppressed = |options: ReadOptions| released(&files.pair(original, release, &options).unwrap(), "n")[0].clone();
    assert_eq!(suppressed(ReadOptions::default()), Cell::Missing);
    assert_eq!(suppressed(ReadOptions { missing_is_suppressed: true, ..ReadOptions::default() }), Cell::Suppressed);
    let blank = ReadOptions { suppressed: vec![String::new()], ..ReadOptions::default() };
    assert_eq!(suppressed(blank.clone()), Cell::Suppressed);
    let loaded = files.pair(original, release, &blank).unwrap();
    assert_eq!(released(&loaded, "t"), [category("a"), Cell::Suppressed, Cell::Suppressed]);
    assert_eq!(loaded.tables.original.column(1), [1, 2, 3]);
    let loaded = files.pair(original, release, &ReadOptions::default()).unwrap();
    let advice = code_of(&loaded.warnings, "nulls_in_one_table").concat();
    assert!(advice.contains("--missing-is-suppressed"), "{advice}");
}

#[test]
fn bands_of_the_original_are_covered_by_wider_ones() {
    let files = Files::new();
    let original = "age,m,k\n[20-25),1985-03,a\n[25-30),1985-11,b\n[30-35),1986-01,c\n[35-40),1986-02,d\n";
    let release = "age,m,k\n\"[20,30)\",1985,a\n30-39,1986-Q1,b\n27,1985-11-05,c\n[20-25),1984,d\n";
    let loaded = files.pair(original, release, &ReadOptions::default()).unwrap();
    let band = |lo: f64, hi: f64| Cell::Interval(Interval { hi_included: false, ..Interval::closed(lo, hi) });
    let closed = |lo: f64, hi: f64| Cell::Interval(Interval::closed(lo, hi));
    assert_eq!(kind(&loaded, "age"), Kind::Numeric);
    let expected = [band(20.0, 30.0), closed(30.0, 39.0), Cell::Number(27.0), band(20.0, 25.0)];
    assert_eq!(released(&loaded, "age"), expected);
    assert_eq!(kind(&loaded, "m"), Kind::Date);
    let expected = [closed(5479.0, 5843.0), closed(5844.0, 5933.0), Cell::Number(5787.0), closed(5113.0, 5478.0)];
    assert_eq!(released(&loaded, "m"), expected);
    // Where they overlap in part they may be codes: each is a category, and wider ones cover them.
    let codes = "phone,k\n555-1234,a\n600-4321,b\n700-9000,c\n";
    let loaded = files.pair(codes, "phone,k\n555-1234,a\n600-9000,b\n700-9000,c\n", &ReadOptions::default()).unwrap();
    assert_eq!(released(&loaded, "phone")[0], category("555-1234"));
    // Bands beside as many numbers are intervals.
    let loaded =
        files.pair("age,k\n20,a\n35,b\n90+,c\n", "age,k\n20-29,a\n90+,b\n35,c\n", &ReadOptions::default()).unwrap();
    assert_eq!(kind(&loaded, "age"), Kind::Numeric);
    let top = Cell::Interval(Interval { hi_included: false, ..Interval::closed(90.0, f64::INFINITY) });
    assert_eq!(released(&loaded, "age")[1], top);
    assert_eq!(loaded.tables.original.column(0)[2], loaded.tables.anonymized.column(0)[1]);
    // Labels that only look like bands stay what they are.
    let labels = "income,k\n<=50K,a\n>50K,b\n";
    assert_eq!(released(&files.pair(labels, labels, &ReadOptions::default()).unwrap(), "income")[0], category("<=50K"));
}

#[test]
fn masked_codes_have_the_columns_own_width() {
    let files = Files::new();
    let original = "zip,k\n81234,a\n81999,b\n90125,c\n";
    let interval = |lo: f64, hi: f64| Cell::Interval(Interval::closed(lo, hi));
    let loaded = files.pair(original, "zip,k\n81*,a\n812**,b\n9012X,c\n", &ReadOptions::default()).unwrap();
    assert_eq!(
        released(&loaded, "zip"),
        [interval(81000.0, 81999.0), interval(81200.0, 81299.0), interval(90120.0, 90129.0)]
    );
    let loaded = files.pair(original, "zip,k\n812,a\n901,b\n", &ReadOptions::default()).unwrap();
    assert_eq!(released(&loaded, "zip"), [interval(81200.0, 81299.0), interval(90100.0, 90199.0)]);
    assert!(names(&loaded.warnings).contains(&"prefixes_assumed"));
    let of = |members: &[&str]| Cell::OneOf(members.iter().map(|member| (*member).to_owned()).collect());
    let loaded = files.pair(original, "zip,k\n8***4,a\n81***,b\n*0125,c\n", &ReadOptions::default()).unwrap();
    assert_eq!(released(&loaded, "zip"), [category("81234"), of(&["81234", "81999"]), category("90125")]);
    // With zeros before them they are codes, and masks of any length are too.
    let loaded = files.pair("zip,k\n01234,a\n01999,b\n", "zip,k\n01*,a\n012,b\n", &ReadOptions::default()).unwrap();
    assert_eq!(released(&loaded, "zip"), [of(&["01234", "01999"]), category("01234")]);
}

#[test]
fn texts_are_composed_and_trimmed() {
    let files = Files::new();
    let loaded = files
        .pair("t,k\nMu\u{308}ller,a\nx\u{a0},b\n", "t,k\nM\u{fc}ller,a\n\u{3000}x,b\n", &ReadOptions::default())
        .unwrap();
    assert_eq!(loaded.tables.original.column(0), loaded.tables.anonymized.column(0));
}

#[test]
fn an_inspection_says_what_an_evaluation_says() {
    let files = Files::new();
    let rows = |date: fn(i64, i64, i64) -> String, n: &str| {
        table("d;n;z;w", DAYS.iter().map(|(y, m, d)| format!("{};{n};{};NA", date(*y, *m, *d), 10000 + 100 * d + m)))
    };
    let original = files.write("o.csv", rows(|y, m, d| format!("{d}.{m}.{y}"), "1,5"));
    let anonymized = files.write("a.csv", rows(|y, _, _| format!("{y}"), "1-2").replace("1043", "1*"));
    let control = files.write("c.csv", rows(|y, m, d| format!("{y}-{m}-{d}"), "1.5"));
    let paths = [original.clone(), anonymized.clone(), control.clone()];
    let loaded = load(&Sources::files(original, anonymized, Some(control)), &ReadOptions::default()).unwrap();
    let inspection = inspect(&paths.map(Source::from), &ReadOptions::default()).unwrap();
    assert_eq!(inspection.warnings, loaded.warnings);
    for (column, summary) in inspection.columns.iter().zip(&loaded.columns) {
        assert_eq!((column.kind, &column.name), (summary.kind, &summary.name));
        let counts = [&summary.original, &summary.anonymized, &summary.control].map(Clone::clone);
        assert_eq!(column.files, counts);
    }
}
