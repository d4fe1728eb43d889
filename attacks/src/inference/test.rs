use super::*;
use crate::table::{Cell, Interval, Kind, RawColumn, TablesBuilder};
use crate::targets::{NoProgress, Targets};

fn attack(tables: &Tables, neighbors: usize) -> Attempts {
    let attacker = InferenceAttacker {
        secret: 1,
        known: vec![0],
        guesser: Guesser::nearest(Matcher::Distance, neighbors),
        correctness: Correctness::default(),
        searched: None,
    };
    attacker.check(tables).unwrap();
    attacker.attack(tables, &TargetRows::draw(tables, Targets::All, 0), 0, &NoProgress)
}

fn hits(attempts: &[Attempt]) -> String {
    attempts.iter().map(|attempt| if attempt.is_success() { '+' } else { '-' }).collect()
}

#[test]
fn hand_worked_categories() {
    let texts = |text: &str| RawColumn::texts(&text.split(' ').collect::<Vec<_>>());
    let mut builder = TablesBuilder::new(4, 6, None);
    // Among x = a: two flu, one cold. Among x = b: one cold, one flu: the more frequent in the release is flu. x = c: flu.
    builder.add("x", Kind::Categorical, texts("a a b c"), texts("a a a b b c"), None).unwrap();
    let secrets = texts("flu cold flu none");
    builder.add("s", Kind::Categorical, secrets, texts("flu cold flu cold flu flu"), None).unwrap();
    let attempts = attack(&builder.finish(), 1);
    assert_eq!(hits(&attempts.main), "+-+-");
    assert_eq!(attempts.baseline.successes, 2.0);
}

#[test]
fn ties_fall_to_the_more_frequent_then_the_smaller() {
    let texts = |text: &str| RawColumn::texts(&text.split(' ').collect::<Vec<_>>());
    let mut builder = TablesBuilder::new(2, 4, None);
    builder.add("x", Kind::Categorical, texts("a b"), texts("a a b b"), None).unwrap();
    builder.add("s", Kind::Categorical, texts("m m"), texts("n m z m"), None).unwrap();
    // a: n and m tie, m is more frequent in the release. b: z and m tie, m again.
    assert_eq!(hits(&attack(&builder.finish(), 1).main), "++");
    let mut builder = TablesBuilder::new(2, 4, None);
    builder.add("x", Kind::Categorical, texts("a b"), texts("a a b b"), None).unwrap();
    builder.add("s", Kind::Categorical, texts("m z"), texts("n m n m"), None).unwrap();
    assert_eq!(hits(&attack(&builder.finish(), 1).main), "+-");
}

#[test]
fn hand_worked_numbers() {
    let mut builder = TablesBuilder::new(6, 7, None);
    let texts = |text: &str| RawColumn::texts(&text.split(' ').collect::<Vec<_>>());
    builder.add("x", Kind::Categorical, texts("a a b c d d"), texts("a a a b b c d"), None).unwrap();
    let release = [100.0, 110.0, 90.0, 0.0, 10.0, -50.0, f64::NAN];
    // a: median 100; 104 is within 5 % (5.2), 106 is not (5.3 < 6). b: median 5 against 0: only 0 hits 0.
    // c: -50 against -52. d: missing.
    let secrets = [104.0, 106.0, 0.0, -52.0, f64::NAN, 0.0];
    builder.add("s", Kind::Numeric, RawColumn::numbers(&secrets), RawColumn::numbers(&release), None).unwrap();
    assert_eq!(hits(&attack(&builder.finish(), 1).main), "+--++-");
}

#[test]
fn dates_are_hit_by_the_day_and_not_by_a_share_of_the_epoch() {
    let mut builder = TablesBuilder::new(2, 2, None);
    builder.add("x", Kind::Numeric, RawColumn::numbers(&[1.0, 2.0]), RawColumn::numbers(&[1.0, 2.0]), None).unwrap();
    let (secrets, release) = ([20_000.0, 20_001.0], [20_000.0, 20_003.0]);
    builder.add("day", Kind::Date, RawColumn::numbers(&secrets), RawColumn::numbers(&release), None).unwrap();
    let tables = builder.finish();
    assert_eq!(hits(&attack(&tables, 1).main), "+-");
    let correctness = Correctness { relative: 0.05, date_units: 2.0 };
    let attacker =
        InferenceAttacker { secret: 1, known: vec![0], guesser: Default::default(), correctness, searched: None };
    let attempts = attacker.attack(&tables, &TargetRows::draw(&tables, Targets::All, 0), 0, &NoProgress);
    assert_eq!(hits(&attempts.main), "++");
}

#[test]
fn the_best_constant_is_not_lost_to_rounding() {
    // v - 0.05 v misses v itself for 403 of the integers up to 1000 when a guess sits on the end of the interval.
    let released = [39.0, 39.0, 39.0, 60.0];
    let mut builder = TablesBuilder::new(4, 4, None);
    builder.add("s", Kind::Numeric, RawColumn::numbers(&released), RawColumn::numbers(&released), None).unwrap();
    let tables = builder.finish();
    let domain = &tables.columns[0].domain;
    let constant = guess::best_constant(domain, tables.anonymized.column(0), Correctness::default());
    let hit = |code: &&u32| Correctness::default().holds(domain, constant, **code);
    assert_eq!(tables.original.column(0).iter().filter(hit).count(), 3);
}

#[test]
fn generalized_secrets_vote_for_what_they_cover_and_suppressed_ones_not_at_all() {
    let mut builder = TablesBuilder::new(5, 5, None);
    let x = RawColumn::numbers(&[1.0, 2.0, 3.0, 4.0, 5.0]);
    builder.add("x", Kind::Numeric, x.clone(), x, None).unwrap();
    // 30 to 39 covers 34 twice and 38 once: the median of what it covers is 34. Nobody has 70 to 79: its middle is 74.5.
    let interval = |lo, hi| Cell::Interval(Interval::closed(lo, hi));
    let release =
        vec![interval(30.0, 39.0), Cell::Suppressed, Cell::Number(5.0), interval(70.0, 79.0), Cell::Number(38.0)];
    let secrets = RawColumn::numbers(&[34.0, 60.0, 5.0, 76.0, 34.0]);
    builder.add("s", Kind::Numeric, secrets, RawColumn::cells(release), None).unwrap();
    assert_eq!(hits(&attack(&builder.finish(), 1).main), "+-++-");

    let mut builder = TablesBuilder::new(4, 4, None);
    let x = RawColumn::numbers(&[1.0, 2.0, 3.0, 4.0]);
    builder.add("x", Kind::Numeric, x.clone(), x, None).unwrap();
    let set = Cell::OneOf(vec!["cold".into(), "flu".into()]);
    let release = vec![set, Cell::Suppressed, Cell::Category("gout".into()), Cell::Category("flu".into())];
    let secrets = RawColumn::texts(&["flu", "flu", "flu", "cold"]);
    builder.add("s", Kind::Categorical, secrets, RawColumn::cells(release), None).unwrap();
    assert_eq!(hits(&attack(&builder.finish(), 1).main), "+---");
}

#[test]
fn a_secret_that_is_a_band_is_hit_inside_it_and_one_that_is_suppressed_never() {
    let mut builder = TablesBuilder::new(3, 3, None);
    let x = RawColumn::numbers(&[1.0, 2.0, 3.0]);
    builder.add("x", Kind::Numeric, x.clone(), x, None).unwrap();
    let band = |lo, hi| Cell::Interval(Interval { lo, hi, lo_included: true, hi_included: false });
    let secrets = vec![band(20.0, 25.0), Cell::Suppressed, band(40.0, 45.0)];
    let release = vec![band(20.0, 30.0), Cell::Number(3.0), band(30.0, 40.0)];
    builder.add("s", Kind::Numeric, RawColumn::cells(secrets), RawColumn::cells(release), None).unwrap();
    assert_eq!(hits(&attack(&builder.finish(), 1).main), "+--");
}

#[test]
fn rows_that_say_nothing_change_nothing() {
    let star = |text: &str| {
        let cell = |word: &str| if word == "*" { Cell::Suppressed } else { Cell::Category(word.into()) };
        RawColumn::cells(text.split_whitespace().map(cell).collect())
    };
    let attempts = |x: &str, secrets: &str, rows: usize| {
        let mut builder = TablesBuilder::new(3, rows, Some(2));
        builder.add("x", Kind::Categorical, star("a b c"), star(x), Some(star("a b"))).unwrap();
        builder.add("s", Kind::Categorical, star("1 2 3"), star(secrets), Some(star("2 2"))).unwrap();
        attack(&builder.finish(), 1)
    };
    let (without, with) = (attempts("a b c", "1 2 1", 3), attempts("* a * b c", "* 1 * 2 1", 5));
    assert_eq!((with.main, with.control, with.baseline), (without.main, without.control, without.baseline));
    let nothing = attempts("* *", "1 2", 2);
    assert_eq!((nothing.main.len(), nothing.control.map(|control| control.len())), (0, Some(0)));
}

/// Everybody among the others, row by row, on random tables with ties, missing values and persons of several rows.
#[test]
fn the_nonmember_reference_equals_the_plain_loop() {
    let mut stream = crate::sampling::Stream::new(6, crate::sampling::Task::Population, 0);
    for round in 0..120 {
        let (rows, neighbors, numeric) = (4 + round % 20, 1 + round % 4, round % 2 == 0);
        let mut cells = |numeric: bool, values: u64| -> Vec<Cell> {
            let cell = |draw: u64| match (draw, numeric) {
                (0, _) => Cell::Missing,
                (draw, true) => Cell::Number(draw as f64),
                (draw, false) => Cell::Category(draw.to_string()),
            };
            (0..rows).map(|_| cell(stream.below(values))).collect()
        };
        let (known, secrets) = (cells(round % 3 == 0, 5), cells(numeric, 6));
        let kind = |numeric| if numeric { Kind::Numeric } else { Kind::Categorical };
        let mut builder = TablesBuilder::new(rows, rows, None);
        let column = |cells: &[Cell]| RawColumn::cells(cells.to_vec());
        builder.add("x", kind(round % 3 == 0), column(&known), column(&known), None).unwrap();
        builder.add("s", kind(numeric), column(&secrets), column(&secrets), None).unwrap();
        if round % 5 >= 3 {
            builder.subjects((0..rows).map(|_| stream.below(rows as u64 / 2 + 1) as u32).collect(), None);
        }
        let tables = builder.finish();
        // One person at a time: a release without the person's rows, attacked as any release is.
        let expected: Vec<Attempt> = (0..rows)
            .map(|row| {
                let is_other = |other: &usize| tables.original.subject(*other) != tables.original.subject(row);
                let others: Vec<usize> = (0..rows).filter(is_other).collect();
                if others.is_empty() {
                    return Attempt::Miss;
                }
                let of = |cells: &[Cell]| RawColumn::cells(others.iter().map(|other| cells[*other].clone()).collect());
                let mut builder = TablesBuilder::new(rows, others.len(), None);
                builder.add("x", kind(round % 3 == 0), column(&known), of(&known), None).unwrap();
                builder.add("s", kind(numeric), column(&secrets), of(&secrets), None).unwrap();
                attack(&builder.finish(), neighbors).main[row]
            })
            .collect();
        assert_eq!(attack(&tables, neighbors).nonmember, Some(expected), "round {round}");
    }
}

#[test]
fn rare_values_are_told_apart() {
    let common = |count: usize| std::iter::repeat_n("usual", count);
    let secrets: Vec<&str> = common(199).chain(["rare"]).collect();
    let ids: Vec<f64> = (0..200).map(f64::from).collect();
    let mut builder = TablesBuilder::new(200, 200, None);
    builder.add("x", Kind::Numeric, RawColumn::numbers(&ids), RawColumn::numbers(&ids), None).unwrap();
    let usual: Vec<&str> = common(200).collect();
    builder.add("s", Kind::Categorical, RawColumn::texts(&secrets), RawColumn::texts(&usual), None).unwrap();
    let tables = builder.finish();
    let attacker = InferenceAttacker {
        secret: 1,
        known: vec![0],
        guesser: Default::default(),
        correctness: Correctness::default(),
        searched: None,
    };
    let targets = TargetRows::draw(&tables, Targets::All, 0);
    let bands = attacker.by_rarity(&tables, &targets, &attacker.attack(&tables, &targets, 0, &NoProgress));
    let counts: Vec<_> = bands.iter().map(|band| (band.values, band.main.attempted, band.main.successes)).collect();
    assert_eq!(counts, [(1, 1, 0), (1, 199, 199)]);
}

#[test]
fn attackers_that_cannot_be_played_are_refused() {
    let mut builder = TablesBuilder::new(1, 1, None);
    let x = RawColumn::numbers(&[1.0]);
    builder.add("x", Kind::Numeric, x.clone(), x, None).unwrap();
    let tables = builder.finish();
    let refused = |known: &[usize], neighbors| {
        let correctness = Correctness::default();
        InferenceAttacker {
            secret: 0,
            known: known.to_vec(),
            guesser: Guesser::nearest(Matcher::Distance, neighbors),
            correctness,
            searched: None,
        }
        .check(&tables)
        .is_err()
    };
    assert!(refused(&[], 1) && refused(&[0], 1) && refused(&[4], 1));
}
