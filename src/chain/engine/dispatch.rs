//! Dispatch: what each event sets going.

use crate::chain::draws::Draws as _;
use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::records::attempt::Attempt;
use crate::chain::records::event::{DETAIL_MAX, Event, EventKind};
use crate::chain::records::message::Message;
use crate::chain::stations::quiet::Held;
use crate::chain::trace::observer::Listener as _;
use crate::kernel::{EventSet, Model, Nanos};

impl<E: Engine<Scheduler = EventSet<Event>>> Chain<'_, E> {
    /// A worker that has just taken a message asks its provider.
    #[inline(always)]
    fn worker_goes_on(&mut self, s: &mut EventSet<Event>) {
        if let Some(event) = E::goes_on_with(self, EventKind::WorkerReady, s)
            && self.messages[event.message()].stamp & DETAIL_MAX == event.detail()
        {
            self.worker_ready(event.message(), s);
        }
    }

    /// A message that has just failed, and is tried again at once, is back at its queue.
    #[inline(always)]
    fn retry_goes_on(&mut self, s: &mut EventSet<Event>) {
        if let Some(event) = E::goes_on_with(self, EventKind::Rejoin, s) {
            self.rejoin(event.message(), s);
        }
    }

    /// A copy that a provider has just accepted reaches its carrier.
    #[inline(always)]
    fn copy_goes_on(&mut self, s: &mut EventSet<Event>) {
        if self.carriers_fail {
            return;
        }
        if let Some(event) = E::goes_on_with(self, EventKind::CarrierArrival, s) {
            self.carrier_arrival(self.copied(event.message(), event.detail(), s.now()), s);
        }
    }

    /// Draws anew what is left of every spell.
    #[cold]
    fn cut_spells(&mut self, at: Nanos, s: &mut EventSet<Event>) {
        for provider in &mut self.providers {
            provider.cut_spell(at, &self.chance);
        }
        for (arrivals, next) in self.arrivals.iter_mut().zip(&self.upcoming) {
            // The next request is known, and by that the spell until then.
            let known = next.as_ref().map_or(at, |next| next.time.max(at));
            arrivals.cut(known, &self.chance);
        }
        if self.queues.iter().all(|queue| queue.crashing_workers() == 0) {
            return;
        }
        s.retain(|_, event| event.kind() != EventKind::WorkerCrash);
        // A crash that would have come after the run's end wasn't scheduled: all but those that
        // are on their way back work.
        let back: Vec<(u32, u32)> = s
            .iter()
            .filter(|(_, event)| event.kind() == EventKind::WorkerRestart)
            .map(|(_, event)| (event.slot, event.detail()))
            .collect();
        self.schedule_crashes_but(&back, s);
    }

    /// Forgets timers that were overtaken, when they are most of what is pending.
    #[cold]
    #[inline(never)]
    fn sweep(&mut self, s: &mut EventSet<Event>) {
        if self.overtaken < s.len() / 2 {
            return;
        }
        self.overtaken = 0;
        s.retain(|time, event| match event.kind() {
            EventKind::QueueExpiry => self.expires_in_queue_at(event.message(), time),
            EventKind::SubmitTimeout => self.times_out_at(event.attempt(), event.detail(), time),
            EventKind::FollowUp => self.follows_up(event.message(), event.detail()),
            EventKind::LeaseEnd => self.lease_ends_at(event.message(), event.detail(), time),
            _ => true,
        });
    }
}

impl<E: Engine<Scheduler = EventSet<Event>>> Model for Chain<'_, E> {
    type Event = Event;

    // Into the run loop: nothing has to be saved and restored for each event.
    #[inline(always)]
    fn handle(&mut self, event: Event, s: &mut EventSet<Event>) {
        let now = s.now();
        if let Some(at) = self.chance.comes_to(now) {
            self.cut_spells(at, s);
        }
        if E::Listener::STORIES && self.listener.hears_events() {
            let traced = self.traced(event, now);
            self.listener.event(&traced);
        }
        self.listener.begins(now, s.rank());
        if now >= self.next_sample {
            self.take_samples(now, s);
        }
        if self.carriers_fail && self.put_off(event, s) {
            return;
        }
        let (slot, detail) = (event.slot, event.detail());
        let current = |record: &Message| record.stamp & DETAIL_MAX == detail;
        let asks = |record: &Attempt| record.stamp & DETAIL_MAX == detail;
        match event.kind() {
            EventKind::ServiceDone => {
                self.service_done(event.attempt(), s);
                self.retry_goes_on(s);
            }
            EventKind::SubmitDone => {
                self.submit_done(event.attempt(), s);
                self.copy_goes_on(s);
            }
            EventKind::SubmitTimeout => {
                self.submit_timeout(event.attempt(), detail, s);
                self.retry_goes_on(s);
            }
            EventKind::QueueExpiry => self.queue_expiry(event.message(), s),
            EventKind::WorkerCrash => self.worker_crash(slot as usize, detail, s),
            EventKind::WorkerRestart => self.worker_restart(slot as usize, detail, s),
            EventKind::WorkersChange => self.workers_change(slot as usize, s),
            EventKind::QuietTurn => self.quiet_hours_turn(slot as usize, s),
            EventKind::QuietEnd => self.quiet_hours_end(slot as u16, s),
            EventKind::WorkersStart => self.workers_start(slot as usize, s),
            EventKind::ScalerLook => self.scaler_looks(slot as usize, s),
            EventKind::ProviderToken => self.provider_token(slot as usize, detail as usize, s),
            EventKind::CarrierToken => self.carrier_token(slot as usize, detail as usize, s),
            EventKind::CapResets => self.cap_resets(slot as usize, s),
            EventKind::HalfOpen => self.half_open(slot, s),
            EventKind::LinkResumes => self.link_resumes(slot as usize, s),
            EventKind::Arrival => E::arrives(self, slot as u16, s),
            EventKind::Call => self.call(event.request(), None, now, s),
            EventKind::CallTimeout => self.call_timeout(event.request(), s),
            EventKind::CallEnd => {
                self.call_end(event.request(), detail, s);
                self.worker_goes_on(s);
            }
            EventKind::Enqueue => {
                E::accepted_ahead(self, event.message(), s);
                self.worker_goes_on(s);
            }
            EventKind::LeaseEnd => self.lease_ends(event.message(), detail, s),
            EventKind::Rejoin => self.rejoin(event.message(), s),
            // Void if the worker has crashed meanwhile.
            EventKind::WorkerReady if current(&self.messages[event.message()]) => {
                self.worker_ready(event.message(), s)
            }
            EventKind::AskSlot if asks(&self.attempts[event.attempt()]) => {
                self.ask_slot(event.attempt(), s)
            }
            EventKind::Submit if asks(&self.attempts[event.attempt()]) => {
                self.submit_with_slot(event.attempt(), s)
            }
            EventKind::HedgeDue => self.hedge_due(event.attempt(), detail, s),
            EventKind::WorkerReady if self.leased => self.late_ready(event.message(), detail, s),
            EventKind::WorkerReady | EventKind::AskSlot | EventKind::Submit => {}
            EventKind::LateAcceptance => self.late_acceptance(event.attempt(), s),
            EventKind::CarrierArrival => {
                self.carrier_arrival(self.copied(event.message(), detail, now), s)
            }
            EventKind::CarrierRelease => {
                self.carrier_release(self.copied(event.message(), detail, now), s)
            }
            EventKind::CarrierPass => {
                self.carrier_passes(self.copied(event.message(), detail, now), s)
            }
            EventKind::Delivery => self.delivery(self.copied(event.message(), detail, now), now, s),
            EventKind::DeliveryLost => {
                self.delivery_lost(self.copied(event.message(), detail, now), now, s)
            }
            EventKind::CarrierExpiry => {
                self.carrier_expiry(self.copied(event.message(), detail, now), now, s)
            }
            EventKind::Receipt => self.receipt_arrives(event.message(), detail, s),
            EventKind::FollowUp => self.follow_up(event.message(), detail, s),
            EventKind::ResendCheck => self.resend_check(event.recipient(), s),
            EventKind::RouteLook => self.looks_at_routes(s),
        }
        const FEW: usize = 1 << 14;
        if self.overtaken >= FEW {
            self.sweep(s);
        }
    }

    fn comes_up(&self, events: impl Iterator<Item = Event>) {
        E::comes_up(self, events);
    }

    /// Messages accepted.
    fn done(&self) -> u64 {
        self.ledger.results.simulated
    }

    #[inline]
    fn finished(&self) -> bool {
        self.open_streams == 0
            && self.messages.is_empty()
            && self.requests.is_empty()
            && self.recipients.is_empty()
            && self.held.iter().all(Held::is_empty)
    }
}
