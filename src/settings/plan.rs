//! The attackers that settings make on given tables.

use super::config::{Attacks, MatcherChoice, Role};
use super::splits::splits_of_seeds;
use super::{COLUMNS_PER_PREDICATE, RANDOM_SPLITS, Settings, SettingsError, limits, recorded};
use reident_attacks::evaluation::{AttackKind, Attacker, Plan};
use reident_attacks::inference::InferenceAttacker;
use reident_attacks::linkability::LinkabilityAttacker;
use reident_attacks::matcher::Matcher;
use reident_attacks::singling_out::{Mode, SinglingOutAttacker};
use reident_attacks::table::Tables;
use reident_attacks::targets::Targets;
use reident_reports::evidence::Warning;
use std::collections::BTreeSet;

impl Settings {
    /// The attackers that these settings make on these tables.
    ///
    /// # Errors
    /// When a column that a setting names is not there, or an attack needs more columns than there are.
    pub fn plan(&self, tables: &Tables) -> Result<(Plan, Vec<Warning>), SettingsError> {
        if let Some(evidence) = &self.recorded {
            // What was skipped then is skipped again, and said again.
            let codes = [CONSTANT_SECRET, limits::SECRETS_LIMITED, limits::SPLITS_LIMITED];
            let skipped = evidence.warnings.iter().filter(|warning| codes.contains(&warning.code.as_str()));
            return Ok((recorded::plan(evidence, tables)?, skipped.cloned().collect()));
        }
        let mut plan = Plan::new(self.seed);
        plan.seeds = self.seeds;
        let mut warnings = Vec::new();
        plan.targets = match self.attacks {
            Attacks::All => Targets::All,
            Attacks::Count(count) => Targets::Sample(usize::try_from(count).unwrap_or(usize::MAX)),
        };
        // Roles of columns that the release does not have were reported when the tables were read.
        let with_role = |role| -> Vec<usize> {
            let named = self.config.with_role(role);
            let mut positions: Vec<usize> = named.iter().filter_map(|name| tables.position(name)).collect();
            positions.sort_unstable();
            positions
        };
        let all: Vec<usize> = (0..tables.columns.len()).collect();
        let quasi_identifiers = with_role(Role::QuasiIdentifier);
        let usable = if quasi_identifiers.is_empty() { all.clone() } else { quasi_identifiers };

        for attack in &self.only {
            match attack {
                AttackKind::SinglingOut => self.plan_singling_out(tables, &usable, &mut plan)?,
                AttackKind::Linkability => warnings.extend(self.plan_linkability(tables, &usable, &mut plan)?),
                AttackKind::Inference => {
                    let (mut secrets, constant): (Vec<usize>, Vec<usize>) =
                        all.iter().partition(|column| !is_constant(tables, **column));
                    if self.chooses_no_secret() {
                        let (played, limited) = limits::secrets(&secrets, self.seed);
                        secrets = played;
                        warnings.extend(limited);
                        warnings.extend(constant.iter().map(|column| constant_secret(tables, *column)));
                    }
                    self.plan_inference(tables, &secrets, &usable, with_role(Role::Secret), &mut plan)?;
                }
            }
        }
        Ok((plan, warnings))
    }

    fn plan_singling_out(&self, tables: &Tables, usable: &[usize], plan: &mut Plan) -> Result<(), SettingsError> {
        let config = &self.config.singling_out;
        let columns = match &config.columns {
            Some(names) => positions(tables, names, "singling_out.columns")?,
            None => usable.to_vec(),
        };
        let predicates = usize::try_from(self.predicates()).unwrap_or(usize::MAX);
        let attacker = |mode| SinglingOutAttacker { mode, columns: columns.clone(), predicates };
        if config.univariate.unwrap_or(true) {
            plan.push(attacker(Mode::Univariate));
        }
        let sizes = config.columns_per_predicate.clone().unwrap_or_else(|| COLUMNS_PER_PREDICATE.to_vec());
        sizes.into_iter().for_each(|size| plan.push(attacker(Mode::Multivariate(size))));
        Ok(())
    }

    /// Also says when fewer splits exist than were asked for.
    fn plan_linkability(
        &self,
        tables: &Tables,
        usable: &[usize],
        plan: &mut Plan,
    ) -> Result<Option<Warning>, SettingsError> {
        let config = &self.config.linkability;
        let neighbors = usize::try_from(self.linkability_neighbors()).unwrap_or(usize::MAX);
        let halves: Vec<[Vec<usize>; 2]> = match &config.halves {
            Some(halves) => halves
                .iter()
                .map(|[one, other]| {
                    Ok([positions(tables, one, "linkability.halves")?, positions(tables, other, "linkability.halves")?])
                })
                .collect::<Result<_, SettingsError>>()?,
            None if usable.len() < 2 => {
                return Err(SettingsError::new(format!(
                    "linkability needs at least 2 columns that original and release share, and there is {}; \
                 if the files hold more, check their delimiter and the names in their headers, else leave it out with --only singling-out,inference",
                    usable.len()
                )));
            }
            None => splits_of_seeds(usable, config.random_splits.unwrap_or(RANDOM_SPLITS), self.seed, self.seeds),
        };
        // The default is no wish for more than there are.
        let asked = config.random_splits.filter(|_| config.halves.is_none());
        let limited = asked.and_then(|asked| limits::fewer_splits(asked, halves.len(), usable.len()));
        for matcher in matchers(&config.matchers) {
            let attacker =
                |halves: &[Vec<usize>; 2]| LinkabilityAttacker { halves: halves.clone(), matcher, neighbors };
            halves.iter().map(attacker).for_each(|attacker| plan.push(attacker));
        }
        Ok(limited)
    }

    fn chooses_no_secret(&self) -> bool {
        self.config.inference.secrets.is_none() && self.config.with_role(Role::Secret).is_empty()
    }

    fn plan_inference(
        &self,
        tables: &Tables,
        all: &[usize],
        usable: &[usize],
        secret_role: Vec<usize>,
        plan: &mut Plan,
    ) -> Result<(), SettingsError> {
        let config = &self.config.inference;
        let secrets = match &config.secrets {
            Some(names) => positions(tables, names, "inference.secrets")?,
            None if secret_role.is_empty() => all.to_vec(),
            None => secret_role,
        };
        let known = match &config.known {
            Some(names) => positions(tables, names, "inference.known")?,
            None => usable.to_vec(),
        };
        let neighbors = usize::try_from(self.inference_neighbors()).unwrap_or(usize::MAX);
        let mut asked = Vec::new();
        for secret in secrets {
            let known: Vec<usize> = known.iter().copied().filter(|column| *column != secret).collect();
            if known.is_empty() {
                let message = format!(
                    "inference of `{}` needs at least one known column besides it; \
                     leave the attack out with --only singling-out",
                    tables.columns[secret].name
                );
                return Err(SettingsError::new(message).of_column(&tables.columns[secret].name));
            }
            asked.push((secret, known));
        }
        for matcher in matchers(&config.matchers) {
            plan.attackers.extend(asked.iter().map(|(secret, known)| {
                Attacker::from(InferenceAttacker {
                    secret: *secret,
                    known: known.clone(),
                    matcher,
                    neighbors,
                    correctness: self.correctness(),
                })
            }));
        }
        Ok(())
    }
}

/// The matchers that a configuration asks for, each once; all without one.
fn matchers(chosen: &Option<Vec<MatcherChoice>>) -> Vec<Matcher> {
    let all = [(MatcherChoice::Distance, Matcher::Distance), (MatcherChoice::Agreement, Matcher::Agreement)];
    let is_chosen = |name: &MatcherChoice| chosen.as_ref().is_none_or(|chosen| chosen.contains(name));
    all.into_iter().filter(|(name, _)| is_chosen(name)).map(|(_, matcher)| matcher).collect()
}

/// Whether all persons of the original and the control have the same value, so that there is nothing to infer.
fn is_constant(tables: &Tables, column: usize) -> bool {
    let original = tables.original.column(column);
    let control = tables.control.as_ref().map_or(&[][..], |control| control.column(column));
    original.iter().chain(control).all(|code| *code == original[0])
}

/// The code of the warning that a constant column was left out.
const CONSTANT_SECRET: &str = "constant_secret";

fn constant_secret(tables: &Tables, column: usize) -> Warning {
    let name = &tables.columns[column].name;
    Warning {
        code: CONSTANT_SECRET.to_owned(),
        column: Some(name.clone()),
        message:
            "All persons have the same value, so there is nothing to infer: it is no secret unless the configuration \
                  names it."
                .to_owned(),
    }
}

/// Positions of named columns, in table order.
fn positions(tables: &Tables, names: &[String], setting: &str) -> Result<Vec<usize>, SettingsError> {
    let mut found = BTreeSet::new();
    for name in names {
        let Some(position) = tables.position(name) else {
            let nearest = tables
                .columns
                .iter()
                .map(|column| (strsim::damerau_levenshtein(&column.name, name), &column.name))
                .min_by_key(|(distance, _)| *distance)
                .filter(|(distance, _)| *distance <= name.chars().count().max(4) / 2);
            let hint = nearest.map_or(String::new(), |(_, nearest)| format!("; did you mean `{nearest}`?"));
            let message = format!("{setting}: there is no column `{name}` that original and release share{hint}");
            return Err(SettingsError::new(message).of_setting(setting).of_column(name));
        };
        found.insert(position);
    }
    Ok(found.into_iter().collect())
}
