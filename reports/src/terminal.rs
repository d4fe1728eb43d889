//! Evidence for a person at a terminal.

use crate::content;
use crate::evidence::{Attack, AttackKind, Calibration, Detail, Evidence, Finding, Status, Warning};
use crate::message::{Language, Messages};
use crate::percent::{interval, percent, round_percent};
use crate::words;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, presets};
use std::collections::BTreeMap;
use std::fmt::Write;

/// How to show it.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Whether colour codes may be written.
    pub color: bool,
    /// Columns of the terminal.
    pub width: u16,
}

impl Style {
    fn paint(&self, text: &str, code: &str) -> String {
        if self.color { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// One table per attack, then one sentence per attack about its worst attacker, then the warnings.
pub fn render(evidence: &Evidence, style: Style) -> String {
    let mut text = String::new();
    let played = |name: &&AttackKind| evidence.attacks.iter().any(|attack| attack.attack == **name);
    for attack in evidence.headline.keys().filter(played) {
        let _ = writeln!(text, "{}", style.paint(words::attack_title(*attack), "1"));
        let _ = writeln!(text, "{}", table(evidence, *attack, style.width));
        let all = evidence.attacks.iter().filter(|shown| shown.attack == *attack).count();
        if all > SHOWN {
            let _ =
                writeln!(text, "The {SHOWN} attackers with the largest lower ends of {all}; the evidence lists all.");
        }
        let _ = writeln!(text);
    }
    for (attack, headline) in &evidence.headline {
        let sentence = words::headline(evidence, *attack, headline);
        let code = match headline.status {
            Status::Measured => "36",
            _ => "33",
        };
        let title = style.paint(&format!("{}:", words::attack_title(*attack)), code);
        let _ = writeln!(text, "{title} {sentence}");
        if let Some(worst) = headline.attacker.map(|at| &evidence.attacks[at as usize]) {
            let _ = writeln!(text, "  worst attacker: {}", words::attacker(&evidence.inputs, &worst.attacker));
        }
    }
    if let Some(journalist) = words::journalist(evidence) {
        let _ = writeln!(text, "{} {journalist}", style.paint("Journalist risk of record linkage:", "36"));
    }
    if let Some(calibration) = &evidence.calibration {
        for sentence in words::calibration::said(&Messages::of(Language::English), calibration) {
            let _ = writeln!(text, "{} {sentence}.", style.paint("Calibration:", "36"));
        }
    }
    if let Some(classes) = words::classes(evidence) {
        let _ = writeln!(text, "{} {classes}", style.paint("Equivalence classes:", "36"));
    }
    let of_attacks = evidence.attacks.iter().flat_map(|attack| {
        let who = words::attacker(&evidence.inputs, &attack.attacker);
        attack
            .warnings
            .iter()
            .filter(|warning| !told_by_status(&warning.code))
            .map(move |warning| (Some(who.clone()), warning))
    });
    let warnings: Vec<_> = evidence.warnings.iter().map(|warning| (None, warning)).chain(of_attacks).collect();
    let (warnings, more) = first_of_each_code(warnings);
    if !warnings.is_empty() || !evidence.findings.is_empty() {
        let _ = writeln!(text);
    }
    for finding in findings(evidence) {
        let _ = writeln!(text, "{} {finding}", style.paint("finding:", "33"));
    }
    for (who, warning) in warnings {
        let label = style.paint("note:", "33");
        let subject = who.or_else(|| warning.column.clone()).map_or(String::new(), |subject| format!("{subject}: "));
        let _ = writeln!(text, "{label} {subject}{}", warning.message);
    }
    for (code, count) in more {
        let _ = writeln!(text, "{} {count} more of `{code}` stand in the evidence.", style.paint("note:", "33"));
    }
    text
}

/// What the attacks would have noticed: a table, and a sentence for each attack.
pub fn calibration(texts: &Messages, calibration: &Calibration, width: u16) -> String {
    let of = content::calibration::table(texts, calibration);
    let mut table = Table::new();
    table.load_style(presets::UTF8_BORDERS_ONLY).set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    table.set_header(of.heads.iter().map(|head| &head.label));
    table.add_rows(of.rows);
    let mut text = format!("{}\n{table}\n", of.caption);
    for sentence in words::calibration::said(texts, calibration) {
        let _ = writeln!(text, "{sentence}");
    }
    text
}

/// The first warnings of each code, and how many there are more.
fn first_of_each_code<T>(warnings: Vec<(T, &Warning)>) -> (Vec<(T, &Warning)>, BTreeMap<&str, usize>) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut first = Vec::new();
    for (who, warning) in warnings {
        let count = counts.entry(&warning.code).or_default();
        *count += 1;
        if *count <= SHOWN {
            first.push((who, warning));
        }
    }
    counts.retain(|_, count| *count > SHOWN);
    counts.values_mut().for_each(|count| *count -= SHOWN);
    (first, counts)
}

/// One line for all findings that ask for the same.
fn findings(evidence: &Evidence) -> Vec<String> {
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    for finding in &evidence.findings {
        let alike = |group: &&mut Vec<&Finding>| group[0].kind == finding.kind && group[0].needs == finding.needs;
        match groups.iter_mut().find(alike) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    let line = |group: Vec<&Finding>| {
        let columns: Vec<&str> = group.iter().filter_map(|finding| finding.column.as_deref()).collect();
        let mut line = if columns.is_empty() { String::new() } else { format!("{}: ", columns.join(", ")) };
        // What was counted differs from column to column, and the remark has the counts.
        let english = Language::English;
        let count = |count: u64| Messages::of(english).count(count);
        line += &if group.len() == 1 { words::how(group[0], english, count) } else { group[0].kind.clone() };
        let needs = words::needs(group[0], english)
            .into_iter()
            .map(|needs| format!("{} {needs}", if group.len() == 1 { "" } else { "." }));
        line + &needs.collect::<String>()
    };
    groups.into_iter().map(line).collect()
}

/// The status column and the headline's sentence say these already.
fn told_by_status(code: &str) -> bool {
    matches!(
        code,
        "not_above_baseline"
            | "not_above_nonmember"
            | "control_always_hit"
            | "nonmember_always_hit"
            | "nothing_to_attempt"
    )
}

fn table(evidence: &Evidence, attack: AttackKind, width: u16) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_BORDERS_ONLY).set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    let level = round_percent(evidence.settings.confidence);
    let of_kind = || evidence.attacks.iter().filter(|shown| shown.attack == attack);
    // Without a control the same column shows what the other persons' data tell.
    let others = match of_kind().any(|attack| attack.control.is_none() && attack.nonmember.is_some()) {
        true => "others' data",
        false => "control",
    };
    let risk = format!("risk, {level} interval");
    let header = match attack {
        AttackKind::RecordLinkage => {
            ["attacker", "named", "right / wrong / several", "false claims", risk.as_str(), "status"]
        }
        _ => ["attacker", "main", others, "baseline", risk.as_str(), "status"],
    };
    let shown = shown(of_kind().collect());
    let rows = shown.iter().flat_map(|attack| [Some(row(evidence, attack)), rare_row(attack)]).flatten();
    let rows: Vec<[String; 6]> = rows.collect();
    let widest =
        |at: usize| rows.iter().map(|row| row[at].as_str()).chain([header[at]]).map(letters).max().unwrap_or(0);
    // Each column has a blank on either side, and one divides it from the next.
    let figures: usize = (1..6).map(|at| widest(at) + 3).sum();
    if figures + NARROWEST > usize::from(width) {
        return under_each_other(table, &header, rows);
    }
    table.set_header(header);
    table.add_rows(rows);
    // Figures stay on one line; the attacker's description takes what is left.
    for column in 1..6 {
        if let Some(column) = table.column_mut(column) {
            column.set_constraint(ColumnConstraint::ContentWidth);
            column.set_cell_alignment(if column.index == 5 { CellAlignment::Left } else { CellAlignment::Right });
        }
    }
    table
}

/// Columns of a terminal below which an attacker's description is hard to read.
const NARROWEST: usize = 24;

fn letters(text: &str) -> usize {
    text.chars().count()
}

/// The same where the figures would leave no room for the attacker: they stand below each other, with their names.
fn under_each_other(mut table: Table, header: &[&str; 6], rows: Vec<[String; 6]>) -> Table {
    table.set_header([header[0], "figures"]);
    for row in rows {
        let figures = header.iter().zip(&row).skip(1).filter(|(_, figure)| !figure.is_empty());
        let figures: Vec<String> = figures.map(|(name, figure)| format!("{name}: {figure}")).collect();
        table.add_row([row[0].clone(), figures.join("\n")]);
    }
    if let Some(column) = table.column_mut(1) {
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
    table
}

/// Attackers of one attack that a terminal shows.
const SHOWN: usize = 24;

/// All attackers, or those with the largest lower ends where there are very many, in the order of the evidence.
fn shown(attacks: Vec<&Attack>) -> Vec<&Attack> {
    if attacks.len() <= SHOWN {
        return attacks;
    }
    let key = |at: usize| {
        let risk = attacks[at].risk.as_ref();
        risk.map_or((f64::NEG_INFINITY, f64::NEG_INFINITY), |risk| (risk.interval[0], risk.signed))
    };
    let mut order: Vec<usize> = (0..attacks.len()).collect();
    order.sort_by(|a, b| key(*b).0.total_cmp(&key(*a).0).then(key(*b).1.total_cmp(&key(*a).1)).then(a.cmp(b)));
    order.truncate(SHOWN);
    order.sort_unstable();
    order.into_iter().map(|at| attacks[at]).collect()
}

fn row(evidence: &Evidence, attack: &Attack) -> [String; 6] {
    if let Detail::RecordLinkage { careful, .. } = &attack.detail {
        let main = attack.main.as_ref();
        let counts = main.and_then(|rate| Some([rate.correct?, rate.wrong?, rate.ambiguous?]));
        return [
            words::attacker(&evidence.inputs, &attack.attacker),
            main.map_or("–".to_owned(), |rate| percent(rate.rate)),
            counts.map_or("–".to_owned(), |counts| counts.map(|count| count.to_string()).join(" / ")),
            words::rate(careful.as_ref().map(|careful| &careful.control)),
            words::risk(attack),
            words::worth(attack).to_owned(),
        ];
    }
    [
        words::attacker(&evidence.inputs, &attack.attacker),
        words::rate(attack.main.as_ref()),
        words::rate(attack.control.as_ref().or(attack.nonmember.as_ref())),
        words::rate(attack.baseline.as_ref()),
        words::risk(attack),
        words::worth(attack).to_owned(),
    ]
}

/// The rarest values get a row of their own when they are more at risk than the secret as a whole.
fn rare_row(attack: &Attack) -> Option<[String; 6]> {
    let whole = attack.risk.as_ref()?;
    let band = attack
        .by_rarity()
        .iter()
        .filter(|band| band.up_to < 0.1)
        .find(|band| band.risk.as_ref().is_some_and(|risk| risk.interval[0] > whole.interval[1]))?;
    let risk = band.risk.as_ref()?;
    Some([
        format!("  … values that {} to {} share", round_percent(band.above), round_percent(band.up_to)),
        words::rate(Some(&band.main)),
        words::rate(band.control.as_ref()),
        String::new(),
        format!("{} {}", percent(risk.value), interval(risk.interval)),
        String::new(),
    ])
}
