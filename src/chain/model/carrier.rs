//! A copy at its carrier: quiet hours → throttle → daily cap → unknown subscriber → filters → last hop.

use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::records::copied::{Copied, CopyEnd};
use crate::chain::records::event::{Event, EventKind, Scheduler};
use crate::chain::records::outcome::{Observed, Stage, Truth};
use crate::chain::spec::{Meaning, Scope};
use crate::chain::stations::carrier::{Excess, Gate, Token};
use crate::chain::stations::daily_cap::Fate;
use crate::chain::stations::filters::{Arrival, Looked};
use crate::chain::stations::quiet::Hours;
use crate::chain::stations::tail::{self, LetIn};
use crate::chain::trace::story::{CarrierStep, Step};
use crate::kernel::Nanos;

impl<E: Engine> Chain<'_, E> {
    pub(super) fn scope_of(&self, it: Copied<'_>, scope: Scope) -> usize {
        let record = &self.messages[it.message];
        self.identities[usize::from(record.stream)].scope(scope, record.sender, it.provider)
    }

    /// Tokens left of its carrier's throttle for others like a copy, if there is one.
    fn carrier_tokens(&self, it: Copied<'_>, index: usize, now: Nanos) -> Option<f64> {
        match self.carriers[index].gate() {
            Gate::By(scope) => Some(self.carriers[index].tokens(self.scope_of(it, scope), now)),
            Gate::Open | Gate::Several => None,
        }
    }

    /// A copy reaches its carrier.
    pub(crate) fn carrier_arrival(&mut self, it: Copied<'_>, s: &mut E::Scheduler) {
        let Copied { message, copy, .. } = it;
        let now = s.now();
        debug_assert!(copy < self.messages[message].copies, "no provider accepted the copy");
        let index = usize::from(self.messages[message].carrier);
        if let Some(hours) = self.carriers[index].quiet(now) {
            self.meets_quiet_hours(it, index, hours, s);
            return;
        }
        let batch = self.messages[message].batch;
        self.ledger.at_carrier(batch, index, |carrier| carrier.arrived += 1);
        self.tell(message, now, |_| CarrierStep::Arrives { copy });
        self.enters(it, index, s);
    }

    /// A copy asks its carrier's throttle.
    #[inline(always)]
    pub(super) fn enters(&mut self, it: Copied<'_>, index: usize, s: &mut E::Scheduler) {
        let Copied { message, copy, .. } = it;
        let now = s.now();
        match self.carriers[index].gate() {
            Gate::Open => {}
            Gate::By(scope) => {
                let bucket = self.scope_of(it, scope);
                let segments = it.segments;
                if !self.carriers[index].passes(bucket, segments, now) {
                    self.carrier_excess(it, index, bucket, s);
                    return;
                }
                self.tell(message, now, |chain| CarrierStep::Passes {
                    copy,
                    tokens: Some(chain.carriers[index].tokens(bucket, now)),
                });
            }
            Gate::Several => {
                if !self.passes_limits(it, index, s) {
                    return;
                }
                self.tell(message, now, |_| CarrierStep::Passes { copy, tokens: None });
            }
        }
        let batch = self.messages[message].batch;
        self.ledger.latency(batch, Stage::CarrierWait, 0);
        E::is_let_in(self, it, s);
    }

    /// A copy reaches its carrier in quiet hours.
    #[inline(never)]
    fn meets_quiet_hours(
        &mut self,
        it: Copied<'_>,
        index: usize,
        hours: Hours,
        s: &mut E::Scheduler,
    ) {
        let Copied { message, copy, .. } = it;
        let (now, batch) = (s.now(), self.messages[message].batch);
        match hours {
            Hours::Held { until } => {
                self.ledger.at_carrier(batch, index, |carrier| carrier.quiet_held += 1);
                self.tell(message, now, |_| CarrierStep::Quiet { copy, until });
                self.schedule_copy(it, EventKind::CarrierArrival, until, s);
            }
            Hours::Refused { until } => {
                self.ledger.at_carrier(batch, index, |carrier| {
                    carrier.arrived += 1;
                    carrier.quiet_refused += 1;
                });
                self.tell(message, now, |_| CarrierStep::QuietRefused { copy, until });
                let end = CopyEnd {
                    by: EventKind::CarrierArrival,
                    truth: Truth::ThrottledOut,
                    place: self.places.carrier(index),
                };
                E::copy_ends(self, it, end, Some(Observed::Rejected), now, s);
            }
        }
    }

    /// A copy finds no token in its carrier's throttle.
    #[inline(never)]
    fn carrier_excess(
        &mut self,
        it: Copied<'_>,
        index: usize,
        bucket: usize,
        s: &mut E::Scheduler,
    ) {
        let Copied { message, copy, .. } = it;
        let now = s.now();
        let segments = it.segments;
        match self.carriers[index].exceeds((message, copy), bucket, segments, now) {
            Excess::Waits { place, token_at } => {
                if let Some(at) = token_at {
                    schedule_token(index, bucket, at, s);
                }
                self.tell(message, now, |chain| CarrierStep::WaitsForToken {
                    copy,
                    throttle: 0,
                    place,
                    tokens: chain.carriers[index].tokens(bucket, now),
                });
            }
            Excess::Ends(receipt) => {
                let tokens = self.carriers[index].tokens(bucket, now);
                self.throttled_out(it, index, (0, tokens), receipt, s);
            }
        }
    }

    /// A throttle of its carrier turns a copy away: which one, and the tokens it has.
    #[inline(never)]
    pub(super) fn throttled_out(
        &mut self,
        it: Copied<'_>,
        index: usize,
        (throttle, tokens): (usize, f64),
        receipt: Option<Observed>,
        s: &mut E::Scheduler,
    ) {
        let Copied { message, copy, .. } = it;
        let now = s.now();
        let batch = self.messages[message].batch;
        self.ledger.at_carrier(batch, index, |carrier| {
            carrier.throttled += 1;
            if let Some(count) = carrier.throttled_by.get_mut(throttle) {
                *count += 1;
            }
        });
        self.tell(message, now, |chain| {
            let carrier = &chain.carriers[index];
            let settings = carrier.settings().throttle.get(throttle);
            let step = settings.map(|settings| CarrierStep::Throttled {
                copy,
                throttle,
                tokens,
                waiting: carrier.waiting().level(),
                how: settings.on_excess,
            });
            step.and_then(Into::<Option<Step>>::into)
        });
        let end = CopyEnd {
            by: EventKind::CarrierArrival,
            truth: Truth::ThrottledOut,
            place: self.places.carrier(index),
        };
        E::copy_ends(self, it, end, receipt, now, s);
    }

    /// Those in a throttle's line for whom there are tokens pass.
    pub(crate) fn carrier_token(&mut self, index: usize, bucket: usize, s: &mut E::Scheduler) {
        let now = s.now();
        if self.carriers[index].limits().is_some() {
            self.carrier_limits_let_through(index, s);
            return;
        }
        loop {
            match self.carriers[index].token(bucket, now) {
                Token::Passes { message, copy, waited } => {
                    let record = &self.messages[message];
                    self.ledger.latency(record.batch, Stage::CarrierWait, waited);
                    let pass = Event::new(EventKind::CarrierPass, message, copy);
                    s.happens(now, record.order, copy, pass);
                }
                Token::Due(at) => return schedule_token(index, bucket, at, s),
                Token::Unclaimed => return,
            }
        }
    }

    /// A copy that has waited passes the throttle.
    pub(crate) fn carrier_passes(&mut self, it: Copied<'_>, s: &mut E::Scheduler) {
        let Copied { message, copy, .. } = it;
        self.tell(message, s.now(), |chain| {
            let index = usize::from(chain.messages[message].carrier);
            CarrierStep::Passes { copy, tokens: chain.carrier_tokens(it, index, s.now()) }
        });
        E::is_let_in(self, it, s);
    }

    /// A copy is through the throttle: cap, subscriber, filters, then the handset.
    #[inline(always)]
    pub(crate) fn carrier_pass(&mut self, it: Copied<'_>, s: &mut E::Scheduler) {
        let Copied { message, now, .. } = it;
        let index = usize::from(self.messages[message].carrier);
        let settings = self.carriers[index].settings();
        if settings.daily_cap.is_some() && self.capped(it, index, s)
            || settings.unknown_subscriber > 0.0 && self.unknown(it, index, s)
        {
            return;
        }
        if let Some(filter) = self.filter(it, index, now) {
            self.filtered(it, index, filter, s);
            return;
        }
        if self.meaning(it) == Meaning::Carrier
            && let Some(receipt) = self.receipt(it, Observed::Delivered, now)
        {
            self.send_receipt(it, receipt, s);
        }
        self.first_try(it, s);
    }

    /// True if a copy is over its carrier's daily cap, and ends or is held.
    #[inline(never)]
    fn capped(&mut self, it: Copied<'_>, index: usize, s: &mut E::Scheduler) -> bool {
        let Copied { message, copy, .. } = it;
        let now = s.now();
        let (segments, batch) = (it.segments, self.messages[message].batch);
        let scope = self.carriers[index].cap_scope().map_or(0, |scope| self.scope_of(it, scope));
        let which = (message, copy);
        let Some(capped) = self.carriers[index].cap_counts(which, scope, segments, now) else {
            return false;
        };
        let counted =
            |passes| CarrierStep::Capped { copy, used: capped.used, limit: capped.limit, passes };
        match capped.fate {
            Fate::Passes => {
                self.tell(message, now, |_| counted(true));
                return false;
            }
            Fate::Held => self.held_over_cap(it, index, scope, s),
            Fate::Fails => {
                self.tell(message, now, |_| counted(false));
                self.ledger.at_carrier(batch, index, |carrier| carrier.capped += 1);
                let place = self.places.carrier(index);
                let end = CopyEnd { by: EventKind::CarrierPass, truth: Truth::ThrottledOut, place };
                E::copy_ends(self, it, end, Some(Observed::Undelivered), now, s);
            }
        }
        true
    }

    /// True if a copy's number has no subscriber, so that it ends.
    #[inline(never)]
    fn unknown(&mut self, it: Copied<'_>, index: usize, s: &mut E::Scheduler) -> bool {
        let Copied { message, copy, .. } = it;
        let now = it.now;
        let record = &self.messages[message];
        let (let_in, batch) = (LetIn::of(record, &it), record.batch);
        let draw = tail::unknown_subscriber(&self.carriers[index], &let_in, &self.chance);
        let Some(draw) = draw.filter(|draw| draw.happened()) else {
            return false;
        };
        self.ledger.at_carrier(batch, index, |carrier| carrier.unknown_subscriber += 1);
        self.tell(message, now, |_| CarrierStep::Unknown { copy, draw });
        let place = self.places.carrier(index);
        let end = CopyEnd { by: EventKind::CarrierPass, truth: Truth::UnknownSubscriber, place };
        E::copy_ends(self, it, end, Some(Observed::Undelivered), now, s);
        true
    }

    /// The first filter that takes the copy.
    #[inline(always)]
    fn filter(&mut self, it: Copied<'_>, index: usize, now: Nanos) -> Option<usize> {
        let mut drawn = it.drawn.map(|drawn| drawn.filter);
        for filter in 0..self.carriers[index].filters() {
            let message = &self.messages[it.message];
            let arrival = Arrival {
                now,
                message,
                extra: self.messages.extra(it.message),
                copy: it.copy,
                part: it.part,
                people: &self.populations[usize::from(message.stream)],
            };
            let carrier = &mut self.carriers[index];
            let Some(looked) = carrier.filter_looks(filter, &arrival, drawn.take(), &self.chance)
            else {
                continue;
            };
            let Looked { taken, finding } = looked;
            self.tell(it.message, now, |_| CarrierStep::Filtered {
                copy: it.copy,
                filter,
                taken,
                finding,
            });
            if taken {
                return Some(filter);
            }
        }
        None
    }

    #[inline(never)]
    fn filtered(&mut self, it: Copied<'_>, index: usize, filter: usize, s: &mut E::Scheduler) {
        let batch = self.messages[it.message].batch;
        self.ledger.at_carrier(batch, index, |carrier| carrier.filtered[filter] += 1);
        let (truth, receipt) = self.carriers[index].filtered(filter);
        // A provider whose `delivered` means the carrier's acceptance says so of what the carrier
        // took without a word.
        let receipt = match (receipt, self.meaning(it)) {
            (None, Meaning::Carrier) => Some(Observed::Delivered),
            (receipt, _) => receipt,
        };
        let place = self.places.filter(index, filter);
        let end = CopyEnd { by: EventKind::CarrierPass, truth, place };
        E::copy_ends(self, it, end, receipt, it.now, s);
    }

    #[inline]
    pub(crate) fn meaning(&self, it: Copied<'_>) -> Meaning {
        self.providers[it.provider].receipts().meaning
    }
}

pub(super) fn schedule_token(index: usize, bucket: usize, at: Nanos, s: &mut impl Scheduler) {
    s.station(at, index as u32, Event::new(EventKind::CarrierToken, index as u32, bucket as u32));
}
