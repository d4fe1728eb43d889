//! Changing a policy's values without hiding it.

use super::policy::{Inconclusive, Limit, Override, Policy, PolicyError, SourceStatus, check_confidence, check_share};
use crate::evidence::AttackKind;

/// What a value says of its source after an override.
const SOURCE: &str = "Override by the person who ran the check";
/// The same in Chinese.
const SOURCE_ZH: &str = "由执行检查的人更改";

impl Policy {
    /// Applies `key=value`, for example `limits.linkability.max_risk=0.1`, and records it.
    ///
    /// Keys: `limits.ATTACK.max_risk`, `limits.ATTACK.max_group_risk`, `limits.ATTACK.min_power`, `regression.margin`, `confidence`, `min_cell`,
    /// `inconclusive`. An overridden limit or margin has no other source any more than the person who set it, and says so.
    ///
    /// # Errors
    /// When the key is unknown or the value does not fit it; the policy is unchanged then.
    pub fn override_with(&mut self, text: &str) -> Result<(), PolicyError> {
        let fail = |message: String| PolicyError::Override { text: text.to_owned(), message };
        let (key, value) = text.split_once('=').ok_or_else(|| fail("not of the form `key=value`".to_owned()))?;
        let (key, value) = (key.trim(), value.trim());
        let number = || value.parse::<f64>().map_err(|_| fail(format!("`{value}` is not a number")));
        let share = || number().and_then(|value| check_share(value).map_err(fail));

        let (from, to) = match key.split('.').collect::<Vec<_>>()[..] {
            ["limits", attack, "max_risk"] => {
                let attack =
                    AttackKind::from_code(attack).ok_or_else(|| fail(format!("`{attack}` is not an attack")))?;
                let max_risk = share()?;
                let own = self.limits.get(&attack);
                let limit = Limit {
                    max_risk,
                    where_played: false,
                    max_group_risk: own.and_then(|limit| limit.max_group_risk),
                    min_power: own.and_then(|limit| limit.min_power),
                    source: SOURCE.to_owned(),
                    source_zh: SOURCE_ZH.to_owned(),
                    note_zh: "没有主管机关为攻击测试的成功率规定阈值。".to_owned(),
                    source_status: SourceStatus::OrganizationSet,
                    note: "No authority sets a limit for attack scores.".to_owned(),
                };
                let old = self.limits.insert(attack, limit);
                (old.map(|limit| limit.max_risk.to_string()), max_risk.to_string())
            }
            ["limits", attack, of_limit @ ("max_group_risk" | "min_power")] => {
                let attack =
                    AttackKind::from_code(attack).ok_or_else(|| fail(format!("`{attack}` is not an attack")))?;
                let new = share()?;
                let limit = self.limits.get_mut(&attack).ok_or_else(|| {
                    fail(format!("set limits.{}.max_risk first: {of_limit} is judged beside it", attack.code()))
                })?;
                let value = if of_limit == "min_power" { &mut limit.min_power } else { &mut limit.max_group_risk };
                (value.replace(new).map(|old| old.to_string()), new.to_string())
            }
            ["regression", "margin"] => {
                let margin = share()?;
                let old = std::mem::replace(&mut self.regression.margin, margin);
                self.regression.source = SOURCE.to_owned();
                self.regression.source_zh = SOURCE_ZH.to_owned();
                self.regression.source_status = SourceStatus::OrganizationSet;
                (Some(old.to_string()), margin.to_string())
            }
            ["confidence"] => {
                let new = number().and_then(|value| check_confidence(value).map_err(fail))?;
                (Some(std::mem::replace(&mut self.confidence, new).to_string()), new.to_string())
            }
            ["min_cell"] => {
                let new = value.parse().map_err(|_| fail(format!("`{value}` is not a count")))?;
                (Some(std::mem::replace(&mut self.min_cell, new).to_string()), new.to_string())
            }
            ["inconclusive"] => {
                let new = mapping_named(value)
                    .ok_or_else(|| fail(format!("`{value}` is none of `inconclusive`, `pass`, `fail`")))?;
                let old = std::mem::replace(&mut self.inconclusive, new);
                (Some(mapping_name(old).to_owned()), mapping_name(new).to_owned())
            }
            _ => {
                return Err(fail(format!(
                    "`{key}` cannot be overridden; `limits.ATTACK.max_risk`, `limits.ATTACK.max_group_risk`, `limits.ATTACK.min_power`, \
                     `regression.margin`, `confidence`, `min_cell` and `inconclusive` can"
                )));
            }
        };
        self.overrides.push(Override { key: key.to_owned(), from, to });
        Ok(())
    }
}

impl Override {
    /// Whether the change makes a pass easier.
    pub fn loosens(&self) -> bool {
        let number = |text: &str| text.parse::<f64>().ok();
        let from = self.from.as_deref();
        match self.key.as_str() {
            "inconclusive" => self.to == "pass" && from != Some("pass"),
            "confidence" => from.and_then(number) > number(&self.to),
            "min_cell" => false,
            key if key.ends_with(".min_power") => from.and_then(number) > number(&self.to),
            // A limit where there was none is stricter.
            _ => from.and_then(number).is_some_and(|from| number(&self.to).is_some_and(|to| to > from)),
        }
    }
}

fn mapping_name(mapping: Inconclusive) -> &'static str {
    match mapping {
        Inconclusive::Inconclusive => "inconclusive",
        Inconclusive::Pass => "pass",
        Inconclusive::Fail => "fail",
    }
}

fn mapping_named(name: &str) -> Option<Inconclusive> {
    [Inconclusive::Inconclusive, Inconclusive::Pass, Inconclusive::Fail]
        .into_iter()
        .find(|mapping| mapping_name(*mapping) == name)
}
