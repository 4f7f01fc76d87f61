//! Waits between attempts, by how much later messages were accepted that were tried again.
//!
//! A message accepted at its kth attempt took k answers and k − 1 waits. A refusal is taken to be answered as an
//! acceptance is, each independently of the others, so that k answers together have the k-fold convolution of the
//! law of those accepted at once. Of all waits those are taken that make what took k attempts likeliest, one
//! after the other, with the same jitter.

use super::{Observation, Sample, best};

/// Rows that a wait is told by, at least.
pub(crate) const LEAST: u64 = 20;
/// Cells of the law of an answer, and of one with a wait in it.
const CELLS: usize = 1 << 10;
const WAITED: usize = 1 << 11;
/// The share of answers that these cells hold; what is longer is put into the last.
const HELD: f64 = 0.999;
/// A clock's step that blurs answers, as a share of their median: beyond it their law is the family's.
const BLURRED: f64 = 0.05;
/// Shares of rows that are tried as those that came for another reason, anywhere between none and the longest.
const STRAY: [f64; 3] = [0.01, 0.1, 0.3];
/// Half of χ² of one degree of freedom that 95 % don't exceed (Wilks 1938).
const SURE: f64 = 1.9207;
/// Difference of ln of the likelihood by which one jitter is told from another: 20 to 1.
const TOLD: f64 = 3.0;
/// Difference of the shortest waits of two jitters that matters, as a share of the wait.
const APART: f64 = 0.3;
/// Pieces of what a clock leaves open of a start.
const PIECES: u32 = 8;
/// Steps after which a search is at an end.
const STEPS: usize = 200;
/// Error of a search, as a share of the spread of answers and of the wait.
const NEAR: f64 = 1e-4;

/// Spread of waits: between two shares of the wait without it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Jitter {
    /// As a scenario has it.
    pub(crate) name: &'static str,
    from: f64,
    to: f64,
    /// Odds against it, as a difference of ln of the likelihood: hardly anybody has it.
    rare: f64,
}

impl Jitter {
    /// The first of decorrelated waits, between a shortest one and three times that. Later ones depend on those
    /// before them, and are taken to be spread as far.
    pub(crate) const DECORRELATED: Jitter =
        Jitter { name: "decorrelated", from: 1.0 / 3.0, to: 1.0, rare: 2.0 };
    const ALL: [Jitter; 6] = [
        Jitter { name: "none", from: 1.0, to: 1.0, rare: 0.0 },
        Jitter { name: "plus_minus_10", from: 0.9, to: 1.1, rare: 2.0 },
        Jitter { name: "plus_minus_20", from: 0.8, to: 1.2, rare: 2.0 },
        Jitter { name: "equal", from: 0.5, to: 1.0, rare: 0.0 },
        Jitter { name: "full", from: 0.0, to: 1.0, rare: 0.0 },
        Jitter::DECORRELATED,
    ];

    /// The mean wait, as a share of the one without jitter.
    pub(crate) fn mean(self) -> f64 {
        self.from.midpoint(self.to)
    }
}

/// Waits between attempts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Waits {
    pub(crate) jitter: Jitter,
    /// Another that is nearly as likely and clearly wider or narrower, with the first wait by it, s.
    pub(crate) or: Option<(Jitter, f64)>,
    /// That before the second attempt, before the third, …
    pub(crate) each: Vec<Wait>,
}

/// The wait before an attempt, s, without its jitter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Wait {
    pub(crate) value: f64,
    /// Its 95 % interval.
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) rows: u64,
}

/// The waits of messages of which `first` took one attempt to be accepted, and `later` two, three, …; `None`
/// where fewer than 20 took two.
pub(crate) fn waits(first: &Sample, later: &[Sample]) -> Option<Waits> {
    let answer = Law::of(first)?;
    let mut found: Vec<(f64, Jitter, Vec<Wait>)> = Jitter::ALL
        .into_iter()
        .map(|jitter| {
            let (likelihood, waits) = spread(&answer, first.rows(), later, jitter);
            (likelihood - jitter.rare, jitter, waits)
        })
        .collect();
    // Of equals the first, which is the simplest.
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (most, jitter, each) = found.swap_remove(0);
    let near = |own: &&(f64, Jitter, Vec<Wait>)| {
        let apart = (own.1.from - jitter.from).abs() > APART;
        most - own.0 < TOLD && apart && own.1 != Jitter::DECORRELATED
    };
    let or = found.iter().filter(near).max_by(|a, b| a.0.total_cmp(&b.0));
    let or = or.and_then(|own| Some((own.1, own.2.first()?.value)));
    (!each.is_empty()).then_some(Waits { jitter, or, each })
}

/// The waits with a jitter, and ln of their likelihood.
fn spread(answer: &Law, rows: u64, later: &[Sample], jitter: Jitter) -> (f64, Vec<Wait>) {
    let (mut answers, mut waits) = (answer.clone(), Vec::<Wait>::new());
    let (mut likelihood, mut stray, mut error) = (0.0, None, 0.0_f64);
    for sample in later.iter().take_while(|own| own.rows() >= LEAST) {
        answers = answers.plus(answer);
        let waited = |law, own: &Wait| Law::later(law, jitter, own.value);
        let law = waits.iter().fold(answers.clone(), waited);
        let tried = stray.map_or(STRAY.to_vec(), |own| vec![own]);
        let likelihoods =
            tried.into_iter().map(|stray| Likelihood::of(sample, &law, jitter, stray));
        let climbed = likelihoods.map(|own| (own.climb(), own));
        let Some(((value, most), of)) = climbed.max_by(|a, b| a.0.1.total_cmp(&b.0.1)) else {
            break;
        };
        stray = Some(of.stray);
        likelihood += most;
        // The answers' mean isn't known any better than by their rows, nor earlier waits than by theirs.
        let attempts = (waits.len() + 2) as f64;
        let before = error.hypot(attempts * answer.deviation() / (rows as f64).sqrt() * 1.96);
        let [low, high] = of.interval(value, most);
        let wait = Wait {
            value,
            low: (value - (value - low).hypot(before)).max(0.0),
            high: value + (high - value).hypot(before),
            rows: sample.rows(),
        };
        error = error.hypot((high - low) / 2.0);
        waits.push(wait);
    }
    (likelihood, waits)
}

/// A law of durations by cells of equal width.
#[derive(Clone, Debug)]
struct Law {
    from: f64,
    step: f64,
    /// The share below each cell's beginning, and in all.
    below: Vec<f64>,
    /// Its integral up to there, s.
    area: Vec<f64>,
}

impl Law {
    /// The law of a sample, by its rows or, where a clock blurs them, by the family that fits them best; `None`
    /// of nothing.
    fn of(sample: &Sample) -> Option<Law> {
        let ended: Vec<&Observation> =
            sample.observations().iter().filter(|own| !own.is_pending()).collect();
        let median = quantile(sample, 0.5)?;
        let longest = quantile(sample, HELD)?.max(1e-9) * 1.001;
        let blurred = ended.iter().any(|own| own.step() > BLURRED * median);
        let fitted = blurred.then(|| best(sample).ok()).flatten();
        let zeros = sample.zeros() as f64;
        let all = zeros + ended.iter().map(|own| own.count as f64).sum::<f64>();
        let step = longest / CELLS as f64;
        let mut cells = vec![0.0; CELLS];
        if let Some(choice) = fitted {
            let (law, zero) = (choice.fit().distribution(), choice.fit().zero_share());
            let up_to = |place: usize| (1.0 - zero) * law.cdf(place as f64 * step);
            (0..CELLS).for_each(|place| cells[place] = up_to(place + 1) - up_to(place));
            cells[0] += zero;
        } else {
            for own in ended {
                let (low, high) = (own.least() / step, own.high.max(0.0) / step);
                put(&mut cells, low, high, own.count as f64 / all);
            }
            put(&mut cells, 0.0, 0.0, zeros / all);
        }
        Some(Law::by_cells(0.0, step, &cells))
    }

    fn by_cells(from: f64, step: f64, cells: &[f64]) -> Law {
        let all: f64 = cells.iter().sum();
        let (mut below, mut sum) = (vec![0.0], 0.0);
        for own in cells {
            sum += own / all;
            below.push(sum);
        }
        Law::by_shares(from, step, below)
    }

    fn by_shares(from: f64, step: f64, below: Vec<f64>) -> Law {
        let (mut area, mut sum) = (vec![0.0], 0.0);
        for pair in below.windows(2) {
            sum += step * pair[0].midpoint(pair[1]);
            area.push(sum);
        }
        Law { from, step, below, area }
    }

    /// The share up to x, and its integral.
    fn up_to(&self, x: f64) -> (f64, f64) {
        let place = (x - self.from) / self.step;
        if place <= 0.0 {
            return (0.0, 0.0);
        }
        let (whole, part) = (place as usize, place.fract());
        let last = self.below.len() - 1;
        if whole >= last {
            return (1.0, self.area[last] + (x - self.end()));
        }
        let (a, b) = (self.below[whole], self.below[whole + 1]);
        (a + part * (b - a), self.area[whole] + part * self.step * (a + 0.5 * part * (b - a)))
    }

    fn end(&self) -> f64 {
        self.from + (self.below.len() - 1) as f64 * self.step
    }

    fn quantile(&self, share: f64) -> f64 {
        let place = self.below.partition_point(|&own| own < share);
        self.from + place as f64 * self.step
    }

    fn deviation(&self) -> f64 {
        let cells = (0..).zip(self.below.windows(2)).map(|(place, pair)| {
            (self.from + (f64::from(place) + 0.5) * self.step, pair[1] - pair[0])
        });
        let moments = cells.fold((0.0, 0.0), |(mean, square), (x, share)| {
            (mean + x * share, square + x * x * share)
        });
        (moments.1 - moments.0 * moments.0).max(0.0).sqrt()
    }

    /// The law of the sum with another of the same step, whose durations are independent.
    fn plus(&self, other: &Law) -> Law {
        let cells = |law: &Law| -> Vec<f64> {
            law.below.windows(2).map(|pair| pair[1] - pair[0]).collect()
        };
        let (own, other_cells) = (cells(self), cells(other));
        let mut sums = vec![0.0; own.len() + other_cells.len()];
        for (place, a) in own.iter().enumerate() {
            // Two that are even over a cell each have a sum over two.
            let halves = other_cells.iter().map(|b| 0.5 * a * b);
            for (at, half) in halves.enumerate() {
                sums[place + at] += half;
                sums[place + at + 1] += half;
            }
        }
        Law::by_cells(self.from + other.from, self.step, &sums)
    }

    /// The share up to x with a wait.
    fn waited(&self, x: f64, jitter: Jitter, wait: f64) -> f64 {
        let (from, to) = (jitter.from * wait, jitter.to * wait);
        if to - from <= NEAR * self.step {
            return self.up_to(x - to).0;
        }
        (self.up_to(x - from).1 - self.up_to(x - to).1) / (to - from)
    }

    /// The law with a wait.
    fn later(self, jitter: Jitter, wait: f64) -> Law {
        let (from, to) = (jitter.from * wait, jitter.to * wait);
        if to - from <= NEAR * self.step {
            return Law { from: self.from + to, ..self };
        }
        let (start, end) = (self.from + from, self.end() + to);
        let step = (end - start) / WAITED as f64;
        let at = |place: usize| self.waited(start + place as f64 * step, jitter, wait);
        Law::by_shares(start, step, (0..=WAITED).map(at).collect())
    }
}

/// Puts a share evenly between two places of cells.
fn put(cells: &mut [f64], from: f64, to: f64, share: f64) {
    let last = cells.len() - 1;
    let (first, end) = ((from as usize).min(last), (to as usize).min(last));
    if first == end || to <= from {
        cells[first] += share;
        return;
    }
    for (place, cell) in cells.iter_mut().enumerate().take(end + 1).skip(first) {
        let high = if place == last { to } else { to.min(place as f64 + 1.0) };
        *cell += share * (high - from.max(place as f64)).max(0.0) / (to - from);
    }
}

/// The quantile of a sample's durations that ended, by the middles of what each may be.
fn quantile(sample: &Sample, share: f64) -> Option<f64> {
    let ended = || sample.observations().iter().filter(|own| !own.is_pending());
    let all = sample.zeros() + ended().map(|own| own.count).sum::<u64>();
    let mut left = share * all as f64 - sample.zeros() as f64;
    let mut last = (all > 0).then_some(0.0);
    for own in ended() {
        if left <= 0.0 {
            break;
        }
        left -= own.count as f64;
        last = Some(middle(own));
    }
    last
}

fn middle(own: &Observation) -> f64 {
    own.least().midpoint(own.high.max(0.0))
}

/// The likelihood of a wait.
struct Likelihood<'a> {
    law: &'a Law,
    jitter: Jitter,
    rows: Vec<Observation>,
    /// The share of those that came for another reason, and the longest, s.
    stray: f64,
    longest: f64,
    /// Waits to begin a search at, and how far it goes at first.
    starts: Vec<f64>,
    scale: f64,
}

impl Likelihood<'_> {
    fn of<'a>(sample: &Sample, law: &'a Law, jitter: Jitter, stray: f64) -> Likelihood<'a> {
        let ended = sample.observations().iter().filter(|own| !own.is_pending());
        let rows: Vec<Observation> = ended.copied().collect();
        let longest = rows.iter().map(|own| own.high).fold(1e-9, f64::max);
        // By quantiles: both of what there is, and of what is least or longest.
        let wait = |of: f64, answers: f64, share: f64| {
            let seen = quantile(sample, of).unwrap_or(0.0);
            ((seen - law.quantile(answers)) / share.max(0.05)).max(0.0)
        };
        let middle = wait(0.5, 0.5, jitter.mean());
        let ends = [wait(0.95, 0.5, jitter.to), wait(0.05, 0.05, jitter.from)];
        let near = [0.5, 0.8, 1.0, 1.25, 2.0].into_iter().map(|times| times * middle);
        let starts = near.chain(ends).chain([0.0]).collect();
        let scale = law.quantile(0.75) - law.quantile(0.25);
        Likelihood { law, jitter, rows, stray, longest, starts, scale: scale.max(law.step) }
    }

    /// ln of it.
    fn at(&self, wait: f64) -> f64 {
        let up_to = |x: f64| self.law.waited(x, self.jitter, wait);
        let mut sum = 0.0;
        for own in &self.rows {
            // Known exactly, it is taken to within a thousandth.
            let high = own.high.max(own.low * (1.0 + 1e-3) + 1e-9);
            let share = if own.blur == 0.0 {
                up_to(high) - up_to(own.low)
            } else {
                let piece = |place: u32| {
                    let off = own.blur * (f64::from(place) + 0.5) / f64::from(PIECES);
                    up_to(high - off) - up_to(own.low - off)
                };
                (0..PIECES).map(piece).sum::<f64>() / f64::from(PIECES)
            };
            let anywhere = (high - own.low) / self.longest;
            let share = (1.0 - self.stray) * share + self.stray * anywhere.min(1.0);
            sum += own.count as f64 * libm::log(share.max(1e-300));
        }
        sum
    }

    /// The likeliest wait.
    fn climb(&self) -> (f64, f64) {
        let mut starts: Vec<(f64, f64)> =
            self.starts.iter().map(|&wait| (wait, self.at(wait))).collect();
        starts.sort_by(|a, b| b.1.total_cmp(&a.1));
        let climbed = starts.iter().take(3).map(|&(wait, at)| self.climb_from(wait, at));
        climbed.max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((0.0, f64::NEG_INFINITY))
    }

    fn climb_from(&self, mut wait: f64, mut most: f64) -> (f64, f64) {
        let mut step = (0.1 * wait).max(self.scale);
        for _ in 0..STEPS {
            if step < NEAR * (wait + self.scale) {
                break;
            }
            let near = [wait + step, (wait - step).max(0.0)].map(|own| (own, self.at(own)));
            let better = if near[0].1 > near[1].1 { near[0] } else { near[1] };
            if better.1 > most {
                (wait, most) = better;
            } else {
                step /= 2.0;
            }
        }
        (wait, most)
    }

    /// The ends of the wait's interval, at which ln of the likelihood is less by half of χ².
    fn interval(&self, wait: f64, most: f64) -> [f64; 2] {
        let is_in = |own: f64| self.at(own) > most - SURE;
        [-1.0, 1.0].map(|sign| {
            let off = |by: f64| (wait + sign * by).max(0.0);
            let (mut inside, mut outside) = (0.0, NEAR * (wait + self.scale));
            while is_in(off(outside)) && outside < self.longest {
                (inside, outside) = (outside, 2.0 * outside);
            }
            for _ in 0..12 {
                let by = 0.5 * (inside + outside);
                *if is_in(off(by)) { &mut inside } else { &mut outside } = by;
            }
            off(outside)
        })
    }
}
