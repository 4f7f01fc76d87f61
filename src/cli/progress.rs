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
        Progress::over(shown, duration.saturating_mul(replications), replications)
    }

    /// Of replications whose durations are `total` together.
    pub(super) fn over(shown: bool, total: Nanos, replications: u64) -> Progress {
        let bar = if shown {
            let length = total / SECOND;
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

/// How long the rest takes if it goes on as until now; nothing while that is anybody's guess.
fn left(elapsed_s: f64, done: f64, total: f64) -> Option<String> {
    const TOO_EARLY_S: f64 = 1.0;
    if elapsed_s < TOO_EARLY_S || done <= 0.0 {
        return None;
    }
    let seconds = (elapsed_s * (total - done).max(0.0) / done).ceil();
    Some(match seconds {
        ..100.0 => format!("{seconds:.0} s"),
        ..6000.0 => format!("{:.0} min", (seconds / 60.0).ceil()),
        _ => format!("{:.1} h", seconds / 3600.0),
    })
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
            let total = self.bar.length().unwrap_or(0);
            if let Some(left) = left(elapsed, simulated as f64 / SECOND as f64, total as f64) {
                message.push_str(&format!(", about {left} left"));
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

#[cfg(test)]
mod tests {
    use super::left;

    #[test]
    fn the_rest_takes_as_long_as_what_was() {
        assert_eq!(left(0.5, 50.0, 100.0), None);
        assert_eq!(left(2.0, 0.0, 100.0), None);
        assert_eq!(left(10.0, 50.0, 100.0).as_deref(), Some("10 s"));
        assert_eq!(left(10.0, 5.0, 100.0).as_deref(), Some("4 min"));
        assert_eq!(left(10.0, 0.1, 100.0).as_deref(), Some("2.8 h"));
        assert_eq!(left(10.0, 100.0, 100.0).as_deref(), Some("0 s"));
    }
}
