//! What every evidence file must keep to, whoever wrote it.
//!
//! The shape of a file is checked when it is read; here its figures are: numbers within their ranges, rates as their counts
//! say, risks as their rates say, headlines of attackers that exist. What is refused here cannot have come from a run of
//! the attacks. Whether intervals follow from the counts is asked by the checks that lean on them.

use super::counts::Counts;
use super::*;
use reident_attacks::attack::Attempted;
use reident_attacks::stats::risk::RiskMethod;
use std::collections::{BTreeSet, HashSet};

/// Figures on record are rounded to nine decimals, and some are made from such.
const ROUNDED: f64 = 1e-6;

/// A part of evidence that cannot be as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// JSON pointer (RFC 6901) to the part.
    pub path: String,
    /// What is wrong with it.
    pub message: String,
}

/// What is checked, at which place.
type Checked = Result<(), Fault>;

/// A fault unless it holds.
fn holds(is: bool, path: &str, message: &str) -> Checked {
    if is { Ok(()) } else { Err(Fault { path: path.to_owned(), message: message.to_owned() }) }
}

fn near(one: f64, other: f64) -> bool {
    (one - other).abs() <= ROUNDED * other.abs().max(1.0)
}

fn share(value: f64, path: &str) -> Checked {
    holds((0.0..=1.0).contains(&value), path, &format!("{value} is no share between 0 and 1"))
}

fn not_negative(value: f64, path: &str) -> Checked {
    holds(value.is_finite() && value >= 0.0, path, &format!("{value} is no finite number from 0 on"))
}

/// An interval that holds its estimate and lies within bounds.
fn interval([lower, upper]: [f64; 2], estimate: f64, least: f64, path: &str) -> Checked {
    holds(lower <= upper, path, &format!("the lower end {lower} is above the upper end {upper}"))?;
    let within = lower >= least - ROUNDED && upper <= 1.0 + ROUNDED;
    holds(within, path, &format!("[{lower}, {upper}] does not lie between {least} and 1"))?;
    let holds_it = lower <= estimate + ROUNDED && estimate - ROUNDED <= upper;
    holds(holds_it, path, &format!("[{lower}, {upper}] does not hold the estimate {estimate}"))
}

/// Least signed risk that is written; see [`round`].
const LEAST: f64 = -1e9;

impl Evidence {
    /// Whether the figures can have come from a run of the attacks.
    ///
    /// # Errors
    /// The first part that cannot be as it is.
    pub fn validate(&self) -> Result<(), Fault> {
        settings(&self.settings)?;
        inputs(&self.inputs)?;
        // Attacks that were not played, because columns cannot be compared, are said in the headline alone.
        let withheld = self.headline.values().any(|headline| headline.attackers_tried == 0);
        holds(!self.attacks.is_empty() || withheld, "/attacks", "there is no attacker: nothing was tried")?;
        for (at, one) in self.attacks.iter().enumerate() {
            attack(self, one, &format!("/attacks/{at}"))?;
        }
        headlines(self)?;
        self.calibration.as_ref().map_or(Ok(()), calibration)?;
        for (at, measure) in self.measures.iter().enumerate() {
            let path = format!("/measures/{at}/value");
            holds(measure.value.is_none_or(f64::is_finite), &path, "the figure is not finite")?;
        }
        Ok(())
    }
}

fn calibration(calibration: &Calibration) -> Checked {
    let persons = calibration.persons;
    for (kind, of_attack) in &calibration.attacks {
        let path = format!("/calibration/attacks/{}", kind.code());
        found_share(&of_attack.false_alarms, &format!("{path}/false_alarms"))?;
        for (at, power) in of_attack.power.iter().enumerate() {
            let path = format!("{path}/power/{at}");
            share(power.share, &format!("{path}/share"))?;
            holds(power.planted <= persons, &format!("{path}/planted"), "more persons are planted than there are")?;
            found_share(&power.found, &format!("{path}/found"))?;
        }
    }
    Ok(())
}

fn found_share(found: &FoundShare, path: &str) -> Checked {
    holds(found.found <= found.worlds, &format!("{path}/found"), "something was found in more worlds than there are")?;
    let rate = found.found as f64 / found.worlds.max(1) as f64;
    holds(near(found.rate, rate), &format!("{path}/rate"), "the rate is not that of the counts")?;
    interval(found.interval, found.rate, 0.0, &format!("{path}/interval"))
}

fn settings(settings: &Settings) -> Checked {
    let confidence = settings.confidence;
    let between = confidence > 0.0 && confidence < 1.0;
    holds(between, "/settings/confidence", &format!("{confidence} is no confidence between 0 and 1"))?;
    not_negative(settings.tolerance, "/settings/tolerance")?;
    not_negative(settings.date_tolerance, "/settings/date_tolerance")
}

fn inputs(inputs: &Inputs) -> Checked {
    let mut names = HashSet::new();
    for (at, column) in inputs.columns.iter().enumerate() {
        let path = format!("/inputs/columns/{at}");
        holds(names.insert(&column.name), &format!("{path}/name"), "two columns have this name")?;
        if let Some(comparable) = &column.comparable {
            share(comparable.original, &format!("{path}/comparable/original"))?;
            comparable.control.map_or(Ok(()), |value| share(value, &format!("{path}/comparable/control")))?;
            share(comparable.unread, &format!("{path}/comparable/unread"))?;
        }
    }
    let control = inputs.control.is_some();
    if let Some(overlap) = &inputs.overlap {
        holds(control, "/inputs/overlap", "there is no control that could share rows with the original")?;
        not_negative(overlap.expected_at_most, "/inputs/overlap/expected_at_most")?;
    }
    for (at, check) in inputs.control_checks.iter().enumerate() {
        let path = format!("/inputs/control_checks/{at}");
        holds(control, &path, "there is no control that could be checked")?;
        let finite = check.found.is_finite() && check.expected_at_most.is_none_or(f64::is_finite);
        holds(finite, &path, "a figure is not finite")?;
    }
    Ok(())
}

fn attack(evidence: &Evidence, attack: &Attack, path: &str) -> Checked {
    attacker(evidence, &attack.attacker, &format!("{path}/attacker"))?;
    let rows = evidence.inputs.original.rows;
    let of_control = evidence.inputs.control.as_ref().map(|table| table.rows);
    // Predicates are no records: there may be more of them than of those.
    let predicates = attack.attack.attempted() == Attempted::Predicates;
    for (name, found, most) in [
        ("main", &attack.main, Some(rows)),
        ("control", &attack.control, of_control),
        ("nonmember", &attack.nonmember, Some(rows)),
        ("baseline", &attack.baseline, Some(rows)),
    ] {
        let Some(found) = found else { continue };
        let path = format!("{path}/{name}");
        let Some(most) = most else { return holds(false, &path, "there is no control that could be attacked") };
        rate(found, (!predicates).then_some(most), &path)?;
    }
    if let Detail::Inference { balanced: Some(balanced), .. } = &attack.detail {
        share(balanced.main, &format!("{path}/balanced/main"))?;
        balanced.control.map_or(Ok(()), |value| share(value, &format!("{path}/balanced/control")))?;
    }
    linkage(attack, path)?;
    if let Detail::Membership { auc, tpr, noticed } = &attack.detail {
        if let Some(auc) = auc {
            let path = format!("{path}/auc");
            share(auc.value, &path)?;
            let [lo, hi] = auc.interval;
            holds(0.0 <= lo && lo <= auc.value && auc.value <= hi && hi <= 1.0, &path, "not within its interval")?;
        }
        for (at, rate) in tpr.iter().enumerate() {
            let path = format!("{path}/tpr/{at}");
            share(rate.value, &path)?;
            share(rate.false_positives, &path)?;
            let attempted = attack.main.as_ref().map_or(0, |main| main.attempted);
            let follows = attempted > 0 && near(rate.value, rate.count as f64 / attempted as f64);
            holds(follows, &path, "the rate does not follow from the counts")?;
        }
        noticed.map_or(Ok(()), |value| share(value, &format!("{path}/noticed")))?;
    }
    let risk_path = format!("{path}/risk");
    match (&attack.risk, &attack.main, attack.status) {
        (Some(risk), Some(_), _) => risk_of(risk, &risk_path)?,
        (Some(_), None, _) => holds(false, &risk_path, "there is a risk, and nothing was attempted")?,
        (None, _, Status::Measured | Status::Weak | Status::Contradicted) => {
            holds(false, &risk_path, "the status speaks of a risk, and there is none")?;
        }
        (None, ..) => {}
    }
    if let (Some(risk), Some(main)) = (&attack.risk, &attack.main) {
        let method = RiskMethod::of_name(&risk.method);
        holds(method.is_some(), &format!("{risk_path}/method"), "this version knows no such method")?;
        let own = (method == Some(RiskMethod::IsolationNull)) == risk.null_rate.is_some();
        holds(own, &format!("{risk_path}/null_rate"), "the method has none, or lacks it")?;
        let expected = match risk.null_rate {
            Some(null) if main.rate < 1.0 && null < 1.0 => Some(1.0 - (1.0 - main.rate) / (1.0 - null)),
            Some(_) => Some(1.0),
            None => Counts::of(attack, evidence.settings.confidence).map(|counts| {
                // No estimate at all from counts that a risk is stated for.
                counts.signed().unwrap_or(f64::NAN)
            }),
        };
        let follows = expected.is_some_and(|expected| near(risk.signed, expected));
        holds(follows, &format!("{risk_path}/signed"), "the risk does not follow from the rates")?;
    }
    bands(attack, path)?;
    groups(attack, path)
}

fn attacker(evidence: &Evidence, attacker: &Attacker, path: &str) -> Checked {
    let columns = evidence.inputs.columns.len();
    let exist = |list: &Columns, path: &str| match list.fault(columns) {
        Some(fault) => holds(false, path, &fault),
        None => holds(!list.is_empty(), path, "the attacker has no column"),
    };
    exist(attacker.columns(), &format!("{path}/columns"))?;
    for (at, half) in attacker.halves().into_iter().flatten().enumerate() {
        exist(half, &format!("{path}/halves/{at}"))?;
    }
    let known = |name: &str| evidence.inputs.columns.iter().any(|column| column.name == *name);
    holds(attacker.secret().is_none_or(known), &format!("{path}/secret"), "there is no such column")
}

/// What record linkage has besides: every claim is correct, wrong or ambiguous, and none about the control is right.
fn linkage(attack: &Attack, path: &str) -> Checked {
    let Detail::RecordLinkage { largest, careful, abstentions } = &attack.detail else { return Ok(()) };
    largest.map_or(Ok(()), |value| share(value, &format!("{path}/largest")))?;
    for (name, found) in [("main", &attack.main), ("control", &attack.control)] {
        let Some(found) = found else { continue };
        let path = format!("{path}/{name}");
        let (Some(correct), Some(wrong), Some(ambiguous)) = (found.correct, found.wrong, found.ambiguous) else {
            return holds(false, &path, "record linkage counts what is correct, wrong and ambiguous");
        };
        let all = correct.checked_add(wrong).and_then(|sum| sum.checked_add(ambiguous));
        holds(all == Some(found.attempted), &path, "what is correct, wrong and ambiguous are not all attempts")?;
        let right = found.expected.unwrap_or(0.0) >= correct as f64 - ROUNDED;
        holds(right, &format!("{path}/expected"), "fewer are expected than are correct")?;
    }
    let none_right = attack.control.as_ref().is_none_or(|control| control.successes.value() == 0.0);
    holds(none_right, &format!("{path}/control/successes"), "a person of the control has no record")?;
    let has_care = careful.is_some() == (attack.control.is_some() && attack.main.is_some());
    holds(has_care, &format!("{path}/careful"), "it goes with a control")?;
    if let (Some(careful), Some(main), Some(control)) = (careful, &attack.main, &attack.control) {
        rate(&careful.main, Some(main.attempted), &format!("{path}/careful/main"))?;
        rate(&careful.control, Some(control.attempted), &format!("{path}/careful/control"))?;
        let fewer = careful.main.rate <= main.rate + ROUNDED
            && careful.control.successes.value() <= control.wrong.unwrap_or(0) as f64 + ROUNDED;
        holds(fewer, &format!("{path}/careful"), "care finds nobody more, and makes no false claim more")?;
    }
    for (at, point) in abstentions.iter().enumerate() {
        let path = format!("{path}/abstentions/{at}");
        let most = attack.main.as_ref().map_or((0, 0), |main| (main.correct.unwrap_or(0), main.wrong.unwrap_or(0)));
        let fewer = point.correct <= most.0 && point.wrong <= most.1;
        holds(fewer, &path, "more claims than are made without abstaining")?;
        let control = point.false_claims.is_some() == attack.control.is_some();
        holds(control, &format!("{path}/false_claims"), "false claims go with a control")?;
    }
    Ok(())
}

/// Counts, the rate that they make, and the intervals around it. `most` is how many records could be attacked.
fn rate(rate: &Rate, most: Option<u64>, path: &str) -> Checked {
    let at = |field: &str| format!("{path}/{field}");
    let attempted = rate.attempted as f64;
    if let Some(most) = most {
        let message = format!("{} attacks on {most} records", rate.attempted);
        holds(rate.attempted <= most, &at("attempted"), &message)?;
    }
    let successes = rate.successes.value();
    not_negative(successes, &at("successes"))?;
    holds(successes <= attempted + ROUNDED, &at("successes"), "more successes than attempts")?;
    let worth = rate.expected.unwrap_or(successes);
    not_negative(worth, &at("expected"))?;
    holds(worth <= successes + ROUNDED, &at("expected"), "successes are worth more than their number")?;
    for (field, count) in [("ambiguous", rate.ambiguous), ("wrong", rate.wrong)] {
        holds(count.is_none_or(|count| count <= rate.attempted), &at(field), "more of them than attempts")?;
    }
    let follows = if rate.attempted == 0 { rate.rate == 0.0 } else { near(rate.rate, worth / attempted) };
    holds(follows, &at("rate"), "the rate is not that of the counts")?;
    interval(rate.interval, rate.rate, 0.0, &at("interval"))?;
    if let Some(effective) = rate.effective {
        // Where successes count in part, they are as certain as more attempts would make full ones.
        let most = if worth > 0.0 { attempted * successes / worth } else { attempted };
        let message = "the effective number of attempts lies between 0 and their number";
        holds(effective > 0.0 && effective <= most * (1.0 + 1e-6) + ROUNDED, &at("effective"), message)?;
    }
    rate.whole_table.map_or(Ok(()), |ends| interval(ends, rate.rate, 0.0, &at("whole_table")))
}

fn risk_of(risk: &Risk, path: &str) -> Checked {
    let at = |field: &str| format!("{path}/{field}");
    let signed = risk.signed;
    holds((LEAST..=1.0).contains(&signed), &at("signed"), &format!("{signed} is no risk"))?;
    holds(near(risk.value, signed.max(0.0)), &at("value"), "it is not the signed risk, floored at 0")?;
    risk.null_rate.map_or(Ok(()), |null| share(null, &at("null_rate")))?;
    interval(risk.interval, signed, LEAST, &at("interval"))?;
    let Some(wider) = risk.simultaneous else { return Ok(()) };
    interval(wider, signed, LEAST, &at("simultaneous"))?;
    let wide = wider[0] <= risk.interval[0] + ROUNDED && risk.interval[1] <= wider[1] + ROUNDED;
    holds(wide, &at("simultaneous"), "it is narrower than the single interval")
}

/// The bands of rarity split the attempts of the whole.
fn bands(attack: &Attack, path: &str) -> Checked {
    let mut together = 0u64;
    for (at, band) in attack.by_rarity().iter().enumerate() {
        let path = format!("{path}/by_rarity/{at}");
        share(band.above, &format!("{path}/above"))?;
        share(band.up_to, &format!("{path}/up_to"))?;
        rate(&band.main, attack.main.as_ref().map(|main| main.attempted), &format!("{path}/main"))?;
        if let Some(control) = &band.control {
            let most = attack.control.as_ref().map_or(0, |control| control.attempted);
            rate(control, Some(most), &format!("{path}/control"))?;
        }
        band.risk.as_ref().map_or(Ok(()), |risk| risk_of(risk, &format!("{path}/risk")))?;
        together = together.saturating_add(band.main.attempted);
    }
    let all = attack.main.as_ref().map_or(0, |main| main.attempted);
    holds(together <= all, &format!("{path}/by_rarity"), "the bands have more attempts than the whole")
}

/// Every group is a part of those who were attacked, and its risk follows from its rates.
fn groups(attack: &Attack, path: &str) -> Checked {
    let attempted = |rate: &Option<Rate>| Some(rate.as_ref().map_or(0, |rate| rate.attempted));
    for (at, group) in attack.groups.iter().enumerate() {
        let path = format!("{path}/groups/{at}");
        rate(&group.main, attempted(&attack.main), &format!("{path}/main"))?;
        for (name, part, whole) in
            [("control", &group.control, &attack.control), ("nonmember", &group.nonmember, &attack.nonmember)]
        {
            part.as_ref().map_or(Ok(()), |part| rate(part, attempted(whole), &format!("{path}/{name}")))?;
        }
        let Some(risk) = &group.risk else { continue };
        risk_of(risk, &format!("{path}/risk"))?;
        let reference = group.control.as_ref().or(group.nonmember.as_ref()).map_or(0.0, |rate| rate.rate);
        let expected = 1.0 - (1.0 - group.main.rate) / (1.0 - reference);
        let follows = near(risk.signed, expected.max(LEAST));
        holds(follows, &format!("{path}/risk/signed"), "the risk does not follow from the rates")?;
    }
    Ok(())
}

fn headlines(evidence: &Evidence) -> Checked {
    let played: BTreeSet<AttackKind> = evidence.attacks.iter().map(|attack| attack.attack).collect();
    let stated: BTreeSet<AttackKind> = evidence.headline.keys().copied().collect();
    holds(played.is_subset(&stated), "/headline", "it does not speak of all attacks that were played")?;
    for (name, headline) in &evidence.headline {
        let path = format!("/headline/{}", name.code());
        let at = |field: &str| format!("{path}/{field}");
        let of_kind = evidence.attacks.iter().filter(|attack| attack.attack == *name).count() as u64;
        let message = format!("{of_kind} attackers are on record");
        holds(headline.attackers_tried == of_kind, &at("attackers_tried"), &message)?;
        for (field, count) in [
            ("infeasible", headline.infeasible),
            ("undetermined", headline.undetermined),
            ("apart", headline.apart),
            ("contradicted", headline.contradicted),
        ] {
            holds(count <= of_kind, &at(field), "more of them than attackers")?;
        }
        let whole = headline.risk.is_some() == headline.interval.is_some();
        holds(
            whole && headline.risk.is_some() == headline.attacker.is_some(),
            &path,
            "a worst attacker has a risk and its interval",
        )?;
        let (Some(risk), Some(ends), Some(worst)) = (headline.risk, headline.interval, headline.attacker) else {
            let message = "no attacker is the worst, and the status says that one is";
            let none = matches!(headline.status, Status::Infeasible | Status::Undetermined | Status::Contradicted);
            holds(none, &at("status"), message)?;
            let tried = of_kind > 0 || headline.status == Status::Undetermined;
            holds(tried, &at("status"), "no attacker was tried, and the status says that one was")?;
            continue;
        };
        let worst = usize::try_from(worst).ok().and_then(|worst| evidence.attacks.get(worst));
        let worst =
            worst.filter(|attack| attack.attack == *name).and_then(|attack| Some((attack, attack.risk.as_ref()?)));
        let Some((attack, of_worst)) = worst else {
            return holds(false, &at("attacker"), "it is no attacker of this attack with a risk");
        };
        holds(near(risk, of_worst.value), &at("risk"), "it is not the risk of the worst attacker")?;
        holds(headline.status == attack.status, &at("status"), "it is not the status of the worst attacker")?;
        interval(ends, of_worst.signed, LEAST, &at("interval"))?;
    }
    Ok(())
}
