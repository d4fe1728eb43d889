//! The report as Markdown, in short: for a job summary, a merge request or an issue.
//!
//! It says what the HTML says, without plots and without the attackers' full sentences. Text from the evidence — names
//! of columns above all — is escaped, so that it can neither break a table nor become markup.

use crate::content::{self, Fold, ReportOptions, Table, Verdict};
use crate::escape::escape;
use crate::evidence::Evidence;
use crate::message::Messages;
use std::fmt::Write;

/// The report as GitHub-flavoured Markdown.
pub fn render(evidence: &Evidence, options: &ReportOptions) -> String {
    let texts = Messages::of(options.language);
    let report = content::report(evidence, options);
    let mut page = Page { text: String::new() };
    if let Some(stamp) = &report.stamp {
        page.paragraph(&format!("**{}**", escape(stamp)));
    }
    page.heading(1, texts.text("report.title"));
    let fact = |fact: &content::Fact| escape(&texts.fill("list.fact", &[("name", &fact.name), ("value", &fact.value)]));
    page.list(&report.context.stated.iter().map(fact).collect::<Vec<_>>());
    if let Some(unstated) = &report.context.unstated {
        page.paragraph(&escape(unstated));
    }
    let symbol = match report.summary.verdict {
        Some(Verdict::Pass) => texts.text("verdict.symbol.pass"),
        Some(Verdict::Fail) => texts.text("verdict.symbol.fail"),
        Some(Verdict::Inconclusive) => texts.text("verdict.symbol.inconclusive"),
        None => "",
    };
    page.paragraph(format!("**{symbol} {}**", escape(&report.summary.word)).replace("** ", "**").as_str());
    page.paragraph(&escape(&report.summary.sentence));
    if let Some(loosened) = &report.summary.loosened {
        page.paragraph(&format!("**{}**", escape(loosened)));
    }
    for note in &report.summary.notes {
        page.paragraph(&escape(note));
    }
    page.list(&report.cards.iter().map(|card| figure(&texts, card)).collect::<Vec<_>>());
    for (title, text) in [("untested.title", &report.untested), ("next.title", &report.next)] {
        page.paragraph(&format!("**{}** {}", escape(texts.text(title)), escape(text)));
    }
    page.list(&report.facts.iter().map(fact).collect::<Vec<_>>());

    page.heading(2, texts.text("section.risks"));
    page.table(&report.risk_table);
    let limits = report.cards.iter().flat_map(|card| {
        card.limit.iter().map(|note| {
            let name = match card.word.is_empty() {
                true => card.title.clone(),
                false => texts.fill("list.remark", &[("name", &card.title), ("remark", &card.word)]),
            };
            escape(&texts.fill("list.fact", &[("name", &name), ("value", note)]))
        })
    });
    page.list(&limits.collect::<Vec<_>>());
    if let Some(limits) = &report.limits {
        page.paragraph(&escape(limits));
    }
    if let Some(table) = &report.rules {
        page.heading(2, texts.text("section.rules"));
        page.table(table);
    }
    if let Some((_, table)) = &report.dose {
        page.heading(2, texts.text("section.dose"));
        page.table(table);
    }
    if !report.worst.is_empty() {
        page.heading(2, texts.text("section.worst"));
        for passage in &report.worst {
            let text = passage.text.join(texts.text("list.between_sentences"));
            page.paragraph(&format!("**{}** — {}", escape(&passage.title), escape(&text)));
        }
    }
    if let Some(advised) = &report.advice {
        page.heading(2, texts.text("section.advice"));
        page.paragraph(&advised.intro);
        page.folds(&advised.folds);
    }
    let sections = [
        ("section.groups", None, &report.groups),
        ("section.known", Some("section.known_intro"), &report.known),
        ("section.earlier", Some("section.earlier_intro"), &report.earlier),
        ("section.classes", Some("measures.intro"), &report.classes),
        ("section.rare", None, &report.rare),
        ("section.calibration", Some("section.calibration_intro"), &report.calibration),
    ];
    for (title, intro, folds) in sections.into_iter().filter(|(_, _, folds)| !folds.is_empty()) {
        page.heading(2, texts.text(title));
        if let Some(intro) = intro {
            page.paragraph(texts.text(intro));
        }
        page.folds(folds);
    }
    page.heading(2, texts.text("section.attackers"));
    page.folds(&report.attackers);

    page.heading(2, texts.text("section.gaps"));
    for gap in &report.gaps {
        page.paragraph(&format!("**{}**", escape(&gap.title)));
        page.list(&gap.items.iter().map(|item| escape(&item.text)).collect::<Vec<_>>());
    }
    page.heading(2, texts.text("section.rerun"));
    page.paragraph(&escape(texts.text("section.rerun_intro")));
    page.paragraph(&format!("```sh\n{}\n```", report.command));
    page.table(&report.origin);
    page.table(&report.settings);
    page.heading(2, texts.text("section.legal"));
    page.list(&report.legal.iter().map(|item| escape(item)).collect::<Vec<_>>());
    if let Some(stamp) = &report.stamp {
        page.paragraph(&format!("**{}**", escape(stamp)));
    }
    page.text
}

/// A figure, what it is a share of, and its bounds.
fn figure(texts: &Messages, card: &content::Card) -> String {
    let name = match card.word.is_empty() {
        true => card.title.clone(),
        false => texts.fill("list.remark", &[("name", &card.title), ("remark", &card.word)]),
    };
    let what = if card.label.is_empty() { &card.sentence } else { &card.label };
    let bounds = card.bounds.iter().map(|bound| escape(bound));
    let parts: Vec<String> = [format!("**{}**", escape(&card.risk)), escape(what)].into_iter().chain(bounds).collect();
    format!("{} — {}", escape(&name), parts.join(" · "))
}

struct Page {
    text: String,
}

impl Page {
    fn heading(&mut self, level: usize, text: &str) {
        let _ = write!(self.text, "{} {}\n\n", "#".repeat(level), escape(text));
    }

    /// A paragraph of finished Markdown.
    fn paragraph(&mut self, text: &str) {
        let _ = write!(self.text, "{text}\n\n");
    }

    /// Items of finished Markdown.
    fn list(&mut self, items: &[String]) {
        for item in items {
            let _ = writeln!(self.text, "- {item}");
        }
        if !items.is_empty() {
            self.text.push('\n');
        }
    }

    fn table(&mut self, table: &Table) {
        self.paragraph(&format!("*{}*", escape(&table.caption)));
        let heads: Vec<String> = table.heads.iter().map(|head| escape(&head.label)).collect();
        let _ = writeln!(self.text, "| {} |", heads.join(" | "));
        let _ = writeln!(self.text, "|{}", " --- |".repeat(heads.len()));
        for row in &table.rows {
            let cells: Vec<String> = row.iter().map(|cell| escape(cell)).collect();
            let _ = writeln!(self.text, "| {} |", cells.join(" | "));
        }
        self.text.push('\n');
    }

    fn folds(&mut self, folds: &[Fold]) {
        for fold in folds {
            self.table(&fold.table);
            self.list(&fold.notes.iter().map(|note| escape(&note.text)).collect::<Vec<_>>());
        }
    }
}
