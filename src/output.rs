//! Files that are written whole or not at all.

use anyhow::{Context, Result, bail};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Unfinished files, to be removed when the program is interrupted.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

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
    partial: PathBuf,
    file: Option<File>,
}

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
        let partial = path.with_file_name(format!(".{}.{}.part", name.to_string_lossy(), std::process::id()));
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&partial)
            .with_context(|| format!("cannot write {shown}: its directory does not take new files"))?;
        unfinished().push(partial.clone());
        Ok(Output::File(Pending { path: path.to_owned(), partial, file: Some(file) }))
    }

    /// Writes everything and puts it in place.
    ///
    /// # Errors
    /// When writing fails; the place is left as it was.
    pub fn finish(self, bytes: &[u8]) -> Result<()> {
        match self {
            Output::Stdout => print(&String::from_utf8_lossy(bytes)),
            Output::Special(path) => {
                OpenOptions::new()
                    .write(true)
                    .open(&path)
                    .and_then(|mut file| file.write_all(bytes))
                    .with_context(|| format!("cannot write {}", path.display()))?;
            }
            Output::File(mut pending) => {
                let shown = pending.path.display().to_string();
                if let Some(mut file) = pending.file.take() {
                    file.write_all(bytes)
                        .and_then(|()| file.sync_all())
                        .with_context(|| format!("cannot write {shown}"))?;
                }
                fs::rename(&pending.partial, &pending.path).with_context(|| format!("cannot write {shown}"))?;
            }
        }
        Ok(())
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        let mut unfinished = unfinished();
        if let Some(at) = unfinished.iter().position(|partial| *partial == self.partial) {
            unfinished.swap_remove(at);
            // Gone already when it was moved to its place.
            let _ = fs::remove_file(&self.partial);
        }
    }
}

fn unfinished() -> std::sync::MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Removes files that are not whole; called when the program is interrupted.
pub fn remove_unfinished() {
    for partial in unfinished().drain(..) {
        let _ = fs::remove_file(partial);
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

/// Prints to standard output. A reader who has had enough (`| head`) is no error; a full disk ends the program.
pub fn print(text: &str) {
    let mut stdout = io::stdout().lock();
    if let Err(error) = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush())
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        remove_unfinished();
        eprintln!("error: cannot write to standard output: {error}");
        std::process::exit(i32::from(crate::exit::BAD_INPUT));
    }
}
