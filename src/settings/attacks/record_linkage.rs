//! What a configuration says of record linkage: who knows everything, who knows what it lists, and who knows the few columns
//! that expose most.

use super::super::keys::section;
use super::{AttackConfig, Config, Ground, Planned, SettingsError, distinct, is_empty, refuse_empty, usable};
use reident_attacks::evaluation::{AttackKind, Attacker};
use reident_attacks::record_linkage::{
    LARGEST_FILE, LinkageMatcher, RecordLinkageAttacker, Truth, halves, is_subset, search,
};
use reident_attacks::search::LARGEST_SET;
use reident_attacks::table::Table;
use reident_attacks::targets::{TargetRows, Targets};
use reident_reports::evidence::{Warning, warning};
use std::collections::BTreeSet;

/// The code of the remark that nothing says which release record is whose.
pub const NOT_RUN: &str = "record_linkage_not_run";
/// The code of the remark that rows which are equal and unique are the only truth.
pub const LOWER_BOUND: &str = "record_linkage_lower_bound";
/// The code of the remark that not all columns were searched.
pub const SEARCH_LIMITED: &str = "record_linkage_search_limited";

/// The code of the remark that there were too many persons for an assignment.
pub const ONE_TO_ONE_NOT_RUN: &str = "record_linkage_one_to_one_not_run";

/// Rows that the search for columns looks at, over all sets that it tries.
const LOOKS: usize = 200_000_000;

section! {
    /// Record linkage: a known person's record is named; needs to know whose each record is.
    [record_linkage] pub struct RecordLinkageConfig {
        /// What further attackers know, one list each.
        columns: Vec<Vec<String>>, such as [["a", "b"], ["c"]];
        /// How records are found, one attacker each; also agreement, distance_one_to_one, agreement_one_to_one.
        matchers: Vec<String>, such as ["compatible", "distance"];
        /// The columns that expose most are searched for up to so many; 0 for no search.
        largest_set: usize = LARGEST_SET;
    }
}

impl RecordLinkageConfig {
    fn matchers(&self) -> Result<Vec<LinkageMatcher>, SettingsError> {
        let Some(names) = &self.matchers else { return Ok(LinkageMatcher::ALL.to_vec()) };
        let matcher = |name: &String| {
            LinkageMatcher::from_name(name).ok_or_else(|| {
                let names: Vec<&str> = LinkageMatcher::ALL.iter().map(|matcher| matcher.name()).collect();
                let message = format!("record_linkage.matchers: `{name}` is none of {}", names.join(", "));
                SettingsError::new(message).of_setting("record_linkage.matchers")
            })
        };
        names.iter().map(matcher).collect()
    }

    /// Those who know the columns that expose most, and a remark where not all columns were searched.
    fn searched(&self, ground: &Ground<'_>, truth: &Truth) -> (Vec<Attacker>, Option<Warning>) {
        let (tables, usable) = (ground.tables, &ground.usable);
        let largest = self.largest_set().min(usable.len());
        let rows = tables.original.rows() / 2 + tables.anonymized.rows();
        let most = (LOOKS / rows.max(1) / largest.max(1)).max(largest);
        let mut among = usable.clone();
        let limited = (among.len() > most && largest > 0).then(|| {
            // Those of many values tell most.
            among.sort_by_key(|column| (std::cmp::Reverse(distinct(tables, *column)), *column));
            among.truncate(most);
            among.sort_unstable();
            warning(
                SEARCH_LIMITED,
                &format!(
                    "Which columns expose most was searched for among {most} of the {} columns, those with the most values in the release.",
                    usable.len()
                ),
            )
        });
        let settings = ground.settings;
        let [half, _] = halves(tables, &TargetRows::draw(tables, settings.targets(), settings.values.seed));
        let found = search(tables, truth, &half, &among, largest, ground.progress);
        // Who knows everything is played anyway.
        let fewer = found.sets.into_iter().filter(|columns| columns.len() < usable.len());
        let attacker = |columns| {
            let (matcher, searched) = (LinkageMatcher::Compatible, Some(found.searched));
            RecordLinkageAttacker { columns, matcher, searched, truth: truth.source, earlier: 0 }.into()
        };
        (fewer.map(attacker).collect(), limited)
    }
}

impl AttackConfig for RecordLinkageConfig {
    fn columns(&self) -> Vec<&String> {
        self.columns.iter().flatten().flatten().collect()
    }

    fn columns_mut(&mut self) -> Vec<&mut String> {
        self.columns.iter_mut().flatten().flatten().collect()
    }

    fn check(&self) -> Result<(), SettingsError> {
        let an_empty_one = self.columns.iter().flatten().any(Vec::is_empty);
        refuse_empty(&[
            ("record_linkage.columns", is_empty(&self.columns) || an_empty_one),
            ("record_linkage.matchers", is_empty(&self.matchers)),
        ])?;
        self.matchers().map(|_| ())
    }

    fn uses(&self, config: &Config) -> Option<BTreeSet<String>> {
        let listed = self.columns().into_iter().cloned();
        Some(usable(config)?.into_iter().chain(listed).collect())
    }

    /// Also says what the figures are not: that nothing is known of whose the records are, or only little.
    fn plan(&self, ground: &Ground<'_>) -> Result<Planned, SettingsError> {
        let (tables, settings) = (ground.tables, ground.settings);
        let mut planned = Planned::default();
        let truth = match Truth::known(tables) {
            Some(truth) => truth,
            None if is_subset(tables, settings.values.confidence) => {
                planned.warnings.push(warning(
                    LOWER_BOUND,
                    "Nothing says which release record is whose, but most of the release's rows equal rows of the original. Record \
                     linkage takes rows that are unique in both for the same record; whoever has no such row counts as not found, so \
                     that its figures are lower bounds. A record key, --record-map or --row-aligned gives the whole figure.",
                ));
                Truth::of_equal_rows(tables)
            }
            None if settings.asks_alone_for(AttackKind::RecordLinkage) => {
                return Err(SettingsError::new(
                    "record linkage needs to know which release record is whose: give a column the role record_key, a map by \
                     --record-map, or --row-aligned",
                )
                .of_setting("only"));
            }
            None => {
                planned.warnings.push(warning(
                    NOT_RUN,
                    "Record linkage was not run: nothing says which release record is whose. Where the release is made of the \
                     original's records, give a record key, --record-map or --row-aligned; a synthetic release has none.",
                ));
                return Ok(planned);
            }
        };
        let mut known = vec![ground.usable.clone()];
        for names in self.columns.iter().flatten() {
            known.push(ground.positions(names, "record_linkage.columns")?);
        }
        let mut matchers = self.matchers()?;
        let [original, control] = [Some(&tables.original), tables.control.as_ref()].map(|table| {
            let rows = table.map_or(0, Table::rows);
            if let Targets::Sample(count) = settings.targets() { rows.min(count) } else { rows }
        });
        if original.max(control) > LARGEST_FILE && matchers.iter().any(|matcher| matcher.is_one_to_one()) {
            matchers.retain(|matcher| !matcher.is_one_to_one());
            planned.warnings.push(warning(
                ONE_TO_ONE_NOT_RUN,
                &format!(
                    "Nobody gave each record to one person only: more than {LARGEST_FILE} persons are attacked. With --attacks \
                     {LARGEST_FILE} or fewer it is played."
                ),
            ));
        }
        for columns in known {
            planned.attackers.extend(matchers.iter().map(|matcher| {
                let (columns, matcher) = (columns.clone(), *matcher);
                Attacker::from(RecordLinkageAttacker {
                    columns,
                    matcher,
                    searched: None,
                    truth: truth.source,
                    earlier: 0,
                })
            }));
        }
        let (searched, limited) = self.searched(ground, &truth);
        planned.attackers.extend(searched);
        // Who knows the same, and has the earlier releases, too.
        let joined = tables.earlier.len();
        let with_earlier = planned.attackers.iter().filter_map(|attacker| match attacker {
            Attacker::RecordLinkage(one) if one.matcher == LinkageMatcher::Compatible => {
                Some(Attacker::from(RecordLinkageAttacker { earlier: joined, ..one.clone() }))
            }
            _ => None,
        });
        let with_earlier: Vec<Attacker> = with_earlier.filter(|_| joined > 0).collect();
        planned.attackers.extend(with_earlier);
        planned.warnings.extend(limited);
        Ok(planned)
    }
}
