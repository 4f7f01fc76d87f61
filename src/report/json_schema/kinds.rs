//! The value of a key, as a schema.

use super::{Definitions, Map, Value, policies};
use crate::scenario::schema::{Kind, Word};
use crate::scenario::{Node, Raw};

/// As the reader takes them; what a pattern can't say, like the longest duration, it leaves to
/// `smschain check`.
const DURATION: &str = r"^\s*(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)\s*(?:ns|us|µs|ms|s|min|m|h|d)\s*)+$";
const RATE: &str =
    r"^\s*\+?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*/\s*(?:s|min|h|day)\s*$";
const SHARE: &str = concat!(
    r"^\s*\+?0*(?:(?:100(?:\.0*)?|[0-9]{1,2}(?:\.[0-9]*)?|\.[0-9]+)\s*%",
    r"|(?:1(?:\.0*)?|0(?:\.[0-9]*)?|\.[0-9]+))\s*$"
);
const CLOCK: &str = r"^\s*0*(?:[0-9]|1[0-9]|2[0-3]):[0-5]?[0-9](?::[0-5]?[0-9](?:\.[0-9]*)?)?\s*$";
const LONG_CLOCK: &str = r"^\s*[0-9]{1,5}:[0-5]?[0-9](?::[0-5]?[0-9](?:\.[0-9]*)?)?\s*$";
const NAME: &str = "^[A-Za-z0-9_-]{1,64}$";

/// The keywords for a kind; `path` names what it leads to.
pub(super) fn of(definitions: &mut Definitions, kind: &'static Kind, path: &str) -> Map {
    match kind {
        Kind::Duration(_) | Kind::Label => pattern(DURATION),
        Kind::Rate(_) => pattern(RATE),
        Kind::Share => either(vec![range("number", 0.0, 1.0), pattern(SHARE)]),
        Kind::Integer(least, most) => whole(*least, *most),
        Kind::Count(least, most) => {
            either(vec![whole(*least, *most), choice(&[("unlimited", "no limit")])])
        }
        Kind::Number(least, most) => range("number", *least, *most),
        Kind::Positive(most) => positive(*most),
        Kind::Money => range("number", 0.0, 1e9),
        Kind::Thousandths(most) => range("number", 0.0, *most as f64 / 1_000.0),
        Kind::DurationOrCount(most) => either(vec![pattern(DURATION), whole(1, *most)]),
        Kind::Text => text(1, 200),
        Kind::Prose => text(0, 1_000),
        Kind::File => text(1, 4_096),
        Kind::Name | Kind::Reference(_) => pattern(NAME),
        Kind::Policy => {
            either(vec![Map::new().with("enum", Value::Array(policies())), pattern(NAME)])
        }
        Kind::Clock => pattern(CLOCK),
        Kind::Moment => either(vec![pattern(DURATION), pattern(CLOCK)]),
        Kind::Flag => sort("boolean"),
        Kind::Words(words) => choice(&named(words)),
        Kind::WordsOrFlag(words) => either(vec![sort("boolean"), choice(&named(words))]),
        Kind::WordsOrDuration(words) => either(vec![choice(&named(words)), pattern(DURATION)]),
        Kind::WordsOrInteger(words, least, most) => {
            either(vec![choice(&named(words)), whole(*least, *most)])
        }
        Kind::Point => {
            let time = either(vec![pattern(LONG_CLOCK), pattern(DURATION)]);
            sort("array")
                .with("items", Value::Array(vec![time.into(), pattern(RATE).into()]))
                .with("minItems", 2_u64)
                .with("maxItems", 2_u64)
        }
        Kind::DayPoint => {
            let items = vec![pattern(CLOCK).into(), range("number", 0.0, 1e6).into()];
            sort("array")
                .with("items", Value::Array(items))
                .with("minItems", 2_u64)
                .with("maxItems", 2_u64)
        }
        Kind::Choice(inner) => lead(definitions.choice(inner, path)),
        Kind::Table(inner) => lead(definitions.table(inner, path)),
        Kind::Tables(inner) => sort("array").with("items", definitions.table(inner, path)),
        Kind::Named(inner) => sort("object")
            .with("propertyNames", pattern(NAME))
            .with("additionalProperties", definitions.table(inner, path)),
        Kind::List(item, least) => list(definitions, item, *least, path),
        Kind::OneOrMore(item, least) => {
            let one = of(definitions, item, path);
            let many = list(definitions, item, *least, path);
            either(vec![Map::new().and(one), many])
        }
        Kind::Weights(_) => {
            sort("object").with("minProperties", 1_u64).with("additionalProperties", positive(1e9))
        }
        Kind::Anything => Map::new(),
    }
}

/// A value of the language as JSON.
pub(super) fn value(node: &Node) -> Value {
    match &node.raw {
        Raw::Text(text) | Raw::Datetime(text) => Value::from(text.as_str()),
        Raw::Integer(Some(number), _) => match u64::try_from(*number) {
            Ok(count) => Value::from(count),
            Err(_) => Value::from(*number as f64),
        },
        Raw::Integer(None, _) => Value::Null,
        Raw::Float(number, _) => Value::from(*number),
        Raw::Flag(flag) => Value::Bool(*flag),
        Raw::Array(nodes) => Value::Array(nodes.iter().map(value).collect()),
        Raw::Table(entries) => {
            entries.iter().map(|entry| (entry.key.clone(), value(&entry.node))).collect()
        }
    }
}

fn sort(name: &str) -> Map {
    Map::new().with("type", name)
}

fn pattern(pattern: &str) -> Map {
    sort("string").with("pattern", pattern)
}

fn text(least: u64, most: u64) -> Map {
    sort("string").with("minLength", least).with("maxLength", most)
}

fn whole(least: u64, most: u64) -> Map {
    sort("integer").with("minimum", least).with("maximum", most)
}

fn range(kind: &str, least: f64, most: f64) -> Map {
    sort(kind).with("minimum", least).with("maximum", most)
}

fn positive(most: f64) -> Map {
    sort("number").with("exclusiveMinimum", 0_u64).with("maximum", most)
}

fn either(schemas: Vec<Map>) -> Map {
    Map::new().with("anyOf", Value::Array(schemas.into_iter().map(Value::from).collect()))
}

/// A reference that leaves its neighbours their say.
fn lead(reference: Value) -> Map {
    Map::new().with("anyOf", Value::Array(vec![reference]))
}

fn list(definitions: &mut Definitions, item: &'static Kind, least: usize, path: &str) -> Map {
    let items = of(definitions, item, path);
    sort("array").with("items", items).with("minItems", least as u64)
}

fn named(words: &'static [Word]) -> Vec<(&'static str, &'static str)> {
    words.iter().map(|word| (word.word, word.about)).collect()
}

/// One of several words; Taplo shows what each means.
fn choice(words: &[(&str, &str)]) -> Map {
    let told = words.iter().map(|(_, about)| Value::from(*about)).collect();
    let docs = Map::new().with("enumValues", Value::Array(told));
    sort("string")
        .with("enum", Value::Array(words.iter().map(|(word, _)| Value::from(*word)).collect()))
        .with("x-taplo", Map::new().with("docs", docs))
}
