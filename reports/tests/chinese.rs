//! A Chinese report of a shipped policy is Chinese, claims what the policy claims, and says what was not checked.

mod support;

use reident_reports::check::format::Format;
use reident_reports::check::{Policy, check, check_in, check_with_baseline, profiles};
use reident_reports::evidence::{Evidence, Finding, Warning};
use reident_reports::html::{self, ReportOptions, Verdicts};
use reident_reports::markdown;
use reident_reports::message::Language;
use support::*;

fn page(policy: &Policy) -> String {
    let evidence = evidence(&planted(1, 0, 4000, 0.0, true), &plan(1, LINKABILITY, None));
    let options = ReportOptions {
        language: Language::Chinese,
        check: Some(Verdicts::of(&check(&evidence, policy))),
        ..ReportOptions::default()
    };
    html::render(&evidence, &options)
}

/// From the top to the plots.
fn first_screen(policy: &Policy) -> String {
    let page = page(policy);
    page[page.find("<header>").unwrap()..page.find("<nav").unwrap()].to_owned()
}

/// Text of a page's part: what stands between tags.
fn text(part: &str) -> String {
    part.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text)).collect::<Vec<_>>().join("\n")
}

#[test]
fn no_latin_sentence_stands_in_a_chinese_report_of_a_shipped_policy() {
    for (name, _) in profiles::PROFILES {
        let mut policy = profiles::policy(name).unwrap();
        policy.override_with("limits.linkability.max_risk=0.3").unwrap();
        for policy in [profiles::policy(name).unwrap(), policy] {
            let page = page(&policy);
            // Neither the style nor the command to run it again is a text.
            let (before, command) = page.split_once("<pre").unwrap();
            let after = command.split_once("</pre>").unwrap().1;
            let text = text(&before[before.find("<body").unwrap()..]) + &text(after);
            // Three Latin words in a row are a sentence; names of policies, keys and standards are not.
            let words: Vec<&str> = text.split_whitespace().collect();
            let latin = |word: &&str| word.len() > 2 && word.chars().all(|letter| letter.is_ascii_lowercase());
            let sentence = words.windows(3).find(|three| three.iter().all(latin));
            assert_eq!(sentence, None, "{name}");
        }
    }
}

/// Evidence with every attack and the figures of classes, and with a remark and a finding of every code that has words.
fn everything() -> Evidence {
    let mut evidence = reident_reports::json::read(include_str!("../../tests/golden/evidence.json")).unwrap();
    let messages: toml::Table = include_str!("../messages/zh.toml").parse().unwrap();
    let codes = |table: &toml::Value| table.as_table().unwrap().keys().cloned().collect::<Vec<String>>();
    let finding = &messages["finding"];
    let (ways, needs) = (codes(&finding["how"]), codes(&finding["needs"]));
    let ways: Vec<String> = ways.into_iter().chain(codes(&finding["identifier"]["kind"])).collect();
    let kinds = codes(finding).into_iter().filter(|kind| !["how", "needs", "identifier"].contains(&kind.as_str()));
    evidence.findings = kinds
        .flat_map(|kind| ways.iter().zip(needs.iter().cycle()).map(move |(how, needs)| (kind.clone(), how, needs)))
        .map(|(kind, how, needs)| Finding {
            kind,
            column: Some("visits".to_owned()),
            of: Some("age".to_owned()),
            rows: Some(12),
            among: Some(40),
            how: how.clone(),
            needs: Some(if needs == "enumeration" { "enumeration_e12".to_owned() } else { needs.clone() }),
        })
        .collect();
    let sentence = "A sentence of the evidence that stands in English.";
    let of = |code: String| Warning { code, column: None, message: sentence.to_owned() };
    evidence.warnings = codes(&messages["warning"]).into_iter().map(of).collect();
    evidence.warnings.push(of("a_code_of_another_version".to_owned()));
    evidence
}

/// Three Latin words in a row, if there are.
fn latin_sentence(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let latin = |word: &&str| word.len() > 2 && word.chars().all(|letter| letter.is_ascii_lowercase());
    words.windows(3).find(|three| three.iter().all(latin)).map(|three| three.join(" "))
}

#[test]
fn no_latin_sentence_stands_in_a_chinese_check_of_a_shipped_policy() {
    let (new, old) = (everything(), evidence(&planted(1, 0, 4000, 0.3, true), &plan(1, LINKABILITY, None)));
    let few = evidence(&planted(4, 0, 60, 0.05, true), &plan(1, LINKABILITY, None));
    let nothing = std::collections::BTreeMap::new();
    for (name, _) in profiles::PROFILES {
        let policy = profiles::policy(name).unwrap();
        let mut loosened = policy.clone();
        loosened.override_with("limits.linkability.max_risk=0.9").unwrap();
        let results = [
            check_in(Language::Chinese, &new, &policy),
            check_in(Language::Chinese, &old, &loosened),
            check_in(Language::Chinese, &few, &policy),
            check_with_baseline(Language::Chinese, &new, &policy, &old, &nothing),
            check_with_baseline(Language::Chinese, &old, &policy, &few, &nothing),
        ];
        for result in results {
            // Machines get the policy in both languages.
            for format in Format::ALL.into_iter().filter(|format| *format != Format::Json) {
                let text = format.render(&result, "e.json");
                assert_eq!(latin_sentence(&text), None, "{name} {}", format.name());
            }
        }
    }
}

#[test]
fn every_code_of_evidence_is_told_in_chinese_and_its_english_sentence_is_not() {
    let evidence = everything();
    for (name, _) in profiles::PROFILES {
        let policy = profiles::policy(name).unwrap();
        let check = Some(Verdicts::of(&check(&evidence, &policy)));
        let options = ReportOptions { language: Language::Chinese, check, ..ReportOptions::default() };
        let page = html::render(&evidence, &options);
        let (before, command) = page.split_once("<pre").unwrap();
        let page = text(&before[before.find("<body").unwrap()..]) + &text(command.split_once("</pre>").unwrap().1);
        // Only a remark of another version, which is marked as English, has no words of its own.
        let page = page.replace("A sentence of the evidence that stands in English.", "");
        assert_eq!(latin_sentence(&page), None, "{name}");
        assert!(page.contains("据二手资料：飞利浦公司"), "sources are Chinese");
    }
}

#[test]
fn a_pass_claims_what_the_policy_claims_and_says_what_was_not_checked() {
    let mut policy = profiles::policy("cn-gbt42460-enclave").unwrap();
    policy.limits.retain(|attack, _| *attack == reident_reports::evidence::AttackKind::Linkability);
    let page = first_screen(&policy);
    for said in
        ["处理后的数据仍属个人信息", "攻击测试通过", "判定策略的 5 项其他要求", "section class=\"verdict pass\""]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    // Loosened limits stand in the box, which is not that of a pass.
    policy.override_with("limits.linkability.max_risk=0.9").unwrap();
    let page = first_screen(&policy);
    assert!(page.contains("判定阈值已被放宽：limits.linkability.max_risk: 0.1 → 0.9"), "{page}");
    assert!(!page.contains("class=\"verdict pass\"") && !page.contains("class=\"card pass\""), "{page}");
}

/// Where each text begins; they must follow each other.
fn in_order(page: &str, texts: &[&str]) {
    let places: Vec<usize> =
        texts.iter().map(|text| page.find(text).unwrap_or_else(|| panic!("{text} in {page}"))).collect();
    assert!(places.is_sorted(), "{places:?} of {texts:?}");
}

#[test]
fn the_first_screen_says_what_for_whom_and_what_next_in_this_order() {
    let mut evidence = evidence(&planted(1, 0, 4000, 0.3, true), &plan(1, LINKABILITY, None));
    let policy = profiles::policy("cn-gbt42460-enclave").unwrap();
    let screen = |evidence: &Evidence, language| {
        let check = Some(Verdicts::of(&check(evidence, &policy)));
        let options = ReportOptions { language, check, ..ReportOptions::default() };
        let page = html::render(evidence, &options);
        let markdown = markdown::render(evidence, &options);
        (page[page.find("<header>").unwrap()..page.find("<nav").unwrap()].to_owned(), markdown)
    };
    let nothing = screen(&evidence, Language::Chinese);
    for page in [&nothing.0, &nothing.1] {
        let texts = [
            "本次评估未说明",
            "攻击测试不通过",
            "不符合判定策略《",
            "净增风险：原本不会被关联的人中",
            "未检验：",
            "下一步：",
            "不得按匿名化信息对外提供",
            "SHA-256",
        ];
        in_order(page, &texts);
        // A policy about de-identification does not speak of anonymization, in a failure neither.
        assert!(page.contains("对去标识化效果的判定准则不符"), "{page}");
        assert!(!page.contains("按匿名化信息处理的判定准则"), "{page}");
    }
    let context = &mut evidence.settings.context;
    (context.dataset, context.recipient) = (Some("客户 <b>2026</b>".to_owned()), Some("某公司".to_owned()));
    let stated = screen(&evidence, Language::Chinese);
    for page in [&stated.0, &stated.1] {
        in_order(page, &["客户", "某公司", "未说明：用途、共享方式和提供时间。", "攻击测试不通过"]);
        assert!(!page.contains("<b>2026"), "{page}");
    }
    let english = screen(&evidence, Language::English);
    for page in [&english.0, &english.1] {
        let texts = [
            "Not stated: Purpose, Shared and When.",
            "Attack tests not passed",
            "The release does not meet",
            "residual risk: share of the persons",
            "Not tested:",
            "Next step:",
            "Do not share the release as anonymous",
        ];
        in_order(page, &texts);
    }
}

#[test]
fn every_rule_is_said_to_be_met_or_not_or_not_checked() {
    let policy = profiles::policy("cn-gbt42460-enclave").unwrap();
    let page = page(&policy);
    let table = &page[page.find("id=\"rules\"").unwrap()..];
    let table = &table[..table.find("</section>").unwrap()];
    assert_eq!(table.matches("未检验").count(), 1 + policy.data_rules.len() + policy.requirements.len());
    for text in policy.data_rules.iter().map(|rule| &rule.text_zh).chain(&policy.requirements_zh) {
        assert!(table.contains(text.as_str()), "{text}");
    }
    assert!(table.contains("据二手资料，未核对标准原文"));
}
