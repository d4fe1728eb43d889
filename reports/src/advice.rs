//! What to change of a release: the worst attackers, what each column contributes to them, and changes that were tried.
//!
//! It counts persons however few they are, for whoever prepares the release; it is no part of evidence, and holds no cell of the
//! original or the control. A report shows what may be told of it (`content/advice.rs`).

use crate::check;
use crate::evidence::{AttackKind, Evidence, Headline, Number, Status, round};
use crate::message::{Language, Messages};
use crate::percent::{interval, percent};
use crate::words;
use comfy_table::{ContentArrangement, Table, presets};
use reident_attacks::advice::{Advice, Change, Outcome, Simulated};
use reident_attacks::stats::risk::Risk;
use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// The format that this program writes.
pub const SCHEMA: &str = "reident/advice/v1";

/// The document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdviceFile {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// SHA-256 of the release's file; none of a release that was in memory.
    pub release: Option<String>,
    /// Two-sided confidence of every interval.
    pub confidence: f64,
    /// The worst attackers.
    pub attackers: Vec<AdvisedAttacker>,
    /// Changes, those that are worth most first.
    pub changes: Vec<AdvisedChange>,
    /// Attacks not all of whose attackers have a risk as a number. No change was tried against those who have none.
    #[serde(default)]
    pub not_computed: Vec<AttackKind>,
}

/// One of the worst attackers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdvisedAttacker {
    /// Position among the attacks of the evidence of the same run.
    pub attacker: u64,
    /// The attack.
    pub attack: AttackKind,
    /// What the attacker does, in a few English words.
    pub does: String,
    /// The same in Chinese.
    pub does_zh: String,
    /// Now.
    pub now: Achieved,
    /// Without each column, the largest loss first.
    pub without: Vec<WithoutColumn>,
}

/// What an attacker achieves without a column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WithoutColumn {
    /// The column.
    pub column: String,
    /// What is left.
    pub achieved: Achieved,
}

/// What an attacker achieves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Achieved {
    /// Whether the attack can be made at all: not when what it asks for is not released.
    pub possible: bool,
    /// The risk, signed; none where there is none as a number, which is not a risk of zero.
    pub risk: Option<f64>,
    /// Its interval.
    pub interval: Option<[f64; 2]>,
    /// Attempts that succeed.
    pub hits: u64,
    /// Persons who were hit and no longer are; none where persons are not attacked one by one.
    pub no_longer: Option<u64>,
    /// Persons who were not hit and are.
    pub newly: Option<u64>,
}

/// A change that was tried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdvisedChange {
    /// What is changed.
    #[serde(flatten)]
    pub change: ChangeOnFile,
    /// What each of the worst attackers achieves after it, in their order.
    pub after: Vec<Achieved>,
    /// The largest total-variation distance of a column's distribution.
    pub marginal: f64,
    /// The part of the pairwise dependence that is lost.
    pub dependence: f64,
    /// The part of the rows that is lost.
    pub rows: f64,
    /// The part of the worst attackers' risk that it takes away.
    pub gain: f64,
    /// Gain less the largest of the costs.
    pub worth: f64,
    /// The worst attacker of each attack after it, where everybody was played again.
    pub everybody: Option<Vec<WorstAfter>>,
}

/// A change, as it can be made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum ChangeOnFile {
    /// Do not release the column.
    Drop {
        /// The column.
        column: String,
    },
    /// Release numbers as bands `[origin + i·width, origin + (i + 1)·width)`.
    Bands {
        /// The column.
        column: String,
        /// Where a band begins.
        origin: f64,
        /// How wide bands are.
        width: f64,
    },
    /// Release dates as months or years.
    Calendar {
        /// The column.
        column: String,
        /// `month` or `year`.
        unit: String,
    },
    /// Release the next node of the hierarchy.
    Level {
        /// The column.
        column: String,
    },
    /// Release numbers from one on as "that or more".
    TopCode {
        /// The column.
        column: String,
        /// The first.
        from: f64,
    },
    /// Do not release the records of the most exposed persons.
    Suppress {
        /// How many persons.
        persons: u64,
        /// The records, by rows of the release's file, from 1.
        records: Vec<u64>,
    },
}

/// The worst attacker of an attack after a change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorstAfter {
    /// The attack.
    pub attack: AttackKind,
    /// The risk, floored at 0; none where no attacker counts.
    pub risk: Option<f64>,
    /// Its interval, as in a headline.
    pub interval: Option<[f64; 2]>,
}

impl AdviceFile {
    /// From the evidence of a run and what was tried on its tables; `name` names a column.
    /// `row_in_file` gives the number of a row of the release in its file, from 1.
    pub fn new(
        evidence: &Evidence,
        advice: &Advice,
        name: impl Fn(usize) -> String,
        row_in_file: impl Fn(u32) -> u64,
    ) -> AdviceFile {
        let attacker = |worst: &reident_attacks::advice::Worst| {
            let attack = &evidence.attacks[worst.attacker];
            let without = worst.contributions.iter().map(|contribution| WithoutColumn {
                column: name(contribution.column),
                achieved: Achieved::of(&contribution.without),
            });
            AdvisedAttacker {
                attacker: worst.attacker as u64,
                attack: attack.attack,
                does: words::attacker(&evidence.inputs, &attack.attacker),
                does_zh: check::words::attacker(Messages::of(Language::Chinese), &evidence.inputs, attack),
                now: Achieved { hits: worst.hits, ..Achieved::with(true, Some(worst.risk)) },
                without: without.collect(),
            }
        };
        AdviceFile {
            schema: SCHEMA.to_owned(),
            release: evidence.inputs.anonymized.sha256.clone(),
            confidence: evidence.settings.confidence,
            attackers: advice.worst.iter().map(attacker).collect(),
            changes: advice.changes.iter().map(|simulated| AdvisedChange::of(simulated, &name, &row_in_file)).collect(),
            not_computed: not_computed(evidence),
        }
    }

    /// Reads what [`AdviceFile::json`] wrote.
    ///
    /// # Errors
    /// When it is no advice.
    pub fn read(text: &str) -> Result<AdviceFile, String> {
        let advice: AdviceFile = serde_json::from_str(text).map_err(|error| format!("is no advice: {error}"))?;
        match advice.schema == SCHEMA {
            true => Ok(advice),
            false => Err(format!("is not of the form {SCHEMA}; `advise --format json` writes that")),
        }
    }

    /// Whether it was made of the release and the attackers of an evaluation.
    pub fn is_of(&self, evidence: &Evidence) -> bool {
        let is_there = |advised: &AdvisedAttacker| {
            let found = usize::try_from(advised.attacker).ok().and_then(|at| evidence.attacks.get(at));
            found.is_some_and(|attack| {
                let hits = attack.main.as_ref().map(|main| main.successes);
                attack.attack == advised.attack && hits == Some(Number::Whole(advised.now.hits))
            })
        };
        self.release.is_some()
            && self.release == evidence.inputs.anonymized.sha256
            && self.attackers.iter().all(is_there)
            && self.changes.iter().all(|change| change.after.len() == self.attackers.len())
    }

    /// What is said first: of which attacks the risk is not known, or else that there is nothing to advise on. Where a risk could not be
    /// computed, nobody is told that there is none.
    pub(crate) fn remark(&self, not_computed: &[AttackKind], texts: &Messages) -> Option<String> {
        if not_computed.is_empty() {
            return self.attackers.is_empty().then(|| texts.text("advice.nothing").to_owned());
        }
        let attacks: Vec<&str> =
            not_computed.iter().map(|attack| texts.of_attack("attack.{attack}", *attack)).collect();
        Some(texts.fill("advice.not_computed", &[("attacks", &attacks.join(texts.text("list.separator")))]))
    }

    /// As JSON.
    pub fn json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("numbers and texts are plain JSON");
        text.push('\n');
        text
    }

    /// For a terminal of that width, with so many changes.
    pub fn render(&self, top: usize, texts: &Messages, width: u16) -> String {
        let mut shown = String::new();
        if let Some(remark) = self.remark(&self.not_computed, texts) {
            let _ = writeln!(shown, "{remark}");
        }
        if self.attackers.is_empty() {
            return shown;
        }
        for attacker in &self.attackers {
            let attack = texts.of_attack("attack.{attack}", attacker.attack);
            let does = check::words::either(*texts, &attacker.does, &attacker.does_zh);
            let values = [("attack", attack), ("does", does), ("now", &attacker.now.shown(texts))];
            let _ = writeln!(shown, "{}", texts.fill("advice.attacker", &values));
            let mut table = new_table(width);
            table.set_header(["advice.column", "advice.without"].map(|key| texts.text(key)));
            for without in &attacker.without {
                table.add_row([without.column.clone(), without.achieved.shown(texts)]);
            }
            let _ = writeln!(shown, "{table}\n");
        }
        let _ = writeln!(shown, "{}", texts.text("advice.changes"));
        let mut table = new_table(width);
        let header =
            ["advice.change", "advice.after", "advice.marginal", "advice.dependence", "advice.rows", "advice.worth"];
        table.set_header(header.map(|key| texts.text(key)));
        for change in self.changes.iter().filter(|change| change.gain > 0.0).take(top) {
            let after: Vec<String> = change.after.iter().map(|achieved| achieved.shown(texts)).collect();
            table.add_row([
                change.change.shown(texts),
                after.join("\n"),
                percent(change.marginal),
                percent(change.dependence),
                percent(change.rows),
                texts.decimal(change.worth),
            ]);
        }
        let _ = writeln!(shown, "{table}");
        for change in self.changes.iter().take(top) {
            let Some(everybody) = &change.everybody else { continue };
            let risk = |worst: &WorstAfter| {
                let attack = texts.of_attack("attack.{attack}", worst.attack);
                let risk = worst.risk.zip(worst.interval);
                let risk = risk.map(|(risk, ends)| format!("{} {}", percent(risk), interval(ends)));
                let risk = risk.unwrap_or_else(|| texts.text("advice.no_number").to_owned());
                texts.fill("list.fact", &[("name", attack), ("value", &risk)])
            };
            let risks: Vec<String> = everybody.iter().map(risk).collect();
            let values =
                [("change", change.change.shown(texts)), ("risks", risks.join(texts.text("list.between_items")))];
            let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
            let _ = writeln!(shown, "{}", texts.fill("advice.everybody", &values));
        }
        let _ = writeln!(shown, "{}", texts.text("advice.method"));
        shown
    }
}

/// The attacks not all of whose attackers have a risk as a number: those that were not played because columns cannot be compared, those
/// that nobody could play, and those whose figures contradict themselves.
pub(crate) fn not_computed(evidence: &Evidence) -> Vec<AttackKind> {
    let is_open = |headline: &Headline| {
        let has_number = headline.risk.is_some() && headline.undetermined == 0;
        !has_number || headline.status == Status::Contradicted
    };
    evidence.headline.iter().filter(|(_, headline)| is_open(headline)).map(|(attack, _)| *attack).collect()
}

impl AdvisedChange {
    fn of(simulated: &Simulated, name: &impl Fn(usize) -> String, row_in_file: &impl Fn(u32) -> u64) -> AdvisedChange {
        let everybody = simulated.all.as_ref().map(|all| {
            let worst = |headline: &reident_attacks::evaluation::Headline| WorstAfter {
                attack: headline.kind,
                risk: headline.risk.map(round),
                interval: headline.interval.map(|interval| [interval.lo, interval.hi].map(round)),
            };
            all.iter().map(worst).collect()
        });
        AdvisedChange {
            change: ChangeOnFile::of(&simulated.change, name, row_in_file),
            after: simulated.outcomes.iter().map(Achieved::of).collect(),
            marginal: round(simulated.cost.marginal),
            dependence: round(simulated.cost.dependence),
            rows: round(simulated.cost.rows),
            gain: round(simulated.gain),
            worth: round(simulated.worth),
            everybody,
        }
    }
}

impl ChangeOnFile {
    fn of(change: &Change, name: &impl Fn(usize) -> String, row_in_file: &impl Fn(u32) -> u64) -> ChangeOnFile {
        match change {
            Change::Drop { column } => ChangeOnFile::Drop { column: name(*column) },
            Change::Bands { column, origin, width } => {
                ChangeOnFile::Bands { column: name(*column), origin: *origin, width: *width }
            }
            Change::Calendar { column, unit } => {
                ChangeOnFile::Calendar { column: name(*column), unit: unit.name().to_owned() }
            }
            Change::Level { column, .. } => ChangeOnFile::Level { column: name(*column) },
            Change::TopCode { column, from } => ChangeOnFile::TopCode { column: name(*column), from: *from },
            Change::Suppress { persons, rows } => ChangeOnFile::Suppress {
                persons: *persons as u64,
                records: rows.iter().map(|row| row_in_file(*row)).collect(),
            },
        }
    }

    /// In words.
    pub(crate) fn shown(&self, texts: &Messages) -> String {
        match self {
            ChangeOnFile::Drop { column } => texts.fill("advice.drop", &[("column", column)]),
            ChangeOnFile::Bands { column, width, .. } => {
                texts.fill("advice.bands", &[("column", column), ("width", &width.to_string())])
            }
            ChangeOnFile::Calendar { column, unit } if unit == "month" => {
                texts.fill("advice.month", &[("column", column)])
            }
            ChangeOnFile::Calendar { column, .. } => texts.fill("advice.year", &[("column", column)]),
            ChangeOnFile::Level { column } => texts.fill("advice.level", &[("column", column)]),
            ChangeOnFile::TopCode { column, from } => {
                texts.fill("advice.top_code", &[("column", column), ("from", &from.to_string())])
            }
            ChangeOnFile::Suppress { persons, records } => {
                let values = [("persons", persons.to_string()), ("records", records.len().to_string())];
                texts.fill("advice.suppress", &values.each_ref().map(|(name, value)| (*name, value.as_str())))
            }
        }
    }
}

impl Achieved {
    fn of(outcome: &Outcome) -> Achieved {
        Achieved {
            hits: outcome.hits,
            no_longer: outcome.moved.map(|[no_longer, _]| no_longer),
            newly: outcome.moved.map(|[_, newly]| newly),
            ..Achieved::with(outcome.possible, outcome.risk)
        }
    }

    fn with(possible: bool, risk: Option<Risk>) -> Achieved {
        Achieved {
            possible,
            risk: risk.map(|risk| round(risk.signed)),
            interval: risk.map(|risk| [risk.interval.lo, risk.interval.hi].map(round)),
            hits: 0,
            no_longer: None,
            newly: None,
        }
    }

    fn shown(&self, texts: &Messages) -> String {
        if !self.possible {
            return texts.text("advice.impossible").to_owned();
        }
        let hits = self.hits.to_string();
        match self.risk.zip(self.interval) {
            Some((risk, ends)) => {
                let (risk, interval) = (percent(risk.max(0.0)), interval(ends));
                texts.fill("advice.achieved", &[("hits", &hits), ("risk", &risk), ("interval", &interval)])
            }
            None => texts.fill("advice.unknown", &[("hits", &hits)]),
        }
    }
}

fn new_table(width: u16) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_BORDERS_ONLY).set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    table
}
