//! What a plan leaves out so that time and evidence stay linear in the columns, and how it is said.

use super::splits::{MOST_SPLITS, balanced_splits};
use reident_attacks::sampling::{Stream, Task};
use reident_reports::evidence::{Warning, warning};

/// Most columns that are secrets when the configuration names none. All secrets that the configuration names are played.
pub const MOST_SECRETS: usize = 64;
/// And so many however wide the table is.
const LEAST_SECRETS: usize = 12;
/// Known columns of all secrets together from which on fewer secrets are drawn: an attacker's time and entry in evidence grow
/// with what the attacker knows.
const MOST_KNOWN: usize = 24_000;

/// How many of so many columns are drawn as secrets: all of a few, fewer the more there are.
fn most_secrets(columns: usize) -> usize {
    (MOST_KNOWN / columns.max(1)).clamp(LEAST_SECRETS, MOST_SECRETS).min(columns)
}

/// The code of the warning that not every column was played as a secret.
pub(super) const SECRETS_LIMITED: &str = "secrets_limited";
/// The code of the warning that fewer random splits were played than asked for.
pub(super) const SPLITS_LIMITED: &str = "splits_limited";

/// The secrets that are played of those that could be, in table order: all, or as many as the limit drawn by the seed. The draw
/// looks at no row.
pub(super) fn secrets(candidates: &[usize], seed: u64) -> (Vec<usize>, Option<Warning>) {
    let most = most_secrets(candidates.len());
    if most == candidates.len() {
        return (candidates.to_vec(), None);
    }
    let drawn = Stream::new(seed, Task::Secrets, 0).sample(candidates.len(), most);
    let message = format!(
        "{most} of {} columns were drawn as secrets. Whether the other {} can be inferred was not tested: name those that \
         matter (`role = \"secret\"`, or `secrets` in `[inference]`), and all that are named are played.",
        candidates.len(),
        candidates.len() - most
    );
    (drawn.into_iter().map(|at| candidates[at]).collect(), Some(warning(SECRETS_LIMITED, &message)))
}

/// What is said when fewer random splits of so many columns are played than were asked for.
pub(super) fn fewer_splits(asked: usize, played: usize, columns: usize) -> Option<Warning> {
    let why = match balanced_splits(columns) {
        Some(exist) if exist == played => format!("there are no more of {columns} columns"),
        _ => format!("at most {MOST_SPLITS} are"),
    };
    let message = format!("{played} of {asked} random splits were played: {why}.");
    (played < asked).then(|| warning(SPLITS_LIMITED, &message))
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn few_secrets_are_all_played_and_many_are_drawn_and_said() {
        let columns: Vec<usize> = (0..600).collect();
        assert_eq!(secrets(&columns[..MOST_SECRETS], 0), (columns[..MOST_SECRETS].to_vec(), None));
        let (drawn, said) = secrets(&columns, 0);
        assert!(drawn.len() == 40 && drawn.is_sorted());
        assert!(said.unwrap().message.contains("the other 560"));
        assert_eq!([64, 65, 375, 2000, 10_000].map(most_secrets), [64, 64, 64, 12, 12]);
        assert_ne!(secrets(&columns, 1).0, drawn);
    }

    #[test]
    fn splits_that_do_not_exist_are_said() {
        assert_eq!(fewer_splits(5, 5, 15), None);
        assert!(fewer_splits(5, 3, 4).unwrap().message.contains("no more of 4 columns"));
        assert!(fewer_splits(usize::MAX, MOST_SPLITS, 40).unwrap().message.contains("at most 1000"));
    }
}
