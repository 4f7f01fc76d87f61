//! How far the runs have got, for a person who watches.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::experiment::Watch;
use crate::kernel::{Nanos, SECOND};

/// A bar over the simulated time of all replications, on stderr.
pub(super) struct Progress {
    bar: ProgressBar,
    simulated: AtomicU64,
    events: AtomicU64,
    ended: AtomicU64,
    replications: u64,
}

impl Progress {
    pub(super) fn new(shown: bool, duration: Nanos, replications: u64) -> Progress {
        let bar = if shown {
            let length = duration.saturating_mul(replications) / SECOND;
            ProgressBar::with_draw_target(Some(length.max(1)), ProgressDrawTarget::stderr())
        } else {
            ProgressBar::hidden()
        };
        if let Ok(style) = ProgressStyle::with_template("  {bar:30} {percent:>3} %  {msg}") {
            bar.set_style(style.progress_chars("█▉▊▋▌▍▎▏ "));
        }
        let zero = || AtomicU64::new(0);
        Progress { bar, simulated: zero(), events: zero(), ended: zero(), replications }
    }

    /// The bar goes.
    pub(super) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

impl Watch for Progress {
    fn advanced(&self, simulated: Nanos, events: u64) -> bool {
        let simulated = self.simulated.fetch_add(simulated, Ordering::Relaxed) + simulated;
        let events = self.events.fetch_add(events, Ordering::Relaxed) + events;
        if !self.bar.is_hidden() {
            let elapsed = self.bar.elapsed().max(Duration::from_millis(1)).as_secs_f64();
            let mut message = format!("{:.1} M events/s", events as f64 / elapsed / 1e6);
            if self.replications > 1 {
                let ended = self.ended.load(Ordering::Relaxed);
                message = format!("{ended} of {} replications, {message}", self.replications);
            }
            self.bar.set_message(message);
            self.bar.set_position(simulated / SECOND);
        }
        true
    }

    fn ended(&self) {
        self.ended.fetch_add(1, Ordering::Relaxed);
    }
}
