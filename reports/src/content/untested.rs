//! What was not tested, in one line: the reader of a verdict must not take it for more than it is.

use super::Source;
use super::options::RuleOutcome;
use crate::evidence::AttackKind;

/// The line.
pub fn untested(source: &Source<'_>) -> String {
    let Source { evidence, texts, options, .. } = source;
    let played = |name| evidence.headline.get(name).is_some_and(|headline| headline.attackers_tried > 0);
    let absent = AttackKind::ALL.iter().filter(|name| source.is_expected(**name) && !played(name));
    let mut items: Vec<String> = absent.map(|name| source.attack_name(*name).to_owned()).collect();
    let rules = options.check.iter().flat_map(|check| &check.rules);
    let unchecked = rules.filter(|rule| rule.outcome == RuleOutcome::NotChecked).count();
    if unchecked > 0 {
        items.push(texts.fill("untested.rules", &[("count", &unchecked.to_string())]));
    }
    let key = if evidence.is_searched() { "untested.restoring_in_part" } else { "untested.restoring" };
    items.push(texts.text(key).to_owned());
    items.push(texts.text("untested.others").to_owned());
    texts.fill("untested.line", &[("items", &items.join(texts.text("list.between_items")))])
}
