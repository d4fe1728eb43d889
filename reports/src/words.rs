//! Attackers and results in plain words.

use crate::evidence::{
    Apart, Attack, AttackKind, Attacker, Columns, Inputs, MatcherName, ModelName, Rate, RecordMatcher, ScoreName,
    Status,
};
use crate::percent::{interval, percent};

use crate::message::{Language, Messages};

pub mod calibration;
mod classes;
mod findings;
pub mod groups;
mod headline;

pub use classes::{classes, journalist};
pub use findings::{how, is_coded, needs};
pub use headline::headline;

/// An attack's name as persons read it.
pub fn attack_title(attack: AttackKind) -> &'static str {
    match attack {
        AttackKind::RecordLinkage => "Record linkage",
        AttackKind::SinglingOut => "Singling out",
        AttackKind::Linkability => "Linkability",
        AttackKind::Inference => "Attribute inference",
        AttackKind::Membership => "Membership",
    }
}

/// What the attack is, in the help of the command line.
pub fn attack_help(attack: AttackKind) -> &'static str {
    Messages::of(Language::English).of_attack("attack_help.{attack}", attack)
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

/// What an attacker's figure is worth in a word: that the attacker stands apart, or the status.
pub fn worth(attack: &Attack) -> &'static str {
    match attack.apart {
        Some(Apart::FewAttempts | Apart::FewPredicates | Apart::FewSafe) => "too few",
        None => status_word(attack.status),
    }
}

/// Names of a few columns, and how many more there are.
pub fn some_columns(inputs: &Inputs, columns: &Columns, most: usize) -> String {
    some_names(inputs.names(columns), columns.len(), most)
}

/// Names that one sentence tells at the most.
pub const MOST_NAMES: usize = 20;

/// A few of so many names, and how many more there are.
pub fn some_names<N: AsRef<str>>(names: impl Iterator<Item = N>, count: usize, most: usize) -> String {
    let told = if count <= most { count } else { most - 1 };
    let mut text = String::new();
    for (at, name) in names.take(told).enumerate() {
        text += if at == 0 { "" } else { ", " };
        text += name.as_ref();
    }
    if told < count { format!("{text} and {} more", count - told) } else { text }
}

/// What an attacker knows of a person, as a sum: `age + sex + district`; a number where there are many.
pub fn joined_columns(inputs: &Inputs, columns: &Columns) -> String {
    match columns.len() {
        few @ 0..=6 => inputs.names(columns).take(few).collect::<Vec<_>>().join(" + "),
        many => format!("all {many} known columns"),
    }
}

/// What the attacker does, in a few words.
pub fn attacker(inputs: &Inputs, attacker: &Attacker) -> String {
    let neighbors = match attacker.neighbors() {
        Some(neighbors) if neighbors > 1 => format!(" ({neighbors} nearest)"),
        _ => String::new(),
    };
    let agreeing = match attacker.matcher() {
        Some(MatcherName::Agreement) => " by agreement",
        _ => "",
    };
    let found = attacker.searched().map_or("", |_| ", found by search");
    // Where an attacker's columns were searched for, they are named; else only their number is told.
    let from = |columns: &Columns| match attacker.searched() {
        Some(_) => joined_columns(inputs, columns),
        None => format!("{} columns", columns.len()),
    };
    match attacker {
        Attacker::NamedRecord { matcher, columns, earlier, .. } => {
            let how = match matcher {
                RecordMatcher::Compatible => "",
                RecordMatcher::Distance => " by distance",
                RecordMatcher::Agreement => " by agreement",
                RecordMatcher::DistanceOneToOne => " by distance, one to one",
                RecordMatcher::AgreementOneToOne => " by agreement, one to one",
            };
            let joined = earlier.map_or("", |_| ", with the earlier releases");
            format!("names by {}{how}{found}{joined}", joined_columns(inputs, columns))
        }
        Attacker::Univariate { .. } => "isolates by 1 column".to_owned(),
        Attacker::Multivariate { columns_per_predicate, .. } => {
            format!("isolates by {columns_per_predicate} columns")
        }
        Attacker::TwoFiles { halves, .. } => {
            let [one, other] = halves.each_ref().map(|half| some_columns(inputs, half, 3));
            format!("links [{one}] with [{other}]{agreeing}{neighbors}{found}")
        }
        Attacker::NearestRecord { columns, secret, .. } => {
            format!("infers {secret} from {}{agreeing}{neighbors}{found}", from(columns))
        }
        Attacker::TrainedModel { model, columns, secret, .. } => {
            format!("infers {secret} from {} by {}{found}", from(columns), model_word(*model))
        }
        Attacker::Scored { columns, score } => {
            format!("tells who was used by {}, {} columns", score_word(*score), columns.len())
        }
    }
}

/// The model that a secret is guessed by, in a few words.
pub fn model_word(model: ModelName) -> &'static str {
    match model {
        ModelName::NaiveBayes => "naive Bayes",
        ModelName::Forest => "a forest",
        ModelName::LinearReconstruction => "linear reconstruction",
    }
}

/// What a membership attacker goes by, in a few words.
pub fn score_word(score: ScoreName) -> &'static str {
    match score {
        ScoreName::Distance => "the nearest record",
        ScoreName::Ratio => "the nearest against the second",
        ScoreName::Relative => "the nearest against other originals",
        ScoreName::Agreement => "agreement",
    }
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

#[cfg(test)]
mod test {
    use super::some_names;

    #[test]
    fn of_many_names_a_few_are_told_and_the_others_counted() {
        let told = |count: usize| some_names((0..count).map(|at| format!("x{at}")), count, 3);
        assert_eq!([0, 1, 3].map(told), ["", "x0", "x0, x1, x2"]);
        assert_eq!([4, 600].map(told), ["x0, x1 and 2 more", "x0, x1 and 598 more"]);
    }
}
