//! Kannel: bearerbox's access log, sqlbox's table of sent messages, and the table of receipts.

use super::{Format, Line, Meaning, PLAIN, Reason, Shape};
use crate::logs::meaning::Owned;
use crate::logs::receipt::Receipt;
use crate::logs::status::SMPP;

/// Words that the access log writes in front, and what they tell.
const TEXTS: [(&str, Line, &str); 9] = [
    ("Sent SMS", Line::Message, ""),
    ("Receive DLR", Line::Receipt, ""),
    ("DLR SMS", Line::Receipt, ""),
    ("FAILED Send SMS", Line::Message, "failed"),
    ("DISCARDED SMS", Line::Message, "dropped"),
    ("EXPIRED SMS", Line::Message, "expired"),
    ("REJECTED", Line::Message, "rejected"),
    ("Receive SMS", Line::Not(Reason::Inbound), ""),
    ("DROPPED Received SMS", Line::Not(Reason::Inbound), ""),
];

pub(super) const ACCESS: Shape = Shape {
    format: Format::Kannel,
    name: "kannel",
    title: "Kannel access log",
    line: Some(line),
    codes: SMPP,
    joined: true,
    note: Some("it has no time of the request: `Sent SMS`, when the SMSC had it, stands for it"),
    ..PLAIN
};

fn line(text: &str, texts: &mut Owned) -> Line {
    // `2026-01-31 09:00:00 Sent SMS [SMSC:…] …`
    let (Some(when), Some(rest)) = (text.get(..19), text.get(20..)) else {
        return Line::Not(Reason::NotARecord);
    };
    if rest.starts_with("Log begins") || rest.starts_with("Log ends") {
        return Line::Other;
    }
    let Some((_, told, state)) = TEXTS.iter().find(|(start, ..)| rest.starts_with(start)) else {
        return Line::Not(Reason::NotARecord);
    };
    let Some(fields) = rest.find('[').and_then(|at| rest.get(at..)) else {
        return Line::Not(Reason::NotARecord);
    };
    let (fields, body) = before_the_body(fields, &BODIES);
    // Of several fields with one name the first counts.
    let mut put = |meaning, text: &str| {
        let own = texts.text(meaning);
        if own.is_empty() {
            own.push_str(text);
        }
    };
    let time = if *told == Line::Receipt { Meaning::Received } else { Meaning::Submitted };
    put(time, when);
    put(Meaning::Status, state);
    if *told == Line::Message && state.is_empty() {
        put(Meaning::Sent, when);
    } else if *told == Line::Message {
        put(Meaning::Done, when);
    }
    for (name, value) in bracketed(fields) {
        match name {
            "SMSC" => put(Meaning::Provider, value),
            "SVC" => put(Meaning::Route, value),
            "FID" => put(Meaning::Id, value),
            "from" if *told == Line::Message => put(Meaning::Sender, value),
            "to" if *told == Line::Message => put(Meaning::Recipient, value),
            "flags" => {
                let mask = value.rsplit(':').next().unwrap_or_default();
                if *told == Line::Receipt {
                    put(Meaning::Mask, mask);
                } else if mask.parse::<i32>().is_ok_and(|mask| mask < 1 || mask & 3 == 0) {
                    put(Meaning::Asked, "no");
                }
            }
            _ => {}
        }
    }
    let Some((length, text)) = body.and_then(length_and_text) else { return *told };
    if *told == Line::Message {
        put(Meaning::Chars, length);
    } else if let Some(receipt) = Receipt::read(receipt_of(length, text)) {
        put(Meaning::Status, receipt.state);
        put(Meaning::Done, receipt.done.unwrap_or_default());
        put(Meaning::NetworkError, receipt.error.unwrap_or_default());
    }
    *told
}

/// Names of the field that a message's text is in: the log's own, and such as the format that
/// `access-log-format` gives may have.
const BODIES: [&str; 5] = ["msg", "text", "body", "message", "content"];

/// The fields before the one that has a message's text, and what follows that one's name. Whatever comes
/// there was written by somebody else: it may look like any field, and where it ends can't be told for sure.
pub(super) fn before_the_body<'a>(fields: &'a str, names: &[&str]) -> (&'a str, Option<&'a str>) {
    let after = |at: usize| {
        let rest = fields.get(at + 1..)?;
        names.iter().find_map(|name| rest.strip_prefix(name)?.strip_prefix(':'))
    };
    let found = fields.match_indices('[').find_map(|(at, _)| Some((at, after(at)?)));
    found.map_or((fields, None), |(at, body)| (&fields[..at], Some(body)))
}

/// The length that a text has by the log, and what comes behind it; `None` if there is no length.
fn length_and_text(body: &str) -> Option<(&str, &str)> {
    let (length, text) = body.split_once(':')?;
    let is_length = length.parse::<usize>().is_ok_and(|length| length <= body.len());
    is_length.then_some((length, text))
}

/// The text of a receipt: as long as the log says if it ends there, else until the header of its own.
fn receipt_of<'a>(length: &str, text: &'a str) -> &'a str {
    let told = length.parse().ok().and_then(|length| text.split_at_checked(length));
    match told {
        Some((own, rest)) if rest.starts_with(']') => own,
        _ => text.rfind("] [udh:").or_else(|| text.rfind(']')).map_or(text, |end| &text[..end]),
    }
}

/// The `[name:value]` of a text. A value may have brackets of its own: it ends before the next ` [name:`, or
/// with the text.
pub(super) fn bracketed(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let start = rest.find('[')? + 1;
        let (name, value) = rest.get(start..)?.split_once(':')?;
        let end = value
            .match_indices(']')
            .map(|(at, _)| at)
            .find(|at| {
                let after = &value[at + 1..];
                let next = after.trim_start_matches(' ').strip_prefix('[');
                after.trim().is_empty() || next.is_some_and(begins_with_name)
            })
            .unwrap_or(value.len());
        rest = value.get(end + 1..).unwrap_or_default();
        Some((name, &value[..end]))
    })
}

/// `true` if a name and its colon are next: names are short.
fn begins_with_name(text: &str) -> bool {
    const LONGEST: usize = 32;
    let head = &text.as_bytes()[..text.len().min(LONGEST)];
    let is_name = |byte: &u8| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'/' | b' ');
    let length = head.iter().take_while(|byte| is_name(byte)).count();
    length > 0 && head.get(length) == Some(&b':')
}

pub(super) const SQLBOX: Shape = Shape {
    format: Format::KannelSqlbox,
    name: "kannel-sqlbox",
    title: "Kannel sqlbox table",
    marks: &[&["sqlid", "momt", "msgdata"]],
    fields: &[
        ("foreignid", Meaning::Id),
        ("id", Meaning::Id),
        ("sqlid", Meaning::Id),
        ("time", Meaning::Submitted),
        ("smscid", Meaning::Provider),
        ("service", Meaning::Route),
        ("sender", Meaning::Sender),
        ("receiver", Meaning::Recipient),
        ("msgdata", Meaning::Body),
        ("momt", Meaning::Direction),
    ],
    note: Some("it has one time a message and no states: it tells demand alone"),
    ..PLAIN
};

pub(super) const DLR: Shape = Shape {
    format: Format::KannelDlr,
    name: "kannel-dlr",
    title: "Kannel table of receipts",
    marks: &[&["smsc", "ts", "mask", "boxc"], &["smsc", "ts", "mask", "boxcid"]],
    fields: &[
        ("ts", Meaning::Id),
        // A row is of a message that a receipt is waited for.
        ("time", Meaning::Submitted),
        ("smsc", Meaning::Provider),
        ("service", Meaning::Route),
        ("source", Meaning::Sender),
        ("destination", Meaning::Recipient),
        ("status", Meaning::Mask),
    ],
    note: Some("`ts` is the id that the SMSC gave, and no time, unless it is one since 1970"),
    ..PLAIN
};
