//! The verdict or, without limits, the largest risk; and what the report is not.

use super::{Claim, Source, SourceStatus, Summary, Verdict, Verdicts};
use crate::check::Doubt;
use crate::evidence::AttackKind;
use crate::message::Language;

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
    let policy = policy(source, check);
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
            let claim = match check.claim {
                Claim::DeIdentified => "verdict.claim.fail_de_identified",
                Claim::Anonymized | Claim::None => "verdict.claim.fail",
            };
            (sentence, claim)
        }
        Verdict::Inconclusive => {
            let values = [("policy", policy), ("attacks", open.as_str()), ("count", &undecided)];
            let sentence = match open.is_empty() {
                true => texts.fill("verdict.sentence.inconclusive_otherwise", &values),
                false => texts.fill("verdict.sentence.inconclusive", &values),
            };
            let claim = match check.claim {
                Claim::DeIdentified => "verdict.claim.inconclusive_de_identified",
                Claim::Anonymized | Claim::None => "verdict.claim.inconclusive",
            };
            (sentence, claim)
        }
    };
    notes.extend(found(source, check));
    notes.extend(doubts(source, check));
    notes.push(texts.text(claim).to_owned());
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

/// The policy by its title, its name and its version.
pub fn policy(source: &Source<'_>, check: &Verdicts) -> String {
    let title = match source.texts.language() {
        Language::Chinese if !check.title_zh.is_empty() => &check.title_zh,
        _ => &check.title,
    };
    let version = check.version.to_string();
    let values = [("title", title.as_str()), ("name", &check.policy), ("version", &version)];
    source.texts.fill("verdict.policy", &values)
}

/// What was found in the release that decides by itself.
fn found(source: &Source<'_>, check: &Verdicts) -> Vec<String> {
    let said = check.found.iter().map(|found| {
        let kind = source.finding(&found.kind);
        source.texts.fill("list.fact", &[("name", &kind), ("value", &source.columns(&found.columns))])
    });
    said.collect()
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

/// What limits are worth that are not a law's or a standard's.
pub fn limits(source: &Source<'_>) -> Option<String> {
    let check = source.options.check.as_ref()?;
    let own = check.limits.iter().any(|limit| limit.source_status != SourceStatus::LawOrStandard);
    own.then(|| source.texts.text("verdict.no_authority").to_owned())
}

/// What the report is not.
pub fn legal(source: &Source<'_>) -> Vec<String> {
    let keys = ["legal.advice", "legal.claim", "legal.limits", "legal.personal", "legal.cnil", "legal.perspective"];
    keys.into_iter().map(|key| source.texts.text(key).to_owned()).collect()
}
