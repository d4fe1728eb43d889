//! Which records of two releases can be of one person, and what the two versions show of who came, went and changed.
//!
//! Two records can be of one person when all their cells are compatible, over every column that both releases have, known to
//! anybody or not. Where a column names the records in both (a pseudonym that was kept), records are linked by it alone, and then
//! it shows which of them changed.

use super::super::trie::Compatible;
use crate::AttackError;
use crate::agreement::are_compatible;
use crate::neighbors::Profiles;
use crate::table::{Kind, LEFT_OUT, Links, Lists, RawColumn, Table, Tables, TablesBuilder};
use rayon::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Pairs of profiles beyond which the releases are not linked: what nearly anybody can be says nothing, and takes long.
pub const MOST_LINKS: usize = 20_000_000;

/// A column of both releases.
#[derive(Debug, Clone)]
pub struct ReleaseColumn {
    /// Name.
    pub name: String,
    /// How its values are compared.
    pub kind: Kind,
    /// Its rows in the latest release.
    pub latest: RawColumn,
    /// Its rows in the earlier one.
    pub earlier: RawColumn,
}

/// What two releases show of one another.
#[derive(Debug, Clone)]
pub struct Versions {
    /// Which of their records can be of one person.
    pub links: Links,
    /// The columns that they were compared by.
    pub columns: Vec<String>,
    /// The column that names the records in both, where one does.
    pub key: Option<String>,
    /// Records of the latest release with one record of the earlier one that can be the same person's, which has no other either.
    pub linked: u64,
    /// Records of the latest release that no record of the earlier one can be of one person with.
    pub appeared: u64,
    /// Records of the earlier release that no record of the latest one can be of one person with.
    pub disappeared: u64,
    /// Linked records that are incompatible in some other column; `None` where no column names the records.
    pub changed: Option<u64>,
}

/// Compares two releases of these numbers of rows, the latest first; `None` where too many of their records can be of one person.
///
/// # Errors
/// When a column has another number of rows, or cells that its kind does not allow.
pub fn compare(rows: [usize; 2], columns: Vec<ReleaseColumn>) -> Result<Option<Versions>, AttackError> {
    // The earlier release stands where the persons do: its records look for those of the latest one.
    let mut builder = TablesBuilder::new(rows[1], rows[0], None);
    for column in columns {
        builder.add(&column.name, column.kind, column.earlier, column.latest, None)?;
    }
    let tables = builder.finish();
    let all: Vec<usize> = (0..tables.columns.len()).collect();
    let key = all.iter().copied().find(|column| is_key(&tables, *column));
    let used = key.map_or_else(|| all.clone(), |key| vec![key]);
    let (latest, earlier) =
        (Profiles::over(&tables, &tables.anonymized, &used), Profiles::over(&tables, &tables.original, &used));
    let Some(partners) = partners(&tables, &latest, &earlier, &used) else { return Ok(None) };
    let held = |profiles: &[u32], of: &Profiles<'_>| -> u64 {
        profiles.iter().map(|profile| u64::from(of.multiplicity(*profile))).sum()
    };
    let mut met = vec![0u64; earlier.len()];
    for profile in 0..latest.len() as u32 {
        let rows = u64::from(latest.multiplicity(profile));
        partners.of(profile).iter().for_each(|partner| met[*partner as usize] += rows);
    }
    let is_alone = |profile: &u32| match partners.of(*profile) {
        [partner] => held(&[*partner], &earlier) == 1 && met[*partner as usize] == 1,
        _ => false,
    };
    let linked: Vec<u32> = (0..latest.len() as u32).filter(is_alone).collect();
    // Who says nothing is neither linked nor new.
    let appeared = (0..latest.len() as u32).filter(|profile| partners.of(*profile).is_empty());
    let disappeared = (0..earlier.len() as u32).filter(|profile| met[*profile as usize] == 0);
    let changed = key.map(|key| {
        let (of_latest, of_earlier) = (latest.rows(), earlier.rows());
        let others: Vec<usize> = all.iter().copied().filter(|column| *column != key).collect();
        let is_changed = |profile: &&u32| {
            let (new, old) = (of_latest.of(**profile)[0], of_earlier.of(partners.of(**profile)[0])[0]);
            !others.iter().all(|column| meet(&tables, *column, [old, new]))
        };
        linked.iter().filter(is_changed).count() as u64
    });
    let name = |column: &usize| tables.columns[*column].name.clone();
    Ok(Some(Versions {
        columns: used.iter().map(name).collect(),
        key: key.as_ref().map(name),
        linked: linked.len() as u64,
        appeared: held(&appeared.collect::<Vec<_>>(), &latest),
        disappeared: held(&disappeared.collect::<Vec<_>>(), &earlier),
        changed,
        links: Links {
            latest: latest.of_row().to_vec(),
            earlier: earlier.of_row().to_vec(),
            profiles: earlier.len(),
            partners,
        },
    }))
}

/// Of each profile of the latest release, those of the earlier one that are compatible with it; `None` where they are too many.
fn partners(tables: &Tables, latest: &Profiles<'_>, earlier: &Profiles<'_>, columns: &[usize]) -> Option<Lists> {
    if latest.is_empty() || earlier.is_empty() {
        return Some(Lists::by_key(&[], latest.len()));
    }
    let index = Compatible::new(tables, latest, columns, |at| earlier.column(at).to_vec());
    let pairs = AtomicUsize::new(0);
    let found: Vec<Vec<u32>> = (0..earlier.len() as u32)
        .into_par_iter()
        .map(|profile| {
            let mut found = Vec::new();
            // Whether there are too many does not depend on who is counted first.
            if pairs.load(Ordering::Relaxed) <= MOST_LINKS {
                index.each(earlier.codes(profile), &mut |partner| found.push(partner));
                pairs.fetch_add(found.len(), Ordering::Relaxed);
            }
            found
        })
        .collect();
    if pairs.into_inner() > MOST_LINKS {
        return None;
    }
    let of_pair: Vec<u32> = (0..).zip(&found).flat_map(|(profile, found)| found.iter().map(move |_| profile)).collect();
    Some(Lists::by_key(&found.concat(), latest.len()).map(|at| of_pair[at as usize]))
}

/// Whether the cells of a column, of a row of the earlier release and one of the latest, can be of one person.
fn meet(tables: &Tables, column: usize, [earlier, latest]: [u32; 2]) -> bool {
    let cell = |table: &Table, row: u32| table.column(column)[row as usize];
    are_compatible(&tables.columns[column].domain, cell(&tables.original, earlier), cell(&tables.anonymized, latest))
}

/// Whether a column names the records in both releases: each value is one record's, most of the smaller release's stand in the other, and
/// the records that it links agree in more than half of the other columns, as others do not. Numbers of rows, which are given anew each
/// time, fail at the last.
fn is_key(tables: &Tables, column: usize) -> bool {
    let domain = &tables.columns[column].domain;
    let rows = |table: &Table| -> Option<Vec<u32>> {
        let mut rows = vec![LEFT_OUT; domain.len()];
        for (row, code) in table.column(column).iter().enumerate() {
            let slot = &mut rows[*code as usize];
            if !domain.is_value(*code) || *slot != LEFT_OUT {
                return None;
            }
            *slot = row as u32;
        }
        Some(rows)
    };
    let Some((earlier, latest)) = rows(&tables.original).zip(rows(&tables.anonymized)) else { return false };
    let pairs: Vec<[u32; 2]> = earlier
        .into_iter()
        .zip(latest)
        .filter(|(earlier, latest)| *earlier != LEFT_OUT && *latest != LEFT_OUT)
        .map(|(earlier, latest)| [earlier, latest])
        .collect();
    if 2 * pairs.len() < tables.original.rows().min(tables.anonymized.rows()) || pairs.len() < 2 {
        return false;
    }
    let others: Vec<usize> = (0..tables.columns.len()).filter(|other| *other != column).collect();
    let agree = |shift: usize| {
        let agrees = |at: &usize| {
            let pair = [pairs[*at][0], pairs[(at + shift) % pairs.len()][1]];
            let says = |other: &usize| {
                let code = tables.anonymized.column(*other)[pair[1] as usize];
                !tables.columns[*other].domain.says_nothing(code)
            };
            2 * others.iter().filter(|other| says(other) && meet(tables, **other, pair)).count() > others.len()
        };
        (0..pairs.len()).filter(agrees).count()
    };
    let (agreeing, elsewhere) = (agree(0), agree(pairs.len() / 2));
    2 * agreeing > pairs.len() && 2 * elsewhere < agreeing
}
