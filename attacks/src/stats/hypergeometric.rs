//! How many items two independent uniform draws have in common.

/// P(1 ≤ H ≤ most) where H counts the items that two independent uniform subsets of `population` items, of
/// sizes `a` and `b`, have in common: H is hypergeometric (Feller 1968, An Introduction to Probability
/// Theory, vol. 1, II.6).
///
/// Runs in O(min(a, b)) steps at the most, with rational factors only, so that the digits do not depend on a
/// platform's logarithm.
pub fn overlap_between_one_and(most: u64, population: u64, a: u64, b: u64) -> f64 {
    expected(most, population, a, b, |_| 1.0)
}

/// P(1 ≤ H ≤ most, and one given item is among the H), under the same draws: given H = h, each of the `population` items
/// is as likely to be among them, with probability h / population.
pub fn overlap_with_one_item(most: u64, population: u64, a: u64, b: u64) -> f64 {
    expected(most, population, a, b, |overlap| overlap as f64 / population as f64)
}

/// Σ P(H = h) · weight(h) over 1 ≤ h ≤ most.
fn expected(most: u64, population: u64, a: u64, b: u64, weight: impl Fn(u64) -> f64) -> f64 {
    let (small, large) = (a.min(b), a.max(b));
    if small == 0 || population == 0 {
        return 0.0;
    }
    let least = (a + b).saturating_sub(population);
    // Start at the smallest possible overlap and walk up by the ratio of neighbouring terms.
    let mut term = probability_of_least(population, small, large, least);
    let mut overlap = least;
    let mut sum = 0.0;
    loop {
        if overlap >= 1 && overlap <= most {
            sum += term * weight(overlap);
        }
        if overlap >= most.min(small) || overlap > most {
            return sum.min(1.0);
        }
        term *= ((small - overlap) as f64) * ((large - overlap) as f64)
            / (((overlap + 1) as f64) * ((population + overlap + 1 - small - large) as f64));
        overlap += 1;
    }
}

/// P(H = least), where least = max(0, a + b − population).
fn probability_of_least(population: u64, small: u64, large: u64, least: u64) -> f64 {
    if least == 0 {
        // No item of the small draw falls into the large one.
        return (0..small).fold(1.0, |product, i| {
            if product == 0.0 { 0.0 } else { product * ((population - large - i) as f64 / (population - i) as f64) }
        });
    }
    // Every item outside the large draw is in the small one.
    let outside = population - large;
    (0..outside).fold(
        1.0,
        |product, i| {
            if product == 0.0 { 0.0 } else { product * ((small - i) as f64 / (population - i) as f64) }
        },
    )
}
