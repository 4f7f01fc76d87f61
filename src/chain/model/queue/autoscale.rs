//! Workers that are added and taken away.

use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::records::event::{Event, EventKind, Scheduler as _};
use crate::chain::stations::queue::Scaled;

impl<E: Engine> Chain<'_, E> {
    /// The first look of every autoscaler.
    pub(crate) fn schedule_looks(&mut self, s: &mut E::Scheduler) {
        for index in 0..self.queues.len() {
            self.schedule_look(index, s);
        }
    }

    fn schedule_look(&mut self, index: usize, s: &mut E::Scheduler) {
        if let Some(at) = self.queues[index].next_look().filter(|&at| at <= self.end) {
            s.station(at, index as u32, Event::new(EventKind::ScalerLook, index as u32, 0));
        }
    }

    /// An autoscaler looks at its queue.
    #[inline(never)]
    pub(crate) fn scaler_looks(&mut self, index: usize, s: &mut E::Scheduler) {
        let now = s.now();
        match self.queues[index].scaler_looks(&self.messages, now) {
            Some(Scaled::More(_, at)) if at == now => self.workers_start(index, s),
            Some(Scaled::More(_, at)) => {
                s.station(at, index as u32, Event::new(EventKind::WorkersStart, index as u32, 0));
            }
            Some(Scaled::Fewer(_)) => self.change_workers(index, s),
            Some(Scaled::Stays) | None => {}
        }
        self.schedule_look(index, s);
    }

    /// Workers that were added have started, unless they were taken away before.
    #[inline(never)]
    pub(crate) fn workers_start(&mut self, index: usize, s: &mut E::Scheduler) {
        self.queues[index].workers_start(s.now());
        self.change_workers(index, s);
        self.serve_waiting(index, s);
    }
}
