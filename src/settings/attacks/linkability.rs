//! What a configuration says of linkability.

use super::super::keys::section;
use super::super::limits;
use super::super::splits::splits_of_seeds;
use super::{
    AttackConfig, Config, Ground, MatcherChoice, Planned, SettingsError, count, is_empty, known, matchers,
    refuse_empty, usable,
};
use reident_attacks::evaluation::Attacker;
use reident_attacks::linkability::LinkabilityAttacker;
use std::collections::BTreeSet;

section! {
    /// Linkability: two files about the same persons are linked by the release.
    [linkability] pub struct LinkabilityConfig {
        /// Nearest records among which the two files meet.
        neighbors: u64 = 1;
        /// Random balanced splits of the columns into two files, one attacker each.
        random_splits: usize = 5;
        /// Instead: the columns of either file, one attacker each.
        halves: Vec<[Vec<String>; 2]>, such as [[["a", "b"], ["c"]]];
        /// How records are found, one attacker each: the nearest, and those that agree on most that is rare.
        matchers: Vec<MatcherChoice>, such as ["distance", "agreement"];
        /// Columns of the largest set in two files that is searched for; 0 for no search, none when left out, 6 with `thorough`.
        largest_set: usize, such as 6;
    }
}

impl LinkabilityConfig {
    /// Adds the attacker who has in the two files the few columns that expose most.
    fn search(&self, ground: &Ground<'_>, planned: &mut Planned) {
        let largest = ground.largest_set(self.largest_set);
        let (Some(matcher), true) = (matchers(&self.matchers).first().copied(), largest > 1) else { return };
        let (among, limited) = known::among(ground, &ground.usable);
        let targets = ground.searched_on();
        let any = [Vec::new(), Vec::new()];
        let attacker = LinkabilityAttacker { halves: any, matcher, neighbors: count(self.neighbors()), searched: None };
        let found = ground.search(&targets).linkability(&attacker, &among, largest);
        let searched = Some(found.searched);
        planned
            .attackers
            .extend(found.sets.into_iter().map(|set| Attacker::from(LinkabilityAttacker { searched, ..set })));
        planned.warnings.extend(limited);
    }

    /// The columns of either file, one attacker each.
    fn splits(&self, ground: &Ground<'_>) -> Result<Vec<[Vec<usize>; 2]>, SettingsError> {
        let (settings, usable) = (ground.settings, &ground.usable);
        match &self.halves {
            Some(halves) => halves
                .iter()
                .map(|[one, other]| {
                    let half = |names: &[String]| ground.positions(names, "linkability.halves");
                    Ok([half(one)?, half(other)?])
                })
                .collect(),
            None if usable.len() < 2 => Err(SettingsError::new(format!(
                "linkability needs at least 2 columns that original and release share, and there is {}; \
                 if the files hold more, check their delimiter and the names in their headers, else leave it out with --only singling-out,inference",
                usable.len()
            ))),
            None => Ok(splits_of_seeds(usable, self.random_splits(), settings.values.seed, settings.values.seeds)),
        }
    }
}

/// Few columns, dealt out to two files in turn; `None` of fewer than two.
fn halves(few: &[usize]) -> Option<[Vec<usize>; 2]> {
    let half = |first: usize| -> Vec<usize> {
        let mut half: Vec<usize> = few.iter().skip(first).step_by(2).copied().collect();
        half.sort_unstable();
        half
    };
    (few.len() > 1).then(|| [half(0), half(1)])
}

impl AttackConfig for LinkabilityConfig {
    fn columns(&self) -> Vec<&String> {
        self.halves.iter().flatten().flatten().flatten().collect()
    }

    fn columns_mut(&mut self) -> Vec<&mut String> {
        self.halves.iter_mut().flatten().flatten().flatten().collect()
    }

    fn check(&self) -> Result<(), SettingsError> {
        refuse_empty(&[
            ("linkability.halves", is_empty(&self.halves)),
            ("linkability.random_splits", self.random_splits == Some(0)),
            ("linkability.matchers", is_empty(&self.matchers)),
        ])
    }

    fn uses(&self, config: &Config) -> Option<BTreeSet<String>> {
        match &self.halves {
            Some(_) => Some(self.columns().into_iter().cloned().collect()),
            None => Some(usable(config)?.into_iter().collect()),
        }
    }

    /// Also says when fewer splits exist than were asked for.
    fn plan(&self, ground: &Ground<'_>) -> Result<Planned, SettingsError> {
        let mut splits = self.splits(ground)?;
        let neighbors = count(self.neighbors());
        // The default is no wish for more than there are.
        let asked = self.random_splits.filter(|_| self.halves.is_none());
        let limited = asked.and_then(|asked| limits::fewer_splits(asked, splits.len(), ground.usable.len()));
        // Who knows few columns, besides.
        splits.extend(self.halves.is_none().then(|| halves(ground.together())).flatten());
        let attackers = matchers(&self.matchers).into_iter().flat_map(|matcher| {
            let attacker = move |halves: &[Vec<usize>; 2]| LinkabilityAttacker {
                halves: halves.clone(),
                matcher,
                neighbors,
                searched: None,
            };
            splits.iter().map(attacker).map(Attacker::from)
        });
        let mut planned = Planned { attackers: attackers.collect(), warnings: limited.into_iter().collect() };
        self.search(ground, &mut planned);
        Ok(planned)
    }
}
