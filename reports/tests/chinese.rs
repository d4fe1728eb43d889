//! A Chinese report of a shipped policy is Chinese, claims what the policy claims, and says what was not checked.

mod support;

use reident_reports::check::{Policy, check, profiles};
use reident_reports::html::{self, ReportOptions, Verdicts};
use reident_reports::message::Language;
use support::*;

fn summary(policy: &Policy) -> String {
    let evidence = evidence(&planted(1, 0, 4000, 0.0, true), &plan(1, LINKABILITY, None));
    let options = ReportOptions {
        language: Language::Chinese,
        check: Some(Verdicts::of(&check(&evidence, policy))),
        ..ReportOptions::default()
    };
    let page = html::render(&evidence, &options);
    let cards = page.find("<section aria-labelledby=\"risks\"").unwrap();
    let end = page[cards..].find("<figure").unwrap();
    page[page.find("<section class=\"verdict").unwrap()..cards + end].to_owned()
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
            let text = text(&summary(&policy));
            // Three Latin words in a row are a sentence; names of policies, keys and standards are not.
            let words: Vec<&str> = text.split_whitespace().collect();
            let latin = |word: &&str| word.len() > 2 && word.chars().all(|letter| letter.is_ascii_lowercase());
            let sentence = words.windows(3).find(|three| three.iter().all(latin));
            assert_eq!(sentence, None, "{name}");
        }
    }
}

#[test]
fn a_pass_claims_what_the_policy_claims_and_says_what_was_not_checked() {
    let mut policy = profiles::policy("cn-gbt42460-enclave").unwrap();
    policy.limits.retain(|attack, _| *attack == reident_reports::evidence::AttackKind::Linkability);
    let page = summary(&policy);
    for said in
        ["处理后的数据仍属个人信息", "攻击测试通过", "下列要求未检验", "等价类", "section class=\"verdict pass\""]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    // Loosened limits stand in the box, which is not that of a pass.
    policy.override_with("limits.linkability.max_risk=0.9").unwrap();
    let page = summary(&policy);
    assert!(page.contains("判定阈值已被放宽：limits.linkability.max_risk: 0.1 → 0.9"), "{page}");
    assert!(!page.contains("class=\"verdict pass\"") && !page.contains("class=\"card pass\""), "{page}");
}
