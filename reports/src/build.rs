//! From an evaluation to evidence.

use crate::evidence::*;
use reident_attacks::evaluation::{self, AttackKind, AttackerResult, Evaluation};
use reident_attacks::inference;
use reident_attacks::matcher::Matcher;
use reident_attacks::outcome::{Baseline, Tally};
use reident_attacks::singling_out::Mode as SinglingOutMode;
use reident_attacks::stats::ConfidenceInterval;
use reident_attacks::stats::proportion::finite_population;
use reident_attacks::stats::risk::{self, RiskModel};
use reident_attacks::table::Tables;
use std::collections::BTreeMap;

/// Fewer control persons than this give an interval that hardly excludes anything.
const SMALL_CONTROL: u64 = 500;

/// Puts an evaluation on record. `inputs.columns` are those of the tables, in their order.
pub fn evidence(
    tool: Tool,
    inputs: Inputs,
    settings: Settings,
    mut warnings: Vec<Warning>,
    tables: &Tables,
    results: &Evaluation,
) -> Evidence {
    let confidence = settings.confidence;
    let risks = results.risks(confidence);
    let attackers = results.attackers.iter().zip(&risks.each);
    let attacks: Vec<Attack> =
        attackers.map(|(result, risk)| attack(tables, result, risk.as_ref(), confidence)).collect();
    let mut headline = BTreeMap::new();
    for kind in [AttackKind::SinglingOut, AttackKind::Linkability, AttackKind::Inference] {
        if let Some(worst) = results.headline(kind, &risks) {
            let statuses = attacks.iter().filter(|attack| attack.attack == name(kind)).map(|attack| attack.status);
            headline.insert(name(kind), headline_of(worst, &attacks, statuses));
        }
    }
    match &inputs.control {
        None => warnings.push(warning(
            "no_control",
            "There is no control table: what the release leaks about its persons and what it teaches about everybody \
             cannot be told apart, and every risk is the plain success rate.",
        )),
        Some(control) if control.rows < SMALL_CONTROL => warnings
            .push(warning("small_control", &format!("The control has {} rows: intervals are wide.", control.rows))),
        Some(_) => {}
    }
    Evidence {
        schema: SCHEMA.to_owned(),
        format: FORMAT,
        tool,
        inputs,
        settings,
        attacks,
        headline,
        measures: Vec::new(),
        findings: Vec::new(),
        warnings,
        run: None,
    }
}

/// A warning that is not about one column.
pub fn warning(code: &str, message: &str) -> Warning {
    Warning { code: code.to_owned(), column: None, message: message.to_owned() }
}

/// The name of an attack in evidence.
pub fn name(kind: AttackKind) -> AttackName {
    match kind {
        AttackKind::SinglingOut => AttackName::SinglingOut,
        AttackKind::Linkability => AttackName::Linkability,
        AttackKind::Inference => AttackName::Inference,
    }
}

fn attack(tables: &Tables, result: &AttackerResult, risk: Option<&risk::Risk>, confidence: f64) -> Attack {
    let found = risk::status(result.main.as_ref(), risk, result.baseline.as_ref(), confidence);
    Attack {
        attack: name(result.attacker.kind()),
        attacker: attacker(tables, &result.attacker),
        main: result.main.as_ref().map(|tally| rate(tally, confidence)),
        control: result.control.as_ref().map(|tally| rate(tally, confidence)),
        nonmember: result.nonmember.as_ref().map(|tally| rate(tally, confidence)),
        baseline: result.baseline.as_ref().map(|baseline| baseline_rate(baseline, confidence)),
        risk: risk.map(risk_of),
        status: status(found),
        persons: None,
        balanced: None,
        by_rarity: result.by_rarity.iter().map(|band| rarity(band, confidence)).collect(),
        warnings: warnings(result, found),
    }
}

fn attacker(tables: &Tables, attacker: &evaluation::Attacker) -> Attacker {
    let positions = |columns: &[usize]| columns.iter().copied().collect::<Columns>();
    let mut shown = Attacker {
        mode: Mode::Univariate,
        columns: Columns::default(),
        columns_per_predicate: None,
        halves: None,
        secret: None,
        neighbors: None,
        predicates: None,
        matcher: None,
    };
    match attacker {
        evaluation::Attacker::SinglingOut(attacker) => {
            shown.columns = positions(&attacker.columns);
            shown.predicates = Some(attacker.predicates as u64);
            if let SinglingOutMode::Multivariate(columns) = attacker.mode {
                shown.mode = Mode::Multivariate;
                shown.columns_per_predicate = Some(columns as u64);
            }
        }
        evaluation::Attacker::Linkability(attacker) => {
            shown.mode = Mode::TwoFiles;
            shown.matcher = Some(matcher(attacker.matcher));
            let mut both = attacker.halves.concat();
            both.sort_unstable();
            shown.columns = positions(&both);
            shown.halves = Some(attacker.halves.each_ref().map(|half| positions(half)));
            shown.neighbors = Some(attacker.neighbors as u64);
        }
        evaluation::Attacker::Inference(attacker) => {
            shown.mode = Mode::NearestRecord;
            shown.matcher = Some(matcher(attacker.matcher));
            shown.columns = positions(&attacker.known);
            shown.secret = Some(tables.columns[attacker.secret].name.clone());
            shown.neighbors = Some(attacker.neighbors as u64);
        }
    }
    shown
}

fn matcher(matcher: Matcher) -> MatcherName {
    match matcher {
        Matcher::Distance => MatcherName::Distance,
        Matcher::Agreement => MatcherName::Agreement,
    }
}

/// Nine decimals, no negative zero, nothing infinite: JSON has no infinity, and a bound of minus a billion says the same.
pub fn round(value: f64) -> f64 {
    ((value.clamp(-1e9, 1e9) * 1e9).round() / 1e9) + 0.0
}

fn interval(interval: ConfidenceInterval) -> [f64; 2] {
    [round(interval.lo), round(interval.hi)]
}

fn rate(tally: &Tally, confidence: f64) -> Rate {
    let sampled = tally.attempted > 0 && tally.population > tally.attempted;
    let attempted = tally.attempted as f64;
    let whole_table =
        sampled.then(|| interval(finite_population(tally.expected, attempted, tally.population as f64, confidence)));
    Rate {
        attempted: tally.attempted,
        successes: Number::Whole(tally.successes),
        expected: (tally.expected != tally.successes as f64).then(|| round(tally.expected)),
        ambiguous: tally.ambiguous,
        wrong: tally.wrong,
        rate: if tally.attempted > 0 { round(tally.rate()) } else { 0.0 },
        interval: interval(tally.interval(confidence)),
        effective: (tally.effective != attempted).then(|| round(tally.effective)),
        whole_table,
    }
}

fn baseline_rate(baseline: &Baseline, confidence: f64) -> Rate {
    let successes = round(baseline.successes);
    let whole = successes.fract() == 0.0;
    Rate {
        attempted: baseline.attempted,
        successes: if whole { Number::Whole(successes as u64) } else { Number::Expected(successes) },
        expected: None,
        ambiguous: None,
        wrong: None,
        rate: round(baseline.rate()),
        interval: interval(baseline.interval(confidence)),
        effective: None,
        whole_table: None,
    }
}

fn risk_of(risk: &risk::Risk) -> Risk {
    Risk {
        value: round(risk.value()),
        signed: round(risk.signed),
        interval: interval(risk.interval),
        method: risk.method.name().to_owned(),
        null_rate: risk.null_rate.map(round),
    }
}

fn status(status: risk::Status) -> Status {
    match status {
        risk::Status::Measured => Status::Measured,
        risk::Status::Infeasible => Status::Infeasible,
        risk::Status::Undetermined => Status::Undetermined,
        risk::Status::Weak => Status::Weak,
        risk::Status::Contradicted => Status::Contradicted,
    }
}

fn rarity(band: &inference::RarityBand, confidence: f64) -> RarityBand {
    let model = match band.control {
        Some(control) => RiskModel::Residual { main: band.main, control },
        None => RiskModel::MainOnly(band.main),
    };
    RarityBand {
        above: band.above,
        up_to: band.up_to,
        values: band.values,
        main: rate(&band.main, confidence),
        control: band.control.as_ref().map(|control| rate(control, confidence)),
        risk: model.estimate(confidence).as_ref().map(risk_of),
    }
}

fn headline_of(worst: evaluation::Headline, attacks: &[Attack], statuses: impl Iterator<Item = Status>) -> Headline {
    let none_measured = || {
        let mut statuses = statuses;
        if statuses.all(|status| status == Status::Infeasible) { Status::Infeasible } else { Status::Undetermined }
    };
    Headline {
        risk: worst.risk.map(round),
        interval: worst.interval.map(interval),
        attacker: worst.attacker.map(|at| at as u64),
        attackers_tried: worst.attackers_tried as u64,
        infeasible: worst.infeasible as u64,
        undetermined: worst.undetermined as u64,
        status: worst.attacker.map_or_else(none_measured, |at| attacks[at].status),
    }
}

fn warnings(result: &AttackerResult, status: risk::Status) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if let evaluation::Attacker::SinglingOut(attacker) = &result.attacker {
        let found = result.main.map_or(0, |main| main.attempted);
        if found < attacker.predicates as u64 {
            warnings.push(warning(
                "fewer_predicates",
                &format!("Only {found} of the {} predicates asked for exist.", attacker.predicates),
            ));
        }
    }
    match status {
        risk::Status::Weak => warnings.push(warning(
            "not_above_baseline",
            "The attack does no better than one that ignores the release's joint structure: the risk is low, or this \
             attack is a bad one, and the counts cannot tell which.",
        )),
        risk::Status::Undetermined => warnings.push(warning(
            "control_always_hit",
            "Every attack on the control succeeds, so nobody is otherwise safe and the residual risk does not exist.",
        )),
        risk::Status::Infeasible => warnings.push(warning(
            "nothing_to_attempt",
            "The release yields nothing to attempt: a result of this attack, and not a measured risk of zero.",
        )),
        risk::Status::Contradicted | risk::Status::Measured => {}
    }
    let sampled = result.main.is_some_and(|main| main.population > main.attempted);
    if sampled && !matches!(result.attacker, evaluation::Attacker::SinglingOut(_)) {
        warnings.push(warning(
            "sampled",
            "Only a sample of the records was attacked. `whole_table` uses the finite-population factor for the \
             sampling of targets; the risk's interval does not.",
        ));
    }
    warnings
}
