//! Settings as resolved from the command line, the configuration file and the defaults, in that order, and the plan of
//! attackers that they make on given tables.

mod limits;
mod recorded;
mod splits;
mod uses;

use crate::config::{AttackChoice, Attacks, Config, MatcherChoice, Role};
use crate::input::{LocalForm, ReadOptions};
use anyhow::{Result, bail};
use reident_attacks::evaluation::Plan;
use reident_attacks::inference::{Correctness, InferenceAttacker};
use reident_attacks::linkability::LinkabilityAttacker;
use reident_attacks::matcher::Matcher;
use reident_attacks::singling_out::{Mode, SinglingOutAttacker};
use reident_attacks::table::{Kind, Tables};
use reident_attacks::targets::Targets;
use reident_reports::evidence::{self, AttackName, Warning};
use splits::splits_of_seeds;
use std::collections::BTreeSet;

/// Most predicates that a singling-out attacker uses. All that exist are used up to this limit, which is said where it bites.
pub const PREDICATES: u64 = 20_000;
/// Columns of one predicate, one attacker each.
pub const COLUMNS_PER_PREDICATE: [usize; 3] = [2, 3, 4];
/// Random balanced splits of the columns, one linkability attacker each.
pub const RANDOM_SPLITS: usize = 5;
/// Most seeds of one run: each plays every attacker who draws once more.
pub const MOST_SEEDS: u64 = 100;
/// Two-sided confidence of every interval.
pub const CONFIDENCE: f64 = 0.95;
/// Relative tolerance of a numeric guess.
pub const TOLERANCE: f64 = 0.05;

/// What the command line may set over the configuration file.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// `--seed`.
    pub seed: Option<u64>,
    /// `--seeds`.
    pub seeds: Option<u64>,
    /// `--confidence`.
    pub confidence: Option<f64>,
    /// `--attacks`.
    pub attacks: Option<Attacks>,
    /// `--only`.
    pub only: Vec<AttackChoice>,
    /// `--null`, added to the file's.
    pub nulls: Vec<String>,
    /// `--suppressed`, replacing the file's.
    pub suppressed: Vec<String>,
    /// `--missing-is-suppressed`.
    pub missing_is_suppressed: bool,
    /// `--delimiter`.
    pub delimiter: Option<char>,
    /// `--encoding`.
    pub encoding: Option<String>,
    /// `--max-size`.
    pub max_size: Option<u64>,
    /// `--allow-overlapping-control`.
    pub allow_overlapping_control: bool,
}

/// Everything that decides what a run does, but the tables.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How the files are read.
    pub read: ReadOptions,
    /// Seed of all random draws.
    pub seed: u64,
    /// How many seeds, from that one on, are drawn with.
    pub seeds: u64,
    /// Two-sided confidence.
    pub confidence: f64,
    /// Attacks to run, in order.
    pub only: Vec<AttackChoice>,
    /// Records attacked.
    pub attacks: Attacks,
    /// Whether an overlapping control is accepted.
    pub allow_overlapping_control: bool,
    config: Config,
    /// Evidence whose attackers are run again, instead of those that the configuration makes.
    recorded: Option<Box<evidence::Evidence>>,
}

impl Settings {
    /// Resolves the settings.
    ///
    /// # Errors
    /// When a value is out of its range, or two columns have a role that only one can have.
    pub fn resolve(config: Config, over: Overrides) -> Result<Settings> {
        let confidence = over.confidence.or(config.confidence).unwrap_or(CONFIDENCE);
        if !(confidence > 0.0 && confidence < 1.0) {
            bail!("the confidence must lie between 0 and 1, for example 0.95");
        }
        let mut only = if over.only.is_empty() { config.only.clone().unwrap_or_default() } else { over.only };
        if only.is_empty() {
            only = vec![AttackChoice::SinglingOut, AttackChoice::Linkability, AttackChoice::Inference];
        }
        only.sort_unstable();
        only.dedup();
        let mut read = ReadOptions {
            delimiter: over.delimiter.or(config.delimiter),
            encoding: over.encoding.or_else(|| config.encoding.clone()),
            max_size: over.max_size,
            ignore: config.with_role(Role::Ignored),
            tokens: config.with_role(Role::Token),
            named: uses::named(&config).into_iter().collect(),
            record_key: one_column(&config, Role::RecordKey, "record_key")?,
            subject_key: one_column(&config, Role::SubjectKey, "subject_key")?,
            ..ReadOptions::default()
        };
        read.described = config.lines.clone();
        read.missing_is_suppressed = over.missing_is_suppressed || config.missing_is_suppressed.unwrap_or(false);
        read.nulls = config.nulls.clone().unwrap_or_default().into_iter().chain(over.nulls).collect();
        if let Some(suppressed) = config.suppressed.clone() {
            read.suppressed = suppressed;
        }
        if !over.suppressed.is_empty() {
            read.suppressed = over.suppressed;
        }
        for (name, column) in &config.columns {
            if let Some(kind) = &column.kind {
                let Some(kind) = Kind::from_name(kind) else {
                    bail!("columns.{name}.kind: `{kind}` is none of numeric, date, datetime, boolean, categorical");
                };
                read.kinds.insert(name.clone(), kind);
            }
            if let Some(form) = &column.form {
                let Some(form) = LocalForm::from_name(form) else {
                    let names = LocalForm::ALL.map(LocalForm::name).join(", ");
                    bail!("columns.{name}.form: `{form}` is none of {names}");
                };
                read.forms.insert(name.clone(), form);
            }
        }
        refuse_empty(&config)?;
        let tolerances =
            [("tolerance", config.inference.tolerance), ("date_tolerance", config.inference.date_tolerance)];
        for (name, tolerance) in tolerances {
            if tolerance.is_some_and(|tolerance| !(tolerance >= 0.0 && tolerance.is_finite())) {
                bail!("inference.{name} must be a number of at least 0");
            }
        }
        let seeds = over.seeds.or(config.seeds).unwrap_or(1);
        if !(1..=MOST_SEEDS).contains(&seeds) {
            bail!("seeds must be a number from 1 to {MOST_SEEDS}");
        }
        Ok(Settings {
            read,
            seed: over.seed.or(config.seed).unwrap_or(0),
            seeds,
            confidence,
            only,
            attacks: over.attacks.or(config.attacks).unwrap_or(Attacks::All),
            allow_overlapping_control: over.allow_overlapping_control
                || config.allow_overlapping_control.unwrap_or(false),
            config,
            recorded: None,
        })
    }

    fn predicates(&self) -> u64 {
        let asked = match self.attacks {
            Attacks::All => PREDICATES,
            Attacks::Count(count) => count,
        };
        self.config.singling_out.predicates.unwrap_or(asked)
    }

    fn correctness(&self) -> Correctness {
        let inference = &self.config.inference;
        Correctness {
            relative: inference.tolerance.unwrap_or(TOLERANCE),
            date_units: inference.date_tolerance.unwrap_or(0.0),
        }
    }

    fn linkability_neighbors(&self) -> u64 {
        self.config.linkability.neighbors.unwrap_or(1)
    }

    fn inference_neighbors(&self) -> u64 {
        self.config.inference.neighbors.unwrap_or(1)
    }

    /// The attackers that these settings make on these tables.
    ///
    /// # Errors
    /// When a column that a setting names is not there, or an attack needs more columns than there are.
    pub fn plan(&self, tables: &Tables) -> Result<(Plan, Vec<Warning>)> {
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
                AttackChoice::SinglingOut => self.plan_singling_out(tables, &usable, &mut plan)?,
                AttackChoice::Linkability => warnings.extend(self.plan_linkability(tables, &usable, &mut plan)?),
                AttackChoice::Inference => {
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

    fn plan_singling_out(&self, tables: &Tables, usable: &[usize], plan: &mut Plan) -> Result<()> {
        let config = &self.config.singling_out;
        let columns = match &config.columns {
            Some(names) => positions(tables, names, "singling_out.columns")?,
            None => usable.to_vec(),
        };
        let predicates = usize::try_from(self.predicates()).unwrap_or(usize::MAX);
        let attacker = |mode| SinglingOutAttacker { mode, columns: columns.clone(), predicates };
        if config.univariate.unwrap_or(true) {
            plan.singling_out.push(attacker(Mode::Univariate));
        }
        let sizes = config.columns_per_predicate.clone().unwrap_or_else(|| COLUMNS_PER_PREDICATE.to_vec());
        plan.singling_out.extend(sizes.into_iter().map(|size| attacker(Mode::Multivariate(size))));
        Ok(())
    }

    /// Also says when fewer splits exist than were asked for.
    fn plan_linkability(&self, tables: &Tables, usable: &[usize], plan: &mut Plan) -> Result<Option<Warning>> {
        let config = &self.config.linkability;
        let neighbors = usize::try_from(self.linkability_neighbors()).unwrap_or(usize::MAX);
        let halves: Vec<[Vec<usize>; 2]> = match &config.halves {
            Some(halves) => halves
                .iter()
                .map(|[one, other]| {
                    Ok([positions(tables, one, "linkability.halves")?, positions(tables, other, "linkability.halves")?])
                })
                .collect::<Result<_>>()?,
            None if usable.len() < 2 => bail!(
                "linkability needs at least 2 columns that original and release share, and there is {}; \
                 if the files hold more, check their delimiter and the names in their headers, else leave it out with --only singling-out,inference",
                usable.len()
            ),
            None => splits_of_seeds(usable, config.random_splits.unwrap_or(RANDOM_SPLITS), self.seed, self.seeds),
        };
        // The default is no wish for more than there are.
        let asked = config.random_splits.filter(|_| config.halves.is_none());
        let limited = asked.and_then(|asked| limits::fewer_splits(asked, halves.len(), usable.len()));
        for matcher in matchers(&config.matchers) {
            let attacker =
                |halves: &[Vec<usize>; 2]| LinkabilityAttacker { halves: halves.clone(), matcher, neighbors };
            plan.linkability.extend(halves.iter().map(attacker));
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
    ) -> Result<()> {
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
                bail!(
                    "inference of `{}` needs at least one known column besides it; \
                     leave the attack out with --only singling-out",
                    tables.columns[secret].name
                );
            }
            asked.push((secret, known));
        }
        for matcher in matchers(&config.matchers) {
            plan.inference.extend(asked.iter().map(|(secret, known)| InferenceAttacker {
                secret: *secret,
                known: known.clone(),
                matcher,
                neighbors,
                correctness: self.correctness(),
            }));
        }
        Ok(())
    }

    /// The settings as they go on record.
    pub fn on_record(&self) -> evidence::Settings {
        if let Some(evidence) = &self.recorded {
            return evidence.settings.clone();
        }
        let correctness = self.correctness();
        evidence::Settings {
            seed: self.seed,
            seeds: self.seeds,
            confidence: self.confidence,
            only: self.only.iter().map(|attack| attack_name(*attack)).collect(),
            attacks: match self.attacks {
                Attacks::All => None,
                Attacks::Count(count) => Some(count),
            },
            predicates: self.predicates(),
            linkability_neighbors: self.linkability_neighbors(),
            inference_neighbors: self.inference_neighbors(),
            tolerance: correctness.relative,
            date_tolerance: correctness.date_units,
            nulls: self.read.nulls.clone(),
            suppressed: self.read.suppressed.clone(),
            missing_is_suppressed: self.read.missing_is_suppressed,
            forms: self.read.forms.iter().map(|(name, form)| (name.clone(), form.name().to_owned())).collect(),
            delimiter: self.read.delimiter,
            encoding: self.read.encoding.clone(),
            kinds: self.read.kinds.iter().map(|(name, kind)| (name.clone(), kind.name().to_owned())).collect(),
            ignored: self.read.ignore.clone(),
            tokens: self.read.tokens.clone(),
            record_key: self.read.record_key.clone(),
            subject_key: self.read.subject_key.clone(),
            allow_overlapping_control: self.allow_overlapping_control,
        }
    }
}

/// The matchers that a configuration asks for, each once; all without one.
fn matchers(chosen: &Option<Vec<MatcherChoice>>) -> Vec<Matcher> {
    let all = [(MatcherChoice::Distance, Matcher::Distance), (MatcherChoice::Agreement, Matcher::Agreement)];
    let is_chosen = |name: &MatcherChoice| chosen.as_ref().is_none_or(|chosen| chosen.contains(name));
    all.into_iter().filter(|(name, _)| is_chosen(name)).map(|(_, matcher)| matcher).collect()
}

/// The name of an attack in evidence.
pub fn attack_name(attack: AttackChoice) -> AttackName {
    match attack {
        AttackChoice::SinglingOut => AttackName::SinglingOut,
        AttackChoice::Linkability => AttackName::Linkability,
        AttackChoice::Inference => AttackName::Inference,
    }
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

/// A list that is there but empty would leave an attack out without a word.
fn refuse_empty(config: &Config) -> Result<()> {
    let empty = |list: &Option<Vec<String>>| list.as_ref().is_some_and(Vec::is_empty);
    let singling_out = &config.singling_out;
    let sizes = singling_out.columns_per_predicate.as_ref();
    let lists = [
        ("only", config.only.as_ref().is_some_and(Vec::is_empty)),
        ("singling_out.columns", empty(&singling_out.columns)),
        (
            "singling_out.columns_per_predicate",
            sizes.is_some_and(Vec::is_empty) && singling_out.univariate == Some(false),
        ),
        ("linkability.halves", config.linkability.halves.as_ref().is_some_and(Vec::is_empty)),
        ("linkability.random_splits", config.linkability.random_splits == Some(0)),
        ("linkability.matchers", config.linkability.matchers.as_ref().is_some_and(Vec::is_empty)),
        ("inference.matchers", config.inference.matchers.as_ref().is_some_and(Vec::is_empty)),
        ("inference.secrets", empty(&config.inference.secrets)),
        ("inference.known", empty(&config.inference.known)),
    ];
    for (name, is_empty) in lists {
        if is_empty {
            bail!("{name} is empty; leave it out for the default, or leave the attack out with `only`");
        }
    }
    Ok(())
}

fn one_column(config: &Config, role: Role, name: &str) -> Result<Option<String>> {
    let mut columns = config.with_role(role);
    if columns.len() > 1 {
        bail!("only one column can have the role {name}: {}", columns.join(", "));
    }
    Ok(columns.pop())
}

/// Positions of named columns, in table order.
fn positions(tables: &Tables, names: &[String], setting: &str) -> Result<Vec<usize>> {
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
            bail!("{setting}: there is no column `{name}` that original and release share{hint}");
        };
        found.insert(position);
    }
    Ok(found.into_iter().collect())
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn values_out_of_range_are_refused() {
        for text in ["confidence = 1.0", "confidence = 0", "[inference]\ntolerance = -1.0", "[columns.a]\nkind = \"x\""]
        {
            let config = Config::parse(text);
            assert!(config.is_err() || Settings::resolve(config.unwrap(), Overrides::default()).is_err(), "{text}");
        }
        let twice = "[columns.a]\nrole = \"record_key\"\n[columns.b]\nrole = \"record_key\"\n";
        assert!(Settings::resolve(Config::parse(twice).unwrap(), Overrides::default()).is_err());
    }
}
