//! From the command line, the configuration file and the defaults, in that order, to settings.

use super::attacks::refuse_empty;
use super::config::{Attacks, ColumnConfig, Config, Role};
use super::{CONFIDENCE, MOST_SEEDS, Settings, SettingsError, uses};
use crate::input::{LocalForm, ReadOptions, Rounding};
use reident_attacks::evaluation::AttackKind;
use reident_attacks::table::Kind;
use reident_reports::evidence::Context;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// What the command line may set over the configuration file.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// `--seed`.
    pub seed: Option<u64>,
    /// `--seeds`.
    pub seeds: Option<u64>,
    /// `--thorough`.
    pub thorough: bool,
    /// `--calibrate`.
    pub calibrate: bool,
    /// `--confidence`.
    pub confidence: Option<f64>,
    /// `--attacks`.
    pub attacks: Option<Attacks>,
    /// `--only`.
    pub only: Vec<AttackKind>,
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
    /// `--sheet`.
    pub sheet: Option<String>,
    /// `--max-size`.
    pub max_size: Option<u64>,
    /// `--hierarchy`, each replacing the file's of that column.
    pub hierarchies: Vec<(String, PathBuf)>,
    /// `--allow-overlapping-control`.
    pub allow_overlapping_control: bool,
    /// `--record-map`.
    pub record_map: Option<PathBuf>,
    /// `--row-aligned`.
    pub row_aligned: bool,
}

impl Settings {
    /// Resolves the settings.
    ///
    /// # Errors
    /// When a value is out of its range, or two columns have a role that only one can have.
    pub fn resolve(config: Config, over: Overrides) -> Result<Settings, SettingsError> {
        let confidence = over.confidence.or(config.confidence).unwrap_or(CONFIDENCE);
        if !(confidence > 0.0 && confidence < 1.0) {
            return Err(SettingsError::new("the confidence must lie between 0 and 1, for example 0.95")
                .of_setting("confidence"));
        }
        let mut only = if over.only.is_empty() { config.only.clone().unwrap_or_default() } else { over.only };
        if only.is_empty() {
            // Membership is played when it is asked for by name.
            only = AttackKind::ALL.iter().copied().filter(|attack| *attack != AttackKind::Membership).collect();
        }
        only.sort_unstable();
        only.dedup();
        let mut read = ReadOptions {
            delimiter: over.delimiter.or(config.delimiter),
            encoding: over.encoding.or_else(|| config.encoding.clone()),
            sheet: over.sheet.or_else(|| config.sheet.clone()),
            max_size: over.max_size,
            ignore: config.with_role(Role::Ignored),
            tokens: config.with_role(Role::Token),
            named: uses::named(&config).into_iter().collect(),
            record_key: one_column(&config, Role::RecordKey, "record_key")?,
            record_map: over.record_map,
            row_aligned: over.row_aligned,
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
                    let message = format!(
                        "columns.{name}.kind: `{kind}` is none of numeric, date, datetime, boolean, categorical"
                    );
                    return Err(SettingsError::new(message).of_setting("kind").of_column(name));
                };
                read.kinds.insert(name.clone(), kind);
            }
            if let Some(form) = &column.form {
                let Some(form) = LocalForm::from_name(form) else {
                    let names = LocalForm::ALL.map(LocalForm::name).join(", ");
                    let message = format!("columns.{name}.form: `{form}` is none of {names}");
                    return Err(SettingsError::new(message).of_setting("form").of_column(name));
                };
                read.forms.insert(name.clone(), form);
            }
            read.hierarchies.extend(column.hierarchy.clone().map(|file| (name.clone(), file)));
            read.rounding.extend(rounding(name, column)?.map(|rounding| (name.clone(), rounding)));
        }
        let mut named = BTreeSet::new();
        if let Some((twice, _)) = over.hierarchies.iter().find(|(name, _)| !named.insert(name)) {
            let message = format!("--hierarchy names two files for the column {twice}; name one");
            return Err(SettingsError::new(message).of_setting("hierarchy").of_column(twice));
        }
        read.hierarchies.extend(over.hierarchies);
        refuse_empty(&[("only", config.only.as_ref().is_some_and(Vec::is_empty))])?;
        AttackKind::ALL.iter().try_for_each(|kind| config.attack(*kind).check())?;
        if let Some((key, message)) = Context::from(config.context.clone()).fault() {
            let setting = format!("context.{key}");
            return Err(SettingsError::new(format!("{setting} {message}")).of_setting(&setting));
        }
        let seeds = over.seeds.or(config.seeds).unwrap_or(1);
        if !(1..=MOST_SEEDS).contains(&seeds) {
            let message = format!("seeds must be a number from 1 to {MOST_SEEDS}");
            return Err(SettingsError::new(message).of_setting("seeds"));
        }
        let wanted = config.calibration.wanted()?;
        Ok(Settings {
            read,
            calibrate: over.calibrate.then_some(wanted),
            seed: over.seed.or(config.seed).unwrap_or(0),
            seeds,
            thorough: over.thorough || config.thorough.unwrap_or(false),
            confidence,
            only,
            attacks: over.attacks.or(config.attacks).unwrap_or(Attacks::All),
            allow_overlapping_control: over.allow_overlapping_control
                || config.allow_overlapping_control.unwrap_or(false),
            config,
            narrowed: false,
            recorded: None,
        })
    }
}

/// What the numbers of a column stand for.
fn rounding(name: &str, column: &ColumnConfig) -> Result<Option<Rounding>, SettingsError> {
    for (setting, width) in [("rounding", column.rounding), ("midpoints", column.midpoints)] {
        if width.is_some_and(|width| !(width > 0.0 && width.is_finite())) {
            let message = format!("columns.{name}.{setting} must be a number above 0");
            return Err(SettingsError::new(message).of_setting(setting).of_column(name));
        }
    }
    match (column.rounding, column.midpoints) {
        (Some(_), Some(_)) => {
            let message = format!("columns.{name} has both rounding and midpoints; its numbers can be one of them");
            Err(SettingsError::new(message).of_setting("rounding").of_column(name))
        }
        (Some(unit), None) => Ok(Some(Rounding::Unit(unit))),
        (None, width) => Ok(width.map(Rounding::Midpoints)),
    }
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
            assert!(config.is_err() || Settings::resolve(config.unwrap(), Overrides::default()).is_err(), "{text}");
        }
        let twice = "[columns.a]\nrole = \"record_key\"\n[columns.b]\nrole = \"record_key\"\n";
        assert!(Settings::resolve(Config::parse(twice).unwrap(), Overrides::default()).is_err());
    }
}
