//! The columns by which a person could be recognized: as configured, else proposed, and said to be a proposal.

use super::Settings;
use super::config::Role;
use reident_attacks::identifiers::quasi_kind;
use reident_attacks::table::Tables;
use reident_reports::evidence::{Inputs, QuasiIdentifiers};

/// Most columns whose diversity is looked at when nobody has said which are sensitive.
const SENSITIVE: usize = 30;

impl Settings {
    /// The quasi-identifiers of these tables. `None` for evidence that is run again and was made without them.
    pub fn quasi_identifiers(&self, tables: &Tables, inputs: &Inputs) -> Option<QuasiIdentifiers> {
        if let Some(evidence) = &self.recorded {
            return evidence.settings.quasi_identifiers.clone();
        }
        let secrets = self.config.with_role(Role::Secret);
        let secrets = self.config.inference.secrets.clone().unwrap_or(secrets);
        let configured = self.config.with_role(Role::QuasiIdentifier);
        let all: Vec<String> = tables.columns.iter().map(|column| column.name.clone()).collect();
        let named = |name: &&String| quasi_kind(name).is_some() && !secrets.contains(name);
        let mut chosen = "configured";
        let mut columns: Vec<String> = all.iter().filter(|name| configured.contains(name)).cloned().collect();
        if configured.is_empty() {
            chosen = "named";
            columns = all.iter().filter(named).cloned().collect();
        }
        if configured.is_empty() && columns.is_empty() {
            chosen = "all";
            columns = all.iter().filter(|name| !secrets.contains(name)).cloned().collect();
        }
        let in_release = inputs.columns.iter().map(|column| &column.name).chain(&inputs.only_released);
        let beside = in_release.filter(|name| !all.contains(name));
        let counted_on = |name: &&String| match chosen {
            "configured" => configured.contains(name),
            "named" => named(name),
            _ => true,
        };
        let not_counted = beside.filter(counted_on).cloned().collect();
        let others = || all.iter().filter(|name| !columns.contains(name));
        let sensitive = match secrets.is_empty() {
            true if others().count() > SENSITIVE => Vec::new(),
            true => others().cloned().collect(),
            false => others().filter(|name| secrets.contains(name)).cloned().collect(),
        };
        Some(QuasiIdentifiers { columns, chosen: chosen.to_owned(), not_counted, sensitive })
    }
}
