//! What a configuration says of singling out.

use super::super::keys::section;
use super::{AttackConfig, Config, Ground, MOST_OF_FEW, Planned, SettingsError, count, is_empty, refuse_empty, usable};
use reident_attacks::evaluation::Attacker;
use reident_attacks::singling_out::{Mode, SinglingOutAttacker};
use reident_reports::evidence::{Warning, warning};
use std::collections::BTreeSet;

/// Most predicates that an attacker uses. All that exist are used up to this limit, which is said where it bites.
pub const PREDICATES: u64 = 20_000;

section! {
    /// Singling out: a person is isolated by a predicate.
    [singling_out] pub struct SinglingOutConfig {
        /// Whether the attacker is played whose predicates have one column.
        univariate: bool = true;
        /// Columns of one predicate, one attacker each, of no more columns than there are.
        columns_per_predicate: Vec<usize> = vec![2, 3, 4];
        /// Predicates asked for from each attacker.
        predicates: u64, such as 2000;
        /// Columns that predicates may use; all when left out.
        columns: Vec<String>, such as ["a", "b"];
    }
}

impl SinglingOutConfig {
    /// Predicates asked for from each attacker, when so many records are attacked; `None` for all.
    pub fn predicates(&self, attacks: Option<u64>) -> u64 {
        self.predicates.or(attacks).unwrap_or(PREDICATES)
    }

    /// The sizes of predicates that are played on so many columns. No predicate has more columns than there are, so that larger
    /// sizes are no attackers; of sizes that the configuration names, or when nothing is left to play, this is said.
    fn sizes(&self, columns: usize) -> (Vec<usize>, Vec<Warning>) {
        let named = self.columns_per_predicate.is_some();
        let (played, left_out): (Vec<usize>, Vec<usize>) =
            self.columns_per_predicate().into_iter().partition(|size| *size <= columns);
        let nothing = played.is_empty() && !self.univariate();
        let said = !left_out.is_empty() && (named || nothing);
        (played, said.then(|| too_wide(&left_out, columns)).into_iter().collect())
    }
}

/// The code of the warning that predicates of more columns than there are were left out.
pub(in crate::settings) const PREDICATES_TOO_WIDE: &str = "predicates_too_wide";

fn too_wide(sizes: &[usize], columns: usize) -> Warning {
    let sizes: Vec<String> = sizes.iter().map(usize::to_string).collect();
    let message = format!(
        "Singling out by {} columns was not played: there are only {columns} columns that predicates may use.",
        sizes.join(", ")
    );
    warning(PREDICATES_TOO_WIDE, &message)
}

impl AttackConfig for SinglingOutConfig {
    fn columns(&self) -> Vec<&String> {
        self.columns.iter().flatten().collect()
    }

    fn columns_mut(&mut self) -> Vec<&mut String> {
        self.columns.iter_mut().flatten().collect()
    }

    fn check(&self) -> Result<(), SettingsError> {
        let nothing = is_empty(&self.columns_per_predicate) && !self.univariate();
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
        let predicates = count(ground.settings.values.predicates);
        let (sizes, warnings) = self.sizes(columns.len());
        let univariate = self.univariate().then_some(Mode::Univariate);
        let modes = univariate.into_iter().chain(sizes.into_iter().map(Mode::Multivariate));
        let attacker = |mode| Attacker::from(SinglingOutAttacker { mode, columns: columns.clone(), predicates });
        let mut attackers: Vec<Attacker> = modes.map(attacker).collect();
        if self.columns.is_none() {
            // Who knows few columns.
            let mut few = ground.together().to_vec();
            few.sort_unstable();
            let mode = Mode::Multivariate(few.len().min(MOST_OF_FEW));
            if few.len() > 1 {
                attackers.push(SinglingOutAttacker { mode, columns: few, predicates }.into());
            }
        }
        Ok(Planned { attackers, warnings })
    }
}

#[cfg(test)]
mod test {
    use super::*;

    fn sizes(named: Option<Vec<usize>>, univariate: bool, columns: usize) -> (Vec<usize>, usize) {
        let config = SinglingOutConfig {
            columns_per_predicate: named,
            univariate: Some(univariate),
            ..SinglingOutConfig::default()
        };
        let (sizes, warnings) = config.sizes(columns);
        (sizes, warnings.len())
    }

    #[test]
    fn no_predicate_has_more_columns_than_there_are() {
        assert_eq!(sizes(None, true, 8), (vec![2, 3, 4], 0));
        assert_eq!(sizes(None, true, 3), (vec![2, 3], 0));
        assert_eq!(sizes(None, true, 2), (vec![2], 0));
        assert_eq!(sizes(None, true, 1), (vec![], 0));
        // Who asks for them by name is told, and so is who gets nothing at all.
        assert_eq!(sizes(Some(vec![2, 5]), true, 4), (vec![2], 1));
        assert_eq!(sizes(Some(vec![2, 4]), true, 4), (vec![2, 4], 0));
        assert_eq!(sizes(None, false, 1), (vec![], 1));
    }
}
