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
    let folder = tempfile::Builder::new().prefix("reident-").tempdir().context("cannot make a temporary folder")?;
    let (html, pdf) = (folder.path().join("report.html"), folder.path().join("report.pdf"));
    std::fs::write(&html, page).context("cannot write the page to print")?;
    let arguments = pdf::arguments(&html, &pdf, &folder.path().join("profile"), !is_root());
    let shown = browser.display().to_string();
    let output = Command::new(&browser)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {shown}"))?;
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or_default().to_owned();
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
