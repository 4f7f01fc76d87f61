//! The settings of a chain: every option of a scenario, checked and in the engine's units.
//!
//! Durations and instants are [`Nanos`], rates are per second, shares are in [0, 1], money is in
//! [`Nanounits`]. Names are resolved to indices into the lists of [`Spec`], which are in a
//! canonical order (by name, routes by id; a carrier's filters as written), so that the order of a
//! file's tables can't change a result. What is `None` is transparent and free.

use crate::kernel::Nanos;
use crate::random::Variate;

/// Money in 10⁻⁹ of the account's unit.
pub type Nanounits = i64;

/// A whole chain. See the module's text for units and order.
#[derive(Debug, Clone, PartialEq)]
pub struct Spec {
    /// The scenario's name.
    pub name: String,
    /// What the scenario shows, one line; may be empty.
    pub summary: String,
    /// Seed of replication 0, below 2⁵³.
    pub seed: u64,
    /// Time of day at t = 0, in nanoseconds since midnight.
    pub start: Nanos,
    /// Requests arrive in [0, duration).
    pub duration: Nanos,
    /// After `duration` the run goes on until nothing is in flight, at most this long.
    pub drain: Nanos,
    /// Messages of requests before this instant are simulated, not counted. Below `duration`.
    pub warmup: Nanos,
    /// Delivery times reported as shares, ascending, each with its label as the user wrote it.
    pub within: Vec<(String, Nanos)>,
    /// Spacing of the time series.
    pub sample_every: Nanos,
    /// Multiplies every stream's rate, campaign size and number of recipients.
    pub scale: f64,
    /// The streams, by name.
    pub traffic: Vec<Traffic>,
    /// The request boundary.
    pub api: Api,
    /// The caller of the API.
    pub client: Client,
    /// The prepaid account; `None` is a balance without limit.
    pub account: Option<Account>,
    /// Share of a message's price charged at accept, the rest at the provider's acceptance.
    pub charge_at_accept: f64,
    /// When a charge comes back.
    pub refund: Refund,
    /// The routes, by id.
    pub routes: Vec<Route>,
    /// The queues, by name; at least one.
    pub queues: Vec<Queue>,
    /// The retry policy of streams and queues that have none of their own.
    pub retry: Retry,
    /// The providers, by name.
    pub providers: Vec<Provider>,
    /// The carriers, by name.
    pub carriers: Vec<Carrier>,
}

/// A random span of time.
#[derive(Debug, Clone, PartialEq)]
pub enum Delay {
    /// Always this long; no draw is made.
    Constant(Nanos),
    /// Drawn, in seconds; below 0 counts as 0.
    Random(Variate),
}

/// A stream of requests.
#[derive(Debug, Clone, PartialEq)]
pub struct Traffic {
    /// Its name: the owner of its draws.
    pub name: String,
    /// When its requests come.
    pub arrivals: Arrivals,
    /// Who it sends from: one sender id, or a pool.
    pub senders: Senders,
    /// 10DLC brand; `None`: the sender.
    pub brand: Option<String>,
    /// 10DLC campaign; `None`: the sender.
    pub campaign: Option<String>,
    /// Carrier index and weight, by carrier; weights are positive.
    pub carriers: Vec<(usize, f64)>,
    /// People it sends to; `None`: each message has a recipient of its own.
    pub recipients: Option<u64>,
    /// Recipients of one request, at least 1.
    pub per_request: u32,
    /// Characters of a body; rounded, at least 0.
    pub chars: Variate,
    /// Share of bodies that need UCS-2.
    pub ucs2: f64,
    /// Spam score; clamped to [0, 1].
    pub spam_score: Variate,
    /// Share of invalid numbers.
    pub invalid: f64,
    /// Share of opted-out recipients.
    pub opted_out: f64,
    /// 0 … 3, 3 most urgent.
    pub priority: u8,
    /// On time is within this, counted from the request; `None`: always on time.
    pub deadline: Option<Nanos>,
    /// Validity period, counted from acceptance; `None`: for ever.
    pub validity: Option<Nanos>,
    /// People who ask again.
    pub resend: Option<Resend>,
    /// Its own retry policy; goes before its queue's.
    pub retry: Option<Retry>,
}

/// When a stream's requests come, before `scale`.
#[derive(Debug, Clone, PartialEq)]
pub enum Arrivals {
    /// Poisson process, requests per second.
    Poisson {
        /// Requests per second.
        rate: f64,
    },
    /// Even spacing, the first request at t = 0.
    Constant {
        /// Requests per second.
        rate: f64,
    },
    /// Non-homogeneous Poisson process.
    Profile {
        /// (time, requests per second), ascending in time. With `daily` the times are of day
        /// (below 24 h), else counted from midnight before t = 0 when `clock`, from t = 0 when not.
        points: Vec<(Nanos, f64)>,
        /// The times are of day, not since the start.
        clock: bool,
        /// Repeats every 24 h.
        daily: bool,
        /// Constant from each point to the next; else linear between them.
        step: bool,
    },
    /// Markov-modulated Poisson process with two states.
    OnOff {
        /// Requests per second when high.
        high: f64,
        /// Requests per second when low.
        low: f64,
        /// Mean of the exponential dwell time when high.
        mean_high: Nanos,
        /// Mean of the exponential dwell time when low.
        mean_low: Nanos,
    },
    /// `count` requests from `at` on, evenly over `over` (0: all at once).
    Campaign {
        /// How many requests.
        count: u64,
        /// The first one's time.
        at: Nanos,
        /// They are spread evenly over this span.
        over: Nanos,
    },
    /// Requests of a log, in order of time (rows of one time as in the file).
    Trace {
        /// The rows.
        rows: Vec<TraceRow>,
    },
}

/// One request of a trace. What is `None` comes from the stream's own settings.
#[derive(Debug, Clone, PartialEq)]
pub struct TraceRow {
    /// Time since t = 0.
    pub time: Nanos,
    /// The row's number in its file, from 0: part of the key of its draws.
    pub row: u64,
    /// Sender id.
    pub sender: Option<String>,
    /// Carrier index.
    pub carrier: Option<usize>,
    /// Characters.
    pub chars: Option<u32>,
    /// Needs UCS-2.
    pub ucs2: Option<bool>,
    /// Spam score in [0, 1].
    pub spam_score: Option<f64>,
    /// Deadline, from the request.
    pub deadline: Option<Nanos>,
    /// A name or number; equal ones are one person.
    pub recipient: Option<String>,
}

/// Who a stream sends from.
#[derive(Debug, Clone, PartialEq)]
pub enum Senders {
    /// One sender id.
    One(String),
    /// `count` senders named `<stream>-1` …
    Pool {
        /// How many, at least 1.
        count: u32,
        /// How one is picked.
        pick: Pick,
    },
}

/// How a sender is picked from a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    /// In turn.
    RoundRobin,
    /// At random.
    Random,
    /// The same one for the same recipient.
    Sticky,
}

/// People without a copy ask again.
#[derive(Debug, Clone, PartialEq)]
pub struct Resend {
    /// Time from the request after which a person without a copy may ask again.
    pub after: Nanos,
    /// The probability that they do.
    pub probability: f64,
    /// At most this often in a chain.
    pub max: u32,
}

/// The request boundary.
#[derive(Debug, Clone, PartialEq)]
pub struct Api {
    /// From call to response; the message is queued when it ends.
    pub latency: Delay,
    /// Token bucket over calls.
    pub rate_limit: Option<Bucket>,
    /// Share of calls that end in 500.
    pub errors: f64,
    /// A message of more segments is invalid.
    pub max_segments: Option<u32>,
}

/// The caller of the API.
#[derive(Debug, Clone, PartialEq)]
pub struct Client {
    /// A call slower than this is an error in the client's eyes.
    pub timeout: Option<Nanos>,
    /// A repeat of a call accepted or being worked on is recognised.
    pub idempotency: bool,
    /// When and how often it calls again.
    pub retry: ClientRetry,
}

/// A token bucket: full at t = 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Bucket {
    /// Tokens per second.
    pub rate: f64,
    /// Tokens it holds, at least 1.
    pub burst: u64,
}

/// The prepaid account.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// Balance at t = 0.
    pub balance: Nanounits,
    /// Looks at the balance and fills it up.
    pub top_up: Option<TopUp>,
}

/// Every `every`, a balance under `below` gains `amount`.
#[derive(Debug, Clone, PartialEq)]
pub struct TopUp {
    /// The threshold.
    pub below: Nanounits,
    /// What is added.
    pub amount: Nanounits,
    /// Looked at this often, first at t = every; above 0.
    pub every: Nanos,
}

/// When a charge comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refund {
    /// Never.
    Never,
    /// When the message is observed failed or rejected.
    OnRejected,
    /// When it is observed failed, rejected, undelivered or expired.
    OnFailedReceipt,
}

/// A way to a provider.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// Its id.
    pub id: u64,
    /// Indices of the carriers it serves.
    pub carriers: Vec<usize>,
    /// Index of its provider.
    pub provider: usize,
    /// Index of its queue.
    pub queue: usize,
    /// Price of a segment.
    pub price: Nanounits,
    /// 1 is tried first.
    pub rank: u32,
    /// Weight within its rank, above 0.
    pub weight: f64,
}

/// A queue and its workers.
#[derive(Debug, Clone, PartialEq)]
pub struct Queue {
    /// Its name.
    pub name: String,
    /// Waiting messages it holds; `None`: no limit.
    pub capacity: Option<u64>,
    /// What happens to a message that finds no room.
    pub overflow: Overflow,
    /// Who is next.
    pub discipline: Discipline,
    /// Workers; `None`: no limit.
    pub workers: Option<u32>,
    /// A worker's time before the submit.
    pub overhead: Delay,
    /// Longest stay in the queue.
    pub ttl: Option<Nanos>,
    /// Workers crash. Needs `workers`.
    pub crash: Option<Crash>,
    /// Its own retry policy; goes before the scenario's.
    pub retry: Option<Retry>,
}

/// What happens to a message that finds a full queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overflow {
    /// 503 `queue_full`.
    Reject,
    /// Accepted, then failed where the sender sees it.
    Fail,
    /// Accepted and gone.
    Discard,
}

/// Who a worker takes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Discipline {
    /// First in, first out.
    Fifo,
    /// Highest priority first, within it FIFO.
    Priority,
    /// Earliest deadline first.
    Deadline,
}

/// Each worker crashes on its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Crash {
    /// Mean of the exponential time a worker is up.
    pub mean_time_between: Nanos,
    /// Until it works again.
    pub restart: Nanos,
    /// What becomes of the message it held.
    pub guarantee: Guarantee,
}

/// What becomes of a message whose worker crashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guarantee {
    /// It rejoins the queue this long after the crash.
    AtLeastOnce {
        /// Counted from the crash.
        visibility_timeout: Nanos,
    },
    /// It is lost.
    AtMostOnce,
}

/// How attempts are repeated towards a provider.
#[derive(Debug, Clone, PartialEq)]
pub struct Retry {
    /// Attempts in all, the first included; `None`: no limit.
    pub max_attempts: Option<u32>,
    /// The wait before each retry.
    pub backoff: Backoff,
    /// Spread of the wait.
    pub jitter: Jitter,
    /// Attempt results that are tried again.
    pub on: AttemptResults,
    /// When a retry is no longer made.
    pub give_up: GiveUp,
}

/// A set of attempt results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttemptResults {
    /// 0x58, or throttled by rate.
    pub throttled: bool,
    /// 0x14.
    pub queue_full: bool,
    /// 0x08.
    pub transient: bool,
    /// 0x0B.
    pub permanent: bool,
    /// No answer in time.
    pub timeout: bool,
}

/// How the client calls the API again.
#[derive(Debug, Clone, PartialEq)]
pub struct ClientRetry {
    /// Calls in all, the first included; `None`: no limit.
    pub max_attempts: Option<u32>,
    /// The wait before each repeat.
    pub backoff: Backoff,
    /// Spread of the wait.
    pub jitter: Jitter,
    /// What the client calls again on.
    pub on: CallErrors,
    /// When it no longer calls.
    pub give_up: GiveUp,
}

/// A set of ways a call can fail in the client's eyes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallErrors {
    /// No response in time.
    pub timeout: bool,
    /// 429.
    pub rate_limited: bool,
    /// 500.
    pub internal: bool,
    /// 400.
    pub invalid: bool,
    /// 422.
    pub no_route: bool,
    /// 402.
    pub insufficient_balance: bool,
    /// 503.
    pub queue_full: bool,
}

/// The wait before the n-th retry (n from 1), before jitter.
#[derive(Debug, Clone, PartialEq)]
pub enum Backoff {
    /// None.
    Immediate,
    /// The same each time.
    Fixed {
        /// The wait.
        delay: Delay,
    },
    /// n × step, at most `cap`.
    Linear {
        /// The step.
        step: Nanos,
        /// The longest wait.
        cap: Option<Nanos>,
    },
    /// base × factorⁿ⁻¹, at most `cap`.
    Exponential {
        /// The first wait.
        base: Nanos,
        /// At least 1.
        factor: f64,
        /// The longest wait.
        cap: Option<Nanos>,
    },
    /// min(cap, U(base, 3 × the wait before)), the first from U(base, 3 × base).
    Decorrelated {
        /// The shortest wait.
        base: Nanos,
        /// The longest wait.
        cap: Nanos,
    },
    /// As listed; the last one repeats.
    Schedule {
        /// The waits, at least one.
        waits: Vec<Nanos>,
    },
}

/// Spread of a wait w.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jitter {
    /// w.
    None,
    /// U(0, w).
    Full,
    /// w/2 + U(0, w/2).
    Equal,
}

/// A retry due at or after this instant isn't made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GiveUp {
    /// No such instant.
    Never,
    /// The message's deadline.
    Deadline,
    /// The end of its validity.
    Validity,
    /// This long after acceptance (for the client: after its first call).
    After(Nanos),
}

/// A provider, its connection and its relay to the carrier.
#[derive(Debug, Clone, PartialEq)]
pub struct Provider {
    /// Its name.
    pub name: String,
    /// Submits outstanding at once; `None`: no limit.
    pub window: Option<u32>,
    /// Its pace, in segments.
    pub throttle: Option<ProviderThrottle>,
    /// Submits it serves at once; `None`: no limit.
    pub servers: Option<u32>,
    /// Submits that wait for its servers; `None`: no limit.
    pub queue_capacity: Option<u64>,
    /// Service time of a submit.
    pub latency: Delay,
    /// From submit; `None`: the sender waits for ever.
    pub submit_timeout: Option<Nanos>,
    /// Probability that a submit timed out by share was accepted all the same.
    pub timeout_accepted: f64,
    /// Failure shares of an attempt.
    pub failures: Failures,
    /// Spells of degradation.
    pub degraded: Option<Degraded>,
    /// From acceptance to the carrier.
    pub relay: Delay,
    /// Probability that an accepted message is never relayed.
    pub loss: f64,
    /// Its receipts to the sender.
    pub receipts: Receipts,
}

/// A provider's throttle.
#[derive(Debug, Clone, PartialEq)]
pub struct ProviderThrottle {
    /// The bucket, in segments.
    pub bucket: Bucket,
    /// One bucket for each of these. Not `Carrier`.
    pub scope: Scope,
    /// What an attempt over the rate meets.
    pub on_excess: ProviderExcess,
}

/// What a throttle has a bucket for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// One bucket for the carrier (providers' throttles can't have it).
    Carrier,
    /// One for each provider.
    Provider,
    /// One for each sender id.
    Sender,
    /// One for each brand.
    Brand,
    /// One for each campaign.
    Campaign,
}

/// What an attempt over a provider's rate meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProviderExcess {
    /// The sender waits for a token before it takes a slot.
    Pace,
    /// The provider answers with a throttle status at once.
    Refuse {
        /// It asks for at least this wait.
        retry_after: Option<Nanos>,
    },
}

/// Failure shares of an attempt, judged in this order; their sum is at most 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Failures {
    /// ESME_RTHROTTLED 0x58.
    pub throttled: f64,
    /// ESME_RMSGQFUL 0x14.
    pub queue_full: f64,
    /// ESME_RSYSERR 0x08.
    pub transient: f64,
    /// ESME_RINVDSTADR 0x0B.
    pub permanent: f64,
    /// No answer.
    pub timeout: f64,
}

/// Spells of degradation (Gilbert–Elliott).
#[derive(Debug, Clone, PartialEq)]
pub struct Degraded {
    /// Mean of the exponential time between spells.
    pub mean_up: Nanos,
    /// Mean of the exponential length of a spell.
    pub mean_down: Nanos,
    /// Latency is multiplied by this in a spell.
    pub latency_factor: f64,
    /// Combined with the base shares in a spell, as 1 − Π(1 − p).
    pub failures: Failures,
}

/// A provider's receipts.
#[derive(Debug, Clone, PartialEq)]
pub struct Receipts {
    /// From the carrier's to the sender.
    pub delay: Delay,
    /// Share that never comes.
    pub loss: f64,
    /// Share of receipts for undelivered messages that say delivered.
    pub false_delivered: f64,
    /// What `delivered` means.
    pub meaning: Meaning,
    /// Silence this long after the hand-off is observed as `unknown`; `None`: never.
    pub unknown_after: Option<Nanos>,
}

/// What a receipt's `delivered` means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// The handset has it.
    Handset,
    /// The carrier accepted it.
    Carrier,
}

/// A carrier and its subscribers' handsets.
#[derive(Debug, Clone, PartialEq)]
pub struct Carrier {
    /// Its name.
    pub name: String,
    /// Its pace, in segments.
    pub throttle: Option<CarrierThrottle>,
    /// A day's segments.
    pub daily_cap: Option<DailyCap>,
    /// Share of numbers without a subscriber.
    pub unknown_subscriber: f64,
    /// Filters, in order.
    pub filters: Vec<Filter>,
    /// Handsets that are off or away.
    pub absent: Option<Absent>,
    /// Waits between delivery tries, each above 0, the last one repeats; empty: one try.
    pub retry_schedule: Vec<Nanos>,
    /// From the successful try to the handset.
    pub latency: Delay,
    /// Probability that a segment is lost.
    pub loss: f64,
}

/// A carrier's throttle.
#[derive(Debug, Clone, PartialEq)]
pub struct CarrierThrottle {
    /// The bucket, in segments.
    pub bucket: Bucket,
    /// One bucket for each of these.
    pub scope: Scope,
    /// What a message over the rate meets.
    pub on_excess: CarrierExcess,
}

/// What a message over a carrier's rate meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CarrierExcess {
    /// It waits its turn.
    Queue {
        /// Messages that may wait, in all buckets together; `None`: no limit.
        capacity: Option<u64>,
    },
    /// It is refused, and its receipt says so.
    Reject,
    /// It is gone without a word.
    Drop,
}

/// At most `limit` segments a day.
#[derive(Debug, Clone, PartialEq)]
pub struct DailyCap {
    /// Segments.
    pub limit: u64,
    /// One count for each of these: sender, brand or campaign.
    pub scope: Scope,
    /// Time of day at which the count starts anew, since midnight.
    pub resets_at: Nanos,
}

/// A carrier's filter.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// Its name within the carrier.
    pub name: String,
    /// What it looks for.
    pub rule: Rule,
    /// Probability that it acts on what it found.
    pub probability: f64,
    /// The truth it makes.
    pub action: FilterAction,
    /// What it tells the provider.
    pub receipt: FilterReceipt,
    /// Switched on.
    pub enabled: bool,
}

/// What a filter looks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Rule {
    /// Spam score ≥ threshold.
    Content {
        /// In [0, 1].
        threshold: f64,
    },
    /// More than `limit` let through for a key within `window`.
    Velocity {
        /// Whose messages are counted together.
        key: VelocityKey,
        /// Messages.
        limit: u64,
        /// Sliding.
        window: Nanos,
    },
    /// Sender not on the list.
    Unregistered {
        /// Sender ids.
        registered: Vec<String>,
    },
    /// Same recipient and content let through within `window`.
    Duplicate {
        /// Sliding.
        window: Nanos,
    },
    /// A sender above `rate` over `window` is held for `hold`.
    Volume {
        /// Messages per second.
        rate: f64,
        /// Sliding.
        window: Nanos,
        /// Each message over the rate starts it anew.
        hold: Nanos,
    },
    /// Any message.
    Random,
}

/// Whose messages a velocity filter counts together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VelocityKey {
    /// By sender id.
    Sender,
    /// By recipient.
    Recipient,
    /// By sender id and content.
    SenderContent,
}

/// The truth a filter makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilterAction {
    /// `filtered_silent`.
    Silent,
    /// `filtered_explicit`.
    Block,
}

/// What a filter tells the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilterReceipt {
    /// Nothing.
    None,
    /// `rejected`.
    Rejected,
    /// `undelivered`.
    Undelivered,
    /// `delivered`: a false one.
    Delivered,
}

/// Handsets that are off or away at the first try.
#[derive(Debug, Clone, PartialEq)]
pub struct Absent {
    /// How many.
    pub probability: f64,
    /// From the first try until the handset is back.
    pub returns: Delay,
    /// Probability that the network wakes the carrier at that moment.
    pub alert: f64,
}
