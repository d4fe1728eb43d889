//! Every format, for every kind of verdict, against the published schemas and by content.

mod support;

use reident_reports::check::format::Format;
use reident_reports::check::{self, CheckResult, Verdict, check, check_with_baseline, profiles};
use reident_reports::evidence::{AttackKind, Attacker};
use reident_reports::message::Language;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use support::*;

/// A column's name that tries to be markup, a command and a control sequence at once.
const HOSTILE: &str = "pay\n::error::x</failure>|`<script>\u{1b}[2J\u{1}";

fn results() -> Vec<(&'static str, CheckResult)> {
    let policy = profiles::policy("eu-wp216").unwrap();
    let safe = evidence(&planted(1, 0, 4000, 0.0, true), &plan(1, ALL, None));
    let mut leaky = evidence(&planted(2, 0, 3000, 0.2, true), &plan(1, ALL, None));
    leaky.inputs.columns[0].name = HOSTILE.to_owned();
    leaky.inputs.columns[4].name = HOSTILE.to_owned();
    for attack in &mut leaky.attacks {
        if let Attacker::NearestRecord { secret, .. } = &mut attack.attacker {
            *secret = HOSTILE.to_owned();
        }
    }
    let few = evidence(&planted(4, 0, 60, 0.05, true), &plan(1, LINKABILITY, None));
    let none = evidence(&degenerate(400), &plan(1, &[AttackKind::SinglingOut, AttackKind::Inference], None));
    let mut lenient = policy.clone();
    lenient.override_with("inconclusive=pass").unwrap();
    lenient.override_with("limits.inference.max_risk=0.5").unwrap();
    let mut strict = policy.clone();
    strict.override_with("inconclusive=fail").unwrap();
    let regression = profiles::policy("ci-regression").unwrap();
    let nothing = BTreeMap::new();
    vec![
        ("pass", check(&safe, &policy)),
        ("fail", check(&leaky, &policy)),
        ("few", check(&few, &policy)),
        ("none", check(&none, &policy)),
        ("lenient", check(&none, &lenient)),
        ("strict", check(&none, &strict)),
        ("risen", check_with_baseline(Language::English, &leaky, &regression, &safe, &nothing)),
        ("unrisen", check_with_baseline(Language::English, &safe, &policy, &safe, &nothing)),
        ("alone", check(&safe, &regression)),
        ("rules", check(&safe, &profiles::policy("cn-pipl-anon-strict").unwrap())),
    ]
}

fn count(text: &str, what: &str) -> usize {
    text.matches(what).count()
}

#[test]
fn outputs_validate_against_the_published_schemas() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("check-outputs");
    std::fs::create_dir_all(&folder).unwrap();
    let write = |name: String, text: String| std::fs::write(folder.join(name), text).unwrap();
    write("check.schema.json".to_owned(), check::schema());
    for (name, result) in results() {
        for (format, ending) in [
            (Format::Terminal, "txt"),
            (Format::Json, "check.json"),
            (Format::Junit, "junit.xml"),
            (Format::Sarif, "sarif"),
            (Format::Markdown, "md"),
            (Format::Github, "github.txt"),
        ] {
            let text = format.render(&result, "out dir/evidence.json");
            assert!(text.is_empty() || text.ends_with('\n'));
            write(format!("{name}.{ending}"), text);
        }
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/schemas/check.sh");
    let output = Command::new("sh").arg(script).arg(&folder).output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    println!("{said}");
    assert!(output.status.success(), "{said}");
}

#[test]
fn json_reads_back() {
    for (name, result) in results() {
        let text = Format::Json.render(&result, "x");
        assert!(text.contains("\"schema\": \"reident/check/v1\""));
        assert_eq!(serde_json::from_str::<CheckResult>(&text).unwrap(), result, "{name}");
    }
}

#[test]
fn junit_counts_what_it_holds() {
    for (name, result) in results() {
        let text = Format::Junit.render(&result, "x");
        for (attribute, element) in [("tests", "<testcase "), ("failures", "<failure "), ("errors", "<error ")] {
            let counted = "<testsuites name=\"reident\"";
            let line = text.lines().find(|line| line.starts_with(counted)).unwrap();
            assert!(line.contains(&format!("{attribute}=\"{}\"", count(&text, element))), "{name}: {line}");
        }
        assert_eq!(count(&text, "<failure ") + count(&text, "<error ") == 0, result.exit_code == 0, "{name}");
    }
}

#[test]
fn sarif_levels_go_with_kinds() {
    for (name, result) in results() {
        let log: serde_json::Value = serde_json::from_str(&Format::Sarif.render(&result, "out/e.json")).unwrap();
        for found in log["runs"][0]["results"].as_array().unwrap() {
            let expected = if found["kind"] == "fail" { "error" } else { "none" };
            assert_eq!(found["level"], expected, "{name}");
            let at = found["ruleIndex"].as_u64().unwrap() as usize;
            assert_eq!(found["ruleId"], log["runs"][0]["tool"]["driver"]["rules"][at]["id"]);
            assert_eq!(found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "out/e.json");
        }
    }
}

#[test]
fn a_hostile_column_name_stays_text_everywhere() {
    for (_, result) in results().into_iter().filter(|(name, _)| ["fail", "risen"].contains(name)) {
        assert!(serde_json::to_string(&result).unwrap().contains("::error::x"), "the name must be in the result");
        for format in Format::ALL {
            let text = format.render(&result, "e.json");
            assert!(!text.contains(['\u{1b}', '\u{1}']), "{}", format.name());
            match format {
                Format::Github => assert!(text.lines().all(|line| !line.starts_with("::error::")), "{text}"),
                Format::Junit | Format::Markdown => assert!(!text.contains("<script>"), "{text}"),
                _ => {}
            }
        }
    }
}

#[test]
fn every_format_for_persons_says_whose_limit_it_is_and_what_was_overridden() {
    for (name, result) in results() {
        let limited = result.attacks.iter().any(|attack| attack.limit.is_some());
        for format in [Format::Terminal, Format::Markdown, Format::Junit, Format::Sarif, Format::Json] {
            // The terminal breaks lines.
            let text = format.render(&result, "x").split_whitespace().collect::<Vec<_>>().join(" ");
            let said =
                text.contains("No authority sets a limit for attack scores: the limits here are the organization");
            assert_eq!(said, limited, "{name} {}", format.name());
            let overridden = text.replace('\\', "").contains("and not the policy's own value");
            assert_eq!(overridden, ["lenient", "strict"].contains(&name), "{name} {}", format.name());
        }
        let annotations = Format::Github.render(&result, "x");
        assert_eq!(annotations.contains("organization-set"), limited, "{name}");
    }
}

#[test]
fn the_terminal_puts_the_verdict_first_and_keeps_its_width() {
    for (name, result) in results() {
        let text = Format::Terminal.render(&result, "x");
        let word = match result.verdict {
            Verdict::Pass => "Pass:",
            Verdict::Fail => "Fail:",
            Verdict::Inconclusive => "Inconclusive:",
        };
        assert!(text.starts_with(word), "{name}: {text}");
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{name}: {text}");
    }
}
