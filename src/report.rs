//! `reident report`: evidence for persons, as a page, a text or a printed document.

use crate::check;
use crate::cli::{ReportArgs, ReportFormat};
use crate::output::{self, Output};
use anyhow::{Context, Result, anyhow, bail};
use reident_reports::html::{self, ReportOptions, Verdicts, pdf};
use reident_reports::markdown;
use reident_reports::message::Language;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How long a browser may take to print.
const BROWSER_TIME: Duration = Duration::from_secs(120);

/// Writes the report.
///
/// # Errors
/// When a file cannot be read or written, the policy is none, or there is no browser for a PDF.
pub fn run(args: &ReportArgs) -> Result<()> {
    output::apart(Some(&args.out), &[Some(&args.evidence), args.policy.as_deref().map(Path::new)])?;
    let out = Output::open(&args.out)?;
    let evidence = check::evidence(&args.evidence)?;
    let policy = args.policy.as_deref().map(|policy| check::policy(policy, &args.overrides)).transpose()?;
    let min_cell = policy.as_ref().map_or(html::MIN_CELL, |policy| policy.min_cell);
    if min_cell < html::MIN_CELL && !args.include_sensitive {
        bail!(
            "the policy shows counts of persons from {min_cell} on, and below {} they may point at somebody; pass \
             --include-sensitive, which stamps the report",
            html::MIN_CELL
        );
    }
    let result = policy.as_ref().map(|policy| reident_reports::check::check(&evidence, policy));
    let options = ReportOptions {
        language: Language::from_code(&args.lang).ok_or_else(|| anyhow!("there is no language `{}`", args.lang))?,
        check: result.as_ref().map(Verdicts::of),
        include_sensitive: args.include_sensitive,
        min_cell,
    };
    match args.format.unwrap_or_else(|| format_of(&args.out)) {
        ReportFormat::Html => out.finish(html::render(&evidence, &options).as_bytes()),
        ReportFormat::Markdown => out.finish(markdown::render(&evidence, &options).as_bytes()),
        ReportFormat::Pdf => out.finish(&print(&html::render(&evidence, &options))?),
    }
}

/// The format that a file's name asks for.
fn format_of(path: &Path) -> ReportFormat {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("pdf") => ReportFormat::Pdf,
        Some("md" | "markdown") => ReportFormat::Markdown,
        _ => ReportFormat::Html,
    }
}

/// Lets a browser print a page.
fn print(page: &str) -> Result<Vec<u8>> {
    let Some(browser) = pdf::BROWSERS.iter().find_map(|name| find(name)) else {
        bail!(
            "a PDF needs a Chromium-based browser, and there is none of {}; install one (on Debian: apt-get install \
             chromium fonts-noto-cjk), or write --format html and print it yourself",
            pdf::BROWSERS.join(", ")
        );
    };
    // A folder of its own, which goes away: the browser leaves a profile, and the page may hold what only its reader may see.
    let folder = output::Folder::new()?;
    let (html, pdf) = (folder.path().join("report.html"), folder.path().join("report.pdf"));
    std::fs::write(&html, page).context("cannot write the page to print")?;
    let arguments = pdf::arguments(&html, &pdf, &folder.path().join("profile"), !is_root());
    let shown = browser.display().to_string();
    // What it says goes into a file, so that it never waits for a reader.
    let said = folder.path().join("said");
    let to_file = std::fs::File::create(&said).context("cannot write into the temporary folder")?;
    let mut child = Command::new(&browser)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(to_file)
        .spawn()
        .with_context(|| format!("cannot start {shown}"))?;
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().with_context(|| format!("cannot wait for {shown}"))? {
            break status;
        }
        if started.elapsed() > BROWSER_TIME {
            let _ = child.kill();
            let _ = child.wait();
            bail!(
                "{shown} did not print the report within {} seconds and was ended; write --format html and print it yourself",
                BROWSER_TIME.as_secs()
            );
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    if !status.success() {
        let said = std::fs::read(&said).unwrap_or_default();
        let reason = String::from_utf8_lossy(&said).lines().last().unwrap_or_default().to_owned();
        bail!("{shown} could not print the report: {reason}");
    }
    std::fs::read(&pdf).with_context(|| format!("{shown} printed nothing"))
}

fn find(program: &str) -> Option<PathBuf> {
    let places = std::env::var_os("PATH")?;
    std::env::split_paths(&places).map(|place| place.join(program)).find(|path| path.is_file())
}

/// Chromium refuses to start as root with its sandbox, as in most containers.
fn is_root() -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        std::fs::metadata(Path::new("/proc/self")).is_ok_and(|own| own.uid() == 0)
    }
    #[cfg(not(unix))]
    {
        false
    }
}
