//! Success split by how rare the secret's value is, and balanced over its values, so that a rare and sensitive value cannot hide
//! behind a frequent harmless one.

use crate::outcome::{Attempt, Attempts, Outcomes, Tally};
use crate::table::{Table, Tables};
use crate::targets::TargetRows;

/// Upper ends of the bands: the share of the original's rows that hold a value, each band above the one before.
pub const RARITY_BANDS: [f64; 4] = [0.01, 0.05, 0.2, 1.0];

/// Counts of the targets whose secret has a value of one band. Values themselves are not told.
#[derive(Debug, Clone, PartialEq)]
pub struct RarityBand {
    /// Values held by more than this share of the original's rows.
    pub above: f64,
    /// And by at most this share.
    pub up_to: f64,
    /// Distinct values of the original in the band.
    pub values: u64,
    /// Main attack on the band's persons.
    pub main: Tally,
    /// Control attack on the control's persons with these values.
    pub control: Option<Tally>,
}

/// Mean over the values of a secret of the hit rate of the persons who hold it: the balanced accuracy of the guesses, and the
/// scale of rarity-weighted reconstruction scores, where a hit on a value weighs the inverse of its frequency. Always guessing
/// one of V values gives 1/V.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Balanced {
    /// On the original, over the values of its targets.
    pub main: f64,
    /// On the control, over the values of its targets; `None` without any.
    pub control: Option<f64>,
    /// Values that targets of the original hold.
    pub values: u64,
}

pub(super) fn balanced(tables: &Tables, secret: usize, targets: &TargetRows, attempts: &Attempts) -> Option<Balanced> {
    let mean = |table: &Table, rows: &[u32], attempts: &[Attempt]| -> Option<(f64, u64)> {
        let codes = table.column(secret);
        let mut counts = vec![[0u64; 2]; tables.columns[secret].domain.len()];
        for (row, attempt) in rows.iter().zip(attempts) {
            let [holders, hits] = &mut counts[codes[*row as usize] as usize];
            *holders += 1;
            *hits += u64::from(attempt.is_success());
        }
        let rates =
            counts.iter().filter(|[holders, _]| *holders > 0).map(|[holders, hits]| *hits as f64 / *holders as f64);
        let (sum, values) = rates.fold((0.0, 0), |(sum, values), rate| (sum + rate, values + 1));
        (values > 0).then(|| (sum / values as f64, values))
    };
    let (main, values) = mean(&tables.original, &targets.original, &attempts.main)?;
    let control = tables.control.as_ref().zip(targets.control.as_ref()).zip(attempts.control.as_ref());
    let control = control.and_then(|((table, rows), attempts)| mean(table, rows, attempts));
    Some(Balanced { main, control: control.map(|(mean, _)| mean), values })
}

pub(super) fn split(tables: &Tables, secret: usize, targets: &TargetRows, attempts: &Attempts) -> Vec<RarityBand> {
    let codes = tables.original.column(secret);
    let mut frequency = vec![0u64; tables.columns[secret].domain.len()];
    for code in codes {
        frequency[*code as usize] += 1;
    }
    let band_of = |code: u32| {
        let share = frequency[code as usize] as f64 / codes.len() as f64;
        RARITY_BANDS.iter().position(|up_to| share <= *up_to).unwrap_or(RARITY_BANDS.len() - 1)
    };
    let tally = |table: &Table, rows: &[u32], attempts: &[Attempt], band: usize| {
        let column = table.column(secret);
        let belongs = |row: u32| band_of(column[row as usize]) == band;
        Tally::of_part(attempts, Outcomes::default(), table, rows, belongs)
    };
    let bands = (0..RARITY_BANDS.len()).map(|band| RarityBand {
        above: if band == 0 { 0.0 } else { RARITY_BANDS[band - 1] },
        up_to: RARITY_BANDS[band],
        values: (0..frequency.len() as u32)
            .filter(|code| frequency[*code as usize] > 0 && band_of(*code) == band)
            .count() as u64,
        main: tally(&tables.original, &targets.original, &attempts.main, band),
        control: tables
            .control
            .as_ref()
            .and_then(|table| Some(tally(table, targets.control.as_ref()?, attempts.control.as_ref()?, band))),
    });
    // A band of the value that nearly everybody holds has no targets.
    bands.filter(|band| band.values > 0 && band.main.attempted > 0).collect()
}
