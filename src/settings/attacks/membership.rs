//! What a configuration says of membership.

use super::super::keys::section;
use super::{AttackConfig, Config, Ground, Planned, SettingsError, is_empty, refuse_empty, usable};
use reident_attacks::evaluation::{AttackKind, Attacker};
use reident_attacks::membership::{MembershipAttacker, Score};
use reident_reports::evidence::Warning;
use std::collections::BTreeSet;

/// The code of the warning that membership cannot be played.
pub const MEMBERSHIP_NEEDS_CONTROL: &str = "membership_needs_control";

section! {
    /// Membership: who was used to make the release is told from who was not. Played where `only` names it; needs a control.
    [membership] pub struct MembershipConfig {
        /// Columns that are known of everybody; all when left out.
        columns: Vec<String>, such as ["a", "b"];
    }
}

impl AttackConfig for MembershipConfig {
    fn columns(&self) -> Vec<&String> {
        self.columns.iter().flatten().collect()
    }

    fn columns_mut(&mut self) -> Vec<&mut String> {
        self.columns.iter_mut().flatten().collect()
    }

    fn check(&self) -> Result<(), SettingsError> {
        refuse_empty(&[("membership.columns", is_empty(&self.columns))])
    }

    fn uses(&self, config: &Config) -> Option<BTreeSet<String>> {
        Some(self.columns.clone().or_else(|| usable(config))?.into_iter().collect())
    }

    /// An attacker for each score; nobody without a control, which is said, and refused where nothing else was asked for.
    fn plan(&self, ground: &Ground<'_>) -> Result<Planned, SettingsError> {
        let columns = match &self.columns {
            Some(names) => ground.positions(names, "membership.columns")?,
            None => ground.usable.clone(),
        };
        if ground.tables.control.is_none() && ground.settings.asks_alone_for(AttackKind::Membership) {
            let message = "membership needs a control: it tells persons who were used from persons who were not; give one with \
                           --control, or play another attack";
            return Err(SettingsError::new(message));
        }
        if ground.tables.control.is_none() {
            return Ok(Planned { attackers: Vec::new(), warnings: vec![needs_control()] });
        }
        let attacker = |score| Attacker::from(MembershipAttacker { score, columns: columns.clone() });
        Ok(Planned { attackers: Score::ALL.into_iter().map(attacker).collect(), warnings: Vec::new() })
    }
}

fn needs_control() -> Warning {
    Warning {
        code: MEMBERSHIP_NEEDS_CONTROL.to_owned(),
        column: None,
        message: "Membership was asked for and not played: it tells persons who were used from persons who were not, and there \
                  is no control."
            .to_owned(),
    }
}
