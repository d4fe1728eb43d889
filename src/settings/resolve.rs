//! From what is said, by a configuration file and a command line, to settings.

use super::attacks::refuse_empty;
use super::config::{ColumnConfig, Config, Role};
use super::{MOST_SEEDS, Settings, SettingsError, reading, uses};
use crate::input::ReadOptions;
use reident_attacks::evaluation::AttackKind;
use reident_reports::evidence::{self, Context};
use std::collections::BTreeMap;

impl Settings {
    /// Resolves the settings.
    ///
    /// # Errors
    /// When a value is out of its range, or two columns have a role that only one can have.
    pub fn resolve(config: Config) -> Result<Settings, SettingsError> {
        let values = values(&config)?;
        refuse_empty(&[
            ("only", config.only.as_ref().is_some_and(Vec::is_empty)),
            ("earlier_releases", config.earlier_releases.as_ref().is_some_and(Vec::is_empty)),
        ])?;
        AttackKind::ALL.iter().try_for_each(|kind| config.attack(*kind).check())?;
        if let Some((key, message)) = values.context.fault() {
            let setting = format!("context.{key}");
            return Err(SettingsError::new(format!("{setting} {message}")).of_setting(&setting));
        }
        config.calibration.wanted()?;
        let hierarchies =
            config.columns.iter().filter_map(|(name, column)| Some((name.clone(), column.hierarchy.clone()?)));
        let read = ReadOptions {
            hierarchies: hierarchies.collect(),
            described: config.lines.clone(),
            named: uses::named(&config).into_iter().collect(),
            earlier: config.earlier_releases.clone().unwrap_or_default(),
            ..reading::options(&values)?
        };
        Ok(Settings { values, read, calibrate: None, narrowed: false, config, recorded: None })
    }
}

/// What goes on record. The digests of the hierarchies and the quasi-identifiers are known when the tables have been read.
fn values(config: &Config) -> Result<evidence::Settings, SettingsError> {
    let said = config.recorded();
    if !(said.confidence > 0.0 && said.confidence < 1.0) {
        return Err(
            SettingsError::new("the confidence must lie between 0 and 1, for example 0.95").of_setting("confidence")
        );
    }
    if !(1..=MOST_SEEDS).contains(&said.seeds) {
        let message = format!("seeds must be a number from 1 to {MOST_SEEDS}");
        return Err(SettingsError::new(message).of_setting("seeds"));
    }
    config.columns.iter().try_for_each(|(name, column)| check_width(name, column))?;
    let mut only = said.only;
    only.sort_unstable();
    only.dedup();
    let attacks = said.attacks;
    Ok(evidence::Settings {
        only,
        predicates: config.singling_out.predicates(attacks),
        linkability_neighbors: config.linkability.neighbors(),
        inference_neighbors: config.inference.neighbors(),
        tolerance: config.inference.tolerance(),
        date_tolerance: config.inference.date_tolerance(),
        kinds: of_columns(config, |column| column.kind.clone()),
        forms: of_columns(config, |column| column.form.clone()),
        rounding: of_columns(config, |column| column.rounding),
        midpoints: of_columns(config, |column| column.midpoints),
        ignored: config.with_role(Role::Ignored),
        tokens: config.with_role(Role::Token),
        record_key: one_column(config, Role::RecordKey, "record_key")?,
        subject_key: one_column(config, Role::SubjectKey, "subject_key")?,
        context: Context::from(config.context.clone()),
        ..said
    })
}

/// What is said of columns, by their names.
fn of_columns<T>(config: &Config, said: impl Fn(&ColumnConfig) -> Option<T>) -> BTreeMap<String, T> {
    config.columns.iter().filter_map(|(name, column)| Some((name.clone(), said(column)?))).collect()
}

/// Refuses what the numbers of a column cannot stand for.
fn check_width(name: &str, column: &ColumnConfig) -> Result<(), SettingsError> {
    for (setting, width) in [("rounding", column.rounding), ("midpoints", column.midpoints)] {
        if width.is_some_and(|width| !(width > 0.0 && width.is_finite())) {
            let message = format!("columns.{name}.{setting} must be a number above 0");
            return Err(SettingsError::new(message).of_setting(setting).of_column(name));
        }
    }
    if column.rounding.is_some() && column.midpoints.is_some() {
        let message = format!("columns.{name} has both rounding and midpoints; its numbers can be one of them");
        return Err(SettingsError::new(message).of_setting("rounding").of_column(name));
    }
    Ok(())
}

fn one_column(config: &Config, role: Role, name: &str) -> Result<Option<String>, SettingsError> {
    let mut columns = config.with_role(role);
    if columns.len() > 1 {
        let message = format!("only one column can have the role {name}: {}", columns.join(", "));
        return Err(SettingsError::new(message).of_setting(name));
    }
    Ok(columns.pop())
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn values_out_of_range_are_refused() {
        for text in ["confidence = 1.0", "confidence = 0", "[inference]\ntolerance = -1.0", "[columns.a]\nkind = \"x\""]
        {
            let config = Config::parse(text);
            assert!(config.is_err() || Settings::resolve(config.unwrap()).is_err(), "{text}");
        }
        let twice = "[columns.a]\nrole = \"record_key\"\n[columns.b]\nrole = \"record_key\"\n";
        assert!(Settings::resolve(Config::parse(twice).unwrap()).is_err());
    }
    #[test]
    fn what_nobody_says_is_the_default_on_record() {
        let settings = Settings::resolve(Config::default()).unwrap();
        assert_eq!(settings.values, evidence::Settings::default());
        // What records say of reading is what a run reads by that is told nothing.
        assert_eq!(settings.read, ReadOptions::default());
    }

    #[test]
    fn the_command_line_counts_before_the_file() {
        let file = Config::parse(
            "seed = 1\nthorough = true\nnulls = [\"?\"]\nsuppressed = [\"x\"]\nonly = [\"linkability\"]\n",
        )
        .unwrap();
        let said = Config { seed: Some(2), nulls: Some(vec!["-".to_owned()]), ..Config::default() };
        let values = Settings::resolve(said.over(file)).unwrap().values;
        assert_eq!((values.seed, values.thorough), (2, true));
        assert_eq!((values.nulls.join(" ").as_str(), values.suppressed.join(" ").as_str()), ("? -", "x"));
        assert_eq!(values.only, [AttackKind::Linkability]);
    }
}
