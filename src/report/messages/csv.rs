//! `--messages FILE.csv`: a line an accepted message.

use std::io::{self, Write};

use super::MessageRows;
use crate::chain::spec::Spec;
use crate::chain::{Completed, Observer, Wants};
use crate::kernel::Nanos;
use crate::report::csv_line::{push_count, push_field, push_seconds};

/// The columns; `replication` follows when there are several. `provider` is the route's, `counted`
/// tells messages of the warm-up (false) from those the report is about.
const COLUMNS: &str = "bx_message_id,order_id,traffic,sender,carrier,route_id,provider,segments,\
                       requested_s,accepted_s,handed_off_s,delivered_s,attempts,copies,truth,\
                       observed,cause,counted";

/// Bytes that are written at once.
const CHUNK: usize = 1 << 18;
/// Room for the line that makes them so many.
const LINE: usize = 1 << 10;

/// Writes each message as it ends.
pub struct MessageLog<W> {
    out: W,
    /// Lines still to be written, the last of them being put together.
    lines: String,
    fields: Fields,
    /// Column `replication`, where there is one.
    replication: Option<u64>,
    rows: u64,
    /// The first failure: an observer can't fail, so it is told at the end.
    failed: Option<io::Error>,
}

impl<W: Write> MessageLog<W> {
    /// Begins a log for this many replications.
    pub fn new(spec: &Spec, out: W, replications: u64) -> Self {
        let replication = (replications > 1).then_some(0);
        let mut log = MessageLog {
            out,
            lines: String::with_capacity(CHUNK + LINE),
            fields: Fields::new(spec),
            replication,
            rows: 0,
            failed: None,
        };
        log.lines.push_str(COLUMNS);
        if replication.is_some() {
            log.lines.push_str(",replication");
        }
        log.end_line();
        log
    }

    fn end_line(&mut self) {
        self.lines.push('\n');
        if self.lines.len() >= CHUNK {
            self.write_lines();
        }
    }

    fn write_lines(&mut self) {
        if self.failed.is_none() {
            self.failed = self.out.write_all(self.lines.as_bytes()).err();
        }
        self.lines.clear();
    }
}

impl<W: Write> MessageRows for MessageLog<W> {
    type Out = W;

    fn set_replication(&mut self, number: u64) {
        if let Some(replication) = &mut self.replication {
            *replication = number;
        }
    }

    fn finish(mut self) -> io::Result<(W, u64)> {
        self.write_lines();
        if let Some(failed) = self.failed {
            return Err(failed);
        }
        self.out.flush()?;
        Ok((self.out, self.rows))
    }
}

impl<W: Write> Observer for MessageLog<W> {
    fn wants(&self) -> Wants {
        Wants::Messages
    }

    fn completed(&mut self, message: &Completed<'_>) {
        let (line, fields) = (&mut self.lines, &mut self.fields);
        push_ids(line, message);
        fields.traffic.push(line, message.traffic, "");
        fields.senders.push(line, message.sender_number, message.sender);
        fields.carriers.push(line, message.carrier, "");
        fields.routes.push(line, message.route, "");
        push_count(line, u64::from(message.segments));
        push_time(line, Some(message.requested));
        push_time(line, Some(message.accepted));
        push_time(line, message.handed_off);
        push_time(line, message.delivered);
        line.push(',');
        push_count(line, u64::from(message.attempts));
        line.push(',');
        push_count(line, u64::from(message.copies));
        line.push(',');
        line.push_str(message.truth.name());
        line.push(',');
        line.push_str(message.observed.name());
        line.push(',');
        fields.causes.push(line, message.place, message.cause);
        line.push_str(if message.counted { "true" } else { "false" });
        if let Some(replication) = self.replication {
            line.push(',');
            push_count(line, replication);
        }
        self.end_line();
        self.rows += 1;
    }
}

fn push_time(line: &mut String, time: Option<Nanos>) {
    line.push(',');
    if let Some(time) = time {
        push_seconds(line, time);
    }
}

/// [`Completed::bx_message_id`] and the order id.
fn push_ids(line: &mut String, message: &Completed<'_>) {
    let order = push_id(line, message);
    line.push(',');
    line.extend_from_within(order);
    line.push(',');
}

/// [`Completed::bx_message_id`]; the part of the line that is its order id.
pub(super) fn push_id(line: &mut String, message: &Completed<'_>) -> std::ops::Range<usize> {
    let order = line.len() + "BX-".len();
    line.push_str("BX-");
    push_count(line, message.order_id);
    let order = order..line.len();
    let digit =
        |place: usize| b"0123456789abcdef"[(message.message_id >> (60 - 4 * place)) as usize & 15];
    let digits: [u8; 16] = std::array::from_fn(digit);
    line.push('-');
    line.push_str(std::str::from_utf8(&digits).unwrap_or_default());
    order
}

/// Fields that many lines share, as they are written.
struct Fields {
    traffic: Shared,
    senders: Shared,
    carriers: Shared,
    /// A route's id and provider.
    routes: Shared,
    causes: Shared,
}

impl Fields {
    fn new(spec: &Spec) -> Fields {
        let routes = spec.routes.iter().map(|route| {
            let provider = spec.providers.get(route.provider);
            let mut fields = format!("{},", route.id);
            push_field(&mut fields, provider.map_or("", |provider| &provider.name));
            fields.push(',');
            fields
        });
        Fields {
            traffic: Shared::of(spec.traffic.iter().map(|traffic| &traffic.name)),
            senders: Shared::default(),
            carriers: Shared::of(spec.carriers.iter().map(|carrier| &carrier.name)),
            routes: Shared(routes.collect()),
            causes: Shared::default(),
        }
    }
}

/// Fields by number, each with the comma after it; empty where it is not known yet.
#[derive(Default)]
struct Shared(Vec<String>);

impl Shared {
    fn of<'names>(names: impl Iterator<Item = &'names String>) -> Shared {
        let mut shared = Shared::default();
        names.enumerate().for_each(|(number, name)| shared.learn(number, name));
        shared
    }

    /// Appends the field of a number, whose text is this if it is a new one.
    #[inline]
    fn push(&mut self, line: &mut String, number: usize, text: &str) {
        if self.0.get(number).is_none_or(String::is_empty) {
            self.learn(number, text);
        }
        line.push_str(&self.0[number]);
    }

    #[cold]
    fn learn(&mut self, number: usize, text: &str) {
        if number >= self.0.len() {
            self.0.resize(number + 1, String::new());
        }
        let field = &mut self.0[number];
        push_field(field, text);
        field.push(',');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::sample;
    use crate::report::messages::tests::message;

    #[test]
    fn a_row_says_it_all() {
        let spec = sample::spec();
        let mut log = MessageLog::new(&spec, Vec::new(), 1);
        let odd = message("a,b");
        log.completed(&odd);
        let (bytes, rows) = log.finish().unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some(COLUMNS));
        let row = format!(
            "{},1042,otp,\"a,b\",northwind,6,beta,2,1.5,1.54,2,,3,1,filtered_silent,delivered,\
             northwind/spam,true",
            odd.bx_message_id()
        );
        assert_eq!(lines.next(), Some(row.as_str()));
        assert_eq!(rows, 1);
    }

    #[test]
    fn several_replications_are_told_apart() {
        let spec = sample::spec();
        let mut log = MessageLog::new(&spec, Vec::new(), 2);
        log.set_replication(1);
        log.completed(&message("x"));
        let text = String::from_utf8(log.finish().unwrap().0).unwrap();
        assert!(text.lines().next().unwrap().ends_with(",counted,replication"));
        assert!(text.lines().nth(1).unwrap().ends_with(",true,1"));
    }

    #[test]
    fn a_full_disk_is_told_at_the_end() {
        let spec = sample::spec();
        let mut room = [0_u8; 8];
        let log = MessageLog::new(&spec, &mut room[..], 1);
        assert!(log.finish().is_err());
    }
}
