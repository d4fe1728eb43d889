//! Sections fifteen and sixteen: how to check it all, and the clause map.

use super::Composer;
use crate::annex::document::{Section, SectionId, Text};

/// Section fifteen.
pub(super) fn integrity(composer: &Composer<'_>, section: &mut Section) {
    let input = &composer.assessed.input;
    let report = crate::content::report(input.evidence, composer.source.options);
    section.heading(composer.t("annex.integrity.digests"));
    let mut table = composer.pairs("");
    let mut row = |key: &str, value: Text| table.row([Text::from(composer.t(key)), value]);
    let release = input.evidence.inputs.anonymized.sha256.clone().unwrap_or_default();
    row("annex.integrity.release_sha256", composer.stated(&release).into());
    row("annex.integrity.evidence_sha256", input.digests.sha256.as_str().into());
    row("annex.integrity.evidence_sm3", composer.stated(input.digests.sm3.as_deref().unwrap_or_default()).into());
    match input.signature {
        None => row("annex.integrity.signers", Text::warning(composer.t("annex.integrity.unsigned"))),
        Some(signature) => {
            row("annex.integrity.signers", composer.list(&signature.signers).into());
            let commitment =
                |made: Option<&String>| made.cloned().unwrap_or_else(|| composer.t("annex.integrity.not_committed"));
            let made = signature.commitments.as_ref();
            row("annex.integrity.commitment_original", commitment(made.and_then(|it| it.original.as_ref())).into());
            row("annex.integrity.commitment_control", commitment(made.and_then(|it| it.control.as_ref())).into());
            let log = signature.audit_log.as_ref().map_or_else(
                || composer.t("annex.integrity.no_log"),
                |head| {
                    let entries = composer.texts.count(head.entries);
                    composer.fill("annex.integrity.audit_log_value", &[("entries", &entries), ("hash", &head.hash)])
                },
            );
            row("annex.integrity.audit_log", log.into());
        }
    }
    row("annex.integrity.policy", input.policy.digest.as_str().into());
    row("annex.integrity.rules", input.rules.id.as_str().into());
    section.table(table);
    section.paragraph(composer.t("annex.integrity.no_digest"));

    section.heading(composer.t("annex.integrity.settings"));
    let mut table = composer.table("", &[("annex.head.setting", 4), ("annex.head.value", 6)]);
    for row in &report.settings.rows {
        table.row(row.iter().map(String::as_str));
    }
    section.table(table);

    section.heading(composer.t("annex.integrity.verify"));
    section.paragraph(composer.t("annex.integrity.verify_intro"));
    section.subheading(composer.t("annex.integrity.command"));
    let mut lines: Vec<String> = report.command.lines().map(str::to_owned).collect();
    lines.push("reident verify ENVELOPE --public-key KEY --evidence EVIDENCE --anonymized ANONYMIZED".to_owned());
    section.code(lines);
}

/// Section sixteen.
pub(super) fn clauses(composer: &Composer<'_>, section: &mut Section) {
    let assessed = composer.assessed;
    section.paragraph(composer.t("annex.clauses.intro"));
    let heads = [("annex.head.clause", 7), ("annex.head.sections", 3), ("annex.head.status", 2)];
    let mut table = composer.table(composer.texts.text("annex.clauses.table"), &heads);
    for (clause, status) in assessed.input.rules.clauses.iter().zip(&assessed.clauses) {
        let section = |number: &usize| match number.checked_sub(1).and_then(|at| SectionId::ALL.get(at)) {
            Some(id) => id.number(composer.language()),
            None => composer.t("annex.clauses.cover"),
        };
        let sections: Vec<String> = clause.sections.iter().map(section).collect();
        table.row([
            composer.sourced(clause.title(composer.language()), clause.mark),
            composer.list(&sections).into(),
            Text::from(composer.t(status.key())),
        ]);
    }
    section.table(table);
}
