//! Reports of evidence for persons, as a page, a text or a printed document.

pub mod pdf;

use crate::document::DocumentError;
use reident_reports::advice::AdviceFile;
use reident_reports::check::{Policy, check};
use reident_reports::evidence::Evidence;
use reident_reports::html::{self, ReportOptions, Verdicts};
use reident_reports::markdown;
use reident_reports::message::Language;

/// The form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One file for a browser.
    Html,
    /// Tables for a wiki or a merge request.
    Markdown,
}

/// What a report shows beside the evidence.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// Its language.
    pub language: Language,
    /// The policy whose verdict comes first.
    pub policy: Option<&'a Policy>,
    /// Whether small counts are shown exactly; every page is stamped then.
    pub include_sensitive: bool,
    /// What to change of the release, where that was tried.
    pub advice: Option<&'a AdviceFile>,
}

/// The text of a report.
///
/// # Errors
/// When the policy shows counts of so few persons that they may point at somebody, and that was not asked for; when the advice is of another
/// release or run.
pub fn render(evidence: &Evidence, form: Form, shown: Shown<'_>) -> Result<String, DocumentError> {
    let min_cell = shown.policy.map_or(html::MIN_CELL, |policy| policy.min_cell);
    if min_cell < html::MIN_CELL && !shown.include_sensitive {
        return Err(DocumentError::new(format!(
            "the policy shows counts of persons from {min_cell} on, and below {} they may point at somebody; pass \
             --include-sensitive, which stamps the report",
            html::MIN_CELL
        )));
    }
    if shown.advice.is_some_and(|advice| !advice.is_of(evidence)) {
        return Err(DocumentError::mismatch(
            "the advice is not of this evidence: it was made of another release, or by other attackers; make it with the tables and \
             settings of the evidence",
        ));
    }
    let result = shown.policy.map(|policy| check(evidence, policy));
    let options = ReportOptions {
        language: shown.language,
        check: result.as_ref().map(Verdicts::of),
        include_sensitive: shown.include_sensitive,
        min_cell,
        advice: shown.advice.cloned(),
    };
    Ok(match form {
        Form::Html => html::render(evidence, &options),
        Form::Markdown => markdown::render(evidence, &options),
    })
}
