//! Maximum likelihood of mixture weights, free or under one linear equality.
//!
//! # The problem
//! Maximise Σ_i n_i ln(Σ_j L_ij g_j) over g ≥ 0, Σ g = 1 and, if wanted, Σ_j c_j g_j = 0. It is concave: the
//! nonparametric maximum likelihood of a mixing distribution on a grid (Kiefer & Wolfowitz 1956, Ann. Math. Stat. 27:887;
//! Lindsay 1983, Ann. Stat. 11:86). The EM algorithm finds it too, but so slowly that stopping it leaves a bias; likelihood
//! ratios need the maximum itself.
//!
//! # The method
//! A primal-dual interior-point method. Both sides of the duality are kept: weights g with slacks s, mixture densities
//! u = L g with their duals v (Koenker & Mizera 2014, J. Am. Stat. Assoc. 109:674, section 2, for this dual of the
//! mixture problem). At the maximum
//!
//! * u_i v_i = n_i (v is the gradient of the likelihood in u),
//! * Lᵀv + s = n·1 + μ c (n = Σ n_i is the multiplier of Σ g = 1, μ that of the equality),
//! * g_j s_j = 0, and c·g = 0.
//!
//! So u and v behave like one more pair of complementary variables, whose product has a target other than 0, and
//! Mehrotra's predictor-corrector (1992, SIAM J. Optim. 2:575) applies to both pairs at once. Σ g = 1 need not be
//! imposed: by homogeneity the maximiser of Σ n_i ln(L g)_i − n Σ g on the cone c·g = 0 has it.
//!
//! # How near the maximum
//! By concavity no feasible g' exceeds the likelihood at g by more than max_j(∂_j − μ c_j) − n, for any μ: the
//! duality gap, at which the iteration stops.

/// Likelihoods of cells (rows) at grid points (columns), each row scaled to a largest entry near 1. A row is stored only
/// where it does not vanish, which is one stretch of the grid.
#[derive(Debug, Clone, Default)]
pub(super) struct Likelihood {
    /// Number of grid points.
    pub columns: usize,
    rows: Vec<Row>,
    values: Vec<f64>,
}

#[derive(Debug, Clone, Copy)]
struct Row {
    /// Observations.
    weight: f64,
    /// First grid point stored.
    first: usize,
    /// Where its values are.
    from: usize,
    until: usize,
}

impl Likelihood {
    /// No rows yet.
    pub fn new(columns: usize) -> Likelihood {
        Likelihood { columns, rows: Vec::new(), values: Vec::new() }
    }

    /// Adds a cell observed `weight` times, with its likelihood at the grid points from `first`.
    pub fn push(&mut self, weight: f64, first: usize, values: impl IntoIterator<Item = f64>) {
        let from = self.values.len();
        self.values.extend(values);
        self.rows.push(Row { weight, first, from, until: self.values.len() });
    }

    /// First grid point and values of a row.
    pub fn row(&self, row: usize) -> (usize, &[f64]) {
        let row = self.rows[row];
        (row.first, &self.values[row.from..row.until])
    }

    /// L g.
    pub fn densities(&self, weights: &[f64]) -> Vec<f64> {
        let density = |row: usize| {
            let (first, values) = self.row(row);
            dot(values, &weights[first..first + values.len()])
        };
        (0..self.rows.len()).map(density).collect()
    }

    /// Lᵀ v.
    fn transposed(&self, duals: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.columns];
        for (row, dual) in duals.iter().enumerate() {
            let (first, values) = self.row(row);
            for (sum, value) in sums[first..].iter_mut().zip(values) {
                *sum += dual * value;
            }
        }
        sums
    }

    /// The lower triangle of Lᵀ diag(d) L, row by row.
    fn gram(&self, diagonal: impl Iterator<Item = f64>) -> Vec<f64> {
        let columns = self.columns;
        let mut gram = vec![0.0; columns * columns];
        for (row, scale) in diagonal.enumerate() {
            let (first, values) = self.row(row);
            for (at, value) in values.iter().enumerate() {
                let scaled = scale * value;
                let start = (first + at) * columns + first;
                for (sum, other) in gram[start..=start + at].iter_mut().zip(values) {
                    *sum += scaled * other;
                }
            }
        }
        gram
    }
}

/// The maximum.
#[derive(Debug, Clone)]
pub(super) struct Maximum {
    /// Σ n_i ln(L g)_i.
    pub value: f64,
    /// Weights of the grid points; they sum to 1.
    pub weights: Vec<f64>,
    /// (L g)_i.
    pub densities: Vec<f64>,
    /// How fast the maximum falls when the equality's right side is raised: μ, 0 without an equality.
    pub multiplier: f64,
    /// No feasible weights exceed `value` by more.
    pub gap: f64,
}

/// Duality gap, for each observation, at which a maximum is good enough for an estimate.
pub(super) const FINE: f64 = 1e-11;
/// The same where a hundredth of a log-likelihood is enough.
pub(super) const ROUGH: f64 = 1e-6;
const ITERATIONS: usize = 80;

/// The maximum up to a duality gap for each observation, or `None` when no positive weights meet the equality.
pub(super) fn maximise(likelihood: &Likelihood, equality: Option<&[f64]>, gap: f64) -> Option<Maximum> {
    let columns = likelihood.columns;
    let scale = equality.map_or(0.0, |c| c.iter().fold(0.0f64, |max, value| max.max(value.abs())));
    // An equality whose coefficients are all 0 demands nothing.
    let coefficients: Option<Vec<f64>> =
        equality.filter(|_| scale > 1e-14).map(|c| c.iter().map(|value| value / scale).collect());
    let total: f64 = likelihood.rows.iter().map(|row| row.weight).sum();
    let mut state = State::start(likelihood, coefficients.as_deref(), total)?;
    let mut best: Option<Maximum> = None;
    for _ in 0..ITERATIONS {
        let at = state.maximum(scale);
        if best.as_ref().is_none_or(|best| at.gap < best.gap) {
            best = Some(at);
        }
        let done = best.as_ref().is_some_and(|best| best.gap < gap * total.max(1.0));
        if done || !state.step() {
            break;
        }
    }
    debug_assert!(columns > 0);
    best
}

/// The iterate.
struct State<'a> {
    likelihood: &'a Likelihood,
    equality: Option<&'a [f64]>,
    total: f64,
    /// g.
    weights: Vec<f64>,
    /// s.
    slacks: Vec<f64>,
    /// u = L g.
    densities: Vec<f64>,
    /// v.
    duals: Vec<f64>,
    /// μ.
    multiplier: f64,
}

/// A direction in all variables.
struct Direction {
    weights: Vec<f64>,
    slacks: Vec<f64>,
    densities: Vec<f64>,
    duals: Vec<f64>,
    multiplier: f64,
}

impl<'a> State<'a> {
    /// Positive weights that meet the equality: uniform on either side of it, balanced.
    fn start(likelihood: &'a Likelihood, equality: Option<&'a [f64]>, total: f64) -> Option<State<'a>> {
        let columns = likelihood.columns;
        let mut weights = vec![1.0 / columns as f64; columns];
        if let Some(c) = equality {
            let sum = |sign: f64| c.iter().map(|value| (sign * value).max(0.0)).sum::<f64>();
            let (above, below) = (sum(1.0), sum(-1.0));
            if above <= 0.0 || below <= 0.0 {
                return None;
            }
            for (weight, value) in weights.iter_mut().zip(c) {
                *weight = if *value > 0.0 {
                    below
                } else if *value < 0.0 {
                    above
                } else {
                    above.max(below)
                };
            }
            let all: f64 = weights.iter().sum();
            weights.iter_mut().for_each(|weight| *weight /= all);
        }
        let densities = likelihood.densities(&weights);
        if densities.iter().any(|density| density.is_nan() || *density <= 0.0) {
            return None;
        }
        let duals = likelihood.rows.iter().zip(&densities).map(|(row, density)| row.weight / density).collect();
        let slacks = vec![total; columns];
        Some(State { likelihood, equality, total, weights, slacks, densities, duals, multiplier: 0.0 })
    }

    /// The present weights, scaled to sum to 1, as if they were the maximum.
    fn maximum(&self, scale: f64) -> Maximum {
        let sum: f64 = self.weights.iter().sum();
        let densities: Vec<f64> = self.densities.iter().map(|density| density / sum).collect();
        let rows = &self.likelihood.rows;
        let value = rows.iter().zip(&densities).map(|(row, density)| row.weight * libm::log(*density)).sum();
        let gradient: Vec<f64> = rows.iter().zip(&densities).map(|(row, density)| row.weight / density).collect();
        let gradient = self.likelihood.transposed(&gradient);
        let slope = |at: usize| gradient[at] - self.multiplier * self.equality.map_or(0.0, |c| c[at]);
        let gap = (0..self.likelihood.columns).map(slope).fold(f64::NEG_INFINITY, f64::max) - self.total;
        let multiplier = if scale > 0.0 { self.multiplier / scale } else { 0.0 };
        Maximum { value, weights: self.weights.iter().map(|weight| weight / sum).collect(), densities, multiplier, gap }
    }

    /// One predictor-corrector step; false when no progress is possible any more.
    fn step(&mut self) -> bool {
        let columns = self.likelihood.columns;
        let mut matrix = self.likelihood.gram(self.duals.iter().zip(&self.densities).map(|(v, u)| v / u));
        for at in 0..columns {
            matrix[at * columns + at] += self.slacks[at] / self.weights[at];
        }
        factorise(&mut matrix, columns);
        let column = self.equality.map(|c| solve(&matrix, c.to_vec()));

        let complementarity = dot(&self.weights, &self.slacks) / columns as f64;
        let targets: Vec<f64> = self.likelihood.rows.iter().map(|row| row.weight).collect();
        let affine = self.direction(&matrix, column.as_deref(), &targets, &vec![0.0; columns]);
        let (primal, dual) = self.lengths(&affine, 1.0);
        let moved =
            |at: usize| (self.weights[at] + primal * affine.weights[at]) * (self.slacks[at] + dual * affine.slacks[at]);
        let reached = (0..columns).map(moved).sum::<f64>() / columns as f64;
        let ratio = (reached / complementarity).clamp(0.0, 1.0);
        let centre = complementarity * ratio * ratio * ratio;
        let targets: Vec<f64> =
            (0..targets.len()).map(|row| targets[row] - affine.densities[row] * affine.duals[row]).collect();
        let centres: Vec<f64> = (0..columns).map(|at| centre - affine.weights[at] * affine.slacks[at]).collect();
        let direction = self.direction(&matrix, column.as_deref(), &targets, &centres);
        let (primal, dual) = self.lengths(&direction, 0.9995);
        if !(primal.max(dual) > 1e-12 && direction.weights.iter().all(|value| value.is_finite())) {
            return false;
        }
        advance(&mut self.weights, primal, &direction.weights);
        advance(&mut self.slacks, dual, &direction.slacks);
        advance(&mut self.duals, dual, &direction.duals);
        self.multiplier += dual * direction.multiplier;
        self.densities = self.likelihood.densities(&self.weights);
        self.densities.iter().all(|density| *density > 0.0)
    }

    /// The Newton direction towards u v = targets and g s = centres. With dv and ds eliminated,
    /// (Lᵀ diag(v/u) L + diag(s/g)) dg + μ' c = Lᵀ(targets/u) + centres/g − n·1, where μ' = μ + dμ.
    fn direction(&self, matrix: &[f64], column: Option<&[f64]>, targets: &[f64], centres: &[f64]) -> Direction {
        let scaled: Vec<f64> = targets.iter().zip(&self.densities).map(|(target, u)| target / u).collect();
        let mut right = self.likelihood.transposed(&scaled);
        for (at, value) in right.iter_mut().enumerate() {
            *value += centres[at] / self.weights[at] - self.total;
        }
        let mut weights = solve(matrix, right);
        let mut multiplier = 0.0;
        if let Some((c, column)) = self.equality.zip(column) {
            multiplier = (dot(c, &weights) + dot(c, &self.weights)) / dot(c, column);
            weights.iter_mut().zip(column).for_each(|(weight, value)| *weight -= multiplier * value);
            multiplier -= self.multiplier;
        }
        let densities = self.likelihood.densities(&weights);
        let duals = (0..densities.len())
            .map(|row| scaled[row] - self.duals[row] - self.duals[row] / self.densities[row] * densities[row])
            .collect();
        let slacks = (0..weights.len())
            .map(|at| (centres[at] - self.slacks[at] * weights[at]) / self.weights[at] - self.slacks[at])
            .collect();
        Direction { weights, slacks, densities, duals, multiplier }
    }

    /// The longest steps of the primal and the dual variables that keep them positive, times `share`, at most 1.
    fn lengths(&self, direction: &Direction, share: f64) -> (f64, f64) {
        let longest = |values: &[f64], steps: &[f64]| {
            let limit = |(value, step): (&f64, &f64)| if *step < 0.0 { -value / step } else { f64::INFINITY };
            values.iter().zip(steps).map(limit).fold(f64::INFINITY, f64::min)
        };
        let primal = longest(&self.weights, &direction.weights).min(longest(&self.densities, &direction.densities));
        let dual = longest(&self.slacks, &direction.slacks).min(longest(&self.duals, &direction.duals));
        ((share * primal).min(1.0), (share * dual).min(1.0))
    }
}

fn advance(values: &mut [f64], length: f64, steps: &[f64]) {
    values.iter_mut().zip(steps).for_each(|(value, step)| *value += length * step);
}

fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

/// Cholesky's factor in place of the lower triangle. A pivot lost to rounding is made infinite, which leaves its variable
/// where it is (Wright 1999, SIAM J. Optim. 9:1159, on this habit in interior-point codes).
fn factorise(matrix: &mut [f64], columns: usize) {
    for row in 0..columns {
        let largest = matrix[row * columns + row];
        for column in 0..=row {
            let (before, this) = matrix.split_at_mut(row * columns);
            let sum = if column == row {
                this[row] - dot(&this[..row], &this[..row])
            } else {
                this[column] - dot(&this[..column], &before[column * columns..column * columns + column])
            };
            this[column] = if column < row {
                sum / before[column * columns + column]
            } else if sum > 1e-15 * largest {
                sum.sqrt()
            } else {
                1e64
            };
        }
    }
}

/// Solves with the factor.
fn solve(factor: &[f64], mut right: Vec<f64>) -> Vec<f64> {
    let columns = right.len();
    for row in 0..columns {
        let sum = dot(&factor[row * columns..row * columns + row], &right[..row]);
        right[row] = (right[row] - sum) / factor[row * columns + row];
    }
    for row in (0..columns).rev() {
        right[row] /= factor[row * columns + row];
        let value = right[row];
        for (at, entry) in right[..row].iter_mut().zip(&factor[row * columns..row * columns + row]) {
            *at -= entry * value;
        }
    }
    right
}
