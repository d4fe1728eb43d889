//! Whom to attack at once.

use reident_attacks::AttackError;
use reident_attacks::parts::Parts;
use reident_attacks::table::{Table, Tables};

/// The persons of the tables in parts of about so many, all in one when not told, and how many parts there are. Whatever they are, the figures
/// are the same.
pub(super) fn of(tables: &Tables, at_once: Option<usize>) -> Result<(Parts, usize), AttackError> {
    let rows = tables.original.rows() + tables.control.as_ref().map_or(0, Table::rows);
    let count = at_once.map_or(1, |at_once| rows.div_ceil(at_once.max(1)).max(1));
    if count == 1 {
        return Ok((Parts::whole(), 1));
    }
    let spread = |table: &Table| -> Vec<u32> {
        let persons = table.persons().max(1) as u64;
        (0..table.rows()).map(|row| (u64::from(table.subject(row)) * count as u64 / persons) as u32).collect()
    };
    let parts =
        Parts::split(tables, spread(&tables.original), tables.control.as_ref().map(spread).unwrap_or_default())?;
    Ok((parts, count))
}

#[cfg(test)]
mod test {
    use super::super::{NoProgress, Options, evaluate};
    use crate::demo::World;
    use crate::input::Sources;
    use crate::settings::Settings;
    use crate::settings::config::Config;

    #[test]
    fn evidence_is_the_same_however_many_are_attacked_at_once() {
        let [original, anonymized, control] = World::new(200, 0.3, 7).columns().map(Into::into);
        let sources = Sources { original, anonymized, control: Some(control), population: None };
        let settings = Settings::resolve(Config::default()).unwrap();
        let evidence = |at_once| {
            let options = Options { reproducible: true, keep_hits: true, at_once, ..Options::default() };
            evaluate(&sources, &settings, options, &NoProgress).unwrap().evidence
        };
        let whole = evidence(None);
        assert!(!whole.attacks.is_empty());
        assert_eq!(evidence(Some(70)), whole);
        assert_eq!(evidence(Some(1_000)), whole);
    }
}
