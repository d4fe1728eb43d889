//! Reports as printed documents: a browser prints the page.

use crate::document::{DocumentError, OfFile};
use reident_reports::html::pdf;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How long a browser may take to print.
const BROWSER_TIME: Duration = Duration::from_secs(120);

/// Lets a browser print a page. It leaves a profile in the folder, and the page may hold what only its reader may see: the folder
/// should be the caller's alone, and go away afterwards.
///
/// # Errors
/// When there is no browser, or it does not print.
pub fn print(page: &str, folder: &Path) -> Result<Vec<u8>, DocumentError> {
    let Some(browser) = pdf::BROWSERS.iter().find_map(|name| find(name)) else {
        return Err(DocumentError::new(format!(
            "a PDF needs a Chromium-based browser, and there is none of {}; install one (on Debian: apt-get install \
             chromium fonts-noto-cjk), or write --format html and print it yourself",
            pdf::BROWSERS.join(", ")
        )));
    };
    let (html, pdf) = (folder.join("report.html"), folder.join("report.pdf"));
    std::fs::write(&html, page).of_file(&html, || "cannot write the page to print".to_owned())?;
    let arguments = pdf::arguments(&html, &pdf, &folder.join("profile"), !is_root());
    let shown = browser.display().to_string();
    // What it says goes into a file, so that it never waits for a reader.
    let said = folder.join("said");
    let to_file =
        std::fs::File::create(&said).of_file(&said, || "cannot write into the temporary folder".to_owned())?;
    let mut child = Command::new(&browser)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(to_file)
        .spawn()
        .of_file(&browser, || format!("cannot start {shown}"))?;
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().of_file(&browser, || format!("cannot wait for {shown}"))? {
            break status;
        }
        if started.elapsed() > BROWSER_TIME {
            let _ = child.kill();
            let _ = child.wait();
            return Err(DocumentError::new(format!(
                "{shown} did not print the report within {} seconds and was ended; write --format html and print it yourself",
                BROWSER_TIME.as_secs()
            )));
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    if !status.success() {
        let said = std::fs::read(&said).unwrap_or_default();
        let reason = String::from_utf8_lossy(&said).lines().last().unwrap_or_default().to_owned();
        return Err(DocumentError::new(format!("{shown} could not print the report: {reason}")));
    }
    std::fs::read(&pdf).of_file(&pdf, || format!("{shown} printed nothing"))
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
