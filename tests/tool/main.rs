//! The built binary, driven as users drive it.

/// Directories, runs of the binary, small tables.
mod support;

/// What to change, and that what is predicted comes true.
mod advise;
/// The annex to an impact assessment, from a manifest to the filed document.
#[cfg(unix)]
mod annex;
/// The example of the annex in the documentation.
#[cfg(unix)]
mod annex_example;
mod at_once;
/// Signatures, verification and the audit log.
#[cfg(unix)]
mod attest;
/// Keys, passphrases, other ways of reading tables, and that no secret is ever shown.
#[cfg(unix)]
mod attest_keys;
/// Every bad input gets its exit code and a message that says where and what to do.
mod bad_input;
/// What the attacks would have noticed of a planted leak.
#[cfg(unix)]
mod calibrate;
/// Policies, verdicts, exit codes, comparisons and formats.
mod check;
/// Equivalence classes and policies' rules about them.
mod classes;
/// What could not be compared, row numbers, and controls that are not what they say.
mod comparability;
/// Controls that are not what they say.
mod control;
/// Same inputs, settings and seed: same bytes, whatever the threads, the formats and the order of rows or columns.
mod determinism;
/// Several releases of the same persons.
#[cfg(unix)]
mod earlier;
/// What the commands print and write.
mod evaluate;
/// Evidence of a fixed run, byte by byte, and its schema.
mod golden;
/// Hierarchies, rounded numbers, middles of bands, and originals that are made coarser themselves.
#[cfg(unix)]
mod hierarchies;
/// Direct identifiers left in a release.
mod identifiers;
#[cfg(unix)]
mod known_columns;
/// The crates depend on one another in one direction only.
mod layers;
mod membership;
mod models;
/// An implementation of the definitions that shares no code with this one.
mod oracle;
/// Files that are written: never over something else, never half, and readable by whom they should be.
mod outputs;
/// Who is exposed, and who may read it.
mod persons;
/// Real tables with planted leaks; skipped where `../shared` is not present.
mod planted;
/// Releases of every kind, whose truth is known: pseudonymised, sampled, generalized, suppressed, perturbed.
mod releases;
/// Evidence in which not everything could be compared, run again.
#[cfg(unix)]
mod rerun;
/// No cell value leaves.
mod secrecy;
/// What nobody compared carries no pass.
mod uncompared;

/// Every remark and finding has a sentence in both languages.
mod words;
