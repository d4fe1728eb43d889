//! The HTML report as PDF: a Chromium-based browser prints it.
//!
//! The page brings its own print style (A4, running header with the stamp, page numbers, everything unfolded), and the
//! browser embeds the fonts that it used, Chinese ones included. Nothing here runs anything: the caller finds one of
//! [`BROWSERS`], starts it with [`arguments`], and tells the user to install one when there is none.

use std::ffi::OsString;
use std::path::Path;

/// Programs that print a report, in the order to look for them. Others ignore the margins that carry the stamp.
pub const BROWSERS: [&str; 5] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"];

/// Arguments that make a browser print `html` to `pdf`.
///
/// `profile` is an empty folder for the browser's own files, to be removed afterwards. Without `sandbox` the browser
/// also starts as root, as in a container; a report holds no script, so there is nothing to confine.
pub fn arguments(html: &Path, pdf: &Path, profile: &Path, sandbox: bool) -> Vec<OsString> {
    let with = |option: &str, path: &Path| {
        let mut argument = OsString::from(option);
        argument.push(path);
        argument
    };
    let fixed = [
        "--headless",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-pdf-header-footer",
    ];
    let mut arguments: Vec<OsString> = fixed.into_iter().map(OsString::from).collect();
    if !sandbox {
        arguments.push("--no-sandbox".into());
    }
    arguments.push(with("--user-data-dir=", profile));
    arguments.push(with("--print-to-pdf=", pdf));
    arguments.push(html.into());
    arguments
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn the_page_comes_last_and_the_sandbox_only_on_request() {
        let [html, pdf, profile] = ["/r/a b.html", "/r/a.pdf", "/tmp/p"].map(Path::new);
        let words = arguments(html, pdf, profile, false);
        assert_eq!(words.last().map(OsString::as_os_str), Some(html.as_os_str()));
        assert!(words.contains(&"--print-to-pdf=/r/a.pdf".into()) && words.contains(&"--no-sandbox".into()));
        assert!(!arguments(html, pdf, profile, true).contains(&"--no-sandbox".into()));
    }
}
