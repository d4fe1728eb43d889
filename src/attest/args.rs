//! Arguments of the commands.

use clap::{Args, Subcommand};
use std::path::PathBuf;

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

/// `reident keygen`.
#[derive(Debug, Args)]
pub struct KeygenArgs {
    /// Where to write the private key (PKCS#8 PEM, readable by its owner only); the public key goes beside it as `.pub`
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Make the secret of commitments to original and control instead of a pair of keys
    #[arg(long, conflicts_with = "passphrase_env")]
    pub commitment: bool,
    /// Environment variable with the passphrase that is to protect the private key
    #[arg(long, value_name = "VAR")]
    pub passphrase_env: Option<String>,
}

/// `reident sign`.
#[derive(Debug, Args)]
pub struct SignArgs {
    /// Evidence to sign
    #[arg(value_name = "EVIDENCE")]
    pub evidence: PathBuf,
    /// Private key; see `reident keygen`
    #[arg(long, value_name = "FILE", required_unless_present = "key_env", conflicts_with = "key_env")]
    pub key: Option<PathBuf>,
    /// Environment variable with the private key's PEM text
    #[arg(long, value_name = "VAR")]
    pub key_env: Option<String>,
    /// Environment variable with the private key's passphrase
    #[arg(long, value_name = "VAR")]
    pub passphrase_env: Option<String>,
    /// The released file that the evidence is about
    #[arg(long, value_name = "FILE", required_unless_present = "add_to")]
    pub anonymized: Option<PathBuf>,
    /// The original, to commit to; it is never named by a plain digest
    #[arg(long, value_name = "FILE", requires = "commitment_key")]
    pub original: Option<PathBuf>,
    /// The control, to commit to
    #[arg(long, value_name = "FILE", requires = "commitment_key")]
    pub control: Option<PathBuf>,
    /// Secret of the commitments; see `reident keygen --commitment`
    #[arg(long, value_name = "FILE", requires = "original")]
    pub commitment_key: Option<PathBuf>,
    /// Put the time of signing into what is signed
    #[arg(long, conflicts_with = "add_to")]
    pub signed_on: bool,
    /// Add a signature to this envelope, after checking that it holds this evidence
    #[arg(long, value_name = "ENVELOPE")]
    pub add_to: Option<PathBuf>,
    /// Where to write the envelope; `-` for standard output [default: the envelope of --add-to]
    #[arg(long, value_name = "FILE", required_unless_present = "add_to")]
    pub out: Option<PathBuf>,
    /// Result of `reident check` in JSON, to be signed as test-result/v0.1 in an envelope of its own
    #[arg(long, value_name = "FILE", requires = "check_out", conflicts_with = "add_to")]
    pub check_result: Option<PathBuf>,
    /// Where to write the envelope of the check's result
    #[arg(long, value_name = "FILE", requires = "check_result")]
    pub check_out: Option<PathBuf>,
    /// Audit log; where it ends is signed too.
    #[command(flatten)]
    pub audit: AuditArgs,
}

/// `reident verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Envelope to check
    #[arg(value_name = "ENVELOPE")]
    pub envelope: PathBuf,
    /// Public key of a signer to trust; may be repeated
    #[arg(long = "public-key", value_name = "FILE", required = true)]
    pub public_keys: Vec<PathBuf>,
    /// Evidence file that must be the signed one
    #[arg(long, value_name = "FILE")]
    pub evidence: Option<PathBuf>,
    /// Released file that must be the signed one
    #[arg(long, value_name = "FILE")]
    pub anonymized: Option<PathBuf>,
    /// The original, for its commitment and for --rerun
    #[arg(long, value_name = "FILE")]
    pub original: Option<PathBuf>,
    /// The control, for its commitment and for --rerun
    #[arg(long, value_name = "FILE")]
    pub control: Option<PathBuf>,
    /// Secret of the commitments
    #[arg(long, value_name = "FILE")]
    pub commitment_key: Option<PathBuf>,
    /// Run the attacks of the evidence again: they must give the same bytes
    #[arg(long, requires = "original", requires = "anonymized")]
    pub rerun: bool,
    /// Threads for the attacks [default: all cores]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
    /// Accept an envelope that another tool wrote: only what the signatures cover is protected then
    #[arg(long)]
    pub foreign_form: bool,
    /// No progress and no table
    #[arg(long, short)]
    pub quiet: bool,
    /// Audit log: checked against where it ended when the evidence was signed, then added to.
    #[command(flatten)]
    pub audit: AuditArgs,
}

/// `reident log`.
#[derive(Debug, Subcommand)]
pub enum LogCommand {
    /// Check that nothing in a log was changed, removed, inserted or moved
    Verify {
        /// The log
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Where the log ended when it was last seen, as this command prints it: tells whether its end was cut off
        #[arg(long, value_name = "ENTRIES:HASH", value_parser = super::log::head)]
        head: Option<reident_reports::attest::log::Head>,
    },
}
