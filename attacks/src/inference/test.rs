use super::*;
use crate::table::{Cell, Interval, Kind, RawColumn, TablesBuilder};
use crate::targets::{NoProgress, Targets};

fn attack(tables: &Tables, neighbors: usize) -> Attempts {
    let attacker = InferenceAttacker {
        secret: 1,
        known: vec![0],
        matcher: Default::default(),
        neighbors,
        correctness: Correctness::default(),
    };
    attacker.check(tables).unwrap();
    attacker.attack(tables, &TargetRows::draw(tables, Targets::All, 0), &NoProgress)
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
        InferenceAttacker { secret: 1, known: vec![0], matcher: Default::default(), neighbors: 1, correctness };
    let attempts = attacker.attack(&tables, &TargetRows::draw(&tables, Targets::All, 0), &NoProgress);
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
fn generalized_secrets_speak_for_their_middle_and_suppressed_ones_not_at_all() {
    let mut builder = TablesBuilder::new(3, 3, None);
    let x = RawColumn::numbers(&[1.0, 2.0, 3.0]);
    builder.add("x", Kind::Numeric, x.clone(), x, None).unwrap();
    let release = vec![Cell::Interval(Interval::closed(30.0, 39.0)), Cell::Suppressed, Cell::Number(5.0)];
    let secrets = RawColumn::numbers(&[34.0, 60.0, 5.0]);
    builder.add("s", Kind::Numeric, secrets, RawColumn::cells(release), None).unwrap();
    assert_eq!(hits(&attack(&builder.finish(), 1).main), "+-+");
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
        matcher: Default::default(),
        neighbors: 1,
        correctness: Correctness::default(),
    };
    let targets = TargetRows::draw(&tables, Targets::All, 0);
    let bands = attacker.by_rarity(&tables, &targets, &attacker.attack(&tables, &targets, &NoProgress));
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
        InferenceAttacker { secret: 0, known: known.to_vec(), matcher: Default::default(), neighbors, correctness }
            .check(&tables)
            .is_err()
    };
    assert!(refused(&[], 1) && refused(&[0], 1) && refused(&[4], 1));
}
