//! Progress on standard error: which attacker, how far, how long still.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use reident_attacks::targets::Progress;
use std::io::IsTerminal;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// A bar that stays away from anything that is no terminal.
pub struct Bar {
    bar: ProgressBar,
    attackers: AtomicUsize,
    attacker: AtomicUsize,
}

impl Bar {
    /// A bar; hidden when quiet or when standard error is no terminal.
    pub fn new(quiet: bool) -> Bar {
        let bar = ProgressBar::new(0);
        if quiet || !std::io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        } else {
            bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(8));
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        let style =
            ProgressStyle::with_template("{msg:26} {wide_bar} {human_pos}/{human_len}, {eta} left of this step");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Bar { bar, attackers: AtomicUsize::new(0), attacker: AtomicUsize::new(0) }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn attackers(&self, count: usize) {
        self.attackers.store(count, Ordering::Relaxed);
    }

    fn attacker(&self) {
        self.attacker.fetch_add(1, Ordering::Relaxed);
    }

    fn begin(&self, step: &str, units: u64) {
        self.bar.reset();
        self.bar.set_length(units);
        // A search for known columns comes before any attacker.
        self.bar.set_message(match self.attacker.load(Ordering::Relaxed) {
            0 => step.to_owned(),
            attacker => format!("[{attacker}/{}] {step}", self.attackers.load(Ordering::Relaxed)),
        });
    }

    fn advance(&self, units: u64) {
        self.bar.inc(units);
    }
}
