//! Design effects: how much more a sum of dependent outcomes varies than one of independent ones.
//!
//! An interval takes attempts for independent. Rows of one person are not, and neither are persons so alike (households,
//! repeated rows) that the attacker answers for them all from one release record. The effective number of attempts is the
//! number of independent ones that would vary as much: attempts over the design effect (Kish 1965, Survey Sampling, section
//! 8.2; Rao & Scott 1992, Biometrics 48:577).

/// Successes whose worths say how worths vary.
const FEWEST_SUCCESSES: u64 = 30;

/// What attempts are worth together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Worths {
    /// Attempts.
    pub attempted: u64,
    /// How many of them succeeded.
    pub successes: u64,
    /// Σ of what each is worth.
    pub sum: f64,
    /// Σ of its square.
    pub squares: f64,
}

impl Worths {
    fn rate(&self) -> f64 {
        self.sum / self.attempted as f64
    }

    /// n·p·(1 − p): the variance of a sum of successes that count in full, p of them, when attempts are independent.
    fn binomial(&self) -> f64 {
        self.sum * (1.0 - self.rate())
    }

    /// Σ (w − p)²: the variance of the sum of the worths themselves.
    ///
    /// At least what n·p/w̄ binomial attempts would have, w̄ the mean worth of a success: were all worth the same, only their
    /// number would be uncertain, and when everybody succeeds, not even that is certain to the last person. Fewer than
    /// [`FEWEST_SUCCESSES`] do not show how worths differ, and are taken to count in full.
    fn independent(&self) -> f64 {
        if self.sum == self.successes as f64 || self.successes < FEWEST_SUCCESSES {
            return self.binomial();
        }
        let least = self.binomial() * self.sum / self.successes as f64;
        (self.squares - self.sum * self.rate()).max(least)
    }

    /// The effective number of attempts, when each is independent: above their number when successes count in part.
    pub fn effective(&self) -> f64 {
        self.effective_at(self.independent())
    }

    /// The effective number of attempts when they come from several persons, each with some attempts that are worth
    /// something together: the variance of the sum is Σ (m_j − p·n_j)² over persons j of n_j attempts worth m_j, or that of
    /// independent attempts where it is larger.
    ///
    /// Where nothing, or everything, succeeds, nothing is seen of how a person's attempts agree; they are taken to agree
    /// altogether: n/(Σ n_j²/Σ n_j).
    pub fn effective_of_persons(&self, persons: impl IntoIterator<Item = (u64, f64)>) -> f64 {
        let rate = self.rate();
        let (squares, variance) = persons.into_iter().fold((0u64, 0.0), |(squares, variance), (attempts, worth)| {
            let off = worth - rate * attempts as f64;
            (squares + attempts * attempts, variance + off * off)
        });
        if self.binomial() <= 0.0 {
            return (self.attempted * self.attempted) as f64 / squares.max(1) as f64;
        }
        self.effective_at(variance.max(self.independent()))
    }

    fn effective_at(&self, variance: f64) -> f64 {
        if self.attempted == 0 {
            return 0.0;
        }
        let attempted = self.attempted as f64;
        let binomial = self.binomial();
        if variance == binomial || binomial <= 0.0 { attempted } else { attempted * binomial / variance }
    }
}

/// Attempts on one table, with the release profile that each one's answer came from; [`NO_ANSWER`] where it came from none.
#[derive(Debug, Clone, Copy)]
pub struct Answers<'a> {
    /// What each attempt is worth.
    pub worth: &'a [f64],
    /// The profile.
    pub profile: &'a [u32],
}

/// The profile of an attempt that had no answer: it shares none with another.
pub const NO_ANSWER: u32 = u32::MAX;

/// Standard errors by which a design effect must exceed 1. Of independent attempts it is 1 up to chance, and chance alone
/// must not widen their intervals.
const SIGNIFICANT: f64 = 2.0;

/// The design effect of persons who are answered for together, on 1 − (1 − p_main)/(1 − p_control); at least 1.
///
/// Linearized, the risk is a mean of residuals: a target of the original with failure x adds (x − q₁)/n, one of the control
/// −φ·(x − q₀)/m, where q are the rates of failure and φ = q₁/q₀ (Rao & Scott 1992). A cluster is a release profile and
/// everybody of either table who is answered from it; the variance is the sum of the clusters' squares. That some profiles
/// answer better than others does not count, since it shows in either table and cancels; that persons of one table share their
/// fate does. Attempts without an answer are clusters of their own.
///
/// The standard error of the effect for independent attempts is √(2·Σ_j (V_j² − Σ_i v_i²)) over the variance, with V_j the sum
/// of the variances v_i in cluster j, each the mean of its table's targets that have an answer; an effect within two of them of 1
/// is 1.
pub fn of_shared_answers(main: Answers<'_>, control: Answers<'_>) -> f64 {
    let failing = |side: &Answers<'_>| {
        let count = side.worth.len() as f64;
        1.0 - side.worth.iter().sum::<f64>() / count
    };
    let (of_main, of_control) = (failing(&main), failing(&control));
    if main.worth.is_empty() || control.worth.is_empty() || of_control <= 0.0 {
        return 1.0;
    }
    let sides = [(main, of_main, 1.0), (control, of_control, -of_main / of_control)];
    let clusters = sides.iter().flat_map(|(side, ..)| side.profile).filter(|profile| **profile != NO_ANSWER);
    let mut sums = vec![0.0; clusters.max().map_or(0, |most| *most as usize + 1)];
    let mut expected = vec![0.0; sums.len()];
    let (mut variance, mut clustered, mut single_squares) = (0.0, 0.0, 0.0);
    for (side, failing, factor) in sides {
        let scale = factor / side.worth.len() as f64;
        let residual = |worth: f64| scale * (1.0 - worth - failing);
        let square = |worth: &f64| residual(*worth) * residual(*worth);
        variance += side.worth.iter().map(square).sum::<f64>();
        // Where only successes have an answer, those who can share one vary more than all together.
        let answered = side.worth.iter().zip(side.profile).filter(|(_, profile)| **profile != NO_ANSWER);
        let (squares, count) = answered.fold((0.0, 0.0), |(sum, count), (worth, _)| (sum + square(worth), count + 1.0));
        let mean = squares / f64::max(count, 1.0);
        for (worth, profile) in side.worth.iter().zip(side.profile) {
            let residual = residual(*worth);
            if *profile == NO_ANSWER {
                clustered += residual * residual;
            } else {
                sums[*profile as usize] += residual;
                expected[*profile as usize] += mean;
                single_squares += mean * mean;
            }
        }
    }
    clustered += sums.iter().map(|sum| sum * sum).sum::<f64>();
    if variance <= 0.0 {
        return 1.0;
    }
    let together = expected.iter().map(|sum| sum * sum).sum::<f64>();
    let pairs = if together > single_squares * (1.0 + 1e-9) { together - single_squares } else { 0.0 };
    let error = (2.0 * pairs).sqrt() / variance;
    let effect = clustered / variance;
    // Without two targets of one profile the effect is 1 but for rounding.
    if pairs > 0.0 && effect > 1.0 + SIGNIFICANT * error { effect } else { 1.0 }
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::sampling::{Stream, Task};

    fn near(a: f64, b: f64) {
        assert!((a - b).abs() <= 1e-9, "{a} is not {b}");
    }

    fn of(worths: &[f64]) -> Worths {
        Worths {
            attempted: worths.len() as u64,
            successes: worths.iter().filter(|worth| **worth > 0.0).count() as u64,
            sum: worths.iter().sum(),
            squares: worths.iter().map(|worth| worth * worth).sum(),
        }
    }

    #[test]
    fn successes_that_count_in_full_are_as_many_as_they_are() {
        for hits in 0..=10 {
            let worths: Vec<f64> = (0..10).map(|at| f64::from(u8::from(at < hits))).collect();
            assert_eq!(of(&worths).effective(), 10.0);
        }
    }

    #[test]
    fn successes_that_count_in_part_vary_less() {
        // Half of a hundred worth 1 and half of those worth a tenth: Σw² − np² against np(1 − p).
        let worths: Vec<f64> = (0..100).map(|at| [1.0, 0.1, 0.0, 0.0][at % 4]).collect();
        let (p, squares) = (0.275, 25.25);
        near(of(&worths).effective(), 100.0 * (100.0 * p * (1.0 - p)) / (squares - 100.0 * p * p));
        // All are worth a tenth: no less uncertain than their number out of ten times as many.
        near(of(&[0.1; 100]).effective(), 1000.0);
    }

    #[test]
    fn rows_of_one_person_count_as_far_as_they_agree() {
        let worths: Vec<f64> = (0..12).map(|at| f64::from(u8::from(at < 4))).collect();
        let by_person = |of_person: fn(usize) -> usize, worths: &[f64]| {
            let mut persons = vec![(0, 0.0); 12];
            for (at, worth) in worths.iter().enumerate() {
                persons[of_person(at)].0 += 1;
                persons[of_person(at)].1 += worth;
            }
            of(worths).effective_of_persons(persons)
        };
        // One row each; four rows each that agree; four rows each that agree in nothing.
        near(by_person(|at| at, &worths), 12.0);
        near(by_person(|at| at / 4, &worths), 3.0);
        near(by_person(|at| at % 3, &worths[..12]), 12.0);
        // Nothing is seen of agreement where nothing was hit.
        near(by_person(|at| at / 4, &[0.0; 12]), 3.0);
    }

    /// Worths and profiles: households of a size share their outcome and their profile.
    fn households(size: usize, count: usize, profiles: u64, chance: f64, stream: &mut Stream) -> (Vec<f64>, Vec<u32>) {
        let mut drawn = (Vec::new(), Vec::new());
        for _ in 0..count / size {
            let (hit, profile) = (f64::from(u8::from(stream.unit() < chance)), stream.below(profiles) as u32);
            drawn.0.extend(std::iter::repeat_n(hit, size));
            drawn.1.extend(std::iter::repeat_n(profile, size));
        }
        drawn
    }

    fn effect(size: usize, profiles: u64, seed: u64) -> f64 {
        let mut stream = Stream::new(seed, Task::Population, size as u64);
        let (worth, profile) = households(size, 2000, profiles, 0.3, &mut stream);
        let (others, other_profile) = households(size, 1000, profiles, 0.3, &mut stream);
        let main = Answers { worth: &worth, profile: &profile };
        of_shared_answers(main, Answers { worth: &others, profile: &other_profile })
    }

    #[test]
    fn independent_persons_keep_their_number_whatever_the_profiles() {
        for profiles in [5, 50, 2000, 100_000] {
            let effects: Vec<f64> = (0..40).map(|seed| effect(1, profiles, seed)).collect();
            let wider = effects.iter().filter(|effect| **effect > 1.0).count();
            assert!(wider <= 5, "{profiles} profiles: {wider} of 40");
        }
    }

    #[test]
    fn profiles_that_answer_better_than_others_are_no_dependence() {
        let mut stream = Stream::new(4, Task::Population, 0);
        let mut draw = |count: usize| -> (Vec<f64>, Vec<u32>) {
            let one = |stream: &mut Stream| {
                let profile = stream.below(10) as u32;
                (f64::from(u8::from(stream.unit() < 0.05 + 0.09 * f64::from(profile))), profile)
            };
            (0..count).map(|_| one(&mut stream)).unzip()
        };
        let ((worth, profile), (others, other)) = (draw(4000), draw(2000));
        let main = Answers { worth: &worth, profile: &profile };
        let found = of_shared_answers(main, Answers { worth: &others, profile: &other });
        assert!(found < 2.5, "{found}");
    }

    #[test]
    fn households_are_seen() {
        for seed in 0..5 {
            let found = effect(4, 100_000, seed);
            assert!((3.0..5.0).contains(&found), "{found}");
        }
    }

    #[test]
    fn without_an_answer_nothing_is_shared() {
        let (worth, profile) = ([0.0, 1.0, 1.0, 0.0], [NO_ANSWER; 4]);
        let side = Answers { worth: &worth, profile: &profile };
        assert_eq!(of_shared_answers(side, side), 1.0);
        // Only hits have an answer, and two of many hits share one: chance.
        let worth: Vec<f64> = (0..1000).map(|at| f64::from(u8::from(at < 60))).collect();
        let profile: Vec<u32> = (0..1000).map(|at| if at < 60 { at.max(1) } else { NO_ANSWER }).collect();
        let side = Answers { worth: &worth, profile: &profile };
        assert_eq!(of_shared_answers(side, side), 1.0);
        let all = Answers { worth: &[1.0; 4], profile: &[0; 4] };
        assert_eq!(of_shared_answers(side, all), 1.0);
    }
}
