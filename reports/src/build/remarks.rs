//! What the reader must know about one attacker's figure. Every remark has a stable code, and speaks of persons where their
//! number is too small for a share.

use crate::evidence::{Warning, warning};
use crate::message::{Language, Messages};
use reident_attacks::attack::{Attempted, Counts};
use reident_attacks::evaluation::{AttackKind, Attacker, AttackerResult, Detail};
use reident_attacks::inference::scoring::FEWEST_OTHERS;
use reident_attacks::inference::{MOST_CLASSES, Scoring};
use reident_attacks::outcome::Tally;
use reident_attacks::stats::headline::{Apart, FEWEST_ATTEMPTS, FEWEST_PREDICATES, FEWEST_SAFE, Standing};
use reident_attacks::stats::status::Status;

/// That no attacker of an attack does what an attacker is made for.
pub(super) fn broken(kind: AttackKind) -> Warning {
    let attack = Messages::of(Language::English).of_attack("attack.{attack}", kind);
    let message = format!(
        "Every attacker of {attack} does significantly worse than one who ignores the release's joint structure. Such attacks \
         are broken and say nothing about the risk. The usual causes: values of the original are spelt, coded or scaled \
         otherwise in the release, the release is not of these persons, or the columns tell so little of each other that the nearest record is a \
         worse guide than the commonest value."
    );
    warning("broken_attack", &message)
}

/// The remarks on an attacker.
pub(super) fn of(result: &AttackerResult, status: Status, standing: Standing) -> Vec<Warning> {
    let mut remarks = Vec::new();
    // Whether it is told already why nothing was attempted.
    let mut told = false;
    match (&result.attacker, &result.detail) {
        (Attacker::SinglingOut(attacker), Detail::SinglingOut(detail)) => {
            remarks.extend(predicates_limited(result, attacker.predicates, detail.exist));
        }
        (_, Detail::Inference(detail)) => {
            remarks.extend(scoring(&detail.scoring));
            remarks.extend(not_guessed(detail.not_guessed));
            told = !detail.scoring.feasible();
        }
        _ => {}
    }
    // Where the truth is known, nothing needs to be subtracted: a right record is right.
    told |= result.attacker.kind() == AttackKind::RecordLinkage && status == Status::Measured;
    remarks.extend(of_status(&result.counts, status).filter(|_| !told));
    if let (Some(main), Standing::Apart(why)) = (&result.counts.main, standing) {
        remarks.push(apart(result, main, why));
    }
    let sampled = result.counts.main.is_some_and(|main| main.population > main.attempted);
    if sampled && result.attacker.kind().attempted() == Attempted::Targets {
        remarks.push(warning(
            "sampled",
            "Only a sample of the records was attacked. `whole_table` uses the finite-population factor for the \
             sampling of targets; the risk's interval does not.",
        ));
    }
    remarks
}

/// All predicates that exist are used up to a limit, and where it bit is said.
fn predicates_limited(result: &AttackerResult, limit: usize, exist: u64) -> Option<Warning> {
    let used = result.counts.main.map_or(0, |main| main.attempted);
    let text = format!(
        "{used} predicates were drawn from the {exist} that exist in the columns looked at: the limit is {limit}."
    );
    (exist > used).then(|| warning("predicates_limited", &text))
}

fn scoring(scoring: &Scoring) -> Vec<Warning> {
    let mut remarks = Vec::new();
    if scoring.by_equality {
        remarks.push(warning(
            "tolerance_covers_column",
            "For most persons the tolerance covers a fifth of the column's values or more (years, dates as numbers, postal codes \
             and identifiers do so), so that any guess would hit: only equal guesses count here. If these are dates, fix the \
             column's kind in the configuration.",
        ));
    }
    if let Some(others) = scoring.others {
        let counts = match others.control {
            Some(control) => format!("{} of the original and {control} of the control", others.original),
            None => format!("{} of the original", others.original),
        };
        let text = if others.feasible() {
            format!(
                "More than 95 % of the original hold one value, which anybody would guess: scored on the persons with other \
                 values, {counts}."
            )
        } else {
            format!(
                "More than 95 % of the original hold one value, which anybody would guess, and too few persons hold others \
                 ({counts}; {FEWEST_OTHERS} are needed of each): not attacked, which is not a risk of zero."
            )
        };
        remarks.push(warning("near_constant_secret", &text));
    }
    remarks
}

fn not_guessed(rows: u64) -> Option<Warning> {
    let text = format!(
        "The model guesses the {MOST_CLASSES} most frequent values (of numbers, what as many guesses hit); {rows} rows of the \
         release hold others, which it never guesses."
    );
    (rows > 0).then(|| warning("values_not_guessed", &text))
}

fn of_status(counts: &Counts, status: Status) -> Option<Warning> {
    let without_control = counts.control.is_none();
    Some(match status {
        Status::Weak if without_control && counts.nonmember.is_some() => warning(
            "not_above_nonmember",
            "The attack does not do better than both an attacker who ignores the release's joint structure and one who has \
             the data of all other persons in the place of the release. What it tells holds for everybody, or the release \
             leaks too little to be seen without a control.",
        ),
        Status::Weak => warning(
            "not_above_baseline",
            "The attack does no better than one that ignores the release's joint structure: the risk is low, or this \
             attack is a bad one, and the counts cannot tell which.",
        ),
        Status::Undetermined if without_control => warning(
            "nonmember_always_hit",
            "The data of all other persons tell everything about each person, so nobody is otherwise safe and the risk does \
             not exist.",
        ),
        Status::Undetermined => warning(
            "control_always_hit",
            "Every attack on the control succeeds, so nobody is otherwise safe and the residual risk does not exist.",
        ),
        Status::Infeasible => warning(
            "nothing_to_attempt",
            "The release yields nothing to attempt: a result of this attack, and not a measured risk of zero.",
        ),
        Status::Contradicted => warning(
            "contradicted",
            "Persons of the control are hit more often than persons of the original, beyond chance. That is a contradiction \
             and not a low risk. The usual causes: files are exchanged, the control was used for the release too, original \
             and control are not drawn alike, persons stand in the original several times, or the original's values are \
             spelt or coded otherwise than the release's.",
        ),
        Status::Measured if counts.reference().is_none() => warning(
            "nothing_subtracted",
            "Without a control nothing is subtracted from the success rate: the interval runs from nothing to everything that \
             the release tells.",
        ),
        Status::Measured => return None,
    })
}

fn apart(result: &AttackerResult, main: &Tally, why: Apart) -> Warning {
    let hits = persons(result, main);
    match why {
        Apart::FewPredicates => warning(
            "few_predicates",
            &format!(
                "{} are too few for a share (fewer than {FEWEST_PREDICATES}): they single out {hits} of the original. They \
                 stand apart from the headline.",
                plural(main.attempted, "predicate", "predicates")
            ),
        ),
        Apart::FewAttempts => warning(
            "few_attempts",
            &format!(
                "{} are too few for a share (fewer than {FEWEST_ATTEMPTS}): {hits} hit. They stand apart from the headline.",
                plural(main.attempted, "target", "targets")
            ),
        ),
        Apart::FewSafe => {
            let reference = result.counts.reference();
            let safe = reference.map_or(0, |tally| tally.failures().floor() as u64);
            let attempted = reference.map_or(0, |tally| tally.attempted);
            let missed = main.failures().ceil() as u64;
            let of = if result.counts.control.is_some() { "of the control" } else { "by the other persons' data" };
            warning(
                "few_safe",
                &format!(
                    "Only {safe} of {attempted} attacks {of} fail (fewer than {FEWEST_SAFE}): next to nobody is otherwise safe, and \
                     a share of so few means little. Of the original's {}, {missed} fail. This attacker stands apart from the \
                     headline.",
                    main.attempted
                ),
            )
        }
    }
}

/// Persons hit, as a number of them.
fn persons(result: &AttackerResult, main: &Tally) -> String {
    let isolated = match &result.detail {
        Detail::SinglingOut(detail) => detail.persons,
        _ => None,
    };
    plural(isolated.unwrap_or(main.successes), "person", "persons")
}

fn plural(count: u64, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}
