//! Incidents that are events: workers lost and back, and copies put off by a carrier's outage.

use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::records::event::{Event, EventKind, Order, Scheduler as _, Slot};
use crate::chain::trace::observer::Listener as _;
use crate::chain::trace::story::CarrierStep;

impl<E: Engine> Chain<'_, E> {
    /// The first loss of workers of every queue that has one.
    pub(crate) fn schedule_losses(&mut self, s: &mut E::Scheduler) {
        for queue in 0..self.queues.len() {
            self.change_workers(queue, s);
        }
    }

    /// Workers of a queue are lost, or back: those that are back take what waits.
    pub(crate) fn workers_change(&mut self, queue: usize, s: &mut E::Scheduler) {
        if !self.queues[queue].workers_change_at(s.now()) {
            return;
        }
        self.change_workers(queue, s);
        self.serve_waiting(queue, s);
    }

    /// So many of its workers are lost now; an event for when that changes.
    pub(crate) fn change_workers(&mut self, queue: usize, s: &mut E::Scheduler) {
        let next = self.queues[queue].workers_change(s.now());
        if let Some(at) = next.filter(|&at| at <= self.end) {
            let event = Event::new(EventKind::WorkersChange, queue as u32, 0);
            s.station(at, queue as u32, event);
        }
    }

    /// In an outage of its carrier nothing happens to a copy: it happens at the end. True: it
    /// has been put off.
    pub(crate) fn put_off(&mut self, event: Event, s: &mut E::Scheduler) -> bool {
        let now = s.now();
        let (carrier, order, copy) = match event.kind().slot() {
            Slot::Carrier => (event.slot as usize, None, 0),
            Slot::Copy => {
                let record = &self.messages[event.message()];
                (usize::from(record.carrier), Some(record.order), event.detail())
            }
            _ => return false,
        };
        let up = self.carriers[carrier].up_from(now);
        if up == now {
            return false;
        }
        let station = || Order::station(event.kind(), event.slot);
        s.happens(up, order.unwrap_or_else(station), copy, event);
        if E::Listener::STORIES && order.is_some() {
            self.tell(event.message(), now, |_| CarrierStep::PutOff { copy, until: up });
        }
        true
    }
}
