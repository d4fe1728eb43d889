//! The cover: what the annex is, of whom, how it ends, and who answers for it.

use super::Composer;
use crate::annex::dates::{Clock, kept_until};
use crate::annex::document::{Block, Document, Mark, Table, Text};
use crate::annex::manifest::SIGNATORIES;
use crate::message::Language;

/// Title, author, stamps and the tables of the cover.
pub(super) fn cover(composer: &Composer<'_>, document: &mut Document) {
    let input = &composer.assessed.input;
    let manifest = input.manifest;
    let version = manifest.report.version.unwrap_or(1).to_string();
    document.creator = manifest.filer.name.clone();
    document.issued = manifest.report.issued.map_or_else(String::new, |day| day.to_string());
    document.reference = composer.fill("annex.cover.reference", &[("id", &manifest.report.id), ("version", &version)]);
    let stamps = [
        (input.working, "annex.stamp.working"),
        (composer.language() != Language::Chinese, "annex.stamp.translation"),
        (input.signature.is_none(), "annex.stamp.unsigned"),
    ];
    document.stamps = stamps.into_iter().filter(|(is, _)| *is).map(|(_, key)| composer.t(key)).collect();

    document.cover.push(Block::Table(facts(composer, &version)));
    if input.signature.is_none() {
        document.cover.push(Block::Warning { text: Text::warning(composer.t("annex.cover.unsigned")) });
    }
    document.cover.push(Block::Table(approval(composer)));
    document.cover.push(Block::Table(marks(composer)));
}

fn facts(composer: &Composer<'_>, version: &str) -> Table {
    let assessed = composer.assessed;
    let input = &assessed.input;
    let manifest = input.manifest;
    let mut table = composer.pairs("");
    let mut row = |key: &str, value: Text| table.row([Text::from(composer.t(key)), value]);
    row("annex.cover.filer", composer.stated(&manifest.filer.name).into());
    row("annex.cover.uscc", composer.stated(&manifest.filer.uscc).into());
    row("annex.cover.address", composer.stated(&manifest.filer.address).into());
    row("annex.cover.report_id", composer.stated(&manifest.report.id).into());
    row("annex.cover.version", version.into());
    row("annex.cover.issued", composer.day(manifest.report.issued).into());
    let review = assessed.dates.iter().find(|it| it.clock == Clock::Review);
    let valid = review.map_or_else(|| composer.stated("").into(), |it| Text::marked(it.day.to_string(), it.mark));
    row("annex.cover.valid_until", valid);
    let kept = kept_until(&assessed.dates);
    let mark = assessed.dates.iter().find(|it| Some(it.day) == kept).map(|it| it.mark);
    let kept = match (kept, mark) {
        (Some(day), Some(mark)) => Text::marked(day.to_string(), mark),
        _ => composer.stated("").into(),
    };
    row("annex.cover.kept_until", kept);
    row("annex.cover.evidence_sha256", input.digests.sha256.as_str().into());
    row("annex.cover.evidence_sm3", composer.stated(input.digests.sm3.as_deref().unwrap_or_default()).into());
    let signers = match input.signature {
        Some(signature) => Text::from(signature.signers.join(composer.texts.text("list.separator"))),
        None => Text::warning(composer.t("annex.cover.unsigned")),
    };
    row("annex.cover.signer", signers);
    if input.signature.is_some() {
        row("annex.cover.signature", composer.t("annex.cover.signed").into());
    }
    if let Some(signed_on) = input.signature.and_then(|signature| signature.signed_on.as_ref()) {
        row("annex.cover.signed_on", signed_on.as_str().into());
    }
    let tier = if input.working { "annex.cover.tier_working" } else { "annex.cover.tier_filing" };
    row("annex.cover.tier", composer.t(tier).into());
    row("annex.cover.conclusion", assessed.conclusion.id.id().into());
    row("annex.cover.route", composer.word(manifest.filing.route).into());
    if !manifest.filing.number.is_empty() {
        row("annex.cover.number", manifest.filing.number.as_str().into());
    }
    if let Some(third) = &manifest.third_party {
        let values =
            [("name", third.name.as_str()), ("uscc", &third.uscc), ("role", &third.role), ("part", &third.part)];
        row("annex.cover.third_party", composer.fill("annex.cover.third_party_value", &values).into());
    }
    row("annex.cover.rules", input.rules.id.as_str().into());
    table
}

fn approval(composer: &Composer<'_>) -> Table {
    let heads = [
        ("annex.cover.approval_role", 5),
        ("annex.cover.approval_name", 3),
        ("annex.cover.approval_title", 5),
        ("annex.cover.approval_signature", 4),
        ("annex.cover.approval_date", 4),
    ];
    let mut table = composer.table(composer.texts.text("annex.cover.approval"), &heads);
    table.signed = true;
    for (key, signatory) in SIGNATORIES.into_iter().zip(&composer.assessed.input.manifest.approval.0) {
        let pending = || composer.t("annex.cover.pending");
        let [name, title, date] = match signatory {
            Some(it) => [it.name.clone(), it.title.clone(), it.date.map_or_else(pending, |day| day.to_string())],
            None => [pending(), String::new(), pending()],
        };
        table.row([composer.signatory(key), name, title, String::new(), date]);
    }
    table
}

fn marks(composer: &Composer<'_>) -> Table {
    let heads = [("annex.head.source", 3), ("annex.head.value", 7)];
    let mut table = composer.table(composer.texts.text("annex.cover.marks"), &heads);
    for mark in Mark::ALL {
        table.row([Text::marked("", mark), composer.t(mark.meaning()).into()]);
    }
    table
}
