//! Single values.

use crate::scenario::checked::Value;
use crate::scenario::nearest::nearest;
use crate::scenario::schema::{Kind, Word};
use crate::scenario::tree::{Node, Raw};
use crate::scenario::units::{Complaint, clock, duration, money, rate, share, short, tokens};
use crate::scenario::{DiagnosticKind, is_misleading, is_unseen, units};

/// Reads a single value of some kind.
pub(super) fn read(node: &Node, kind: &'static Kind) -> Result<Value, Complaint> {
    match kind {
        Kind::Duration(least) => span(node, *least).map(Value::Duration),
        Kind::Label => {
            let nanos = span(node, 1)?;
            let text = node.written().unwrap_or_default().trim().to_owned();
            if text.len() > 64 {
                return Err(type_error(node, "a duration of at most 64 characters"));
            }
            Ok(Value::Label(text, nanos))
        }
        Kind::Rate(above) => level(node, *above).map(Value::Rate),
        Kind::Share => fraction(node).map(Value::Number),
        Kind::Integer(least, most) => whole(node, *least, *most).map(Value::Integer),
        Kind::Count(least, most) => match &node.raw {
            Raw::Text(text) if text == "unlimited" => Ok(Value::Unlimited),
            Raw::Text(_) => {
                Err(type_error(node, &format!("{} or \"unlimited\"", range(*least, *most))))
            }
            _ => whole(node, *least, *most).map(Value::Integer),
        },
        Kind::Number(least, most) => number(node, *least, *most).map(Value::Number),
        Kind::Positive(most) => {
            let value = number(node, 0.0, *most)?;
            if value > 0.0 { Ok(Value::Number(value)) } else { Err(zero(node, "a number")) }
        }
        Kind::Money => match &node.raw {
            Raw::Integer(_, text) | Raw::Float(_, text) => money::parse(text).map(Value::Money),
            _ => Err(type_error(node, "an amount of money such as 0.0079")),
        },
        Kind::Text => label(node).map(Value::Text),
        Kind::Prose => text(node, 0, 1_000).map(Value::Text),
        Kind::File => text(node, 1, 4_096).map(Value::Text),
        Kind::Name => name(node).map(Value::Text),
        Kind::Reference(owner) => match &node.raw {
            Raw::Text(text) => Ok(Value::Text(text.clone())),
            _ => Err(type_error(node, &format!("the name of a {}", owner.key()))),
        },
        Kind::Policy => match &node.raw {
            Raw::Text(text) => Ok(Value::Text(text.clone())),
            _ => Err(type_error(node, "the name of a retry policy")),
        },
        Kind::Thousandths(most) => match &node.raw {
            Raw::Integer(_, text) | Raw::Float(_, text) => {
                tokens::parse(text, *most).map(Value::Thousandths)
            }
            _ => Err(type_error(node, "a number of tokens such as 5 or 0.1")),
        },
        Kind::DurationOrCount(most) => match &node.raw {
            Raw::Text(_) => span(node, 1).map(Value::Duration),
            Raw::Integer(..) => whole(node, 1, *most).map(Value::Integer),
            _ => Err(type_error(node, "a duration such as \"30s\", or a whole number of calls")),
        },
        Kind::Clock => match &node.raw {
            Raw::Text(text) | Raw::Datetime(text) => clock::parse(text).map(Value::Clock),
            _ => Err(type_error(node, "a time of day such as \"09:00\"")),
        },
        Kind::Moment => match &node.raw {
            Raw::Text(text) | Raw::Datetime(text) if text.contains(':') => {
                clock::parse(text).map(Value::Clock)
            }
            Raw::Text(_) | Raw::Integer(..) | Raw::Float(..) => span(node, 0).map(Value::Duration),
            _ => {
                let expected = "a duration such as \"20m\", or a time of day such as \"09:20\"";
                Err(type_error(node, expected))
            }
        },
        Kind::Flag => match &node.raw {
            Raw::Flag(flag) => Ok(Value::Flag(*flag)),
            _ => Err(type_error(node, "true or false")),
        },
        Kind::Words(words) => word(node, words, "").map(Value::Word),
        Kind::WordsOrFlag(words) => match &node.raw {
            Raw::Flag(flag) => Ok(Value::Flag(*flag)),
            _ => word(node, words, ", or true or false").map(Value::Word),
        },
        Kind::WordsOrDuration(words) => match &node.raw {
            Raw::Text(text) if text.starts_with(|c: char| c.is_ascii_digit() || c == '.') => {
                span(node, 0).map(Value::Duration)
            }
            Raw::Integer(..) | Raw::Float(..) => span(node, 0).map(Value::Duration),
            _ => word(node, words, ", or a duration").map(Value::Word),
        },
        Kind::WordsOrInteger(words, least, most) => match &node.raw {
            Raw::Integer(..) => whole(node, *least, *most).map(Value::Integer),
            _ => word(node, words, ", or a whole number").map(Value::Word),
        },
        // The reader itself sees to every other kind.
        _ => Ok(Value::Wrong),
    }
}

fn type_error(node: &Node, expected: &str) -> Complaint {
    let message = match node.written() {
        Some(text) => format!("`{}` is {}", short(text), node.sort()),
        None => format!("this is {}", node.sort()),
    };
    Complaint::new(DiagnosticKind::WrongType, message, format!("expected {expected}"))
}

/// A number in quotes is one without them.
fn quoteless(node: &Node, complaint: Complaint) -> Complaint {
    match &node.raw {
        Raw::Text(text) if text.trim().parse::<f64>().is_ok_and(f64::is_finite) => {
            complaint.help(format!("a number has no quotes: {}", short(text.trim())))
        }
        _ => complaint,
    }
}

fn zero(node: &Node, noun: &str) -> Complaint {
    let text = node.written().unwrap_or("0");
    Complaint::beyond(text, "not above 0", format!("expected {noun} above 0"))
}

fn span(node: &Node, least: u64) -> Result<u64, Complaint> {
    let nanos = match &node.raw {
        Raw::Text(text) => duration::parse(text)?,
        Raw::Integer(_, text) | Raw::Float(_, text) => return Err(duration::without_unit(text)),
        _ => return Err(type_error(node, "a duration such as \"5s\"")),
    };
    if nanos >= least {
        return Ok(nanos);
    }
    Err(Complaint::beyond(
        node.written().unwrap_or_default(),
        "too short",
        if least == 1 {
            "expected a duration above 0".to_owned()
        } else {
            format!("expected at least {}", duration::print(least))
        },
    ))
}

fn level(node: &Node, above: bool) -> Result<f64, Complaint> {
    let rate = match &node.raw {
        Raw::Text(text) => rate::parse(text)?,
        Raw::Integer(_, text) | Raw::Float(_, text) => return Err(rate::without_unit(text)),
        _ => return Err(type_error(node, "a rate such as \"50/s\"")),
    };
    // A rate below one in a thousand years is a slip, and its gaps would overflow.
    const LEAST: f64 = 1e-10;
    if rate == 0.0 && !above || rate >= LEAST {
        return Ok(rate);
    }
    Err(zero(node, "a rate"))
}

fn fraction(node: &Node) -> Result<f64, Complaint> {
    match &node.raw {
        Raw::Text(text) => share::parse(text),
        Raw::Integer(value, text) => {
            // Anything beyond 16 bits is out of range just the same.
            let value = value.and_then(|value| i16::try_from(value).ok());
            share::check(value.map_or(f64::NAN, f64::from), text)
        }
        Raw::Float(value, text) => share::check(*value, text),
        _ => Err(type_error(node, "a share such as 0.03 or \"3%\"")),
    }
}

fn range(least: u64, most: u64) -> String {
    format!("a whole number from {least} to {most}")
}

fn whole(node: &Node, least: u64, most: u64) -> Result<u64, Complaint> {
    let Raw::Integer(value, text) = &node.raw else {
        return Err(quoteless(node, type_error(node, &range(least, most))));
    };
    value
        .and_then(|value| u64::try_from(value).ok())
        .filter(|value| (least..=most).contains(value))
        .ok_or_else(|| {
            Complaint::beyond(text, "out of range", format!("expected {}", range(least, most)))
        })
}

fn number(node: &Node, least: f64, most: f64) -> Result<f64, Complaint> {
    let expected = format!("a number from {least} to {most}");
    let (value, text) = match &node.raw {
        Raw::Integer(value, text) => (value.map_or(f64::NAN, |value| value as f64), text),
        Raw::Float(value, text) => (*value, text),
        _ => return Err(quoteless(node, type_error(node, &expected))),
    };
    if (least..=most).contains(&value) {
        // Without the sign of -0.0.
        return Ok(value + 0.0);
    }
    Err(Complaint::beyond(text, "out of range", format!("expected {expected}")))
}

fn text(node: &Node, least: usize, most: usize) -> Result<String, Complaint> {
    let Raw::Text(text) = &node.raw else {
        return Err(type_error(node, "a string, in quotes"));
    };
    let length = text.chars().count();
    if (least..=most).contains(&length) && !text.chars().any(char::is_control) {
        return Ok(text.clone());
    }
    Err(Complaint::new(
        DiagnosticKind::OutOfRange,
        format!("a string of {length} characters"),
        format!(
            "expected {least} to {most} characters in one line, none of them a control character"
        ),
    ))
}

/// The form of a label, in words.
pub(crate) const LABEL: &str = "1 to 200 characters that are seen as what they are: letters, digits, plain spaces, signs such as + and -; no control characters, none without width or of full width, none that change the direction of text";

/// `true` if a text may name a sender, a brand or a campaign, in a scenario as in a data file: nothing in
/// it may be obeyed instead of seen, or look like something else.
pub(crate) fn is_label(text: &str) -> bool {
    (1..=200).contains(&text.chars().count())
        && !text.contains(|c: char| is_unseen(c) || is_misleading(c))
}

fn label(node: &Node) -> Result<String, Complaint> {
    let plain = text(node, 1, 200)?;
    if is_label(&plain) {
        return Ok(plain);
    }
    let message = format!("`{}` has characters that are not seen as what they are", short(&plain));
    Err(Complaint::new(DiagnosticKind::OutOfRange, message, format!("expected {LABEL}")))
}

fn name(node: &Node) -> Result<String, Complaint> {
    let Raw::Text(text) = &node.raw else {
        return Err(type_error(node, "a name, in quotes"));
    };
    if is_name(text) {
        return Ok(text.clone());
    }
    Err(Complaint::new(
        DiagnosticKind::BadName,
        format!("`{}` is not a name", units::short(text)),
        "expected 1 to 64 letters, digits, `_` or `-`",
    ))
}

/// `true` if a text is a name.
pub(crate) fn is_name(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

fn word(node: &Node, words: &'static [Word], or: &str) -> Result<&'static str, Complaint> {
    let list: Vec<String> = words.iter().map(|word| format!("\"{}\"", word.word)).collect();
    let expected = format!("one of {}{or}", list.join(", "));
    let Raw::Text(text) = &node.raw else {
        return Err(type_error(node, &expected));
    };
    if let Some(word) = words.iter().find(|word| word.word == text) {
        return Ok(word.word);
    }
    let complaint = Complaint::new(
        DiagnosticKind::UnknownWord,
        format!("`{}` is not among the choices", short(text)),
        format!("expected {expected}"),
    );
    Err(match nearest(text, words.iter().map(|word| word.word)) {
        Some(near) => complaint.help(format!("did you mean \"{near}\"?")),
        None => complaint,
    })
}
