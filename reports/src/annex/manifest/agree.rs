//! What the tests were configured with and the manifest declares as well: the two must not say different things, since figures
//! of one document would then rest on both.

use super::checks::Faults;
use super::fault::Code;
use super::words::{Controls, Model, Motive, Role, Transform, Word};
use crate::evidence::{Evidence, GradeName};
use reident_attacks::classes::gbt42460::{Grade, deliberate};
use std::collections::BTreeSet;

pub(super) fn check(faults: &mut Faults<'_>, evidence: &Evidence) {
    sharing(faults, evidence);
    numbers(faults, evidence);
    recipients(faults, evidence);
    quasi_identifiers(faults, evidence);
}

fn sharing(faults: &mut Faults<'_>, evidence: &Evidence) {
    let Some((declared, tested)) = faults.manifest.release.model.zip(evidence.settings.context.model) else { return };
    if declared.sharing() != tested {
        let tested = Model::ALL.iter().find(|(model, _)| model.sharing() == tested).map_or("", |(_, word)| word);
        let message =
            format!("says {}, and the tests were configured for {tested}: correct one of them", declared.word());
        faults.add(Code::E13, "release.model", message);
    }
}

fn numbers(faults: &mut Faults<'_>, evidence: &Evidence) {
    let (declared, tested) = (&faults.manifest.context, &evidence.settings.context);
    let differ = [
        ("context.p", declared.p.as_ref().map(|it| it.value), tested.p),
        ("context.m", declared.m.as_ref().map(|it| it.value as f64), tested.m.map(f64::from)),
        ("context.breach_rate", declared.breach_rate.as_ref().map(|it| it.value), tested.breach_rate),
    ];
    for (key, declared, tested) in differ {
        if let Some((declared, tested)) = declared.zip(tested).filter(|(declared, tested)| declared != tested) {
            let message = format!("says {declared}, and the tests were configured with {tested}: correct one of them");
            faults.add(Code::E13, key, message);
        }
    }
}

/// The tests are configured with the grades of one recipient: the one with whom an attempt is likeliest.
fn recipients(faults: &mut Faults<'_>, evidence: &Evidence) {
    let context = &evidence.settings.context;
    let Some((controls, motive)) = context.controls.zip(context.motive_capacity) else { return };
    let tested = deliberate(grade(controls), grade(motive));
    let of = |recipient: &super::Recipient| {
        let (controls, motive) = recipient.controls.zip(recipient.motive_capacity)?;
        Some(deliberate(of_controls(controls), of_motive(motive)))
    };
    let found: Option<Vec<f64>> = faults.manifest.recipients.iter().map(|it| Some(of(it)?.value())).collect();
    let Some(found) = found else { return };
    let Some((at, declared)) = found.iter().enumerate().max_by(|one, other| one.1.total_cmp(other.1)) else { return };
    if *declared != tested.value() {
        let message = format!(
            "gives, with motive_capacity, a probability of {declared} (GB/T 37964 table B.1), and the tests were configured with \
             {}: correct one of them",
            tested.value()
        );
        faults.add(Code::E13, format!("recipients[{}].controls", at + 1), message);
    }
}

fn grade(name: GradeName) -> Grade {
    match name {
        GradeName::Low => Grade::Low,
        GradeName::Medium => Grade::Medium,
        GradeName::High => Grade::High,
    }
}

fn of_controls(controls: Controls) -> Grade {
    match controls {
        Controls::Low => Grade::Low,
        Controls::Medium => Grade::Medium,
        Controls::High => Grade::High,
    }
}

fn of_motive(motive: Motive) -> Grade {
    match motive {
        Motive::Low => Grade::Low,
        Motive::Medium => Grade::Medium,
        Motive::High => Grade::High,
    }
}

/// Classes are counted on the quasi-identifiers of the configuration; on others than the manifest's they say nothing about it.
fn quasi_identifiers(faults: &mut Faults<'_>, evidence: &Evidence) {
    let Some(quasi) = evidence.settings.quasi_identifiers.as_ref().filter(|quasi| !quasi.assumed()) else { return };
    let counted: BTreeSet<&str> = quasi.columns.iter().chain(&quasi.not_counted).map(String::as_str).collect();
    for column in &faults.manifest.columns {
        let is = column.role == Some(Role::QuasiIdentifier) && column.transform != Some(Transform::Removed);
        let message = match (is, counted.contains(column.name.as_str())) {
            (true, false) => {
                "says quasi_identifier, and the classes were counted without the column: correct the role, or give \
                              the column the role in the configuration and test again"
            }
            (false, true) if column.role.is_some() => {
                "does not say quasi_identifier, and the classes were counted with the column: correct the role, or the \
                 configuration, and test again"
            }
            _ => continue,
        };
        faults.add(Code::E4, format!("columns.\"{}\".role", crate::visible::visible(&column.name)), message);
    }
}
