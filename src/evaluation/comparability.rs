//! What could not be compared is never safe: attacks that are not played, and what is said about it.

use crate::input::{Availability, Compared, Loaded};
use crate::settings::Settings;
use reident_reports::evidence::{self, AttackKind, Comparable, Evidence, Headline, Status, Warning};
use reident_reports::words;
use std::collections::BTreeSet;

/// The code of the remark that attacks were not played. Whoever judges evidence takes it for a reason not to pass.
pub const NOT_COMPARABLE: &str = "not_comparable";

/// Attacks that were asked for and not played.
#[derive(Debug)]
pub struct Withheld {
    /// Which attacks these are.
    pub attacks: BTreeSet<AttackKind>,
    reason: String,
}

/// The attacks that would use columns which cannot be compared.
pub fn withheld(loaded: &Loaded, settings: &Settings) -> Withheld {
    let incomparable: Vec<String> = loaded
        .columns
        .iter()
        .filter(|column| column.availability == Availability::Incomparable)
        .map(|column| column.name.clone())
        .collect();
    let comparable = loaded.tables.columns.len();
    let compared = || loaded.columns.iter().filter_map(|column| column.compared.as_ref());
    let far = compared().filter(|compared| compared.is_comparable() && compared.original.is_far()).count();
    let all = 2 * far > comparable && comparable > 0;
    let reason = if all {
        format!(
            "In {far} of the {comparable} columns the release's distribution is more than a half apart from the original's: values are \
             shifted, scaled or coded otherwise"
        )
    } else {
        let columns = comparable + incomparable.len();
        format!("{} of the {columns} columns cannot be compared with the release", incomparable.len())
    };
    let mut attacks = settings.withheld(comparable, &incomparable, all);
    // Where nothing says which release record is whose, record linkage is not played for that reason.
    if loaded.tables.original.records.is_none() {
        attacks.remove(&AttackKind::RecordLinkage);
    }
    Withheld { attacks, reason }
}

impl Withheld {
    /// The remark, if any attack was not played.
    pub fn remark(&self) -> Option<Warning> {
        let names: Vec<String> =
            self.attacks.iter().map(|attack| words::attack_title(*attack).to_lowercase()).collect();
        (!names.is_empty()).then(|| {
            evidence::warning(
                NOT_COMPARABLE,
                &format!(
                    "{}, and so {} {} not played: undetermined, and no gate passes. What cannot meet the release finds nothing in \
                     it, and that shows no safety.",
                    self.reason,
                    names.join(", "),
                    if names.len() == 1 { "was" } else { "were" },
                ),
            )
        })
    }

    /// Gives every attack that was not played its headline.
    pub fn put_on_record(&self, evidence: &mut Evidence) {
        for attack in &self.attacks {
            let headline = Headline {
                risk: None,
                interval: None,
                attacker: None,
                attackers_tried: 0,
                infeasible: 0,
                undetermined: 0,
                contradicted: 0,
                apart: 0,
                broken: false,
                status: Status::Undetermined,
            };
            evidence.headline.insert(*attack, headline);
        }
    }
}

/// How a column meets the release, in evidence.
pub fn on_record(compared: &Compared) -> Comparable {
    Comparable {
        original: evidence::round(compared.original.share()),
        control: compared.control.as_ref().map(|control| evidence::round(control.share())),
        distance: Some(evidence::round(compared.original.distance)),
        unread: evidence::round(compared.unread),
        comparable: compared.is_comparable(),
    }
}
