use super::hashes::Algorithm;
use super::numbers::{Map, of_column, of_pairs};
use super::*;
use crate::sampling::{Stream, Task};
use crate::table::{JointColumn, Kind, RawColumn, TablesBuilder};
use std::borrow::Cow;

fn column<'t>(name: &'t str, values: impl IntoIterator<Item = String>) -> TextColumn<'t> {
    TextColumn::new(name, values.into_iter().map(|text| (Cow::Owned(text), 1)))
}

fn phones() -> Vec<String> {
    (0..3000u64).map(|at| (13_000_000_000 + at * 7_919_113 % 999_999_937).to_string()).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A digest of a text.
type Digesting = fn(&str) -> Vec<u8>;

/// A way to write a digest.
type Writing = fn(&[u8]) -> String;

#[test]
fn every_digest_is_found_in_every_form() {
    use base64ct::{Base64, Base64UrlUnpadded, Encoding};
    use sha2::Digest;
    let phones = phones();
    let original = [column("name", (0..3000).map(|at| format!("n{at}"))), column("phone", phones.iter().cloned())];
    let digests: [(Algorithm, Digesting); 6] = [
        (Algorithm::Md5, |text| md5::Md5::digest(text).to_vec()),
        (Algorithm::Sha1, |text| sha1::Sha1::digest(text).to_vec()),
        (Algorithm::Sha256, |text| sha2::Sha256::digest(text).to_vec()),
        (Algorithm::Sha512, |text| sha2::Sha512::digest(text).to_vec()),
        (Algorithm::Sm3, |text| sm3::Sm3::digest(text).to_vec()),
        (Algorithm::Crc32, |text| crc32fast::hash(text.as_bytes()).to_be_bytes().to_vec()),
    ];
    let written: [(&str, Writing); 5] = [
        ("lower", hex),
        ("upper", |bytes| hex(bytes).to_uppercase()),
        ("cut", |bytes| hex(bytes)[..8].to_owned()),
        ("base64", |bytes| Base64::encode_string(bytes)),
        ("url", |bytes| Base64UrlUnpadded::encode_string(bytes)),
    ];
    for (algorithm, digest) in digests {
        for (form, write) in written {
            if algorithm == Algorithm::Crc32 && (form == "base64" || form == "url") {
                continue; // too short to be told from chance
            }
            // Half of the persons are released, one in ten with a token of somebody else.
            let tokens = (0..1500).map(|at| write(&digest(if at % 10 == 0 { "nobody" } else { &phones[at] })));
            let release = [column("t", tokens)];
            let found = hashes::restored(&original, &release);
            let rows = 1350;
            assert_eq!(found, [Restored { released: 0, original: 1, how: How::Hash(algorithm), rows }], "{form}");
        }
    }
    // A usual spelling of the value: with the country's code.
    let release = [column("t", phones.iter().map(|phone| hex(&sha2::Sha256::digest(format!("+86{phone}")))))];
    assert_eq!(hashes::restored(&original, &release).len(), 1);
    // A secret makes it a token.
    let release = [column("t", phones.iter().map(|phone| hex(&sha2::Sha256::digest(format!("pepper{phone}")))))];
    assert_eq!(hashes::restored(&original, &release), []);
    assert!(are_unique_tokens(&release[0]));
    let decimal = [column("t", phones.iter().map(|phone| crc32fast::hash(phone.as_bytes()).to_string()))];
    assert_eq!(hashes::restored(&original, &decimal)[0].how, How::Hash(Algorithm::Crc32));
    assert_eq!(enumerable(&original[1]), Some(10));
    assert_eq!(enumerable(&original[0]), None);
}

#[test]
fn few_values_are_found_by_their_digests_too() {
    use sha2::Digest;
    let original = [column("sex", ["Female", "Male"].map(str::to_owned))];
    let release = [column("sex", ["Female", "Male"].map(|sex| hex(&sha2::Sha256::digest(sex))))];
    assert_eq!(hashes::restored(&original, &release).len(), 1);
}

#[test]
fn other_spellings_are_read() {
    let words: Vec<String> =
        (0..400).map(|at| format!("Street {} {}", (b'a' + (at % 26) as u8) as char, at * 37 % 401)).collect();
    let original = [column("address", words.iter().cloned())];
    let moved = |c: char, by: u8| match c {
        'a'..='z' => char::from(b'a' + (c as u8 - b'a' + by) % 26),
        'A'..='Z' => char::from(b'A' + (c as u8 - b'A' + by) % 26),
        other => other,
    };
    #[allow(clippy::type_complexity)] // A name and what it does to a text.
    let mut all: Vec<(&str, Box<dyn Fn(&str) -> String>)> = vec![
        ("hexadecimal", Box::new(|text| hex(text.as_bytes()))),
        ("reversed", Box::new(|text| text.chars().rev().collect())),
    ];
    all.push(("base64", Box::new(|text| <base64ct::Base64 as base64ct::Encoding>::encode_string(text.as_bytes()))));
    all.push(("letters_shifted", Box::new(move |text| text.chars().map(|c| moved(c, 3)).collect())));
    for (name, spell) in all {
        let release = [column("address", words.iter().map(|text| spell(text)))];
        let found = spelled::restored(&original, &release);
        assert_eq!(found.iter().map(|found| (found.how.name(), found.rows)).collect::<Vec<_>>(), [(name, 400)]);
    }
    let digits = [column(
        "x",
        phones().iter().map(|text| text.bytes().map(|b| char::from(b'0' + (b - b'0' + 4) % 10)).collect()),
    )];
    let found = spelled::restored(&[column("phone", phones())], &digits);
    assert_eq!(found[0].how.name(), "digits_shifted");
    // Released as it is, or something else of the same form: nothing.
    assert_eq!(spelled::restored(&original, &[column("address", words.iter().cloned())]), []);
    let others = column("ages", (20..80).map(|age| age.to_string()));
    assert_eq!(spelled::restored(&[others], &[column("hours", (1..99).map(|age| age.to_string()))]), []);
}

fn mapped(original: &[f64], release: &[f64]) -> Option<Map> {
    let joint = JointColumn::of(Kind::Numeric, vec![RawColumn::numbers(original), RawColumn::numbers(release)]);
    of_column(&joint.domain, &joint.tables[0].codes, &joint.tables[1].codes).map(|(map, _)| map)
}

#[test]
fn maps_of_numbers_are_found_without_pairs() {
    let incomes: Vec<f64> = (0..800).map(|at| f64::from(at * at % 797 * 37 + at % 3)).collect();
    let map = |to: &dyn Fn(f64) -> f64| incomes.iter().rev().map(|x| to(*x)).collect::<Vec<f64>>();
    assert_eq!(mapped(&incomes, &map(&|x| x + 1234.0)), Some(Map::Shift));
    assert_eq!(mapped(&incomes, &map(&|x| 3.5 * x - 20.0)), Some(Map::Affine));
    assert_eq!(mapped(&incomes, &map(&|x| -x)), Some(Map::Affine));
    let ages: Vec<f64> = (0..800).map(|at| f64::from(20 + at * at % 61)).collect();
    let ages_to = |to: &dyn Fn(f64) -> f64| ages.iter().rev().map(|x| to(*x)).collect::<Vec<f64>>();
    assert_eq!(mapped(&ages, &ages_to(&|x| x * x)), Some(Map::Monotone));
    // A shift also in a release of a part of the persons.
    assert_eq!(mapped(&incomes, &map(&|x| x + 1234.0)[..300]), Some(Map::Shift));
    // The same numbers, shuffled, noise, rounding and other persons: nothing.
    assert_eq!(mapped(&incomes, &map(&|x| x)), None);
    let noise: Vec<f64> = incomes.iter().enumerate().map(|(at, x)| x + (at * 7919 % 211) as f64 - 105.0).collect();
    assert_eq!(mapped(&incomes, &noise), None);
    assert_eq!(mapped(&incomes, &map(&|x| (x / 100.0).round() * 100.0)), None);
    // In order and one for one, and yet the column itself: rounded, cut, of fewer bits, or with another largest value.
    let decimals: Vec<f64> = ages.iter().map(|x| x + (x * 0.37).fract() / 2.0).collect();
    let decimals_to = |to: &dyn Fn(f64) -> f64| decimals.iter().rev().map(|x| to(*x)).collect::<Vec<f64>>();
    assert_eq!(mapped(&decimals, &decimals_to(&|x| x.round())), None);
    assert_eq!(mapped(&decimals, &decimals_to(&|x| (x * 100.0).floor() / 100.0)), None);
    assert_eq!(mapped(&ages, &ages_to(&|x| x + 1e-7 * x)), None);
    assert_eq!(mapped(&ages, &ages_to(&|x| if x >= 80.0 { 95.0 } else { x })), None);
    assert_eq!(mapped(&ages, &ages_to(&|x| x + 1.0)), Some(Map::Shift), "a shift by one unit is no rounding");
    let times: Vec<f64> = ages.iter().map(|x| x * 86_400.0 + (x * 7919.0) % 80_000.0).collect();
    let days: Vec<f64> = times.iter().rev().map(|x| (x / 86_400.0).floor() * 86_400.0).collect();
    assert_eq!(mapped(&times, &days), None);
    let others: Vec<f64> = (0..800).map(|at| f64::from(20 + at * 13 % 60)).collect();
    assert_eq!(mapped(&ages, &others), None);
    assert_eq!(mapped(&[1.0; 50], &[2.0; 50]), None);
    let identifiers: Vec<f64> = (0..100).map(f64::from).collect();
    let own_numbers: Vec<f64> = (500..600).map(f64::from).collect();
    assert_eq!(mapped(&identifiers, &own_numbers), None, "two runs of numbers say nothing");
}

#[test]
fn another_scale_is_told_from_restored_values() {
    // Persons of whom 60 values are spread unevenly.
    let draw = |seed: u64, rows: u64| -> Vec<f64> {
        let mut stream = Stream::new(seed, Task::Population, 0);
        (0..rows).map(|_| 20.0 + (stream.below(60).min(stream.below(60)) as f64)).collect()
    };
    let (ages, fresh) = (draw(1, 2500), draw(2, 2500));
    let of = |ages: &[f64], to: &dyn Fn(f64) -> f64| ages.iter().rev().map(|age| to(*age)).collect::<Vec<f64>>();
    // All but one person, or but a few.
    assert_eq!(mapped(&ages, &of(&ages[1..], &|x| 0.8 * x)), Some(Map::Affine));
    assert_eq!(mapped(&ages, &of(&ages[50..], &|x| 1.1 * x - 7.0)), Some(Map::Affine));
    assert_eq!(mapped(&ages, &of(&ages[1..], &|x| x + 1.0)), Some(Map::Shift));
    // Nobody's values, written otherwise.
    assert_eq!(mapped(&ages, &of(&fresh, &|x| x + 10.0)), Some(Map::Recoded));
    assert_eq!(mapped(&ages, &of(&fresh, &|x| 12.0 * x)), Some(Map::Recoded));
    assert_eq!(mapped(&ages, &fresh), None);
}

#[test]
fn maps_of_numbers_are_found_by_pairs() {
    let days: Vec<f64> = (0..600).map(|at| f64::from(18_000 + at * 7 % 997)).collect();
    let persons: Vec<u32> = (0..600).map(|at| at / 4).collect();
    let pairs: Vec<(usize, usize)> = (0..600).map(|row| (row, row)).collect();
    let found = |to: &dyn Fn(usize, f64) -> f64| {
        let moved: Vec<f64> = days.iter().enumerate().map(|(row, day)| to(row, *day)).collect();
        let joint = JointColumn::of(Kind::Date, vec![RawColumn::numbers(&days), RawColumn::numbers(&moved)]);
        let [original, release] = [0, 1].map(|table| &joint.tables[table].codes[..]);
        of_pairs(&joint.domain, original, release, &pairs, Some(&persons)).map(|(map, _)| map)
    };
    assert_eq!(found(&|_, day| day + 30.0), Some(Map::Shift));
    assert_eq!(found(&|_, day| 2.0 * day - 17.0), Some(Map::Affine));
    assert_eq!(found(&|_, day| (day - 17_000.0).powi(3)), Some(Map::Monotone));
    assert_eq!(found(&|row, day| day + f64::from(persons[row] * 37 % 91) - 45.0), Some(Map::ShiftByPerson));
    assert_eq!(found(&|row, day| day + (row * 37 % 91) as f64 - 45.0), None, "each date by a number of its own");
    assert_eq!(found(&|_, day| (day / 30.0).floor() * 30.0), None, "coarser dates");
    assert_eq!(found(&|_, day| day), None);
    assert_eq!(found(&|_, day| day + (day * 0.37).fract() / 3.0), None, "the same but for decimals");
}

fn tables(release: impl Fn(usize) -> usize, control: bool) -> crate::table::Tables {
    let rows = 400;
    let mut builder = TablesBuilder::new(rows, rows, control.then_some(rows));
    for (name, prime, values) in [("a", 7usize, 97usize), ("b", 13, 53), ("c", 29, 31), ("d", 5, 89), ("e", 11, 41)] {
        let value = |person: usize| ((person * person * prime + person) % values) as f64;
        let numbers =
            |of: &dyn Fn(usize) -> usize| RawColumn::numbers(&(0..rows).map(|row| value(of(row))).collect::<Vec<_>>());
        let (original, released) = (numbers(&|row| row), numbers(&release));
        builder.add(name, Kind::Numeric, original, released, control.then(|| numbers(&|row| row + 10_000))).unwrap();
    }
    builder.finish()
}

#[test]
fn rows_in_order_and_copies_are_found_beyond_chance() {
    let copied = |row: usize| if row < 60 { row * 3 % 400 } else { 50_000 + row };
    for control in [true, false] {
        let found = rows::copies(&tables(copied, control));
        assert!(found.beyond && found.released >= 60, "{found:?}");
        assert!(!rows::copies(&tables(|row| 50_000 + row, control)).beyond);
    }
    assert!(rows::near_copies(&tables(copied, true)).unwrap().beyond);
    assert!(!rows::near_copies(&tables(|row| 50_000 + row, true)).unwrap().beyond);
    assert!(rows::in_order(&tables(|row| row, false)).unwrap().follows);
    assert!(!rows::in_order(&tables(|row| (row * 171 + 13) % 400, false)).unwrap().follows);
}
