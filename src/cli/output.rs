//! Files that are written whole or not at all.

use anyhow::{Context, Result, bail};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use tempfile::NamedTempFile;

/// Unfinished files, each with the place it is for; and folders of other programs' work. They are removed when the program is
/// interrupted.
static UNFINISHED: Mutex<Vec<(PathBuf, PathBuf)>> = Mutex::new(Vec::new());

/// A place that was found writable before the work began.
#[derive(Debug)]
pub enum Output {
    /// Standard output.
    Stdout,
    /// A regular file, written beside its place and moved there when it is whole.
    File(Pending),
    /// A pipe or a device, which cannot be replaced.
    Special(PathBuf),
}

/// A file that is not there yet.
#[derive(Debug)]
pub struct Pending {
    path: PathBuf,
    /// The name of the unfinished file; it is unlike any other, so that what an earlier run left behind is no obstacle.
    partial: PathBuf,
    file: Option<NamedTempFile>,
    /// Permissions of the file that is replaced, or what was asked for.
    permissions: Option<fs::Permissions>,
}

/// Bytes that a file's name may have on the usual file systems.
const LONGEST_NAME: usize = 255;

impl Output {
    /// Opens a place for writing; `-` is standard output.
    ///
    /// # Errors
    /// When the place is a directory, its directory does not exist, or nothing can be written there.
    pub fn open(path: &Path) -> Result<Output> {
        if path == Path::new("-") || path == Path::new("/dev/stdout") {
            return Ok(Output::Stdout);
        }
        // A link stays a link: what it points to is written.
        let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let shown = path.display();
        match fs::metadata(path) {
            Ok(existing) if existing.is_dir() => bail!("cannot write {shown}: it is a directory; name a file in it"),
            Ok(existing) if !existing.is_file() => return Ok(Output::Special(path.to_owned())),
            Ok(existing) if existing.permissions().readonly() => bail!("cannot write {shown}: it is read-only"),
            _ => {}
        }
        let Some(name) = path.file_name() else { bail!("cannot write {shown}: it names no file") };
        if name.len() > LONGEST_NAME {
            bail!("cannot write {shown}: its name has {} bytes, and {LONGEST_NAME} are the most", name.len());
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let place = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned()).join(name);
        if unfinished().iter().any(|(_, taken)| *taken == place) {
            bail!("cannot write {shown}: another output of this command has the same name; name two files");
        }
        let permissions = fs::metadata(path).ok().map(|replaced| replaced.permissions());
        let mut builder = tempfile::Builder::new();
        builder.prefix(".reident-").suffix(".part");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let file = builder.tempfile_in(folder).with_context(|| match folder.is_dir() {
            true => format!("cannot write {shown}: its directory does not take new files"),
            false => format!("cannot write {shown}: there is no directory {}", folder.display()),
        })?;
        let partial = file.path().to_owned();
        unfinished().push((partial.clone(), place));
        Ok(Output::File(Pending { path: path.to_owned(), partial, file: Some(file), permissions }))
    }

    /// Lets nobody but the owner read what is written, whatever stands there now: it points at persons.
    pub fn private(mut self) -> Output {
        #[cfg(unix)]
        if let Output::File(pending) = &mut self {
            pending.permissions = Some(std::os::unix::fs::PermissionsExt::from_mode(0o600));
        }
        self
    }

    /// Writes everything and puts it in place.
    ///
    /// # Errors
    /// When writing fails; the place is left as it was.
    pub fn finish(self, bytes: &[u8]) -> Result<()> {
        match self {
            Output::Stdout => print_bytes(bytes),
            Output::Special(path) => {
                OpenOptions::new()
                    .write(true)
                    .open(&path)
                    .and_then(|mut file| file.write_all(bytes))
                    .with_context(|| format!("cannot write {}", path.display()))?;
            }
            Output::File(mut pending) => {
                let shown = pending.path.display().to_string();
                let cannot = || format!("cannot write {shown}");
                if let Some(mut file) = pending.file.take() {
                    if let Some(permissions) = pending.permissions.take() {
                        file.as_file().set_permissions(permissions).with_context(cannot)?;
                    }
                    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).with_context(cannot)?;
                    file.persist(&pending.path).with_context(cannot)?;
                }
            }
        }
        Ok(())
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        // The file itself is removed with its handle, unless it was moved to its place.
        unfinished().retain(|(partial, _)| *partial != self.partial);
    }
}

/// A folder for the work of another program, which is removed when this goes away and when the program is interrupted.
#[derive(Debug)]
pub struct Folder(tempfile::TempDir);

impl Folder {
    /// A new one, which only its owner can look into.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn new() -> Result<Folder> {
        let mut builder = tempfile::Builder::new();
        builder.prefix("reident-");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let folder = builder.tempdir().context("cannot make a temporary folder")?;
        unfinished().push((folder.path().to_owned(), folder.path().to_owned()));
        Ok(Folder(folder))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        unfinished().retain(|(folder, _)| folder != self.0.path());
    }
}

fn unfinished() -> std::sync::MutexGuard<'static, Vec<(PathBuf, PathBuf)>> {
    UNFINISHED.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Removes files that are not whole; called when the program is interrupted.
pub fn remove_unfinished() {
    for (partial, _) in unfinished().drain(..) {
        let _ = if partial.is_dir() { fs::remove_dir_all(partial) } else { fs::remove_file(partial) };
    }
}

/// Refuses to write over what is read.
///
/// # Errors
/// When the place is one of the inputs.
pub fn apart(place: Option<&Path>, inputs: &[Option<&Path>]) -> Result<()> {
    let Some(place) = place.and_then(|place| fs::canonicalize(place).ok()).filter(|place| place.is_file()) else {
        return Ok(());
    };
    for input in inputs.iter().flatten() {
        if fs::canonicalize(input).is_ok_and(|input| input == place) {
            bail!("{} is read by this command: writing there would destroy it; name another file", place.display());
        }
    }
    Ok(())
}

/// Says on standard error what a person should know although the work goes on.
pub fn warn(what: &str) {
    eprintln!("warning: {what}");
}

/// Prints to standard output. A reader who has had enough (`| head`) is no error; a full disk ends the program.
pub fn print(text: &str) {
    print_bytes(text.as_bytes());
}

fn print_bytes(bytes: &[u8]) {
    let mut stdout = io::stdout().lock();
    if let Err(error) = stdout.write_all(bytes).and_then(|()| stdout.flush())
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        remove_unfinished();
        eprintln!("error: cannot write to standard output: {error}");
        std::process::exit(i32::from(super::exit::BAD_INPUT));
    }
}
