//! Peaks that are too much for a limit, in words.

use super::fluid::{Found, Overload, Patience, TURNED_AWAY, overloads, varies};
use super::{Excess, Record, Station, apart, at_least, digits, percent, span, warning};
use crate::chain::spec::Spec;
use crate::scenario::Diagnostic;

/// Warns of the limits that a peak is too much for; of those that are always offered too much others
/// have warned.
pub(super) fn look(root: &Record, spec: &Spec, warnings: &mut Vec<Diagnostic>) {
    if !spec.traffic.iter().any(|stream| varies(&stream.arrivals)) {
        return;
    }
    let found = overloads(spec).into_iter().filter(|found| !found.steady);
    warnings.extend(found.map(|found| found.warning(root)));
}

impl Overload {
    /// The rates offered and passed, in messages, requests or segments a second.
    fn rates(&self) -> [String; 2] {
        apart(self.found.offered / self.each, self.limit.rate / self.each)
    }

    fn at_once(&self) -> String {
        grouped(self.found.at_once / self.each)
    }

    /// In a sentence about the chain: `the peak of 96/s is over provider smsc’s throttle of 80/s`.
    pub(crate) fn sentence(&self) -> String {
        let [offered, passes] = self.rates();
        let (name, key) = (&self.limit.name, self.limit.key());
        let limit = match self.limit.station {
            Station::Api => format!("the API’s rate limit of {passes}/s"),
            Station::Workers => format!("the {passes}/s that the workers of queue {name} manage"),
            Station::Window | Station::Servers => {
                format!("the {passes}/s that provider {name}’s {key} passes")
            }
            Station::ProviderThrottle => format!("provider {name}’s throttle of {passes}/s"),
            Station::CarrierThrottle => format!("carrier {name}’s throttle of {passes}/s"),
        };
        if self.found.over_s <= 0.0 {
            return format!("{} at once are too much for {limit}", self.at_once());
        }
        let what = if self.steady { "load" } else { "peak" };
        format!("the {what} of {offered}/s is over {limit}")
    }

    fn warning(&self, root: &Record) -> Diagnostic {
        let (name, key) = (&self.limit.name, self.limit.key());
        let over = self.found.over_s > 0.0;
        let slots =
            || if over { at_least(self.found.offered, name) } else { "in messages".to_owned() };
        let in_segments = || "at its peak, in segments".to_owned();
        let (subject, unit, label) = match self.limit.station {
            Station::Api => {
                let label = "they are rejected: rate_limited".to_owned();
                ("the API takes".to_owned(), " requests", label)
            }
            Station::Workers => (format!("queue `{name}` passes"), " messages", slots()),
            Station::Window | Station::Servers => {
                (format!("the {key} of provider `{name}` passes"), " messages", slots())
            }
            Station::ProviderThrottle => {
                (format!("provider `{name}` passes"), " segments", in_segments())
            }
            Station::CarrierThrottle => {
                (format!("carrier `{name}` passes"), " segments", in_segments())
            }
        };
        let of = if self.of.is_empty() { String::new() } else { format!(" of {}", self.of) };
        let [offered, passes] = self.rates();
        let unit = if passes == "1" { unit.trim_end_matches('s') } else { unit };
        let come = if over {
            let over = long(self.found.over_s);
            format!("up to {offered}/s are offered, and for {over} more than it passes")
        } else {
            format!("{} come at once", self.at_once())
        };
        let message = format!("{subject} {passes}{unit}/s{of}, {come}: {}", self.end());
        warning(self.limit.place(root), message, &label)
    }

    /// The consequence.
    fn end(&self) -> String {
        let Found { turned_away, came, backlog, wait_s, over_s, .. } = self.found;
        if turned_away > TURNED_AWAY * came {
            let how = match (self.limit.excess, self.limit.station) {
                (Excess::TurnedAway(how), _) => how,
                (Excess::Waits { .. }, Station::CarrierThrottle) => "are turned away",
                (Excess::Waits { .. }, _) => "find no room",
            };
            return format!(
                "about {} ({}) {how}",
                grouped(turned_away),
                percent(turned_away / came)
            );
        }
        let mut text = if over_s > 0.0 {
            format!("{} are left waiting, the last for {}", grouped(backlog), long(wait_s))
        } else {
            format!("the last one waits {}", long(wait_s))
        };
        if let Some(Patience { seconds, what, whose }) = &self.patience {
            text.push_str(&format!(", longer than the {what} of {whose}, {}", long(*seconds)));
        }
        text
    }
}

/// Seconds, minutes or hours.
fn long(seconds: f64) -> String {
    match seconds {
        ..120.0 => span(seconds),
        ..7200.0 => format!("{} min", digits(seconds / 60.0, 3)),
        _ => format!("{} h", digits(seconds / 3600.0, 3)),
    }
}

/// A count to three digits, in groups: `57,600`.
fn grouped(count: f64) -> String {
    let whole = digits(count.round(), 3);
    let mut text = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
