//! Signing evidence and finding what was changed since.

mod envelope; // what verify says about whole, wrong and foreign envelopes
mod keys; // published vectors and key files
mod log; // the audit log
mod sample; // one evidence, one release, two tables
mod tamper; // random bytes changed anywhere
