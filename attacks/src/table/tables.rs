//! Three tables over the same columns, encoded against joint dictionaries.

use super::{Cell, Domain, Kind};
use crate::AttackError;
use rayon::prelude::*;
use std::collections::HashMap;

/// A column of one table before it meets the others: its own distinct cells in any order, and a code per row into them.
#[derive(Debug, Clone, Default)]
pub struct RawColumn {
    /// Cells that occur; a cell may stand twice.
    pub cells: Vec<Cell>,
    /// Per row, the position in `cells`.
    pub codes: Vec<u32>,
}

impl RawColumn {
    /// A column of numbers; NaN, infinities and what is beyond [`Cell::LARGEST`] become missing.
    pub fn numbers(values: &[f64]) -> RawColumn {
        let mut codes_of = HashMap::new();
        let mut column = RawColumn::default();
        for value in values {
            // `+ 0.0` turns -0.0 into 0.0, so that both are one cell.
            let cell = if value.abs() <= Cell::LARGEST { Cell::Number(value + 0.0) } else { Cell::Missing };
            let key = if let Cell::Number(number) = cell { number.to_bits() } else { u64::MAX };
            let code = *codes_of.entry(key).or_insert_with(|| {
                column.cells.push(cell);
                column.cells.len() as u32 - 1
            });
            column.codes.push(code);
        }
        column
    }

    /// A column of categories.
    pub fn texts<S: AsRef<str>>(values: &[S]) -> RawColumn {
        let cells: Vec<Cell> = values.iter().map(|text| Cell::Category(text.as_ref().to_owned())).collect();
        RawColumn { codes: (0..cells.len() as u32).collect(), cells }
    }

    /// A column of any cells, one per row.
    pub fn cells(cells: Vec<Cell>) -> RawColumn {
        RawColumn { codes: (0..cells.len() as u32).collect(), cells }
    }
}

/// A named column with its joint dictionary.
#[derive(Debug, Clone)]
pub struct Column {
    /// Name, as in the files.
    pub name: String,
    /// All its cells over all tables.
    pub domain: Domain,
}

/// One encoded table: a code per column and row, stored column by column.
#[derive(Debug, Clone)]
pub struct Table {
    rows: usize,
    columns: Vec<Vec<u32>>,
    /// Person of each row (dense numbers), when a subject key groups rows; otherwise a row is a person.
    pub subjects: Option<Vec<u32>>,
    /// Record key of each row, numbered jointly over original and release, when there is one.
    pub records: Option<Vec<u32>>,
}

impl Table {
    fn new(rows: usize) -> Table {
        Table { rows, columns: Vec::new(), subjects: None, records: None }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.columns.len()
    }

    /// Codes of one column, in row order.
    pub fn column(&self, column: usize) -> &[u32] {
        &self.columns[column]
    }

    /// Codes of one row, in column order.
    pub fn row(&self, row: usize) -> Vec<u32> {
        self.columns.iter().map(|codes| codes[row]).collect()
    }

    /// The person a row is about.
    pub fn subject(&self, row: usize) -> u32 {
        self.subjects.as_ref().map_or(row as u32, |subjects| subjects[row])
    }
}

/// The original, the release and the control over the columns that an attacker can use.
#[derive(Debug, Clone)]
pub struct Tables {
    /// Columns in table order, which is the original's.
    pub columns: Vec<Column>,
    /// Persons the release was made from.
    pub original: Table,
    /// The release under test.
    pub anonymized: Table,
    /// Persons who were not used.
    pub control: Option<Table>,
}

impl Tables {
    /// Position of a column.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}

/// Collects columns, joins their dictionaries and encodes the rows.
#[derive(Debug)]
pub struct TablesBuilder {
    tables: Tables,
}

/// A column with its joint dictionary and the codes of all tables' rows, ready to be added.
#[derive(Debug)]
pub struct JoinedColumn {
    column: Column,
    codes: Vec<Vec<u32>>,
}

impl TablesBuilder {
    /// A builder for tables of these numbers of rows.
    pub fn new(original: usize, anonymized: usize, control: Option<usize>) -> TablesBuilder {
        TablesBuilder {
            tables: Tables {
                columns: Vec::new(),
                original: Table::new(original),
                anonymized: Table::new(anonymized),
                control: control.map(Table::new),
            },
        }
    }

    /// Adds a column that stands in all tables.
    ///
    /// # Errors
    /// As [`join`](TablesBuilder::join).
    pub fn add(
        &mut self,
        name: &str,
        kind: Kind,
        original: RawColumn,
        anonymized: RawColumn,
        control: Option<RawColumn>,
    ) -> Result<(), AttackError> {
        let joined = self.join(name, kind, original, anonymized, control)?;
        self.push(joined);
        Ok(())
    }

    /// Joins the dictionaries of a column that stands in all tables, without adding it yet: columns can be joined in
    /// parallel and then be added in their order.
    ///
    /// # Errors
    /// When a table has no rows, a column the wrong number of rows, or a cell that the kind does not allow:
    /// generalized cells may stand in the release only.
    pub fn join(
        &self,
        name: &str,
        kind: Kind,
        original: RawColumn,
        anonymized: RawColumn,
        control: Option<RawColumn>,
    ) -> Result<JoinedColumn, AttackError> {
        let parts = [("original", Some(original)), ("anonymized", Some(anonymized)), ("control", control)];
        let Tables { original: first, anonymized: second, control: third, .. } = &self.tables;
        let rows = [Some(first.rows), Some(second.rows), third.as_ref().map(Table::rows)];
        for ((table, part), rows) in parts.iter().zip(rows) {
            let found = part.as_ref().map(|column| column.codes.len());
            if rows == Some(0) {
                return Err(AttackError::EmptyTable { table });
            }
            if found != rows {
                let (found, expected) = (found.unwrap_or(0), rows.unwrap_or(0));
                return Err(AttackError::RowCount { column: name.to_owned(), table, found, expected });
            }
            let allowed = |cell: &&Cell| cell.fits(kind) && (*table == "anonymized" || cell.is_exact());
            let cells = part.as_ref().map_or(&[][..], |column| &column.cells);
            let count = cells.iter().filter(|cell| !allowed(cell)).count();
            if count > 0 {
                return Err(AttackError::CellKind { column: name.to_owned(), kind: kind.to_string(), table, count });
            }
        }

        let parts: Vec<RawColumn> = parts.into_iter().filter_map(|(_, part)| part).collect();
        let (domain, codes) = join(kind, parts);
        if domain.len() > u32::MAX as usize / 2 {
            return Err(AttackError::TooManyCells { column: name.to_owned(), max: u32::MAX as usize / 2 });
        }
        Ok(JoinedColumn { column: Column { name: name.to_owned(), domain }, codes })
    }

    /// Adds a column that was joined for these tables.
    pub fn push(&mut self, joined: JoinedColumn) {
        let Tables { columns, original, anonymized, control } = &mut self.tables;
        for (table, codes) in
            [Some(original), Some(anonymized), control.as_mut()].into_iter().flatten().zip(joined.codes)
        {
            table.columns.push(codes);
        }
        columns.push(joined.column);
    }

    /// Groups rows of the original and the control by person. Numbers are dense and a control's are its own.
    pub fn subjects(&mut self, original: Vec<u32>, control: Option<Vec<u32>>) {
        self.tables.original.subjects = Some(original);
        if let (Some(table), Some(subjects)) = (self.tables.control.as_mut(), control) {
            table.subjects = Some(subjects);
        }
    }

    /// Says which release row came from which original row: equal numbers are the same record.
    pub fn records(&mut self, original: Vec<u32>, anonymized: Vec<u32>) {
        self.tables.original.records = Some(original);
        self.tables.anonymized.records = Some(anonymized);
    }

    /// The finished tables.
    pub fn finish(self) -> Tables {
        self.tables
    }
}

/// Merges the tables' dictionaries into one in code order and recodes every row.
fn join(kind: Kind, parts: Vec<RawColumn>) -> (Domain, Vec<Vec<u32>>) {
    let mut cells = Vec::with_capacity(parts.iter().map(|part| part.cells.len()).sum());
    let mut tables = Vec::with_capacity(parts.len());
    for part in parts {
        tables.push((cells.len(), part.codes));
        cells.extend(part.cells.into_iter().map(Cell::simplified));
    }
    let mut joint = vec![0; cells.len()];
    let mut sorted = vec![Cell::Missing];
    for at in code_order(&cells) {
        let cell = std::mem::replace(&mut cells[at], Cell::Missing);
        if sorted.last() != Some(&cell) {
            sorted.push(cell);
        }
        joint[at] = sorted.len() as u32 - 1;
    }
    let recoded = tables.into_par_iter().map(|(first, mut codes)| {
        let joint = &joint[first..];
        codes.iter_mut().for_each(|code| *code = joint[*code as usize]);
        codes
    });
    let codes = recoded.collect();
    (Domain::from_sorted(kind, sorted), codes)
}

/// The positions of cells in the order of codes. Numbers, of which there may be as many as rows, are sorted apart.
pub(super) fn code_order(cells: &[Cell]) -> impl Iterator<Item = usize> + use<> {
    let mut numbers = Vec::new();
    let mut others = Vec::new();
    for (at, cell) in cells.iter().enumerate() {
        match cell {
            Cell::Number(number) => numbers.push((rank(*number), at)),
            _ => others.push(at),
        }
    }
    numbers.par_sort_unstable();
    others.sort_unstable_by(|a, b| cells[*a].order(&cells[*b]));
    let behind = others.split_off(others.partition_point(|at| cells[*at] == Cell::Missing));
    others.into_iter().chain(numbers.into_iter().map(|(_, at)| at)).chain(behind)
}

/// An integer that orders numbers as [`f64::total_cmp`] does.
fn rank(number: f64) -> u64 {
    let bits = number.to_bits();
    if number.is_sign_negative() { !bits } else { bits | 1 << 63 }
}
