//! Files, secrets and the environment.

use crate::document::{DocumentError, OfFile};
use reident_reports::attest::commitment::{ALGORITHM, CommitmentKey, Commitments, Committer, Label};
use reident_reports::attest::keys::{PrivateKey, PublicKey};
use reident_reports::digest::{Digests, Hasher};
use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use zeroize::Zeroizing;

/// Takes what a person should know although the work goes on.
pub type Warn<'a> = &'a dyn Fn(&str);

fn not_text(path: &Path) -> DocumentError {
    DocumentError::new(format!("{}: is not UTF-8 text", path.display())).in_file(path)
}

/// All bytes of a file.
///
/// # Errors
/// When it cannot be read.
pub fn bytes(path: &Path) -> Result<Vec<u8>, DocumentError> {
    std::fs::read(path).of_file(path, || format!("{}: cannot be read", path.display()))
}

/// The text of a file.
///
/// # Errors
/// When it cannot be read or is not UTF-8.
pub fn text(path: &Path) -> Result<String, DocumentError> {
    String::from_utf8(bytes(path)?).map_err(|_| not_text(path))
}

/// Hands over a file piece by piece.
fn pieces(path: &Path, mut take: impl FnMut(&[u8])) -> Result<(), DocumentError> {
    let context = || format!("{}: cannot be read", path.display());
    let mut file = File::open(path).of_file(path, context)?;
    let mut piece = Zeroizing::new(vec![0; 1 << 16]);
    loop {
        match file.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(read) => take(&piece[..read]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error).of_file(path, context),
        }
    }
}

/// Digests of a released file.
///
/// # Errors
/// When it cannot be read.
pub fn release(path: &Path) -> Result<Digests, DocumentError> {
    let mut hasher = Hasher::default();
    pieces(path, |piece| hasher.update(piece))?;
    Ok(hasher.finish())
}

/// Commitments to the tables that are at hand; none without the key.
///
/// # Errors
/// When a file cannot be read, or the key is none.
pub fn commitments(
    key: Option<&Path>,
    original: Option<&Path>,
    control: Option<&Path>,
    warn: Warn<'_>,
) -> Result<Option<Commitments>, DocumentError> {
    let Some(key) = key.map(|key| commitment_key(key, warn)).transpose()? else { return Ok(None) };
    let commit = |path: &Path, table: Label| -> Result<String, DocumentError> {
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

fn commitment_key(path: &Path, warn: Warn<'_>) -> Result<CommitmentKey, DocumentError> {
    CommitmentKey::from_text(&secret(path, warn)?).of_file(path, || path.display().to_string())
}

/// A public key.
///
/// # Errors
/// When the file cannot be read or holds no public key.
pub fn public_key(path: &Path) -> Result<PublicKey, DocumentError> {
    PublicKey::from_pem(&text(path)?).of_file(path, || path.display().to_string())
}

/// The private key from a file or the environment. A file that others may use is said by `warn`.
///
/// # Errors
/// When there is none, or its passphrase is missing or wrong.
pub fn private_key(
    file: Option<&Path>,
    variable: Option<&str>,
    passphrase: Option<&str>,
    warn: Warn<'_>,
) -> Result<PrivateKey, DocumentError> {
    let (pem, place) = match (file, variable) {
        (Some(path), _) => (secret(path, warn)?, path.display().to_string()),
        (None, Some(name)) => (environment(name)?, format!("the environment variable {name}")),
        (None, None) => return Err(DocumentError::new("give the private key: --key or --key-env")),
    };
    let passphrase = passphrase.map(environment).transpose()?;
    PrivateKey::from_pem(&pem, passphrase.as_ref().map(|text| text.as_str()))
        .map_err(|error| DocumentError::new(place).because(error))
}

/// A secret from the environment. No message repeats it.
///
/// # Errors
/// When the variable is not set or not text.
pub fn environment(name: &str) -> Result<Zeroizing<String>, DocumentError> {
    match std::env::var(name) {
        Ok(value) => Ok(Zeroizing::new(value)),
        Err(std::env::VarError::NotPresent) => {
            Err(DocumentError::new(format!("the environment variable {name} is not set")))
        }
        Err(std::env::VarError::NotUnicode(_)) => {
            Err(DocumentError::new(format!("the environment variable {name} is not UTF-8 text")))
        }
    }
}

/// The text of a file that only its owner should be able to read.
fn secret(path: &Path, warn: Warn<'_>) -> Result<Zeroizing<String>, DocumentError> {
    let context = || format!("{}: cannot be read", path.display());
    let mut file = File::open(path).of_file(path, context)?;
    warn_if_open(&file, path, warn);
    let mut bytes = Zeroizing::new(Vec::new());
    file.read_to_end(&mut bytes).of_file(path, context)?;
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(Zeroizing::new(text.to_owned())),
        Err(_) => Err(not_text(path)),
    }
}

#[cfg(unix)]
fn warn_if_open(file: &File, path: &Path, warn: Warn<'_>) {
    use std::os::unix::fs::PermissionsExt;
    let mode = file.metadata().map_or(0, |metadata| metadata.permissions().mode());
    if mode & 0o077 != 0 {
        let shown = path.display();
        warn(&format!("{shown} is a secret that others than its owner may use: chmod 600 {shown}"));
    }
}

#[cfg(not(unix))]
fn warn_if_open(_: &File, _: &Path, _: Warn<'_>) {}

/// Writes a new file, readable by its owner only when it is a secret.
///
/// # Errors
/// When the file is there already, or cannot be written; nothing is left of it then.
pub fn create(path: &Path, text: &str, secret: bool) -> Result<(), DocumentError> {
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
            let message =
                format!("{shown} is there already, and keys are never replaced: name another file, or move it away");
            return Err(DocumentError::new(message).in_file(path));
        }
        Err(error) => return Err(error).of_file(path, || format!("cannot write {shown}")),
    };
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(|error| {
        let _ = std::fs::remove_file(path);
        DocumentError::new(format!("cannot write {shown}: {error}")).in_file(path)
    })
}
