//! Where an action is recorded: arguments that several commands share.

use crate::attest::log::{Log, committed, item};
use crate::evaluation::clock;
use anyhow::{Context, Result};
use clap::Args;
use reident_reports::attest::log::{Entry, Item};
use reident_reports::check::CheckResult;
use reident_reports::digest::sha256;
use reident_reports::evidence::Evidence;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Where an action is recorded.
#[derive(Debug, Clone, Default, Args)]
pub struct AuditArgs {
    /// Audit log to which the action is added: one hash-chained line
    #[arg(long, value_name = "FILE")]
    pub audit_log: Option<PathBuf>,
    /// Who acts, as the audit log says [default: the user's name]
    #[arg(long, value_name = "NAME", requires = "audit_log")]
    pub actor: Option<String>,
}

impl AuditArgs {
    /// The log, opened: one that cannot be added to is found before the work begins.
    ///
    /// # Errors
    /// When the log cannot be read or written, or is not whole.
    pub fn open(&self) -> Result<Option<Log>> {
        Ok(self.audit_log.as_deref().map(|path| Log::open(path, waiting)).transpose()?)
    }

    /// What is recorded of an action that happens now. Of the parameters only the digest of their compact JSON is kept.
    ///
    /// # Errors
    /// When the parameters are not JSON.
    pub fn entry(
        &self,
        action: &str,
        parameters: &impl Serialize,
        inputs: Vec<Item>,
        outputs: Vec<Item>,
    ) -> Result<Entry> {
        let from_environment = || ["USER", "LOGNAME"].iter().find_map(|name| std::env::var(name).ok());
        Ok(Entry {
            time: clock::now(),
            actor: self.actor.clone().or_else(from_environment).unwrap_or_else(|| "unknown".to_owned()),
            action: action.to_owned(),
            parameters_sha256: sha256(&serde_json::to_vec(parameters).context("parameters for the audit log")?),
            inputs,
            outputs,
        })
    }

    /// Records `evaluate`. The resolved parameters are the evidence's settings and attackers.
    ///
    /// # Errors
    /// When the log cannot be read or written, or is not whole.
    pub fn record_evaluate(&self, evidence: &Evidence, text: &str) -> Result<()> {
        let Some(path) = &self.audit_log else { return Ok(()) };
        let attackers: Vec<_> = evidence.attacks.iter().map(|attack| &attack.attacker).collect();
        let mut inputs = vec![committed("original", None)];
        inputs.extend(evidence.inputs.anonymized.sha256.iter().map(|digest| item("anonymized", digest)));
        inputs.extend(evidence.inputs.control.iter().map(|_| committed("control", None)));
        let outputs = vec![item("evidence", &sha256(text.as_bytes()))];
        append(path, self.entry("evaluate", &(&evidence.settings, attackers), inputs, outputs)?)
    }

    /// Records `check`: which evidence was judged by which policy, overrides included, and the result.
    ///
    /// # Errors
    /// When the log cannot be read or written, or is not whole.
    pub fn record_check(&self, evidence: &[u8], baseline: Option<&[u8]>, result: &CheckResult) -> Result<()> {
        let Some(path) = &self.audit_log else { return Ok(()) };
        let mut inputs = vec![item("evidence", &sha256(evidence))];
        inputs.extend(baseline.map(|baseline| item("baseline", &sha256(baseline))));
        let text = serde_json::to_vec(result).context("the check's result for the audit log")?;
        append(path, self.entry("check", &result.policy, inputs, vec![item("result", &sha256(&text))])?)
    }
}

/// Adds one line to a log.
fn append(path: &Path, entry: Entry) -> Result<()> {
    Ok(Log::open(path, waiting)?.append(entry)?)
}

/// Says why nothing happens.
pub fn waiting(path: &Path) {
    eprintln!("waiting for another program that writes to the audit log {}", path.display());
}
