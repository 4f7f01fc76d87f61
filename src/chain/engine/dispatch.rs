//! What each event sets going.

use super::Engine;
use crate::chain::draws::Draws as _;
use crate::chain::event::{DETAIL_MAX, Event, What};
use crate::chain::message::Message;
use crate::chain::observer::Listener as _;
use crate::chain::submit::Submit;
use crate::chain::world::Chain;
use crate::kernel::{Model, Scheduler};

impl<E: Engine> Chain<'_, E> {
    /// A worker that has just taken a message asks its provider.
    #[inline(always)]
    fn worker_goes_on(&mut self, s: &mut Scheduler<Event>) {
        if let Some(event) = E::goes_on_with(self, What::WorkerReady, s)
            && self.messages[event.slot].stamp & DETAIL_MAX == event.detail()
        {
            self.worker_ready(event.slot, s);
        }
    }

    /// A message that has just failed, and is tried again at once, is back at its queue.
    #[inline(always)]
    fn retry_goes_on(&mut self, s: &mut Scheduler<Event>) {
        if let Some(event) = E::goes_on_with(self, What::Rejoin, s) {
            self.rejoin(event.slot, s);
        }
    }

    /// A copy that a provider has just accepted reaches its carrier.
    #[inline(always)]
    fn copy_goes_on(&mut self, s: &mut Scheduler<Event>) {
        if self.carriers_fail {
            return;
        }
        if let Some(event) = E::goes_on_with(self, What::CarrierArrival, s) {
            self.carrier_arrival(self.copied(event.slot, event.detail(), s.now()), s);
        }
    }

    /// Forgets timers that were overtaken, when they are most of what is pending.
    #[cold]
    #[inline(never)]
    fn sweep(&mut self, s: &mut Scheduler<Event>) {
        if self.overtaken < s.len() / 2 {
            return;
        }
        self.overtaken = 0;
        s.retain(|time, event| match event.what() {
            What::QueueExpiry => self.expires_in_queue_at(event.slot, time),
            What::SubmitTimeout => self.times_out_at(event.slot, event.detail(), time),
            _ => true,
        });
    }
}

impl<E: Engine> Model for Chain<'_, E> {
    type Event = Event;

    // Into the run loop: nothing has to be saved and restored for each event.
    #[inline(always)]
    fn handle(&mut self, event: Event, s: &mut Scheduler<Event>) {
        let now = s.now();
        if let Some(at) = self.chance.comes_to(now) {
            self.cut_spells(at, s);
        }
        if E::Listener::STORIES {
            if self.listener.hears_events() {
                let traced = self.traced(event, now);
                self.listener.event(&traced);
            }
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
        let asks = |record: &Submit| record.stamp & DETAIL_MAX == detail;
        match event.what() {
            What::ServiceDone => {
                self.service_done(slot, s);
                self.retry_goes_on(s);
            }
            What::SubmitDone => {
                self.submit_done(slot, s);
                self.copy_goes_on(s);
            }
            What::SubmitTimeout => {
                self.submit_timeout(slot, detail, s);
                self.retry_goes_on(s);
            }
            What::QueueExpiry => self.queue_expiry(slot, s),
            What::WorkerCrash => self.worker_crash(slot as usize, detail, s),
            What::WorkerRestart => self.worker_restart(slot as usize, detail, s),
            What::WorkersChange => self.workers_change(slot as usize, s),
            What::ProviderToken => self.provider_token(slot as usize, detail as usize, s),
            What::CarrierToken => self.carrier_token(slot as usize, detail as usize, s),
            What::HalfOpen => self.half_open(slot, s),
            What::LinkResumes => self.link_resumes(slot as usize, s),
            What::Arrival => E::arrives(self, slot as u16, s),
            What::Call => self.call(slot, None, now, s),
            What::CallTimeout => self.call_timeout(slot, s),
            What::CallEnd => {
                self.call_end(slot, detail, s);
                self.worker_goes_on(s);
            }
            What::Enqueue => {
                E::accepted_ahead(self, slot, s);
                self.worker_goes_on(s);
            }
            What::Rejoin => self.rejoin(slot, s),
            // Void if the worker has crashed meanwhile.
            What::WorkerReady if current(&self.messages[slot]) => self.worker_ready(slot, s),
            What::AskSlot if asks(&self.submits[slot]) => self.ask_slot(slot, s),
            What::Submit if asks(&self.submits[slot]) => self.submit_from_line(slot, s),
            What::HedgeDue => self.hedge_due(slot, detail, s),
            What::WorkerReady | What::AskSlot | What::Submit => {}
            What::LateAcceptance => self.late_acceptance(slot, s),
            What::CarrierArrival => self.carrier_arrival(self.copied(slot, detail, now), s),
            What::CarrierPass => self.carrier_passes(self.copied(slot, detail, now), s),
            What::Delivery => self.delivery(self.copied(slot, detail, now), now, s),
            What::DeliveryLost => self.delivery_lost(self.copied(slot, detail, now), now, s),
            What::CarrierExpiry => self.carrier_expiry(self.copied(slot, detail, now), now, s),
            What::Receipt => self.receipt_arrives(slot, detail, s),
            What::ResendCheck => self.resend_check(slot, s),
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

    fn finished(&self) -> bool {
        self.open_streams == 0
            && self.messages.is_empty()
            && self.requests.is_empty()
            && self.recipients.is_empty()
    }
}
