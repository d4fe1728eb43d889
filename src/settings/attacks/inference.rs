//! What a configuration says of attribute inference.

use super::super::keys::section;
use super::super::limits;
use super::{
    AttackConfig, Config, Ground, MOST_OF_FEW, MatcherChoice, ModelChoice, Planned, Role, SettingsError, count,
    is_empty, known, matchers, refuse_empty, usable,
};
use reident_attacks::evaluation::Attacker;
use reident_attacks::inference::{Correctness, Guesser, InferenceAttacker, Model, Pilot};
use reident_attacks::table::Tables;
use reident_reports::evidence::Warning;
use reident_reports::percent::percent_of;
use std::collections::BTreeSet;

section! {
    /// Inference: a secret is guessed from what is known of a person.
    [inference] pub struct InferenceConfig {
        /// Nearest records that vote on a guess.
        neighbors: u64 = 1;
        /// Columns to infer, one attacker each; all when left out.
        secrets: Vec<String>, such as ["a"];
        /// Columns that attackers know; all others when left out.
        known: Vec<String>, such as ["b", "c"];
        /// How records are found, one attacker each: the nearest, and those that agree on most that is rare.
        matchers: Vec<MatcherChoice>, such as ["distance", "agreement"];
        /// Models that are trained on the release, one attacker each; none when left out, all with `thorough`.
        models: Vec<ModelChoice>, such as ["naive_bayes", "forest", "linear_reconstruction"];
        /// Columns of the largest known set that is searched for; 0 for no search, none when left out, 6 with `thorough`.
        largest_set: usize, such as 6;
        /// A numeric guess is right within this share of the value.
        tolerance: f64 = 0.05;
        /// A guessed date is right within so many days, a time within so many seconds.
        date_tolerance: f64 = 0.0;
    }
}

impl InferenceConfig {
    /// When a guess is correct.
    pub fn correctness(&self) -> Correctness {
        Correctness { relative: self.tolerance(), date_units: self.date_tolerance() }
    }

    /// The models that are asked for, each once: those that are named, else all of a thorough run.
    fn models(&self, thorough: bool) -> Vec<Model> {
        let all = [
            (ModelChoice::NaiveBayes, Model::NaiveBayes),
            (ModelChoice::Forest, Model::Forest),
            (ModelChoice::LinearReconstruction, Model::LinearReconstruction),
        ];
        let is_chosen = |name: &ModelChoice| self.models.as_ref().map_or(thorough, |chosen| chosen.contains(name));
        all.into_iter().filter(|(name, _)| is_chosen(name)).map(|(_, model)| model).collect()
    }

    /// Adds who knows of each secret the few columns that expose it most, and models that know the largest set of them.
    fn search(&self, ground: &Ground<'_>, asked: &[(usize, Vec<usize>)], models: &[Model], planned: &mut Planned) {
        let largest = ground.largest_set(self.largest_set);
        let (Some(matcher), true) = (matchers(&self.matchers).first().copied(), largest > 0) else { return };
        let guesser = Guesser::nearest(matcher, count(self.neighbors()));
        let targets = ground.searched_on();
        for (secret, known) in asked {
            let (among, limited) = known::among(ground, known);
            let (secret, correctness) = (*secret, self.correctness());
            let attacker = InferenceAttacker { secret, known: Vec::new(), guesser, correctness, searched: None };
            let found = ground.search(&targets).inference(&attacker, &among, largest);
            // Who knows everything is played anyway.
            let fewer = found.sets.into_iter().filter(|set| set.known.len() < known.len());
            let fewer: Vec<InferenceAttacker> =
                fewer.map(|set| InferenceAttacker { searched: Some(found.searched), ..set }).collect();
            let gaining = fewer.last().into_iter().flat_map(|largest| {
                let seed = ground.settings.values.seed;
                let gains = move |model: &&Model| {
                    model.can_guess(ground.tables, secret, correctness)
                        && model
                            .pilot(ground.tables, secret, &largest.known, correctness, seed, ground.progress)
                            .gains()
                };
                let guessing =
                    move |model: &Model| InferenceAttacker { guesser: Guesser::Model(*model), ..largest.clone() };
                models.iter().filter(gains).map(guessing)
            });
            let gaining: Vec<InferenceAttacker> = gaining.collect();
            planned.attackers.extend(fewer.into_iter().chain(gaining).map(Attacker::from));
            if let Some(limited) = limited
                && !planned.warnings.contains(&limited)
            {
                planned.warnings.push(limited);
            }
        }
    }

    /// The secrets, and what is said of columns that could be some and are not played. Named ones are all played; of others,
    /// those that all persons share are no secrets, and of very many some are drawn.
    fn secrets(&self, ground: &Ground<'_>) -> Result<(Vec<usize>, Vec<Warning>), SettingsError> {
        if let Some(names) = &self.secrets {
            return Ok((ground.positions(names, "inference.secrets")?, Vec::new()));
        }
        if !ground.settings.config.with_role(Role::Secret).is_empty() {
            let named = ground.with_role(Role::Secret);
            if !named.is_empty() {
                return Ok((named, Vec::new()));
            }
            // None of them is released: the others are tried.
            let varied = ground.all().into_iter().filter(|column| !is_constant(ground.tables, *column));
            return Ok((varied.collect(), Vec::new()));
        }
        let (varied, constant): (Vec<usize>, Vec<usize>) =
            ground.all().into_iter().partition(|column| !is_constant(ground.tables, *column));
        let (played, limited) = limits::secrets(&varied, ground.settings.values.seed);
        let constant = constant.into_iter().map(|column| constant_secret(ground.tables, column));
        Ok((played, limited.into_iter().chain(constant).collect()))
    }
}

impl AttackConfig for InferenceConfig {
    fn columns(&self) -> Vec<&String> {
        self.secrets.iter().chain(&self.known).flatten().collect()
    }

    fn columns_mut(&mut self) -> Vec<&mut String> {
        self.secrets.iter_mut().chain(&mut self.known).flatten().collect()
    }

    fn check(&self) -> Result<(), SettingsError> {
        refuse_empty(&[
            ("inference.matchers", is_empty(&self.matchers)),
            ("inference.models", is_empty(&self.models)),
            ("inference.secrets", is_empty(&self.secrets)),
            ("inference.known", is_empty(&self.known)),
        ])?;
        for (name, tolerance) in [("tolerance", self.tolerance), ("date_tolerance", self.date_tolerance)] {
            if tolerance.is_some_and(|tolerance| !(tolerance >= 0.0 && tolerance.is_finite())) {
                let setting = format!("inference.{name}");
                let message = format!("{setting} must be a number of at least 0");
                return Err(SettingsError::new(message).of_setting(&setting));
            }
        }
        Ok(())
    }

    fn uses(&self, config: &Config) -> Option<BTreeSet<String>> {
        let roles = config.with_role(Role::Secret);
        let secrets = self.secrets.clone().or((!roles.is_empty()).then_some(roles))?;
        let known = self.known.clone().or_else(|| usable(config))?;
        Some(secrets.into_iter().chain(known).collect())
    }

    fn plan(&self, ground: &Ground<'_>) -> Result<Planned, SettingsError> {
        let (secrets, mut warnings) = self.secrets(ground)?;
        let known = match &self.known {
            Some(names) => ground.positions(names, "inference.known")?,
            None => ground.usable.clone(),
        };
        let neighbors = count(self.neighbors());
        let mut asked = Vec::new();
        for secret in secrets {
            let known: Vec<usize> = known.iter().copied().filter(|column| *column != secret).collect();
            if known.is_empty() {
                let name = &ground.tables.columns[secret].name;
                let message = format!(
                    "inference of `{name}` needs at least one known column besides it; \
                     leave the attack out with --only singling-out"
                );
                return Err(SettingsError::new(message).of_column(name));
            }
            asked.push((secret, known));
        }
        let attacker = |(secret, known): &(usize, Vec<usize>), guesser| -> Attacker {
            let correctness = self.correctness();
            InferenceAttacker { secret: *secret, known: known.clone(), guesser, correctness, searched: None }.into()
        };
        let mut nearest = matchers(&self.matchers).into_iter().map(|matcher| Guesser::nearest(matcher, neighbors));
        let mut attackers: Vec<Attacker> =
            nearest.clone().flat_map(|guesser| asked.iter().map(move |asked| attacker(asked, guesser))).collect();
        // Who knows few columns, by the matcher that rewards what is rare, where it is wanted.
        if let (None, Some(guesser)) = (&self.known, nearest.next_back()) {
            let few = ground.together();
            for (secret, _) in asked.iter().filter(|(secret, _)| few.contains(secret)) {
                let known = few.iter().copied().filter(|column| column != secret).take(MOST_OF_FEW);
                let mut known: Vec<usize> = known.collect();
                known.sort_unstable();
                if !known.is_empty() {
                    attackers.push(attacker(&(*secret, known), guesser));
                }
            }
        }
        let models = self.models(ground.settings.values.thorough);
        for model in &models {
            for (secret, known) in &asked {
                if !model.can_guess(ground.tables, *secret, self.correctness()) {
                    warnings.extend(self.models.is_some().then(|| not_reconstructed(ground.tables, *secret)));
                    continue;
                }
                let (correctness, seed) = (self.correctness(), ground.settings.values.seed);
                let pilot = model.pilot(ground.tables, *secret, known, correctness, seed, ground.progress);
                match pilot.gains() {
                    true => attackers.push(attacker(&(*secret, known.clone()), Guesser::Model(*model))),
                    false => warnings.push(gains_nothing(ground.tables, *secret, *model, &pilot)),
                }
            }
        }
        let mut planned = Planned { attackers, warnings };
        self.search(ground, &asked, &models, &mut planned);
        Ok(planned)
    }
}

/// Whether all persons of the original and the control have the same value, so that there is nothing to infer.
fn is_constant(tables: &Tables, column: usize) -> bool {
    let original = tables.original.column(column);
    let control = tables.control.as_ref().map_or(&[][..], |control| control.column(column));
    original.iter().chain(control).all(|code| *code == original[0])
}

/// The codes of the warnings that a model was left out.
pub(in crate::settings) const NAIVE_BAYES_GAINS_NOTHING: &str = "naive_bayes_gains_nothing";
pub(in crate::settings) const FOREST_GAINS_NOTHING: &str = "forest_gains_nothing";
pub(in crate::settings) const LINEAR_RECONSTRUCTION_GAINS_NOTHING: &str = "linear_reconstruction_gains_nothing";
/// The code of the warning that a secret was not reconstructed although that was asked for.
pub(in crate::settings) const NOT_RECONSTRUCTED: &str = "not_reconstructed";

fn gains_nothing(tables: &Tables, column: usize, model: Model, pilot: &Pilot) -> Warning {
    let code = match model {
        Model::NaiveBayes => NAIVE_BAYES_GAINS_NOTHING,
        Model::Forest => FOREST_GAINS_NOTHING,
        Model::LinearReconstruction => LINEAR_RECONSTRUCTION_GAINS_NOTHING,
    };
    Warning {
        code: code.to_owned(),
        column: Some(tables.columns[column].name.clone()),
        message: format!(
            "The model {} was not played: tried out on the release, each row left out in turn, it is right about {} of \
             the rows, and whoever always guesses the same about {}.",
            model.name(),
            percent_of(pilot.model, pilot.rows.max(1)),
            percent_of(pilot.constant, pilot.rows.max(1))
        ),
    }
}

fn not_reconstructed(tables: &Tables, column: usize) -> Warning {
    Warning {
        code: NOT_RECONSTRUCTED.to_owned(),
        column: Some(tables.columns[column].name.clone()),
        message:
            "The secret was not reconstructed from counts: that takes a secret of two values in the release, and a control."
                .to_owned(),
    }
}

/// The code of the warning that a constant column was left out.
pub(in crate::settings) const CONSTANT_SECRET: &str = "constant_secret";

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
