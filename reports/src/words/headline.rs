//! What the worst attacker of an attack means, in a sentence that needs no statistics.

mod linkage;

use crate::evidence::{Apart, Attack, AttackKind, Evidence, Headline, Status};
use crate::percent::{interval, percent, round_percent};
use reident_attacks::attack::Attempted;

/// The sentence.
pub fn headline(evidence: &Evidence, attack: AttackKind, headline: &Headline) -> String {
    let level = round_percent(evidence.settings.confidence);
    let tried = match headline.attackers_tried {
        1 => "the only attacker tried".to_owned(),
        tried => format!("the worst of {tried} attackers tried"),
    };
    let (Some(risk), Some(ends), Some(at)) = (headline.risk, headline.interval, headline.attacker) else {
        return nothing(evidence, attack, headline, &tried);
    };
    let worst = &evidence.attacks[at as usize];
    if attack == AttackKind::RecordLinkage {
        return linkage::sentence(evidence, headline, worst, risk, ends, &level, &tried);
    }
    let what = match (&worst.control, &worst.nonmember) {
        (Some(_), _) => with_control(attack, worst, risk),
        (None, Some(_)) => without_control(attack, worst, risk),
        (None, None) => plain(attack, worst, risk),
    };
    let mut sentence = format!("{what}; with {level} confidence {} for {tried}", interval(ends));
    if worst.status == Status::Weak {
        sentence += match worst.control.is_none() && worst.nonmember.is_some() {
            true => {
                ". It is not above both what ignoring the release's structure and what the other persons' data tell: a low \
                 risk or a bad attack"
            }
            false => {
                ". It does no better than an attacker who ignores the release's structure: a low risk or a bad attack"
            }
        };
    }
    if headline.broken {
        sentence += ". Every attacker does significantly worse than that: the attack is broken, and says nothing";
    }
    for (count, text) in [
        (headline.contradicted, "contradict themselves, being below 0: not a low risk"),
        (headline.undetermined, "could not be determined, so the upper end is open"),
        (headline.infeasible, "had nothing to attempt"),
        (headline.apart, "stand apart, because their counts are too few for a share"),
    ] {
        if count > 0 {
            sentence += &format!(". {count} of {} {text}", headline.attackers_tried);
        }
    }
    sentence + "."
}

/// Why there is no risk as a number.
fn nothing(evidence: &Evidence, attack: AttackKind, headline: &Headline, tried: &str) -> String {
    if headline.attackers_tried == 0 {
        return "undetermined: not played, because columns that it would use cannot be compared. This is not a risk of zero."
            .to_owned();
    }
    if headline.status == Status::Infeasible {
        return format!("nothing to attempt for {tried}: the release yields no target. This is not a risk of zero.");
    }
    let apart = evidence.attacks.iter().filter(|other| other.attack == attack && other.apart.is_some());
    // The one who hit most, the first of several.
    let most = apart.reduce(|most, other| if hits(other) > hits(most) { other } else { most });
    match most {
        Some(most) if headline.undetermined == 0 => {
            let attempted = most.main.as_ref().map_or(0, |main| main.attempted);
            let (hits, unit) = (
                persons(hits(most)),
                if attack.attempted() == Attempted::Predicates { "predicates" } else { "targets" },
            );
            let why = match most.apart {
                Some(Apart::FewSafe) => "next to nobody is safe without the release",
                _ => "the attempts are too few",
            };
            format!(
                "undetermined: {why}, so that no share can be told. {hits} hit, of {attempted} {unit}, at the most."
            )
        }
        _ => "undetermined: every attack that the main one is compared with succeeds, so nobody is otherwise safe."
            .to_owned(),
    }
}

/// A number of persons.
fn persons(count: u64) -> String {
    format!("{count} {}", if count == 1 { "person" } else { "persons" })
}

fn hits(attack: &Attack) -> u64 {
    attack.persons().or(attack.main.as_ref().map(|main| main.successes.value() as u64)).unwrap_or(0)
}

/// How many of the main attack's attempts would have failed without the release, and how many of these succeed with it.
fn otherwise_safe(worst: &Attack) -> Option<(f64, f64)> {
    let (main, control) = (worst.main.as_ref()?, worst.control.as_ref()?);
    let null = worst.risk.as_ref().and_then(|risk| risk.null_rate).unwrap_or(control.rate);
    let attempted = main.attempted as f64;
    Some(((1.0 - null) * attempted, ((main.rate - null) * attempted).max(0.0)))
}

fn with_control(attack: AttackKind, worst: &Attack, risk: f64) -> String {
    let share = percent(risk);
    let (safe, exposed) = otherwise_safe(worst).unwrap_or((0.0, 0.0));
    let attempted = worst.main.as_ref().map_or(0, |main| main.attempted);
    let (safe, about) = (safe.round() as u64, exposed.round() as u64);
    let exposed = if about == 1 { "about 1 person".to_owned() } else { format!("about {about} persons") };
    match attack {
        AttackKind::RecordLinkage => format!("{share} of the persons have their record named: {exposed}"),
        AttackKind::SinglingOut => {
            let persons = worst
                .persons()
                .map_or(String::new(), |count| format!("; all conditions together single out {}", persons(count)));
            format!(
                "of the conditions written from the release that would otherwise isolate nobody ({safe} of {attempted}), {share} \
                 single somebody out only because that person is in it{persons}"
            )
        }
        AttackKind::Linkability => format!(
            "of the otherwise safe persons ({safe} of {attempted}), {share} can be linked across two files only because the \
             release was made from them: {exposed}"
        ),
        AttackKind::Inference => format!(
            "of the otherwise safe persons ({safe} of {attempted}), {share} have {} revealed only because the release was made \
             from them: {exposed}",
            secret(worst)
        ),
        AttackKind::Membership => {
            format!(
                "{share} of the persons could be told for certain to have been in the data that the release was made from"
            )
        }
    }
}

fn without_control(attack: AttackKind, worst: &Attack, risk: f64) -> String {
    let share = percent(risk);
    let most = worst.main.as_ref().map_or(1.0, |main| main.rate);
    let what = match attack {
        AttackKind::RecordLinkage => "have their record named".to_owned(),
        AttackKind::SinglingOut => "can be singled out".to_owned(),
        AttackKind::Linkability => "can be linked across two files".to_owned(),
        AttackKind::Inference => format!("have {} revealed", secret(worst)),
        AttackKind::Membership => "are told to have been used".to_owned(),
    };
    format!(
        "of the persons whom the other persons' data do not tell already, {share} {what} by the release; {} of all persons are, \
         for whatever reason, and without a control the risk may lie anywhere between",
        percent(most)
    )
}

fn plain(attack: AttackKind, worst: &Attack, risk: f64) -> String {
    let share = percent(risk);
    let what = match attack {
        AttackKind::RecordLinkage => format!("{share} of the persons have their record named"),
        AttackKind::SinglingOut => {
            format!("{share} of the conditions written from the release match exactly one person")
        }
        AttackKind::Linkability => format!("{share} of the persons can be linked across two files"),
        AttackKind::Inference => format!("for {share} of the persons, {} is revealed", secret(worst)),
        AttackKind::Membership => format!("{share} of the persons are told to have been used"),
    };
    format!("{what}; without a control, how many of them only because of the release cannot be told: from none to all")
}

fn secret(worst: &Attack) -> &str {
    worst.attacker.secret().unwrap_or("the secret")
}
