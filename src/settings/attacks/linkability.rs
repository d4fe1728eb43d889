//! What a configuration says of linkability.

use super::super::limits;
use super::super::splits::splits_of_seeds;
use super::{
    AttackConfig, Config, Ground, MatcherChoice, Planned, SettingsError, count, is_empty, matchers, refuse_empty,
    usable,
};
use reident_attacks::evaluation::Attacker;
use reident_attacks::linkability::LinkabilityAttacker;
use serde::Deserialize;
use std::collections::BTreeSet;

/// Random balanced splits of the columns, one attacker each.
pub const RANDOM_SPLITS: usize = 5;

/// Settings of linkability.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkabilityConfig {
    /// k.
    pub neighbors: Option<u64>,
    /// Random balanced splits of the columns, one attacker each.
    pub random_splits: Option<usize>,
    /// The columns of either file, one attacker each; replaces the random splits.
    pub halves: Option<Vec<[Vec<String>; 2]>>,
    /// What makes a release record the answer, one attacker each.
    pub matchers: Option<Vec<MatcherChoice>>,
}

impl LinkabilityConfig {
    /// k.
    pub fn neighbors(&self) -> u64 {
        self.neighbors.unwrap_or(1)
    }

    /// The columns of either file, one attacker each.
    fn splits(&self, ground: &Ground<'_>) -> Result<Vec<[Vec<usize>; 2]>, SettingsError> {
        let (settings, usable) = (ground.settings, &ground.usable);
        match &self.halves {
            Some(halves) => halves
                .iter()
                .map(|[one, other]| {
                    let half = |names: &[String]| ground.positions(names, "linkability.halves");
                    Ok([half(one)?, half(other)?])
                })
                .collect(),
            None if usable.len() < 2 => Err(SettingsError::new(format!(
                "linkability needs at least 2 columns that original and release share, and there is {}; \
                 if the files hold more, check their delimiter and the names in their headers, else leave it out with --only singling-out,inference",
                usable.len()
            ))),
            None => {
                let splits = self.random_splits.unwrap_or(RANDOM_SPLITS);
                Ok(splits_of_seeds(usable, splits, settings.seed, settings.seeds))
            }
        }
    }
}

impl AttackConfig for LinkabilityConfig {
    fn columns(&self) -> Vec<&String> {
        self.halves.iter().flatten().flatten().flatten().collect()
    }

    fn columns_mut(&mut self) -> Vec<&mut String> {
        self.halves.iter_mut().flatten().flatten().flatten().collect()
    }

    fn check(&self) -> Result<(), SettingsError> {
        refuse_empty(&[
            ("linkability.halves", is_empty(&self.halves)),
            ("linkability.random_splits", self.random_splits == Some(0)),
            ("linkability.matchers", is_empty(&self.matchers)),
        ])
    }

    fn uses(&self, config: &Config) -> Option<BTreeSet<String>> {
        match &self.halves {
            Some(_) => Some(self.columns().into_iter().cloned().collect()),
            None => Some(usable(config)?.into_iter().collect()),
        }
    }

    /// Also says when fewer splits exist than were asked for.
    fn plan(&self, ground: &Ground<'_>) -> Result<Planned, SettingsError> {
        let splits = self.splits(ground)?;
        let neighbors = count(self.neighbors());
        // The default is no wish for more than there are.
        let asked = self.random_splits.filter(|_| self.halves.is_none());
        let limited = asked.and_then(|asked| limits::fewer_splits(asked, splits.len(), ground.usable.len()));
        let attackers = matchers(&self.matchers).into_iter().flat_map(|matcher| {
            let attacker =
                move |halves: &[Vec<usize>; 2]| LinkabilityAttacker { halves: halves.clone(), matcher, neighbors };
            splits.iter().map(attacker).map(Attacker::from)
        });
        Ok(Planned { attackers: attackers.collect(), warnings: limited.into_iter().collect() })
    }
}
