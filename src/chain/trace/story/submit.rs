//! Steps of submits.

use super::{Draw, Step};
use crate::chain::records::outcome::AttemptResult;
use crate::chain::spec::Failures;
use crate::kernel::Nanos;

/// Steps of an attempt. Providers are indices.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SubmitStep {
    /// It waits for a token of the provider's pace.
    WaitsForToken {
        /// The provider.
        provider: usize,
        /// The throttle of the list that holds it up.
        throttle: usize,
        /// Its place in the line, from 1.
        place: u64,
        /// Tokens there are.
        tokens: f64,
    },
    /// It waits for a slot of the provider's window.
    WaitsForSlot {
        /// The provider.
        provider: usize,
        /// Its place in the line, from 1.
        place: u64,
        /// Slots in use.
        used: u64,
        /// The link is paused until then.
        paused_until: Option<Nanos>,
    },
    /// It goes out.
    GoesOut {
        /// The provider.
        provider: usize,
        /// The number of the attempt among its message's, from 1.
        attempt: u32,
        /// The number among those to this provider, from 1.
        number: u32,
        /// It is a hedge.
        hedge: bool,
        /// So long after it began to wait for pace and window.
        waited: Nanos,
        /// Slots in use, its own among them.
        used: u64,
        /// Tokens left of the pace.
        tokens: Option<f64>,
        /// It tries a half-open breaker.
        probe: bool,
    },
    /// The provider has an outage.
    Outage {
        /// The provider.
        provider: usize,
        /// Its bind is down, and the submit is refused after so long; `None`: nothing is heard.
        refused: Option<Nanos>,
    },
    /// A throttle of the provider has no token.
    OverRate {
        /// The provider.
        provider: usize,
        /// The throttle of the list that refuses it.
        throttle: usize,
        /// Tokens there are.
        tokens: f64,
        /// The refusal takes so long.
        latency: Nanos,
    },
    /// The provider has judged it.
    Judged {
        /// The provider.
        provider: usize,
        /// The uniform that decided; `None`: nothing can fail.
        u: Option<f64>,
        /// The shares it fell among, all sources together.
        shares: Failures,
        /// The result it fell on.
        result: AttemptResult,
        /// The provider is in a spell of degradation.
        spell: bool,
        /// An incident brings failures.
        incident: bool,
        /// The answer takes so long; `None`: its servers will see.
        latency: Option<Nanos>,
        /// By which spell and incidents have multiplied that.
        factor: f64,
    },
    /// It waits for one of the provider's servers.
    WaitsForServer {
        /// The provider.
        provider: usize,
        /// Its place in the line, from 1.
        place: u64,
    },
    /// The provider's line is full.
    LineFull {
        /// The provider.
        provider: usize,
        /// Submits waiting.
        waiting: u64,
        /// The refusal takes so long.
        latency: Nanos,
    },
    /// One of the provider's servers begins.
    Served {
        /// The provider.
        provider: usize,
        /// It takes so long.
        latency: Nanos,
        /// By which spell and incidents have multiplied that.
        factor: f64,
    },
    /// The answer has not come: was it accepted all the same?
    Silence {
        /// The provider.
        provider: usize,
        /// The draw of its having been.
        draw: Draw,
    },
    /// The sender has its result.
    Ends {
        /// The provider.
        provider: usize,
        /// The number among its message's to this provider, from 1.
        number: u32,
        /// The result.
        result: AttemptResult,
        /// So long after it went out.
        took: Nanos,
        /// The provider asks for at least this wait; 0: for none.
        retry_after: Nanos,
        /// The sender was still waiting for it.
        awaited: bool,
    },
    /// The sender needs its answer no more.
    Forgotten {
        /// The provider.
        provider: usize,
        /// It is out: it may still be accepted.
        out: bool,
    },
    /// The provider truly accepts a copy.
    Accepted {
        /// The provider.
        provider: usize,
        /// The copy, from 0 in order of acceptance.
        copy: u32,
        /// With it every part of the message is accepted, or it is none of several.
        whole: bool,
        /// Until it reaches the carrier.
        relay: Nanos,
        /// The draw of its loss on the way there.
        lost: Option<Draw>,
    },
}

impl From<SubmitStep> for Option<Step> {
    fn from(step: SubmitStep) -> Self {
        Some(Step::Submit(step))
    }
}
