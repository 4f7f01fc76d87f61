//! One message's story: which message, then all that happened to it. Two runs of the same thing:
//! the first finds the message, the second tells. Neither changes anything, and their digests say
//! so.

mod find;
mod like;

pub use find::{Find, Found, find};
pub use like::Like;

use super::replications::{Failure, Replications, one};
use super::watch::Watch;
use crate::chain::trace::story::{Told, Whose};
use crate::chain::{Completed, Observed, Observer, Results, Truth, Wants};
use crate::kernel::Nanos;

/// The end of a message: what [`Completed`] says, to keep.
#[derive(Debug, Clone, PartialEq)]
pub struct End {
    /// Order id.
    pub order_id: u64,
    /// The 16 digits of its id.
    pub message_id: u64,
    /// Its request's number in order of arrival, from 1.
    pub request: u64,
    /// Its request came at or after the end of warm-up.
    pub counted: bool,
    /// Index of its stream.
    pub traffic: usize,
    /// Its sender id.
    pub sender: String,
    /// Index of its carrier.
    pub carrier: usize,
    /// Index of its route.
    pub route: usize,
    /// Segments.
    pub segments: u32,
    /// Time of the request.
    pub requested: Nanos,
    /// Time of acceptance by the API.
    pub accepted: Nanos,
    /// First true acceptance by a provider.
    pub handed_off: Option<Nanos>,
    /// First copy on the handset.
    pub delivered: Option<Nanos>,
    /// Submits.
    pub attempts: u32,
    /// Copies accepted by providers.
    pub copies: u32,
    /// Its true end.
    pub truth: Truth,
    /// The state that the sender saw last.
    pub observed: Observed,
    /// The place where it ended; empty if nowhere in particular.
    pub cause: String,
}

impl End {
    fn new(message: &Completed<'_>) -> End {
        End {
            order_id: message.order_id,
            message_id: message.message_id,
            request: message.request,
            counted: message.counted,
            traffic: message.traffic,
            sender: message.sender.to_owned(),
            carrier: message.carrier,
            route: message.route,
            segments: message.segments,
            requested: message.requested,
            accepted: message.accepted,
            handed_off: message.handed_off,
            delivered: message.delivered,
            attempts: message.attempts,
            copies: message.copies,
            truth: message.truth,
            observed: message.observed,
            cause: message.cause.to_owned(),
        }
    }

    /// The id that names it everywhere.
    #[must_use]
    pub fn bx_message_id(&self) -> String {
        format!("BX-{}-{:016x}", self.order_id, self.message_id)
    }
}

/// All that happened to a message and its kin: what repeated calls and resends made of the same
/// wish.
#[derive(Debug, Clone, PartialEq)]
pub struct Story {
    /// The message; `None`: the API accepted none.
    pub message: Option<u64>,
    /// Its request's number in order of arrival, from 1.
    pub request: u64,
    /// Steps of the message, its request and its kin, in the order in which they happened.
    pub told: Vec<Told>,
    /// The ends of the message and its kin, in their order.
    pub ends: Vec<End>,
    /// The run's digest.
    pub digest: u128,
}

impl Story {
    /// The end of the message.
    #[must_use]
    pub fn end(&self) -> Option<&End> {
        self.ends.iter().find(|end| Some(end.message_id) == self.message)
    }
}

/// Hears of one person and content.
struct Teller {
    found: Found,
    told: Vec<Told>,
    ends: Vec<End>,
}

impl Observer for Teller {
    fn wants(&self) -> Wants {
        Wants::Stories
    }

    fn completed(&mut self, message: &Completed<'_>) {
        if message.root == self.found.root {
            self.ends.push(End::new(message));
        }
    }

    fn tells(&mut self, whose: Whose) -> bool {
        whose.root == self.found.root
    }

    fn told(&mut self, told: &Told) {
        self.told.push(*told);
    }
}

/// Tells what happened to the message that was found, in the same run.
///
/// # Errors
/// The run broke conservation.
///
/// ```
/// # use smschain::scenario::{Overrides, Source, load};
/// # let text = std::fs::read_to_string("templates/starter.toml")?;
/// # let source = Source { name: "starter.toml".into(), text, base: "".into() };
/// # let set = vec!["scenario.duration=1m".into(), "scenario.warmup=0s".into()];
/// # let spec = load(&source, &Overrides { set, ..Overrides::default() })?.spec;
/// use smschain::experiment::tracing::{Find, Like, find, tell};
/// use smschain::experiment::{Replications, Silent};
///
/// let plan = Replications::of(&spec, 7, 1);
/// let like = Like::read(&["carrier=acme".into()], &spec)?;
/// let (found, _) = find(plan, &Find::Like(like), &Silent)?;
/// let story = tell(plan, found.unwrap(), &Silent)?;
/// assert!(!story.told.is_empty() && story.end().is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn tell<W: Watch>(plan: Replications<'_>, found: Found, watch: &W) -> Result<Story, Failure> {
    let mut teller = Teller { found, told: Vec::new(), ends: Vec::new() };
    let results = observe(plan, &mut teller, watch)?;
    let Teller { told, ends, .. } = teller;
    Ok(Story { message: found.message, request: found.request, told, ends, digest: results.digest })
}

/// Runs replication 0 of `plan` for an observer.
///
/// # Errors
/// The run broke conservation.
pub fn observe<W: Watch>(
    plan: Replications<'_>,
    observer: &mut dyn Observer,
    watch: &W,
) -> Result<Results, Failure> {
    one(plan, 0, observer, watch)
}
