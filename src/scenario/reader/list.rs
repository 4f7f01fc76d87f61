//! Lists, weights by name, and points of a profile.

use super::{Item, Reader};
use crate::scenario::checked::{Time, Value};
use crate::scenario::schema::{Kind, Owner};
use crate::scenario::tree::{Node, Raw};
use crate::scenario::units::{clock, duration, rate, short};
use crate::scenario::{Diagnostic, DiagnosticKind};

/// The largest factor.
const LARGEST: f64 = 1e6;

/// The largest weight.
const HEAVIEST: f64 = 1e9;

impl Reader<'_> {
    /// Reads a list of at least `least` items.
    pub(super) fn list(
        &mut self,
        node: &Node,
        kind: &'static Kind,
        least: usize,
        key: &str,
    ) -> Value {
        let Raw::Array(nodes) = &node.raw else {
            let expected = "expected a list, in square brackets";
            return self.other_type(node, &format!("`{key}`"), expected);
        };
        if nodes.len() < least {
            self.errors.push(
                Diagnostic::new(
                    DiagnosticKind::OutOfRange,
                    node.place,
                    format!("`{key}` is empty"),
                )
                .label(format!("expected at least {least}")),
            );
            return Value::Wrong;
        }
        let items: Vec<Item> = nodes.iter().map(|node| self.item(node, kind, key)).collect();
        if items.iter().any(|item| item.value == Value::Wrong) {
            return Value::Wrong;
        }
        Value::List(items)
    }

    /// Reads a list, or the one item of a list without its brackets.
    pub(super) fn one_or_more(
        &mut self,
        node: &Node,
        kind: &'static Kind,
        least: usize,
        key: &str,
    ) -> Value {
        if matches!(node.raw, Raw::Array(_)) {
            return self.list(node, kind, least, key);
        }
        let item = self.item(node, kind, key);
        if item.value == Value::Wrong { Value::Wrong } else { Value::List(vec![item]) }
    }

    /// Reads names with weights.
    pub(super) fn weights(&mut self, node: &Node, owner: Owner) -> Value {
        let entries = node.entries().unwrap_or_default();
        if entries.is_empty() {
            let noun = owner.key();
            self.errors.push(
                Diagnostic::new(
                    if node.entries().is_some() {
                        DiagnosticKind::OutOfRange
                    } else {
                        DiagnosticKind::WrongType
                    },
                    node.place,
                    format!("no {noun} is named"),
                )
                .label(format!("expected {noun}s with weights, such as {{ name = 0.6 }}")),
            );
            return Value::Wrong;
        }
        let mut weights = Vec::new();
        let before = self.errors.len();
        for entry in entries {
            match super::leaf::read(&entry.node, &Kind::Positive(HEAVIEST)) {
                Ok(Value::Number(weight)) => {
                    weights.push((entry.key.clone(), entry.place, weight));
                }
                Ok(_) => {}
                Err(complaint) => self.errors.push(complaint.at(entry.node.place)),
            }
        }
        if self.errors.len() > before { Value::Wrong } else { Value::Weights(weights) }
    }

    /// Reads a point of a profile: `["09:00", "10/s"]`.
    pub(super) fn point(&mut self, node: &Node) -> Value {
        let Raw::Array(pair) = &node.raw else {
            return self.no_point(node);
        };
        let [time, level] = pair.as_slice() else {
            return self.no_point(node);
        };
        let before = self.errors.len();
        let (Some(when), Some(written)) = (time.written(), level.written()) else {
            return self.no_point(node);
        };
        let at = match clock::long(when) {
            Some(nanos) if nanos <= duration::LONGEST => Time::Clock(nanos),
            _ => match duration::parse(when) {
                Ok(nanos) => Time::Since(nanos),
                Err(_) => {
                    self.errors.push(
                        Diagnostic::new(
                            DiagnosticKind::WrongType,
                            time.place,
                            format!("`{}` is not a time", short(when)),
                        )
                        .label("expected a time of day such as \"09:00\", or a duration"),
                    );
                    Time::Since(0)
                }
            },
        };
        let level = match rate::parse(written) {
            Ok(rate) => rate,
            Err(complaint) => {
                self.errors.push(complaint.at(level.place));
                0.0
            }
        };
        if self.errors.len() > before { Value::Wrong } else { Value::Point(at, level) }
    }

    /// Reads a factor at a time of day: `["18:00", 2.5]`.
    pub(super) fn day_point(&mut self, node: &Node) -> Value {
        let pair = match &node.raw {
            Raw::Array(pair) => pair.as_slice(),
            _ => &[],
        };
        let [time, factor] = pair else {
            let message = "this is not a time of day with a factor";
            self.errors.push(
                Diagnostic::new(DiagnosticKind::WrongType, node.place, message)
                    .label("expected a pair such as [\"18:00\", 2.5]"),
            );
            return Value::Wrong;
        };
        let mut read = |part: &Node, kind: &'static Kind| match super::leaf::read(part, kind) {
            Ok(value) => value,
            Err(complaint) => {
                self.errors.push(complaint.at(part.place));
                Value::Wrong
            }
        };
        match (read(time, &Kind::Clock), read(factor, &Kind::Number(0.0, LARGEST))) {
            (Value::Clock(at), Value::Number(factor)) => Value::DayPoint(at, factor),
            _ => Value::Wrong,
        }
    }

    fn no_point(&mut self, node: &Node) -> Value {
        self.errors.push(
            Diagnostic::new(
                DiagnosticKind::WrongType,
                node.place,
                "this is not a point of a profile",
            )
            .label("expected a time and a rate, such as [\"09:00\", \"10/s\"]"),
        );
        Value::Wrong
    }
}
