//! Single events as JSON, one a line.

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use crate::kernel::Nanos;

/// The owner of an asynchronous event: the process and the span's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Id {
    pub(super) process: u32,
    pub(super) span: u64,
}

/// A value among an event's arguments.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(untagged)]
pub(super) enum Arg<'text> {
    Text(&'text str),
    Count(u64),
    Number(f64),
}

/// The arguments of an event, by name.
#[derive(Clone, Copy, Default)]
struct Args<'event>(&'event [(&'event str, Arg<'event>)]);

impl Args<'_> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Args<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
}

/// An event, by the names of the format.
#[derive(Default, Serialize)]
struct Event<'event> {
    ph: char,
    pid: u32,
    #[serde(serialize_with = "micros")]
    ts: Nanos,
    #[serde(serialize_with = "some_micros", skip_serializing_if = "Option::is_none")]
    dur: Option<Nanos>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tid: Option<u32>,
    #[serde(skip_serializing_if = "str::is_empty")]
    cat: &'event str,
    #[serde(serialize_with = "hex", skip_serializing_if = "Option::is_none")]
    id: Option<u64>,
    name: &'event str,
    #[serde(skip_serializing_if = "Args::is_empty")]
    args: Args<'event>,
}

/// A time in microseconds: exactly, in runs of up to a hundred days.
fn micros<S: Serializer>(time: &Nanos, serializer: S) -> Result<S::Ok, S::Error> {
    if time.is_multiple_of(1000) {
        serializer.serialize_u64(time / 1000)
    } else {
        serializer.serialize_f64(*time as f64 / 1e3)
    }
}

fn some_micros<S: Serializer>(time: &Option<Nanos>, serializer: S) -> Result<S::Ok, S::Error> {
    micros(&time.unwrap_or_default(), serializer)
}

fn hex<S: Serializer>(id: &Option<u64>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{:#018x}", id.unwrap_or_default()))
}

/// Writes events. A failure is kept: an observer can't fail.
pub(super) struct Writer<W> {
    out: W,
    line: Vec<u8>,
    events: u64,
    failed: Option<io::Error>,
}

impl<W: Write> Writer<W> {
    /// Begins the object.
    pub(super) fn new(out: W) -> Self {
        let line = b"{\"traceEvents\":[\n".to_vec();
        Writer { out, line, events: 0, failed: None }
    }

    fn write(&mut self, event: &Event<'_>) {
        if self.events > 0 {
            self.line.extend_from_slice(b",\n");
        }
        self.events += 1;
        self.push(event);
    }

    /// Appends a value, and writes the line.
    fn push(&mut self, value: &impl Serialize) {
        // Writing into memory does not fail.
        drop(serde_json::to_writer(&mut self.line, value));
        if self.failed.is_none() {
            self.failed = self.out.write_all(&self.line).err();
        }
        self.line.clear();
    }

    /// Begins (`b`) or ends (`e`) a span.
    pub(super) fn span(
        &mut self,
        ph: char,
        Id { process: pid, span }: Id,
        name: &str,
        ts: Nanos,
        args: &[(&str, Arg<'_>)],
    ) {
        let (tid, id, args) = (Some(1), Some(span), Args(args));
        self.write(&Event { ph, pid, ts, tid, cat: "sms", id, name, args, ..Event::default() });
    }

    /// A counter's value.
    pub(super) fn counter(&mut self, pid: u32, name: &str, ts: Nanos, value: f64) {
        let args = &[("value", Arg::Number(value))];
        self.write(&Event { ph: 'C', pid, ts, name, args: Args(args), ..Event::default() });
    }

    /// A slice on a track.
    pub(super) fn slice(
        &mut self,
        (pid, track): (u32, u32),
        name: &str,
        (ts, to): (Nanos, Nanos),
        args: &[(&str, Arg<'_>)],
    ) {
        let (dur, tid, args) = (Some(to - ts), Some(track), Args(args));
        let cat = "incident";
        self.write(&Event { ph: 'X', pid, ts, dur, tid, cat, name, args, ..Event::default() });
    }

    /// The name of a process, or of one of its tracks.
    pub(super) fn name(&mut self, pid: u32, track: Option<u32>, named: &str, ts: Nanos) {
        let name = if track.is_some() { "thread_name" } else { "process_name" };
        let (tid, args) = (track.or(Some(0)), &[("name", Arg::Text(named))]);
        self.write(&Event { ph: 'M', pid, ts, tid, name, args: Args(args), ..Event::default() });
    }

    /// Ends the object, with facts about the run; how many events there are.
    pub(super) fn finish(mut self, facts: &[(&str, Arg<'_>)]) -> io::Result<(W, u64)> {
        self.line.extend_from_slice(b"\n],\"displayTimeUnit\":\"ms\",\"otherData\":");
        self.push(&Args(facts));
        if let Some(failed) = self.failed {
            return Err(failed);
        }
        self.out.write_all(b"}\n")?;
        self.out.flush()?;
        Ok((self.out, self.events))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_json() {
        let mut writer = Writer::new(Vec::new());
        writer.name(1, None, "a\"b\\\n", 0);
        let id = Id { process: 1, span: 0xabc };
        writer.span('b', id, "x", 86_400_000_000_001, &[("n", Arg::Count(3))]);
        let (bytes, events) = writer.finish(&[("seed", Arg::Count(7))]).unwrap();
        assert_eq!(events, 2);
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains("\"ts\":86400000000.001,"), "{text}");
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["otherData"]["seed"], 7);
        assert_eq!(value["traceEvents"][0]["args"]["name"], "a\"b\\\n");
        assert_eq!(value["traceEvents"][1]["id"], "0x0000000000000abc");
        assert_eq!(value["traceEvents"][1]["args"]["n"], 3);
    }
}
