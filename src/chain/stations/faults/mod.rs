//! Faults: what incidents do to the stations. All of it is known beforehand: it draws nothing, and nobody
//! but the station asks.

pub(crate) mod own_time;
pub(crate) mod piecewise;
pub(crate) mod windows;

use crate::chain::spec::{Effects, Failure, Failures, Incident, Occurrence, Outage, Spec, Target};
use crate::chain::stations::faults::own_time::OwnTime;
use crate::chain::stations::faults::piecewise::PiecewiseLinear;
use crate::chain::stations::faults::windows::Windows;
use crate::kernel::Nanos;
use std::cell::Cell;

/// The faults of a station, over time.
#[derive(Debug)]
pub(crate) struct Faults {
    /// Times at which any of it is on.
    on: Windows,
    /// A time, beginning and end, in which none of it is: who asks next mostly asks for the same.
    calm: Cell<(Nanos, Nanos)>,
    outage: Windows,
    /// Of outages, those in which who asks is refused.
    refused: Windows,
    latency: Option<PiecewiseLinear>,
    /// By result, in the order in which they are judged.
    failures: [Option<PiecewiseLinear>; Failure::COUNT],
    receipts_held: Windows,
    receipts_lost: Windows,
    relay: Option<PiecewiseLinear>,
    receipt_delay: Option<PiecewiseLinear>,
    receipt_loss: Option<PiecewiseLinear>,
}

/// The incidents at a target, in the order of their names.
fn incidents(spec: &Spec, target: Target) -> impl Iterator<Item = &Incident> + Clone {
    spec.incidents.iter().filter(move |incident| incident.target == target)
}

/// Each time that incidents at a target happen within the run, and what `of` says of their effects.
fn sizes(
    spec: &Spec,
    target: Target,
    of: impl Fn(&Effects) -> f64,
) -> impl Iterator<Item = (Occurrence, f64)> {
    incidents(spec, target).flat_map(move |incident| {
        let size = of(&incident.effects);
        times(spec, incident).map(move |one| (one, size))
    })
}

/// The times that an incident happens within the run; the first in any case.
fn times(spec: &Spec, incident: &Incident) -> impl Iterator<Item = Occurrence> + use<> {
    let end = spec.duration.saturating_add(spec.drain).saturating_add(1);
    incident.occurrences(end.max(incident.at.saturating_add(1)))
}

fn factor(spec: &Spec, target: Target, of: impl Fn(&Effects) -> f64) -> Option<PiecewiseLinear> {
    PiecewiseLinear::factor(sizes(spec, target, of))
}

fn share(spec: &Spec, target: Target, of: impl Fn(&Effects) -> f64) -> Option<PiecewiseLinear> {
    PiecewiseLinear::share(sizes(spec, target, of))
}

/// Times at which something is on that is on or off for the whole span of an incident.
pub(crate) fn windows(spec: &Spec, target: Target, of: impl Fn(&Effects) -> bool) -> Windows {
    let on = incidents(spec, target).filter(|incident| of(&incident.effects));
    Windows::new(on.flat_map(|incident| times(spec, incident)).map(|one| (one.at, one.end)))
}

/// The factor of a stream's rate, if incidents change it.
pub(crate) fn traffic_factor(spec: &Spec, stream: usize) -> Option<PiecewiseLinear> {
    factor(spec, Target::Traffic(stream), |effects| effects.traffic_factor)
}

/// The factor of a station's fixed windows, if incidents change their limits.
pub(crate) fn throttle_factor(spec: &Spec, target: Target) -> Option<PiecewiseLinear> {
    factor(spec, target, |effects| effects.throttle_factor)
}

/// The own time of a station's token buckets, if incidents change their rate.
pub(crate) fn throttle_time(spec: &Spec, target: Target) -> Option<OwnTime> {
    throttle_factor(spec, target).map(|factor| OwnTime::new(&factor))
}

/// The share of a queue's workers that is lost, if incidents take any.
pub(crate) fn workers_lost(spec: &Spec, queue: usize) -> Option<PiecewiseLinear> {
    share(spec, Target::Queue(queue), |effects| effects.workers_lost)
}

/// The factor of a queue's overhead, if incidents change it.
pub(crate) fn overhead(spec: &Spec, queue: usize) -> Option<PiecewiseLinear> {
    factor(spec, Target::Queue(queue), |effects| effects.overhead_factor)
}

/// The factor of a route's price, if incidents change it.
pub(crate) fn price(spec: &Spec, route: usize) -> Option<PiecewiseLinear> {
    factor(spec, Target::Route(route), |effects| effects.price_factor)
}

/// The factor of what is billed for a route's, or a provider's, segments, if incidents change it.
pub(crate) fn cost(spec: &Spec, target: Target) -> Option<PiecewiseLinear> {
    factor(spec, target, |effects| effects.cost_factor)
}

impl Faults {
    /// The faults of the target; `None`: nothing ever goes wrong.
    pub(crate) fn of(spec: &Spec, target: Target) -> Option<Box<Faults>> {
        let faults = Faults {
            on: windows(spec, target, |_| true),
            calm: Cell::new((0, 0)),
            outage: windows(spec, target, |effects| effects.outage.is_some()),
            refused: windows(spec, target, |effects| effects.outage == Some(Outage::Refused)),
            latency: factor(spec, target, |effects| effects.latency_factor),
            failures: std::array::from_fn(|result| {
                share(spec, target, |effects| effects.failures.shares()[result])
            }),
            receipts_held: windows(spec, target, |effects| effects.hold_receipts),
            receipts_lost: windows(spec, target, |effects| effects.lose_receipts),
            relay: factor(spec, target, |effects| effects.relay_factor),
            receipt_delay: factor(spec, target, |effects| effects.receipt_delay_factor),
            receipt_loss: share(spec, target, |effects| effects.receipt_loss),
        };
        let nothing = faults.outage.is_empty()
            && faults.latency.is_none()
            && faults.failures.iter().all(Option::is_none)
            && faults.receipts_held.is_empty()
            && faults.receipts_lost.is_empty()
            && faults.relay.is_none()
            && faults.receipt_delay.is_none()
            && faults.receipt_loss.is_none();
        (!nothing).then(|| Box::new(faults))
    }

    /// True if all is as it would be without incidents.
    #[inline]
    fn is_calm(&self, time: Nanos) -> bool {
        let (from, to) = self.calm.get();
        (from..to).contains(&time) || self.finds_calm(time)
    }

    #[inline(never)]
    fn finds_calm(&self, time: Nanos) -> bool {
        let calm = self.on.off_around(time);
        self.calm.set(calm.unwrap_or_default());
        calm.is_some()
    }

    pub(crate) fn outage(&self, time: Nanos) -> bool {
        self.outage.contain(time)
    }

    /// The outage at that time. Where one that refuses and one that is silent meet, the bind is down.
    pub(crate) fn outage_kind(&self, time: Nanos) -> Option<Outage> {
        if self.refused.contain(time) {
            return Some(Outage::Refused);
        }
        self.outage(time).then_some(Outage::Silent)
    }

    /// The first instant from `time` on without an outage.
    pub(crate) fn up_from(&self, time: Nanos) -> Nanos {
        self.outage.off_from(time)
    }

    pub(crate) fn latency_factor(&self, time: Nanos) -> f64 {
        self.latency.as_ref().map_or(1.0, |factor| factor.at(time))
    }

    /// Failure shares beside the station's own; `None` if there are none at that time.
    pub(crate) fn failures(&self, time: Nanos) -> Option<Failures> {
        let at = |factor: &Option<PiecewiseLinear>| {
            factor.as_ref().map_or(0.0, |factor| factor.at(time))
        };
        let shares = Failures::from(self.failures.each_ref().map(at));
        (shares != Failures::default()).then_some(shares)
    }

    /// The time at which a receipt that would reach the sender at `time` does.
    pub(crate) fn receipt_at(&self, time: Nanos) -> Nanos {
        self.receipts_held.off_from(time)
    }

    /// The factor of the way from the provider to the carrier.
    pub(crate) fn relay_factor(&self, time: Nanos) -> f64 {
        self.relay.as_ref().map_or(1.0, |factor| factor.at(time))
    }

    /// The factor of the delay of a receipt that sets out then.
    pub(crate) fn receipt_delay_factor(&self, time: Nanos) -> f64 {
        self.receipt_delay.as_ref().map_or(1.0, |factor| factor.at(time))
    }

    /// The share of receipts that set out then and are lost, beside the provider's own.
    pub(crate) fn receipt_loss(&self, time: Nanos) -> f64 {
        self.receipt_loss.as_ref().map_or(0.0, |factor| factor.at(time))
    }

    /// True if a receipt that would reach the sender then is lost.
    pub(crate) fn receipt_lost(&self, time: Nanos) -> bool {
        self.receipts_lost.contain(time)
    }
}

/// The faults of a station that are on at `time`, if any are.
#[inline]
pub(crate) fn faults_at(faults: &Option<Box<Faults>>, time: Nanos) -> Option<&Faults> {
    faults.as_deref().filter(|faults| !faults.is_calm(time))
}

/// The factor of a station's latency at `time`.
pub(crate) fn latency_factor(faults: Option<&Faults>, time: Nanos) -> f64 {
    faults.map_or(1.0, |faults| faults.latency_factor(time))
}
