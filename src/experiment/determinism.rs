//! The same replications a second time, compared with the first event by event.

use super::in_order::Workers;
use super::replications::{Failure, Replications, Run, one, replicate_with};
use super::watch::{Silent, Watch};
use crate::chain::spec::Spec;
use crate::chain::{Completed, Observer, TracedEvent, Wants};
use crate::random::mix;

/// Marks that all trails of one run may keep: 8 MB.
const MARKS: u64 = 1 << 20;
/// Marks of one trail.
const MARKS_MOST: u64 = 1 << 12;
/// Marks of a trail that is kept in a file: one an event in runs of fewer events.
const MARKS_KEPT: usize = 1 << 17;
/// The bits of a mark that are kept in a file: 12, so that one difference in 4,096 is seen an event late.
const KEPT: u64 = (1 << 12) - 1;
/// Searches for a difference before it counts as gone.
const SEARCHES: usize = 3;

/// A running hash of a replication's events, in their order, with marks on the way: enough to tell
/// whether two runs were the same, and about where they parted, in memory that doesn't grow.
#[derive(Debug, Clone)]
pub struct Trail {
    events: u64,
    hash: u64,
    /// Events from mark to mark, a power of two.
    every: u64,
    /// The hash after `every` events, after twice as many, …
    marks: Vec<u64>,
    /// As many marks are too many.
    most: usize,
}

impl Trail {
    /// Of one among so many replications.
    #[must_use]
    pub fn new(replications: u64) -> Trail {
        Trail::with_marks((MARKS / replications.max(1)).clamp(2, MARKS_MOST) as usize)
    }

    fn with_marks(most: usize) -> Trail {
        Trail { events: 0, hash: 0, every: 1, marks: Vec::new(), most }
    }

    /// One that is to be kept with the run.
    #[must_use]
    pub fn to_keep() -> Trail {
        Trail::with_marks(MARKS_KEPT)
    }

    /// Events so far.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.events
    }

    /// The hash of all of them.
    #[must_use]
    pub fn hash(&self) -> u64 {
        self.hash
    }

    /// Events from mark to mark, a power of two.
    #[must_use]
    pub fn every(&self) -> u64 {
        self.every
    }

    /// The lower 12 bits of the hash after that many events, after twice as many, …
    pub fn kept_marks(&self) -> impl Iterator<Item = u16> {
        self.marks.iter().map(|&mark| (mark & KEPT) as u16)
    }

    /// The numbers, from 1, of the events among which this run parts from one of which the
    /// [`Trail::kept_marks`] are known: just one event where a mark was kept of each. The last is
    /// one beyond the end if this one ends there. `None`: it doesn't.
    #[must_use]
    pub fn parts_from_kept(
        &self,
        events: u64,
        hash: u64,
        every: u64,
        marks: &[u16],
    ) -> Option<(u64, u64)> {
        let marks = marks.iter().map(|&mark| u64::from(mark)).collect();
        let other = Trail { events, hash, every, marks, most: usize::MAX };
        self.parting(&other, KEPT).map(|Window { first, last }| (first, last))
    }

    fn note(&mut self, event: u64) {
        self.hash = mix(self.hash.wrapping_add(event));
        self.events += 1;
        if self.events & (self.every - 1) == 0 {
            self.marks.push(self.hash);
            if self.marks.len() >= self.most {
                self.thin();
            }
        }
    }

    /// Every other mark goes.
    fn thin(&mut self) {
        let mut number = 0;
        self.marks.retain(|_| {
            number += 1;
            number % 2 == 0
        });
        self.every *= 2;
    }

    /// The numbers (from 1) of the events among which is the first that differs: not more than lie
    /// between two marks, or follow the last, and one that only one of them may have. Of marks those
    /// bits are compared.
    fn parting(&self, other: &Trail, bits: u64) -> Option<Window> {
        if (self.events, self.hash) == (other.events, other.hash) {
            return None;
        }
        let (mut one, mut two) = (self.clone(), other.clone());
        while one.every < two.every {
            one.thin();
        }
        while two.every < one.every {
            two.thin();
        }
        let marks = one.marks.iter().zip(&two.marks);
        let same = marks.take_while(|(one, two)| *one & bits == *two & bits).count();
        let first = same as u64 * one.every + 1;
        let last = (first + one.every - 1).min(one.events.min(two.events) + 1);
        Some(Window { first: first.min(last), last })
    }
}

impl Observer for Trail {
    fn wants(&self) -> Wants {
        Wants::Events
    }

    fn event(&mut self, event: &TracedEvent) {
        self.note(event.hash());
    }
}

/// An observer of messages, and the trails of the replications it sees one after another.
#[derive(Debug)]
pub struct Trailed<O> {
    /// The observer.
    pub observer: O,
    trails: Vec<Trail>,
    replications: u64,
}

impl<O: Observer> Trailed<O> {
    /// For so many replications.
    pub fn new(observer: O, replications: u64) -> Self {
        Trailed { observer, trails: Vec::new(), replications }
    }

    /// The next replication begins.
    pub fn begin(&mut self) {
        self.trails.push(Trail::new(self.replications));
    }

    /// The observer and the trails.
    pub fn into_parts(self) -> (O, Vec<Trail>) {
        (self.observer, self.trails)
    }
}

impl<O: Observer> Observer for Trailed<O> {
    fn wants(&self) -> Wants {
        Wants::Events
    }

    fn completed(&mut self, message: &Completed<'_>) {
        self.observer.completed(message);
    }

    fn event(&mut self, event: &TracedEvent) {
        if let Some(trail) = self.trails.last_mut() {
            trail.event(event);
        }
    }
}

/// Numbers of events, from 1, both ends among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Window {
    first: u64,
    last: u64,
}

/// Keeps the events of a window.
#[derive(Debug)]
struct Recorder {
    window: Window,
    events: u64,
    kept: Vec<TracedEvent>,
}

impl Observer for Recorder {
    fn wants(&self) -> Wants {
        Wants::Events
    }

    fn event(&mut self, event: &TracedEvent) {
        self.events += 1;
        if self.window.first <= self.events && self.events <= self.window.last {
            self.kept.push(*event);
        }
    }
}

/// The events of a run with these numbers, from 1, both among them.
///
/// # Errors
/// Conservation is broken.
pub fn events_between(
    spec: &Spec,
    seed: u64,
    first: u64,
    last: u64,
) -> Result<Vec<TracedEvent>, Failure> {
    let plan = Replications::of(spec, seed, 1);
    let mut recorder = Recorder { window: Window { first, last }, events: 0, kept: Vec::new() };
    one(plan, 0, &mut recorder, &Silent)?;
    Ok(recorder.kept)
}

/// A difference between two runs of the same thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mismatch {
    /// In an event, the first that does.
    Event {
        /// The replication.
        replication: u64,
        /// Its own seed.
        seed: u64,
        /// The event's number in the replication, from 1.
        number: u64,
        /// The event of either run there; `None`: it had ended.
        runs: [Option<TracedEvent>; 2],
    },
    /// Among some events, which were the same when they were looked at again.
    Fleeting {
        /// The replication.
        replication: u64,
        /// Its own seed.
        seed: u64,
        /// The first of the events, from 1.
        first: u64,
        /// The last.
        last: u64,
    },
    /// In what was counted, although every event was the same.
    Counts,
}

/// Runs `plan` again on `workers` and compares what comes of it with the `first` run, whose
/// replications left `trails`. A difference is looked for by running its replication twice more.
///
/// # Errors
/// The first replication that broke conservation.
pub fn run_again<W: Watch>(
    plan: Replications<'_>,
    first: &Run,
    trails: &[Trail],
    workers: &Workers,
    watch: &W,
) -> Result<(Run, Option<Mismatch>), Failure> {
    compare([plan, plan], first, trails, workers, watch)
}

/// As [`run_again`]; the second run is that of the second plan.
fn compare<W: Watch>(
    plans: [Replications<'_>; 2],
    first: &Run,
    trails: &[Trail],
    workers: &Workers,
    watch: &W,
) -> Result<(Run, Option<Mismatch>), Failure> {
    let count = plans[1].count;
    let (second, again) = replicate_with(workers, plans[1], |_| Trail::new(count), watch)?;
    for (replication, (one, two)) in (0..).zip(trails.iter().zip(&again)) {
        if let Some(window) = one.parting(two, u64::MAX) {
            let difference = search(plans, replication, window, workers)?;
            return Ok((second, Some(difference)));
        }
    }
    let difference = (*first != second).then_some(Mismatch::Counts);
    Ok((second, difference))
}

/// Runs the replication again, as both runs did, and keeps what happens in the window.
fn search(
    plans: [Replications<'_>; 2],
    replication: u64,
    window: Window,
    workers: &Workers,
) -> Result<Mismatch, Failure> {
    let seed = plans[0].seed_of(replication);
    let record = |plan: Replications<'_>, workers: &Workers| {
        let alone = Replications::of(plan.spec, plan.seed_of(replication), 1);
        let recorder = |_| Recorder { window, events: 0, kept: Vec::new() };
        let (_, recorders) = replicate_with(workers, alone, recorder, &Silent)
            .map_err(|failure| Failure { replication, ..failure })?;
        Ok(recorders.into_iter().next().map(|recorder| recorder.kept).unwrap_or_default())
    };
    for _ in 0..SEARCHES {
        let (one, two) = (record(plans[0], &Workers::new(1))?, record(plans[1], workers)?);
        let same = one.iter().zip(&two).take_while(|(one, two)| one == two).count();
        let runs = [one.get(same).copied(), two.get(same).copied()];
        if runs != [None, None] {
            let number = window.first + same as u64;
            return Ok(Mismatch::Event { replication, seed, number, runs });
        }
    }
    Ok(Mismatch::Fleeting { replication, seed, first: window.first, last: window.last })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::Subject;
    use crate::chain::spec::Delay;
    use crate::experiment::sample;
    use crate::kernel::SECOND;

    fn trail(events: impl IntoIterator<Item = u64>) -> Trail {
        let mut trail = Trail::with_marks(8);
        events.into_iter().for_each(|event| trail.note(event));
        trail
    }

    #[test]
    fn a_trail_says_about_where_it_parted() {
        let one = trail(0..1000);
        assert!(one.marks.len() < 8);
        assert_eq!(one.parting(&trail(0..1000), u64::MAX), None);
        for at in 0..1000 {
            let two = trail((0..1000).map(|event| if event == at { 7777 } else { event }));
            let window = one.parting(&two, u64::MAX).unwrap();
            let number = at + 1;
            assert!(window.first <= number && number <= window.last, "{number}: {window:?}");
            assert!(window.last - window.first < 256, "{window:?}");
        }
    }

    #[test]
    fn twelve_bits_of_each_mark_say_where_too() {
        let (one, short) = (trail(0..1000), Trail::with_marks(32));
        let kept: Vec<u16> = one.kept_marks().collect();
        let parts = |two: &Trail| two.parts_from_kept(one.events, one.hash, one.every, &kept);
        assert_eq!(parts(&trail(0..1000)), None);
        for at in 0..1000 {
            // Thinned less, and as much.
            for mut two in [short.clone(), Trail::with_marks(8)] {
                (0..1000).for_each(|event| two.note(if event == at { 7777 } else { event }));
                let (first, last) = parts(&two).unwrap();
                assert!(first <= at + 1 && at < last && last - first < 256, "{at}: {first} {last}");
            }
        }
        assert_eq!(parts(&trail(0..10)), Some((1, 11)));
    }

    #[test]
    fn a_run_that_ends_early_parts_where_it_ends() {
        let one = trail(0..1000);
        for end in [0, 1, 7, 128, 500, 999] {
            for (one, two) in [(&one, &trail(0..end)), (&trail(0..end), &one)] {
                let window = one.parting(two, u64::MAX).unwrap();
                assert!(window.first <= end + 1 && end + 1 == window.last, "{end}: {window:?}");
            }
        }
        // The order of events counts too.
        assert!(trail([1, 2]).parting(&trail([2, 1]), u64::MAX).is_some());
    }

    fn settings() -> Spec {
        let mut spec = sample::spec();
        (spec.duration, spec.warmup) = (60 * SECOND, 0);
        spec
    }

    fn trailed(plan: Replications<'_>) -> (Run, Vec<Trail>) {
        replicate_with(&Workers::new(1), plan, |_| Trail::new(plan.count), &Silent).unwrap()
    }

    #[test]
    fn the_same_is_the_same_on_other_threads() {
        let spec = settings();
        let plan = Replications::of(&spec, 7, 3);
        let (first, trails) = trailed(plan);
        let (second, difference) =
            run_again(plan, &first, &trails, &Workers::new(2), &Silent).unwrap();
        assert_eq!((&second, difference), (&first, None));
        let events: u64 = trails.iter().map(Trail::events).sum();
        assert_eq!(events, first.results.events);
    }

    #[test]
    fn the_first_event_that_differs_is_found_and_named() {
        let spec = settings();
        let mut slower = spec.clone();
        slower.providers[1].latency = Delay::Constant(1);
        let plans = [&spec, &slower].map(|spec| Replications::of(spec, 7, 2));
        let (first, trails) = trailed(plans[0]);
        let (_, difference) = compare(plans, &first, &trails, &Workers::new(2), &Silent).unwrap();
        let Some(Mismatch::Event { replication: 0, seed: 7, number, runs }) = difference else {
            panic!("{difference:?}");
        };
        // Found without trails: the first submit to that provider is answered later.
        let all = |plan| {
            let window = Window { first: 1, last: u64::MAX };
            let recorder = |_| Recorder { window, events: 0, kept: Vec::new() };
            replicate_with(&Workers::new(1), plan, recorder, &Silent).unwrap().1.remove(0).kept
        };
        let (one, two) = (all(plans[0]), all(plans[1]));
        let at = one.iter().zip(&two).position(|(one, two)| one != two).unwrap();
        assert_eq!((number, runs), (at as u64 + 1, [one[at], two[at]].map(Some)));
        let told = runs[0].unwrap().describe(&spec);
        assert!(told.contains(" s, submit done, message BX-"), "{told}");
        assert!(matches!(runs[0].unwrap().subject, Subject::Message(..)));
    }

    #[test]
    fn whoever_an_event_happens_to_has_a_name() {
        let spec = sample::spec();
        let (queue, carrier) = (&spec.queues[0].name, &spec.carriers[0].name);
        for (subject, name) in [
            (Subject::Message(17, 0xabc), "message BX-17-0000000000000abc".to_owned()),
            (
                Subject::Person(1),
                "the person who waits for message BX-…-0000000000000001".to_owned(),
            ),
            (Subject::Request(0, 9), format!("request 9 (stream {})", spec.traffic[0].name)),
            (Subject::Queue(0), format!("queue {queue}")),
            (Subject::Provider(1), format!("provider {}", spec.providers[1].name)),
            (Subject::Carrier(0), format!("carrier {carrier}")),
        ] {
            assert_eq!(subject.name(&spec), name);
        }
    }

    #[test]
    fn what_is_not_seen_again_is_told_as_such() {
        let spec = settings();
        let plan = Replications::of(&spec, 7, 1);
        let (first, mut trails) = trailed(plan);
        // As if something had got lost once.
        trails[0] = Trail::new(1);
        let (_, difference) = run_again(plan, &first, &trails, &Workers::new(1), &Silent).unwrap();
        assert_eq!(
            difference,
            Some(Mismatch::Fleeting { replication: 0, seed: 7, first: 1, last: 1 })
        );
    }

    #[test]
    fn other_counts_behind_the_same_events_are_a_difference() {
        let spec = settings();
        let plan = Replications::of(&spec, 7, 1);
        let (mut first, trails) = trailed(plan);
        first.results.delivered_twice += 1;
        let (_, difference) = run_again(plan, &first, &trails, &Workers::new(2), &Silent).unwrap();
        assert_eq!(difference, Some(Mismatch::Counts));
    }
}
