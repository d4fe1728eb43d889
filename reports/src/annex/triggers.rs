//! What makes a new assessment necessary, found by comparing two manifests and, where they are there, two runs.
//!
//! Texts are compared after Unicode NFC and without the space around them. A change of spelling alone still fires, and the filer
//! closes it in `review.same` with a reason. A key that one side lacks is undetermined: nobody knows whether it changed.

use super::calendar::{Date, months_after};
use super::manifest::{FilingRoute, Manifest, Onward, Recipient, Relation, Role, SensitiveClass, Taxonomy, Word};
use super::route::{self, Route};
use super::rules::Rules;
use crate::check::{Comparison, Policy, Verdict, compare};
use crate::evidence::Evidence;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use unicode_normalization::UnicodeNormalization;

#[cfg(test)]
#[path = "triggers_test.rs"]
mod test;

/// What makes a filing renewed or an assessment repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Trigger {
    /// Purpose, method, storage place, columns, class or role of a column.
    G1,
    /// Recipients, their purpose or method, retention, onward transfer.
    G2,
    /// Law of the destination, or the destination.
    G3,
    /// Sensitivity.
    G4,
    /// Route.
    G5,
    /// Outside of the certificate's scope.
    G6,
    /// Many more persons.
    G7,
    /// Control or contract changed.
    G8,
    /// A new release of the same persons, another user, another system.
    G9,
    /// Another release, other quasi-identifiers, policy, limit, seed or program.
    G10,
    /// A risk rose.
    G11,
    /// An incident.
    G12,
    /// Time.
    G13,
    /// Newer rules.
    G14,
}

impl Trigger {
    /// All triggers, in their order.
    pub const ALL: [Trigger; 14] = [
        Trigger::G1,
        Trigger::G2,
        Trigger::G3,
        Trigger::G4,
        Trigger::G5,
        Trigger::G6,
        Trigger::G7,
        Trigger::G8,
        Trigger::G9,
        Trigger::G10,
        Trigger::G11,
        Trigger::G12,
        Trigger::G13,
        Trigger::G14,
    ];

    /// Its name.
    pub fn id(self) -> &'static str {
        match self {
            Trigger::G1 => "G1",
            Trigger::G2 => "G2",
            Trigger::G3 => "G3",
            Trigger::G4 => "G4",
            Trigger::G5 => "G5",
            Trigger::G6 => "G6",
            Trigger::G7 => "G7",
            Trigger::G8 => "G8",
            Trigger::G9 => "G9",
            Trigger::G10 => "G10",
            Trigger::G11 => "G11",
            Trigger::G12 => "G12",
            Trigger::G13 => "G13",
            Trigger::G14 => "G14",
        }
    }

    /// Key of the sentence that says when it fires.
    pub fn when(self) -> String {
        format!("annex.trigger.{}.when", self.id())
    }

    /// Key of the sentence that says what to do.
    pub fn action(self) -> String {
        format!("annex.trigger.{}.action", self.id())
    }
}

/// What became of a trigger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The trigger.
    pub trigger: Trigger,
    /// Keys that changed: it fires.
    pub changed: Vec<String>,
    /// Keys that one side lacks.
    pub unknown: Vec<String>,
    /// Keys whose change of wording the filer closed.
    pub closed: Vec<String>,
    /// Whether a change is no more than a warning, since no law asks for it.
    pub warning: bool,
}

impl Finding {
    /// Whether it fires.
    pub fn fires(&self) -> bool {
        !self.changed.is_empty() && !self.warning
    }

    /// Whether it does not fire, and would where something missing were known.
    pub fn undetermined(&self) -> bool {
        !self.fires() && !self.unknown.is_empty()
    }
}

/// One side of the comparison.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// The manifest.
    pub manifest: &'a Manifest,
    /// The evidence, where it is given.
    pub evidence: Option<&'a Evidence>,
    /// The policy, where it is given.
    pub policy: Option<&'a Policy>,
    /// Whether the conclusion of that side is C1; without a policy it is not known to be.
    pub is_c1: bool,
}

/// Compares a manifest with an earlier one; a finding per trigger, in their order.
pub fn triggers(from: Side<'_>, to: Side<'_>, as_of: Date, rules: &Rules) -> Vec<Finding> {
    let last = from.manifest.report.issued;
    let mut found = Vec::new();
    for trigger in Trigger::ALL {
        let mut changes = Changes::new(to.manifest);
        let (old, new) = (from.manifest, to.manifest);
        match trigger {
            Trigger::G1 => purpose(&mut changes, old, new),
            Trigger::G2 => recipients(&mut changes, old, new),
            Trigger::G3 => destination(&mut changes, old, new, last),
            Trigger::G4 => sensitivity(&mut changes, old, new),
            Trigger::G5 => {
                let of = |side: Side<'_>| route::route(&route::Facts::of(side.manifest, side.is_c1), rules);
                routes(&mut changes, &of(from), &of(to));
            }
            Trigger::G6 => scope(&mut changes, new),
            Trigger::G7 => growth(&mut changes, old, new, rules),
            Trigger::G8 => {
                changes.newer("review.control_changed_on", new.review.control_changed_on, last);
                changes.newer("review.contract_changed_on", new.review.contract_changed_on, last);
            }
            Trigger::G9 => releases(&mut changes, old, new, last),
            Trigger::G10 => run(&mut changes, from, to),
            Trigger::G11 => risks(&mut changes, from, to, rules),
            Trigger::G12 => {
                for (at, incident) in new.review.incidents.iter().enumerate() {
                    changes.newer(&format!("review.incidents[{}]", at + 1), incident.date, last);
                }
            }
            Trigger::G13 => time(&mut changes, old, new, as_of, rules),
            Trigger::G14 => match last {
                Some(last) if rules.issued > last => changes.changed.push(rules.id.clone()),
                Some(_) => {}
                None => changes.unknown.push("report.issued".to_owned()),
            },
        }
        let Changes { changed, unknown, closed, warning, .. } = changes;
        found.push(Finding { trigger, changed, unknown, closed, warning });
    }
    found
}

struct Changes<'a> {
    same: &'a Manifest,
    changed: Vec<String>,
    unknown: Vec<String>,
    closed: Vec<String>,
    warning: bool,
}

impl<'a> Changes<'a> {
    fn new(same: &'a Manifest) -> Changes<'a> {
        Changes { same, changed: Vec::new(), unknown: Vec::new(), closed: Vec::new(), warning: false }
    }

    fn add(&mut self, key: &str) {
        if !self.changed.iter().any(|known| known == key) {
            self.changed.push(key.to_owned());
        }
    }

    /// A text. Empty is not stated.
    fn text(&mut self, key: &str, old: &str, new: &str) {
        let plain = |text: &str| text.trim().nfc().collect::<String>();
        let (old, new) = (plain(old), plain(new));
        if old == new {
            return;
        }
        if old.is_empty() || new.is_empty() {
            self.unknown.push(key.to_owned());
        } else if self.same.review.same.iter().any(|same| same.key.trim() == key) {
            self.closed.push(key.to_owned());
        } else {
            self.add(key);
        }
    }

    /// A value that is no text.
    fn value<T: PartialEq>(&mut self, key: &str, old: Option<T>, new: Option<T>) {
        match (old, new) {
            (Some(old), Some(new)) if old != new => self.add(key),
            (None, Some(_)) | (Some(_), None) => self.unknown.push(key.to_owned()),
            _ => {}
        }
    }

    /// A day that is newer than the last report.
    fn newer(&mut self, key: &str, day: Option<Date>, last: Option<Date>) {
        match (day, last) {
            (Some(day), Some(last)) if day > last => self.add(key),
            (Some(_), None) => self.unknown.push("report.issued".to_owned()),
            _ => {}
        }
    }
}

fn purpose(changes: &mut Changes<'_>, old: &Manifest, new: &Manifest) {
    changes.text("processing.purpose", &old.processing.purpose, &new.processing.purpose);
    changes.text("processing.method", &old.processing.method, &new.processing.method);
    changes.text("processing.storage_place", &old.processing.storage_place, &new.processing.storage_place);
    let by_name = |manifest: &Manifest| -> BTreeMap<String, (Option<SensitiveClass>, Option<Role>)> {
        manifest.columns.iter().map(|column| (column.name.clone(), (column.class, column.role))).collect()
    };
    let (before, after) = (by_name(old), by_name(new));
    if before.is_empty() != after.is_empty() {
        changes.unknown.push("columns".to_owned());
        return;
    }
    for name in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
        let key = format!("columns.\"{name}\"");
        match (before.get(name), after.get(name)) {
            (Some((class, role)), Some((new_class, new_role))) => {
                changes.value(&format!("{key}.class"), *class, *new_class);
                changes.value(&format!("{key}.role"), *role, *new_role);
            }
            _ => changes.add(&key),
        }
    }
}

fn by_name(manifest: &Manifest) -> BTreeMap<String, &Recipient> {
    let plain = |name: &str| name.trim().nfc().collect::<String>();
    manifest.recipients.iter().map(|recipient| (plain(&recipient.name), recipient)).collect()
}

fn recipients(changes: &mut Changes<'_>, old: &Manifest, new: &Manifest) {
    let (before, after) = (by_name(old), by_name(new));
    if before.is_empty() != after.is_empty() {
        changes.unknown.push("recipients".to_owned());
    } else if before.keys().ne(after.keys()) {
        changes.add("recipients");
    }
    for (name, was) in &before {
        let Some(is) = after.get(name) else { continue };
        let key = |field: &str| format!("recipients.{field}");
        changes.text(&key("purpose"), &was.purpose, &is.purpose);
        changes.text(&key("method"), &was.method, &is.method);
        match (was.onward, is.onward) {
            (Onward::Unknown, Onward::Unknown) => {}
            (Onward::Unknown, _) | (_, Onward::Unknown) => changes.unknown.push(key("onward")),
            (was, is) if is > was => changes.add(&key("onward")),
            _ => {}
        }
    }
    match (old.processing.retention_until, new.processing.retention_until) {
        (Some(was), Some(is)) if is > was => changes.add("processing.retention_until"),
        (Some(_), None) | (None, Some(_)) => changes.unknown.push("processing.retention_until".to_owned()),
        _ => {}
    }
}

fn destination(changes: &mut Changes<'_>, old: &Manifest, new: &Manifest, last: Option<Date>) {
    for recipient in &new.recipients {
        changes.newer("recipients.law_changed_on", recipient.law_changed_on, last);
    }
    let countries = |manifest: &Manifest| -> BTreeSet<String> {
        manifest.recipients.iter().map(|recipient| recipient.country.clone()).filter(|it| !it.is_empty()).collect()
    };
    let (before, after) = (countries(old), countries(new));
    if before.is_empty() != after.is_empty() {
        changes.unknown.push("recipients.country".to_owned());
    } else if before != after {
        changes.add("recipients.country");
    }
}

fn sensitivity(changes: &mut Changes<'_>, old: &Manifest, new: &Manifest) {
    let sensitive = |class: SensitiveClass| class != SensitiveClass::None;
    for column in &new.columns {
        let key = format!("columns.\"{}\".class", column.name);
        match old.columns.iter().find(|was| was.name == column.name) {
            Some(was) => match (was.class, column.class) {
                (Some(was), Some(is)) if sensitive(is) && is != was => changes.add(&key),
                (None, Some(_)) | (Some(_), None) => changes.unknown.push(key),
                _ => {}
            },
            // A column that was not there: G1 fires, and so does this where it is sensitive.
            None if column.class.is_some_and(sensitive) && !old.columns.is_empty() => changes.add(&key),
            None => {}
        }
    }
    let groups = |manifest: &Manifest| -> BTreeSet<&'static str> {
        manifest.dataset.groups.iter().map(|group| group.word()).collect()
    };
    if groups(new).difference(&groups(old)).next().is_some() {
        changes.add("dataset.groups");
    }
    let taxonomy = |manifest: &Manifest| -> Taxonomy { manifest.dataset.taxonomy };
    if taxonomy(old) != taxonomy(new) {
        changes.add("dataset.taxonomy");
    }
}

fn routes(changes: &mut Changes<'_>, old: &Route, new: &Route) {
    match (old.row(), new.row()) {
        (Some(was), Some(is)) if was != is => changes.changed.push(format!("{} → {}", was.id(), is.id())),
        (Some(_), Some(_)) => {}
        _ => changes.unknown.extend(old.missing.iter().chain(&new.missing).map(|key| (*key).to_owned())),
    }
    changes.unknown.dedup();
}

/// The certificate names recipients, categories and purpose in words; what it does not name lies outside of it.
fn scope(changes: &mut Changes<'_>, new: &Manifest) {
    let Some(certificate) = &new.certificate else { return };
    let scope: String = certificate.scope.nfc().collect();
    if scope.trim().is_empty() {
        changes.unknown.push("certificate.scope".to_owned());
        return;
    }
    let mut outside = |key: &str, words: &[&str]| {
        let within = words.iter().any(|word| {
            let word: String = word.trim().nfc().collect();
            word.is_empty() || scope.contains(&word)
        });
        if !within {
            changes.add(key);
        }
    };
    for recipient in &new.recipients {
        outside("recipients", &[&recipient.name]);
    }
    outside("processing.purpose", &[&new.processing.purpose]);
    let texts = crate::message::Messages::of(crate::message::Language::Chinese);
    for class in new.columns.iter().filter_map(|column| column.class).filter(|class| *class != SensitiveClass::None) {
        outside("columns[].class", &[texts.text(&class.key()), class.word()]);
    }
}

fn growth(changes: &mut Changes<'_>, old: &Manifest, new: &Manifest, rules: &Rules) {
    let persons = |manifest: &Manifest| -> Option<u128> {
        let volume = &manifest.volume;
        let parts = [volume.non_sensitive_before, volume.sensitive_before, volume.non_sensitive, volume.sensitive];
        let sum = parts.into_iter().map(|part| part.map(u128::from)).sum::<Option<u128>>()?;
        Some(sum.max(manifest.dataset.subjects.unwrap_or(0).into()))
    };
    match (persons(old), persons(new)) {
        (Some(was), Some(is)) => {
            if is * 100 > was * u128::from(100 + rules.volume.growth_percent.value) {
                changes.add("volume");
            }
        }
        _ => changes.unknown.push("volume".to_owned()),
    }
}

fn releases(changes: &mut Changes<'_>, old: &Manifest, new: &Manifest, last: Option<Date>) {
    for other in &new.release.others {
        let known = old.release.others.iter().any(|was| was.name.trim() == other.name.trim() && was.date == other.date);
        match (known, other.relation) {
            (true, _) | (_, Relation::Unrelated) => {}
            (_, Relation::Unknown) => changes.unknown.push("release.others".to_owned()),
            (_, Relation::SamePersons | Relation::Overlapping) => changes.add("release.others"),
        }
    }
    let (before, after) = (by_name(old), by_name(new));
    if !before.is_empty() && after.keys().any(|name| !before.contains_key(name)) {
        changes.add("recipients");
    }
    changes.newer("review.system_changed_on", new.review.system_changed_on, last);
}

fn run(changes: &mut Changes<'_>, from: Side<'_>, to: Side<'_>) {
    let quasi = |manifest: &Manifest| -> Option<BTreeSet<String>> {
        let of = |role| move |column: &&super::manifest::Column| column.role == Some(role);
        let names = manifest.columns.iter().filter(of(Role::QuasiIdentifier)).map(|column| column.name.clone());
        (!manifest.columns.is_empty()).then(|| names.collect())
    };
    changes.value("columns[].role", quasi(from.manifest), quasi(to.manifest));
    match (from.policy, to.policy) {
        (Some(old), Some(new)) => policies(changes, old, new),
        _ => changes.unknown.push("policy".to_owned()),
    }
    let (Some(old), Some(new)) = (from.evidence, to.evidence) else {
        changes.unknown.push("evidence".to_owned());
        return;
    };
    let digest = |evidence: &Evidence| evidence.inputs.anonymized.sha256.clone();
    match (digest(old), digest(new)) {
        (Some(was), Some(is)) if was != is => changes.add("evidence: inputs.anonymized.sha256"),
        (Some(_), Some(_)) => {}
        _ => changes.unknown.push("evidence: inputs.anonymized.sha256".to_owned()),
    }
    if old.settings.seed != new.settings.seed || old.settings.seeds != new.settings.seeds {
        changes.add("evidence: settings.seed");
    }
    let major = |version: &str| version.split('.').next().unwrap_or_default().to_owned();
    if major(&old.tool.version) != major(&new.tool.version) || old.tool.name != new.tool.name {
        changes.add("evidence: tool.version");
    }
}

/// Another policy, another content of it, or a value that was changed for one of the runs only.
fn policies(changes: &mut Changes<'_>, old: &Policy, new: &Policy) {
    if old.name != new.name || old.digest != new.digest {
        changes.add("policy");
    }
    let set = |policy: &Policy| -> BTreeMap<String, String> {
        policy.overrides.iter().map(|change| (change.key.clone(), change.to.clone())).collect()
    };
    let (before, after) = (set(old), set(new));
    for key in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
        if before.get(key) != after.get(key) {
            changes.add(&format!("policy: {key}"));
        }
    }
}

fn risks(changes: &mut Changes<'_>, from: Side<'_>, to: Side<'_>, rules: &Rules) {
    let (Some(old), Some(new)) = (from.evidence, to.evidence) else {
        changes.unknown.push("evidence".to_owned());
        return;
    };
    let confidence = old.settings.confidence.min(new.settings.confidence);
    of_comparison(changes, &compare(new, old, rules.report.risk_margin.value, confidence, &BTreeMap::new()));
}

/// What a comparison of two runs says: a regression fires, and where it decides nothing nobody knows.
fn of_comparison(changes: &mut Changes<'_>, compared: &Comparison) {
    for change in compared.changes.iter().filter(|change| change.regression) {
        changes.add(&format!("evidence: {}", change.attack.code()));
    }
    if compared.verdict == Verdict::Inconclusive {
        changes.unknown.push("evidence: attacks".to_owned());
    }
}

fn time(changes: &mut Changes<'_>, old: &Manifest, new: &Manifest, as_of: Date, rules: &Rules) {
    let interval = old.review.interval_months.unwrap_or(rules.time.review_months.value);
    match old.report.issued {
        Some(issued) if as_of > months_after(issued, interval) => changes.add("review.interval_months"),
        Some(_) => {}
        None => changes.unknown.push("report.issued".to_owned()),
    }
    let over = changes.changed.is_empty();
    let months = match new.intended() {
        FilingRoute::None => return,
        FilingRoute::Certification => rules.time.fresh_months_certification.value,
        _ => rules.time.fresh_months.value,
    };
    match (new.assessment.ended, new.filing.planned_on) {
        (Some(ended), Some(planned)) => {
            if planned > months_after(ended, months) {
                changes.add("assessment.ended");
                // For certification no law says so: by itself it does not fire.
                changes.warning = over && new.intended() == FilingRoute::Certification;
            }
        }
        _ => changes.unknown.push("assessment.ended".to_owned()),
    }
}
