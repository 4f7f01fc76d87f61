//! Texts of SMPP receipts, one a line, perhaps behind a time and other words.

use super::{Format, Line, Meaning, PLAIN, Shape};
use crate::logs::meaning::Owned;
use crate::logs::receipt::Receipt;

pub(super) const SHAPE: Shape = Shape {
    format: Format::Receipts,
    name: "receipts",
    title: "SMPP receipts",
    line: Some(line),
    joined: true,
    note: Some("times are those of the receipts, on the SMSC's clock"),
    ..PLAIN
};

fn line(text: &str, texts: &mut Owned) -> Line {
    let Some(receipt) = Receipt::read(text) else {
        return Line::Not(super::Reason::NotARecord);
    };
    let mut put = |meaning, text: Option<&str>| texts.text(meaning).push_str(text.unwrap_or(""));
    put(Meaning::Id, receipt.id);
    put(Meaning::Submitted, receipt.submitted);
    put(Meaning::Done, receipt.done);
    put(Meaning::Status, Some(receipt.state));
    put(Meaning::NetworkError, receipt.error);
    Line::Message
}
