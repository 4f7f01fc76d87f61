//! A copy at several throttles of its carrier, and held by a daily cap until that starts anew.

use super::carrier::schedule_token;
use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::records::copied::Copied;
use crate::chain::records::event::{Event, EventKind, Scheduler};
use crate::chain::records::outcome::Stage;
use crate::chain::stations::carrier::Entry;
use crate::chain::stations::daily_cap::{Holding, Leaving, OverCap};
use crate::chain::stations::limits::{Among, Held};
use crate::chain::stations::quiet::Hours;
use crate::chain::trace::story::CarrierStep;
use crate::kernel::Nanos;

impl<E: Engine> Chain<'_, E> {
    /// True if a copy has a token of each of several throttles; else it waits, or ends.
    #[inline(never)]
    pub(super) fn passes_limits(
        &mut self,
        it: Copied<'_>,
        index: usize,
        s: &mut E::Scheduler,
    ) -> bool {
        let Copied { message, copy, .. } = it;
        let now = s.now();
        let segments = it.segments;
        let Some(limits) = self.carriers[index].limits() else {
            return true;
        };
        let among = limits.among(|scope| self.scope_of(it, scope));
        match self.carriers[index].asks((message, copy), &among, segments, now) {
            Entry::Passes => return true,
            Entry::Waits(Held { limit, place }) => {
                self.schedule_carrier_limits(index, s);
                self.tell(message, now, |chain| CarrierStep::WaitsForToken {
                    copy,
                    throttle: limit,
                    place,
                    tokens: chain.carrier_level(index, limit, &among, now),
                });
            }
            Entry::Ends(limit, receipt) => {
                let tokens = self.carrier_level(index, limit, &among, now);
                self.throttled_out(it, index, (limit, tokens), receipt, s);
            }
        }
        false
    }

    fn carrier_level(&self, index: usize, limit: usize, among: &Among, now: Nanos) -> f64 {
        let limits = self.carriers[index].limits();
        limits.map_or(0.0, |limits| limits.level(limit, among, now))
    }

    fn schedule_carrier_limits(&mut self, index: usize, s: &mut E::Scheduler) {
        if let Some(at) = self.carriers[index].limits_mut().and_then(|limits| limits.event_at()) {
            schedule_token(index, 0, at, s);
        }
    }

    /// Those who wait for several throttles pass if there is a token of each.
    #[inline(never)]
    pub(super) fn carrier_limits_let_through(&mut self, index: usize, s: &mut E::Scheduler) {
        let now = s.now();
        if !self.carriers[index].limits_mut().is_some_and(|limits| limits.wakes(now)) {
            return;
        }
        while let Some(through) = self.carriers[index].let_through(now) {
            let (message, copy) = (through.message, through.copy);
            let record = &self.messages[message];
            if let Some((limit, receipt)) = through.refused {
                let it = self.copied(message, copy, now);
                let tokens = self.carrier_level(index, limit, &through.among, now);
                self.throttled_out(it, index, (limit, tokens), receipt, s);
                continue;
            }
            self.ledger.latency(record.batch, Stage::CarrierWait, through.waited);
            let pass = Event::new(EventKind::CarrierPass, message, copy);
            s.happens(now, record.order, copy, pass);
        }
        self.schedule_carrier_limits(index, s);
    }

    /// The daily cap holds a copy until it starts anew, or until its validity ends.
    #[inline(never)]
    pub(super) fn held_over_cap(
        &mut self,
        it: Copied<'_>,
        index: usize,
        scope: usize,
        s: &mut E::Scheduler,
    ) {
        let Copied { message, copy, .. } = it;
        let now = s.now();
        let (segments, batch) = (it.segments, self.messages[message].batch);
        self.ledger.at_carrier(batch, index, |carrier| carrier.held += 1);
        let ends = self.validity_end(message);
        let held = OverCap { message, copy, scope, segments, ends };
        match self.carriers[index].holds(held, now) {
            Holding::Until { at, first } => {
                if first {
                    schedule_reset(index, at, s);
                }
                self.tell(message, now, |_| CarrierStep::Held { copy, until: at, expires: false });
            }
            Holding::Expires => {
                self.schedule_copy(it, EventKind::CarrierExpiry, ends.max(now), s);
                let until = ends.max(now);
                self.tell(message, now, |_| CarrierStep::Held { copy, until, expires: true });
            }
        }
    }

    /// A daily cap starts anew: those it held go on as far as it goes, through the throttle once more.
    #[inline(never)]
    pub(crate) fn cap_resets(&mut self, index: usize, s: &mut E::Scheduler) {
        let now = s.now();
        if let Some(next) = self.carriers[index].cap_resets(now) {
            schedule_reset(index, next, s);
        }
        while let Some(leaving) = self.carriers[index].cap_lets_go(now) {
            let (held, kind, at) = match leaving {
                Leaving::Goes(held) => (held, EventKind::CarrierRelease, now),
                Leaving::Expires(held) => (held, EventKind::CarrierExpiry, held.ends.max(now)),
            };
            let it = self.copied(held.message, held.copy, now);
            self.schedule_copy(it, kind, at, s);
        }
    }

    /// A copy that a daily cap held goes on.
    #[inline(never)]
    pub(crate) fn carrier_release(&mut self, it: Copied<'_>, s: &mut E::Scheduler) {
        let Copied { message, copy, .. } = it;
        let now = s.now();
        let index = usize::from(self.messages[message].carrier);
        if let Some(hours) = self.carriers[index].quiet(now) {
            // Refused is what comes; what it has taken waits.
            let (Hours::Held { until } | Hours::Refused { until }) = hours;
            self.tell(message, now, |_| CarrierStep::Quiet { copy, until });
            self.schedule_copy(it, EventKind::CarrierRelease, until, s);
            return;
        }
        self.tell(message, now, |_| CarrierStep::Released { copy });
        self.enters(it, index, s);
    }
}

fn schedule_reset(index: usize, at: Nanos, s: &mut impl Scheduler) {
    s.station(at, index as u32, Event::new(EventKind::CapResets, index as u32, 0));
}
