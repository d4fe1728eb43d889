//! What a disagreement costs, learned without knowing who is who.

use super::Shares;

/// Steps of the iteration; it settles in far fewer.
const STEPS: usize = 40;

/// How sure records that belong together are taken to agree in a column before anything is known.
const FIRST: f64 = 0.9;

/// Whether the cells of a pair of records agree in each column; `None` where the release's cell says nothing.
pub type Pattern = Vec<Option<bool>>;

/// What disagreement costs in each column: λ = ln((1 − u) / (1 − m)), at least 0.
///
/// u is the chance that cells of two random records agree. m, the chance that those of one person do, comes from pairs of a target
/// and a record that agrees best with it, some of which are of one person and some of which are not: a mixture of two classes
/// with a rate of agreement per column each, fitted by expectation and maximization (Winkler 1988). The
/// class that agrees on more that is rare is taken for pairs of one person. No true pair is ever looked at. Every rate counts one
/// agreement and one disagreement more than were seen, so that none is 0 or 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Disagreement {
    /// λ of each column, in natural logarithms.
    pub costs: Vec<f64>,
    /// m of each column.
    pub agreeing: Vec<f64>,
    /// The share of pairs that are taken to be of one person.
    pub share: f64,
}

impl Disagreement {
    /// The costs before any pair was looked at.
    pub fn first(shares: &[Shares]) -> Disagreement {
        Disagreement::from(shares, vec![FIRST; shares.len()], 0.5)
    }

    /// Learns the costs from pairs.
    pub fn learned(shares: &[Shares], pairs: &[Pattern]) -> Disagreement {
        let columns = shares.len();
        let mut classes = [vec![FIRST; columns], shares.iter().map(|shares| shares.same().clamp(0.01, 0.8)).collect()];
        let mut share = 0.5;
        for _ in 0..STEPS {
            let logs = [0, 1].map(|class: usize| {
                classes[class].iter().map(|rate| [libm::log(1.0 - rate), libm::log(*rate)]).collect::<Vec<_>>()
            });
            let mut sums = [0, 1].map(|_| vec![[1.0f64; 2]; columns]);
            let mut ones = 1.0;
            for pattern in pairs {
                let likelihood = |class: usize| -> f64 {
                    let cells = pattern.iter().zip(&logs[class]);
                    cells.filter_map(|(agrees, logs)| agrees.map(|agrees| logs[usize::from(agrees)])).sum()
                };
                let odds = libm::log(1.0 - share) + likelihood(1) - libm::log(share) - likelihood(0);
                let of_one = 1.0 / (1.0 + libm::exp(odds.min(700.0)));
                ones += of_one;
                for (class, weight) in [of_one, 1.0 - of_one].into_iter().enumerate() {
                    for (sums, agrees) in sums[class].iter_mut().zip(pattern) {
                        if let Some(agrees) = agrees {
                            sums[usize::from(*agrees)] += weight;
                        }
                    }
                }
            }
            let before = (share, classes);
            share = ones / (pairs.len() as f64 + 2.0);
            classes = sums.map(|sums| sums.iter().map(|[no, yes]| yes / (no + yes)).collect());
            // What gave itself gives itself again: with many columns, every pair is soon of one class altogether.
            if before.0 == share && before.1 == classes {
                break;
            }
        }
        // The class that agrees on more that is rare.
        let worth = |rates: &[f64]| -> f64 {
            rates.iter().zip(shares).map(|(rate, shares)| -rate * libm::log(shares.same().max(1e-12))).sum()
        };
        let [one, other] = classes;
        match worth(&one) >= worth(&other) {
            true => Disagreement::from(shares, one, share),
            false => Disagreement::from(shares, other, 1.0 - share),
        }
    }

    fn from(shares: &[Shares], agreeing: Vec<f64>, share: f64) -> Disagreement {
        let cost = |(shares, rate): (&Shares, &f64)| libm::log((1.0 - shares.same()) / (1.0 - rate)).max(0.0);
        Disagreement { costs: shares.iter().zip(&agreeing).map(cost).collect(), agreeing, share }
    }
}
