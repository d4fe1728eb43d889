//! Shares as people read them: spelled in one way in the terminal, in checks, in remarks and in documents.

/// A share in percent: two decimals below 10 %, where limits lie, and one above. What is not zero never reads as zero, and what
/// is not everything never reads as everything.
pub fn percent(share: f64) -> String {
    format!("{}%", digits(share))
}

/// A part of a whole in percent.
pub fn percent_of(part: usize, whole: usize) -> String {
    percent(part as f64 / whole as f64)
}

/// A share that is a round number by nature, such as a limit or a level of confidence: as many decimals as it has.
pub fn round_percent(share: f64) -> String {
    let percent = (share * 1e6).round() / 1e4;
    format!("{percent}%")
}

/// An interval of shares in percent, beside its share: an end below 0 says that the control was hit more often, and is not hidden.
pub fn interval(ends: [f64; 2]) -> String {
    let [low, high] = ends.map(digits);
    format!("[{low}, {high}]")
}

fn digits(share: f64) -> String {
    let percent = share * 100.0;
    let size = percent.abs();
    let sign = if percent < 0.0 { "−" } else { "" };
    if size == 0.0 {
        "0".to_owned()
    } else if size < 0.005 {
        // A bound of a thousandth of a percent below zero is noise to a reader; a positive one is a finding.
        if percent < 0.0 { "0".to_owned() } else { "<0.01".to_owned() }
    } else if size < 9.995 {
        format!("{sign}{size:.2}")
    } else if size == 100.0 {
        format!("{sign}100")
    } else if size > 99.95 && size < 100.0 {
        format!("{sign}>99.9")
    } else if size > 999.0 {
        // The control's attackers hit so much more that it matters no longer how much.
        format!("{sign}999")
    } else {
        format!("{sign}{size:.1}")
    }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn small_shares_do_not_read_as_zero() {
        let shown = [0.0, 1e-9, 0.0496, 0.0999, 0.1234, 0.9999, 1.0, -0.012].map(percent);
        assert_eq!(shown, ["0%", "<0.01%", "4.96%", "9.99%", "12.3%", ">99.9%", "100%", "−1.20%"]);
        assert_eq!([0.0909, 0.05, 0.995].map(round_percent), ["9.09%", "5%", "99.5%"]);
        assert_eq!(percent_of(1, 3), "33.3%");
        assert_eq!(interval([-0.0123, 0.2]), "[−1.23, 20.0]");
        assert_eq!(interval([-25.0, 1e-7]), "[−999, <0.01]");
    }
}
