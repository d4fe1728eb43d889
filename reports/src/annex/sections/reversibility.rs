//! Section nine: whether what was done can be undone.

use super::Composer;
use crate::annex::document::{Section, Text};
use crate::annex::facts::{self, State, measure};

/// Section nine.
pub(super) fn reversibility(composer: &Composer<'_>, section: &mut Section) {
    let assessed = composer.assessed;
    section.paragraph(composer.t("annex.reversibility.intro"));
    section.heading(composer.t("annex.reversibility.table"));
    if let Some(columns) = facts::value(assessed.input.evidence, measure::SEARCHED) {
        let columns = composer.texts.count(columns as u64);
        section.paragraph(composer.fill("annex.reversibility.searched", &[("columns", &columns)]));
    }
    let any = facts::findings(assessed.input.evidence, &facts::REVERSIBILITY).next().is_some();
    if assessed.facts.reversibility == State::NotTested {
        section.warning(Text::warning(composer.t("annex.reversibility.not_tested")));
    } else if !any {
        section.paragraph(composer.t("annex.reversibility.none"));
    }
    if any {
        super::identifiers::findings(composer, section, &facts::REVERSIBILITY);
    }
    section.paragraph(composer.t("annex.reversibility.not_searched"));
    section.heading(composer.t("annex.measures.secrets"));
    let secrets = &assessed.input.manifest.secrets;
    let mut table = composer.pairs("");
    table.row([composer.t("annex.measures.mapping"), composer.word(secrets.mapping)]);
    table.row([composer.t("annex.measures.keys"), composer.word(secrets.keys)]);
    table.row([composer.t("annex.reversibility.attested"), composer.yes_no(!secrets.attested_by.is_empty())]);
    section.table(table);
    section.heading(composer.t("annex.reversibility.others"));
    let others = &assessed.input.manifest.release.others;
    if others.is_empty() {
        section.paragraph(composer.t("annex.reversibility.others_none"));
        return;
    }
    let heads = [("annex.head.name", 4), ("annex.head.date", 2), ("annex.head.relation", 3)];
    let mut table = composer.table("", &heads);
    for other in others {
        table.row([other.name.clone(), composer.day(other.date), composer.word(Some(other.relation))]);
    }
    section.table(table);
}
