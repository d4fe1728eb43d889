//! Every fault, with its line and key; and all of them at once.

use super::*;
use crate::annex::calendar::parse;
use crate::annex::route::{Facts, route};
use crate::check::profiles;
use crate::evidence::Evidence;

pub const GOOD: &str = include_str!("../../../tests/fixture/manifest.toml");

fn rules() -> &'static super::super::rules::Rules {
    super::super::rules::Rules::newest()
}

pub fn evidence() -> Evidence {
    crate::json::read(include_str!("../../../../tests/golden/evidence.json")).expect("the golden evidence is sound")
}

fn read(text: &str) -> Result<Manifest, Vec<Fault>> {
    Manifest::read(text, Purpose::Write, rules())
}

/// Everything that is wrong with a manifest and the golden evidence.
fn all(text: &str, policy: &str, working: bool) -> Vec<Fault> {
    let (manifest, mut faults) = match Manifest::parse(text, Purpose::Write, rules()) {
        Ok(parsed) => parsed,
        Err(faults) => return faults,
    };
    let (evidence, policy) = (evidence(), profiles::policy(policy).unwrap());
    let found = route(&Facts::of(&manifest, false), rules());
    let as_of = parse("2026-11-27").unwrap();
    let against = Measured { as_of, evidence: Some(&evidence), policy: Some(&policy), route: Some(&found), working };
    faults.extend(check(&manifest, &against));
    faults.sort();
    faults
}

/// The line on which a text begins, after the change.
fn line_of(text: &str, part: &str) -> usize {
    1 + text[..text.find(part).unwrap_or_else(|| panic!("{part} is in the manifest"))].matches('\n').count()
}

const POLICY: &str = "cn-gbt42460-controlled";

#[test]
fn the_good_manifest_has_no_fault() {
    assert_eq!(all(GOOD, POLICY, false), []);
    let manifest = read(GOOD).unwrap();
    assert_eq!(manifest.recipients[0].country, "DE");
    assert_eq!(manifest.report.version, Some(1));
    assert!(manifest.approval.missing().is_empty());
}

#[test]
fn every_fault_names_its_line_and_key() {
    use Code::*;
    // What is replaced, by what, and which fault that is: its code, its key, and a text on its line.
    let cases: &[(&str, &str, Code, &str, &str)] = &[
        ("address = \"上海市", "adress = \"上海市", E1, "filer.adress", "adress"),
        ("address = \"上海市", "adress = \"上海市", E1, "filer.address", "[filer]"),
        ("version = 1", "version = \"1\"", E1, "report.version", "version = \"1\""),
        ("version = 1", "version = -1", E1, "report.version", "version = -1"),
        ("version = 1", "", E1, "report.version", "[report]"),
        ("method = \"文件审阅", "method = \"\\u0007文件审阅", E1, "assessment.method", "method = \"\\u0007"),
        (
            "organization = \"法务合规部\"",
            "organization = \" \"",
            E1,
            "assessment.organization",
            "organization = \" \"",
        ),
        ("sector = \"general\"", "sector = \"toys\"", E1, "filer.sector", "sector = \"toys\""),
        ("issued = 2026-11-26", "issued = \"2026-11-26\"", E1, "report.issued", "issued = \"2026-11-26\""),
        ("schema = \"reident/manifest/v1\"", "schema = \"reident/manifest/v2\"", E1, "schema", "schema"),
        ("interval_months = 12", "interval_months = 37", E1, "review.interval_months", "interval_months = 37"),
        ("standards = [\"pipl\"", "standards = [\"iso1\"", E1, "standards", "standards"),
        ("[columns.\"age\"]", "[columns.\"agee\"]", E2, "columns", "[columns.\"agee\"]"),
        ("[columns.\"age\"]", "[columns.\"agee\"]", E3, "columns.\"agee\"", "[columns.\"agee\"]"),
        (
            "measures = [{ columns = [\"age\"",
            "measures = [{ columns = [\"agge\"",
            E3,
            "measures[1].columns",
            "measures =",
        ),
        (
            "transform = \"synthesized\" # age",
            "transform = \"removed\" # age",
            E4,
            "columns.\"age\".transform",
            "\"removed\" # age",
        ),
        ("uscc = \"91350100M000100Y43\"", "uscc = \"91350100M000100Y44\"", E5, "filer.uscc", "Y44"),
        ("uscc = \"91350100M000100Y43\"", "uscc = \"91350100M\"", E5, "filer.uscc", "91350100M\""),
        ("country = \"DE\"", "country = \"UK\"", E6, "recipients[1].country", "country = \"UK\""),
        ("country = \"DE\"", "country = \"CN\"", E6, "recipients[1].country", "country = \"CN\""),
        (
            "kind = \"de_identified\" # claim",
            "kind = \"anonymized\" # claim",
            E8,
            "claim.kind",
            "\"anonymized\" # claim",
        ),
        ("ended = 2026-11-20", "ended = 2026-10-20", E9, "assessment.ended", "ended = 2026-10-20"),
        ("ended = 2026-11-20", "ended = 2026-11-27", E9, "assessment.ended", "ended = 2026-11-27"),
        ("issued = 2026-11-26", "issued = 2026-11-28", E9, "report.issued", "issued = 2026-11-28"),
        ("period_to = 2026-06-30", "period_to = 2025-06-30", E9, "dataset.period_to", "period_to = 2025"),
        (
            "retention_until = 2029-12-31",
            "retention_until = 2026-11-30",
            E10,
            "processing.retention_until",
            "retention_until",
        ),
        (
            "# certificate here",
            "[certificate]\nissued = 2026-01-31\nexpires = 2026-01-31",
            E10,
            "certificate.expires",
            "expires =",
        ),
        (
            "# certificate here",
            "[sa_result]\nissued = 2026-01-31\nexpires = 2030-01-31",
            E10,
            "sa_result.expires",
            "expires =",
        ),
        (
            "core_or_secret = \"no\"",
            "core_or_secret = \"no\"\ntold_on = 2026-11-01",
            E10,
            "important_data.told_on",
            "told_on",
        ),
        ("since = 2026-01-01", "since = 2026-01-02", E11, "volume.since", "since = 2026-01-02"),
        ("\nsensitive = 2000", "\nsensitive = -1", E11, "volume.sensitive", "sensitive = -1"),
        (
            "\nsensitive_before = 0",
            "\nsensitive_before = 9223372036854775807",
            E11,
            "volume.sensitive",
            "sensitive = 2000",
        ),
        ("\nsensitive = 2000", "\nsensitive = 2_000_000", E12, "filing.route", "route = \"scc\""),
        ("route = \"scc\"", "route = \"gba\"", E12, "filing.route", "route = \"gba\""),
        ("m = { value = 150", "m = { value = 149", E13, "context.m", "m = { value = 149"),
        ("breach_rate = {", "# breach_rate = {", E13, "context.breach_rate", "[context]"),
        ("p = { value = 0.001", "p = { value = 1.5", E13, "context.p.value", "p = { value = 1.5"),
        ("kind = \"none\" # exemption", "kind = \"hr\" # exemption", E14, "exemption.reason", "[exemption]"),
        ("adjust = []", "adjust = [{ rule = \"deidentified\", delta = -1 }]", E14, "adjust[1].reason", "adjust = [{"),
        (
            "adjust = []",
            "adjust = [{ rule = \"deidentified\", delta = -2, reason = \"x\" }]",
            E14,
            "adjust[1].delta",
            "adjust = [{",
        ),
        ("purpose = \"产品改进", "purpose = \"联系13800138000，产品改进", E16, "processing.purpose", "13800138000"),
        (
            "preparer = { name = \"张三\"",
            "preparer = { name = \"张三 zhang@example.cn\"",
            E16,
            "approval.preparer.name",
            "zhang@example.cn",
        ),
    ];
    for (from, to, code, key, on_line) in cases {
        assert_eq!(GOOD.matches(from).count(), 1, "{from} stands once in the manifest");
        let text = GOOD.replace(from, to);
        let faults = all(&text, POLICY, false);
        let found = faults.iter().find(|fault| (fault.code, fault.key.as_str()) == (*code, *key));
        let found = found.unwrap_or_else(|| panic!("{to}: {code:?} at {key} is not among {faults:#?}"));
        assert_eq!(found.line, line_of(&text, on_line), "{to}: {found:?}");
        assert!(!found.message.is_empty());
    }
}

#[test]
fn faults_that_need_more_than_a_word() {
    // E4: a direct identifier that is kept, under a claim of anonymity.
    let text = GOOD
        .replace("kind = \"de_identified\" # claim", "kind = \"anonymized\" # claim")
        .replace("role = \"quasi_identifier\" # age", "role = \"direct_identifier\" # age")
        .replace("transform = \"synthesized\" # age", "transform = \"kept\" # age");
    let faults = all(&text, "cn-pipl-anon-strict", false);
    assert_eq!(
        faults.iter().map(|it| (it.code, it.key.as_str())).collect::<Vec<_>>(),
        [(Code::E4, "columns.\"age\".transform")]
    );
    // E8: more confidence than the evidence has.
    let mut policy = profiles::policy(POLICY).unwrap();
    policy.override_with("confidence=0.999").unwrap();
    let (manifest, evidence) = (read(GOOD).unwrap(), evidence());
    let as_of = parse("2026-11-27").unwrap();
    let against = Measured { as_of, evidence: Some(&evidence), policy: Some(&policy), route: None, working: false };
    assert_eq!(check(&manifest, &against).iter().map(|fault| fault.code).collect::<Vec<_>>(), [Code::E8]);
    // E15: working papers with a number.
    let text = GOOD.replace("route = \"scc\"", "route = \"scc\"\nnumber = \"2026-17\"");
    assert_eq!(all(&text, POLICY, false), []);
    assert_eq!(
        all(&text, POLICY, true).iter().map(|it| (it.code, it.key.as_str())).collect::<Vec<_>>(),
        [(Code::E15, "filing.number")]
    );
    // A text of 2,000 characters is taken, a longer one is not.
    let of = |length: usize| GOOD.replace("产品改进", &"改".repeat(length));
    assert_eq!(all(&of(1000), POLICY, false), []);
    assert!(all(&of(2001), POLICY, false).iter().any(|fault| fault.code == Code::E1));
}

#[test]
fn the_manifest_and_the_configuration_of_the_tests_must_agree() {
    use crate::evidence::{GradeName, QuasiIdentifiers, SharingName};
    let manifest = read(GOOD).unwrap();
    let found = |change: &dyn Fn(&mut Evidence)| {
        let mut evidence = evidence();
        change(&mut evidence);
        let as_of = parse("2026-11-27").unwrap();
        let against = Measured { as_of, evidence: Some(&evidence), policy: None, route: None, working: false };
        check(&manifest, &against).into_iter().map(|it| (it.code, it.key, it.line)).collect::<Vec<_>>()
    };
    let same = |evidence: &mut Evidence| {
        let context = &mut evidence.settings.context;
        context.model = Some(SharingName::Controlled);
        (context.p, context.m, context.breach_rate) = (Some(0.001), Some(150), Some(0.01));
        (context.controls, context.motive_capacity) = (Some(GradeName::High), Some(GradeName::Low));
    };
    assert_eq!(found(&same), []);
    let one = |code: Code, key: &str, on_line: &str| vec![(code, key.to_owned(), line_of(GOOD, on_line))];
    let model = found(&|it| it.settings.context.model = Some(SharingName::Public));
    assert_eq!(model, one(Code::E13, "release.model", "model = "));
    assert_eq!(found(&|it| it.settings.context.p = Some(0.002)), one(Code::E13, "context.p", "p = {"));
    assert_eq!(found(&|it| it.settings.context.m = Some(151)), one(Code::E13, "context.m", "m = {"));
    let rate = found(&|it| it.settings.context.breach_rate = Some(0.5));
    assert_eq!(rate, one(Code::E13, "context.breach_rate", "breach_rate = {"));
    let grades = found(&|it| {
        let context = &mut it.settings.context;
        (context.controls, context.motive_capacity) = (Some(GradeName::Low), Some(GradeName::Low));
    });
    assert_eq!(grades, one(Code::E13, "recipients[1].controls", "controls = "));
    // Classes were counted on other columns than the manifest's quasi-identifiers.
    let quasi = found(&|it| {
        let all = it.inputs.columns.iter().map(|column| column.name.clone());
        let columns = all.filter(|name| name != "age").collect();
        it.settings.quasi_identifiers =
            Some(QuasiIdentifiers { columns, chosen: "configured".to_owned(), ..QuasiIdentifiers::default() });
    });
    let keys: Vec<&str> = quasi.iter().map(|(_, key, _)| key.as_str()).collect();
    assert_eq!(keys, ["columns.\"age\".role", "columns.\"diagnosis\".role"], "{quasi:?}");
    assert!(quasi.iter().all(|(code, _, line)| *code == Code::E4 && *line > 1));
}

#[test]
fn all_faults_are_listed_at_once_in_the_order_of_lines() {
    let text = GOOD
        .replace("country = \"DE\"", "country = \"UK\"")
        .replace("sector = \"general\"", "sector = \"toys\"")
        .replace("since = 2026-01-01", "since = 2026-01-02")
        .replace("uscc = \"91350100M000100Y43\"", "uscc = \"1\"")
        .replace("version = 1", "version = 1\nvolume = 3")
        .replace("[columns.\"age\"]", "[columns.\"agee\"]");
    let faults = all(&text, POLICY, false);
    let codes: Vec<Code> = faults.iter().map(|fault| fault.code).collect();
    for code in [Code::E1, Code::E2, Code::E3, Code::E5, Code::E6, Code::E11] {
        assert!(codes.contains(&code), "{codes:?}");
    }
    assert!(faults.len() >= 5);
    assert!(faults.is_sorted_by_key(|fault| fault.line));
    assert!(faults[0].shown("m.toml").starts_with("m.toml, line "));
}

#[test]
fn a_nearby_name_is_proposed_and_no_value_is_repeated() {
    let text = GOOD.replace("[columns.\"age\"]", "[columns.\"agee\"]");
    let faults = all(&text, POLICY, false);
    let fault = faults.iter().find(|fault| (fault.code, fault.key.as_str()) == (Code::E3, "columns.\"agee\"")).unwrap();
    assert!(fault.message.contains("did you mean `age`?"), "{}", fault.message);
    let text = GOOD.replace("产品改进", "身份证11010519491231002X");
    let faults = all(&text, POLICY, false);
    assert!(faults.iter().any(|fault| fault.code == Code::E16));
    assert!(!format!("{faults:?}").contains("11010519491231002X"));
}

#[test]
fn what_is_no_toml_is_said_with_its_lines() {
    let faults = read("schema = \"reident/manifest/v1\"\n[report\nid = 3 4\n").unwrap_err();
    assert!(faults.iter().all(|fault| fault.code == Code::E1 && fault.line >= 2), "{faults:?}");
    assert!(read("").unwrap_err().len() > 20, "everything is missing");
}

#[test]
fn a_route_needs_fewer_facts() {
    let mut text = String::new();
    let mut part = "";
    for line in GOOD.lines() {
        if line.starts_with('[') {
            part = line;
        }
        let route = [
            "[filer]",
            "[processing]",
            "[claim]",
            "[[recipients]]",
            "[volume]",
            "[important_data]",
            "[exemption]",
            "[filing]",
        ];
        if part.is_empty() || route.contains(&part) {
            text.push_str(line);
            text.push('\n');
        }
    }
    Manifest::read(&text, Purpose::Route, rules()).unwrap();
    assert!(read(&text).is_err());
}

#[test]
fn the_template_knows_every_key_and_is_refused_until_filled_in() {
    let text = template(&evidence(), rules());
    let faults = read(&text).unwrap_err();
    assert!(faults.iter().all(|fault| !fault.message.contains("is no key")), "{faults:#?}");
    // With every example uncommented there is still no unknown key and no wrong type.
    let uncommented: String = text
        .lines()
        .map(|line| {
            let line = match line.strip_prefix("# ") {
                Some(rest) if rest.starts_with('[') || rest.split(' ').nth(1) == Some("=") => rest,
                _ => line,
            };
            format!("{line}\n")
        })
        .collect();
    let faults = read(&uncommented).unwrap_err();
    for fault in &faults {
        assert!(!fault.message.contains("is no key") && !fault.message.contains("not TOML"), "{fault:?}");
        assert!(!fault.message.contains("must be a"), "{fault:?}");
    }
}
