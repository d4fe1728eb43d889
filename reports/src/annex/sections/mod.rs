//! The cover and the sixteen sections, composed from what was assessed.

mod attacks;
mod conclusion;
mod cover;
mod data;
mod identifiers;
mod integrity;
mod processing;
mod rating;
mod remaining;
mod renewal;
mod reversibility;
mod risk;
#[cfg(test)]
mod test;
mod words;

use super::assess::Assessed;
use super::document::{Document, Mark, Section, SectionId, Table, Text};
use crate::check::policy::SourceStatus;
use crate::content::{ReportOptions, Small, Source};
use crate::message::{Language, Messages};

/// Composes the annex in a language. Only Chinese is filed; any other is stamped as a translation.
pub fn document(assessed: &Assessed<'_>, language: Language) -> Document {
    let min_cell = assessed.input.policy.min_cell.max(assessed.input.rules.report.least_count.value);
    let exact = assessed.input.working;
    let options = ReportOptions { language, include_sensitive: exact, min_cell, ..ReportOptions::default() };
    let texts = Messages::of(language);
    let small = Small { min: min_cell, exact };
    let source = Source { evidence: assessed.input.evidence, options: &options, texts, small };
    let composer = Composer { assessed, texts, source: &source };
    let mut document = Document::new(language);
    cover::cover(&composer, &mut document);
    document.sections = SectionId::ALL.into_iter().map(|id| composer.section(id)).collect();
    document
}

/// What every section is made from.
struct Composer<'a> {
    assessed: &'a Assessed<'a>,
    texts: Messages,
    source: &'a Source<'a>,
}

impl Composer<'_> {
    fn section(&self, id: SectionId) -> Section {
        let mut section = Section::new(id, self.texts.language());
        match id {
            SectionId::Conclusion => conclusion::conclusion(self, &mut section),
            SectionId::Work => processing::work(self, &mut section),
            SectionId::Processing => processing::processing(self, &mut section),
            SectionId::DataItems => data::items(self, &mut section),
            SectionId::Measures => data::measures(self, &mut section),
            SectionId::Identifiers => identifiers::identifiers(self, &mut section),
            SectionId::Risk => risk::risk(self, &mut section),
            SectionId::Attacks => attacks::attacks(self, &mut section),
            SectionId::Reversibility => reversibility::reversibility(self, &mut section),
            SectionId::Robustness => attacks::robustness(self, &mut section),
            SectionId::Utility => rating::utility(self, &mut section),
            SectionId::Rating => rating::rating(self, &mut section),
            SectionId::Remaining => remaining::remaining(self, &mut section),
            SectionId::Renewal => renewal::renewal(self, &mut section),
            SectionId::Integrity => integrity::integrity(self, &mut section),
            SectionId::Clauses => integrity::clauses(self, &mut section),
        }
        section
    }

    fn language(&self) -> Language {
        self.texts.language()
    }

    fn t(&self, key: &str) -> String {
        self.texts.text(key).to_owned()
    }

    fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.texts.fill(key, values)
    }

    /// A text of the filer, or that there is none.
    fn stated(&self, text: &str) -> String {
        if text.is_empty() { self.t("annex.text.not_stated") } else { text.to_owned() }
    }

    fn day(&self, day: Option<super::calendar::Date>) -> String {
        day.map_or_else(|| self.t("annex.text.not_stated"), |day| day.to_string())
    }

    /// A table whose heads are messages.
    fn table(&self, title: &str, heads: &[(&str, u32)]) -> Table {
        let named: Vec<(String, u32)> = heads.iter().map(|(key, width)| (self.t(key), *width)).collect();
        let columns: Vec<(&str, u32)> = named.iter().map(|(name, width)| (name.as_str(), *width)).collect();
        Table::new(title, &columns)
    }

    /// A table of keys and values.
    fn pairs(&self, title: &str) -> Table {
        self.table(title, &[("annex.head.key", 3), ("annex.head.value", 7)])
    }

    /// A list in the language, or that there is nothing.
    fn list<S: AsRef<str>>(&self, items: &[S]) -> String {
        if items.is_empty() { self.t("annex.text.none") } else { self.texts.list(items) }
    }

    /// Names of columns as the language quotes them, or that there are none. Without quotes, Latin names that Chinese marks
    /// separate are broken anywhere or nowhere by word processors.
    fn columns<S: AsRef<str>>(&self, names: &[S]) -> String {
        let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
        if names.is_empty() { self.t("annex.text.none") } else { self.source.columns(&names) }
    }

    /// The text that a Chinese document shows where there is one, else the English one.
    fn either<'t>(&self, english: &'t str, chinese: &'t str) -> &'t str {
        if self.language() == Language::Chinese && !chinese.is_empty() { chinese } else { english }
    }

    /// A source in words with the mark of what it is worth.
    fn sourced(&self, source: &str, mark: Mark) -> Text {
        Text::marked(source, mark)
    }
}

/// The mark of a policy's source: guidance and laws were read; what the organization set is its own.
fn mark_of(status: SourceStatus) -> Mark {
    match status {
        SourceStatus::LawOrStandard | SourceStatus::AuthorityGuidance => Mark::Confirmed,
        SourceStatus::SecondarySource => Mark::Secondary,
        SourceStatus::OrganizationSet => Mark::Proposal,
    }
}
