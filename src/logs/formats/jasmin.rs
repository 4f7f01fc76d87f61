//! Jasmin: the log of messages of its SMPP clients, and the table of submits.

use super::kannel::{before_the_body, bracketed};
use super::{Format, Line, Meaning, PLAIN, Reason, Shape};
use crate::logs::meaning::Owned;
use crate::logs::row::Status;
use crate::logs::status::{SMPP, Words};

/// An acceptance, after which nothing is told.
const STATUSES: Words<Status> = &[("esme_rok", Status::Unknown)];

pub(super) const MESSAGES: Shape = Shape {
    format: Format::Jasmin,
    name: "jasmin",
    title: "Jasmin messages log",
    line: Some(line),
    codes: SMPP,
    joined: true,
    note: Some("it has no time of the request: the first attempt that it tells of stands for it"),
    ..PLAIN
};

/// Subjects of a line, behind its time, its level and its process.
const KINDS: [&str; 3] = ["SMS-MT [", "DLR [", "SMS-MO ["];
/// Words between its time and that, at most.
const WORDS_BEFORE: usize = 4;

fn line(text: &str, texts: &mut Owned) -> Line {
    // `2026-01-31 09:00:00 INFO     1234 SMS-MT [cid:…] …`
    let Some(when) = text.get(..19) else { return Line::Not(Reason::NotARecord) };
    let Some((kind, at)) =
        KINDS.iter().filter_map(|kind| Some((*kind, text.find(kind)?))).min_by_key(|own| own.1)
    else {
        return Line::Not(Reason::NotARecord);
    };
    // The level and the process stand before it, and nobody's text.
    let before = text.get(19..at).unwrap_or("[");
    if before.contains('[') || before.split_whitespace().count() > WORDS_BEFORE {
        return Line::Not(Reason::NotARecord);
    }
    let fields = text.get(at + kind.len() - 1..).unwrap_or_default();
    let (fields, body) = before_the_body(fields, &["content"]);
    // Of several fields with one name the first counts.
    let mut put = |meaning, text: &str| {
        let own = texts.text(meaning);
        if own.is_empty() {
            own.push_str(text);
        }
    };
    match kind {
        "SMS-MO [" => return Line::Not(Reason::Inbound),
        "DLR [" => {
            put(Meaning::Received, when);
            for (name, value) in bracketed(fields) {
                match name {
                    "cid" => put(Meaning::Provider, value),
                    "smpp-msgid" => put(Meaning::Id, plain(value)),
                    "status" => put(Meaning::Status, plain(value)),
                    "done date" => put(Meaning::Done, plain(value)),
                    "err" => put(Meaning::NetworkError, plain(value)),
                    _ => {}
                }
            }
            return Line::Receipt;
        }
        _ => {}
    }
    let (mut told, mut failed, mut error) = (Line::Message, false, "");
    put(Meaning::Submitted, when);
    for (name, value) in bracketed(fields) {
        match name {
            "cid" => put(Meaning::Provider, value),
            "queue-msgid" => put(Meaning::AttemptId, value),
            "smpp-msgid" => put(Meaning::Id, plain(value)),
            "status" if value.starts_with("ERROR/") => (failed, error) = (true, value),
            "status" => put(Meaning::Sent, when),
            "retry" if value == "True" => told = Line::Retried,
            "dlr" if value.contains("NO_SMSC_DELIVERY_RECEIPT") => put(Meaning::Asked, "no"),
            "from" => put(Meaning::Sender, plain(value)),
            "to" => put(Meaning::Recipient, plain(value)),
            _ => {}
        }
    }
    if let Some(body) = body {
        let body = body.strip_suffix(']').unwrap_or(body);
        put(Meaning::Chars, &plain(body).chars().count().to_string());
    }
    if failed {
        put(Meaning::Error, error);
        put(Meaning::Status, "failed");
        put(Meaning::Done, when);
    }
    told
}

/// A value without the quotes, or the `b'…'`, that Python writes around text and bytes.
fn plain(value: &str) -> &str {
    let quoted = value.strip_prefix('b').unwrap_or(value);
    let inner = |quote: char| quoted.strip_prefix(quote)?.strip_suffix(quote);
    inner('\'').or_else(|| inner('"')).unwrap_or(value)
}

pub(super) const SUBMITS: Shape = Shape {
    format: Format::JasminSubmits,
    name: "jasmin-submits",
    title: "Jasmin submit_log table",
    marks: &[&["msgid", "routedcid", "createdat", "statusat"]],
    fields: &[
        ("msgid", Meaning::Id),
        ("createdat", Meaning::Submitted),
        ("statusat", Meaning::Sent),
        ("status", Meaning::Status),
        ("status", Meaning::Error),
        ("routedcid", Meaning::Provider),
        ("uid", Meaning::Route),
        ("sourceaddr", Meaning::Sender),
        ("destinationaddr", Meaning::Recipient),
        ("pducount", Meaning::Segments),
        ("shortmessage", Meaning::Body),
        ("rate", Meaning::Price),
        ("trials", Meaning::Attempts),
    ],
    statuses: STATUSES,
    codes: SMPP,
    note: Some("ESME_ROK is an acceptance: what became of the message is not known"),
    ..PLAIN
};
