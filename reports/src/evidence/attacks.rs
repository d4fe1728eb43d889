//! What one attacker achieved: counts and figures that all attacks have, and what only this attacker's attack has to tell.
//!
//! In files the two stand side by side in one object; [`OnFile`] is that object. What an attack tells besides its counts is read
//! for that attack only, and refused for any other.

use super::{Apart, AttackKind, Attacker, GroupFigures, Rate, Risk, Status, Warning};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What one attacker achieved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "OnFile", into = "OnFile")]
#[schemars(with = "OnFile")]
pub struct Attack {
    /// Which attack.
    pub attack: AttackKind,
    /// Who attacked, and what the attacker knew.
    pub attacker: Attacker,
    /// On the original; null when there was nothing to attempt.
    pub main: Option<Rate>,
    /// On the control; null without one.
    pub control: Option<Rate>,
    /// With the original as its own release and each target's own rows left out; null where it was not asked for.
    pub nonmember: Option<Rate>,
    /// Without the release's joint structure; null when there was nothing to attempt.
    pub baseline: Option<Rate>,
    /// The residual risk; null when infeasible or undetermined.
    pub risk: Option<Risk>,
    /// What the figure is worth.
    pub status: Status,
    /// Why the attacker does not enter the headline, where that is so; the attacker is shown in persons.
    pub apart: Option<Apart>,
    /// The same for parts of the persons; empty where the attack has no targets, or no part was asked for.
    pub groups: Vec<GroupFigures>,
    /// What only this attack has to tell.
    pub detail: Detail,
    /// What the reader must know about this figure.
    pub warnings: Vec<Warning>,
}

/// What only one attack has to tell.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::large_enum_variant)] // There is one per attacker.
pub enum Detail {
    /// Of record linkage.
    RecordLinkage {
        /// The largest chance of any person to be named (1 / records left), 0 when nobody's record is among them: prosecutor
        /// risk. `None` when nothing was attempted.
        largest: Option<f64>,
        /// With a control: what is left when the attacker abstains where nothing stands out.
        careful: Option<Careful>,
        /// Precision against recall.
        abstentions: Vec<Abstention>,
    },
    /// Of singling out.
    SinglingOut {
        /// Predicates that exist in the columns looked at. All are used up to the attacker's limit.
        exist: Option<u64>,
        /// Distinct persons isolated; `None` when nothing was attempted.
        persons: Option<u64>,
    },
    /// Of linkability: nothing.
    Linkability,
    /// Of inference.
    Inference {
        /// Mean over the secret's values of the hit rate of their holders.
        balanced: Option<Balanced>,
        /// The counts split by how many persons share the secret's value, rarest first.
        by_rarity: Vec<RarityBand>,
    },
    /// Of membership.
    Membership {
        /// How well the score tells the original from the control, over everybody; `None` when nothing was attempted.
        auc: Option<Area>,
        /// Who scores higher than nearly everybody of the control, at each of a few rates of false positives.
        tpr: Vec<TruePositives>,
        /// The share of persons of the original whose unchanged copy in the release would be among the true positives of the first.
        noticed: Option<f64>,
    },
}

impl Attack {
    /// Distinct persons whom singling out isolates.
    pub fn persons(&self) -> Option<u64> {
        match self.detail {
            Detail::SinglingOut { persons, .. } => persons,
            _ => None,
        }
    }

    /// Inference's counts split by how rare the secret's value is; empty for other attacks.
    pub fn by_rarity(&self) -> &[RarityBand] {
        match &self.detail {
            Detail::Inference { by_rarity, .. } => by_rarity,
            _ => &[],
        }
    }
}

/// What an attacker comes to who does not know whether a person is in the release, and abstains where nothing stands out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Careful {
    /// On the original: a success has the person's record among those that are left.
    pub main: Rate,
    /// On the control: a success is a claim, which is false whatever it names.
    pub control: Rate,
}

/// What an attacker comes to who names a record only when the next one is worse by at least a margin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Abstention {
    /// The margin: a difference of distances, or of natural logarithms of likelihoods; null where nothing else is compatible.
    pub margin: Option<f64>,
    /// Right claims about persons of the original.
    pub correct: u64,
    /// Wrong claims about persons of the original.
    pub wrong: u64,
    /// Claims about persons of the control, all of them false; null without a control.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub false_claims: Option<u64>,
}

/// The area under the receiver operating characteristic: .5 when nothing is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// The estimate.
    pub value: f64,
    /// Its interval (DeLong, DeLong & Clarke-Pearson 1988).
    pub interval: [f64; 2],
}

/// The rate of true positives at a rate of false positives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TruePositives {
    /// The rate of false positives asked for.
    pub false_positives: f64,
    /// Persons of the original who score higher than all but that share of the control.
    pub count: u64,
    /// Persons of the control who do.
    pub control: u64,
    /// Their share of the original.
    pub value: f64,
    /// The interval of the rate at exactly the rate of false positives asked for.
    pub interval: [f64; 2],
}

/// Mean over the values of a secret of the hit rate of the persons who hold it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Balanced {
    /// On the original.
    pub main: f64,
    /// On the control; null without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub control: Option<f64>,
    /// Values that persons of the original hold.
    pub values: u64,
}

/// Targets whose secret has a value of one band of rarity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RarityBand {
    /// Values held by more than this share of the original.
    pub above: f64,
    /// And by at most this share.
    pub up_to: f64,
    /// Distinct values in the band.
    pub values: u64,
    /// Main attack on the persons with these values.
    pub main: Rate,
    /// Control attack on the control's persons with these values.
    pub control: Option<Rate>,
    /// Residual risk within the band.
    pub risk: Option<Risk>,
}

/// What one attacker achieved. Fields that an attack does not have are left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Attack")]
struct OnFile {
    /// Which attack.
    attack: AttackKind,
    /// Who attacked, and what the attacker knew.
    attacker: Attacker,
    /// On the original; null when there was nothing to attempt.
    main: Option<Rate>,
    /// On the control; null without one.
    control: Option<Rate>,
    /// With the original as its own release and each target's own rows left out; null where it was not asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nonmember: Option<Rate>,
    /// Without the release's joint structure; null when there was nothing to attempt.
    baseline: Option<Rate>,
    /// The residual risk; null when infeasible or undetermined.
    risk: Option<Risk>,
    /// What the figure is worth.
    status: Status,
    /// Why the attacker does not enter the headline, where that is so; the attacker is shown in persons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    apart: Option<Apart>,
    /// Record linkage: the largest chance of any person to be named, 1 over the records left for that person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    largest: Option<f64>,
    /// Record linkage with a control: what is left when the attacker abstains where nothing stands out. The risk is net of its
    /// false claims.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    careful: Option<Careful>,
    /// Record linkage: precision against recall, by the margin below which the attacker abstains.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    abstentions: Vec<Abstention>,
    /// Singling out: predicates that exist in the columns looked at. All are used up to the attacker's limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    exist: Option<u64>,
    /// Singling out: distinct persons isolated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    persons: Option<u64>,
    /// Inference: mean over the secret's values of the hit rate of their holders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    balanced: Option<Balanced>,
    /// Inference: the counts split by how many persons share the secret's value, rarest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    by_rarity: Vec<RarityBand>,
    /// The counts and the risk of parts of the persons.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    groups: Vec<GroupFigures>,
    /// Membership: how well the score tells the original from the control, over everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    auc: Option<Area>,
    /// Membership: rates of true positives at a few rates of false positives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tpr: Vec<TruePositives>,
    /// Membership: the share of persons whose unchanged copy in the release would be noticed one by one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    noticed: Option<f64>,
    /// What the reader must know about this figure.
    warnings: Vec<Warning>,
}

impl From<Attack> for OnFile {
    fn from(attack: Attack) -> OnFile {
        let mut file = OnFile {
            attack: attack.attack,
            attacker: attack.attacker,
            main: attack.main,
            control: attack.control,
            nonmember: attack.nonmember,
            baseline: attack.baseline,
            risk: attack.risk,
            status: attack.status,
            apart: attack.apart,
            largest: None,
            careful: None,
            abstentions: Vec::new(),
            exist: None,
            persons: None,
            balanced: None,
            by_rarity: Vec::new(),
            groups: attack.groups,
            auc: None,
            tpr: Vec::new(),
            noticed: None,
            warnings: attack.warnings,
        };
        match attack.detail {
            Detail::RecordLinkage { largest, careful, abstentions } => {
                (file.largest, file.careful, file.abstentions) = (largest, careful, abstentions);
            }
            Detail::SinglingOut { exist, persons } => (file.exist, file.persons) = (exist, persons),
            Detail::Linkability => {}
            Detail::Inference { balanced, by_rarity } => (file.balanced, file.by_rarity) = (balanced, by_rarity),
            Detail::Membership { auc, tpr, noticed } => (file.auc, file.tpr, file.noticed) = (auc, tpr, noticed),
        }
        file
    }
}

impl TryFrom<OnFile> for Attack {
    type Error = String;

    fn try_from(mut file: OnFile) -> Result<Attack, String> {
        let code = file.attack.code();
        if file.attacker.attack() != file.attack {
            return Err(format!("the attack `{code}` is not played in the mode `{}`", file.attacker.mode()));
        }
        let detail = match file.attack {
            AttackKind::RecordLinkage => Detail::RecordLinkage {
                largest: file.largest.take(),
                careful: file.careful.take(),
                abstentions: std::mem::take(&mut file.abstentions),
            },
            AttackKind::SinglingOut => Detail::SinglingOut { exist: file.exist.take(), persons: file.persons.take() },
            AttackKind::Linkability => Detail::Linkability,
            AttackKind::Inference => {
                Detail::Inference { balanced: file.balanced.take(), by_rarity: std::mem::take(&mut file.by_rarity) }
            }
            AttackKind::Membership => Detail::Membership {
                auc: file.auc.take(),
                tpr: std::mem::take(&mut file.tpr),
                noticed: file.noticed.take(),
            },
        };
        for (field, is_left) in [
            ("largest", file.largest.is_some()),
            ("careful", file.careful.is_some()),
            ("abstentions", !file.abstentions.is_empty()),
            ("exist", file.exist.is_some()),
            ("persons", file.persons.is_some()),
            ("balanced", file.balanced.is_some()),
            ("by_rarity", !file.by_rarity.is_empty()),
            ("auc", file.auc.is_some()),
            ("tpr", !file.tpr.is_empty()),
            ("noticed", file.noticed.is_some()),
        ] {
            if is_left {
                return Err(format!("the attack `{code}` has no `{field}`"));
            }
        }
        Ok(Attack {
            attack: file.attack,
            attacker: file.attacker,
            main: file.main,
            control: file.control,
            nonmember: file.nonmember,
            baseline: file.baseline,
            risk: file.risk,
            status: file.status,
            apart: file.apart,
            groups: file.groups,
            detail,
            warnings: file.warnings,
        })
    }
}
