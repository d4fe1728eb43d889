//! Record linkage as one of the attacks of an evaluation.

use super::{
    Abstention, Claim, Claims, LinkageMatcher, LinkageTallies, RecordLinkageAttacker, Truth, TruthSource, abstentions,
    halves,
};
use crate::AttackError;
use crate::attack::{Attack, Counts, HitRows, Hits, Played, Scene, left};
use crate::outcome::{Outcomes, Tally};
use crate::stats::risk::Risk;
use crate::table::Tables;
use crate::targets::TargetRows;
use std::cell::OnceCell;

/// What record linkage has to tell besides its counts.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkageDetail {
    /// What the claims about the original's persons came to; `None` when nothing could be attempted.
    pub main: Option<Claims>,
    /// What those about the control's persons came to; all of them are false.
    pub control: Option<Claims>,
    /// What the risk is estimated from.
    pub tallies: Option<LinkageTallies>,
    /// Precision against recall, by the margin below which the attacker abstains.
    pub abstentions: Vec<Abstention>,
    /// Where the truth comes from.
    pub truth: TruthSource,
}

impl Attack for RecordLinkageAttacker {
    type Detail = LinkageDetail;

    fn check(&self, tables: &Tables) -> Result<(), AttackError> {
        let fail = |why: &str| Err(AttackError::Attacker(format!("record linkage: {why}")));
        if self.columns.is_empty() {
            return fail("at least one known column is needed");
        }
        if self.columns.iter().any(|column| *column >= tables.columns.len()) {
            return fail("a column is out of range");
        }
        if self.columns.windows(2).any(|pair| pair[0] >= pair[1]) {
            return fail("known columns must be ascending, each once");
        }
        if self.earlier > 0 && (self.earlier != tables.earlier.len() || self.matcher != LinkageMatcher::Compatible) {
            return fail("earlier releases are joined by compatible records, all of them or none");
        }
        if self.truth == TruthSource::Known && tables.original.records.is_none() {
            return fail("nothing says which release record is whose");
        }
        Ok(())
    }

    fn play(attackers: &[&RecordLinkageAttacker], scene: &Scene<'_>) -> Vec<Played<LinkageDetail>> {
        let (known, equal) = (OnceCell::new(), OnceCell::new());
        let estimated = OnceCell::new();
        let play = |(at, attacker): (usize, &&RecordLinkageAttacker)| {
            scene.progress.attacker();
            let truth = match attacker.truth {
                TruthSource::Known => known.get_or_init(|| Truth::known(scene.tables)).as_ref(),
                TruthSource::EqualRows => Some(equal.get_or_init(|| Truth::of_equal_rows(scene.tables))),
            };
            // Whoever was searched on is not attacked with what was found.
            let targets = match attacker.searched {
                None => scene.targets,
                Some(_) => estimated.get_or_init(|| halves(scene.tables, scene.targets)[1].clone()),
            };
            match truth {
                Some(truth) => attacker.play_one(at, truth, targets, scene),
                None => Played::infeasible(at, LinkageDetail::none(attacker.truth)),
            }
        };
        attackers.iter().enumerate().map(play).collect()
    }

    fn known(&self) -> Option<Vec<usize>> {
        Some(self.columns.clone())
    }

    fn without(&self, column: usize) -> Option<Self> {
        let columns = left(&self.columns, column)?;
        Some(RecordLinkageAttacker { columns, ..self.clone() })
    }

    fn own_risks(detail: &LinkageDetail, levels: &[f64]) -> Option<Vec<Option<Risk>>> {
        let tallies = detail.tallies.as_ref()?;
        Some(levels.iter().map(|level| tallies.estimate(detail.truth, *level)).collect())
    }
}

impl RecordLinkageAttacker {
    fn play_one(&self, at: usize, truth: &Truth, targets: &TargetRows, scene: &Scene<'_>) -> Played<LinkageDetail> {
        let tables = scene.tables;
        let attempts = self.attack_parts(tables, truth, targets, scene.parts, scene.progress);
        let Some(tallies) = attempts.tallies(tables, targets) else {
            return Played::infeasible(at, LinkageDetail::none(self.truth));
        };
        let controls = attempts.control.as_ref().zip(tables.control.as_ref()).zip(targets.control.as_ref());
        let control = controls.map(|((claims, table), rows)| {
            let claims: Vec<_> = claims.iter().map(Claim::attempt).collect();
            Tally::of(&claims, Outcomes { ambiguous: true, wrong: true }, table, rows)
        });
        let counts = Counts { main: Some(tallies.main), control, nonmember: None, baseline: Some(attempts.baseline) };
        let detail = LinkageDetail {
            main: Some(Claims::of(&attempts.main)),
            control: attempts.control.as_deref().map(Claims::of),
            tallies: Some(tallies),
            abstentions: abstentions(&attempts.main, attempts.control.as_deref()),
            truth: self.truth,
        };
        let hits = scene.keep_hits.then(|| Hits {
            main: HitRows::of(&targets.original, &attempts.main.iter().map(Claim::attempt).collect::<Vec<_>>()),
            // Nobody of the control has a record in the release.
            control: targets.control.as_ref().map(|rows| HitRows { rows: rows.clone(), worth: vec![0.0; rows.len()] }),
            are_attempts: true,
        });
        Played { counts, hits, searches: attempts.searches, ..Played::infeasible(at, detail) }
    }
}

impl LinkageDetail {
    fn none(truth: TruthSource) -> LinkageDetail {
        LinkageDetail { main: None, control: None, tallies: None, abstentions: Vec::new(), truth }
    }
}
