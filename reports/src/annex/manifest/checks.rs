//! What contradicts itself, the evidence, the policy or the calendar.

use super::super::calendar::{self, Date, months_after};
use super::super::route::{self, Route};
use super::super::rules::Rules;
use super::countries;
use super::fault::{Code, Fault};
use super::uscc;
use super::words::{AdjustRule, Claimed, Exemption, FilingRoute, ImportantData, Model, Role, Transform, Word, YesNo};
use super::{IMPACTS, LIKELIHOODS, Manifest, Purpose, SIGNATORIES};
use crate::check::Policy;
use crate::check::policy::Claim;
use crate::evidence::Evidence;
use crate::nearest::{did_you_mean, nearest};
use std::collections::BTreeSet;

/// What a manifest is held against, as far as it is there.
#[derive(Debug, Clone, Copy)]
pub struct Measured<'a> {
    /// The day of the work.
    pub as_of: Date,
    /// The evidence.
    pub evidence: Option<&'a Evidence>,
    /// The policy.
    pub policy: Option<&'a Policy>,
    /// The route found.
    pub route: Option<&'a Route>,
    /// Whether working papers are written.
    pub working: bool,
}

pub(super) struct Faults<'a> {
    pub(super) manifest: &'a Manifest,
    found: Vec<Fault>,
}

impl Faults<'_> {
    pub(super) fn add(&mut self, code: Code, key: impl Into<String>, message: impl Into<String>) {
        let key = key.into();
        self.found.push(Fault::new(code, self.manifest.line(&key), key, message));
    }
}

/// What is wrong with a manifest by itself.
pub(super) fn alone(manifest: &Manifest, purpose: Purpose, rules: &Rules) -> Vec<Fault> {
    let mut faults = Faults { manifest, found: Vec::new() };
    codes(&mut faults);
    days(&mut faults, rules);
    volume(&mut faults);
    if purpose == Purpose::Write {
        context(&mut faults, rules);
    }
    reasons(&mut faults);
    for (at, id) in manifest.standards.iter().enumerate() {
        if !rules.standards.contains_key(id) {
            let known = rules.standards.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
            faults.add(Code::E1, "standards", format!("entry {} is no standard that the rules know: {known}", at + 1));
        }
    }
    let named: BTreeSet<&str> = manifest.columns.iter().map(|column| column.name.as_str()).collect();
    for (at, measure) in manifest.measures.iter().enumerate() {
        // A manifest for the route alone describes no columns.
        let unknown = |column: &&String| !named.is_empty() && !named.contains(column.as_str());
        for column in measure.columns.iter().filter(unknown) {
            let message = unknown_column(column, &named);
            faults.add(Code::E3, format!("measures[{}].columns", at + 1), message);
        }
    }
    faults.found
}

fn codes(faults: &mut Faults<'_>) {
    let manifest = faults.manifest;
    let third = manifest.third_party.as_ref().map_or("", |it| it.uscc.as_str());
    for (key, code) in [("filer.uscc", manifest.filer.uscc.as_str()), ("third_party.uscc", third)] {
        if !code.is_empty() && !uscc::is_valid(code) {
            let message = if code.chars().count() == 18 {
                "is no unified social credit code: its check character does not fit (GB 32100); read it off the licence again"
                    .to_owned()
            } else {
                format!(
                    "is no unified social credit code: it has {} characters, and 18 are needed",
                    code.chars().count()
                )
            };
            faults.add(Code::E5, key, message);
        }
    }
    for (at, recipient) in manifest.recipients.iter().enumerate() {
        let key = format!("recipients[{}].country", at + 1);
        if recipient.country == countries::MAINLAND {
            faults.add(
                Code::E6,
                key,
                "is the mainland, to which nothing is exported; name the recipient's country or region",
            );
        } else if !recipient.country.is_empty() && !countries::is_code(&recipient.country) {
            faults.add(Code::E6, key, "is no code of ISO 3166-1: two capital letters, such as DE or HK");
        }
    }
}

fn days(faults: &mut Faults<'_>, rules: &Rules) {
    let manifest = faults.manifest;
    let (assessment, dataset, processing) = (&manifest.assessment, &manifest.dataset, &manifest.processing);
    let mut order = |first: Option<Date>, last: Option<Date>, code, key: &str, message: &str| {
        if first.zip(last).is_some_and(|(first, last)| last < first) {
            faults.add(code, key, message);
        }
    };
    order(assessment.started, assessment.ended, Code::E9, "assessment.ended", "lies before assessment.started");
    order(dataset.period_from, dataset.period_to, Code::E9, "dataset.period_to", "lies before dataset.period_from");
    let ended = "lies after report.issued: a report is issued when the assessment has ended";
    order(assessment.ended, manifest.report.issued, Code::E9, "assessment.ended", ended);
    let kept = "lies before processing.last_transfer_on: data that arrive later are kept longer";
    order(processing.last_transfer_on, processing.retention_until, Code::E10, "processing.retention_until", kept);
    let kept = "lies before dataset.period_from: data cannot be kept until before they were made";
    order(dataset.period_from, processing.retention_until, Code::E10, "processing.retention_until", kept);
    let certificate =
        manifest.certificate.as_ref().map(|it| (it.issued, it.expires, rules.time.certificate_years.value));
    let result = manifest.sa_result.as_ref().map(|it| (it.issued, it.expires, rules.time.result_years.value));
    for (part, found) in [("certificate", certificate), ("sa_result", result)] {
        let Some((issued, expires, years)) = found else { continue };
        let key = format!("{part}.expires");
        match issued.zip(expires) {
            Some((issued, expires)) if expires <= issued => {
                faults.add(Code::E10, key, format!("does not lie after {part}.issued"));
            }
            Some((issued, expires)) if expires > months_after(issued, 12 * years) => {
                faults.add(
                    Code::E10,
                    key,
                    format!("lies more than {years} years after {part}.issued, longer than it can hold"),
                );
            }
            _ => {}
        }
    }
    let important = &manifest.important_data;
    let told = matches!(important.status, ImportantData::Notified | ImportantData::Published);
    if important.told_on.is_some() && !told {
        faults.add(
            Code::E10,
            "important_data.told_on",
            "is given although important_data.status is neither notified nor published: correct one of them",
        );
    }
}

fn volume(faults: &mut Faults<'_>) {
    let volume = &faults.manifest.volume;
    if let Some((since, planned)) = volume.since.zip(faults.manifest.filing.planned_on)
        && since != calendar::first_of_year(planned)
    {
        let first = calendar::first_of_year(planned);
        faults.add(
            Code::E11,
            "volume.since",
            format!("must be {first}, the 1st of January of the year of filing.planned_on"),
        );
    }
    let sums = [
        ("volume.non_sensitive", volume.non_sensitive_before, volume.non_sensitive),
        ("volume.sensitive", volume.sensitive_before, volume.sensitive),
    ];
    for (key, before, now) in sums {
        let sum = before.unwrap_or(0).checked_add(now.unwrap_or(0));
        if sum.is_none_or(|sum| i64::try_from(sum).is_err()) {
            faults.add(Code::E11, key, "is, with what went before, more than can be counted");
        }
    }
    let forecast = faults.manifest.volume.forecast.len();
    if forecast != 0 && forecast != 3 {
        faults.add(Code::E11, "volume.forecast", format!("has {forecast} numbers: one for each of the next 3 years"));
    } else if forecast == 0 && faults.manifest.filing.route == Some(FilingRoute::SecurityAssessment) {
        faults.add(
            Code::E11,
            "volume.forecast",
            "is missing: a security assessment asks for the persons of the next 3 years",
        );
    }
}

fn context(faults: &mut Faults<'_>, rules: &Rules) {
    let manifest = faults.manifest;
    let (least, most) = (rules.context.inadvertent_least.value, rules.context.inadvertent_most.value);
    if manifest.context.m.as_ref().is_some_and(|m| !(least..=most).contains(&m.value)) {
        faults.add(Code::E13, "context.m", format!("must be between {least} and {most} (GB/T 37964 annex B)"));
    }
    if !matches!(manifest.release.model, Some(Model::Controlled | Model::Enclave)) {
        return;
    }
    let given = [manifest.context.p.is_some(), manifest.context.m.is_some(), manifest.context.breach_rate.is_some()];
    for (name, given) in ["p", "m", "breach_rate"].into_iter().zip(given) {
        if !given {
            let message = "is missing: a release that is not public needs its value and source (GB/T 37964 annex B)";
            faults.add(Code::E13, format!("context.{name}"), message);
        }
    }
}

fn reasons(faults: &mut Faults<'_>) {
    let manifest = faults.manifest;
    let claims = !matches!(manifest.exemption.kind, None | Some(Exemption::None));
    if claims && manifest.exemption.reason.is_empty() {
        faults.add(Code::E14, "exemption.reason", "is missing: an exemption needs one");
    }
    for (at, adjustment) in manifest.adjust.iter().enumerate() {
        let key = format!("adjust[{}]", at + 1);
        if adjustment.reason.is_empty() {
            faults.add(Code::E14, format!("{key}.reason"), "is missing: a correction needs one");
        }
        let expected = match adjustment.rule {
            AdjustRule::SensitiveScale | AdjustRule::VulnerableGroup => 1,
            AdjustRule::Deidentified | AdjustRule::Measures => -1,
        };
        if adjustment.delta != expected {
            let message = format!("must be {expected}: that is what the rule {} allows", adjustment.rule.word());
            faults.add(Code::E14, format!("{key}.delta"), message);
        }
    }
    let unreasoned = |keys: [&'static str; 4], given: [Option<bool>; 4], part: &'static str| {
        keys.into_iter()
            .zip(given)
            .filter(|(_, empty)| *empty == Some(true))
            .map(move |(key, _)| format!("{part}.{key}.reason"))
    };
    let impact = manifest.impact.each_ref().map(|it| it.as_ref().map(|it| it.reason.is_empty()));
    let likelihood = manifest.likelihood.each_ref().map(|it| it.as_ref().map(|it| it.reason.is_empty()));
    for key in unreasoned(IMPACTS, impact, "impact").chain(unreasoned(LIKELIHOODS, likelihood, "likelihood")) {
        faults.add(Code::E14, key, "is missing: a level needs one");
    }
}

/// What of a manifest contradicts evidence, policy, route or calendar; all of it, in the order of lines.
pub fn check(manifest: &Manifest, measured: &Measured<'_>) -> Vec<Fault> {
    let mut faults = Faults { manifest, found: Vec::new() };
    if let Some(evidence) = measured.evidence {
        columns(&mut faults, evidence);
        super::agree::check(&mut faults, evidence);
    }
    if let Some(policy) = measured.policy {
        policy_fits(&mut faults, policy, measured.evidence);
    }
    as_of(&mut faults, measured.as_of);
    if let Some(found) = measured.route {
        route_fits(&mut faults, found);
    }
    if measured.working && !manifest.filing.number.is_empty() {
        faults.add(
            Code::E15,
            "filing.number",
            "is given, and working papers cannot be filed: write --tier filing, or leave the number out",
        );
    }
    faults.found.sort();
    faults.found
}

/// Columns of the evidence: those of the release, and those that it left out.
struct Released<'a> {
    in_release: BTreeSet<&'a str>,
    left_out: BTreeSet<&'a str>,
    keys: BTreeSet<&'a str>,
}

fn released(evidence: &Evidence) -> Released<'_> {
    let (inputs, settings) = (&evidence.inputs, &evidence.settings);
    let left_out: BTreeSet<&str> = inputs.not_released.iter().map(String::as_str).collect();
    let used = inputs.columns.iter().map(|column| column.name.as_str());
    let others = inputs.only_released.iter().chain(&settings.ignored).chain(&settings.tokens).map(String::as_str);
    let in_release = used.chain(others).filter(|name| !left_out.contains(name)).collect();
    let keys = settings.record_key.iter().chain(&settings.subject_key).map(String::as_str).collect();
    Released { in_release, left_out, keys }
}

fn columns(faults: &mut Faults<'_>, evidence: &Evidence) {
    let manifest = faults.manifest;
    let Released { in_release, left_out, keys } = released(evidence);
    let known: BTreeSet<&str> = in_release.iter().chain(&left_out).chain(&keys).copied().collect();
    let described: BTreeSet<&str> = manifest.columns.iter().map(|column| column.name.as_str()).collect();
    let missing: Vec<String> = in_release
        .iter()
        .chain(&left_out)
        .filter(|name| !described.contains(*name) && !keys.contains(*name))
        .map(|name| format!("\"{}\"", crate::visible::visible(name)))
        .collect();
    if !missing.is_empty() {
        faults.add(
            Code::E2,
            "columns",
            format!("lacks columns of the evidence: {}; add an entry for each", missing.join(", ")),
        );
    }
    let anonymized = manifest.claim.kind == Some(Claimed::Anonymized);
    for column in &manifest.columns {
        let name = column.name.as_str();
        let key = format!("columns.\"{}\"", crate::visible::visible(name));
        if !known.contains(name) {
            faults.add(Code::E3, key.clone(), unknown_column(name, &known));
        }
        let removed = column.transform == Some(Transform::Removed);
        if removed && in_release.contains(name) {
            let message = "says removed, and the release has the column: correct the declaration or the release";
            faults.add(Code::E4, format!("{key}.transform"), message);
        }
        if !removed && column.transform.is_some() && left_out.contains(name) {
            let message = "does not say removed, and the release does not have the column";
            faults.add(Code::E4, format!("{key}.transform"), message);
        }
        let kept = column.transform == Some(Transform::Kept);
        if anonymized && kept && column.role == Some(Role::DirectIdentifier) {
            let message = "says that a direct identifier is kept, which data claimed to be anonymized cannot have";
            faults.add(Code::E4, format!("{key}.transform"), message);
        }
    }
}

fn unknown_column(name: &str, known: &BTreeSet<&str>) -> String {
    let hint = did_you_mean(nearest(name, known.iter().copied()).as_deref());
    format!("names \"{}\", which is no column of evidence or release{hint}", crate::visible::visible(name))
}

fn policy_fits(faults: &mut Faults<'_>, policy: &Policy, evidence: Option<&Evidence>) {
    if evidence.is_some_and(|evidence| evidence.settings.confidence < policy.confidence) {
        let message = format!(
            "the policy {} asks for more confidence than the evidence has: run evaluate again with --confidence {}",
            policy.name, policy.confidence
        );
        faults.add(Code::E8, "claim", message);
    }
    let contradicts = match (policy.claim, faults.manifest.claim.kind) {
        (Claim::Anonymized, Some(Claimed::DeIdentified)) => Some("anonymized"),
        (Claim::DeIdentified, Some(Claimed::Anonymized)) => Some("de_identified"),
        _ => None,
    };
    if let Some(claim) = contradicts {
        let message =
            format!("contradicts the policy {}, which is about {claim}: choose another policy or claim", policy.name);
        faults.add(Code::E8, "claim.kind", message);
    }
}

fn as_of(faults: &mut Faults<'_>, as_of: Date) {
    let manifest = faults.manifest;
    let mut future: Vec<(String, Date)> = Vec::new();
    let mut past = |key: &str, date: Option<Date>| {
        future.extend(date.filter(|date| *date > as_of).map(|date| (key.to_owned(), date)));
    };
    past("report.issued", manifest.report.issued);
    past("assessment.ended", manifest.assessment.ended);
    past("secrets.on", manifest.secrets.on);
    for (key, signatory) in SIGNATORIES.into_iter().zip(&manifest.approval.0) {
        past(&format!("approval.{key}.date"), signatory.as_ref().and_then(|it| it.date));
    }
    past("claim.accepted_by.date", manifest.claim.accepted_by.as_ref().and_then(|it| it.date));
    for (key, _) in future {
        faults.add(Code::E9, key, format!("lies after {as_of}, the day of the work: correct it, or give --as-of"));
    }
    if manifest.important_data.told_on.is_some_and(|told| told > as_of) {
        faults.add(Code::E10, "important_data.told_on", format!("lies after {as_of}, the day of the work"));
    }
}

fn route_fits(faults: &mut Faults<'_>, found: &Route) {
    let manifest = faults.manifest;
    let rows = found.rows.iter().map(|row| row.id()).collect::<Vec<_>>().join(" or ");
    let weaker = route::intended(manifest.intended()).is_some_and(|intended| intended < found.weakest());
    if weaker {
        faults.add(
            Code::E12,
            "filing.route",
            format!("is weaker than the route found, {rows}: correct the route or the facts"),
        );
    }
    if manifest.intended() == FilingRoute::Gba && manifest.gba.both_ends != YesNo::Yes {
        let message = "is the contract of the Greater Bay Area, and gba.both_ends does not say yes";
        faults.add(Code::E12, "filing.route", message);
    }
}
