//! From claims to counts that a risk is estimated from.
//!
//! # Two attackers, two figures
//! Who knows that a person is in the release (the *prosecutor*) takes the best record there is, and is right as often as
//! the truth says: Σ 1/|T| over the persons. Who does not know it has to abstain where nothing stands out, for whatever is said about a
//! person who is not in the release is false. The care of this attacker ([`Care`]) is the same for persons of the original and of the
//! control; p_main is what the claims about the first are worth, p_control the rate of the claims about the second, and what
//! the release exposes net of false claims is 1 − (1 − p_main)/(1 − p_control). The truth lies between the two: a risk is at least the
//! net figure, and at most the prosecutor's.

use super::{Care, Claim, LinkageAttempts, TruthSource};
use crate::outcome::{Attempt, Outcomes, Tally};
use crate::stats::ConfidenceInterval;
use crate::stats::risk::{Risk, RiskMethod, RiskModel};
use crate::table::{Table, Tables, print_of};
use crate::targets::TargetRows;

/// The counts of an attacker: what the truth says of all that is named, and what is left of it when the attacker is careful.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LinkageTallies {
    /// Everybody: successes have the right record inside, each worth 1/|T|.
    pub main: Tally,
    /// With a control: the careful attacker's counts on the original, and the false claims about the control's persons.
    pub careful: Option<[Tally; 2]>,
}

impl LinkageTallies {
    /// The risk at a two-sided confidence level; `None` when every careful claim about the control is false.
    ///
    /// Without a control it is what the truth says, with Wilson's interval: a right link is right, whatever else there is. With one the
    /// estimate is the net figure, and the interval runs from its lower end to the upper end of what the truth says. Claims about different
    /// persons are taken for independent: of those who are left with one record only one can be right, which makes the
    /// true variance smaller.
    pub fn estimate(&self, source: TruthSource, confidence: f64) -> Option<Risk> {
        let all = self.main.interval(confidence);
        let risk = match self.careful {
            None => Risk { signed: self.main.rate(), interval: all, method: RiskMethod::KnownRecords, null_rate: None },
            Some([main, control]) => {
                let net = RiskModel::Residual { main, control }.estimate(confidence)?;
                let interval = ConfidenceInterval { hi: all.hi.max(net.signed), ..net.interval };
                Risk { interval, method: RiskMethod::NetOfFalseClaims, ..net }
            }
        };
        // Whoever has no equal row may have been found all the same.
        Some(match source {
            TruthSource::Known => risk,
            TruthSource::EqualRows => Risk {
                interval: ConfidenceInterval { hi: 1.0, ..risk.interval },
                method: RiskMethod::EqualRows,
                ..risk
            },
        })
    }
}

impl LinkageAttempts {
    /// The counts that a risk is estimated from; `None` when nothing could be attempted.
    pub fn tallies(&self, tables: &Tables, targets: &TargetRows) -> Option<LinkageTallies> {
        if self.main.is_empty() {
            return None;
        }
        let outcomes = Outcomes { ambiguous: true, wrong: true };
        let of = |attempts: Vec<Attempt>, table: &Table, rows: &[u32]| Tally::of(&attempts, outcomes, table, rows);
        let main = of(self.main.iter().map(Claim::attempt).collect(), &tables.original, &targets.original);
        let controls = self.control.as_ref().zip(tables.control.as_ref()).zip(targets.control.as_ref());
        let careful = controls.map(|((control, table), rows)| {
            let care = Care::of(self.by_compatible, control);
            let said = |claim: &Claim| if care.speaks(claim) { claim.attempt() } else { Attempt::Miss };
            // What is claimed of a person who is not there is what the attack is compared with.
            let claimed = |claim: &Claim| match care.speaks(claim) && claim.is_unique() {
                true => Attempt::HIT,
                false => Attempt::Miss,
            };
            [
                of(self.main.iter().map(said).collect(), &tables.original, &targets.original),
                of(control.iter().map(claimed).collect(), table, rows),
            ]
        });
        Some(LinkageTallies { main, careful })
    }
}

/// Splits the targets of the original into two halves by their values (rows of one person by the person's first row), so that
/// neither the order of the rows nor who is alike decides anything. The control's targets stand in the second half only.
pub fn halves(tables: &Tables, targets: &TargetRows) -> [TargetRows; 2] {
    let original = &tables.original;
    let print = |row: usize| print_of((0..original.columns()).map(|column| original.column(column)[row]));
    // Rows of a person stay together: the smallest print stands for all of them.
    let mut of_person = std::collections::HashMap::<u32, u64>::new();
    if original.subjects.is_some() {
        for row in 0..original.rows() {
            let print = print(row);
            let least = of_person.entry(original.subject(row)).or_insert(print);
            *least = (*least).min(print);
        }
    }
    let side = |row: u32| {
        let print = of_person.get(&original.subject(row as usize)).copied().unwrap_or_else(|| print(row as usize));
        // The sum of mixed numbers is mixed once more.
        (print ^ print >> 32).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 63 == 0
    };
    let (searched, estimated) = targets.original.iter().partition(|row| side(**row));
    [
        TargetRows { original: searched, control: None },
        TargetRows { original: estimated, control: targets.control.clone() },
    ]
}
