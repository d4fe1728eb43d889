//! No cell of any table reaches a report, and no text of the evidence becomes markup.

#[path = "fixture/mod.rs"]
mod fixture;

use fixture::{Clinic, ENGLISH};
use reident_reports::evidence::{AttackKind, Evidence};
use reident_reports::html::{self, Claim, LimitVerdict, ReportOptions, SourceStatus, Verdict, Verdicts};
use reident_reports::message::Language;
use reident_reports::{json, markdown};

const MARKERS: [(&str, f64); 3] =
    [("ZQX-original", 7_654_321.125), ("ZQX-release", 8_765_432.125), ("ZQX-control", 9_876_543.125)];

fn clinic(control: bool) -> Clinic {
    Clinic { persons: 300, copied: 0.2, control, names: ENGLISH, markers: Some(MARKERS) }
}

fn failing() -> Verdicts {
    let limit = |attack| LimitVerdict {
        attack,
        limit: 0.01,
        overridden: None,
        verdict: Verdict::Fail,
        source: "<b>own|rule</b>".to_owned(),
        source_zh: String::new(),
        source_status: SourceStatus::OrganizationSet,
        further_targets: None,
    };
    let limits = [AttackKind::SinglingOut, AttackKind::Linkability, AttackKind::Inference].map(limit).to_vec();
    Verdicts {
        policy: "strict".to_owned(),
        version: 1,
        title: String::new(),
        title_zh: String::new(),
        digest: String::new(),
        claim: Claim::None,
        loosened: Vec::new(),
        rules: Vec::new(),
        found: Vec::new(),
        doubts: Vec::new(),
        overall: Verdict::Fail,
        limits,
    }
}

/// Every document that can be made from an evidence file.
fn documents(evidence: &Evidence) -> Vec<String> {
    let mut documents = vec![json::write(evidence)];
    for language in Language::ALL {
        for check in [None, Some(failing())] {
            for include_sensitive in [false, true] {
                let check = check.clone();
                let options = ReportOptions { language, check, include_sensitive, ..ReportOptions::default() };
                documents.push(html::render(evidence, &options));
                documents.push(markdown::render(evidence, &options));
            }
        }
    }
    documents
}

#[test]
fn no_cell_of_any_table_is_told() {
    for control in [true, false] {
        let evidence = clinic(control).evidence().expect("the clinic can be attacked");
        for document in documents(&evidence) {
            for (text, number) in MARKERS {
                assert!(!document.contains(text), "{text} is told");
                let whole = number.trunc().to_string();
                assert!(!document.replace(',', "").contains(&whole), "{whole} is told");
            }
            assert!(!document.contains("ZQX") && !document.contains("HIV") && !document.contains("epilepsy"));
        }
    }
}

#[test]
fn names_of_columns_do_not_become_markup() {
    let mut names = ENGLISH;
    names[5] = "<img src=x onerror=alert(1)>|\"'&{n}</style>";
    let evidence = Clinic { names, ..clinic(true) }.evidence().expect("the clinic can be attacked");
    let options = ReportOptions { check: Some(failing()), ..ReportOptions::default() };
    let page = html::render(&evidence, &options);
    assert!(!page.contains("<img") && !page.contains("<b>own"));
    assert_eq!(page.matches("</style>").count(), 1);
    let summary = markdown::render(&evidence, &options);
    assert!(!summary.contains("<img") && !summary.contains("<b>") && summary.contains("own\\|rule"));
    let columns = |line: &str| line.replace("\\|", "").matches('|').count();
    let lines: Vec<&str> = summary.lines().collect();
    for pair in lines.windows(2).filter(|pair| pair.iter().all(|line| line.starts_with('|'))) {
        assert_eq!(columns(pair[0]), columns(pair[1]), "{pair:?}");
    }
}

#[test]
fn small_counts_are_told_only_on_request() {
    // Half a percent of 300 is one person: hits on the control are few.
    let evidence = Clinic { copied: 0.01, ..clinic(true) }.evidence().expect("the clinic can be attacked");
    let rates = evidence.attacks.iter().flat_map(|attack| [&attack.main, &attack.control, &attack.baseline]);
    let few = rates.flatten().any(|rate| [1.0, 2.0, 3.0, 4.0].contains(&rate.successes.value()));
    assert!(few, "the fixture must have a small count");
    let shown = html::render(&evidence, &ReportOptions::default());
    assert!(shown.contains("&lt;5 of ") || shown.contains("&#60;5 of "));
    for hits in 1..5 {
        let told =
            shown.split(&format!("({hits} of ")).skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        assert!(!told, "{hits} is told");
    }
    let stamp = "Confidential: contains exact small counts";
    assert!(!shown.contains(stamp));
    let sensitive = html::render(&evidence, &ReportOptions { include_sensitive: true, ..ReportOptions::default() });
    assert!(sensitive.matches(stamp).count() >= 3, "on the page, at its end and in the margin of every printed page");
}

#[test]
fn every_link_inside_the_page_leads_somewhere() {
    let evidence = clinic(true).evidence().expect("the clinic can be attacked");
    for language in Language::ALL {
        let page = html::render(&evidence, &ReportOptions { language, ..ReportOptions::default() });
        let ids: Vec<&str> = attribute(&page, " id=\"");
        for link in attribute(&page, "href=\"#") {
            assert!(ids.contains(&link), "nothing is called {link}");
        }
        let mut unique = ids.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), ids.len(), "ids are unique");
    }
}

fn attribute<'a>(page: &'a str, start: &str) -> Vec<&'a str> {
    page.split(start).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}
