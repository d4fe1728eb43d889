//! Linear reconstruction of a binary secret: from the counts that the release repeats back to the persons who were counted.
//!
//! # The attack
//! Who knows the known columns of everybody, and not who of them has the secret, takes the release for a table of counts: how many of those
//! who have certain values in one or two known columns have it. A synthesizer that keeps such counts keeps sums over the persons, and
//! enough sums determine what was summed. With t_i between 0 and 1 for each person, n_q the persons in cell q of such a table and r_q the share of
//! the release's rows in it that have the secret, the attacker solves the linear program
//!
//! min Σ_q |Σ_{i in q} t_i − n_q·r_q| / √n_q,  0 ≤ t ≤ 1,
//!
//! and says that a person has the secret when t_i > 1/2. Counts are taken relative to the persons in a cell, so that a release of another size
//! tells as much, and weighed by what chance makes of a count. A cell that the release has no row in says nothing; the cells that many
//! columns make are drawn from, where they are too many.
//!
//! The program has many solutions where the counts tell little. The one that is taken is near to what each person's cells say by
//! themselves, which is where the solver begins.
//!
//! # Solver
//! The primal-dual method of Chambolle & Pock (2011, Journal of Mathematical Imaging and Vision 40:120) with the diagonal steps of Pock &
//! Chambolle (2011, ICCV: 1762): each step takes the sums of all cells once, and nothing is factorized. It stops after a fixed number of steps, for
//! what is asked is on which side of 1/2 a person lies.
//!
//! # Control
//! Persons of the control take the places of as many persons of the original, drawn at random, and the rest is as before: an attacker who
//! believes that they were counted. Without a leak they are guessed as well as those whose places they have.
//!
//! # Sources
//! Annamalai, Gadotti & Rocher 2024 (USENIX Security; arXiv 2301.10053), for the attack on synthetic data; Dinur & Nissim 2003 (PODS: 202)
//! and Dwork, McSherry & Talwar 2007 (STOC: 85), for reconstruction by linear programs.

use super::Guess;
use super::training::Training;
use crate::progress::{Progress, go_on};
use crate::sampling::{Stream, Task};
use crate::table::Tables;
use crate::targets::TargetRows;
use rayon::prelude::*;

/// Classes of a secret that can be reconstructed.
pub(super) const CLASSES: usize = 2;
/// Steps of the solver.
const STEPS: usize = 60;
/// Cells that persons are in, over all persons, at most: beyond, pairs of columns are drawn.
const MOST_CELLS: usize = 2_000_000;
/// Persons that a thread takes at once.
const CHUNK: usize = 4096;
/// In no cell.
const NOWHERE: u32 = u32::MAX;

/// What a table tells of the class of those who have some values: its counts by one known column, and by two.
pub(super) struct Counts<'t> {
    training: &'t Training<'t>,
    tables: Vec<Table>,
    /// Share of the rows of the second class.
    share: f64,
}

/// The counts by one or two known columns.
struct Table {
    /// Positions of the columns; the same twice of one column.
    columns: [usize; 2],
    /// Share of the second class in each cell; NaN in cells without a row.
    shares: Vec<f64>,
}

impl Table {
    /// The cell of somebody in these bins.
    fn cell(&self, training: &Training<'_>, bin: impl Fn(usize) -> Option<u32>) -> Option<usize> {
        let [one, other] = self.columns;
        match one == other {
            true => bin(one).map(|bin| bin as usize),
            false => Some(bin(one)? as usize * training.bins[other].len + bin(other)? as usize),
        }
    }
}

impl<'t> Counts<'t> {
    /// Counts rows of the table that `training` learns from. `persons`: about how many will be asked about.
    pub fn new(training: &'t Training<'t>, rows: &[u32], persons: usize, seed: u64) -> Counts<'t> {
        let known = training.known.len();
        let mut pairs: Vec<[usize; 2]> =
            (0..known).flat_map(|one| (one + 1..known).map(move |other| [one, other])).collect();
        let most = (MOST_CELLS / persons.max(1)).saturating_sub(known).max(known);
        if pairs.len() > most {
            Stream::new(seed, Task::Reconstruction, 0).shuffle(&mut pairs);
            pairs.truncate(most);
        }
        let columns: Vec<[usize; 2]> = (0..known).map(|column| [column, column]).chain(pairs).collect();
        let of_class = |row: u32| {
            let of = training.classes_of(row).iter().find(|(class, _)| *class == 1);
            of.map_or(0.0, |(_, share)| *share)
        };
        let has: Vec<f64> = rows.iter().map(|row| of_class(*row)).collect();
        let bins: Vec<Vec<Option<u32>>> = (0..known)
            .map(|column| {
                let codes = training.table.column(training.known[column]);
                rows.iter().map(|row| training.bins[column].likeliest(codes[*row as usize])).collect()
            })
            .collect();
        let table = |columns: [usize; 2]| {
            let [one, other] = columns.map(|column| training.bins[column].len);
            let cells = if columns[0] == columns[1] { one } else { one * other };
            let mut table = Table { columns, shares: Vec::new() };
            let (mut all, mut second) = (vec![0.0; cells], vec![0.0; cells]);
            for (at, has) in has.iter().enumerate() {
                if let Some(cell) = table.cell(training, |column| bins[column][at]) {
                    all[cell] += 1.0;
                    second[cell] += has;
                }
            }
            // Without a row, 0 over 0.
            table.shares = second.iter().zip(&all).map(|(second, all)| second / all).collect();
            table
        };
        let share = has.iter().sum::<f64>() / rows.len().max(1) as f64;
        Counts { training, tables: columns.into_par_iter().map(table).collect(), share }
    }

    /// The class of each person, given the codes of all of them in each known column.
    pub fn classes_of(&self, codes: &[Vec<u32>], progress: &dyn Progress) -> Vec<Option<u32>> {
        let persons = codes.first().map_or(0, Vec::len);
        let likely: Vec<Vec<Option<u32>>> = (0..codes.len())
            .map(|column| codes[column].iter().map(|code| self.training.bins[column].likeliest(*code)).collect())
            .collect();
        let cells: Vec<Cells> = self
            .tables
            .par_iter()
            .map(|table| {
                let cell = |at: usize| table.cell(self.training, |column| likely[column][at]);
                Cells::of(table, (0..persons).map(cell))
            })
            .collect();
        let solved = solve(&cells, persons, self.share, progress);
        let class = |has: f64| match has {
            has if has > 0.5 => 1,
            has if has < 0.5 => 0,
            _ => u32::from(self.share > 0.5),
        };
        solved.into_iter().map(|has| Some(class(has))).collect()
    }
}

/// The persons in the cells of a table.
struct Cells {
    of_person: Vec<u32>,
    /// Persons of each cell who are to have the secret, and all of them.
    wanted: Vec<f64>,
    persons: Vec<f64>,
}

impl Cells {
    fn of(table: &Table, cells: impl Iterator<Item = Option<usize>>) -> Cells {
        let says = |cell: &usize| !table.shares[*cell].is_nan();
        let of_person: Vec<u32> = cells.map(|cell| cell.filter(says).map_or(NOWHERE, |cell| cell as u32)).collect();
        let mut persons = vec![0.0; table.shares.len()];
        of_person.iter().filter(|cell| **cell != NOWHERE).for_each(|cell| persons[*cell as usize] += 1.0);
        let wanted = persons.iter().zip(&table.shares).map(|(persons, share)| persons * share).collect();
        Cells { of_person, wanted, persons }
    }
}

/// How far each person has the secret. Sums are made in the order of the persons and of the tables, whatever the threads do.
fn solve(cells: &[Cells], persons: usize, share: f64, progress: &dyn Progress) -> Vec<f64> {
    // What each person's cells say by themselves, and in how many cells the person is.
    let begin: Vec<(f64, f64)> = (0..persons)
        .into_par_iter()
        .map(|at| {
            let in_cells = cells.iter().filter(|table| table.of_person[at] != NOWHERE);
            let (sum, count) = in_cells.fold((0.0, 0.0), |(sum, count), table| {
                let cell = table.of_person[at] as usize;
                (sum + table.wanted[cell] / table.persons[cell], count + 1.0)
            });
            if count > 0.0 { (sum / count, count) } else { (share, 0.0) }
        })
        .collect();
    let mut has: Vec<f64> = begin.iter().map(|(has, _)| *has).collect();
    let mut ahead = has.clone();
    let mut prices: Vec<Vec<f64>> = cells.iter().map(|table| vec![0.0; table.persons.len()]).collect();
    for _ in 0..STEPS {
        go_on(progress);
        prices.par_iter_mut().zip(cells).for_each(|(prices, table)| {
            let mut sums = vec![0.0; prices.len()];
            for (cell, has) in table.of_person.iter().zip(&ahead).filter(|(cell, _)| **cell != NOWHERE) {
                sums[*cell as usize] += has;
            }
            let counted = prices.iter_mut().enumerate().filter(|(cell, _)| table.persons[*cell] > 0.0);
            for (cell, price) in counted {
                let persons = table.persons[cell];
                let most = 1.0 / libm::sqrt(persons);
                *price = (*price + (sums[cell] - table.wanted[cell]) / persons).clamp(-most, most);
            }
        });
        let chunks = has.par_chunks_mut(CHUNK).zip(ahead.par_chunks_mut(CHUNK)).enumerate();
        chunks.for_each(|(chunk, (has, ahead))| {
            let from = chunk * CHUNK;
            let mut pulls = vec![0.0; has.len()];
            for (table, prices) in cells.iter().zip(&prices) {
                for (pull, cell) in pulls.iter_mut().zip(&table.of_person[from..]) {
                    if *cell != NOWHERE {
                        *pull += prices[*cell as usize];
                    }
                }
            }
            for (at, (has, ahead)) in has.iter_mut().zip(ahead).enumerate() {
                let cells = begin[from + at].1;
                if cells > 0.0 {
                    let next = (*has - pulls[at] / cells).clamp(0.0, 1.0);
                    *ahead = 2.0 * next - *has;
                    *has = next;
                }
            }
        });
    }
    has
}

/// What reconstruction says of everybody who is attacked.
pub(super) struct Solved {
    /// The class of each row of the original, and of each row of the control that is attacked.
    of_row: [Vec<Option<u32>>; 2],
}

impl Solved {
    /// Solves for the persons of the original, and for the targets of the control in the places of as many of them.
    pub fn new(
        training: &Training<'_>,
        tables: &Tables,
        targets: &TargetRows,
        seed: u64,
        progress: &dyn Progress,
    ) -> Solved {
        let persons = tables.original.rows();
        let counts = Counts::new(training, &training.rows, persons, seed);
        let all: Vec<Vec<u32>> = training.known.iter().map(|column| tables.original.column(*column).to_vec()).collect();
        let control = tables.control.as_ref().zip(targets.control.as_ref());
        let others = control.map_or(0, |(_, rows)| rows.len());
        progress.begin("inference", 1 + others.div_ceil(persons) as u64);
        let of_original = counts.classes_of(&all, progress);
        progress.advance(1);
        let Some((control, rows)) = control else { return Solved { of_row: [of_original, Vec::new()] } };
        let mut of_control = vec![None; control.rows()];
        // The same persons take the same places, in whatever order they stand.
        let (rows, in_order) =
            (tables.in_order(control, rows.iter().copied()), tables.in_order(&tables.original, 0..persons as u32));
        for (part, rows) in rows.chunks(persons).enumerate() {
            let drawn = Stream::new(seed, Task::Reconstruction, 1 + part as u64).sample(persons, rows.len());
            let places: Vec<usize> = drawn.into_iter().map(|place| in_order[place] as usize).collect();
            let mut codes = all.clone();
            for (codes, column) in codes.iter_mut().zip(training.known) {
                let own = control.column(*column);
                places.iter().zip(rows).for_each(|(place, row)| codes[*place] = own[*row as usize]);
            }
            let found = counts.classes_of(&codes, progress);
            places.iter().zip(rows).for_each(|(place, row)| of_control[*row as usize] = found[*place]);
            progress.advance(1);
        }
        Solved { of_row: [of_original, of_control] }
    }

    /// What is guessed of some of them.
    pub fn guesses(&self, training: &Training<'_>, persons: &TargetRows) -> Vec<Guess> {
        let [original, control] = &self.of_row;
        let of_original = persons.original.iter().map(|row| original[*row as usize]);
        let of_control = persons.control.iter().flatten().map(|row| control[*row as usize]);
        of_original.chain(of_control).map(|class| training.classes.guess(class)).collect()
    }
}

/// The class of each row of the table that is learnt from, reconstructed from the counts of the other half of its rows, which every second
/// row in the order of the values is. Of rows that tell nothing, nothing is said.
pub(super) fn by_other_half(
    training: &Training<'_>,
    rows: &[u32],
    seed: u64,
    progress: &dyn Progress,
) -> Vec<Option<u32>> {
    let mut of_row = vec![None; training.table.rows()];
    if training.classes.guesses.len() == CLASSES {
        let half = |parity: usize| -> Vec<u32> { training.rows.iter().copied().skip(parity).step_by(2).collect() };
        for (asked, counted) in [(half(0), half(1)), (half(1), half(0))] {
            let codes = |column: &usize| -> Vec<u32> {
                let codes = training.table.column(*column);
                asked.iter().map(|row| codes[*row as usize]).collect()
            };
            let codes: Vec<Vec<u32>> = training.known.iter().map(codes).collect();
            let classes = Counts::new(training, &counted, asked.len(), seed).classes_of(&codes, progress);
            asked.iter().zip(classes).for_each(|(row, class)| of_row[*row as usize] = class);
        }
    }
    rows.iter().map(|row| of_row[*row as usize]).collect()
}
