//! Which columns are searched for, for attackers with two files and those who want to know a secret.

use super::{Ground, distinct};
use reident_attacks::halves::halves;
use reident_attacks::search::{LARGEST_SET, Searched};
use reident_attacks::targets::TargetRows;
use reident_reports::evidence::{Warning, warning};

/// The code of the remark that not all columns were searched.
pub const SEARCH_LIMITED: &str = "search_limited";

/// Most columns that a search looks at: of twenty there are 190 pairs.
const MOST_COLUMNS: usize = 20;

impl Ground<'_> {
    /// The largest set that is searched for: what is named, else the default of a thorough run, else none.
    pub(super) fn largest_set(&self, named: Option<usize>) -> usize {
        named.unwrap_or(if self.settings.values.thorough { LARGEST_SET } else { 0 })
    }

    /// Who is searched on.
    pub(super) fn searched_on(&self) -> TargetRows {
        let [searched, _] =
            halves(self.tables, &TargetRows::draw(self.tables, self.settings.targets(), self.settings.values.seed));
        searched
    }

    /// A search on some targets.
    pub(super) fn search<'s>(&'s self, targets: &'s TargetRows) -> Searched<'s> {
        Searched { tables: self.tables, targets, seed: self.settings.values.seed, progress: self.progress }
    }
}

/// Those of some columns that are searched, and a remark where they are not all: those of many values tell most.
pub(super) fn among(ground: &Ground<'_>, columns: &[usize]) -> (Vec<usize>, Option<Warning>) {
    let mut among = columns.to_vec();
    let limited = (among.len() > MOST_COLUMNS).then(|| {
        among.sort_by_key(|column| (std::cmp::Reverse(distinct(ground.tables, *column)), *column));
        among.truncate(MOST_COLUMNS);
        among.sort_unstable();
        let all = columns.len();
        let message = format!(
            "Which columns expose most was searched for among {MOST_COLUMNS} of the {all} columns, those with the most values in the release."
        );
        warning(SEARCH_LIMITED, &message)
    });
    (among, limited)
}
