//! The `reident` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(reident::cli::main())
}
