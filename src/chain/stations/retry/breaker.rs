//! Circuit breakers: closed, open, half-open.

use crate::chain::spec::{self, Window};
use crate::kernel::Nanos;
use std::collections::VecDeque;

/// One breaker's state.
#[derive(Debug)]
pub(crate) struct Breaker {
    settings: spec::Breaker,
    state: State,
    /// While closed, the results within the window: when, and whether it failed.
    results: VecDeque<(Nanos, bool)>,
    failures: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Closed,
    Open,
    /// Probes let through, their results so far, and how many of those failed.
    HalfOpen {
        started: u32,
        ended: u32,
        failed: u32,
    },
}

/// The turn that a result gave a breaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Open from now on; half-open after so long.
    Opened(Nanos),
    /// Closed from now on.
    Closed,
}

impl Breaker {
    pub(crate) fn new(settings: &spec::Breaker) -> Breaker {
        Breaker {
            settings: settings.clone(),
            state: State::Closed,
            results: VecDeque::new(),
            failures: 0,
        }
    }

    /// `closed`, `open` or `half-open`.
    pub(crate) fn state(&self) -> &'static str {
        match self.state {
            State::Closed => "closed",
            State::Open => "open",
            State::HalfOpen { .. } => "half-open",
        }
    }

    /// True if it would turn a try back.
    pub(crate) fn blocks(&self) -> bool {
        match self.state {
            State::Closed => false,
            State::Open => true,
            State::HalfOpen { started, .. } => started >= self.settings.probes,
        }
    }

    /// Lets a try through, as a probe if it is half-open; `None`: it is turned back.
    pub(crate) fn passes(&mut self) -> Option<bool> {
        if self.blocks() {
            return None;
        }
        match &mut self.state {
            State::HalfOpen { started, .. } => {
                *started += 1;
                Some(true)
            }
            _ => Some(false),
        }
    }

    /// Its time open is over: how many probes may pass.
    pub(crate) fn half_opens(&mut self) -> u32 {
        self.state = State::HalfOpen { started: 0, ended: 0, failed: 0 };
        self.settings.probes
    }

    /// The result of a try that it let through.
    pub(crate) fn result(&mut self, now: Nanos, failed: bool, probe: bool) -> Option<Turn> {
        match &mut self.state {
            // From before it opened.
            State::Open => None,
            State::HalfOpen { .. } if !probe => None,
            State::HalfOpen { ended, failed: failures, .. } => {
                *ended += 1;
                *failures += u32::from(failed);
                if *ended < self.settings.probes {
                    return None;
                }
                let share = f64::from(*failures) / f64::from(*ended);
                if share >= self.settings.failure_share {
                    return Some(self.open());
                }
                self.state = State::Closed;
                Some(Turn::Closed)
            }
            State::Closed => {
                self.results.push_back((now, failed));
                self.failures += u64::from(failed);
                while self.results.front().is_some_and(|&(time, _)| match self.settings.window {
                    Window::Time(span) => time.saturating_add(span) <= now,
                    Window::Calls(calls) => self.results.len() > calls as usize,
                }) {
                    let old = self.results.pop_front();
                    self.failures -= u64::from(old.is_some_and(|(_, failed)| failed));
                }
                let calls = self.results.len();
                let share = self.failures as f64 / calls as f64;
                let opens = failed
                    && calls >= self.settings.min_calls as usize
                    && share >= self.settings.failure_share;
                opens.then(|| self.open())
            }
        }
    }

    fn open(&mut self) -> Turn {
        self.state = State::Open;
        self.results.clear();
        self.failures = 0;
        Turn::Opened(self.settings.open_for)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaker(window: Window) -> Breaker {
        Breaker::new(&spec::Breaker {
            window,
            failure_share: 0.5,
            min_calls: 4,
            open_for: 100,
            probes: 2,
        })
    }

    #[test]
    fn opens_on_enough_failures_among_enough_calls() {
        let mut breaker = breaker(Window::Calls(4));
        for failed in [true, true, false] {
            assert_eq!(breaker.result(0, failed, false), None, "too few calls");
        }
        assert_eq!(breaker.result(0, false, false), None, "a success opens nothing");
        assert_eq!(breaker.result(0, false, false), None, "one of four");
        assert_eq!(breaker.result(0, false, false), None);
        assert_eq!(breaker.result(0, true, false), None, "one of four");
        assert_eq!(breaker.result(0, true, false), Some(Turn::Opened(100)));
        assert!(breaker.blocks() && breaker.passes().is_none());
        assert_eq!(breaker.result(1, true, false), None, "from before it opened");
    }

    #[test]
    fn forgets_what_its_window_no_longer_holds() {
        let mut breaker = breaker(Window::Time(10));
        for time in [0, 1, 2] {
            assert_eq!(breaker.result(time, true, false), None);
        }
        assert_eq!(breaker.result(11, true, false), None, "two are left");
        assert_eq!(breaker.result(11, true, false), None);
        assert_eq!(breaker.result(11, true, false), Some(Turn::Opened(100)));
    }

    #[test]
    fn probes_decide() {
        let mut breaker = breaker(Window::Calls(4));
        for _ in 0..4 {
            breaker.result(0, true, false);
        }
        assert_eq!(breaker.half_opens(), 2);
        assert_eq!((breaker.passes(), breaker.passes()), (Some(true), Some(true)));
        assert_eq!(breaker.passes(), None);
        assert_eq!(breaker.result(1, false, false), None, "not a probe");
        assert_eq!(breaker.result(1, false, true), None);
        assert_eq!(breaker.result(1, true, true), Some(Turn::Opened(100)), "half of them failed");
        breaker.half_opens();
        assert_eq!((breaker.passes(), breaker.passes()), (Some(true), Some(true)));
        breaker.result(2, false, true);
        assert_eq!(breaker.result(2, false, true), Some(Turn::Closed));
        assert_eq!(breaker.passes(), Some(false));
    }
}
