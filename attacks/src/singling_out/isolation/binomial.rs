//! Falling factorials of a number that need not be whole.

/// Factors that are multiplied out.
const DIRECT: u64 = 64;
/// Factors left to multiply out where the rest goes by Stirling's series, which needs an argument well above 1.
const LAST: u64 = 17;

/// ln [x(x − 1)…(x − k + 1)] and its derivative by x, for x ≥ k.
///
/// Few factors are multiplied out. For many, the difference of two ln Γ by Stirling's series (Abramowitz & Stegun 6.1.40
/// and 6.3.18), with their large common part taken out by hand: as a difference of computed ln Γ it would lose nine of
/// sixteen digits for a million persons.
pub(super) fn falling(x: f64, k: u64) -> (f64, f64) {
    let direct = if k <= DIRECT { k } else { LAST };
    let head = k - direct;
    let (mut value, mut slope) = (0.0, 0.0);
    if head > 0 {
        let count = head as f64;
        let rest = x - count;
        value = count * (libm::log(x) - 1.0) - (rest + 0.5) * libm::log1p(-count / x) + series(x) - series(rest);
        slope = -libm::log1p(-count / x) + series_slope(x) - series_slope(rest);
    }
    for factor in head..k {
        let factor = x - factor as f64;
        value += libm::log(factor);
        slope += 1.0 / factor;
    }
    (value, slope)
}

/// ln Γ(x + 1) − (x + ½) ln x + x − ½ ln 2π.
fn series(x: f64) -> f64 {
    let square = x * x;
    (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - 1.0 / 1680.0 / square) / square) / square) / x
}

/// ψ(x + 1) − ln x.
fn series_slope(x: f64) -> f64 {
    let square = x * x;
    0.5 / x - (1.0 / 12.0 - (1.0 / 120.0 - 1.0 / 252.0 / square) / square) / square
}
