//! The same queue on simcore: two components, the customers' source and the server.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use serde::Serialize;
use simcore::{Event, EventHandler, Id, Simulation, SimulationContext, cast};

#[derive(Clone, Serialize)]
struct Arrival {}

#[derive(Clone, Serialize)]
struct Departure {}

/// Customers come, wait and are served.
struct Queue {
    ctx: SimulationContext,
    arrivals: f64,
    arrived: u64,
    departed: u64,
    /// Services of those who wait.
    waiting: VecDeque<f64>,
    /// Time-weighted number in the system.
    area: f64,
    last: f64,
}

impl Queue {
    fn exponential(&self, rate: f64) -> f64 {
        -(1.0 - self.ctx.rand()).ln() / rate
    }

    fn time_passes(&mut self) {
        let now = self.ctx.time();
        self.area += (self.arrived - self.departed) as f64 * (now - self.last);
        self.last = now;
    }

    fn arrival(&mut self) {
        self.time_passes();
        let service = self.exponential(1.0);
        if self.arrived == self.departed {
            self.ctx.emit_self(Departure {}, service);
        } else {
            self.waiting.push_back(service);
        }
        self.arrived += 1;
        let gap = self.exponential(self.arrivals);
        self.ctx.emit_self(Arrival {}, gap);
    }

    fn departure(&mut self) {
        self.time_passes();
        self.departed += 1;
        if let Some(service) = self.waiting.pop_front() {
            self.ctx.emit_self(Departure {}, service);
        }
    }
}

impl EventHandler for Queue {
    fn on(&mut self, event: Event) {
        cast!(match event.data {
            Arrival {} => { self.arrival() }
            Departure {} => { self.departure() }
        })
    }
}

/// Serves so many customers; the mean number in the system.
pub fn on_simcore(customers: u64, arrivals: f64) -> f64 {
    let mut simulation = Simulation::new(1);
    let queue = Rc::new(RefCell::new(Queue {
        ctx: simulation.create_context("queue"),
        arrivals,
        arrived: 0,
        departed: 0,
        waiting: VecDeque::new(),
        area: 0.0,
        last: 0.0,
    }));
    let _: Id = simulation.add_handler("queue", queue.clone());
    queue.borrow().ctx.emit_self(Arrival {}, 0.0);
    while queue.borrow().departed < customers {
        // So many that asking in between costs nothing.
        simulation.steps(1000);
    }
    let queue = queue.borrow();
    queue.area / queue.last
}
