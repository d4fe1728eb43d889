//! Fractions, so that a figure that meets its limit exactly is not decided by rounding.

use std::collections::BTreeMap;
use std::fmt;

/// A fraction of two whole numbers, in lowest terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fraction {
    /// Above the line.
    pub numerator: u64,
    /// Below the line; at least 1.
    pub denominator: u64,
}

impl Fraction {
    /// The whole.
    pub const ONE: Fraction = Fraction { numerator: 1, denominator: 1 };

    /// A fraction of two numbers, of which the second is not 0.
    pub fn new(numerator: u64, denominator: u64) -> Fraction {
        debug_assert!(denominator > 0);
        let common = common_divisor(numerator, denominator).max(1);
        Fraction { numerator: numerator / common, denominator: denominator / common }
    }

    /// A probability in billionths, rounded up where it has more decimals, so that a risk is not made smaller. What is no
    /// probability is held at 0 or 1.
    pub fn of_probability(probability: f64) -> Fraction {
        const BILLION: f64 = 1e9;
        let billionths = probability.clamp(0.0, 1.0) * BILLION;
        let nearest = billionths.round();
        // A decimal number of at most nine places is meant as it is written.
        let up = if (billionths - nearest).abs() < 1e-6 { nearest } else { billionths.ceil() };
        Fraction::new(up.min(BILLION) as u64, BILLION as u64)
    }

    /// As a floating-point number.
    pub fn value(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }

    /// Whether it is below another one.
    pub fn is_below(self, other: Fraction) -> bool {
        let product = |a: u64, b: u64| u128::from(a) * u128::from(b);
        product(self.numerator, other.denominator) < product(other.numerator, self.denominator)
    }
}

impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.numerator, self.denominator)
    }
}

fn common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// A sum of reciprocals, Σ c/f over sizes f that c classes have.
pub(crate) struct Reciprocals<'s> {
    classes_of: &'s BTreeMap<u64, u64>,
}

impl Reciprocals<'_> {
    /// The sum over these sizes.
    pub fn new(classes_of: &BTreeMap<u64, u64>) -> Reciprocals<'_> {
        Reciprocals { classes_of }
    }

    /// The sum, in the order of the sizes.
    pub fn value(&self) -> f64 {
        self.classes_of.iter().map(|(size, classes)| *classes as f64 / *size as f64).sum()
    }

    /// Whether the mean over the classes, times a probability, is below a limit.
    ///
    /// Whole numbers decide: the sum in units of 2⁻⁵⁶ lies between the sum of the terms rounded down and that of the terms
    /// rounded up. Where the limit lies between the two, or the numbers are too large, it is not shown to be below.
    pub fn mean_is_below(&self, probability: Fraction, limit: Fraction) -> bool {
        const UNIT: u32 = 56;
        let classes: u128 = self.classes_of.values().map(|classes| u128::from(*classes)).sum();
        if classes == 0 {
            return false;
        }
        let mut above = 0u128;
        for (size, classes) in self.classes_of {
            above += (u128::from(*classes) << UNIT).div_ceil(u128::from(*size));
        }
        // sum · p/q < classes · n/d, that is, sum · p · d < classes · n · q.
        let left =
            above.checked_mul(u128::from(probability.numerator)).and_then(|x| x.checked_mul(limit.denominator.into()));
        let right = (classes << UNIT)
            .checked_mul(limit.numerator.into())
            .and_then(|x| x.checked_mul(probability.denominator.into()));
        left.zip(right).is_some_and(|(left, right)| left < right)
    }
}

#[cfg(test)]
mod test {
    use super::*;

    fn below(sizes: &[(u64, u64)], probability: Fraction, limit: Fraction) -> bool {
        let classes_of: BTreeMap<u64, u64> = sizes.iter().copied().collect();
        Reciprocals::new(&classes_of).mean_is_below(probability, limit)
    }

    #[test]
    fn what_meets_its_limit_exactly_is_not_below() {
        let limit = Fraction::new(1, 20);
        assert!(!below(&[(20, 7)], Fraction::ONE, limit));
        assert!(below(&[(21, 7)], Fraction::ONE, limit));
        assert!(!below(&[(10, 3), (30, 3), (60, 3)], Fraction::ONE, limit), "a mean of exactly 1/20");
        assert!(below(&[(10, 3), (30, 3), (60, 3), (61, 1)], Fraction::ONE, limit));
        assert!(below(&[(10, 100)], Fraction::of_probability(0.499_999_999), limit));
        assert!(!below(&[(10, 100)], Fraction::of_probability(0.5), limit));
        assert!(!below(&[], Fraction::ONE, limit));
    }

    #[test]
    fn probabilities_are_never_made_smaller() {
        assert_eq!(Fraction::of_probability(0.139), Fraction::new(139, 1000));
        assert_eq!(Fraction::of_probability(0.1), Fraction::new(1, 10));
        let third = Fraction::of_probability(1.0 / 3.0);
        assert!(third.value() >= 1.0 / 3.0 && third.value() < 0.333_333_335);
        assert!(
            Fraction::new(1, 21).is_below(Fraction::new(1, 20)) && !Fraction::new(1, 20).is_below(Fraction::new(1, 20))
        );
    }
}
