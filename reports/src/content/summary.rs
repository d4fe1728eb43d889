//! The verdict or, without limits, the largest risk; one card per attack; and what the report is not.

use super::{Card, Claim, Source, SourceStatus, Summary, Verdict, Verdicts};
use crate::check::Doubt;
use crate::evidence::{AttackKind, Status};
use crate::message::Language;

impl Source<'_> {
    fn verdict_word(&self, verdict: Verdict) -> &str {
        match verdict {
            Verdict::Pass => self.texts.text("verdict.pass"),
            Verdict::Fail => self.texts.text("verdict.fail"),
            Verdict::Inconclusive => self.texts.text("verdict.inconclusive"),
        }
    }
}

/// The first block.
pub fn summary(source: &Source<'_>) -> Summary {
    match &source.options.check {
        Some(check) => judged(source, check),
        None => described(source),
    }
}

fn judged(source: &Source<'_>, check: &Verdicts) -> Summary {
    let texts = &source.texts;
    let with = |verdict: Verdict| {
        let limits = check.limits.iter().filter(|limit| limit.verdict == verdict);
        let names: Vec<&str> = limits.map(|limit| source.attack_word(limit.attack)).collect();
        (texts.list(&names), names.len().to_string())
    };
    let (failed, failures) = with(Verdict::Fail);
    let (open, undecided) = with(Verdict::Inconclusive);
    let mut notes = Vec::new();
    // The policy by its title where the language has one, and by its digest, so that it can be told from another of its name.
    let mut policy = check.policy.clone();
    if texts.language() == Language::Chinese && !check.title_zh.is_empty() {
        policy = texts.fill("list.remark", &[("name", &check.title_zh), ("remark", &policy)]);
    }
    if !check.digest.is_empty() {
        policy = texts.fill("list.remark", &[("name", &policy), ("remark", &format!("SHA-256 {}", check.digest))]);
    }
    let policy = policy.as_str();
    let (sentence, claim) = match check.overall {
        Verdict::Pass => (
            texts.fill("verdict.sentence.pass", &[("policy", policy)]),
            match check.claim {
                Claim::Anonymized => "verdict.claim.anonymized",
                Claim::DeIdentified => "verdict.claim.de_identified",
                Claim::None => "verdict.claim.none",
            },
        ),
        Verdict::Fail => {
            let values = [("policy", policy), ("attacks", failed.as_str()), ("count", &failures)];
            if undecided != "0" {
                notes.push(texts.fill("verdict.also_inconclusive", &[("attacks", &open)]));
            }
            // A policy may fail for a rule that is not about an attack.
            let sentence = match failed.is_empty() {
                true => texts.fill("verdict.sentence.fail_otherwise", &values),
                false => texts.fill("verdict.sentence.fail", &values),
            };
            (sentence, "verdict.claim.fail")
        }
        Verdict::Inconclusive => {
            let values = [("policy", policy), ("attacks", open.as_str()), ("count", &undecided)];
            let sentence = match open.is_empty() {
                true => texts.fill("verdict.sentence.inconclusive_otherwise", &values),
                false => texts.fill("verdict.sentence.inconclusive", &values),
            };
            (sentence, "verdict.claim.inconclusive")
        }
    };
    notes.extend(doubts(source, check));
    notes.push(texts.text(claim).to_owned());
    if !check.unchecked.is_empty() {
        let chinese = texts.language() == Language::Chinese;
        let own = |[english, zh]: &[String; 2]| if chinese && !zh.is_empty() { zh.clone() } else { english.clone() };
        let items: Vec<String> = check.unchecked.iter().map(own).collect();
        notes.push(texts.fill("verdict.unchecked", &[("items", &items.join(texts.text("list.between_sentences")))]));
    }
    if check.limits.iter().any(|limit| limit.source_status != SourceStatus::LawOrStandard) {
        notes.push(texts.text("verdict.no_authority").to_owned());
    }
    let loosened = (!check.loosened.is_empty())
        .then(|| texts.fill("verdict.loosened", &[("changes", &check.loosened.join(texts.text("list.separator")))]));
    Summary {
        verdict: Some(check.overall),
        word: source.verdict_word(check.overall).to_owned(),
        sentence,
        notes,
        loosened,
    }
}

/// Why the evidence carries no pass, each reason once.
fn doubts(source: &Source<'_>, check: &Verdicts) -> Vec<String> {
    let texts = &source.texts;
    let mut said: Vec<String> = Vec::new();
    for (attack, reason) in &check.doubts {
        let Some(doubt) = Doubt::of(*reason, texts.language()) else { continue };
        let sentence = [doubt.message, doubt.advice].join(texts.text("list.between_sentences"));
        said.push(texts.fill("list.fact", &[("name", source.attack_name(*attack)), ("value", &sentence)]));
    }
    said
}

fn described(source: &Source<'_>) -> Summary {
    let texts = &source.texts;
    let worst = AttackKind::ALL
        .iter()
        .filter_map(|name| source.evidence.headline.get(name)?.risk.map(|risk| (*name, risk)))
        .max_by(|one, other| one.1.total_cmp(&other.1));
    let sentence = match worst.and_then(|(name, _)| Some((name, source.headline_risk(name)?))) {
        Some((name, risk)) => {
            let confidence = source.confidence();
            let values = [
                ("attack", source.attack_word(name)),
                ("risk", &risk.value),
                ("interval", &risk.interval),
                ("confidence", &confidence),
            ];
            texts.fill("verdict.sentence.none", &values)
        }
        None => texts.text("verdict.sentence.nothing").to_owned(),
    };
    let notes = vec![texts.text("verdict.no_limit").to_owned()];
    Summary { verdict: None, word: texts.text("verdict.none").to_owned(), sentence, notes, loosened: None }
}

/// One attack at a glance.
pub fn card(source: &Source<'_>, name: AttackKind) -> Card {
    let texts = &source.texts;
    let limit = source.limit_of(name);
    let risk = source.headline_risk(name);
    let none = texts.text("number.none");
    let (value, interval) = match &risk {
        Some(risk) => (risk.value.clone(), risk.interval.clone()),
        None => (none.to_owned(), none.to_owned()),
    };
    Card {
        loosened: limit.is_some_and(|limit| limit.overridden.is_some_and(|own| own < limit.limit)),
        term: name.code(),
        title: source.attack_name(name).to_owned(),
        question: texts.of_attack("card.{attack}.question", name).to_owned(),
        verdict: limit.map(|limit| limit.verdict),
        word: limit.map_or_else(String::new, |limit| source.verdict_word(limit.verdict).to_owned()),
        sentence: sentence(source, name, risk.as_ref().map(|risk| risk.value.as_str())),
        risk: value,
        interval,
        limit: limit_notes(source, name),
    }
}

fn sentence(source: &Source<'_>, name: AttackKind, risk: Option<&str>) -> String {
    let texts = &source.texts;
    let Some(headline) = source.evidence.headline.get(&name) else {
        return texts.text("card.not_run").to_owned();
    };
    let Some(risk) = risk else {
        return match headline.status {
            Status::Infeasible => texts.text("card.infeasible").to_owned(),
            _ => texts.text("card.undetermined").to_owned(),
        };
    };
    let controlled = source.worst_of(name).is_some_and(|attack| attack.control.is_some());
    let key = if controlled { "card.{attack}.residual" } else { "card.{attack}.plain" };
    let mut sentence = texts.fill_of_attack(key, name, &[("risk", risk)]);
    let mut add = |key: &str| {
        sentence.push_str(texts.text("list.between_sentences"));
        sentence.push_str(texts.text(key));
    };
    if headline.status == Status::Weak {
        add("card.weak");
    }
    if headline.undetermined > 0 {
        add("card.some_undetermined");
    }
    sentence
}

fn limit_notes(source: &Source<'_>, name: AttackKind) -> Vec<String> {
    let texts = &source.texts;
    let Some(limit) = source.limit_of(name) else {
        return if source.options.check.is_some() { vec![texts.text("card.no_limit").to_owned()] } else { Vec::new() };
    };
    let shown = texts.round_percent(limit.limit);
    let status = match limit.source_status {
        SourceStatus::LawOrStandard => texts.text("source.law_or_standard"),
        SourceStatus::AuthorityGuidance => texts.text("source.guidance"),
        SourceStatus::SecondarySource => texts.text("source.secondary"),
        SourceStatus::OrganizationSet => texts.text("source.organization"),
    };
    let chinese = texts.language() == Language::Chinese && !limit.source_zh.is_empty();
    let of = if chinese { &limit.source_zh } else { &limit.source };
    let values = [("limit", shown.as_str()), ("source", of), ("status", status)];
    let mut notes = vec![texts.fill("card.limit", &values)];
    if let Some(own) = limit.overridden {
        notes.push(texts.fill("card.overridden", &[("own", &texts.round_percent(own))]));
    }
    if limit.verdict == Verdict::Inconclusive {
        notes.push(match limit.further_targets {
            Some(targets) => texts.fill("card.further", &[("targets", &texts.count(targets))]),
            None => texts.text("card.no_further").to_owned(),
        });
    }
    notes
}

/// What the report is not.
pub fn legal(source: &Source<'_>) -> Vec<String> {
    let keys = ["legal.advice", "legal.claim", "legal.limits", "legal.personal", "legal.cnil", "legal.perspective"];
    keys.into_iter().map(|key| source.texts.text(key).to_owned()).collect()
}
