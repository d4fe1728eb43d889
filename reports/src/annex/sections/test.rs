//! The composed annex: its sections, what it says of what was not tested, and what it must not hold.

use super::*;
use crate::annex::assess::{Input, Signature, assess};
use crate::annex::calendar::parse;
use crate::annex::document::Block;
use crate::annex::manifest::{Manifest, Purpose, Word};
use crate::annex::rules::Rules;
use crate::annex::{json, manifest, markdown};
use crate::check::{Policy, profiles};
use crate::digest::Digests;
use crate::evidence::Evidence;

const MANIFEST: &str = include_str!("../../../tests/fixture/manifest.toml");

struct Given {
    manifest: Manifest,
    evidence: Evidence,
    policy: Policy,
    digests: Digests,
    signature: Option<Signature>,
    working: bool,
}

fn given() -> Given {
    let text = include_str!("../../../../tests/golden/evidence.json");
    Given {
        manifest: Manifest::read(MANIFEST, Purpose::Write, Rules::newest()).unwrap(),
        evidence: crate::json::read(text).unwrap(),
        policy: profiles::policy("cn-gbt42460-controlled").unwrap(),
        digests: Digests::of(text.as_bytes()),
        signature: None,
        working: false,
    }
}

fn composed(given: &Given, language: Language) -> Document {
    let input = Input {
        manifest: &given.manifest,
        evidence: &given.evidence,
        digests: &given.digests,
        policy: &given.policy,
        rules: Rules::newest(),
        as_of: parse("2026-11-27").unwrap(),
        signature: given.signature.as_ref(),
        earlier: None,
        working: given.working,
    };
    document(&assess(input).unwrap(), language)
}

/// Every text of blocks, headings included.
fn texts(blocks: &[Block]) -> Vec<String> {
    let words = |text: &Text| text.pieces.iter().map(|piece| piece.text.as_str()).collect::<String>();
    blocks
        .iter()
        .flat_map(|block| match block {
            Block::Heading { text, .. } => vec![text.clone()],
            Block::Paragraph { text } | Block::Warning { text } => vec![words(text)],
            Block::Items { items } => items.iter().map(words).collect(),
            Block::Table(table) => {
                let heads = table.columns.iter().map(|column| column.name.clone());
                heads.chain(table.rows.iter().flatten().map(words)).chain([table.title.clone()]).collect()
            }
            Block::Code { lines } => lines.clone(),
        })
        .collect()
}

fn of(document: &Document, id: SectionId) -> String {
    let section = document.sections.iter().find(|section| section.id == id).unwrap();
    texts(&section.blocks).join("\n")
}

#[test]
fn the_sections_are_those_of_the_specification_and_none_is_empty() {
    let document = composed(&given(), Language::Chinese);
    let titles: Vec<String> = document.sections.iter().map(|it| format!("{}{}", it.number, it.title)).collect();
    assert_eq!(titles.len(), 16);
    assert_eq!(titles[0], "一、结论摘要");
    assert_eq!(titles[15], "十六、条款对照表");
    for section in &document.sections {
        assert!(texts(&section.blocks).iter().any(|text| !text.is_empty()), "{}", section.title);
        // A heading is followed by something that stands under it.
        for pair in section.blocks.windows(2) {
            if let [Block::Heading { level, text, .. }, Block::Heading { level: next, .. }] = pair {
                assert!(next > level, "nothing stands under {text}");
            }
        }
        assert!(!matches!(section.blocks.last(), Some(Block::Heading { .. })), "{}", section.title);
        for block in &section.blocks {
            if let Block::Table(table) = block {
                assert!(!table.rows.is_empty(), "an empty table in {}", section.title);
            }
        }
    }
}

#[test]
fn what_was_not_tested_is_said_and_is_no_pass() {
    let mut nothing = given();
    nothing.evidence.measures.clear();
    nothing.evidence.findings.clear();
    let document = composed(&nothing, Language::Chinese);
    for id in [SectionId::Identifiers, SectionId::Risk, SectionId::Reversibility, SectionId::Attacks] {
        assert!(of(&document, id).contains("本次未检验"), "{id:?}");
    }
    let conclusion = of(&document, SectionId::Conclusion);
    assert!(conclusion.contains("本次未检验的内容"), "{conclusion}");
    assert!(conclusion.contains("C3") || conclusion.contains("C4"));
    assert!(!conclusion.contains("相符。"), "no pass without the missing parts");
    assert!(document.stamps.contains(&"未签名，不得作为认证证据提交".to_owned()));
    assert_eq!(document.creator, "星河示例科技有限公司");
}

#[test]
fn classes_findings_and_record_linkage_stand_in_their_sections() {
    use crate::evidence::{Finding, QuasiIdentifiers};
    let mut full = given();
    let evidence = &mut full.evidence;
    let quasi = full.manifest.columns.iter().filter(|column| column.role == Some(manifest::Role::QuasiIdentifier));
    evidence.settings.quasi_identifiers = Some(QuasiIdentifiers {
        columns: quasi.map(|column| column.name.clone()).collect(),
        chosen: "configured".to_owned(),
        ..QuasiIdentifiers::default()
    });
    let of_column = |kind: &str, how: &str, needs: &str, rows: u64| Finding {
        kind: kind.to_owned(),
        column: Some("age".to_owned()),
        of: Some("visits".to_owned()),
        rows: Some(rows),
        among: Some(300),
        how: how.to_owned(),
        needs: Some(needs.to_owned()),
    };
    evidence.findings = vec![
        of_column("direct_identifier", "resident_id", "reading_it", 3),
        of_column("restorable_column", "md5", "enumeration_e8", 200),
    ];
    let document = composed(&full, Language::Chinese);
    let identifiers = of(&document, SectionId::Identifiers);
    assert!(identifiers.contains("居民身份证号码") && identifiers.contains("格式与校验码"), "{identifiers}");
    assert!(identifiers.contains("<5 行") && !identifiers.contains(" 3 行"), "small counts are masked: {identifiers}");
    assert!(identifiers.contains("1 级"), "{identifiers}");
    let reversibility = of(&document, SectionId::Reversibility);
    for said in ["MD5", "10^8", "数秒", "映射表", "200"] {
        assert!(reversibility.contains(said), "{said}: {reversibility}");
    }
    let risk = of(&document, SectionId::Risk);
    for said in ["等价类规模分布", "R_a", "R_b", "R_c", "按记录计的均值", "l-多样性", "据二手资料：飞利浦公司"]
    {
        assert!(risk.contains(said), "{said}: {risk}");
    }
    assert_eq!(document.sections[0].id, SectionId::Conclusion);
    let conclusion = of(&document, SectionId::Conclusion);
    assert!(
        conclusion.contains("C3 ") && conclusion.contains("直接标识符") && conclusion.contains("可复原"),
        "{conclusion}"
    );
    // Counts of record linkage, where it was played.
    let attacks = of(&document, SectionId::Attacks);
    let played = full.evidence.attacks.iter().any(|it| it.attack == crate::evidence::AttackKind::RecordLinkage);
    assert_eq!(attacks.contains("记录关联的指认结果"), played, "{attacks}");
}

#[test]
fn a_signature_is_shown_with_its_key() {
    let signers = vec!["ab".repeat(32)];
    let signature = Some(Signature { signers: signers.clone(), signed_on: None, commitments: None, audit_log: None });
    let document = composed(&Given { signature, ..given() }, Language::Chinese);
    assert!(document.stamps.is_empty());
    assert!(texts(&document.cover).join("\n").contains(&signers[0]));
    assert!(of(&document, SectionId::Integrity).contains(&signers[0]));
}

#[test]
fn working_papers_are_stamped_and_a_translation_too() {
    let document = composed(&Given { working: true, ..given() }, Language::Chinese);
    assert_eq!(document.stamps[0], "内部工作底稿 不得提交");
    let document = composed(&given(), Language::English);
    assert_eq!(document.stamps[0], "Translation, not the text that is filed");
    let mut numbered = given();
    numbered.manifest.filing.number = "2026-17".to_owned();
    let input = Input {
        manifest: &numbered.manifest,
        evidence: &numbered.evidence,
        digests: &numbered.digests,
        policy: &numbered.policy,
        rules: Rules::newest(),
        as_of: parse("2026-11-27").unwrap(),
        signature: None,
        earlier: None,
        working: true,
    };
    assert_eq!(assess(input).unwrap_err()[0].code, manifest::Code::E15);
}

#[test]
fn overrides_stand_in_red_with_the_policys_own_value() {
    let mut loosened = given();
    loosened.policy.override_with("limits.inference.max_risk=0.9").unwrap();
    let document = composed(&loosened, Language::Chinese);
    let conclusion = &document.sections[0];
    let red = conclusion.blocks.iter().any(|block| match block {
        Block::Warning { text } => text.pieces.iter().any(|piece| {
            piece.text.contains("limits.inference.max_risk")
                && piece.text.contains("0.05")
                && piece.text.contains("0.9")
        }),
        _ => false,
    });
    assert!(red, "{:?}", texts(&conclusion.blocks));
}

#[test]
fn persons_stand_only_where_they_belong() {
    let mut marked = given();
    let manifest = &mut marked.manifest;
    manifest.approval.0[0].as_mut().unwrap().name = "标记甲".to_owned();
    manifest.assessment.team[0].name = "标记乙".to_owned();
    manifest.secrets.attested_by = "标记丙".to_owned();
    manifest.treatment[0].owner = "标记丁".to_owned();
    manifest.filer.address = "标记戊".to_owned();
    let document = composed(&marked, Language::Chinese);
    let cover = texts(&document.cover).join("\n");
    let places: &[(&str, Option<SectionId>)] = &[
        ("标记甲", None),
        ("标记乙", Some(SectionId::Work)),
        ("标记丙", Some(SectionId::Measures)),
        ("标记丁", Some(SectionId::Remaining)),
        ("标记戊", None),
    ];
    for (marker, place) in places {
        assert_eq!(cover.contains(marker), place.is_none(), "{marker} on the cover");
        for section in &document.sections {
            let found = texts(&section.blocks).join("\n").contains(marker);
            assert_eq!(found, Some(section.id) == *place, "{marker} in {}", section.title);
        }
    }
    assert!(!document.reference.contains("标记") && document.creator == "星河示例科技有限公司");
}

#[test]
fn no_latin_sentence_stands_in_a_chinese_annex_of_a_shipped_policy() {
    for (name, _) in profiles::PROFILES {
        let mut given = Given { policy: profiles::policy(name).unwrap(), ..given() };
        if given.policy.claim == crate::check::policy::Claim::Anonymized {
            given.manifest.claim.kind = Some(manifest::Claimed::Anonymized);
        }
        let document = composed(&given, Language::Chinese);
        let all =
            document.sections.iter().flat_map(|it| &it.blocks).chain(&document.cover).cloned().collect::<Vec<_>>();
        let blocks: Vec<Block> = all.into_iter().filter(|block| !matches!(block, Block::Code { .. })).collect();
        for text in texts(&blocks) {
            let words: Vec<&str> = text.split([' ', '\n']).collect();
            let latin = |word: &&str| word.len() > 2 && word.chars().all(|letter| letter.is_ascii_lowercase());
            let sentence = words.windows(3).find(|three| three.iter().all(latin));
            assert_eq!(sentence, None, "{name}: {text}");
        }
    }
}

#[test]
fn strange_texts_of_the_filer_are_written_as_they_stand() {
    let mut strange = given();
    let long = "甲".repeat(2000);
    strange.manifest.processing.purpose = "<w:p>&amp;\"'𠀀𪚥 | * _ `".to_owned();
    strange.manifest.recipients[0].name = long.clone();
    let document = composed(&strange, Language::Chinese);
    let processing = of(&document, SectionId::Processing);
    assert!(processing.contains("<w:p>&amp;\"'𠀀𪚥 | * _ `") && processing.contains(&long));
    let file = crate::annex::docx::render(&document);
    let raw = b"<w:p>&amp;\"'";
    assert!(!file.windows(raw.len()).any(|window| window == raw), "written as markup");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for language in Language::ALL {
        let [one, other] = [composed(&given(), language), composed(&given(), language)];
        assert_eq!(markdown::render(&one), markdown::render(&other));
        assert_eq!(json::render(&one), json::render(&other));
        assert_eq!(crate::annex::docx::render(&one), crate::annex::docx::render(&other));
    }
}

#[test]
fn every_word_of_a_manifest_has_a_label() {
    fn labelled<T: Word>() {
        for language in Language::ALL {
            for (value, word) in T::ALL {
                let key = value.key();
                assert!(Messages::of(language).has(&key), "{key}");
                assert_eq!(T::read(word).map(|it| it == *value), Some(true));
            }
        }
    }
    use crate::annex::manifest as m;
    labelled::<m::YesNo>();
    labelled::<m::SeparateConsent>();
    labelled::<m::Sector>();
    labelled::<m::TeamRole>();
    labelled::<m::Basis>();
    labelled::<m::Model>();
    labelled::<m::ReleaseKind>();
    labelled::<m::Relation>();
    labelled::<m::Claimed>();
    labelled::<m::Perspective>();
    labelled::<m::Onward>();
    labelled::<m::Controls>();
    labelled::<m::Motive>();
    labelled::<m::ImportantData>();
    labelled::<m::Exemption>();
    labelled::<m::FilingRoute>();
    labelled::<m::Group>();
    labelled::<m::Taxonomy>();
    labelled::<m::Role>();
    labelled::<m::SensitiveClass>();
    labelled::<m::Transform>();
    labelled::<m::Secret>();
    labelled::<m::Impact>();
    labelled::<m::Likelihood>();
    labelled::<m::AdjustRule>();
    let texts = Messages::of(Language::Chinese);
    for row in crate::annex::route::Row::ALL {
        assert!(texts.has(&format!("annex.route_row.{}", row.id())));
    }
    for trigger in crate::annex::triggers::Trigger::ALL {
        assert!(texts.has(&trigger.when()) && texts.has(&trigger.action()));
    }
    for aspect in m::IMPACTS.iter().chain(&m::LIKELIHOODS) {
        assert!(texts.has(&format!("annex.aspect.{aspect}")));
    }
    for agreement in m::AGREEMENT {
        assert!(texts.has(&format!("annex.word.agreement.{agreement}")));
    }
}
