//! The report as one HTML file: no script, no network, no font of its own.
//!
//! The page is `templates/report.html`, compiled in and escaping whatever it shows; its style is `templates/report.css`,
//! its words are the messages', and the plots are drawn by [`svg`].

use crate::content::{self, Report, Table};
use crate::evidence::Evidence;
use crate::message::Messages;
use crate::svg;
use askama::Template;

pub mod pdf;

pub use crate::content::{
    Claim, LimitVerdict, MIN_CELL, ReportOptions, RuleOutcome, RuleVerdict, SourceStatus, Verdict, Verdicts,
};

/// Widths the plots are drawn at: a page, and a phone, on which the page's drawing would shrink to illegible.
const WIDTHS: [(&str, u32); 2] = [("wide", 720), ("narrow", 330)];

const STYLE: &str = include_str!("../../templates/report.css");

#[derive(Template)]
#[template(path = "report.html", escape = "html")]
struct Page<'a> {
    texts: Messages,
    report: &'a Report,
    style: &'a str,
    /// Text of every printed page's margin, as a CSS string.
    margin: String,
    risks: String,
    dose: Option<(String, &'a Table)>,
    legend: Vec<(String, &'a str)>,
    generator: String,
}

impl Page<'_> {
    fn text(&self, key: &'static str) -> &str {
        self.texts.text(key)
    }

    /// The tone of the whole: a pass under loosened limits is no plain pass.
    fn tone_of_all(&self) -> &'static str {
        match self.tone(&self.report.summary.verdict) {
            "pass" if self.report.summary.loosened.is_some() => "open",
            tone => tone,
        }
    }

    /// The tone of a card, likewise.
    fn tone_of(&self, card: &content::Card) -> &'static str {
        match self.tone(&card.verdict) {
            "pass" if card.loosened => "open",
            tone => tone,
        }
    }

    /// Class and symbol of a verdict: the symbol tells it where colours do not.
    fn tone(&self, verdict: &Option<Verdict>) -> &'static str {
        match verdict {
            Some(Verdict::Pass) => "pass",
            Some(Verdict::Fail) => "fail",
            Some(Verdict::Inconclusive) => "open",
            None => "plain",
        }
    }

    fn symbol(&self, verdict: &Option<Verdict>) -> &str {
        match verdict {
            Some(Verdict::Pass) => self.texts.text("verdict.symbol.pass"),
            Some(Verdict::Fail) => self.texts.text("verdict.symbol.fail"),
            Some(Verdict::Inconclusive) => self.texts.text("verdict.symbol.inconclusive"),
            None => "",
        }
    }
}

/// The report as an HTML document.
pub fn render(evidence: &Evidence, options: &ReportOptions) -> String {
    let texts = Messages::of(options.language);
    let report = content::report(evidence, options);
    let drawn = |draw: &dyn Fn(u32, &str) -> String, name: &str| {
        let figures = WIDTHS.map(|(class, width)| {
            format!("<div class=\"figure {class}\">{}</div>", draw(width, &format!("{name}-{class}")))
        });
        figures.concat()
    };
    let risks = drawn(&|width, id| svg::interval_plot(&report.risks, width, id), "risks");
    let dose = report.dose.as_ref();
    let dose = dose.map(|(plot, table)| (drawn(&|width, id| svg::dose_plot(plot, width, id), "dose"), table));
    let names = &report.risks.legend;
    let mut legend = vec![("risk", &names.risk), ("main", &names.main)];
    if report.risks.rows.iter().any(|row| row.control.is_some()) {
        legend.push(("control", &names.control));
    }
    legend.push(("baseline", &names.baseline));
    if report.risks.rows.iter().any(|row| row.limit.is_some()) {
        legend.push(("limit", &names.limit));
    }
    let page = Page {
        texts,
        report: &report,
        style: STYLE,
        margin: css_string(report.stamp.as_deref().unwrap_or_else(|| texts.text("report.title"))),
        risks,
        dose,
        legend: legend.into_iter().map(|(mark, name)| (svg::mark(mark), name.as_str())).collect(),
        generator: format!("{} {}", evidence.tool.name, evidence.tool.version),
    };
    page.render().expect("writing to a string does not fail")
}

/// A CSS string that can also not end the style element that it stands in.
fn css_string(text: &str) -> String {
    let mut string = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' | '<' | '>' | '&' | '\n' => string.push_str(&format!("\\{:x} ", u32::from(letter))),
            other => string.push(other),
        }
    }
    string.push('"');
    string
}
