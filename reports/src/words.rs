//! Attackers and results in plain words.

use crate::evidence::{Attack, AttackName, Attacker, Columns, Evidence, Headline, Inputs, Mode, Rate, Status};

/// An attack's name as persons read it.
pub fn attack_title(attack: AttackName) -> &'static str {
    match attack {
        AttackName::SinglingOut => "Singling out",
        AttackName::Linkability => "Linkability",
        AttackName::Inference => "Attribute inference",
    }
}

/// A status as persons read it.
pub fn status_word(status: Status) -> &'static str {
    match status {
        Status::Measured => "measured",
        Status::Infeasible => "infeasible",
        Status::Undetermined => "undetermined",
        Status::Weak => "weak",
        Status::Contradicted => "contradicted",
    }
}

/// Names of a few columns, and how many more there are.
pub fn some_columns(inputs: &Inputs, columns: &Columns, most: usize) -> String {
    let names = |count: usize| inputs.names(columns).take(count).collect::<Vec<_>>().join(", ");
    if columns.len() <= most {
        return names(most);
    }
    format!("{} and {} more", names(most - 1), columns.len() - (most - 1))
}

/// What the attacker does, in a few words.
pub fn attacker(inputs: &Inputs, attacker: &Attacker) -> String {
    let neighbors = match attacker.neighbors {
        Some(neighbors) if neighbors > 1 => format!(" ({neighbors} nearest)"),
        _ => String::new(),
    };
    match attacker.mode {
        Mode::Univariate => "isolates by 1 column".to_owned(),
        Mode::Multivariate => {
            format!("isolates by {} columns", attacker.columns_per_predicate.unwrap_or(0))
        }
        Mode::TwoFiles => {
            let half = |at: usize| {
                attacker.halves.as_ref().map_or_else(String::new, |halves| some_columns(inputs, &halves[at], 3))
            };
            format!("links [{}] with [{}]{neighbors}", half(0), half(1))
        }
        Mode::NearestRecord => {
            let secret = attacker.secret.as_deref().unwrap_or("");
            format!("infers {secret} from {} columns{neighbors}", attacker.columns.len())
        }
    }
}

/// A share as a percentage with as many digits as it needs to be told from zero.
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    match percent.abs() {
        0.0 => "0 %".to_owned(),
        tiny if tiny < 0.01 => "<0.01 %".to_owned().replace('<', if percent < 0.0 { "~-" } else { "<" }),
        small if small < 1.0 => format!("{percent:.2} %"),
        _ => format!("{percent:.1} %"),
    }
}

/// An interval of shares, floored at 0 as risks are shown.
pub fn interval(ends: [f64; 2]) -> String {
    let digits = if ends[1].abs() < 0.1 { 2 } else { 1 };
    let of = |end: f64| format!("{:.digits$}", end.clamp(0.0, 1.0) * 100.0);
    format!("[{}, {}]", of(ends[0]), of(ends[1]))
}

/// A rate with its counts.
pub fn rate(rate: Option<&Rate>) -> String {
    match rate {
        None => "–".to_owned(),
        Some(rate) => {
            let successes = match rate.successes {
                crate::evidence::Number::Whole(whole) => whole.to_string(),
                crate::evidence::Number::Expected(expected) if expected < 0.1 => "<0.1".to_owned(),
                crate::evidence::Number::Expected(expected) => format!("{expected:.1}"),
            };
            format!("{} {successes}/{}", percent(rate.rate), rate.attempted)
        }
    }
}

/// A risk with its interval, or why there is none.
pub fn risk(attack: &Attack) -> String {
    match &attack.risk {
        Some(risk) => format!("{} {}", percent(risk.value), interval(risk.interval)),
        None => status_word(attack.status).to_owned(),
    }
}

/// What the worst attacker of an attack means, in a sentence that needs no statistics.
pub fn headline(evidence: &Evidence, attack: AttackName, headline: &Headline) -> String {
    let level = format!("{} %", (evidence.settings.confidence * 1e4).round() / 1e2);
    let tried = match headline.attackers_tried {
        1 => "the only attacker tried".to_owned(),
        tried => format!("the worst of {tried} attackers tried"),
    };
    let (Some(risk), Some(ends), Some(at)) = (headline.risk, headline.interval, headline.attacker) else {
        return match headline.status {
            Status::Infeasible => {
                format!("nothing to attempt for {tried}: the release yields no predicate. This is not a risk of zero.")
            }
            _ => "undetermined: every attack on the control succeeds, so nobody is otherwise safe.".to_owned(),
        };
    };
    let worst = &evidence.attacks[at as usize];
    let share = percent(risk);
    let with_control = evidence.inputs.control.is_some();
    let what = match (attack, with_control) {
        (AttackName::SinglingOut, true) => {
            format!(
                "{share} of the conditions written from the release single somebody out only because that person is in it"
            )
        }
        (AttackName::SinglingOut, false) => {
            format!("{share} of the conditions written from the release match exactly one person")
        }
        (AttackName::Linkability, true) => {
            format!("{share} of the persons can be linked across two files only because the release was made from them")
        }
        (AttackName::Linkability, false) => format!("{share} of the persons can be linked across two files"),
        (AttackName::Inference, _) => {
            let secret = worst.attacker.secret.as_deref().unwrap_or("the secret");
            let because = if with_control { " only because the release was made from them" } else { "" };
            format!("for {share} of the persons, {secret} is revealed{because}")
        }
    };
    let mut sentence = format!("{what}; with {level} confidence {} for {tried}", interval(ends));
    if worst.status == Status::Weak {
        sentence +=
            ". It does no better than an attacker who ignores the release's structure: a low risk or a bad attack";
    }
    if headline.undetermined > 0 {
        sentence += &format!(". {} of them could not be determined, so the upper end is open", headline.undetermined);
    }
    if headline.infeasible > 0 {
        sentence += &format!(". {} of them had nothing to attempt", headline.infeasible);
    }
    sentence + "."
}
