//! Everything that the annex says, computed from evidence, manifest, policy and a day: no I/O and no clock.

use super::calendar::Date;
use super::clauses::{self, Status};
use super::conclusion::{self, Conclusion};
use super::dates::{self, Deadline};
use super::facts::Facts;
use super::manifest::{self, Fault, Manifest, Measured};
use super::rating::{self, Rating};
use super::route::{self, Route};
use super::rules::Rules;
use super::triggers::{self, Finding, Side};
use crate::attest::commitment::Commitments;
use crate::attest::log::Head;
use crate::check::{CheckResult, Policy, check};
use crate::digest::Digests;
use crate::evidence::Evidence;

/// Who signed the evidence, as far as an envelope was verified.
#[derive(Debug, Clone)]
pub struct Signature {
    /// Fingerprints of the keys that signed.
    pub signers: Vec<String>,
    /// When it was signed, as the signer says.
    pub signed_on: Option<String>,
    /// Commitments to original and control.
    pub commitments: Option<Commitments>,
    /// Where the audit log ended.
    pub audit_log: Option<Head>,
}

/// What the last annex was made from, as far as it is given.
#[derive(Debug, Clone, Copy)]
pub struct Earlier<'a> {
    /// The manifest.
    pub manifest: &'a Manifest,
    /// The evidence.
    pub evidence: Option<&'a Evidence>,
    /// The policy.
    pub policy: Option<&'a Policy>,
}

/// What an annex is made from.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    /// The manifest.
    pub manifest: &'a Manifest,
    /// The evidence.
    pub evidence: &'a Evidence,
    /// Digests of the evidence file.
    pub digests: &'a Digests,
    /// The policy.
    pub policy: &'a Policy,
    /// The rules.
    pub rules: &'a Rules,
    /// The day of the work.
    pub as_of: Date,
    /// Who signed; `None` where no envelope was verified.
    pub signature: Option<&'a Signature>,
    /// What the last annex was made from.
    pub earlier: Option<Earlier<'a>>,
    /// Whether working papers are written, which show small counts and are never filed.
    pub working: bool,
}

/// What an annex says.
#[derive(Debug, Clone)]
pub struct Assessed<'a> {
    /// What it was made from.
    pub input: Input<'a>,
    /// The verdicts of the policy.
    pub check: CheckResult,
    /// What the evidence says.
    pub facts: Facts,
    /// The conclusion.
    pub conclusion: Conclusion,
    /// The route.
    pub route: Route,
    /// Deadlines and retention.
    pub dates: Vec<Deadline>,
    /// The rating.
    pub rating: Rating,
    /// The triggers, where there is an earlier annex.
    pub triggers: Option<Vec<Finding>>,
    /// The status of each clause.
    pub clauses: Vec<Status>,
}

/// Computes everything.
///
/// # Errors
/// What contradicts itself, all of it.
pub fn assess(input: Input<'_>) -> Result<Assessed<'_>, Vec<Fault>> {
    let Input { manifest, evidence, policy, rules, as_of, .. } = input;
    let check = check(evidence, policy);
    let facts = Facts::of(evidence, &check, policy, manifest, rules);
    let basis = conclusion::Basis::of(evidence, policy, input.signature.is_some(), rules);
    let conclusion = conclusion::conclude(&facts, manifest, &basis);
    let is_c1 = conclusion.id == conclusion::ConclusionId::C1;
    let route = route::route(&route::Facts::of(manifest, is_c1), rules);
    let against =
        Measured { as_of, evidence: Some(evidence), policy: Some(policy), route: Some(&route), working: input.working };
    let faults = manifest::check(manifest, &against);
    if !faults.is_empty() {
        return Err(faults);
    }
    let dates = dates::dates(manifest, as_of, rules);
    let rating = rating::rate(manifest, &facts.seen(), conclusion.id, rules);
    let triggers = input.earlier.map(|Earlier { manifest: old, evidence: run, policy: judged_by }| {
        let from = Side { manifest: old, evidence: run, policy: judged_by, is_c1: false };
        let to = Side { manifest, evidence: Some(evidence), policy: Some(policy), is_c1: false };
        triggers::triggers(from, to, as_of, rules)
    });
    let clauses = clauses::statuses(&clauses::Basis {
        manifest,
        facts: &facts,
        conclusion: &conclusion,
        rating: &rating,
        dates: &dates,
        rules,
    });
    Ok(Assessed { input, check, facts, conclusion, route, dates, rating, triggers, clauses })
}
