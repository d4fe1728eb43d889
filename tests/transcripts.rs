//! What the documents show is what the program prints: the README's and the command line reference's transcripts.
//!
//! After a change that is meant to show: `TRYCMD=overwrite cargo test --test transcripts`.

#[test]
fn documents_show_what_the_program_prints() {
    trycmd::TestCases::new().env("COLUMNS", "100").case("README.md").case("docs/cli.md");
}
