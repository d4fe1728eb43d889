//! What a report says, in words and numbers but without a layout: the HTML and the Markdown show the same content.

use crate::evidence::{AttackKind, Evidence};
use crate::message::Messages;
use crate::percent::round_percent;

mod advice;
mod attackers;
pub mod calibration;
mod cards;
mod charts;
mod classes;
mod context;
mod earlier;
mod gaps;
mod groups;
mod known;
mod next;
mod options;
mod rare;
mod rules;
mod run;
mod settings;
mod small;
mod summary;
mod untested;

pub use context::Context;
pub use options::{
    Claim, LimitVerdict, MIN_CELL, ReportOptions, RuleOutcome, RuleVerdict, SourceStatus, Verdict, Verdicts,
};
pub use small::Small;

/// The terms that the method section explains, in its order. A term's messages are `term.ID.name`, `.brief`, `.full`.
pub const TERMS: [&str; 22] = [
    "record_linkage",
    "singling_out",
    "linkability",
    "inference",
    "membership",
    "risk",
    "interval",
    "simultaneous",
    "main",
    "control",
    "baseline",
    "limit",
    "attacker",
    "known",
    "predicate",
    "neighbors",
    "ambiguous",
    "status",
    "rarity",
    "small",
    "effective",
    "digest",
];

/// All that a report says.
#[derive(Debug)]
pub struct Report {
    /// Which data set it is, for whom, how it is shared and when.
    pub context: Context,
    /// What was not tested, in a line.
    pub untested: String,
    /// What to do next.
    pub next: String,
    /// What the limits are worth where they are not a law's or a standard's.
    pub limits: Option<String>,
    /// Rules and requirements of the policy beside the limits.
    pub rules: Option<Table>,
    /// What was measured, on which tables.
    pub facts: Vec<Fact>,
    /// Shown on every page when small counts are told exactly.
    pub stamp: Option<String>,
    /// The verdict or, without limits, the largest risk.
    pub summary: Summary,
    /// One per attack.
    pub cards: Vec<Card>,
    /// The three risks against their limits.
    pub risks: crate::svg::IntervalPlot,
    /// The same in a table.
    pub risk_table: Table,
    /// Singling out against columns per predicate; none with fewer than two points.
    pub dose: Option<(crate::svg::DosePlot, Table)>,
    /// The worst attacker of each attack.
    pub worst: Vec<Passage>,
    /// Secrets by the rarity of their values, most exposed first.
    pub rare: Vec<Fold>,
    /// Parts of the persons, by attack.
    pub groups: Vec<Fold>,
    /// The risk by how many columns an attacker knows, where they were searched for.
    pub known: Vec<Fold>,
    /// Whether the attacks would have noticed a leak.
    pub calibration: Vec<Fold>,
    /// What earlier releases of the same persons tell besides.
    pub earlier: Vec<Fold>,
    /// Equivalence classes and what follows from their sizes.
    pub classes: Vec<Fold>,
    /// What to change of the release, where that was tried.
    pub advice: Option<Advised>,
    /// All attackers, by attack.
    pub attackers: Vec<Fold>,
    /// What was not measured, and other things to know.
    pub gaps: Vec<Gap>,
    /// Meaning of the figures.
    pub terms: Vec<TermWords>,
    /// Settings as resolved.
    pub settings: Table,
    /// Columns that attackers could use.
    pub columns: Table,
    /// Tables, tool and digests.
    pub origin: Table,
    /// How to run it again.
    pub command: String,
    /// What the report is not.
    pub legal: Vec<String>,
}

/// A name and its value.
#[derive(Debug)]
pub struct Fact {
    /// Name.
    pub name: String,
    /// Value.
    pub value: String,
}

/// The first block of a report.
#[derive(Debug)]
pub struct Summary {
    /// Overall verdict, if a check was given.
    pub verdict: Option<Verdict>,
    /// The verdict's name.
    pub word: String,
    /// What is found, in a sentence.
    pub sentence: String,
    /// What follows, and what does not.
    pub notes: Vec<String>,
    /// Values that were changed so that a pass is easier: such a verdict is never shown as a plain pass.
    pub loosened: Option<String>,
}

/// One attack at a glance.
#[derive(Debug)]
pub struct Card {
    /// Whether the policy's own limit was replaced by a higher one.
    pub loosened: bool,
    /// The attack's term.
    pub term: &'static str,
    /// The attack.
    pub title: String,
    /// The question it asks.
    pub question: String,
    /// Its verdict, if there is a limit.
    pub verdict: Option<Verdict>,
    /// The verdict's name.
    pub word: String,
    /// The risk.
    pub risk: String,
    /// What the risk is a share of; empty where there is none.
    pub label: String,
    /// Its simultaneous interval and its limit, in short.
    pub bounds: Vec<String>,
    /// What that means.
    pub sentence: String,
    /// The limit, where it comes from, and what would decide.
    pub limit: Vec<String>,
}

/// A titled paragraph.
#[derive(Debug)]
pub struct Passage {
    /// Title.
    pub title: String,
    /// Sentences.
    pub text: Vec<String>,
}

/// A table that folds away under its summary.
#[derive(Debug)]
pub struct Fold {
    /// What is inside.
    pub summary: String,
    /// Whether it is open at first.
    pub open: bool,
    /// The table.
    pub table: Table,
    /// Remarks under it.
    pub notes: Vec<Item>,
}

impl Report {
    /// Whether there are changes of the release to read about.
    pub fn is_advised(&self) -> bool {
        self.advice.as_ref().is_some_and(|advised| !advised.folds.is_empty())
    }
}

/// Changes of the release that were tried.
#[derive(Debug)]
pub struct Advised {
    /// What they are worth, and how they were tried.
    pub intro: String,
    /// The changes, and what each column contributes to the worst attackers; nothing where there is nothing to advise on.
    pub folds: Vec<Fold>,
}

/// A group of things that were not measured or that the reader must know.
#[derive(Debug)]
pub struct Gap {
    /// Title.
    pub title: String,
    /// Entries.
    pub items: Vec<Item>,
}

/// A sentence; `english` when it comes from the evidence and has no translation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The sentence.
    pub text: String,
    /// Whether it is English in a report of another language.
    pub english: bool,
}

impl Item {
    /// A sentence in the report's language.
    pub fn new(text: String) -> Item {
        Item { text, english: false }
    }
}

/// A table with a caption; the first cell of a row is its header.
#[derive(Debug, Default)]
pub struct Table {
    /// Caption.
    pub caption: String,
    /// Heads of the columns.
    pub heads: Vec<Head>,
    /// Rows.
    pub rows: Vec<Vec<String>>,
}

/// Head of a column.
#[derive(Debug)]
pub struct Head {
    /// Label.
    pub label: String,
    /// The term that explains the column.
    pub term: Option<TermLink>,
}

/// Where a term is explained, and its meaning in short.
#[derive(Debug)]
pub struct TermLink {
    /// Its id.
    pub id: &'static str,
    /// Its meaning in a sentence.
    pub brief: String,
}

/// A term in the method section.
#[derive(Debug)]
pub struct TermWords {
    /// Its id.
    pub id: &'static str,
    /// Its name.
    pub name: String,
    /// Its full meaning.
    pub full: String,
}

/// What every part of the content is made from.
pub(crate) struct Source<'a> {
    pub evidence: &'a Evidence,
    pub options: &'a ReportOptions,
    pub texts: Messages,
    pub small: Small,
}

impl Source<'_> {
    fn head(&self, key: &str) -> Head {
        Head { label: self.texts.text(key).to_owned(), term: None }
    }

    /// A column headed by a term's own name.
    fn term(&self, id: &'static str) -> Head {
        let label = self.texts.text(&format!("term.{id}.name")).to_owned();
        Head { label, term: Some(self.link(id)) }
    }

    fn link(&self, id: &'static str) -> TermLink {
        TermLink { id, brief: self.texts.text(&format!("term.{id}.brief")).to_owned() }
    }

    fn attack_name(&self, attack: AttackKind) -> &str {
        self.texts.of_attack("term.{attack}.name", attack)
    }

    /// The attack's name inside a sentence.
    fn attack_word(&self, attack: AttackKind) -> &str {
        self.texts.of_attack("attack.{attack}", attack)
    }

    /// Whether a reader expects to see an attack. Record linkage and membership only where they were played or a policy limits them: a
    /// release that is not made of records has no linkage, and membership is played when it is asked for.
    fn is_expected(&self, attack: AttackKind) -> bool {
        let played = self.evidence.headline.contains_key(&attack);
        played
            || self.limit_of(attack).is_some()
            || !matches!(attack, AttackKind::RecordLinkage | AttackKind::Membership)
    }

    fn limit_of(&self, attack: AttackKind) -> Option<&LimitVerdict> {
        self.options.check.as_ref()?.limits.iter().find(|limit| limit.attack == attack)
    }

    /// Names of columns in a running sentence.
    pub(crate) fn columns<S: AsRef<str>>(&self, names: &[S]) -> String {
        let names: Vec<String> = names.iter().map(|name| self.column(name.as_ref())).collect();
        self.texts.list(&names)
    }

    /// The name of a column in a running sentence, set off from a script that it may not be in.
    pub(crate) fn column(&self, name: &str) -> String {
        self.texts.fill("list.name", &[("name", name)])
    }

    fn confidence(&self) -> String {
        round_percent(self.evidence.settings.confidence)
    }
}

/// The content of a report.
pub fn report(evidence: &Evidence, options: &ReportOptions) -> Report {
    let texts = Messages::of(options.language);
    let small = Small { min: options.min_cell, exact: options.include_sensitive };
    let source = Source { evidence, options, texts, small };
    let full = |id: &str| texts.fill(&format!("term.{id}.full"), &[("min", &options.min_cell.to_string())]);
    Report {
        context: context::context(&source),
        untested: untested::untested(&source),
        next: next::next(&source),
        limits: summary::limits(&source),
        rules: rules::table(&source),
        facts: run::facts(&source),
        stamp: options.include_sensitive.then(|| texts.text("report.stamp").to_owned()),
        summary: summary::summary(&source),
        cards: AttackKind::ALL
            .iter()
            .filter(|attack| source.is_expected(**attack))
            .map(|attack| cards::card(&source, *attack))
            .collect(),
        risks: charts::risks(&source),
        risk_table: charts::risk_table(&source),
        dose: charts::dose(&source),
        worst: attackers::worst(&source),
        rare: rare::folds(&source),
        groups: groups::folds(&source),
        known: known::folds(&source),
        calibration: calibration::folds(&source),
        earlier: earlier::folds(&source),
        classes: classes::folds(&source),
        advice: advice::advised(&source),
        attackers: attackers::folds(&source),
        gaps: gaps::gaps(&source),
        terms: TERMS
            .into_iter()
            .map(|id| TermWords { id, name: texts.text(&format!("term.{id}.name")).to_owned(), full: full(id) })
            .collect(),
        settings: settings::settings(&source),
        columns: run::columns(&source),
        origin: run::origin(&source),
        command: run::command(&source),
        legal: summary::legal(&source),
    }
}
