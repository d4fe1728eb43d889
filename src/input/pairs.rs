//! The columns of the tables, paired by their names and joined.

use super::columns::Availability;
use super::comparable::{self, Compared};
use super::file::RawTable;
use super::forms::{self, FileForm};
use super::header::without_style;
use super::hierarchy::Hierarchy;
use super::join::{self, Joined, TABLES};
use super::looks::Looks;
use super::tokens::TokenColumn;
use super::{InputError, ReadOptions};
use rayon::prelude::*;
use reident_reports::nearest::nearest;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

/// Pairs the columns of the tables by name, in the original's order.
pub(super) fn take_columns(
    options: &ReadOptions,
    original: &mut RawTable,
    anonymized: &mut RawTable,
    mut control: Option<&mut RawTable>,
    mut population: Option<&mut RawTable>,
) -> Result<Vec<Pending>, InputError> {
    let mut pending = Vec::new();
    let mut attackable = 0;
    let released_only = |name: &&String| !original.has(name) && !options.is_ignored(name);
    let almost: HashMap<String, &String> =
        anonymized.names.iter().filter(released_only).map(|name| (without_style(name), name)).collect();
    let almost_named = |name: &str| almost.get(&without_style(name)).map(|found| found.to_string());
    let missing: Vec<&String> = original.names.iter().filter(|name| !anonymized.has(name)).collect();
    if let Some((column, found)) =
        missing.into_iter().filter(|name| options.is_selected(name)).find_map(|name| Some((name, almost_named(name)?)))
    {
        return Err(InputError::AlmostNamed { path: anonymized.path().to_owned(), column: column.clone(), found });
    }
    for column in original.take_all() {
        let name = column.name.clone();
        let released = anonymized.has(&name);
        let availability = match (released, options.is_selected(&name)) {
            (false, _) => Availability::MissingFromRelease,
            (true, false) if options.is_token(&name) => Availability::Token,
            (true, false) => Availability::NotSelected,
            (true, true) => Availability::Attackable,
        };
        attackable += usize::from(availability == Availability::Attackable);
        if let Some(control) = control.as_ref().filter(|control| !control.has(&name))
            && availability == Availability::Attackable
        {
            return Err(InputError::MissingFromControl {
                path: control.path().to_owned(),
                nearest: nearest(&name, control.names.iter().map(String::as_str)),
                column: name,
            });
        }
        pending.push(Pending {
            availability,
            original: column,
            // What no attacker may use is not read as a kind either: it cannot be wrong.
            anonymized: anonymized.take(&name).filter(|_| availability == Availability::Attackable),
            control: control.as_mut().and_then(|control| control.take(&name)),
            population: population
                .as_mut()
                .and_then(|population| population.take(&name))
                .filter(|_| availability == Availability::Attackable),
            name,
        });
    }
    if attackable == 0 {
        let (original, anonymized) = (original.path().to_owned(), anonymized.path().to_owned());
        return Err(InputError::NoCommonColumn { original, anonymized });
    }
    let only_in_release = anonymized.take_all().into_iter().filter(|column| !original.has(&column.name));
    pending.extend(only_in_release.map(|column| Pending {
        name: column.name.clone(),
        availability: Availability::OnlyInRelease,
        original: column,
        anonymized: None,
        control: None,
        population: None,
    }));
    Ok(pending)
}

/// A column on its way through the kinds.
pub(super) struct Pending {
    name: String,
    availability: Availability,
    original: TokenColumn,
    anonymized: Option<TokenColumn>,
    control: Option<TokenColumn>,
    population: Option<TokenColumn>,
}

/// A column that was joined, and what became of it.
pub(super) struct Assessed {
    pub(super) name: String,
    pub(super) availability: Availability,
    pub(super) compared: Option<Compared>,
    pub(super) joined: Joined,
    /// The column once more, with the population file as a fourth table, where that has it and attackers can use it.
    pub(super) with_population: Option<Joined>,
}

/// Tables that attackers use; the population file comes behind them.
const ATTACKED: usize = 3;

/// Joins columns, those of most values first: they take longest, and the others are done beside them.
pub(super) fn join_all(
    columns: Vec<Pending>,
    options: &ReadOptions,
    hierarchies: &BTreeMap<String, Hierarchy>,
) -> Vec<Result<Assessed, Refusal>> {
    // The form of a column may show in the others of its file, so that all are looked at first.
    let looks: Vec<Vec<Option<Looks>>> = columns.par_iter().map(Pending::looks).collect();
    let files = forms::of_files(&looks, TABLES.len());
    let mut joined: Vec<Option<_>> = columns.iter().map(|_| None).collect();
    #[allow(clippy::type_complexity)] // The slot's type is what joining gives.
    let mut tasks: Vec<((Pending, &Vec<Option<Looks>>), &mut Option<_>)> =
        columns.into_iter().zip(&looks).zip(&mut joined).collect();
    tasks.sort_by_key(|((column, _), _)| Reverse(column.tokens()));
    let files = &files;
    rayon::scope_fifo(|scope| {
        for ((column, looks), slot) in tasks {
            scope.spawn_fifo(move |_| *slot = Some(column.join(options, looks, files, hierarchies)));
        }
    });
    joined.into_iter().flatten().collect()
}

/// A column of some table that is not of its kind.
pub(super) struct Refusal {
    name: String,
    availability: Availability,
    refused: join::Refused,
}

impl Pending {
    fn tokens(&self) -> usize {
        self.tables().into_iter().flatten().map(|column| column.tokens.len()).sum()
    }

    fn tables(&self) -> [Option<&TokenColumn>; TABLES.len()] {
        [Some(&self.original), self.anonymized.as_ref(), self.control.as_ref(), self.population.as_ref()]
    }

    fn looks(&self) -> Vec<Option<Looks>> {
        self.tables().map(|column| column.map(Looks::of)).to_vec()
    }

    fn join(
        self,
        options: &ReadOptions,
        looks: &[Option<Looks>],
        files: &[FileForm],
        hierarchies: &BTreeMap<String, Hierarchy>,
    ) -> Result<Assessed, Refusal> {
        let Pending { name, availability, original, anonymized, control, population } = self;
        let hierarchy = hierarchies.get(&name);
        let all = |population| vec![Some(original.clone()), anonymized.clone(), control.clone(), Some(population)];
        let with_population = population.map(all);
        let attacked = vec![Some(original), anonymized, control];
        let refusal = |refused| Refusal { name: name.clone(), availability, refused };
        // The population file is joined apart: whatever it holds, no attacker's figure changes.
        let joined = join::join(&name, options, attacked, &looks[..ATTACKED], &files[..ATTACKED], hierarchy);
        let joined = joined.map_err(refusal)?;
        let (availability, compared) = match availability {
            Availability::Attackable => comparable::assess(&name, options, &joined),
            other => (other, None),
        };
        let with_population = with_population
            .filter(|_| availability == Availability::Attackable)
            .map(|tables| join::join(&name, options, tables, looks, files, hierarchy).map_err(refusal))
            .transpose()?;
        Ok(Assessed { name, availability, compared, joined, with_population })
    }
}

impl Refusal {
    pub(super) fn into_error(self, tables: [Option<&RawTable>; TABLES.len()]) -> InputError {
        let [original, anonymized, others @ ..] = tables;
        let first = if self.availability == Availability::OnlyInRelease { anonymized } else { original };
        let [control, population] = others;
        self.refused.into_error(self.name, &[first, anonymized, control, population])
    }
}
