//! Typed files are decoded in a process of their own.
//!
//! The decoder trusts what a file says about its lengths: a damaged one makes it ask for any amount of memory, which ends the
//! process, or panic. So the program starts itself once more for each such file, with a limit of memory, hands it the bytes and
//! takes columns back. Where the library is used by another program, files are decoded in place.

use super::file::{Content, Request};
use super::signature::Signature;
use super::{InputError, ReadOptions, columnar, source, wire, workbook};
use std::ffi::OsString;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The program that decodes, and its first arguments.
static DECODER: OnceLock<(PathBuf, Vec<OsString>)> = OnceLock::new();

/// From now on decodes typed files by this program, which calls [`serve`] when it is started with the arguments and a number
/// of bytes.
pub fn decode_by(program: PathBuf, arguments: Vec<OsString>) {
    // The first one stays.
    let _ = DECODER.set((program, arguments));
}

/// What the decoder is told before the bytes of the file.
type Order = (String, ReadOptions);

/// Decodes a typed file.
pub(super) fn decode(request: Request<'_>, signature: Signature, content: &[u8]) -> Result<Content, InputError> {
    let Some((program, arguments)) = DECODER.get() else { return decode_here(request, signature, content) };
    let size = request.options.max_size.unwrap_or_else(|| source::usual_size(content.len()));
    // What the program itself needs, the bytes, and their values in two forms.
    let memory = (2u64 << 30).saturating_add(content.len() as u64).saturating_add(size.saturating_mul(2));
    let gave_up = |_| InputError::GaveUp { path: request.path.to_owned(), format: signature.name(), memory };
    let threads = rayon::current_num_threads().to_string();
    let mut decoder = Command::new(program)
        .args(arguments)
        .arg(memory.to_string())
        .env("POLARS_MAX_THREADS", &threads)
        .env("RAYON_NUM_THREADS", &threads)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|source| InputError::NoDecoder { source })?;
    let (input, output) = (decoder.stdin.take(), decoder.stdout.take());
    let answer = std::thread::scope(|scope| {
        scope.spawn(move || {
            // A decoder that has ended takes no more; its answer, or that there is none, says why.
            let _ = input.map(|mut input| write_order(&mut input, signature, request.options, content));
        });
        read_answer(&mut BufReader::with_capacity(1 << 20, output.ok_or(io::ErrorKind::BrokenPipe)?))
    });
    let ended = decoder.wait();
    match answer.and_then(|answer| ended.map(|_| answer)).map_err(gave_up)? {
        Answer::Read(content) => Ok(content),
        Answer::Corrupt(reason) => Err(request.corrupt(signature.name(), reason)),
        Answer::Sheet(what) => Err(InputError::Sheet { path: request.path.to_owned(), what }),
        Answer::Type { column, found } => Err(InputError::ColumnType { path: request.path.to_owned(), column, found }),
    }
}

/// Decodes a typed file in this process.
fn decode_here(request: Request<'_>, signature: Signature, content: &[u8]) -> Result<Content, InputError> {
    match signature.is_workbook() {
        true => workbook::decode(request, signature, content),
        false => columnar::decode(request, signature, content),
    }
}

/// Reads a file's bytes from standard input and writes its columns to standard output: what the started program does.
///
/// # Errors
/// When the pipe is closed.
pub fn serve(memory: u64) -> io::Result<()> {
    limit(memory);
    // The one who asked says what is wrong.
    std::panic::set_hook(Box::new(|_| {}));
    let mut input = io::stdin().lock();
    let (format, options) = read_order(&mut input)?;
    let mut content = Vec::new();
    input.read_to_end(&mut content)?;
    let request = Request { path: Path::new(""), options: &options };
    let signature = Signature::from_code(&format).ok_or(io::ErrorKind::InvalidInput)?;
    let mut out = BufWriter::with_capacity(1 << 20, io::stdout().lock());
    match decode_here(request, signature, &content) {
        Ok(content) => {
            out.write_all(b"R")?;
            wire::write(&mut out, &content)?;
        }
        Err(InputError::ColumnType { column, found, .. }) => {
            out.write_all(b"T")?;
            wire::text(&mut out, &column)?;
            wire::text(&mut out, &found)?;
        }
        Err(InputError::Sheet { what, .. }) => {
            out.write_all(b"S")?;
            wire::text(&mut out, &what)?;
        }
        Err(InputError::Corrupt { reason, .. }) => {
            out.write_all(b"C")?;
            wire::text(&mut out, &reason)?;
        }
        Err(other) => {
            out.write_all(b"C")?;
            wire::text(&mut out, &other.to_string())?;
        }
    }
    out.flush()
}

/// What the decoder answers.
enum Answer {
    Read(Content),
    Corrupt(String),
    Sheet(String),
    Type { column: String, found: String },
}

fn read_answer(input: &mut impl Read) -> io::Result<Answer> {
    let mut kind = [0];
    input.read_exact(&mut kind)?;
    match kind[0] {
        b'R' => wire::read(input).map(Answer::Read),
        b'T' => Ok(Answer::Type { column: wire::read_text(input)?, found: wire::read_text(input)? }),
        b'S' => wire::read_text(input).map(Answer::Sheet),
        _ => wire::read_text(input).map(Answer::Corrupt),
    }
}

fn write_order(out: &mut impl Write, signature: Signature, options: &ReadOptions, content: &[u8]) -> io::Result<()> {
    wire::text(out, signature.code())?;
    for list in [&options.nulls, &options.ignore] {
        wire::text(out, &list.len().to_string())?;
        list.iter().try_for_each(|text| wire::text(out, text))?;
    }
    for key in [&options.record_key, &options.subject_key, &options.sheet] {
        wire::text(out, key.as_deref().unwrap_or_default())?;
    }
    out.write_all(content)
}

fn read_order(input: &mut impl Read) -> io::Result<Order> {
    let format = wire::read_text(input)?;
    let mut list = || -> io::Result<Vec<String>> {
        let length = wire::read_text(input)?.parse::<usize>().map_err(io::Error::other)?;
        (0..length).map(|_| wire::read_text(input)).collect()
    };
    let (nulls, ignore) = (list()?, list()?);
    let mut key = || -> io::Result<Option<String>> { Ok(Some(wire::read_text(input)?).filter(|key| !key.is_empty())) };
    let (record_key, subject_key, sheet) = (key()?, key()?, key()?);
    Ok((format, ReadOptions { nulls, ignore, record_key, subject_key, sheet, ..ReadOptions::default() }))
}

/// Limits the memory of this process, where the system can.
fn limit(memory: u64) {
    #[cfg(unix)]
    {
        use nix::sys::resource::{Resource, getrlimit, setrlimit};
        // What is only reserved, as threads do, does not count where the system tells it apart.
        if let Ok((_, most)) = getrlimit(Resource::RLIMIT_DATA) {
            let _ = setrlimit(Resource::RLIMIT_DATA, memory.min(most), most);
        }
    }
    #[cfg(not(unix))]
    let _ = memory;
}
