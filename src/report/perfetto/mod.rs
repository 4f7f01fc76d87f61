//! A run for trace viewers: the trace-event JSON that Perfetto and chrome://tracing open.
//!
//! An object with `traceEvents` in order of time: every message an asynchronous span (`b` … `e` with
//! its id) with its stages nested in it, counters (`C`) for the levels of the stations at the end of
//! each sample of the time series, incidents as slices (`X`) on tracks of their own. Written as the
//! run goes: memory follows what is in flight.

mod event;
mod spans;

use std::collections::BTreeMap;
use std::io::{self, Write};

use self::event::{Arg, Writer};
use self::spans::{Change, Spans, Stage, changes};
use super::incident::{effects, target};
use crate::chain::spec::{Incident, Occurrence, Spec};
use crate::chain::trace::story::{ApiStep, Step, SubmitStep, Told, Whose};
use crate::chain::{Completed, Observer, TracedEvent, Wants, gauges};
use crate::kernel::Nanos;

/// The process of the counters, that of the incidents, that of messages.
const STATIONS: u32 = 1;
const INCIDENTS: u32 = 2;
const MESSAGES: u32 = 3;

/// The part of a run that is written: from `from` to before `to`. What is open at an edge is cut there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// The first instant.
    pub from: Nanos,
    /// The first instant after.
    pub to: Nanos,
}

impl Stretch {
    /// All of a run.
    pub const WHOLE: Stretch = Stretch { from: 0, to: Nanos::MAX };
}

/// The phase of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Before,
    Within,
    After,
}

/// Writes a run while it goes.
pub struct Perfetto<'spec, W> {
    spec: &'spec Spec,
    writer: Writer<W>,
    stretch: Stretch,
    phase: Phase,
    /// Up to where it is written.
    now: Nanos,
    /// The time of the event that is being carried out.
    event: Nanos,
    /// Open spans, by the digits of the message's id.
    open: BTreeMap<u64, Spans>,
    counters: Vec<String>,
    /// The incidents to come, with their indices, the last first.
    incidents: Vec<(Occurrence, usize)>,
}

impl<'spec, W: Write> Perfetto<'spec, W> {
    /// Begins the file.
    pub fn new(spec: &'spec Spec, stretch: Stretch, out: W) -> Self {
        let mut writer = Writer::new(out);
        for (process, name) in
            [(STATIONS, "stations"), (INCIDENTS, "incidents"), (MESSAGES, "messages")]
        {
            writer.name(process, None, name, stretch.from);
        }
        for (track, incident) in (1..).zip(&spec.incidents) {
            writer.name(INCIDENTS, Some(track), &incident.name, stretch.from);
        }
        let end = spec.duration.saturating_add(spec.drain).saturating_add(1).min(stretch.to);
        let times = |(index, incident): (usize, &Incident)| {
            incident.occurrences(end).map(move |one| (one, index))
        };
        let mut incidents: Vec<(Occurrence, usize)> =
            spec.incidents.iter().enumerate().flat_map(times).collect();
        incidents.sort_by_key(|&(one, index)| (std::cmp::Reverse(one.at), index));
        Perfetto {
            spec,
            writer,
            stretch,
            phase: Phase::Before,
            now: 0,
            event: 0,
            open: BTreeMap::new(),
            counters: gauges(spec),
            incidents,
        }
    }

    /// Ends the file; how many events it has.
    ///
    /// # Errors
    /// The first write that failed.
    pub fn finish(
        mut self,
        fingerprint: &str,
        seed: u64,
        ended_at: Nanos,
        digest: u128,
    ) -> io::Result<(W, u64)> {
        self.reaches(ended_at);
        if self.phase == Phase::Within {
            self.slices(self.now);
            self.cut(self.now);
        }
        let digest = format!("{digest:032x}");
        self.writer.finish(&[
            ("scenario", Arg::Text(&self.spec.name)),
            ("fingerprint", Arg::Text(fingerprint)),
            ("seed", Arg::Count(seed)),
            ("version", Arg::Text(env!("CARGO_PKG_VERSION"))),
            ("digest", Arg::Text(&digest)),
        ])
    }

    fn writes(&self) -> bool {
        self.phase == Phase::Within
    }

    /// The run has got there.
    fn reaches(&mut self, time: Nanos) {
        self.now = self.now.max(time);
        if self.phase == Phase::Before && self.now >= self.stretch.from {
            self.phase = Phase::Within;
            self.slices(self.stretch.from);
            for (&message, spans) in &self.open {
                begin(&mut self.writer, message, spans, self.stretch.from);
                for (lane, stage) in spans.stages() {
                    let id = spans.id(message, lane);
                    self.writer.span('b', id, stage.name(), self.stretch.from, &[]);
                }
            }
        }
        if self.phase == Phase::Within {
            self.slices(self.now);
            if self.now >= self.stretch.to {
                self.cut(self.stretch.to);
                self.phase = Phase::After;
            }
        }
    }

    /// Writes the incidents that begin until `time`.
    fn slices(&mut self, time: Nanos) {
        let Stretch { from: first, to: end } = self.stretch;
        while let Some(&(one, index)) = self.incidents.last() {
            let incident = &self.spec.incidents[index];
            if one.at > time || one.at >= end {
                return;
            }
            self.incidents.pop();
            let (from, to) = (one.at.max(first), one.end.min(end));
            if from < to {
                let (target, effects) = (target(self.spec, incident.target), effects(incident));
                let args = [
                    ("target", Arg::Text(&target)),
                    ("effects", Arg::Text(&effects)),
                    ("summary", Arg::Text(incident.summary.trim())),
                ];
                let told = if incident.summary.trim().is_empty() { 2 } else { 3 };
                let track = (INCIDENTS, index as u32 + 1);
                self.writer.slice(track, &incident.name, (from, to), &args[..told]);
            }
        }
    }

    /// Ends all that is open.
    fn cut(&mut self, time: Nanos) {
        for (&message, spans) in &self.open {
            end_stages(&mut self.writer, message, spans, time);
            let name = format!("BX-{}-{message:016x}", spans.order_id);
            let args = [("cut", Arg::Text("still on its way"))];
            self.writer.span('e', spans.id(message, 0), &name, time, &args);
        }
    }

    fn change(&mut self, told: &Told, change: Change) {
        let Some(spans) = self.open.get_mut(&told.message) else {
            return;
        };
        let writes = self.phase == Phase::Within;
        match change {
            Change::Nothing => {}
            Change::Opens(stage) => {
                let lane = spans.open(stage);
                if writes {
                    let id = spans.id(told.message, lane);
                    let part = told.part.map(|part| format!("{} of {}", part.number, part.of));
                    let args = part.as_deref().map(|part| ("part", Arg::Text(part)));
                    self.writer.span('b', id, stage.name(), told.time, args.as_slice());
                }
            }
            Change::Closes(stage) => self.close(told, stage),
            Change::WaitsNoMore => {
                for stage in spans.waits() {
                    self.close(told, stage);
                }
            }
            Change::Refused if !spans.accepted => {
                let spans = spans.clone();
                self.open.remove(&told.message);
                if writes {
                    let rejection = match told.step {
                        Step::Api(ApiStep::Answers { rejection: Some(rejection), .. }) => {
                            rejection.name()
                        }
                        _ => "no message",
                    };
                    let args = [("refused", Arg::Text(rejection))];
                    end(&mut self.writer, told.message, &spans, told.time, &args);
                }
            }
            Change::Refused => {}
        }
    }

    fn close(&mut self, told: &Told, stage: Stage) {
        let Some(spans) = self.open.get_mut(&told.message) else {
            return;
        };
        let Some(lane) = spans.close(stage) else {
            return;
        };
        if self.phase == Phase::Within {
            let id = spans.id(told.message, lane);
            let provider;
            let args: &[(&str, Arg<'_>)] = match told.step {
                Step::Submit(SubmitStep::Ends { provider: index, result, .. }) => {
                    let name = self.spec.providers.get(index).map_or("?", |one| one.name.as_str());
                    provider =
                        [("provider", Arg::Text(name)), ("result", Arg::Text(result.name()))];
                    &provider
                }
                _ => &[],
            };
            self.writer.span('e', id, stage.name(), told.time, args);
        }
    }
}

fn begin<W: Write>(writer: &mut Writer<W>, message: u64, spans: &Spans, time: Nanos) {
    let name = format!("BX-{}-{message:016x}", spans.order_id);
    writer.span('b', spans.id(message, 0), &name, time, &[]);
}

fn end_stages<W: Write>(writer: &mut Writer<W>, message: u64, spans: &Spans, time: Nanos) {
    for (lane, stage) in spans.stages() {
        writer.span('e', spans.id(message, lane), stage.name(), time, &[]);
    }
}

/// Ends a message and all of it that is open.
fn end<W: Write>(
    writer: &mut Writer<W>,
    message: u64,
    spans: &Spans,
    time: Nanos,
    args: &[(&str, Arg<'_>)],
) {
    end_stages(writer, message, spans, time);
    let name = format!("BX-{}-{message:016x}", spans.order_id);
    writer.span('e', spans.id(message, 0), &name, time, args);
}

impl<W: Write> Observer for Perfetto<'_, W> {
    fn wants(&self) -> Wants {
        Wants::Stories
    }

    fn event(&mut self, event: &TracedEvent) {
        // Samples that ended before it are told first.
        self.event = event.time;
    }

    fn tells(&mut self, _whose: Whose) -> bool {
        self.phase != Phase::After
    }

    fn counts_places(&self) -> bool {
        false
    }

    fn told(&mut self, told: &Told) {
        self.reaches(told.time);
        if let Step::Api(ApiStep::Works { .. }) = told.step {
            let spans = Spans::new(told.order_id, MESSAGES);
            if self.writes() {
                begin(&mut self.writer, told.message, &spans, told.time);
            }
            self.open.insert(told.message, spans);
        }
        for change in changes(told) {
            self.change(told, change);
        }
        if let Step::Api(ApiStep::Accepts { .. }) = told.step
            && let Some(spans) = self.open.get_mut(&told.message)
        {
            spans.accepted = true;
        }
    }

    fn completed(&mut self, message: &Completed<'_>) {
        self.reaches(self.event);
        let Some(spans) = self.open.remove(&message.message_id) else {
            return;
        };
        if self.writes() {
            let traffic = self.spec.traffic.get(message.traffic);
            let args = [
                ("truth", Arg::Text(message.truth.name())),
                ("observed", Arg::Text(message.observed.name())),
                ("traffic", Arg::Text(traffic.map_or("?", |stream| stream.name.as_str()))),
            ];
            end(&mut self.writer, message.message_id, &spans, self.now, &args);
        }
    }

    fn sampled(&mut self, time: Nanos, levels: &[f64]) {
        self.reaches(time);
        if self.writes() {
            for (name, &level) in self.counters.iter().zip(levels) {
                self.writer.counter(STATIONS, name, time, level);
            }
        }
    }
}
