//! Arrival processes: when a stream's requests come.
//!
//! Request i comes at Λ⁻¹((E₁ + … + Eᵢ) / scale), with Λ the cumulated rate and E exponential
//! gaps of mean 1 keyed by (stream, i): at another scale request i is the same request, earlier.
//! Incidents multiply the rate, so that with them, too, it is the same request at another time.

mod curve;
mod shape;
#[cfg(test)]
mod tests;
mod trace;

use self::curve::Curve;
use self::shape::Shape;
use self::trace::Rows;
use crate::chain::draws::{key, site};
use crate::chain::records::id::Id;
use crate::chain::spec::{self, TraceRow};
use crate::chain::stations::faults;
use crate::chain::stations::faults::piecewise::PiecewiseLinear;
use crate::kernel::{Nanos, SECOND};
use crate::random::{Block, Chance, DrawSource, Key, open01};

/// The next request of a stream: its time, and which one it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Next {
    pub(crate) time: Nanos,
    pub(crate) key: Key,
    /// Its number in the stream.
    pub(crate) index: u64,
    /// Row of a trace, and which repeat of it.
    pub(crate) row: Option<Id<TraceRow>>,
    pub(crate) repeat: u32,
}

/// The arrival process of one stream.
#[derive(Debug)]
pub(crate) struct Arrivals {
    stream: Key,
    scale: f64,
    /// Requests given so far.
    index: u64,
    /// E₁ + … + Eᵢ.
    gaps: f64,
    /// Gaps drawn ahead: that of request i is at i modulo their count.
    ahead: [f64; AHEAD],
    process: Process,
}

/// So many gaps are drawn at once.
const AHEAD: usize = 16;

#[derive(Debug)]
enum Process {
    Poisson {
        rate: f64,
    },
    Constant {
        rate: f64,
    },
    /// Even spacing at a rate that incidents change: request i where Λ = i.
    Even(Curve),
    Curve(Curve),
    Campaign {
        count: u64,
        at: Nanos,
        over: Nanos,
    },
    Trace(Rows),
}

impl Arrivals {
    /// The process of a stream, with its key.
    pub(crate) fn new(index: usize, stream: Key, spec: &spec::Spec, chance: &Chance) -> Arrivals {
        let arrivals = &spec.traffic[index].arrivals;
        let factor = faults::traffic_factor(spec, index);
        Arrivals::of(arrivals, factor, stream, spec.scale, spec.start, spec.duration, chance)
    }

    /// `factor` multiplies the rate, `start` is the time of day at t = 0. Requests at or after
    /// `until` need not be found.
    fn of(
        arrivals: &spec::Arrivals,
        factor: Option<PiecewiseLinear>,
        stream: Key,
        scale: f64,
        start: Nanos,
        until: Nanos,
        chance: &Chance,
    ) -> Arrivals {
        let changed = factor.is_some();
        let curve = |shape| Curve::new(shape, factor.as_ref(), until);
        let steady = |rate| curve(Shape::profile(&[(0, rate)], 0, false, true));
        let process = match arrivals {
            &spec::Arrivals::Poisson { rate } if changed => Process::Curve(steady(rate)),
            &spec::Arrivals::Constant { rate } if changed => Process::Even(steady(rate)),
            &spec::Arrivals::Poisson { rate } => Process::Poisson { rate },
            &spec::Arrivals::Constant { rate } => Process::Constant { rate },
            spec::Arrivals::Profile { points, clock, daily, step } => {
                let from = if *clock { start } else { 0 };
                Process::Curve(curve(Shape::profile(points, from, *daily, *step)))
            }
            &spec::Arrivals::OnOff { high, low, mean_high, mean_low } => {
                let shape = Shape::on_off([low, high], [mean_low, mean_high], stream, chance);
                Process::Curve(curve(shape))
            }
            &spec::Arrivals::Campaign { count, at, over } => {
                let count = (count as f64 * scale).round() as u64;
                Process::Campaign { count, at, over }
            }
            spec::Arrivals::Trace { rows } => Process::Trace(Rows::new(rows)),
        };
        Arrivals { stream, scale, index: 0, gaps: 0.0, ahead: [0.0; AHEAD], process }
    }

    /// The next request, if there is one.
    pub(crate) fn next(&mut self, chance: &impl DrawSource) -> Option<Next> {
        let index = self.index;
        if let Process::Trace(rows) = &mut self.process {
            let (time, number, row, which) = rows.next(self.stream, self.scale, chance)?;
            let key = self.stream.child(number);
            let key = key::repeat(key, which);
            self.index += 1;
            return Some(Next { time, key, index, row: Some(Id::nth(row as u32)), repeat: which });
        }
        let key = self.stream.child(index);
        let scale = self.scale;
        let time = match &mut self.process {
            Process::Constant { rate } => nanos(index as f64 / (*rate * scale))?,
            Process::Even(curve) => nanos(curve.inverse(index as f64 / scale, chance)?)?,
            Process::Campaign { count, .. } if index >= *count => return None,
            Process::Campaign { count, at, over } => {
                let offset = u128::from(*over) * u128::from(index) / u128::from(*count);
                *at + offset as Nanos
            }
            process => {
                let place = index as usize % AHEAD;
                self.gaps += if let Some(chance) = chance.ahead() {
                    if place == 0 {
                        self.ahead = gaps_from(self.stream, index, chance);
                    }
                    self.ahead[place]
                } else {
                    gap(chance.block(site::gap(key)).first())
                };
                let target = self.gaps / scale;
                match process {
                    Process::Poisson { rate } => nanos(target / *rate)?,
                    Process::Curve(curve) => nanos(curve.inverse(target, chance)?)?,
                    _ => return None,
                }
            }
        };
        self.index += 1;
        Some(Next { time, key, index, row: None, repeat: 0 })
    }

    /// Draws anew what is left at `known` of a spell between two rates; until then it has told
    /// its requests.
    pub(crate) fn cut(&mut self, known: Nanos, chance: &impl DrawSource) {
        if let Process::Even(curve) | Process::Curve(curve) = &mut self.process {
            curve.cut(known as f64 / SECOND as f64, chance);
        }
    }
}

/// An exponential gap of mean 1.
fn gap(word: u64) -> f64 {
    -libm::log(open01(word))
}

/// Those before request `index` of a stream and the ones after it.
fn gaps_from(stream: Key, index: u64, chance: &Chance) -> [f64; AHEAD] {
    let requests: [u64; AHEAD] = std::array::from_fn(|place| index + place as u64);
    let mut words = [0; AHEAD];
    let site = |&request: &u64| site::gap(stream.child(request));
    chance.draw_all(&requests, site, &mut words, Block::first);
    words.map(gap)
}

fn nanos(seconds: f64) -> Option<Nanos> {
    let nanos = seconds * SECOND as f64 + 0.5;
    (nanos < 9e18).then_some(nanos as i64 as Nanos)
}
