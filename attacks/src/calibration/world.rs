//! Tables in which it is known who is leaked.

use super::Leak;
use crate::AttackError;
use crate::sampling::{Stream, Task};
use crate::table::{Cell, RawColumn, Table, Tables, TablesBuilder};

/// Rows of a table with the person of each, as numbers from 0.
struct Persons {
    rows: Vec<u32>,
    of_row: Vec<u32>,
}

impl Persons {
    fn of(persons: &[Vec<u32>]) -> Persons {
        let rows: Vec<u32> = persons.iter().flatten().copied().collect();
        let numbered = (0..).zip(persons).flat_map(|(number, rows)| rows.iter().map(move |_| number));
        Persons { of_row: numbered.collect(), rows }
    }
}

/// The persons of a world.
pub(super) struct World {
    /// Those under test, by the rows of the original that they have.
    persons: Vec<Vec<u32>>,
    /// Rows of the original, of other persons, that make the release.
    release: Vec<u32>,
    control: Option<Vec<Vec<u32>>>,
    seed: u64,
    number: u64,
}

/// How many persons a world of a table has: at most so many, and at most half of all.
pub(super) fn persons(tables: &Tables, most: usize) -> usize {
    most.min(tables.original.persons() / 2)
}

/// How many of the control.
pub(super) fn of_control(control: &Table, persons: usize) -> usize {
    persons.min(control.persons())
}

/// The persons of a table by their rows, in the order of their values.
fn in_order(tables: &Tables, table: &Table) -> Vec<Vec<u32>> {
    let mut place = vec![usize::MAX; table.persons()];
    let mut persons: Vec<Vec<u32>> = Vec::new();
    for row in tables.in_order(table, 0..table.rows() as u32) {
        let place = &mut place[table.subject(row as usize) as usize];
        if *place == usize::MAX {
            *place = persons.len();
            persons.push(Vec::new());
        }
        persons[*place].push(row);
    }
    persons
}

impl World {
    pub fn draw(tables: &Tables, persons: usize, seed: u64, number: u64) -> World {
        let mut stream = Stream::new(seed, Task::Calibration, 2 * number);
        let mut all = in_order(tables, &tables.original);
        stream.shuffle(&mut all);
        let release = all[persons..2 * persons].iter().flatten().copied().collect();
        all.truncate(persons);
        let control = tables.control.as_ref().map(|table| {
            let mut all = in_order(tables, table);
            stream.shuffle(&mut all);
            all.truncate(of_control(table, persons));
            all
        });
        World { persons: all, release, control, seed, number }
    }

    /// The tables of this world; with so many persons planted in a way.
    pub fn tables(&self, from: &Tables, leak: Option<(Leak, usize)>) -> Result<Tables, AttackError> {
        let original = Persons::of(&self.persons);
        let control = self.control.as_ref().map(|persons| Persons::of(persons));
        let codes = |rows: &[u32], table: &Table, column: usize| -> Vec<Cell> {
            let domain = &from.columns[column].domain;
            rows.iter().map(|row| domain.cell(table.column(column)[*row as usize]).clone()).collect()
        };
        let mut released: Vec<Vec<Cell>> =
            (0..from.columns.len()).map(|column| codes(&self.release, &from.original, column)).collect();
        if let Some((leak, count)) = leak {
            let mut stream = Stream::new(self.seed, Task::Calibration, 2 * self.number + 1);
            let planted = self.planted(from, leak, count, &mut stream);
            for (place, row) in planted.iter().enumerate() {
                let other = self.release[place % self.release.len()];
                let [own, other] = [*row, other].map(|row| from.original.row(row as usize));
                for (column, cell) in leak.release(from, &own, &other, &mut stream).into_iter().enumerate() {
                    match released[column].get_mut(place) {
                        Some(slot) => *slot = cell,
                        None => released[column].push(cell),
                    }
                }
            }
        }
        let rows = released.first().map_or(0, Vec::len);
        let mut builder =
            TablesBuilder::new(original.rows.len(), rows, control.as_ref().map(|control| control.rows.len()));
        for ((at, column), released) in from.columns.iter().enumerate().zip(released) {
            let own = RawColumn::cells(codes(&original.rows, &from.original, at));
            let of_control = control.as_ref().zip(from.control.as_ref());
            let of_control = of_control.map(|(control, table)| RawColumn::cells(codes(&control.rows, table, at)));
            builder.add(&column.name, column.domain.kind(), own, RawColumn::cells(released), of_control)?;
        }
        if from.original.subjects.is_some() {
            builder.subjects(original.of_row, control.map(|control| control.of_row));
        }
        Ok(builder.finish())
    }

    /// The rows of the persons who are planted: of a smaller share those who are of a larger one, too.
    fn planted(&self, from: &Tables, leak: Leak, count: usize, stream: &mut Stream) -> Vec<u32> {
        let mut persons: Vec<&Vec<u32>> = self.persons.iter().collect();
        if leak == Leak::Group {
            // Drawn before they are put in order, so that equal ones are in no order.
            let column = from.original.column(stream.below(from.columns.len() as u64) as usize);
            let from = stream.below(persons.len() as u64) as usize;
            persons.sort_by_key(|rows| column[rows[0] as usize]);
            persons.rotate_left(from);
        }
        persons.into_iter().take(count).flatten().copied().collect()
    }
}
