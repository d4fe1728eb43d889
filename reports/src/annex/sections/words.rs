//! Words that several sections need.

use super::Composer;
use super::attacks::KEYS;
use crate::annex::conclusion::Item;
use crate::annex::manifest::Word;
use crate::annex::route::{Note, Row};
use crate::evidence::{Attack, AttackKind};

/// The kinds of findings that have words.
const FINDINGS: [&str; 8] = [
    "direct_identifier",
    "restorable_column",
    "token_column",
    "row_order",
    "verbatim_rows",
    "incomparable_column",
    "row_number",
    "renamed_column",
];

impl Composer<'_> {
    /// The label of a word of the manifest; that it is not stated where there is none.
    pub(super) fn word<T: Word>(&self, word: Option<T>) -> String {
        word.map_or_else(|| self.t("annex.text.not_stated"), |word| self.t(&word.key()))
    }

    pub(super) fn yes_no(&self, value: bool) -> String {
        self.t(if value { "annex.text.yes" } else { "annex.text.no" })
    }

    /// An attack's name.
    pub(super) fn attack(&self, attack: AttackKind) -> String {
        self.attack_by_key(attack.code())
    }

    pub(super) fn attack_by_key(&self, key: &str) -> String {
        match key {
            "singling_out" => self.t("annex.row.singling_out"),
            "linkability" => self.t("annex.row.linkability"),
            "inference" => self.t("annex.row.inference"),
            "record_linkage" => self.t("annex.row.record_linkage"),
            "membership" => self.t("annex.row.membership"),
            other => other.to_owned(),
        }
    }

    /// The keys of the attacks that a table has a row for: membership, which is played when it is asked for, only where it was played
    /// or the policy limits it.
    pub(super) fn attack_keys(&self) -> Vec<&'static str> {
        let limited = self.assessed.check.attacks.iter().any(|it| it.attack == AttackKind::Membership);
        let shown = limited || !self.attacks_of("membership").is_empty();
        KEYS.into_iter().chain(shown.then_some("membership")).collect()
    }

    /// The attacks of the evidence of a key, in the order of the evidence.
    pub(super) fn attacks_of(&self, key: &str) -> Vec<&Attack> {
        let of = |attack: &&Attack| attack.attack.code() == key;
        self.assessed.input.evidence.attacks.iter().filter(of).collect()
    }

    /// A finding's kind.
    pub(super) fn finding(&self, kind: &str) -> String {
        let key = format!("annex.finding.{kind}");
        if FINDINGS.contains(&kind) { self.t(&key) } else { self.t("annex.finding.other") }
    }

    /// Something that failed or is missing.
    pub(super) fn item(&self, item: &Item) -> String {
        match item {
            Item::Identifiers => self.t("annex.item.identifiers"),
            Item::Attack(attack) => self.fill("annex.item.attack", &[("attack", &self.attack(*attack))]),
            Item::DataRule(id) => {
                let rule = self.assessed.input.policy.data_rules.iter().find(|rule| rule.id == *id);
                let text = rule.map_or(id.as_str(), |rule| self.either(&rule.text, &rule.text_zh));
                // A rule is a sentence of its own; within a list its full stop would end it.
                self.fill("annex.item.data_rule", &[("rule", text.trim_end_matches(['.', '。']))])
            }
            Item::Reversibility => self.t("annex.item.reversibility"),
            Item::Signature => self.t("annex.item.signature"),
            Item::Approval(key) => self.fill("annex.item.approval", &[("who", &self.signatory(key))]),
            Item::Loosened(key) => self.fill("annex.item.loosened", &[("key", key)]),
            Item::Secrets => self.t("annex.item.secrets"),
            Item::Level => {
                let level = self.assessed.input.rules.gbt42460.least_level.value.to_string();
                self.fill("annex.item.level", &[("level", &level)])
            }
            Item::Claim => self.t("annex.item.claim"),
            Item::UnknownPart => self.t("annex.item.unknown_part"),
        }
    }

    pub(super) fn items(&self, items: &[Item]) -> Vec<String> {
        items.iter().map(|item| self.item(item)).collect()
    }

    /// Who signs, by the key of the manifest.
    pub(super) fn signatory(&self, key: &str) -> String {
        match key {
            "preparer" => self.t("annex.cover.preparer"),
            "reviewer" => self.t("annex.cover.reviewer"),
            "pi_officer" => self.t("annex.cover.pi_officer"),
            _ => self.t("annex.cover.top_management"),
        }
    }

    /// A row of the route table in words.
    pub(super) fn row(&self, key: &str, row: Row) -> String {
        let meaning = self.t(&format!("annex.route_row.{}", row.id()));
        self.fill(key, &[("row", row.id()), ("meaning", &meaning)])
    }

    /// A note of the route in words.
    pub(super) fn note(&self, note: Note) -> String {
        crate::annex::words::note(&self.texts, note, self.assessed.input.rules)
    }

    /// The probability in as many digits as it needs.
    pub(super) fn probability(&self, value: f64) -> String {
        let rounded = (value * 1e6).round() / 1e6;
        if rounded == 0.0 && value > 0.0 { "<0.000001".to_owned() } else { format!("{rounded}") }
    }
}
