//! Deadlines and retention.

use super::calendar::{Date, months_after, months_before, working_days_after, working_days_before};
use super::document::Mark;
use super::manifest::{FilingRoute, Manifest, YesNo};
use super::rules::Rules;
use crate::message::Language;
use serde::Serialize;

/// What a day is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    /// Until when report and records are kept.
    Retention,
    /// Until when they are kept because of a certificate or a result.
    RetentionAfterResult,
    /// The last day on which the assessment is fresh enough to be filed.
    Fresh,
    /// The last day for filing a contract that holds.
    ContractFiling,
    /// The last day for asking for a new certificate.
    CertificateRenewal,
    /// The end of the certificate.
    CertificateEnd,
    /// The last day for asking for an extension of a result.
    ResultRenewal,
    /// The end of the result.
    ResultEnd,
    /// The last day for declaring important data.
    ImportantData,
    /// The next review.
    Review,
}

impl Clock {
    /// All clocks, in the order in which they are shown.
    pub const ALL: [Clock; 10] = [
        Clock::Retention,
        Clock::RetentionAfterResult,
        Clock::Fresh,
        Clock::ContractFiling,
        Clock::CertificateRenewal,
        Clock::CertificateEnd,
        Clock::ResultRenewal,
        Clock::ResultEnd,
        Clock::ImportantData,
        Clock::Review,
    ];

    /// Key of its label.
    pub fn key(self) -> &'static str {
        match self {
            Clock::Retention => "annex.clock.retention",
            Clock::RetentionAfterResult => "annex.clock.retention_after_result",
            Clock::Fresh => "annex.clock.fresh",
            Clock::ContractFiling => "annex.clock.contract_filing",
            Clock::CertificateRenewal => "annex.clock.certificate_renewal",
            Clock::CertificateEnd => "annex.clock.certificate_end",
            Clock::ResultRenewal => "annex.clock.result_renewal",
            Clock::ResultEnd => "annex.clock.result_end",
            Clock::ImportantData => "annex.clock.important_data",
            Clock::Review => "annex.clock.review",
        }
    }
}

/// How a day stands to the day of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Still to come, or kept until then.
    Open,
    /// What it is for has been done.
    Done,
    /// It has gone by.
    Passed,
    /// It has gone by, and only this project asks for it.
    Warning,
}

impl State {
    /// Key of its label.
    pub fn key(self) -> &'static str {
        match self {
            State::Open => "annex.clock_state.open",
            State::Done => "annex.clock_state.done",
            State::Passed => "annex.clock_state.passed",
            State::Warning => "annex.clock_state.warning",
        }
    }
}

/// A day, what it is for, and how it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deadline {
    /// What for.
    pub clock: Clock,
    /// The day.
    #[serde(serialize_with = "shown")]
    pub day: Date,
    /// How it stands.
    pub state: State,
    /// What its source is worth.
    pub mark: Mark,
    /// The source in Chinese.
    pub source_zh: String,
    /// The source in English.
    pub source_en: String,
    /// Whether it was counted in working days without the calendar of public holidays.
    pub working_days: bool,
}

impl Deadline {
    /// The source in a language.
    pub fn source(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.source_zh,
            Language::English => &self.source_en,
        }
    }
}

fn shown<S: serde::Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(date)
}

/// All days of a manifest, in the order of [`Clock::ALL`]; those whose facts are missing are left out.
pub fn dates(manifest: &Manifest, as_of: Date, rules: &Rules) -> Vec<Deadline> {
    let time = &rules.time;
    let mut found: Vec<Deadline> = Vec::new();
    let passed = |day: Date, done: bool| match (done, as_of > day) {
        (true, _) => State::Done,
        (false, true) => State::Passed,
        (false, false) => State::Open,
    };
    let mut add = |clock, day, state, number: &super::rules::Marked<u32>, working_days| {
        found.push(Deadline {
            clock,
            day,
            state,
            mark: number.mark,
            source_zh: number.source_zh.clone(),
            source_en: number.source_en.clone(),
            working_days,
        });
    };

    if let Some(from) = manifest.report.issued.max(manifest.processing.last_transfer_on) {
        let number = &time.retention_years;
        add(Clock::Retention, months_after(from, 12 * number.value), State::Open, number, false);
    }
    let (certificate, result) = (manifest.certificate.as_ref(), manifest.sa_result.as_ref());
    let ends = [certificate.and_then(|it| it.expires), result.and_then(|it| it.expires)];
    if let Some(end) = ends.into_iter().flatten().max() {
        let number = &time.retention_after_result_years;
        add(Clock::RetentionAfterResult, months_after(end, 12 * number.value), State::Open, number, false);
    }
    if let Some(ended) = manifest.assessment.ended {
        // Whoever does not say which route is held to the stricter rule.
        let number = match manifest.intended() {
            FilingRoute::None => None,
            FilingRoute::Certification => Some(&time.fresh_months_certification),
            _ => Some(&time.fresh_months),
        };
        if let Some(number) = number {
            let last = months_after(ended, number.value);
            let stale = manifest.filing.planned_on.unwrap_or(as_of) > last;
            let state = match (stale, manifest.intended()) {
                (false, _) => State::Open,
                (true, FilingRoute::Certification) => State::Warning,
                (true, _) => State::Passed,
            };
            add(Clock::Fresh, last, state, number, false);
        }
    }
    let filed = !manifest.filing.number.is_empty();
    if let Some(effective) = manifest.filing.contract_effective {
        let number = &time.contract_filing_working_days;
        let day = working_days_after(effective, number.value);
        add(Clock::ContractFiling, day, passed(day, filed), number, true);
    }
    if let Some(certificate) = certificate {
        let years = &time.certificate_years;
        let end = certificate.expires.or(certificate.issued.map(|issued| months_after(issued, 12 * years.value)));
        if let Some(end) = end {
            let number = &time.certificate_renewal_months;
            let day = months_before(end, number.value);
            add(Clock::CertificateRenewal, day, passed(day, false), number, false);
            add(Clock::CertificateEnd, end, passed(end, false), years, false);
        }
    }
    if let Some(result) = result {
        let years = &time.result_years;
        let end = result.expires.or(result.issued.map(|issued| months_after(issued, 12 * years.value)));
        if let Some(end) = end {
            let number = &time.result_renewal_working_days;
            let day = working_days_before(end, number.value, time.holiday_days.value);
            add(Clock::ResultRenewal, day, passed(day, false), number, true);
            add(Clock::ResultEnd, end, passed(end, false), years, false);
        }
    }
    if let Some(told) = manifest.important_data.told_on {
        let number = &time.important_data_months;
        let day = months_after(told, number.value);
        add(Clock::ImportantData, day, passed(day, manifest.important_data.declared == YesNo::Yes), number, false);
    }
    if let Some(issued) = manifest.report.issued {
        let number = &time.review_months;
        let day = months_after(issued, manifest.review.interval_months.unwrap_or(number.value));
        add(Clock::Review, day, passed(day, false), number, false);
    }
    found
}

/// The day until which report and records are kept.
pub fn kept_until(dates: &[Deadline]) -> Option<Date> {
    let kept = |it: &&Deadline| matches!(it.clock, Clock::Retention | Clock::RetentionAfterResult);
    dates.iter().filter(kept).map(|it| it.day).max()
}

/// Whether a deadline has gone by.
pub fn any_passed(dates: &[Deadline]) -> bool {
    dates.iter().any(|it| it.state == State::Passed)
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::annex::calendar::parse;
    use crate::annex::manifest::{Certificate, SaResult};

    fn day(text: &str) -> Date {
        parse(text).unwrap()
    }

    fn of(manifest: &Manifest, as_of: &str, clock: Clock) -> Option<(String, State)> {
        let found = dates(manifest, day(as_of), Rules::newest());
        found.into_iter().find(|it| it.clock == clock).map(|it| (it.day.to_string(), it.state))
    }

    fn some(day: &str, state: State) -> Option<(String, State)> {
        Some((day.to_owned(), state))
    }

    #[test]
    fn an_assessment_is_fresh_for_three_months_to_the_day() {
        let mut manifest = Manifest::default();
        manifest.assessment.ended = Some(day("2026-11-30"));
        manifest.filing.route = Some(FilingRoute::Scc);
        manifest.filing.planned_on = Some(day("2027-02-28"));
        assert_eq!(of(&manifest, "2026-12-01", Clock::Fresh), some("2027-02-28", State::Open));
        manifest.filing.planned_on = Some(day("2027-03-01"));
        assert_eq!(of(&manifest, "2026-12-01", Clock::Fresh), some("2027-02-28", State::Passed));
        // For certification no law says so, and it is a warning; whoever does not say is held to the stricter rule.
        manifest.filing.route = Some(FilingRoute::Certification);
        assert_eq!(of(&manifest, "2026-12-01", Clock::Fresh), some("2027-02-28", State::Warning));
        assert!(!any_passed(&dates(&manifest, day("2026-12-01"), Rules::newest())));
        manifest.filing.route = Some(FilingRoute::Unknown);
        assert_eq!(of(&manifest, "2026-12-01", Clock::Fresh), some("2027-02-28", State::Passed));
        manifest.filing.route = Some(FilingRoute::None);
        assert_eq!(of(&manifest, "2026-12-01", Clock::Fresh), None);
    }

    #[test]
    fn a_contract_is_filed_within_ten_working_days() {
        let mut manifest = Manifest::default();
        manifest.filing.contract_effective = Some(day("2026-12-01"));
        assert_eq!(of(&manifest, "2026-12-15", Clock::ContractFiling), some("2026-12-15", State::Open));
        assert_eq!(of(&manifest, "2026-12-16", Clock::ContractFiling), some("2026-12-15", State::Passed));
        manifest.filing.number = "2026-1".to_owned();
        assert_eq!(of(&manifest, "2026-12-16", Clock::ContractFiling), some("2026-12-15", State::Done));
    }

    #[test]
    fn records_are_kept_for_three_years_after_the_last_of_all() {
        let mut manifest = Manifest::default();
        manifest.report.issued = Some(day("2026-11-26"));
        let kept =
            |manifest: &Manifest| kept_until(&dates(manifest, day("2026-12-01"), Rules::newest())).unwrap().to_string();
        assert_eq!(kept(&manifest), "2029-11-26");
        manifest.processing.last_transfer_on = Some(day("2028-02-29"));
        assert_eq!(kept(&manifest), "2031-02-28");
        manifest.certificate = Some(Certificate { expires: Some(day("2029-12-31")), ..Certificate::default() });
        assert_eq!(kept(&manifest), "2032-12-31");
        assert_eq!(of(&manifest, "2026-12-01", Clock::Review), some("2027-11-26", State::Open));
        assert_eq!(of(&manifest, "2027-11-27", Clock::Review), some("2027-11-26", State::Passed));
    }

    #[test]
    fn certificates_and_results_are_renewed_in_time() {
        let certificate = |issued: Option<&str>, expires: Option<&str>| Manifest {
            certificate: Some(Certificate {
                issued: issued.map(day),
                expires: expires.map(day),
                ..Certificate::default()
            }),
            ..Manifest::default()
        };
        let found = certificate(None, Some("2029-08-31"));
        assert_eq!(of(&found, "2029-02-28", Clock::CertificateRenewal), some("2029-02-28", State::Open));
        assert_eq!(of(&found, "2029-03-01", Clock::CertificateRenewal), some("2029-02-28", State::Passed));
        let found = certificate(Some("2026-08-31"), None);
        assert_eq!(of(&found, "2027-01-01", Clock::CertificateEnd), some("2029-08-31", State::Open));
        let result = Manifest {
            sa_result: Some(SaResult { expires: Some(day("2029-12-31")), ..SaResult::default() }),
            ..Manifest::default()
        };
        // 60 working days before the last day of 2029 is 8 October, and 21 days more for public holidays.
        assert_eq!(of(&result, "2027-01-01", Clock::ResultRenewal), some("2029-09-17", State::Open));
    }

    #[test]
    fn important_data_are_declared_within_two_months() {
        let mut manifest = Manifest::default();
        manifest.important_data.told_on = Some(day("2026-12-31"));
        assert_eq!(of(&manifest, "2027-02-28", Clock::ImportantData), some("2027-02-28", State::Open));
        assert_eq!(of(&manifest, "2027-03-01", Clock::ImportantData), some("2027-02-28", State::Passed));
        manifest.important_data.declared = YesNo::Yes;
        assert_eq!(of(&manifest, "2027-03-01", Clock::ImportantData), some("2027-02-28", State::Done));
    }
}
