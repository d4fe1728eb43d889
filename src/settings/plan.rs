//! The attackers that settings make on given tables.

use super::attacks::{
    CONSTANT_SECRET, FOREST_GAINS_NOTHING, Ground, LINEAR_RECONSTRUCTION_GAINS_NOTHING, MEMBERSHIP_NEEDS_CONTROL,
    NAIVE_BAYES_GAINS_NOTHING, NOT_RECONSTRUCTED, PREDICATES_TOO_WIDE, known, record_linkage,
};
use super::{Settings, SettingsError, limits, recorded};
use reident_attacks::evaluation::{Attacker, Plan};
use reident_attacks::progress::Progress;
use reident_attacks::subgroups::Wanted;
use reident_attacks::table::Tables;
use reident_attacks::targets::Targets;
use reident_reports::evidence::{Warning, warning};

/// The code of the remark that nobody was played who has the earlier releases. Whoever judges evidence takes it for a reason not to pass.
const EARLIER_NOT_ATTACKED: &str = "earlier_release_not_attacked";
const NOBODY_HAS_EARLIER: &str = "Earlier releases were given, and nobody was played who has them: this takes record linkage by compatible records, and to \
     know which record of the latest release is whose. What the releases tell together is not known, and no gate passes.";

impl Settings {
    /// The attackers that these settings make on these tables. Searches for known columns take as long as attacks do: they tell the
    /// progress, and leave a run that is cancelled, so that [`cancellable`](reident_attacks::progress::cancellable) must enclose this.
    ///
    /// # Errors
    /// When a column that a setting names is not there, or an attack needs more columns than there are.
    pub fn plan(&self, tables: &Tables, progress: &dyn Progress) -> Result<(Plan, Vec<Warning>), SettingsError> {
        if let Some(evidence) = &self.recorded {
            // What was skipped then is skipped again, and said again.
            let codes = [
                CONSTANT_SECRET,
                NAIVE_BAYES_GAINS_NOTHING,
                FOREST_GAINS_NOTHING,
                LINEAR_RECONSTRUCTION_GAINS_NOTHING,
                NOT_RECONSTRUCTED,
                MEMBERSHIP_NEEDS_CONTROL,
                PREDICATES_TOO_WIDE,
                limits::SECRETS_LIMITED,
                limits::SPLITS_LIMITED,
                EARLIER_NOT_ATTACKED,
                record_linkage::NOT_RUN,
                record_linkage::LOWER_BOUND,
                record_linkage::SEARCH_LIMITED,
                known::SEARCH_LIMITED,
            ];
            let skipped = evidence.warnings.iter().filter(|warning| codes.contains(&warning.code.as_str()));
            return Ok((recorded::plan(evidence, tables)?, skipped.cloned().collect()));
        }
        let mut plan = Plan::new(self.values.seed);
        plan.seeds = self.values.seeds;
        plan.targets = self.targets();
        let mut warnings = Vec::new();
        let ground = Ground::new(self, tables, progress);
        let groups = self.config.groups.as_deref().unwrap_or_default();
        plan.subgroups = Wanted { exposed: true, columns: ground.positions(groups, "groups")? };
        for attack in &self.values.only {
            let planned = self.config.attack(*attack).plan(&ground)?;
            plan.attackers.extend(planned.attackers);
            warnings.extend(planned.warnings);
        }
        let has_earlier = |attacker: &Attacker| matches!(attacker, Attacker::RecordLinkage(one) if one.earlier > 0);
        if !tables.earlier.is_empty() && !plan.attackers.iter().any(has_earlier) {
            warnings.push(warning(EARLIER_NOT_ATTACKED, NOBODY_HAS_EARLIER));
        }
        Ok((plan, warnings))
    }

    /// How many records are attacked.
    pub(super) fn targets(&self) -> Targets {
        match self.values.attacks {
            None => Targets::All,
            Some(count) => Targets::Sample(usize::try_from(count).unwrap_or(usize::MAX)),
        }
    }
}
