//! An M/M/1 queue (arrivals 0.9/s, service 1/s) on the kernel, and the same as a loop by hand.

use std::collections::VecDeque;

use smschain::kernel::{EventSet, Model, Nanos, SECOND, Unwatched, run};
use smschain::random::{Chance, Key, Owner, Purpose, Site, open01};

/// Arrivals a second; one is served in a second.
pub(crate) const ARRIVALS: f64 = 0.9;

#[derive(Debug, Clone, Copy)]
enum Event {
    Arrival,
    Departure,
}

/// The queue. A customer brings both its times along, drawn by its number: the gap to the next
/// customer and its service.
struct Queue {
    customers: u64,
    chance: Chance,
    arrived: u64,
    departed: u64,
    /// Services of those who wait.
    waiting: VecDeque<Nanos>,
    /// Time-weighted number in the system, in customers × ns.
    area: u128,
    last: Nanos,
}

fn exponential(bits: u64, rate: f64) -> Nanos {
    (-libm::log(open01(bits)) / rate * SECOND as f64) as Nanos
}

impl Queue {
    fn new(customers: u64) -> Queue {
        Queue {
            customers,
            chance: Chance::new(1),
            arrived: 0,
            departed: 0,
            waiting: VecDeque::new(),
            area: 0,
            last: 0,
        }
    }
}

impl Model for Queue {
    type Event = Event;

    fn handle(&mut self, event: Event, s: &mut EventSet<Event>) {
        let now = s.now();
        self.area += u128::from(self.arrived - self.departed) * u128::from(now - self.last);
        self.last = now;
        match event {
            Event::Arrival => {
                let draw = self.chance.block(Site {
                    thing: Key(self.arrived),
                    owner: Owner::NONE,
                    purpose: Purpose(0),
                    ordinal: 0,
                });
                let service = exponential(draw.second(), 1.0);
                if self.arrived == self.departed {
                    s.schedule(now + service, 0, Event::Departure);
                } else {
                    self.waiting.push_back(service);
                }
                self.arrived += 1;
                let gap = exponential(draw.first(), ARRIVALS);
                s.schedule(now + gap, 1, Event::Arrival);
            }
            Event::Departure => {
                self.departed += 1;
                if let Some(service) = self.waiting.pop_front() {
                    s.schedule(now + service, 0, Event::Departure);
                }
            }
        }
    }

    fn finished(&self) -> bool {
        self.departed == self.customers
    }

    fn done(&self) -> u64 {
        self.departed
    }
}

/// Serves so many customers on the kernel, one event for each arrival and each departure; the mean
/// number in the system.
pub(crate) fn on_the_kernel(customers: u64) -> f64 {
    let (mut queue, mut s) = (Queue::new(customers), EventSet::new());
    s.schedule(0, 1, Event::Arrival);
    run(&mut queue, &mut s, Nanos::MAX, &mut Unwatched);
    queue.area as f64 / queue.last as f64
}

/// The same without future events: the next one is the smaller of two times.
pub(crate) fn by_hand(customers: u64) -> f64 {
    // SplitMix64 (Steele, Lea & Flood 2014): one sequence for everything.
    let mut state = 1_u64;
    let mut uniform = || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    };
    let (mut arrival, mut departure) = (0, Nanos::MAX);
    let (mut inside, mut departed, mut area, mut last) = (0_u64, 0, 0_u128, 0);
    while departed < customers {
        let now: Nanos = if departure <= arrival { departure } else { arrival };
        area += u128::from(inside) * u128::from(now - last);
        last = now;
        if departure <= arrival {
            (inside, departed) = (inside - 1, departed + 1);
            let next = |bits| now + exponential(bits, 1.0);
            departure = if inside > 0 { next(uniform()) } else { Nanos::MAX };
        } else {
            inside += 1;
            if inside == 1 {
                departure = now + exponential(uniform(), 1.0);
            }
            arrival = now + exponential(uniform(), ARRIVALS);
        }
    }
    area as f64 / last as f64
}
