//! Policy files and overrides.

use reident_reports::check::policy::{Policy, PolicyError, SourceStatus};
use reident_reports::check::profiles;
use reident_reports::evidence::AttackKind;

fn text() -> &'static str {
    profiles::text("eu-wp216").unwrap()
}

/// Parses a policy with one line changed, and gives the line that is refused and why.
fn refused(from: &str, to: &str) -> (usize, String) {
    assert!(text().contains(from), "{from}");
    match Policy::parse(&text().replacen(from, to, 1), "mine.toml") {
        Err(PolicyError::File { file, line, message }) => {
            assert_eq!(file, "mine.toml");
            (line, message)
        }
        other => panic!("{to}: {other:?}"),
    }
}

fn line(of: &str) -> usize {
    1 + text().lines().position(|line| line.starts_with(of)).unwrap()
}

#[test]
fn faulty_files_are_refused_with_the_line() {
    let limit = line("[limits.linkability]");
    let linkability = "[limits.linkability]\nmax_risk = 0.09";
    for (value, word) in
        [("1.5", "outside [0, 1]"), ("-0.1", "outside [0, 1]"), ("nan", "outside [0, 1]"), ("\"low\"", "invalid type")]
    {
        let (at, message) = refused(linkability, &format!("[limits.linkability]\nmax_risk = {value}"));
        assert_eq!(at, limit + 1, "{message}");
        assert!(message.contains(word), "{message}");
    }
    let (at, message) = refused(linkability, "[limits.linkability]\nmax_rsk = 0.09");
    assert_eq!(at, limit + 1);
    assert!(message.contains("max_rsk"), "{message}");
    let (at, message) = refused("[limits.linkability]", "[limits.reconstruction]");
    assert_eq!(at, limit);
    assert!(message.contains("reconstruction") && message.contains("linkability"), "{message}");
    let (at, message) = refused("min_cell = 5", "min_cell = -5");
    assert_eq!(at, line("min_cell"), "{message}");
    let (at, message) = refused("inconclusive = \"inconclusive\"", "inconclusive = \"shrug\"");
    assert_eq!(at, line("inconclusive"));
    assert!(message.contains("shrug"), "{message}");
    let (at, _) = refused("confidence = 0.95", "confidence = 0.2");
    assert_eq!(at, line("confidence"));
    let (at, _) = refused("source_status = \"organization_set\"", "source_status = \"heard\"");
    assert_eq!(at, line("source_status"));
    // A file cannot hide overrides in itself.
    refused("min_cell = 5", "overrides = []\nmin_cell = 5");
    refused("min_cell = 5", "min_cell = = 5");
    refused("min_cell = 5\n", "");
    refused("source_status = \"organization_set\"\n", "");
}

#[test]
fn whole_numbers_are_shares_too() {
    let policy = Policy::parse(&text().replace("max_risk = 0.09", "max_risk = 1"), "x").unwrap();
    assert_eq!(policy.limits[&AttackKind::Inference].max_risk, 1.0);
}

#[test]
fn overrides_are_recorded_and_lose_the_source() {
    let mut policy = profiles::policy("ca-ipc-high").unwrap();
    policy.override_with("limits.linkability.max_risk=0.1").unwrap();
    policy.override_with("regression.margin = 0.01").unwrap();
    let limit = &policy.limits[&AttackKind::Linkability];
    assert_eq!((limit.max_risk, limit.source_status), (0.1, SourceStatus::OrganizationSet));
    assert!(limit.source.starts_with("Override"));
    assert_eq!(policy.limits[&AttackKind::Inference].max_risk, 0.05);
    let shown: Vec<_> =
        policy.overrides.iter().map(|one| (one.key.as_str(), one.from.as_deref(), one.to.as_str())).collect();
    assert_eq!(
        shown,
        [("limits.linkability.max_risk", Some("0.05"), "0.1"), ("regression.margin", Some("0.02"), "0.01")]
    );

    let before = policy.clone();
    for bad in [
        "limits.linkability.max_risk=1.1",
        "limits.linkability.max_risk=NaN",
        "limits.reconstruction.max_risk=0.1",
        "limits.linkability.source=law",
        "confidence=1",
        "min_cell=-1",
        "inconclusive=maybe",
        "name=x",
        "nonsense",
    ] {
        assert!(matches!(policy.override_with(bad), Err(PolicyError::Override { .. })), "{bad}");
    }
    assert_eq!(policy, before);

    let mut regression = profiles::policy("ci-regression").unwrap();
    regression.override_with("limits.inference.max_risk=0.2").unwrap();
    assert_eq!(regression.overrides[0].from, None);
    assert!(matches!(profiles::policy("nowhere"), Err(PolicyError::Unknown(_))));
}
