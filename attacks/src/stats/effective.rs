//! Several hits on one person are not several independent observations.

/// Kish's effective number of attempts, n / (Σ m_j² / Σ m_j), where m_j counts the hits on person j
/// (Kish 1965, Survey Sampling, section 8.2: the design effect of clusters whose members agree).
///
/// With at most one hit a person, or no hit at all, it is n itself.
pub fn effective_attempts(attempts: u64, hits_per_person: impl IntoIterator<Item = u64>) -> f64 {
    let (hits, squares) =
        hits_per_person.into_iter().fold((0u64, 0u64), |(hits, squares), m| (hits + m, squares + m * m));
    if hits == 0 {
        return attempts as f64;
    }
    attempts as f64 * hits as f64 / squares as f64
}
