//! Single events as JSON, one a line.

use std::io::{self, Write};

use super::super::csv_line::push_count;
use crate::kernel::Nanos;

/// Whom an asynchronous event belongs to: the process and the span's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Id {
    pub(super) process: u32,
    pub(super) span: u64,
}

/// Writes events. A failure is kept: an observer can't fail.
pub(super) struct Writer<W> {
    out: W,
    line: String,
    events: u64,
    failed: Option<io::Error>,
}

impl<W: Write> Writer<W> {
    /// Begins the object.
    pub(super) fn new(out: W) -> Self {
        let mut writer = Writer { out, line: String::new(), events: 0, failed: None };
        writer.line.push_str("{\"traceEvents\":[\n");
        writer.flush_line();
        writer
    }

    /// Begins an event: its phase and time.
    fn begin(&mut self, phase: char, process: u32, time: Nanos) {
        if self.events > 0 {
            self.line.push_str(",\n");
        }
        self.events += 1;
        self.line.push_str("{\"ph\":\"");
        self.line.push(phase);
        self.line.push_str("\",\"pid\":");
        push_count(&mut self.line, u64::from(process));
        self.line.push_str(",\"ts\":");
        push_micros(&mut self.line, time);
    }

    fn text(&mut self, key: &str, text: &str) {
        self.line.push_str(",\"");
        self.line.push_str(key);
        self.line.push_str("\":");
        push_text(&mut self.line, text);
    }

    fn count(&mut self, key: &str, count: u64) {
        self.line.push_str(",\"");
        self.line.push_str(key);
        self.line.push_str("\":");
        push_count(&mut self.line, count);
    }

    fn args(&mut self, args: &[(&str, Arg<'_>)]) {
        if !args.is_empty() {
            self.line.push_str(",\"args\":");
            self.object(args);
        }
    }

    fn object(&mut self, entries: &[(&str, Arg<'_>)]) {
        let mut before = '{';
        for (key, value) in entries {
            self.line.push(before);
            before = ',';
            push_text(&mut self.line, key);
            self.line.push(':');
            match *value {
                Arg::Text(text) => push_text(&mut self.line, text),
                Arg::Count(count) => push_count(&mut self.line, count),
                Arg::Number(number) if number.is_finite() => {
                    self.line.push_str(&format!("{number}"));
                }
                Arg::Number(_) => self.line.push_str("null"),
            }
        }
        self.line.push_str(if entries.is_empty() { "{}" } else { "}" });
    }

    fn end(&mut self) {
        self.line.push('}');
        self.flush_line();
    }

    fn flush_line(&mut self) {
        if self.failed.is_none() {
            self.failed = self.out.write_all(self.line.as_bytes()).err();
        }
        self.line.clear();
    }

    /// Begins (`b`) or ends (`e`) a span.
    pub(super) fn span(
        &mut self,
        phase: char,
        id: Id,
        name: &str,
        time: Nanos,
        args: &[(&str, Arg<'_>)],
    ) {
        self.begin(phase, id.process, time);
        self.line.push_str(",\"tid\":1,\"cat\":\"sms\",\"id\":\"0x");
        for digit in (0..16).rev() {
            let nibble = (id.span >> (4 * digit)) as usize & 15;
            self.line.push(char::from(b"0123456789abcdef"[nibble]));
        }
        self.line.push('"');
        self.text("name", name);
        self.args(args);
        self.end();
    }

    /// A counter's value.
    pub(super) fn counter(&mut self, process: u32, name: &str, time: Nanos, value: f64) {
        self.begin('C', process, time);
        self.text("name", name);
        self.args(&[("value", Arg::Number(value))]);
        self.end();
    }

    /// A slice on a track.
    pub(super) fn slice(
        &mut self,
        (process, track): (u32, u32),
        name: &str,
        (from, to): (Nanos, Nanos),
        args: &[(&str, Arg<'_>)],
    ) {
        self.begin('X', process, from);
        self.line.push_str(",\"dur\":");
        push_micros(&mut self.line, to - from);
        self.count("tid", u64::from(track));
        self.text("cat", "incident");
        self.text("name", name);
        self.args(args);
        self.end();
    }

    /// The name of a process, or of one of its tracks.
    pub(super) fn name(&mut self, process: u32, track: Option<u32>, name: &str, time: Nanos) {
        self.begin('M', process, time);
        self.count("tid", u64::from(track.unwrap_or(0)));
        self.text("name", if track.is_some() { "thread_name" } else { "process_name" });
        self.args(&[("name", Arg::Text(name))]);
        self.end();
    }

    /// Ends the object, with facts about the run; how many events there are.
    pub(super) fn finish(mut self, facts: &[(&str, Arg<'_>)]) -> io::Result<(W, u64)> {
        self.line.push_str("\n],\"displayTimeUnit\":\"ms\",\"otherData\":");
        self.object(facts);
        self.line.push_str("}\n");
        self.flush_line();
        if let Some(failed) = self.failed {
            return Err(failed);
        }
        self.out.flush()?;
        Ok((self.out, self.events))
    }
}

/// A value among an event's arguments.
#[derive(Debug, Clone, Copy)]
pub(super) enum Arg<'text> {
    Text(&'text str),
    Count(u64),
    Number(f64),
}

/// A time in microseconds, exactly.
fn push_micros(line: &mut String, time: Nanos) {
    push_count(line, time / 1000);
    let nanos = time % 1000;
    if nanos > 0 {
        line.push('.');
        for unit in [100, 10, 1] {
            line.push(char::from(b'0' + (nanos / unit % 10) as u8));
        }
    }
}

fn push_text(line: &mut String, text: &str) {
    line.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                line.push('\\');
                line.push(character);
            }
            control if control.is_control() => line.push_str(&format!("\\u{:04x}", control as u32)),
            plain => line.push(plain),
        }
    }
    line.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_exact_microseconds() {
        let micros = |time| {
            let mut line = String::new();
            push_micros(&mut line, time);
            line
        };
        assert_eq!(micros(1_500), "1.500");
        assert_eq!(micros(86_400_000_000_001), "86400000000.001");
        assert_eq!(micros(7_000), "7");
    }

    #[test]
    fn texts_are_escaped() {
        let mut line = String::new();
        push_text(&mut line, "a\"b\\\n");
        assert_eq!(line, "\"a\\\"b\\\\\\u000a\"");
    }

    #[test]
    fn an_object_is_json() {
        let mut writer = Writer::new(Vec::new());
        writer.name(1, None, "a", 0);
        writer.span('b', Id { process: 1, span: 0xabc }, "x", 1, &[("n", Arg::Count(3))]);
        let (bytes, events) = writer.finish(&[("seed", Arg::Count(7))]).unwrap();
        assert_eq!(events, 2);
        let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(value["otherData"]["seed"], 7);
        assert_eq!(value["traceEvents"][1]["id"], "0x0000000000000abc");
        assert_eq!(value["traceEvents"][1]["args"]["n"], 3);
    }
}
