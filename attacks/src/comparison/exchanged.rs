//! Labels that were exchanged among themselves: the same words, and other persons mean them.
//!
//! Where each label stands for another one, every value of the original occurs in the release and none is what it says. The figures that
//! are left alike are how often the most frequent label occurs, the second, and so on. A column is taken for exchanged when its labels
//! occur otherwise than the original's far beyond chance, by Pearson's test of homogeneity, and, sorted by how often they occur, just as
//! the original's within chance, the statistic being less than a thirtieth of the labels'. A generator's drift moves the sorted shares with the labels'. The
//! same where labels were exchanged in most rows and the others are what they say: then the release's shares are a mixture of the original's
//! shares and of those of whoever has a label's rank, with one unknown, and must fit it within chance.
//!
//! Of 3,000 columns of 2 to 12 labels whose shares had drifted by factors of up to e and more, one was taken for exchanged; of 200 of 4 to 12 labels that
//! were exchanged, 184 were found, and of 200 in nine of ten rows, 96. Columns of fewer than four frequent labels are left out, since much drift looks like an
//! exchange of two. What was exchanged in a smaller part of the rows is not seen.

use super::values::Values;
use crate::table::Cell;
use statrs::distribution::{ChiSquared, ContinuousCDF};

/// Distributions closer than this are not taken for exchanged.
const FAR: f64 = 0.1;
/// Standard deviations of a statistic of homogeneity beyond which labels do not occur alike.
const BEYOND: f64 = 20.0;
/// So much less than the labels must their ranks differ.
const LESS: f64 = 30.0;
/// What chance explains of shares by rank, and of a mixture.
const LEVELS: [f64; 2] = [0.95, 0.9];
/// Labels of fewer rows are not compared by themselves.
const FEWEST: u32 = 8;
/// Different whole numbers that may be codes, at the most.
const CODES: usize = 12;
/// Frequent labels that there must be, and where some rows are what they say.
const LABELS: [usize; 2] = [4, 6];
/// Share of the rows in which labels must have been exchanged.
const MOST_ROWS: f64 = 0.8;

/// Whether the release's labels are the original's, exchanged among themselves.
pub(super) fn are_exchanged(original: &Values<'_>, release: &Values<'_>) -> bool {
    if !are_labels(original) || !are_labels(release) {
        return false;
    }
    let (n, m) = (original.rows() as f64, release.rows() as f64);
    let counts = original.counts.iter().zip(release.counts.iter()).skip(1); // the first is of missing cells
    let apart = counts.map(|(one, other)| (f64::from(*one) / n - f64::from(*other) / m).abs()).sum::<f64>() / 2.0;
    if apart.is_nan() || apart < FAR {
        return false;
    }
    let ranked = |values: &Values<'_>| {
        let mut ranked: Vec<(u32, u32)> = values.telling().map(|(_, code, rows)| (rows, code)).collect();
        ranked.sort_unstable_by_key(|(rows, code)| (std::cmp::Reverse(*rows), *code));
        ranked
    };
    let (of_original, of_release) = (ranked(original), ranked(release));
    let frequent = of_original.iter().zip(&of_release).take_while(|(one, other)| one.0.min(other.0) >= FEWEST).count();
    // Other words are no exchange among these.
    let known = of_release[..frequent].iter().filter(|(_, code)| original.counts[*code as usize] > 0).count();
    if frequent < LABELS[0] || known < frequent {
        return false;
    }
    // The labels of the frequent ranks, and all others together.
    let rest = |ranked: &[(u32, u32)]| ranked[frequent..].iter().map(|(rows, _)| f64::from(*rows)).sum::<f64>();
    let rows = |ranked: &[(u32, u32)]| ranked[..frequent].iter().map(|(rows, _)| f64::from(*rows)).collect::<Vec<_>>();
    let by_rank = unlike(
        rows(&of_original)
            .into_iter()
            .chain([rest(&of_original)])
            .zip(rows(&of_release).into_iter().chain([rest(&of_release)])),
        [n, m],
    );
    let labels = of_original[..frequent]
        .iter()
        .map(|(rows, code)| (f64::from(*rows), f64::from(release.counts[*code as usize])));
    let (sum, classes) = unlike(labels, [n, m]);
    if sum < classes + BEYOND * (2.0 * classes).sqrt() || sum < LESS * by_rank.0.max(by_rank.1 - 1.0) {
        return false;
    }
    within_chance(by_rank.0, by_rank.1 - 1.0, LEVELS[0])
        || mixture_fits(original, [&of_original, &of_release], frequent)
}

/// Whether a table holds categories, or a few whole numbers, which are codes as often as not.
fn are_labels(values: &Values<'_>) -> bool {
    let is_label = |cell: &Cell| match cell {
        Cell::Category(_) => true,
        Cell::Number(number) => number.fract() == 0.0,
        _ => false,
    };
    let different = values.telling().count();
    values.telling().all(|(cell, _, _)| is_label(cell)) && (!values.domain.kind().is_numeric() || different <= CODES)
}

/// The statistic of homogeneity of two tables' counts, and over how many classes it goes.
fn unlike(counts: impl Iterator<Item = (f64, f64)>, [n, m]: [f64; 2]) -> (f64, f64) {
    let counted = counts.filter(|(one, other)| one + other > 0.0);
    let of_class = |(one, other): (f64, f64)| (one * m - other * n).powi(2) / (n * m * (one + other));
    counted.fold((0.0, 0.0), |(sum, classes), class| (sum + of_class(class), classes + 1.0))
}

fn within_chance(statistic: f64, freedom: f64, level: f64) -> bool {
    freedom >= 1.0 && ChiSquared::new(freedom).is_ok_and(|chi| statistic <= chi.inverse_cdf(level))
}

/// Whether the release's shares are those of labels of which most were exchanged by rank.
fn mixture_fits(original: &Values<'_>, [of_original, of_release]: [&[(u32, u32)]; 2], frequent: usize) -> bool {
    let total = |ranked: &[(u32, u32)]| ranked.iter().map(|(rows, _)| f64::from(*rows)).sum::<f64>();
    let (n, m) = (total(of_original), total(of_release));
    // Of each label of the release its share, the original's share of it, and that of the label whose rank it has.
    let shares: Vec<[f64; 3]> = of_original[..frequent]
        .iter()
        .zip(&of_release[..frequent])
        .map(|((of_rank, _), (rows, code))| {
            let own = f64::from(original.counts[*code as usize]);
            [f64::from(*rows) / m, own / n, f64::from(*of_rank) / n]
        })
        .collect();
    let (along, whole) = shares.iter().fold((0.0, 0.0), |(along, whole), [share, own, of_rank]| {
        (along + (share - own) * (of_rank - own), whole + (of_rank - own).powi(2))
    });
    let exchanged = (along / whole).min(1.0);
    if frequent < LABELS[1] || exchanged.is_nan() || exchanged < MOST_ROWS {
        return false;
    }
    let misfit = shares.iter().map(|[share, own, of_rank]| {
        let expected = exchanged * of_rank + (1.0 - exchanged) * own;
        // Both tables are samples.
        let of_original = (exchanged.powi(2) * of_rank + (1.0 - exchanged).powi(2) * own) / n;
        (share - expected).powi(2) / (expected / m + of_original)
    });
    within_chance(misfit.sum(), frequent as f64 - 2.0, LEVELS[1])
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::sampling::{Stream, Task};
    use crate::table::{JointColumn, Kind, RawColumn};

    fn draw(stream: &mut Stream, shares: &[f64], rows: usize) -> Vec<usize> {
        let total: f64 = shares.iter().sum();
        let one = |stream: &mut Stream| {
            let mut left = stream.unit() * total;
            let found = shares.iter().position(|share| {
                left -= share;
                left < 0.0
            });
            found.unwrap_or(shares.len() - 1)
        };
        (0..rows).map(|_| one(stream)).collect()
    }

    fn found(original: &[usize], release: &[usize]) -> bool {
        let texts =
            |labels: &[usize]| RawColumn::texts(&labels.iter().map(|at| format!("l{at:02}")).collect::<Vec<_>>());
        let column = JointColumn::of(Kind::Categorical, vec![texts(original), texts(release)]);
        let [original, release] = [0, 1].map(|at| Values::of(&column.domain, &column.tables[at]));
        are_exchanged(&original, &release)
    }

    /// Shares of so many labels, some frequent and some rare.
    fn shares(stream: &mut Stream, labels: usize) -> Vec<f64> {
        (0..labels).map(|_| (1.2 * stream.normal()).exp()).collect()
    }

    #[test]
    fn exchanged_labels_are_found() {
        let mut seen = 0;
        for seed in 0..60 {
            let mut stream = Stream::new(seed, Task::Population, 41);
            let labels = 5 + seed as usize % 8;
            let shares = shares(&mut stream, labels);
            let [original, fresh] = [0, 1].map(|_| draw(&mut stream, &shares, 1500));
            let mut others: Vec<usize> = (0..labels).collect();
            stream.shuffle(&mut others);
            // A copy, or fresh persons; in all rows, or in nine of ten.
            let source = if seed % 2 == 0 { &original } else { &fresh };
            let share = if seed % 4 < 2 { 1.0 } else { 0.9 };
            let release: Vec<usize> =
                source.iter().map(|label| if stream.unit() < share { others[*label] } else { *label }).collect();
            seen += u32::from(found(&original, &release));
        }
        assert!(seen >= 36, "{seen} of 60");
    }

    #[test]
    fn fresh_rows_and_drift_are_none() {
        let mut taken = Vec::new();
        for seed in 0..1000 {
            let mut stream = Stream::new(seed, Task::Population, 42);
            let shares = shares(&mut stream, 2 + seed as usize % 11);
            let rows = [150, 600, 3000][seed as usize % 3];
            let drift = [0.0, 0.1, 0.3, 0.6, 1.0][seed as usize / 3 % 5];
            let moved: Vec<f64> = shares.iter().map(|share| share * (drift * stream.normal()).exp()).collect();
            let (original, release) = (draw(&mut stream, &shares, rows), draw(&mut stream, &moved, rows));
            if found(&original, &release) {
                taken.push((seed, drift, rows));
            }
        }
        assert!(taken.len() <= 2, "{taken:?}");
    }
}
