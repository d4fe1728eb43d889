//! Attackers and results in plain words.
