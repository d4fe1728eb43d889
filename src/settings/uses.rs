//! Which columns an attack would use, and which the configuration names: what cannot be compared matters where it was
//! counted on.

use super::Settings;
use crate::settings::config::{Config, Role};
use reident_reports::evidence::{AttackKind, Evidence, Status};
use std::collections::BTreeSet;

/// Columns that the configuration gives a role to an attacker or lists for an attack.
pub(super) fn named(config: &Config) -> BTreeSet<String> {
    let roles = [Role::QuasiIdentifier, Role::Secret].into_iter().flat_map(|role| config.with_role(role));
    let listed = AttackKind::ALL.iter().flat_map(|kind| config.attack(*kind).columns()).cloned();
    roles.chain(listed).collect()
}

/// Columns of recorded attackers: they were attributes then and are now.
pub(super) fn of_recorded(evidence: &Evidence) -> Vec<String> {
    let positions = evidence.attacks.iter().flat_map(|attack| attack.attacker.columns().positions());
    let positions: BTreeSet<usize> = positions.collect();
    let known =
        positions.into_iter().filter_map(|at| evidence.inputs.columns.get(at)).map(|column| column.name.clone());
    let secrets = evidence.attacks.iter().filter_map(|attack| attack.attacker.secret().map(str::to_owned));
    known.chain(secrets).collect::<BTreeSet<_>>().into_iter().collect()
}

impl Settings {
    /// The attacks that are not played because columns which they would use cannot be compared (METHOD section 2): more than
    /// a tenth of the columns, or one that the configuration names.
    ///
    /// `comparable` is the number of columns that can be compared, `incomparable` names the others. With `all`, the tables as a whole
    /// are too unlike, and every attack that was asked for is meant.
    pub fn withheld(&self, comparable: usize, incomparable: &[String], all: bool) -> BTreeSet<AttackKind> {
        if let Some(evidence) = &self.recorded {
            return recorded(evidence);
        }
        let asked = self.values.only.iter().copied();
        if all {
            return asked.collect();
        }
        let many = 10 * incomparable.len() > comparable + incomparable.len();
        let named = named(&self.config);
        let counted_on = |column: &&String| many || named.contains(*column);
        let affected = |attack: &AttackKind| {
            let used = self.config.attack(*attack).uses(&self.config);
            let uses = |column: &String| used.as_ref().is_none_or(|used| used.contains(column));
            incomparable.iter().filter(counted_on).any(uses)
        };
        asked.filter(affected).collect()
    }

    /// These settings without some attacks.
    pub fn without(&self, attacks: &BTreeSet<AttackKind>) -> Settings {
        let mut settings = self.clone();
        settings.values.only.retain(|attack| !attacks.contains(attack));
        settings.narrowed |= !attacks.is_empty();
        settings
    }

    /// Whether this attack alone was asked for: what cannot be played then is an error, and nothing to be left out.
    pub(super) fn asks_alone_for(&self, attack: AttackKind) -> bool {
        !self.narrowed && self.values.only == [attack]
    }
}

/// The attacks that were not played then.
fn recorded(evidence: &Evidence) -> BTreeSet<AttackKind> {
    let played = |name: &AttackKind| evidence.attacks.iter().any(|attack| attack.attack == *name);
    let open = evidence.headline.iter().filter(|(_, headline)| headline.status == Status::Undetermined);
    open.map(|(name, _)| *name).filter(|name| !played(name)).collect()
}
