//! Names, percentages and attackers in words.

use super::result::Verdict;
use crate::evidence::{Attack, AttackName, Columns, Inputs, MatcherName, Mode};

/// The attack's name in files.
pub fn key(attack: AttackName) -> &'static str {
    match attack {
        AttackName::SinglingOut => "singling_out",
        AttackName::Linkability => "linkability",
        AttackName::Inference => "inference",
    }
}

/// The attack's name in a sentence.
pub fn attack(attack: AttackName) -> &'static str {
    match attack {
        AttackName::SinglingOut => "singling out",
        AttackName::Linkability => "linkability",
        AttackName::Inference => "inference",
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
    let agreeing = match who.matcher {
        Some(MatcherName::Agreement) => ", by agreement",
        _ => "",
    };
    match who.mode {
        Mode::Univariate => format!("conditions on one of {}", columns(&who.columns)),
        Mode::Multivariate => {
            format!("conditions on {} of {}", who.columns_per_predicate.unwrap_or(0), columns(&who.columns))
        }
        Mode::TwoFiles => match &who.halves {
            Some([one, other]) => format!("one file with {}, another with {}{agreeing}", columns(one), columns(other)),
            None => "two files".to_owned(),
        },
        Mode::NearestRecord => {
            let secret = who.secret.as_deref().unwrap_or("?");
            format!("`{secret}`, knowing {}{agreeing}", columns(&who.columns))
        }
    }
}
