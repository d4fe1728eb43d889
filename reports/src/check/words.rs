//! Names and attackers in words.

use super::policy::SourceStatus;
use super::result::Verdict;
use crate::evidence::{
    Attack, AttackKind, Attacker, Columns, Inputs, MatcherName, ModelName, RecordMatcher, ScoreName, Warning,
};
use crate::message::{Language, Messages};

/// The attack's name in a sentence.
pub fn attack(texts: Messages, attack: AttackKind) -> &'static str {
    texts.of_attack("check.attack.{attack}", attack)
}

/// The verdict as one word.
pub fn verdict(texts: Messages, verdict: Verdict) -> &'static str {
    texts.text(match verdict {
        Verdict::Pass => "check.verdict.pass",
        Verdict::Fail => "check.verdict.fail",
        Verdict::Inconclusive => "check.verdict.inconclusive",
    })
}

/// What kind of source a value has.
pub fn source_status(texts: Messages, status: SourceStatus) -> &'static str {
    texts.text(match status {
        SourceStatus::LawOrStandard => "check.source.law_or_standard",
        SourceStatus::AuthorityGuidance => "check.source.authority_guidance",
        SourceStatus::SecondarySource => "check.source.secondary_source",
        SourceStatus::OrganizationSet => "check.source.organization_set",
    })
}

/// The text of a policy that the language shows: the Chinese one where there is one.
pub fn either<'t>(texts: Messages, english: &'t str, chinese: &'t str) -> &'t str {
    if texts.language() == Language::Chinese && !chinese.is_empty() { chinese } else { english }
}

/// A source in words. That it is known at second hand is told by its status, and not a second time by the source itself.
pub fn source<'t>(texts: Messages, english: &'t str, chinese: &'t str, status: SourceStatus) -> &'t str {
    let source = either(texts, english, chinese).trim_end_matches(['.', '。']);
    let own =
        source.rfind("（据二手资料").filter(|_| source.ends_with('）') && status == SourceStatus::SecondarySource);
    own.map_or(source, |at| &source[..at])
}

/// A remark of the evidence. Its own sentence is English and may count persons; another language has a sentence for its code.
pub fn remark(texts: Messages, warning: &Warning) -> Warning {
    if texts.language() == Language::English {
        return warning.clone();
    }
    let key = format!("warning.{}", warning.code);
    let said = match texts.has(&key) {
        true => texts.text(&key).to_owned(),
        false => texts.fill("check.note.other", &[("code", &warning.code)]),
    };
    let message = match &warning.column {
        Some(column) => texts.fill("check.note.of_column", &[("column", column), ("note", &said)]),
        None => said,
    };
    Warning { message, ..warning.clone() }
}

/// A probability of the kind that tests give.
pub fn p(p: f64) -> String {
    if p < 1e-4 { "p < 0.0001".to_owned() } else { format!("p = {p:.4}") }
}

/// Who attacked, in one phrase without cell values.
pub fn attacker(texts: Messages, inputs: &Inputs, result: &Attack) -> String {
    let who = &result.attacker;
    let columns = |columns: &Columns| match columns.len() {
        1..=3 => inputs
            .names(columns)
            .map(|name| texts.fill("check.attacker.column", &[("name", name)]))
            .collect::<Vec<_>>()
            .join(texts.text("list.separator")),
        many => texts.fill("check.attacker.columns", &[("count", &many.to_string())]),
    };
    let by_matcher = |text: String| match who.matcher() {
        Some(MatcherName::Agreement) => texts.fill("check.attacker.agreement", &[("attacker", &text)]),
        _ => text,
    };
    match who {
        Attacker::NamedRecord { matcher, columns: known, earlier, .. } => {
            let how = texts.text(match matcher {
                RecordMatcher::Compatible => "check.attacker.compatible",
                RecordMatcher::Distance => "check.attacker.distance",
                RecordMatcher::Agreement => "check.attacker.agree",
                RecordMatcher::DistanceOneToOne => "check.attacker.distance_one_to_one",
                RecordMatcher::AgreementOneToOne => "check.attacker.agree_one_to_one",
            });
            let named = texts.fill("check.attacker.named_record", &[("how", how), ("columns", &columns(known))]);
            match earlier {
                Some(_) => texts.fill("check.attacker.earlier", &[("attacker", &named)]),
                None => named,
            }
        }
        Attacker::Univariate { columns: of, .. } => {
            texts.fill("check.attacker.univariate", &[("columns", &columns(of))])
        }
        Attacker::Multivariate { columns: of, columns_per_predicate, .. } => {
            let size = columns_per_predicate.to_string();
            texts.fill("check.attacker.multivariate", &[("size", &size), ("columns", &columns(of))])
        }
        Attacker::TwoFiles { halves: [one, other], .. } => {
            by_matcher(texts.fill("check.attacker.two_files", &[("one", &columns(one)), ("other", &columns(other))]))
        }
        Attacker::NearestRecord { columns: known, secret, .. } => by_matcher(
            texts.fill("check.attacker.nearest_record", &[("secret", secret.as_str()), ("columns", &columns(known))]),
        ),
        Attacker::TrainedModel { model, columns: known, secret, .. } => {
            let model = match texts.language() {
                Language::English => crate::words::model_word(*model),
                _ => texts.text(match model {
                    ModelName::NaiveBayes => "attacker.model.naive_bayes",
                    ModelName::Forest => "attacker.model.forest",
                    ModelName::LinearReconstruction => "attacker.model.linear_reconstruction",
                }),
            };
            let values = [("secret", secret.as_str()), ("columns", &columns(known)), ("model", model)];
            texts.fill("check.attacker.trained_model", &values)
        }
        Attacker::Scored { columns: known, score } => {
            texts.fill("check.attacker.scored", &[("score", self::score(texts, *score)), ("columns", &columns(known))])
        }
    }
}

/// What a membership attacker goes by.
fn score(texts: Messages, score: ScoreName) -> &'static str {
    if texts.language() == Language::English {
        return crate::words::score_word(score);
    }
    texts.text(match score {
        ScoreName::Distance => "attacker.score.distance",
        ScoreName::Ratio => "attacker.score.ratio",
        ScoreName::Relative => "attacker.score.relative",
        ScoreName::Agreement => "attacker.score.agreement",
    })
}
