//! `reident keygen`: new keys and new secrets.

use super::output;
use crate::attest::files;
use anyhow::{Result, bail};
use clap::Args;
use reident_reports::attest::commitment::CommitmentKey;
use reident_reports::attest::keys::PrivateKey;
use std::path::{Path, PathBuf};

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

/// Writes the files and says what they are for.
///
/// # Errors
/// When a file is there already or cannot be written, or the passphrase is empty.
pub fn run(args: &KeygenArgs) -> Result<()> {
    let shown = args.out.display();
    if args.commitment {
        let key = CommitmentKey::generate()?;
        files::create(&args.out, &key.to_text(), true)?;
        output::print(&format!(
            "commitment key {shown}, id {}\nKeep it secret and keep it: who has it can test guesses of persons against \
             the commitments, and without it nobody can check them.\n",
            key.id()
        ));
        return Ok(());
    }
    let public = public_path(&args.out);
    if public.exists() {
        bail!("{} is there already, and keys are never replaced: name another file, or move it away", public.display());
    }
    let passphrase = args.passphrase_env.as_deref().map(files::environment).transpose()?;
    let key = PrivateKey::generate()?;
    files::create(&args.out, &key.to_pem(passphrase.as_ref().map(|text| text.as_str()))?, true)?;
    if let Err(error) = files::create(&public, &key.public().to_pem(), false) {
        // The private key is of no use yet: it was made a moment ago.
        let _ = std::fs::remove_file(&args.out);
        return Err(error.into());
    }
    let protected = if passphrase.is_some() { "protected by the passphrase" } else { "not protected by a passphrase" };
    output::print(&format!(
        "private key {shown}, {protected}: keep it secret\npublic key {}: give it to whoever verifies\nkey id {}\n",
        public.display(),
        key.public().id()
    ));
    Ok(())
}

/// `key.pem` has its public key in `key.pub`, any other `name` in `name.pub`.
fn public_path(private: &Path) -> PathBuf {
    if private.extension().is_some_and(|extension| extension == "pem") {
        return private.with_extension("pub");
    }
    let mut name = private.as_os_str().to_owned();
    name.push(".pub");
    PathBuf::from(name)
}
