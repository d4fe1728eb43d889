//! The conclusion: the first of C3, C4, C1, C2 that applies. No sentence of it says that data are anonymous.

use super::facts::{Facts, State};
use super::manifest::{Claimed, Manifest};
use super::rules::Rules;
use crate::check::policy::{Claim, Override, Policy};
use crate::evidence::{AttackKind, Evidence};
use serde::Serialize;

/// Which conclusion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum ConclusionId {
    /// The results agree with the organization's criteria for anonymization.
    C1,
    /// The results agree with its criteria for de-identification; the data are still personal information.
    C2,
    /// The evidence does not support the release as planned.
    C3,
    /// The evidence is not enough.
    C4,
}

impl ConclusionId {
    /// Its name.
    pub fn id(self) -> &'static str {
        match self {
            ConclusionId::C1 => "C1",
            ConclusionId::C2 => "C2",
            ConclusionId::C3 => "C3",
            ConclusionId::C4 => "C4",
        }
    }

    /// Key of its sentence.
    pub fn key(self) -> &'static str {
        match self {
            ConclusionId::C1 => "annex.conclusion.c1",
            ConclusionId::C2 => "annex.conclusion.c2",
            ConclusionId::C3 => "annex.conclusion.c3",
            ConclusionId::C4 => "annex.conclusion.c4",
        }
    }
}

/// Something that failed or is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "what", rename_all = "snake_case")]
pub enum Item {
    /// A direct identifier is left, or nobody searched.
    Identifiers,
    /// An attack.
    Attack(AttackKind),
    /// A rule of the policy about the data.
    DataRule(String),
    /// A restorable column was found, or nobody looked, or what was found is to be judged.
    Reversibility,
    /// Nobody signed the evidence.
    Signature,
    /// Somebody has not approved, by the manifest's key.
    Approval(String),
    /// A limit was loosened, by its key.
    Loosened(String),
    /// Mapping tables and keys: held, or nobody attests that they are gone.
    Secrets,
    /// The level of GB/T 42460: not computed, or too low.
    Level,
    /// The policy claims nothing, or something else than the manifest.
    Claim,
    /// Evidence with parts that this version does not know.
    UnknownPart,
}

/// The conclusion and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conclusion {
    /// Which conclusion it is.
    pub id: ConclusionId,
    /// What failed.
    pub failed: Vec<Item>,
    /// What is missing or open.
    pub missing: Vec<Item>,
}

/// What the conclusion looks at beside the facts.
#[derive(Debug, Clone, PartialEq)]
pub struct Basis<'a> {
    /// Whether the envelope of the evidence was verified.
    pub signed: bool,
    /// What the policy's pass is about.
    pub policy_claim: Claim,
    /// Values that are not the policy's own.
    pub overrides: &'a [Override],
    /// Whether the evidence has parts that this version does not know.
    pub unknown_parts: bool,
    /// Least level of what counts as de-identified.
    pub least_level: u8,
}

impl<'a> Basis<'a> {
    /// The basis of evidence and a policy.
    pub fn of(evidence: &Evidence, policy: &'a Policy, signed: bool, rules: &Rules) -> Basis<'a> {
        Basis {
            signed,
            policy_claim: policy.claim,
            overrides: &policy.overrides,
            unknown_parts: !evidence.unknown.is_empty(),
            least_level: rules.gbt42460.least_level.value,
        }
    }
}

/// Draws the conclusion.
pub fn conclude(facts: &Facts, manifest: &Manifest, basis: &Basis<'_>) -> Conclusion {
    let failed = failed(facts);
    let missing = missing(facts, manifest, basis);
    let id = if !failed.is_empty() {
        ConclusionId::C3
    } else if !missing.is_empty() {
        ConclusionId::C4
    } else if basis.policy_claim == Claim::Anonymized {
        ConclusionId::C1
    } else {
        ConclusionId::C2
    };
    Conclusion { id, failed, missing }
}

fn failed(facts: &Facts) -> Vec<Item> {
    let mut found = Vec::new();
    if facts.identifiers == State::Fail {
        found.push(Item::Identifiers);
    }
    let attacks = facts.attacks.iter().filter(|(_, state)| *state == State::Fail);
    found.extend(attacks.map(|(attack, _)| Item::Attack(*attack)));
    let rules = facts.data_rules.iter().filter(|(_, state)| *state == State::Fail);
    found.extend(rules.map(|(rule, _)| Item::DataRule(rule.clone())));
    if facts.restorable || facts.reversibility == State::Fail {
        found.push(Item::Reversibility);
    }
    found
}

fn missing(facts: &Facts, manifest: &Manifest, basis: &Basis<'_>) -> Vec<Item> {
    let open = |state: State| matches!(state, State::Open | State::NotTested);
    let anonymized = basis.policy_claim == Claim::Anonymized;
    let mut found = Vec::new();
    if basis.unknown_parts {
        found.push(Item::UnknownPart);
    }
    if open(facts.identifiers) {
        found.push(Item::Identifiers);
    }
    found.extend(facts.attacks.iter().filter(|(_, state)| open(*state)).map(|(attack, _)| Item::Attack(*attack)));
    let rules = facts.data_rules.iter().filter(|(_, state)| open(*state));
    found.extend(rules.map(|(rule, _)| Item::DataRule(rule.clone())));
    // Tokens and their like are for a person to judge where data are called irreversible; de-identified data may hold them.
    let undone = if anonymized { open(facts.reversibility) } else { facts.reversibility == State::NotTested };
    if undone {
        found.push(Item::Reversibility);
    }
    if !anonymized && facts.risk.level.is_none_or(|level| level < basis.least_level) {
        found.push(Item::Level);
    }
    if anonymized && !manifest.secrets.are_gone() {
        found.push(Item::Secrets);
    }
    let fits = matches!(
        (basis.policy_claim, manifest.claim.kind),
        (Claim::Anonymized, Some(Claimed::Anonymized)) | (Claim::DeIdentified, Some(Claimed::DeIdentified))
    );
    if !fits || facts.attacks.is_empty() {
        found.push(Item::Claim);
    }
    if !basis.signed {
        found.push(Item::Signature);
    }
    found.extend(manifest.approval.missing().into_iter().map(|key| Item::Approval(key.to_owned())));
    found.extend(basis.overrides.iter().filter(|it| it.loosens()).map(|it| Item::Loosened(it.key.clone())));
    found
}

#[cfg(test)]
pub(super) mod test {
    use super::*;
    use crate::annex::calendar::parse;
    use crate::annex::facts::Risk;
    use crate::annex::manifest::{Secret, Secrets, Signatory};

    pub fn good() -> (Facts, Manifest) {
        let attacks = AttackKind::ALL.iter().map(|attack| (*attack, State::Pass)).collect();
        let facts = Facts {
            identifiers: State::Pass,
            reversibility: State::Pass,
            token_or_restorable: false,
            restorable: false,
            attacks,
            data_rules: vec![("class-size".to_owned(), State::Pass)],
            least_class: Some(30),
            risk: Risk { level: Some(3), ..Risk::default() },
        };
        let day = parse("2026-11-20").ok();
        let signed = || Some(Signatory { name: "x".to_owned(), title: "x".to_owned(), date: day });
        let mut manifest = Manifest::default();
        manifest.approval.0 = [signed(), signed(), signed(), signed()];
        manifest.claim.kind = Some(Claimed::Anonymized);
        manifest.secrets = Secrets {
            mapping: Some(Secret::Destroyed),
            keys: Some(Secret::None),
            attested_by: "x".to_owned(),
            on: day,
        };
        (facts, manifest)
    }

    pub const BASIS: Basis<'static> =
        Basis { signed: true, policy_claim: Claim::Anonymized, overrides: &[], unknown_parts: false, least_level: 3 };

    fn id(facts: &Facts, manifest: &Manifest, basis: &Basis<'_>) -> ConclusionId {
        conclude(facts, manifest, basis).id
    }

    #[test]
    fn everything_good_is_c1_or_c2_by_the_policy() {
        let (facts, mut manifest) = good();
        assert_eq!(id(&facts, &manifest, &BASIS), ConclusionId::C1);
        let deidentified = Basis { policy_claim: Claim::DeIdentified, ..BASIS };
        assert_eq!(id(&facts, &manifest, &deidentified), ConclusionId::C4, "the manifest claims something else");
        manifest.claim.kind = Some(Claimed::DeIdentified);
        assert_eq!(id(&facts, &manifest, &deidentified), ConclusionId::C2);
        let level_4 = Facts { risk: Risk { level: Some(4), ..Risk::default() }, ..facts.clone() };
        assert_eq!(id(&level_4, &manifest, &deidentified), ConclusionId::C2);
        // Held mapping tables are no obstacle to de-identification, and are one to anonymization.
        manifest.secrets.mapping = Some(Secret::Held);
        assert_eq!(id(&facts, &manifest, &deidentified), ConclusionId::C2);
        manifest.claim.kind = Some(Claimed::Anonymized);
        assert_eq!(conclude(&facts, &manifest, &BASIS).missing, [Item::Secrets]);
        assert_eq!(id(&facts, &manifest, &Basis { policy_claim: Claim::None, ..BASIS }), ConclusionId::C4);
    }

    #[test]
    fn what_failed_comes_before_what_is_missing() {
        let (good, manifest) = good();
        let unsigned = Basis { signed: false, ..BASIS };
        #[allow(clippy::type_complexity)] // A case is what is changed and what it leads to.
        let cases: [(&dyn Fn(&mut Facts), Item); 4] = [
            (&|facts| facts.identifiers = State::Fail, Item::Identifiers),
            (&|facts| facts.attacks[2].1 = State::Fail, Item::Attack(AttackKind::Linkability)),
            (&|facts| facts.data_rules[0].1 = State::Fail, Item::DataRule("class-size".to_owned())),
            (
                &|facts| {
                    facts.restorable = true;
                    facts.reversibility = State::Fail;
                },
                Item::Reversibility,
            ),
        ];
        for (change, item) in cases {
            let mut facts = good.clone();
            change(&mut facts);
            let found = conclude(&facts, &manifest, &unsigned);
            assert_eq!((found.id, found.failed), (ConclusionId::C3, vec![item]));
        }
    }

    #[test]
    fn whatever_is_missing_is_c4() {
        let (good, signed) = good();
        for state in [State::Open, State::NotTested] {
            #[allow(clippy::type_complexity)] // A case is what is changed and what it leads to.
            let cases: [(&dyn Fn(&mut Facts), Item); 4] = [
                (&|facts| facts.identifiers = State::NotTested, Item::Identifiers),
                (&|facts| facts.attacks[1].1 = state, Item::Attack(AttackKind::SinglingOut)),
                (&|facts| facts.data_rules[0].1 = state, Item::DataRule("class-size".to_owned())),
                (&|facts| facts.reversibility = state, Item::Reversibility),
            ];
            for (change, item) in cases {
                let mut facts = good.clone();
                change(&mut facts);
                let found = conclude(&facts, &signed, &BASIS);
                assert_eq!((found.id, found.missing), (ConclusionId::C4, vec![item]));
            }
        }
        let none = Facts { attacks: Vec::new(), ..good.clone() };
        assert_eq!(id(&none, &signed, &BASIS), ConclusionId::C4, "nothing tested is nothing shown");
        assert_eq!(conclude(&good, &signed, &Basis { signed: false, ..BASIS }).missing, [Item::Signature]);
        assert_eq!(id(&good, &signed, &Basis { unknown_parts: true, ..BASIS }), ConclusionId::C4);
        let mut pending = signed.clone();
        pending.approval.0[3] = None;
        assert_eq!(conclude(&good, &pending, &BASIS).missing, [Item::Approval("top_management".to_owned())]);
        let mut undated = signed.clone();
        undated.secrets.on = None;
        assert_eq!(conclude(&good, &undated, &BASIS).missing, [Item::Secrets]);
        let mut claimed = signed.clone();
        claimed.claim.kind = Some(Claimed::DeIdentified);
        let level_2 = Facts { risk: Risk { level: Some(2), ..Risk::default() }, ..good.clone() };
        let basis = Basis { policy_claim: Claim::DeIdentified, ..BASIS };
        assert_eq!(conclude(&level_2, &claimed, &basis).missing, [Item::Level]);
    }

    #[test]
    fn a_loosened_limit_is_c4_and_a_stricter_one_is_not() {
        let (facts, manifest) = good();
        let changed = |to: &str| {
            vec![Override {
                key: "limits.inference.max_risk".to_owned(),
                from: Some("0.05".to_owned()),
                to: to.to_owned(),
            }]
        };
        let (looser, stricter) = (changed("0.9"), changed("0.01"));
        let of = |overrides: &[Override]| id(&facts, &manifest, &Basis { overrides, ..BASIS.clone() });
        assert_eq!(of(&looser), ConclusionId::C4);
        assert_eq!(of(&stricter), ConclusionId::C1);
    }
}
