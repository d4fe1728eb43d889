//! What a configuration says of singling out.

use super::{AttackConfig, Attacks, Config, Ground, Planned, SettingsError, count, is_empty, refuse_empty, usable};
use reident_attacks::evaluation::Attacker;
use reident_attacks::singling_out::{Mode, SinglingOutAttacker};
use serde::Deserialize;
use std::collections::BTreeSet;

/// Most predicates that an attacker uses. All that exist are used up to this limit, which is said where it bites.
pub const PREDICATES: u64 = 20_000;
/// Columns of one predicate, one attacker each.
pub const COLUMNS_PER_PREDICATE: [usize; 3] = [2, 3, 4];

/// Settings of singling out.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SinglingOutConfig {
    /// Whether the univariate attacker is played.
    pub univariate: Option<bool>,
    /// Columns of one predicate, one attacker each.
    pub columns_per_predicate: Option<Vec<usize>>,
    /// Columns predicates may use.
    pub columns: Option<Vec<String>>,
    /// Predicates asked for from each attacker.
    pub predicates: Option<u64>,
}

impl SinglingOutConfig {
    /// Predicates asked for from each attacker, when so many records are attacked.
    pub fn predicates(&self, attacks: Attacks) -> u64 {
        let asked = match attacks {
            Attacks::All => PREDICATES,
            Attacks::Count(count) => count,
        };
        self.predicates.unwrap_or(asked)
    }
}

impl AttackConfig for SinglingOutConfig {
    fn columns(&self) -> Vec<&String> {
        self.columns.iter().flatten().collect()
    }

    fn columns_mut(&mut self) -> Vec<&mut String> {
        self.columns.iter_mut().flatten().collect()
    }

    fn check(&self) -> Result<(), SettingsError> {
        let nothing = is_empty(&self.columns_per_predicate) && self.univariate == Some(false);
        refuse_empty(&[
            ("singling_out.columns", is_empty(&self.columns)),
            ("singling_out.columns_per_predicate", nothing),
        ])
    }

    fn uses(&self, config: &Config) -> Option<BTreeSet<String>> {
        Some(self.columns.clone().or_else(|| usable(config))?.into_iter().collect())
    }

    fn plan(&self, ground: &Ground<'_>) -> Result<Planned, SettingsError> {
        let columns = match &self.columns {
            Some(names) => ground.positions(names, "singling_out.columns")?,
            None => ground.usable.clone(),
        };
        let predicates = count(self.predicates(ground.settings.attacks));
        let sizes = self.columns_per_predicate.clone().unwrap_or_else(|| COLUMNS_PER_PREDICATE.to_vec());
        let univariate = self.univariate.unwrap_or(true).then_some(Mode::Univariate);
        let modes = univariate.into_iter().chain(sizes.into_iter().map(Mode::Multivariate));
        let attacker = |mode| Attacker::from(SinglingOutAttacker { mode, columns: columns.clone(), predicates });
        Ok(Planned { attackers: modes.map(attacker).collect(), warnings: Vec::new() })
    }
}
