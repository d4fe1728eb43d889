//! Files, secrets and the environment.

use anyhow::{Context, Result, anyhow, bail};
use reident_reports::attest::commitment::{ALGORITHM, CommitmentKey, Commitments, Committer, Label};
use reident_reports::attest::digest::{Digests, Hasher};
use reident_reports::attest::keys::{PrivateKey, PublicKey};
use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use zeroize::Zeroizing;

/// All bytes of a file.
///
/// # Errors
/// When it cannot be read.
pub fn bytes(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("{}: cannot be read", path.display()))
}

/// The text of a file.
///
/// # Errors
/// When it cannot be read or is not UTF-8.
pub fn text(path: &Path) -> Result<String> {
    String::from_utf8(bytes(path)?).map_err(|_| anyhow!("{}: is not UTF-8 text", path.display()))
}

/// Hands over a file piece by piece.
fn pieces(path: &Path, mut take: impl FnMut(&[u8])) -> Result<()> {
    let context = || format!("{}: cannot be read", path.display());
    let mut file = File::open(path).with_context(context)?;
    let mut piece = Zeroizing::new(vec![0; 1 << 16]);
    loop {
        match file.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(read) => take(&piece[..read]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error).with_context(context),
        }
    }
}

/// Digests of a released file.
///
/// # Errors
/// When it cannot be read.
pub fn release(path: &Path) -> Result<Digests> {
    let mut hasher = Hasher::default();
    pieces(path, |piece| hasher.update(piece))?;
    Ok(hasher.finish())
}

/// Commitments to the tables that are at hand; none without the key.
///
/// # Errors
/// When a file cannot be read, or the key is none.
pub fn commitments(key: Option<&Path>, original: Option<&Path>, control: Option<&Path>) -> Result<Option<Commitments>> {
    let Some(key) = key.map(commitment_key).transpose()? else { return Ok(None) };
    let commit = |path: &Path, table: Label| -> Result<String> {
        let mut committer: Committer = key.committer(table);
        pieces(path, |piece| committer.update(piece))?;
        Ok(committer.finish())
    };
    Ok(Some(Commitments {
        algorithm: ALGORITHM.to_owned(),
        key_id: key.id(),
        original: original.map(|path| commit(path, Label::Original)).transpose()?,
        control: control.map(|path| commit(path, Label::Control)).transpose()?,
    }))
}

fn commitment_key(path: &Path) -> Result<CommitmentKey> {
    CommitmentKey::from_text(&secret(path)?).with_context(|| path.display().to_string())
}

/// A public key.
///
/// # Errors
/// When the file cannot be read or holds no public key.
pub fn public_key(path: &Path) -> Result<PublicKey> {
    PublicKey::from_pem(&text(path)?).with_context(|| path.display().to_string())
}

/// The private key from a file or the environment.
///
/// # Errors
/// When there is none, or its passphrase is missing or wrong.
pub fn private_key(file: Option<&Path>, variable: Option<&str>, passphrase: Option<&str>) -> Result<PrivateKey> {
    let (pem, place) = match (file, variable) {
        (Some(path), _) => (secret(path)?, path.display().to_string()),
        (None, Some(name)) => (environment(name)?, format!("the environment variable {name}")),
        (None, None) => bail!("give the private key: --key or --key-env"),
    };
    let passphrase = passphrase.map(environment).transpose()?;
    PrivateKey::from_pem(&pem, passphrase.as_ref().map(|text| text.as_str())).context(place)
}

/// A secret from the environment. No message repeats it.
///
/// # Errors
/// When the variable is not set or not text.
pub fn environment(name: &str) -> Result<Zeroizing<String>> {
    match std::env::var(name) {
        Ok(value) => Ok(Zeroizing::new(value)),
        Err(std::env::VarError::NotPresent) => bail!("the environment variable {name} is not set"),
        Err(std::env::VarError::NotUnicode(_)) => bail!("the environment variable {name} is not UTF-8 text"),
    }
}

/// The text of a file that only its owner should be able to read.
fn secret(path: &Path) -> Result<Zeroizing<String>> {
    let context = || format!("{}: cannot be read", path.display());
    let mut file = File::open(path).with_context(context)?;
    warn_if_open(&file, path);
    let mut bytes = Zeroizing::new(Vec::new());
    file.read_to_end(&mut bytes).with_context(context)?;
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(Zeroizing::new(text.to_owned())),
        Err(_) => bail!("{}: is not UTF-8 text", path.display()),
    }
}

#[cfg(unix)]
fn warn_if_open(file: &File, path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let mode = file.metadata().map_or(0, |metadata| metadata.permissions().mode());
    if mode & 0o077 != 0 {
        let shown = path.display();
        eprintln!("warning: {shown} is a secret that others than its owner may use: chmod 600 {shown}");
    }
}

#[cfg(not(unix))]
fn warn_if_open(_: &File, _: &Path) {}

/// Writes a new file, readable by its owner only when it is a secret.
///
/// # Errors
/// When the file is there already, or cannot be written; nothing is left of it then.
pub fn create(path: &Path, text: &str, secret: bool) -> Result<()> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(if secret { 0o600 } else { 0o644 });
    }
    #[cfg(not(unix))]
    let _ = secret;
    let shown = path.display();
    let mut file = match options.open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            bail!("{shown} is there already, and keys are never replaced: name another file, or move it away")
        }
        Err(error) => return Err(error).with_context(|| format!("cannot write {shown}")),
    };
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(|error| {
        let _ = std::fs::remove_file(path);
        anyhow!("cannot write {shown}: {error}")
    })
}
