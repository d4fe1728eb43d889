//! From an evaluation to evidence.

use crate::evidence::*;
use reident_attacks::evaluation::{self, AttackerResult, Evaluation, Risks};
use reident_attacks::inference::{self, Guesser, Model};
use reident_attacks::matcher::Matcher;
use reident_attacks::membership::{Score, Separation, Tail};
use reident_attacks::outcome::{Baseline, Tally};
use reident_attacks::record_linkage::{LinkageMatcher, TruthSource};
use reident_attacks::singling_out::Mode;
use reident_attacks::stats::ConfidenceInterval;
use reident_attacks::stats::headline::Standing;
use reident_attacks::stats::proportion::finite_population;
use reident_attacks::stats::risk::{self, RiskModel};
use reident_attacks::stats::{headline, status};
use reident_attacks::subgroups::{self, SubgroupCounts, Who};
use reident_attacks::table::Tables;
use std::collections::BTreeMap;

mod calibration;
mod linkage;
pub mod measures;
mod remarks;

pub use calibration::calibration;

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
    let attacks: Vec<Attack> = (0..results.attackers.len()).map(|at| attack(tables, results, &risks, at)).collect();
    let mut worst_of = BTreeMap::new();
    for kind in AttackKind::ALL.iter().copied() {
        if let Some(worst) = results.headline(kind, &risks) {
            if worst.broken {
                warnings.push(remarks::broken(kind));
            }
            let statuses = attacks.iter().filter(|attack| attack.attack == kind).map(|attack| attack.status);
            worst_of.insert(kind, headline_of(worst, &attacks, statuses));
        }
    }
    match &inputs.control {
        None => warnings.push(warning(
            "no_control",
            "There is no control table: what the release leaks about its persons and what it teaches about everybody \
             cannot be told apart. Each interval runs from what the release tells beyond the other persons' data to everything \
             that it tells; of singling out, from nothing. Persons who were not used would narrow it.",
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
        headline: worst_of,
        measures: Vec::new(),
        findings: Vec::new(),
        calibration: None,
        warnings,
        run: None,
        unknown: Vec::new(),
    }
}

fn attack(tables: &Tables, results: &Evaluation, risks: &Risks, at: usize) -> Attack {
    let (result, confidence) = (&results.attackers[at], risks.confidence);
    let counts = &result.counts;
    let found = risks.status[at];
    let apart = match risks.standing[at] {
        Standing::Apart(why) => Some(apart(why)),
        _ => None,
    };
    let mut shown = Attack {
        attack: result.attacker.kind(),
        attacker: attacker(tables, &result.attacker),
        main: counts.main.as_ref().map(|tally| rate(tally, confidence)),
        control: counts.control.as_ref().map(|tally| rate(tally, confidence)),
        nonmember: counts.nonmember.as_ref().map(|tally| rate(tally, confidence)),
        baseline: counts.baseline.as_ref().map(|baseline| baseline_rate(baseline, confidence)),
        risk: risks.each[at].as_ref().map(|risk| Risk {
            simultaneous: risks.simultaneous[at].map(|risk| interval(risk.interval)),
            ..risk_of(risk)
        }),
        status: status(found),
        apart,
        groups: groups(tables, result, confidence, results.level_of_subgroups(result.attacker.kind(), confidence)),
        detail: detail(&result.detail, confidence),
        warnings: remarks::of(result, found, risks.standing[at]),
    };
    if let evaluation::Detail::RecordLinkage(detail) = &result.detail {
        linkage::count(&mut shown, detail);
    }
    shown
}

fn attacker(tables: &Tables, attacker: &evaluation::Attacker) -> Attacker {
    let columns = |columns: &[usize]| columns.iter().copied().collect::<Columns>();
    match attacker {
        evaluation::Attacker::RecordLinkage(attacker) => Attacker::NamedRecord {
            matcher: match attacker.matcher {
                LinkageMatcher::Compatible => RecordMatcher::Compatible,
                LinkageMatcher::Distance => RecordMatcher::Distance,
                LinkageMatcher::Agreement => RecordMatcher::Agreement,
                LinkageMatcher::DistanceOneToOne => RecordMatcher::DistanceOneToOne,
                LinkageMatcher::AgreementOneToOne => RecordMatcher::AgreementOneToOne,
            },
            columns: columns(&attacker.columns),
            searched: attacker.searched,
            truth: match attacker.truth {
                TruthSource::Known => Truth::Known,
                TruthSource::EqualRows => Truth::EqualRows,
            },
            earlier: (attacker.earlier > 0).then_some(attacker.earlier as u64),
        },
        evaluation::Attacker::SinglingOut(attacker) => {
            let (columns, predicates) = (columns(&attacker.columns), attacker.predicates as u64);
            match attacker.mode {
                Mode::Univariate => Attacker::Univariate { columns, predicates },
                Mode::Multivariate(joined) => {
                    Attacker::Multivariate { columns, columns_per_predicate: joined as u64, predicates }
                }
            }
        }
        evaluation::Attacker::Linkability(attacker) => {
            let mut both = attacker.halves.concat();
            both.sort_unstable();
            Attacker::TwoFiles {
                matcher: Some(matcher(attacker.matcher)),
                columns: columns(&both),
                halves: attacker.halves.each_ref().map(|half| columns(half)),
                searched: attacker.searched,
                neighbors: attacker.neighbors as u64,
            }
        }
        evaluation::Attacker::Inference(attacker) => {
            let (columns, secret) = (columns(&attacker.known), tables.columns[attacker.secret].name.clone());
            let searched = attacker.searched;
            match attacker.guesser {
                Guesser::Nearest(nearest) => Attacker::NearestRecord {
                    matcher: Some(matcher(nearest.matcher)),
                    columns,
                    secret,
                    searched,
                    neighbors: nearest.neighbors as u64,
                },
                Guesser::Model(model) => Attacker::TrainedModel {
                    model: match model {
                        Model::NaiveBayes => ModelName::NaiveBayes,
                        Model::Forest => ModelName::Forest,
                        Model::LinearReconstruction => ModelName::LinearReconstruction,
                    },
                    columns,
                    secret,
                    searched,
                },
            }
        }
        evaluation::Attacker::Membership(attacker) => Attacker::Scored {
            columns: columns(&attacker.columns),
            score: match attacker.score {
                Score::Distance => ScoreName::Distance,
                Score::Ratio => ScoreName::Ratio,
                Score::Relative => ScoreName::Relative,
                Score::Agreement => ScoreName::Agreement,
            },
        },
    }
}

fn detail(detail: &evaluation::Detail, confidence: f64) -> Detail {
    match detail {
        evaluation::Detail::RecordLinkage(detail) => linkage::detail(detail, confidence),
        evaluation::Detail::SinglingOut(detail) => {
            Detail::SinglingOut { exist: Some(detail.exist), persons: detail.persons }
        }
        evaluation::Detail::Linkability(()) => Detail::Linkability,
        evaluation::Detail::Membership(separation) => membership(separation.as_ref(), confidence),
        evaluation::Detail::Inference(detail) => Detail::Inference {
            balanced: detail.balanced.map(|balanced| Balanced {
                main: round(balanced.main),
                control: balanced.control.map(round),
                values: balanced.values,
            }),
            by_rarity: detail.by_rarity.iter().map(|band| rarity(band, confidence)).collect(),
        },
    }
}

fn membership(separation: Option<&Separation>, confidence: f64) -> Detail {
    let tail = |tail: &Tail| TruePositives {
        false_positives: tail.false_positives,
        count: tail.original.successes,
        control: tail.control.successes,
        value: round(tail.original.rate()),
        interval: interval(tail.interval(confidence)),
    };
    Detail::Membership {
        auc: separation.map(|separation| Area {
            value: round(separation.area.value),
            interval: interval(separation.area.interval(confidence)),
        }),
        tpr: separation.iter().flat_map(|separation| &separation.tails).map(tail).collect(),
        noticed: separation.map(|separation| round(separation.noticed)),
    }
}

fn matcher(matcher: Matcher) -> MatcherName {
    match matcher {
        Matcher::Distance => MatcherName::Distance,
        Matcher::Agreement => MatcherName::Agreement,
    }
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
        correct: None,
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
        correct: None,
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
        simultaneous: None,
        method: risk.method.name().to_owned(),
        null_rate: risk.null_rate.map(round),
    }
}

fn status(status: status::Status) -> Status {
    match status {
        status::Status::Measured => Status::Measured,
        status::Status::Infeasible => Status::Infeasible,
        status::Status::Undetermined => Status::Undetermined,
        status::Status::Weak => Status::Weak,
        status::Status::Contradicted => Status::Contradicted,
    }
}

fn apart(why: headline::Apart) -> Apart {
    match why {
        headline::Apart::FewAttempts => Apart::FewAttempts,
        headline::Apart::FewPredicates => Apart::FewPredicates,
        headline::Apart::FewSafe => Apart::FewSafe,
    }
}

/// The figures of parts of the persons; `together` is the level at which they hold at once.
fn groups(tables: &Tables, result: &AttackerResult, confidence: f64, together: f64) -> Vec<GroupFigures> {
    let name = |column: usize| tables.columns[column].name.clone();
    let group = |who: Who| match who {
        Who::Outliers { share } => Group::Outliers { share },
        Who::RareValues => Group::RareValues { at_most: subgroups::RARE },
        Who::Value { column, rank } => Group::Value { column: name(column), rank: u64::from(rank) },
        Who::OtherValues { column } => Group::OtherValues { column: name(column) },
        Who::Fifth { column, fifth } => Group::Fifth { column: name(column), fifth: u64::from(fifth) },
    };
    let figures = |part: &SubgroupCounts| GroupFigures {
        group: group(part.who),
        main: rate(&part.main, confidence),
        control: part.control.as_ref().map(|tally| rate(tally, confidence)),
        nonmember: part.nonmember.as_ref().map(|tally| rate(tally, confidence)),
        risk: part.risk(confidence).map(|risk| Risk {
            simultaneous: part.risk(together).map(|risk| interval(risk.interval)),
            ..risk_of(&risk)
        }),
    };
    result.subgroups.iter().map(figures).collect()
}

fn rarity(band: &inference::RarityBand, confidence: f64) -> RarityBand {
    let model = RiskModel::of_targets(band.main, band.control, None);
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
        apart: worst.apart as u64,
        contradicted: worst.contradicted as u64,
        broken: worst.broken,
        status: worst.attacker.map_or_else(none_measured, |at| attacks[at].status),
    }
}
