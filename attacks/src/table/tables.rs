//! Three tables over the same columns.

use super::prints::prints;
use super::{Domain, JointColumn, Kind, RawColumn};
use crate::AttackError;
use rayon::prelude::*;
use std::cmp::Ordering;
use std::collections::HashSet;

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

    /// Leaves these rows, in this order.
    fn keep(&mut self, rows: &[u32]) {
        let kept = |of: &Vec<u32>| rows.iter().map(|row| of[*row as usize]).collect();
        self.columns = self.columns.iter().map(kept).collect();
        self.subjects = self.subjects.as_ref().map(kept);
        self.records = self.records.as_ref().map(kept);
        self.rows = rows.len();
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

    /// Number of persons.
    pub fn persons(&self) -> usize {
        let of_subjects = |subjects: &Vec<u32>| subjects.iter().max().map_or(0, |last| *last as usize + 1);
        self.subjects.as_ref().map_or(self.rows, of_subjects)
    }

    /// A fingerprint per row over some of the columns: equal rows have equal ones, and two different rows have the same one once in
    /// 10¹⁹ pairs.
    pub(crate) fn prints(&self, columns: impl Iterator<Item = usize>) -> Vec<u64> {
        prints(self.rows, &columns.map(|column| self.column(column)).collect::<Vec<&[u32]>>())
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

    /// Leaves these rows of the original and of the control, for attackers to whom nobody else matters. What is near to what stays as it
    /// was: dictionaries, ranges and what cells cover are those of all rows.
    pub fn keep(&mut self, original: &[u32], control: Option<&[u32]>) {
        self.original.keep(original);
        if let (Some(table), Some(rows)) = (&mut self.control, control) {
            table.keep(rows);
        }
    }
}

impl Tables {
    /// Rows of one of the tables, in the order of their values: by the code of the first column, then of the second and so
    /// on, then by person and by record.
    ///
    /// Codes are ranks of values, so that the order does not depend on where the rows stand in the file, but for
    /// rows that nothing tells apart.
    pub fn in_order(&self, table: &Table, rows: impl IntoIterator<Item = u32>) -> Vec<u32> {
        // The leading columns whose codes fit into one number decide most comparisons.
        let mut widths = Vec::new();
        let mut left = u64::BITS;
        for column in &self.columns {
            let width = u64::BITS - (column.domain.len() as u64).leading_zeros();
            if width > left {
                break;
            }
            left -= width;
            widths.push(width);
        }
        let leading = |row: u32| {
            let columns = widths.iter().zip(&table.columns);
            columns.fold(0u64, |key, (width, codes)| key << (width % u64::BITS) | u64::from(codes[row as usize]))
        };
        let others = table.columns[widths.len()..].iter().chain(&table.subjects).chain(&table.records);
        let others: Vec<&Vec<u32>> = others.collect();
        let by_others = |a: u32, b: u32| {
            let unequal =
                others.iter().map(|codes| codes[a as usize].cmp(&codes[b as usize])).find(|order| order.is_ne());
            unequal.unwrap_or(Ordering::Equal).then(a.cmp(&b))
        };
        let rows: Vec<u32> = rows.into_iter().collect();
        let mut rows: Vec<(u64, u32)> = rows.into_par_iter().map(|row| (leading(row), row)).collect();
        rows.par_sort_unstable_by(|(key_of_a, a), (key_of_b, b)| {
            key_of_a.cmp(key_of_b).then_with(|| by_others(*a, *b))
        });
        rows.into_iter().map(|(_, row)| row).collect()
    }
}

/// Collects columns over the same tables.
#[derive(Debug)]
pub struct TablesBuilder {
    tables: Tables,
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

    /// Joins a column that stands in all tables, and adds it.
    ///
    /// # Errors
    /// As [`push`](TablesBuilder::push).
    pub fn add(
        &mut self,
        name: &str,
        kind: Kind,
        original: RawColumn,
        anonymized: RawColumn,
        control: Option<RawColumn>,
    ) -> Result<(), AttackError> {
        self.push(name, JointColumn::of(kind, [original, anonymized].into_iter().chain(control).collect()))
    }

    /// Adds a column that was joined over the original, the release and, where there is one, the control, in this order.
    ///
    /// # Errors
    /// When a table has no rows, a column the wrong number of rows, or a cell that the kind does not allow. Generalized
    /// cells may stand in every table: what is known of a person can be a band, too.
    pub fn push(&mut self, name: &str, mut column: JointColumn) -> Result<(), AttackError> {
        self.check(name, &column)?;
        if let [original, release, control @ ..] = column.tables.as_slice() {
            let persons = std::iter::once(original).chain(control).map(|part| part.codes.as_slice());
            column.domain.cover(&release.codes, persons);
        }
        let Tables { columns, original, anonymized, control } = &mut self.tables;
        let tables = [Some(original), Some(anonymized), control.as_mut()].into_iter().flatten();
        for (table, part) in tables.zip(column.tables) {
            table.columns.push(part.codes);
        }
        columns.push(Column { name: name.to_owned(), domain: column.domain });
        Ok(())
    }

    /// Refuses a column that these tables cannot have.
    fn check(&self, name: &str, column: &JointColumn) -> Result<(), AttackError> {
        let column_name = || name.to_owned();
        let Tables { original, anonymized, control, .. } = &self.tables;
        let (domain, kind) = (&column.domain, column.domain.kind());
        let unfit: HashSet<u32> = (0..domain.len() as u32).filter(|code| !domain.cell(*code).fits(kind)).collect();
        let tables = [("original", Some(original)), ("anonymized", Some(anonymized)), ("control", control.as_ref())];
        let mut parts = column.tables.iter();
        for (table, rows) in tables.map(|(name, table)| (name, table.map(Table::rows))) {
            let part = parts.next();
            let found = part.map(|part| part.codes.len());
            if rows == Some(0) {
                return Err(AttackError::EmptyTable { table });
            }
            if found != rows {
                let (found, expected) = (found.unwrap_or(0), rows.unwrap_or(0));
                return Err(AttackError::RowCount { column: column_name(), table, found, expected });
            }
            if unfit.is_empty() {
                continue;
            }
            let is_refused = |code: &&u32| unfit.contains(code);
            let refused: HashSet<&u32> = part.iter().flat_map(|part| &part.codes).filter(is_refused).collect();
            if !refused.is_empty() {
                let (kind, count) = (kind.to_string(), refused.len());
                return Err(AttackError::CellKind { column: column_name(), kind, table, count });
            }
        }
        if let Some(surplus) = parts.next() {
            let (table, found) = ("fourth", surplus.codes.len());
            return Err(AttackError::RowCount { column: column_name(), table, found, expected: 0 });
        }
        let max = u32::MAX as usize / 2;
        if domain.len() > max {
            return Err(AttackError::TooManyCells { column: column_name(), max });
        }
        Ok(())
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
