//! What the documents show is what the program prints: the README's and the command line reference's transcripts.
//!
//! After a change that is meant to show: `TRYCMD=overwrite cargo test --test transcripts`.

#[test]
fn documents_show_what_the_program_prints() {
    // Tables as a wide terminal shows them, help as a narrow one.
    trycmd::TestCases::new().env("COLUMNS", "120").case("README.md");
    trycmd::TestCases::new().env("COLUMNS", "100").case("docs/cli.md");
}
