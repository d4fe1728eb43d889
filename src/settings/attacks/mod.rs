//! What a configuration says of each attack, and the attackers that this makes: one file per attack.

mod inference;
pub(super) mod known;
mod linkability;
mod membership;
pub(super) mod record_linkage;
mod singling_out;

pub use inference::InferenceConfig;
pub(super) use inference::{
    CONSTANT_SECRET, FOREST_GAINS_NOTHING, LINEAR_RECONSTRUCTION_GAINS_NOTHING, NAIVE_BAYES_GAINS_NOTHING,
    NOT_RECONSTRUCTED,
};
pub use linkability::LinkabilityConfig;
pub(super) use membership::MEMBERSHIP_NEEDS_CONTROL;
pub use membership::MembershipConfig;
pub use record_linkage::RecordLinkageConfig;
pub(super) use singling_out::PREDICATES_TOO_WIDE;
pub use singling_out::{PREDICATES, SinglingOutConfig};

use super::config::{Config, MatcherChoice, ModelChoice, Role};
use super::{Settings, SettingsError};
use reident_attacks::comparison::together::together;
use reident_attacks::evaluation::{AttackKind, Attacker};
use reident_attacks::matcher::Matcher;
use reident_attacks::progress::Progress;
use reident_attacks::table::Tables;
use reident_reports::evidence::Warning;
use reident_reports::nearest::{did_you_mean, nearest};
use std::cell::OnceCell;
use std::collections::BTreeSet;

/// Where no more columns may be known, each of two files has few of them as it is.
const FEW: usize = 8;
/// Most columns that an attacker who knows few has of a person.
const MOST_OF_FEW: usize = 4;

/// What a configuration says of one attack.
pub(super) trait AttackConfig {
    /// All columns that it names.
    fn columns(&self) -> Vec<&String>;

    /// The same, to be named as the tables that are read name them.
    fn columns_mut(&mut self) -> Vec<&mut String>;

    /// Whether its values can be meant: none is out of its range, and no list is there but empty, which would leave an attack out
    /// without a word.
    ///
    /// # Errors
    /// The first one that cannot.
    fn check(&self) -> Result<(), SettingsError>;

    /// The columns that the attack would use by these and the columns' roles; `None` for all.
    fn uses(&self, config: &Config) -> Option<BTreeSet<String>>;

    /// The attackers that it makes on given tables, and what was left out.
    ///
    /// # Errors
    /// When a column that it names is not there, or it needs more columns than there are.
    fn plan(&self, ground: &Ground<'_>) -> Result<Planned, SettingsError>;
}

impl Config {
    /// What it says of an attack.
    pub(super) fn attack(&self, kind: AttackKind) -> &dyn AttackConfig {
        match kind {
            AttackKind::RecordLinkage => &self.record_linkage,
            AttackKind::SinglingOut => &self.singling_out,
            AttackKind::Linkability => &self.linkability,
            AttackKind::Inference => &self.inference,
            AttackKind::Membership => &self.membership,
        }
    }

    /// The same, to be changed.
    pub(super) fn attack_mut(&mut self, kind: AttackKind) -> &mut dyn AttackConfig {
        match kind {
            AttackKind::RecordLinkage => &mut self.record_linkage,
            AttackKind::SinglingOut => &mut self.singling_out,
            AttackKind::Linkability => &mut self.linkability,
            AttackKind::Inference => &mut self.inference,
            AttackKind::Membership => &mut self.membership,
        }
    }
}

/// The attackers of one attack.
#[derive(Debug, Default)]
pub(super) struct Planned {
    /// The attackers, in the order in which they are played.
    pub attackers: Vec<Attacker>,
    /// What was left out, and why.
    pub warnings: Vec<Warning>,
}

/// What attackers are made for.
pub(super) struct Ground<'a> {
    /// The tables.
    pub tables: &'a Tables,
    /// Settings that all attacks share.
    pub settings: &'a Settings,
    /// Columns that may be known: those with that role or, without any, all.
    pub usable: Vec<usize>,
    /// Told how far the searches are; whoever takes long asks it whether to go on.
    pub progress: &'a dyn Progress,
    together: OnceCell<Vec<usize>>,
}

impl<'a> Ground<'a> {
    pub fn new(settings: &'a Settings, tables: &'a Tables, progress: &'a dyn Progress) -> Ground<'a> {
        let mut ground = Ground { tables, settings, usable: Vec::new(), progress, together: OnceCell::new() };
        let quasi_identifiers = ground.with_role(Role::QuasiIdentifier);
        ground.usable = if quasi_identifiers.is_empty() { ground.all() } else { quasi_identifiers };
        ground
    }

    /// All columns.
    pub fn all(&self) -> Vec<usize> {
        (0..self.tables.columns.len()).collect()
    }

    /// Of many columns that may be known, the few in which release and persons agree together beyond chance, those with most values
    /// first: what who knows few columns knows (METHOD section 6a). None where chance explains all that agrees.
    pub fn together(&self) -> &[usize] {
        self.together.get_or_init(|| {
            let many = (self.usable.len() > FEW).then_some(&self.usable);
            let mut found = many.and_then(|usable| together(self.tables, usable)).unwrap_or_default();
            let values = |column: &usize| self.tables.columns[*column].domain.len();
            found.sort_by_key(|column| (std::cmp::Reverse(values(column)), *column));
            found
        })
    }

    /// Columns of a role, in table order. Roles of columns that the release does not have were reported when the tables were
    /// read.
    pub fn with_role(&self, role: Role) -> Vec<usize> {
        let named = self.settings.config.with_role(role);
        let mut positions: Vec<usize> = named.iter().filter_map(|name| self.tables.position(name)).collect();
        positions.sort_unstable();
        positions
    }

    /// Positions of the columns that a setting names, in table order.
    ///
    /// # Errors
    /// When one of them is not there.
    pub fn positions(&self, names: &[String], setting: &str) -> Result<Vec<usize>, SettingsError> {
        let mut found = BTreeSet::new();
        for name in names {
            let Some(position) = self.tables.position(name) else {
                let nearest = nearest(name, self.tables.columns.iter().map(|column| column.name.as_str()));
                let hint = did_you_mean(nearest.as_deref());
                let message = format!("{setting}: there is no column `{name}` that original and release share{hint}");
                return Err(SettingsError::new(message).of_setting(setting).of_column(name));
            };
            found.insert(position);
        }
        Ok(found.into_iter().collect())
    }
}

/// Columns that have the role of being known, by name; `None` when none has.
fn usable(config: &Config) -> Option<Vec<String>> {
    Some(config.with_role(Role::QuasiIdentifier)).filter(|known| !known.is_empty())
}

/// The matchers that a configuration asks for, each once; all without one.
fn matchers(chosen: &Option<Vec<MatcherChoice>>) -> Vec<Matcher> {
    let all = [(MatcherChoice::Distance, Matcher::Distance), (MatcherChoice::Agreement, Matcher::Agreement)];
    let is_chosen = |name: &MatcherChoice| chosen.as_ref().is_none_or(|chosen| chosen.contains(name));
    all.into_iter().filter(|(name, _)| is_chosen(name)).map(|(_, matcher)| matcher).collect()
}

/// A count as the attacks want it; more than they can count is as good as the most that they can.
fn count(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// Distinct cells that a column has in the release.
fn distinct(tables: &Tables, column: usize) -> usize {
    let mut occurs = vec![false; tables.columns[column].domain.len()];
    tables.anonymized.column(column).iter().for_each(|code| occurs[*code as usize] = true);
    occurs.into_iter().filter(|occurs| *occurs).count()
}

/// Refuses the first of the settings whose list is empty.
///
/// # Errors
/// When there is one.
pub(super) fn refuse_empty(settings: &[(&str, bool)]) -> Result<(), SettingsError> {
    match settings.iter().find(|(_, is_empty)| *is_empty) {
        None => Ok(()),
        Some((name, _)) => {
            let message = format!("{name} is empty; leave it out for the default, or leave the attack out with `only`");
            Err(SettingsError::new(message).of_setting(name))
        }
    }
}

/// Whether a list is there but empty.
fn is_empty<T>(list: &Option<Vec<T>>) -> bool {
    list.as_ref().is_some_and(Vec::is_empty)
}
