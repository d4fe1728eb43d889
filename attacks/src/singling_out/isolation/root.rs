//! Roots of functions that are dear to evaluate.

/// Where a function changes its sign between two points, one of which is positive and the other not: by inverse quadratic
/// interpolation where that is safe and by bisection where it is not (Chandrupatla 1997, Adv. Eng. Software 28:145).
/// Values may be infinite. Stops when the bracket is narrower than `width`, or when `enough` says so of the best value
/// and the bracket's width; returns the best point.
pub(super) fn root(
    (mut a, mut at_a): (f64, f64),
    (mut b, mut at_b): (f64, f64),
    width: f64,
    enough: impl Fn(f64, f64) -> bool,
    mut f: impl FnMut(f64) -> f64,
) -> f64 {
    let mut share = 0.5;
    let mut best = if at_a.abs() < at_b.abs() { a } else { b };
    for _ in 0..100 {
        let x = a + share * (b - a);
        let at_x = f(x);
        // `a` becomes the newest point, `b` the other end of the bracket, `c` the point that was dropped.
        let (c, at_c) = if (at_x > 0.0) == (at_a > 0.0) {
            (a, at_a)
        } else {
            let dropped = (b, at_b);
            (b, at_b) = (a, at_a);
            dropped
        };
        (a, at_a) = (x, at_x);
        let (point, value) = if at_a.abs() < at_b.abs() { (a, at_a) } else { (b, at_b) };
        best = point;
        let bracket = (a - b).abs();
        if value == 0.0 || bracket <= width || enough(value, bracket) {
            break;
        }
        let (xi, phi) = ((a - b) / (c - b), (at_a - at_b) / (at_c - at_b));
        let finite = at_a.is_finite() && at_b.is_finite() && at_c.is_finite();
        share = if finite && phi * phi < xi && (1.0 - phi) * (1.0 - phi) < 1.0 - xi {
            at_a / (at_b - at_a) * at_c / (at_b - at_c)
                + (c - a) / (b - a) * at_a / (at_c - at_a) * at_b / (at_c - at_b)
        } else {
            0.5
        };
        let least = (0.5 * width / bracket).min(0.5);
        share = share.clamp(least, 1.0 - least);
    }
    best
}
