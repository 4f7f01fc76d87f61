//! The run's books: every count is made here, once, when the thing counted happens.

mod lookup;
mod messages;

use crate::chain::books::ends::Ends;
use crate::chain::books::places::Places;
use crate::chain::books::results::{
    Again, BATCHES, CarrierResults, Cohort, Gauges, Group, ProviderResults, QueueResults,
    RECOVERY_WINDOW, RECOVERY_WINDOWS_MAX, Requests, Results, RouteResults, Sample, StreamResults,
};
use crate::chain::books::spans::{Spans, SpansByStage};
use crate::chain::records::message::UNCOUNTED;
use crate::chain::records::outcome::{Rejection, Stage, Truth};
use crate::chain::spec::{Every, Spec};
use crate::kernel::Nanos;
use lookup::Lookup;

/// The books of one run.
#[derive(Debug)]
pub(crate) struct Ledger {
    pub(crate) results: Results,
    warmup: Nanos,
    /// Length of a batch of request time.
    batch_width: Nanos,
    sample_every: Nanos,
    /// The samples looked up last: of what happens, of requests made before, of deliveries ahead.
    sample_now: Lookup,
    sample_before: Lookup,
    sample_ahead: Lookup,
    spans: SpansByStage,
    /// By stream, where there are several.
    deliveries: Vec<Spans>,
    within: Vec<Nanos>,
    ends: Ends,
    /// By incident: from when to when, and how often it comes again.
    incidents: Vec<(Nanos, Nanos, Option<Every>)>,
    duration: Nanos,
    /// The second being counted and its segments.
    second: Nanos,
    second_segments: u64,
    pub(crate) balance: Balance,
}

/// Sums that must come out even, over every message, warm-up included.
#[derive(Debug, Default)]
pub(crate) struct Balance {
    pub(crate) requests: u64,
    pub(crate) requests_settled: u64,
    pub(crate) messages_accepted: u64,
    pub(crate) messages_ended: u64,
    pub(crate) copies_born: u64,
    pub(crate) copies_ended: u64,
    /// Charged and not given back, by the messages themselves.
    pub(crate) cost: i128,
    /// Parts of messages taken apart, and those whose end has been entered.
    pub(crate) parts: u64,
    pub(crate) parts_ended: u64,
    pub(crate) part_copies_born: u64,
    pub(crate) part_copies_ended: u64,
    /// Billed for copies of parts, as they were accepted and by the messages themselves.
    pub(crate) parts_billed: i128,
    pub(crate) parts_cost: i128,
}

impl Ledger {
    pub(crate) fn new(spec: &Spec, places: &Places, gauges: Gauges) -> Ledger {
        let results = Results {
            replications: 1,
            places: places.names.clone(),
            ends: vec![[0; Truth::COUNT]; places.names.len()],
            gauges,
            ..Results::nothing(spec)
        };
        Ledger {
            results,
            warmup: spec.warmup,
            batch_width: (spec.duration - spec.warmup).div_ceil(BATCHES as u64).max(1),
            sample_every: spec.sample_every.max(1),
            sample_now: Lookup::default(),
            sample_before: Lookup::default(),
            sample_ahead: Lookup::default(),
            spans: SpansByStage::new(),
            deliveries: match spec.traffic.len() {
                1 => Vec::new(),
                streams => (0..streams).map(|_| Spans::new()).collect(),
            },
            incidents: spec
                .incidents
                .iter()
                .map(|incident| (incident.at, incident.end(), incident.repeat))
                .collect(),
            duration: spec.duration,
            ends: Ends::new(spec.traffic.len()),
            within: spec.within.iter().map(|&(_, span)| span).collect(),
            second: 0,
            second_segments: 0,
            balance: Balance::default(),
        }
    }

    /// The batch of a request made at `time`; [`UNCOUNTED`] in warm-up.
    #[inline]
    pub(crate) fn batch(&self, time: Nanos) -> u8 {
        if time < self.warmup {
            return UNCOUNTED;
        }
        ((time - self.warmup) / self.batch_width).min(BATCHES as u64 - 1) as u8
    }

    #[inline]
    fn group(&mut self, batch: u8) -> Option<&mut Group> {
        self.results.batches.get_mut(usize::from(batch))
    }

    /// The sample of what happens now.
    #[inline]
    fn sample(&mut self, time: Nanos) -> &mut Sample {
        self.sample_now.find(&mut self.results.series, self.sample_every, time)
    }

    /// A stage took `span`.
    #[inline]
    pub(crate) fn latency(&mut self, batch: u8, stage: Stage, span: Nanos) {
        if batch != UNCOUNTED {
            self.spans.keep(&mut self.results.batches, batch, stage, span);
        }
    }

    /// Enters what is still kept aside: the run is over.
    pub(crate) fn close(&mut self) {
        for stage in Stage::ALL {
            self.spans.enter(&mut self.results.batches, stage);
        }
        self.ends.enter(&mut self.results);
        for (spans, stream) in self.deliveries.iter_mut().zip(&mut self.results.traffic) {
            spans.enter(&mut stream.delivery);
        }
        if let [only] = &mut self.results.traffic[..] {
            for batch in &self.results.batches {
                only.delivery.merge(&batch.latency[Stage::Delivery as usize]);
            }
        }
    }

    /// True if `time` is in the span over which rates are taken.
    #[inline(always)]
    fn is_observed(&self, time: Nanos) -> bool {
        // What is before warm-up wraps to more than any span.
        time.wrapping_sub(self.warmup) < self.duration - self.warmup
    }

    /// A request was made.
    #[inline(always)]
    pub(crate) fn requested(&mut self, now: Nanos, batch: u8, stream: u16, recipients: u32) {
        self.balance.requests += 1;
        self.sample(now).requests += 1;
        let recipients = u64::from(recipients);
        self.results.happened.offered += recipients * u64::from(self.is_observed(now));
        if let Some(group) = self.group(batch) {
            group.layers.requested += recipients;
            self.results.traffic[usize::from(stream)].layers.requested += recipients;
            self.results.requests.total += 1;
            self.cohorts(now, |cohort| cohort.requested += recipients);
        }
    }

    /// Enters something of a counted request made at `requested` with every incident.
    #[inline]
    fn cohorts(&mut self, requested: Nanos, enter: impl Fn(&mut Cohort)) {
        if !self.incidents.is_empty() {
            self.enter_cohorts(requested, enter);
        }
    }

    #[inline(never)]
    fn enter_cohorts(&mut self, requested: Nanos, enter: impl Fn(&mut Cohort)) {
        for (&(from, to, repeat), results) in self.incidents.iter().zip(&mut self.results.incidents)
        {
            if requested < from {
                enter(&mut results.before);
            } else if requested < to {
                enter(&mut results.during);
            } else if let Some(every) = repeat.filter(|every| requested - from >= every.period()) {
                // Recovery is looked for after the first time.
                if (requested - from) % every.period() < to - from {
                    enter(&mut results.during);
                }
            } else if requested < self.duration {
                let window = (requested - to) / RECOVERY_WINDOW;
                if window < RECOVERY_WINDOWS_MAX {
                    let window = window as usize;
                    if window >= results.after.len() {
                        results.after.resize(window + 1, Cohort::default());
                    }
                    enter(&mut results.after[window]);
                }
            }
        }
    }

    /// A recipient of a request made at `requested` got it on time.
    #[inline]
    pub(crate) fn on_time(&mut self, requested: Nanos, batch: u8) {
        if batch != UNCOUNTED {
            self.cohorts(requested, |cohort| cohort.on_time += 1);
        }
    }

    /// A message was accepted at `accepted`.
    #[inline(always)]
    pub(crate) fn accepted(&mut self, requested: Nanos, accepted: Nanos, batch: u8, stream: u16) {
        self.balance.messages_accepted += 1;
        self.results.happened.accepted += u64::from(self.is_observed(accepted));
        self.results.simulated += 1;
        self.sample(requested).accepted += 1;
        if let Some(group) = self.group(batch) {
            group.layers.accepted += 1;
            self.results.traffic[usize::from(stream)].layers.accepted += 1;
        }
    }

    /// Enters what a recipient of a request has, or gets, once more.
    fn again(&mut self, batch: u8, stream: u16, enter: impl Fn(&mut Again)) {
        if let Some(group) = self.group(batch) {
            enter(&mut group.layers.again);
            enter(&mut self.results.traffic[usize::from(stream)].layers.again);
        }
    }

    /// A recipient's message was accepted, after another of the same request.
    pub(crate) fn accepted_again(&mut self, batch: u8, stream: u16) {
        self.again(batch, stream, |again| again.accepted += 1);
    }

    /// A provider accepted a recipient's message, after another of the same request.
    pub(crate) fn executed_again(&mut self, batch: u8, stream: u16) {
        self.again(batch, stream, |again| again.executed += 1);
    }

    /// A recipient's message was delivered on time, beside another of the same request.
    pub(crate) fn on_time_again(&mut self, batch: u8, stream: u16) {
        self.again(batch, stream, |again| again.on_time += 1);
    }

    /// Of a recipient's two messages of the same request that were delivered, the later one was
    /// `span` after it.
    pub(crate) fn delivered_again(&mut self, batch: u8, stream: u16, span: Nanos) {
        self.again(batch, stream, |again| again.delivered += 1);
        let within = self.within.iter().position(|&limit| span <= limit);
        if let Some(within) = within
            && let Some(group) = self.group(batch)
        {
            group.within_again[within] += 1;
            self.results.traffic[usize::from(stream)].within_again[within] += 1;
        }
    }

    /// A request's fate at the API is known: accepted, or refused with its last call's answer.
    #[inline]
    pub(crate) fn settled(
        &mut self,
        now: Nanos,
        batch: u8,
        stream: u16,
        refusal: Option<Rejection>,
        client_failed: bool,
    ) {
        self.balance.requests_settled += 1;
        if refusal.is_some() {
            self.sample(now).rejected += 1;
        }
        if batch == UNCOUNTED {
            return;
        }
        match refusal {
            None => self.results.requests.accepted += 1,
            Some(rejection) => self.results.requests.rejected[rejection as usize] += 1,
        }
        if client_failed {
            if let Some(group) = self.group(batch) {
                group.layers.client_failed += 1;
            }
            self.results.traffic[usize::from(stream)].layers.client_failed += 1;
        }
    }

    /// A message of a request that the client saw fail was delivered.
    pub(crate) fn client_mistaken(&mut self, batch: u8, stream: u16) {
        if let Some(group) = self.group(batch) {
            group.layers.client_failed_delivered += 1;
            let stream = &mut self.results.traffic[usize::from(stream)];
            stream.layers.client_failed_delivered += 1;
        }
    }

    /// An attempt was submitted to a provider.
    #[inline]
    pub(crate) fn submitted(&mut self, now: Nanos, batch: u8, provider: usize) {
        self.sample(now).submits += 1;
        self.at_provider(batch, provider, |provider| provider.submits += 1);
    }

    /// Counts something of a message at a queue.
    #[inline]
    pub(crate) fn at_queue(
        &mut self,
        batch: u8,
        index: usize,
        count: impl FnOnce(&mut QueueResults),
    ) {
        if batch != UNCOUNTED {
            count(&mut self.results.queues[index]);
        }
    }

    /// Counts something of a message at a provider.
    #[inline]
    pub(crate) fn at_provider(
        &mut self,
        batch: u8,
        index: usize,
        count: impl FnOnce(&mut ProviderResults),
    ) {
        if batch != UNCOUNTED {
            count(&mut self.results.providers[index]);
        }
    }

    /// Counts something of a copy at a carrier.
    #[inline]
    pub(crate) fn at_carrier(
        &mut self,
        batch: u8,
        index: usize,
        count: impl FnOnce(&mut CarrierResults),
    ) {
        if batch != UNCOUNTED {
            count(&mut self.results.carriers[index]);
        }
    }

    /// Counts something of a stream.
    pub(crate) fn of_stream(
        &mut self,
        batch: u8,
        stream: u16,
        count: impl FnOnce(&mut StreamResults),
    ) {
        if batch != UNCOUNTED {
            count(&mut self.results.traffic[usize::from(stream)]);
        }
    }

    /// Counts something of a copy of a message by a route.
    pub(crate) fn of_route(
        &mut self,
        batch: u8,
        route: u16,
        count: impl FnOnce(&mut RouteResults),
    ) {
        if batch != UNCOUNTED {
            count(&mut self.results.routes[usize::from(route)]);
        }
    }

    /// Counts something that happens to a route, unless that is in warm-up.
    pub(crate) fn at_route(
        &mut self,
        now: Nanos,
        route: u16,
        count: impl FnOnce(&mut RouteResults),
    ) {
        if now >= self.warmup {
            count(&mut self.results.routes[usize::from(route)]);
        }
    }

    /// Counts something of a request.
    #[inline]
    pub(crate) fn of_requests(&mut self, batch: u8, count: impl FnOnce(&mut Requests)) {
        if batch != UNCOUNTED {
            count(&mut self.results.requests);
        }
    }

    /// A call of a request is answered 429, for that limit.
    pub(crate) fn limited(&mut self, batch: u8, limit: usize) {
        if batch != UNCOUNTED
            && let Some(count) = self.results.limited_by.get_mut(limit)
        {
            *count += 1;
        }
    }
}
