//! What a plan leaves out so that time and evidence stay linear in the columns, and how it is said.

use super::splits::{MOST_SPLITS, balanced_splits};
use reident_attacks::sampling::{Stream, Task};
use reident_reports::build::warning;
use reident_reports::evidence::Warning;

/// Most columns that are secrets when the configuration names none: a table of more has so many drawn from them. All secrets
/// that the configuration names are played.
pub const MOST_SECRETS: usize = 64;

/// The code of the warning that not every column was played as a secret.
pub(super) const SECRETS_LIMITED: &str = "secrets_limited";
/// The code of the warning that fewer random splits were played than asked for.
pub(super) const SPLITS_LIMITED: &str = "splits_limited";

/// The secrets that are played of those that could be, in table order: all, or as many as the limit drawn by the seed. The draw
/// looks at no row.
pub(super) fn secrets(candidates: &[usize], seed: u64) -> (Vec<usize>, Option<Warning>) {
    if candidates.len() <= MOST_SECRETS {
        return (candidates.to_vec(), None);
    }
    let drawn = Stream::new(seed, Task::Secrets, 0).sample(candidates.len(), MOST_SECRETS);
    let message = format!(
        "{MOST_SECRETS} of {} columns were drawn as secrets. Whether the other {} can be inferred was not tested: name those that \
         matter (`role = \"secret\"`, or `secrets` in `[inference]`), and all that are named are played.",
        candidates.len(),
        candidates.len() - MOST_SECRETS
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
        assert!(drawn.len() == MOST_SECRETS && drawn.is_sorted());
        assert!(said.unwrap().message.contains("the other 536"));
        assert_ne!(secrets(&columns, 1).0, drawn);
    }

    #[test]
    fn splits_that_do_not_exist_are_said() {
        assert_eq!(fewer_splits(5, 5, 15), None);
        assert!(fewer_splits(5, 3, 4).unwrap().message.contains("no more of 4 columns"));
        assert!(fewer_splits(usize::MAX, MOST_SPLITS, 40).unwrap().message.contains("at most 1000"));
    }
}
