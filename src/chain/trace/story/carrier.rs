//! Steps at the carrier and at the handset.

use super::{Draw, Step};
use crate::chain::spec::CarrierExcess;
use crate::kernel::Nanos;

/// Steps of a copy at its carrier. Copies count from 0 in order of acceptance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CarrierStep {
    /// It gets there.
    Arrives {
        /// The copy.
        copy: u32,
    },
    /// The carrier has an outage: whatever happens next happens then.
    PutOff {
        /// The copy.
        copy: u32,
        /// The outage's end.
        until: Nanos,
    },
    /// The carrier has quiet hours: it is held until they end.
    Quiet {
        /// The copy.
        copy: u32,
        /// Their end.
        until: Nanos,
    },
    /// The carrier has quiet hours, and refuses it.
    QuietRefused {
        /// The copy.
        copy: u32,
        /// Their end.
        until: Nanos,
    },
    /// It waits for the throttle.
    WaitsForToken {
        /// The copy.
        copy: u32,
        /// The throttle of the list that holds it up.
        throttle: usize,
        /// Its place in the line of its bucket, from 1.
        place: u64,
        /// Tokens there are.
        tokens: f64,
    },
    /// It passes the throttle.
    Passes {
        /// The copy.
        copy: u32,
        /// Tokens left; `None`: of several throttles.
        tokens: Option<f64>,
    },
    /// The throttle turns it away.
    Throttled {
        /// The copy.
        copy: u32,
        /// The throttle of the list that does.
        throttle: usize,
        /// Tokens there are.
        tokens: f64,
        /// Copies waiting at this carrier.
        waiting: u64,
        /// The throttle's way with excess.
        how: CarrierExcess,
    },
    /// The daily cap counts it.
    Capped {
        /// The copy.
        copy: u32,
        /// The day's segments, its own among them if it passes.
        used: u64,
        /// Allowed.
        limit: u64,
        /// It passes.
        passes: bool,
    },
    /// The daily cap holds it.
    Held {
        /// The copy.
        copy: u32,
        /// The time at which it starts anew, or the validity ends.
        until: Nanos,
        /// The validity ends first.
        expires: bool,
    },
    /// The daily cap has started anew, and it goes on.
    Released {
        /// The copy.
        copy: u32,
    },
    /// The number has no subscriber.
    Unknown {
        /// The copy.
        copy: u32,
        /// By chance.
        draw: Draw,
    },
    /// A filter looks at it.
    Filtered {
        /// The copy.
        copy: u32,
        /// Index of the filter within the carrier.
        filter: usize,
        /// The filter takes it.
        taken: bool,
        /// The filter's finding.
        finding: Finding,
    },
}

/// A filter's finding, and whether it acts on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finding {
    /// The thing it saw.
    pub sight: Sight,
    /// The draw of acting on what it looks for. `None`: it always does, or saw nothing of the kind.
    pub draw: Option<Draw>,
}

/// The thing a filter saw.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Sight {
    /// A spam score.
    Score(f64),
    /// So many before it within the window (velocity, duplicate), or with it (volume).
    Count(u64),
    /// A sender that is above its rate, or held for having been: with so many messages within the
    /// window, until then.
    Held {
        /// Messages within the window, this one among them.
        count: u64,
        /// The hold's end.
        until: Nanos,
    },
    /// A sender that is on its list, or isn't.
    Sender {
        /// It is.
        registered: bool,
    },
    /// A message.
    Any,
}

/// Steps of a copy on its last hop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum HandsetStep {
    /// The carrier's first try.
    Tries {
        /// The copy.
        copy: u32,
        /// The handset is off or away.
        absent: Option<Absence>,
        /// The time at which a try finds it there; `None`: none does before the validity's end.
        found: Option<Nanos>,
    },
    /// It is on its way to the handset from then on.
    OnItsWay {
        /// The copy.
        copy: u32,
        /// The time of the try.
        from: Nanos,
        /// For so long.
        latency: Nanos,
        /// By which incidents have multiplied that.
        factor: f64,
        /// The draw of losing a segment of it.
        lost: Option<Draw>,
    },
    /// It is on the handset.
    Delivered {
        /// The copy.
        copy: u32,
        /// It is the message's first.
        first: bool,
        /// It came in parts: the copy is the part that was missing.
        in_parts: bool,
    },
    /// A part is on the handset; with the last of them the message is.
    PartArrives {
        /// The copy.
        copy: u32,
        /// The handset had that part.
        again: bool,
        /// Parts that it has.
        have: u16,
        /// Of so many.
        of: u16,
    },
    /// The message has ended, and the handset has some of its parts only: it never shows it.
    Incomplete {
        /// Parts that it has.
        have: u16,
        /// Of so many.
        of: u16,
    },
    /// It never gets there.
    Lost {
        /// The copy.
        copy: u32,
    },
    /// Its validity is over.
    Expires {
        /// The copy.
        copy: u32,
    },
}

/// A handset that is off or away.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Absence {
    /// By chance.
    pub draw: Draw,
    /// The time from which it is back.
    pub back: Nanos,
    /// The draw of the network's waking the carrier then.
    pub alert: Option<Draw>,
}

impl From<CarrierStep> for Option<Step> {
    fn from(step: CarrierStep) -> Self {
        Some(Step::Carrier(step))
    }
}

impl From<HandsetStep> for Option<Step> {
    fn from(step: HandsetStep) -> Self {
        Some(Step::Handset(step))
    }
}
