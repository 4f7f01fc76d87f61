//! Logs of providers and gateways as demand: what they say of requests, written as a trace. Bodies
//! and numbers of people stay in the log: a copy of the data goes with results.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::trace::{ALONE, OF_SEVERAL};
use crate::logs::{self, Account, Options, Zone};

/// Reasons for rows not used that are told.
const TOLD: usize = 4;

/// A log as a trace.
pub(super) struct Demand {
    /// The trace, its times in nanoseconds since 1970.
    pub(super) text: String,
    /// Kind of log, and which of its rows could not be used.
    pub(super) told: String,
}

/// The requests of a log; `None` if the text is none, or a table that can be read as a trace itself.
pub(super) fn demand(text: &str) -> Option<Result<Demand, String>> {
    if !logs::is_foreign(text.as_bytes()) {
        return None;
    }
    let mut trace = String::from("time,sender,carrier,chars,ucs2,recipient\n");
    let mut people: BTreeMap<u64, usize> = BTreeMap::new();
    let mut timeless = 0_u64;
    let inputs = [("the log".to_owned(), Ok(text.as_bytes()))];
    let account = logs::read(inputs, &Options::default(), &mut |row| {
        let Some(time) = row.submitted.or(row.sent).filter(|time| time.0 > 0) else {
            timeless += 1;
            return;
        };
        let next = people.len() + 1;
        let person = row.recipient.map(|hash| *people.entry(hash).or_insert(next));
        let quoted = |text: Option<&str>| {
            let text = text.unwrap_or_default();
            if text.contains([',', '"']) {
                format!("\"{}\"", text.replace('"', "\"\""))
            } else {
                text.to_owned()
            }
        };
        let carrier = row.carrier.map(logs::carrier_name);
        let (chars, ucs2) = length(row.chars, row.segments);
        // Writing to a string does not fail.
        let _written = writeln!(
            trace,
            "{},{},{},{},{},{}",
            time.0,
            quoted(row.sender),
            carrier.unwrap_or_default(),
            chars.map(|chars| chars.to_string()).unwrap_or_default(),
            ucs2.map(|ucs2| ucs2.to_string()).unwrap_or_default(),
            person.map(|person| format!("r{person}")).unwrap_or_default(),
        );
    });
    Some(match account {
        Ok(account) => Ok(Demand { text: trace, told: told(&account, timeless) }),
        Err(error) => Err(error.to_string()),
    })
}

/// Characters and encoding of a text of which one or both of characters and segments are known. Full
/// segments of GSM-7 stand for characters; what is longer than GSM-7 would be is UCS-2.
fn length(chars: Option<u32>, segments: Option<u32>) -> (Option<u32>, Option<bool>) {
    let of = |chars: u32, alone: u32, part: u32| {
        if chars <= alone { 1 } else { chars.div_ceil(part) }
    };
    match (chars, segments) {
        (Some(chars), Some(segments)) => {
            let is_gsm7 = of(chars, ALONE, OF_SEVERAL) == segments;
            (Some(chars), Some(!is_gsm7 && of(chars, 70, 67) == segments))
        }
        (None, Some(segments)) => {
            let chars = if segments <= 1 { ALONE } else { segments.saturating_mul(OF_SEVERAL) };
            (Some(chars), Some(false))
        }
        (chars, None) => (chars, None),
    }
}

/// Account of a log in a few words.
fn told(account: &Account, timeless: u64) -> String {
    let used = account.used - timeless;
    let requests = if used == 1 { "request" } else { "requests" };
    let mut told = format!("it is a log ({}) of {used} {requests}", account.format.title());
    if account.zone == Zone::AssumedUtc {
        told += ", its times taken as UTC";
    }
    let mut reasons: Vec<String> = account
        .rejected
        .iter()
        .take(TOLD)
        .map(|own| {
            format!("{} because {}, the first in line {}", own.count, own.reason.text(), own.line)
        })
        .collect();
    if timeless > 0 {
        reasons.push(format!("{timeless} because nothing says when they were asked for"));
    }
    if account.rejected.len() > TOLD {
        reasons.push(match account.rejected.len() - TOLD {
            1 => "some for another reason".to_owned(),
            more => format!("some for {more} more reasons"),
        });
    }
    if !reasons.is_empty() {
        told += "; rows left out: ";
        told += &reasons.join("; ");
    }
    told
}
