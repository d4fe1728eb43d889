//! Evidence for a person at a terminal.
