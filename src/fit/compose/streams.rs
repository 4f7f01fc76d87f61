//! Streams of requests: each with its arrivals, carriers and texts; or a span's demand, asked for again.

use std::collections::BTreeMap;

use super::arrivals::{Arrivals, arrivals};
use super::parameter::{Assumption, Parameter};
use super::text::{self, Text, counted, digits, name, quoted, rows, span, told};
use super::{Composer, Resolution, Validity};
use crate::fit::gather::{OTHERS, Stream};
use crate::kernel::SECOND;

/// A campaign's carriers are others if a share differs by so many standard errors; and it has those to which so
/// much more came than usual.
const SURE: f64 = 4.0;
const SEEN: f64 = 2.5;

impl Composer<'_> {
    pub(super) fn traffic(&mut self, text: &mut Text) {
        let mut names = Unique::default();
        let streams: Vec<(u16, Stream)> =
            self.all.streams.iter().map(|(&sender, own)| (sender, own.clone())).collect();
        for (sender, stream) in streams {
            let Some(ticks) = self.log.arrivals.get(usize::from(sender)) else { continue };
            let own = names.of(self.log.senders.get(sender));
            let processes = arrivals(ticks, self.window.by_ticks(), &format!("traffic.{own}"));
            let mixes = self.mixes(sender, &stream, &processes);
            for (number, (process, mix)) in processes.into_iter().zip(mixes).enumerate() {
                let name = match number {
                    0 => own.clone(),
                    number => names.of(&format!("{own}-campaign-{number}")),
                };
                self.stream(text, &name, sender, (&stream, mix), process);
            }
        }
        self.assumptions.extend(self.validity.and_then(|own| own.doubt(&names.0)));
        self.on_a_step();
    }

    /// The assumption about requests that come together, as those of a job do: the scenario's don't.
    fn on_a_step(&mut self) {
        let Resolution { submitted, sent, done } = self.plan.resolution;
        let clock = submitted.or(sent).or(done).unwrap_or(0);
        let Some(step) = self.log.requests_step().filter(|step| *step > clock) else { return };
        let step = told(step as f64 / SECOND as f64);
        self.assumptions.push(Assumption {
            path: "traffic.arrivals".to_owned(),
            why: format!(
                "all requests come at multiples of {step}, and the scenario's in between, too: what waits \
                 because they come together is part of the latencies, which no load changes"
            ),
            value: format!("spread over {step}"),
            other: Vec::new(),
            sensitivity: None,
        });
    }

    /// The carriers of each process of a sender: those of a campaign are what came to each beyond the usual.
    fn mixes(&self, sender: u16, whole: &Stream, processes: &[Arrivals]) -> Vec<Mix> {
        let spans: Vec<(i64, i64)> =
            processes.iter().filter_map(|own| own.campaign).map(|own| own.1).collect();
        let without = |spans: &[(i64, i64)]| {
            let all = self.log.over(i64::MIN / 2, self.window.to, spans);
            all.streams.get(&sender).cloned().unwrap_or_default()
        };
        let beside =
            if processes.len() > spans.len() { without(&spans) } else { Stream::default() };
        let beyond = |process: &Arrivals| {
            let (count, span) = process.campaign?;
            Mix::beyond(&whole.less(&without(&[span])), &beside, count)
        };
        let own: Vec<Option<Mix>> = processes.iter().map(beyond).collect();
        let is_apart = own.iter().any(Option::is_some);
        let others = own.into_iter().zip(processes).map(|(mix, process)| match mix {
            Some(mix) => mix,
            None if is_apart && process.campaign.is_none() => Mix::of(&beside, "without campaigns"),
            None => Mix::of(whole, "counted"),
        });
        others.collect()
    }

    /// The demand of a span, asked for again.
    pub(super) fn replayed(&mut self, text: &mut Text, trace: &str) {
        text.table("[[traffic]]");
        text.key("name", "\"demand\"", "");
        text.key("arrivals.trace", &format!("{{ file = {} }}", quoted(trace)), "as it was");
        if let Some(validity) = self.validity.and_then(Validity::set) {
            text.key("validity", &quoted(&span(validity)), "");
        }
        self.assumptions.extend(self.validity.and_then(|own| own.doubt(&["demand".to_owned()])));
    }

    fn stream(
        &mut self,
        text: &mut Text,
        name: &str,
        sender: u16,
        (stream, mix): (&Stream, Mix),
        process: Arrivals,
    ) {
        text.table("[[traffic]]");
        text.key("name", &quoted(name), "");
        let sender = self.log.senders.get(sender);
        if sender != name && sender != OTHERS {
            text.key("sender", &quoted(sender), "");
        }
        text.key(&format!("arrivals.{}", process.key), &process.value, &process.comment);
        self.parameters.extend(process.parameters);
        self.uncertain.extend(process.uncertain);
        self.assumptions.extend(process.assumptions);
        let named = |carrier: u16| {
            let own = self.log.carriers.get(carrier);
            text::name(own)
        };
        let weights: Vec<String> = mix
            .carriers
            .iter()
            .map(|(&carrier, count)| {
                let share = *count as f64 / mix.rows.max(1) as f64;
                format!("{} = {}", key(&named(carrier)), digits(share, 5))
            })
            .collect();
        let shares: Vec<Parameter> = mix
            .carriers
            .iter()
            .map(|(&carrier, &count)| {
                let path = format!("traffic.{name}.carriers.{}", named(carrier));
                Parameter::share(path, count, mix.rows, mix.method)
            })
            .collect();
        if weights.len() > 1 {
            text.key("carriers", &format!("{{ {} }}", weights.join(", ")), &rows(mix.rows));
            self.parameters.extend(shares);
        } else if let Some(carrier) = mix.carriers.keys().next() {
            text.key("carriers", &format!("{{ {} = 1 }}", key(&named(*carrier))), "");
        }
        if let Some((own, age)) = self.validity.and_then(|own| Some((own, own.set()?))) {
            text.key("validity", &quoted(&span(age)), own.comment());
        }
        if let Some((value, comment)) = body(stream) {
            text.key("body.chars", &value, &comment);
        }
    }
}

/// Messages of a process by their carriers.
struct Mix {
    carriers: BTreeMap<u16, u64>,
    rows: u64,
    method: &'static str,
}

impl Mix {
    fn of(stream: &Stream, method: &'static str) -> Mix {
        Mix { carriers: stream.carriers.clone(), rows: stream.rows, method }
    }

    /// Counts of what came in a campaign's time, of which `campaign` are its own, without what came `beside` it at other
    /// times; `None` if all go to the same carriers.
    fn beyond(inside: &Stream, beside: &Stream, campaign: u64) -> Option<Mix> {
        let (rows, usual) = (inside.rows as f64, beside.rows as f64);
        let count =
            |of: &Stream, carrier: u16| of.carriers.get(&carrier).map_or(0.0, |&n| n as f64);
        let differs = |&carrier: &u16| {
            let (own, other) = (count(inside, carrier), count(beside, carrier));
            let share = (own + other) / (rows + usual);
            let error = (share * (1.0 - share) * (1.0 / rows + 1.0 / usual)).sqrt();
            (own / rows - other / usual).abs() > SURE * error
        };
        if campaign == 0 || rows <= 0.0 || usual <= 0.0 || !inside.carriers.keys().any(differs) {
            return None;
        }
        let background = (rows - campaign as f64).max(0.0) / usual;
        let own = inside.carriers.keys().filter_map(|&carrier| {
            let seen = count(inside, carrier);
            let usual = background * count(beside, carrier);
            let error = (seen + background * usual).sqrt();
            (seen - usual > SEEN * error).then(|| (carrier, (seen - usual).round() as u64))
        });
        let carriers: BTreeMap<u16, u64> = own.collect();
        let rows = carriers.values().sum();
        (rows > 0).then_some(Mix { carriers, rows, method: "beyond the usual in its time" })
    }
}

/// Names of one kind, each once.
#[derive(Default)]
struct Unique(Vec<String>);

impl Unique {
    fn of(&mut self, wanted: &str) -> String {
        let plain = name(wanted);
        let mut own = plain.clone();
        let mut number = 2;
        while self.0.contains(&own) {
            own = format!("{plain}-{number}");
            number += 1;
        }
        self.0.push(own.clone());
        own
    }
}

/// A key as TOML takes it; names need no quotes.
fn key(name: &str) -> String {
    name.to_owned()
}

/// Characters of texts: as they were, or as many as the segments take.
fn body(stream: &Stream) -> Option<(String, String)> {
    let in_words = rows(stream.rows);
    if stream.chars.len() == 1 {
        let chars = stream.chars.keys().next()?;
        return Some((chars.to_string(), in_words));
    }
    if !stream.chars.is_empty() {
        let all: u64 = stream.chars.values().sum();
        // A hundred texts that stand for all.
        let mut values = Vec::new();
        let mut before = 0;
        for (chars, count) in &stream.chars {
            let upto = |count: u64| (100 * count).div_ceil(all.max(1));
            let many = upto(before + count) - upto(before);
            values.extend((0..many).map(|_| chars.to_string()));
            before += count;
        }
        let value = format!("{{ empirical = {{ values = [{}] }} }}", values.join(", "));
        return Some((value, format!("{in_words}, as they were")));
    }
    if stream.segments.len() <= 1 && stream.segments.contains_key(&1) {
        return None;
    }
    let all: u64 = stream.segments.values().sum();
    let of = |segments: u32| if segments == 1 { 70 } else { 153 * segments - 20 };
    if stream.segments.len() == 1 {
        let segments = stream.segments.keys().next()?;
        return Some((
            of(*segments).to_string(),
            format!("{} each, {in_words}", counted(u64::from(*segments), "segment")),
        ));
    }
    let parts = stream.segments.iter().map(|(&segments, &count)| {
        let share = digits(count as f64 / all.max(1) as f64, 5);
        format!("{{ weight = {share}, of = {} }}", of(segments))
    });
    let parts: Vec<String> = parts.collect();
    let value = format!("{{ mixture = {{ parts = [{}] }} }}", parts.join(", "));
    Some((value, format!("as many characters as the segments take, {in_words}")))
}
