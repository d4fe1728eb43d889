//! Writes sample reports of a fictional clinic: `cargo run -p reident-reports --example sample_report -- OUT_DIR`.

#[path = "../tests/fixture/mod.rs"]
mod fixture;

use fixture::{CHINESE, Clinic, ENGLISH};
use reident_reports::evidence::{AttackKind, Context, Evidence};
use reident_reports::html::{
    self, Claim, LimitVerdict, ReportOptions, RuleOutcome, RuleVerdict, SourceStatus, Verdict, Verdicts,
};
use reident_reports::markdown;
use reident_reports::message::Language;
use std::error::Error;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(std::env::args_os().nth(1).ok_or("usage: sample_report OUT_DIR")?);
    std::fs::create_dir_all(&out)?;
    for language in Language::ALL {
        let names = if language == Language::Chinese { CHINESE } else { ENGLISH };
        let clinic = Clinic { persons: 2000, copied: 0.2, control: true, names, markers: None };
        let mut evidence = clinic.evidence()?;
        evidence.settings.context = context(language);
        let judged = ReportOptions { language, check: Some(verdicts(&evidence)), ..ReportOptions::default() };
        let sensitive = ReportOptions { include_sensitive: true, ..judged.clone() };
        let described = ReportOptions { language, ..ReportOptions::default() };
        let (mut whole, advice) = clinic.whole()?;
        whole.settings.context = context(language);
        let advised = ReportOptions { advice: Some(advice), check: Some(verdicts(&whole)), ..judged.clone() };
        let small = Clinic { persons: 300, copied: 0.01, control: false, ..clinic }.evidence()?;
        let code = language.code();
        let write = |name: &str, text: String| std::fs::write(out.join(name), text);
        write(&format!("report.{code}.html"), html::render(&evidence, &judged))?;
        write(&format!("report.{code}.md"), markdown::render(&evidence, &judged))?;
        write(&format!("sensitive.{code}.html"), html::render(&evidence, &sensitive))?;
        write(&format!("whole.{code}.html"), html::render(&whole, &advised))?;
        write(&format!("no-control.{code}.html"), html::render(&small, &described))?;
    }
    Ok(())
}

/// What the fictional clinic states of its release; when it is shared, it does not say.
fn context(language: Language) -> Context {
    let texts = match language {
        Language::English => {
            ["Patients of a fictional clinic", "Health statistics", "University (fictional)", "by contract"]
        }
        Language::Chinese => ["虚构诊所患者数据", "卫生统计", "某大学（虚构）", "签订协议后向特定接收方提供"],
    };
    let [dataset, purpose, recipient, sharing] = texts.map(|text| Some(text.to_owned()));
    Context { dataset, purpose, recipient, sharing, ..Context::default() }
}

/// A policy of the sample's own; the real ones are another module's.
fn verdicts(evidence: &Evidence) -> Verdicts {
    let limits = [(AttackKind::SinglingOut, 0.25), (AttackKind::Linkability, 0.05), (AttackKind::Inference, 0.09)];
    let limits = limits.map(|(attack, limit)| {
        let interval = evidence.headline.get(&attack).and_then(|headline| headline.interval);
        let verdict = match interval {
            Some([_, upper]) if upper < limit => Verdict::Pass,
            Some([lower, _]) if lower >= limit => Verdict::Fail,
            _ => Verdict::Inconclusive,
        };
        LimitVerdict {
            attack,
            limit,
            overridden: (attack == AttackKind::SinglingOut).then_some(0.05),
            verdict,
            source: "sample policy, by analogy to EMA Policy 0070".to_owned(),
            source_zh: "示例策略，类推自欧洲药品管理局 0070 号政策".to_owned(),
            source_status: SourceStatus::OrganizationSet,
            further_targets: None,
        }
    });
    let any = |verdict| limits.iter().any(|limit| limit.verdict == verdict);
    let overall = match (any(Verdict::Fail), any(Verdict::Inconclusive)) {
        (true, _) => Verdict::Fail,
        (false, true) => Verdict::Inconclusive,
        (false, false) => Verdict::Pass,
    };
    Verdicts {
        policy: "sample".to_owned(),
        version: 1,
        title: "Sample policy".to_owned(),
        title_zh: "示例策略".to_owned(),
        digest: String::new(),
        claim: Claim::None,
        loosened: vec!["limits.singling_out.max_risk: 0.05 → 0.25".to_owned()],
        rules: vec![
            RuleVerdict {
                text: "Every equivalence class has at least 5 records.".to_owned(),
                text_zh: "每个等价类至少 5 条记录。".to_owned(),
                outcome: RuleOutcome::NotChecked,
                source: Some((["sample policy".to_owned(), "示例策略".to_owned()], SourceStatus::OrganizationSet)),
            },
            RuleVerdict {
                text: "The release is approved by the management.".to_owned(),
                text_zh: "提供前经管理层批准。".to_owned(),
                outcome: RuleOutcome::NotChecked,
                source: None,
            },
        ],
        found: Vec::new(),
        doubts: Vec::new(),
        overall,
        limits: limits.to_vec(),
    }
}
