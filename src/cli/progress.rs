//! Progress of the runs, for a person who watches.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::caller::{self, Pulse};
use crate::experiment::{Advance, Watch};
use crate::kernel::{Nanos, SECOND};

/// The wall clock, for how long something takes: that is told on stderr, never in a result.
#[expect(clippy::disallowed_methods, reason = "no result depends on it")]
pub(super) fn now() -> Instant {
    Instant::now()
}

/// A bar over the simulated time of all replications, on stderr, until it is dropped.
pub(super) struct Progress {
    bar: ProgressBar,
    simulated: AtomicU64,
    /// The part of it that was known beforehand: it took no time.
    known: AtomicU64,
    messages: AtomicU64,
    ended: AtomicU64,
    replications: u64,
    /// It may be over before all of them are made.
    at_most: bool,
    /// The work it is a part of.
    led: Option<String>,
    /// The program that waits for it.
    pulse: Option<Arc<Pulse>>,
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
        if let Ok(style) = ProgressStyle::with_template("  {bar:16} {percent:>3} %  {msg}") {
            bar.set_style(style.progress_chars("█▉▊▋▌▍▎▏ "));
        }
        let zero = || AtomicU64::new(0);
        let pulse = caller::pulse();
        if let Some(pulse) = &pulse {
            pulse.begins(total, replications);
        }
        Progress {
            bar,
            simulated: zero(),
            known: zero(),
            messages: zero(),
            ended: zero(),
            replications,
            at_most: false,
            led: None,
            pulse,
        }
    }

    /// It may be over before all replications are made: how long it takes is anybody's guess.
    pub(super) fn at_most(mut self, at_most: bool) -> Progress {
        self.at_most = at_most;
        self
    }

    /// The same, led by the work it is a part of.
    pub(super) fn led(mut self, led: String) -> Progress {
        self.led = Some(led);
        self
    }

    /// The bar goes.
    pub(super) fn clear(&self) {
        self.bar.finish_and_clear();
    }

    fn far(&self) -> Far {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Far {
            elapsed_s: self.bar.elapsed().max(Duration::from_millis(1)).as_secs_f64(),
            simulated: of(&self.simulated),
            known: of(&self.known),
            total: self.bar.length().unwrap_or(0).saturating_mul(SECOND),
            messages: of(&self.messages),
            ended: of(&self.ended),
            replications: self.replications,
            at_most: self.at_most,
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

/// The state of the work.
struct Far {
    elapsed_s: f64,
    simulated: Nanos,
    known: Nanos,
    total: Nanos,
    messages: u64,
    ended: u64,
    replications: u64,
    at_most: bool,
}

impl Far {
    /// The text beside the bar: short enough for 80 columns.
    fn text(&self) -> String {
        let mut parts = Vec::new();
        if self.replications > 1 {
            let of = if self.at_most { "of at most" } else { "of" };
            parts.push(format!("{} {of} {} runs", self.ended, self.replications));
        } else {
            parts.push(format!("{} of {} simulated", span(self.simulated), span(self.total)));
        }
        parts.push(format!("{} messages/s", rounded(self.messages as f64 / self.elapsed_s)));
        if let Some(left) = self.left() {
            parts.push(format!("{left} left"));
        }
        parts.join(", ")
    }

    /// The time that the rest takes if it goes on as until now; nothing while that is anybody's guess.
    fn left(&self) -> Option<String> {
        const TOO_EARLY_S: f64 = 1.0;
        let done = self.simulated.saturating_sub(self.known);
        if self.at_most || self.elapsed_s < TOO_EARLY_S || done == 0 {
            return None;
        }
        let left = self.total.saturating_sub(self.simulated);
        let seconds = (self.elapsed_s * left as f64 / done as f64).ceil();
        Some(match seconds {
            ..100.0 => format!("{seconds:.0} s"),
            ..6000.0 => format!("{:.0} min", (seconds / 60.0).ceil()),
            _ => format!("{:.1} h", seconds / 3600.0),
        })
    }
}

/// A span of simulated time, in a unit that suits it.
fn span(nanos: Nanos) -> String {
    let seconds = nanos as f64 / SECOND as f64;
    match seconds {
        ..120.0 => format!("{seconds:.0} s"),
        ..7200.0 => format!("{:.0} min", seconds / 60.0),
        ..172_800.0 => format!("{:.1} h", seconds / 3600.0),
        _ => format!("{:.1} d", seconds / 86_400.0),
    }
}

/// Three digits are enough for a rate.
fn rounded(rate: f64) -> String {
    match rate {
        ..1e4 => format!("{rate:.0}"),
        ..1e6 => format!("{:.0} k", rate / 1e3),
        _ => format!("{:.1} M", rate / 1e6),
    }
}

impl Watch for Progress {
    fn advanced(&self, step: Advance) -> bool {
        if let Some(pulse) = &self.pulse {
            pulse.advanced(step);
        }
        self.simulated.fetch_add(step.simulated, Ordering::Relaxed);
        self.messages.fetch_add(step.messages, Ordering::Relaxed);
        if !self.bar.is_hidden() {
            let far = self.far();
            let text = match &self.led {
                Some(led) => format!("{led}: {}", far.text()),
                None => far.text(),
            };
            self.bar.set_message(text);
            self.bar.set_position(far.simulated / SECOND);
        }
        true
    }

    fn ended(&self) {
        self.ended.fetch_add(1, Ordering::Relaxed);
        if let Some(pulse) = &self.pulse {
            pulse.ended();
        }
    }

    fn known(&self, simulated: Nanos) {
        self.known.fetch_add(simulated, Ordering::Relaxed);
        self.ended();
        self.advanced(Advance { simulated, ..Advance::default() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn far(elapsed_s: f64, simulated_s: u64) -> Far {
        Far {
            elapsed_s,
            simulated: simulated_s * SECOND,
            known: 0,
            total: 10_000 * SECOND,
            messages: 3_000_000,
            ended: 0,
            replications: 1,
            at_most: false,
        }
    }

    #[test]
    fn the_rest_takes_as_long_as_what_was() {
        let left = |elapsed_s, simulated_s| far(elapsed_s, simulated_s).left();
        assert_eq!(left(0.5, 5000), None);
        assert_eq!(left(2.0, 0), None);
        assert_eq!(left(10.0, 5000).as_deref(), Some("10 s"));
        assert_eq!(left(10.0, 500).as_deref(), Some("4 min"));
        assert_eq!(left(10.0, 10).as_deref(), Some("2.8 h"));
        assert_eq!(left(10.0, 10_000).as_deref(), Some("0 s"));
        // What was known beforehand took no time.
        let resumed = Far { known: 5000 * SECOND, ..far(10.0, 7500) };
        assert_eq!(resumed.left().as_deref(), Some("10 s"));
        assert_eq!(Far { known: 5000 * SECOND, ..far(10.0, 5000) }.left(), None);
    }

    #[test]
    fn a_line_fits_beside_the_bar() {
        let one = far(10.0, 5000);
        assert_eq!(one.text(), "83 min of 2.8 h simulated, 300 k messages/s, 10 s left");
        let many = Far { messages: 1_234_567, ended: 37, replications: 10_000, ..far(10.0, 5000) };
        assert_eq!(many.text(), "37 of 10000 runs, 123 k messages/s, 10 s left");
        let open = Far { at_most: true, ..far(10.0, 5000) };
        assert_eq!(open.left(), None);
        let open = Far { replications: 1000, ..open };
        assert_eq!(open.text(), "0 of at most 1000 runs, 300 k messages/s");
        let bar = "  ".len() + 16 + " 100 %  ".len();
        for line in [one, many] {
            assert!(bar + line.text().chars().count() <= 80);
        }
    }
}
