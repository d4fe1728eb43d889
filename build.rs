//! Puts the source commit into the binary, for the evidence's `tool.commit`: that of the repository, or the one that `REIDENT_COMMIT` names
//! where there is none, as in a source distribution.

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=.git/HEAD");
    println!("cargo:rerun-if-changed=.git/refs/heads");
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=REIDENT_COMMIT");
    // The repository around a source distribution is somebody else's.
    let of_repository = || {
        let git = Path::new(".git").exists().then(|| Command::new("git").args(["rev-parse", "HEAD"]).output())?;
        String::from_utf8(git.ok().filter(|output| output.status.success())?.stdout).ok()
    };
    let commit = std::env::var("REIDENT_COMMIT").ok().or_else(of_repository);
    let commit = commit.map_or_else(|| "unknown".to_owned(), |text| text.trim().to_owned());
    println!("cargo:rustc-env=REIDENT_COMMIT={commit}");
}
