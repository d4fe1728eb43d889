//! Names, percentages and attackers in words.

use super::result::Verdict;
use crate::evidence::{Attack, AttackKind, Attacker, Columns, Inputs, MatcherName, RecordMatcher};

/// The attack's name in a sentence.
pub fn attack(attack: AttackKind) -> &'static str {
    match attack {
        AttackKind::RecordLinkage => "record linkage",
        AttackKind::SinglingOut => "singling out",
        AttackKind::Linkability => "linkability",
        AttackKind::Inference => "inference",
        AttackKind::Membership => "membership",
    }
}

/// The verdict as one word.
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Fail => "fail",
        Verdict::Inconclusive => "inconclusive",
    }
}

/// A share as a percentage with two decimals, trailing zeros cut.
pub fn percent(share: f64) -> String {
    let text = format!("{:.2}", share * 100.0);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    let text = if text == "-0" { "0" } else { text };
    format!("{} %", text.replace('-', "−"))
}

/// An interval of shares.
pub fn interval(interval: [f64; 2]) -> String {
    let number = |share| percent(share).trim_end_matches(" %").to_owned();
    format!("[{}, {}] %", number(interval[0]), number(interval[1]))
}

/// A probability of the kind that tests give.
pub fn p(p: f64) -> String {
    if p < 1e-4 { "p < 0.0001".to_owned() } else { format!("p = {p:.4}") }
}

/// Who attacked, in one phrase without cell values.
pub fn attacker(inputs: &Inputs, result: &Attack) -> String {
    let who = &result.attacker;
    let columns = |columns: &Columns| match columns.len() {
        1..=3 => inputs.names(columns).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
        many => format!("{many} columns"),
    };
    let agreeing = match who.matcher() {
        Some(MatcherName::Agreement) => ", by agreement",
        _ => "",
    };
    match who {
        Attacker::NamedRecord { matcher, columns: known, .. } => {
            let how = match matcher {
                RecordMatcher::Compatible => "compatible records",
                RecordMatcher::Distance => "nearest records",
                RecordMatcher::Agreement => "records that agree most",
            };
            format!("the {how}, knowing {}", columns(known))
        }
        Attacker::Univariate { columns: of, .. } => format!("conditions on one of {}", columns(of)),
        Attacker::Multivariate { columns: of, columns_per_predicate, .. } => {
            format!("conditions on {columns_per_predicate} of {}", columns(of))
        }
        Attacker::TwoFiles { halves: [one, other], .. } => {
            format!("one file with {}, another with {}{agreeing}", columns(one), columns(other))
        }
        Attacker::NearestRecord { columns: known, secret, .. } => {
            format!("`{secret}`, knowing {}{agreeing}", columns(known))
        }
        Attacker::Scored { columns: known, score } => {
            format!("who was used, by {} on {}", crate::words::score_word(*score), columns(known))
        }
    }
}
