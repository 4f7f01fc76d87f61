//! The words of a JSON Schema.

use crate::scenario::docs;
use crate::scenario::sample;
use crate::scenario::schema::{Choice, Field, Kind, Need};

/// A key's description: its meaning, what it holds, how that is written, what holds without it.
pub(super) fn of_field(field: &Field) -> String {
    let mut parts = vec![field.about.to_owned()];
    let told = matches!(field.kind, Kind::Table(_) | Kind::Tables(_) | Kind::Named(_) | Kind::Flag);
    if !told {
        let value = docs::kind(&field.kind);
        parts.push(match docs::form(&field.kind) {
            Some(form) => format!("Value: {value}; {form}."),
            None => format!("Value: {value}."),
        });
    }
    match field.need {
        Need::Required => parts.push("Required.".to_owned()),
        Need::Default(_) => {
            let default = sample::default(field);
            let text = default.map(|node| sample::literal(&field.kind, &node)).unwrap_or_default();
            parts.push(format!("Left out: `{text}`."));
        }
        Need::Absent("") => {}
        Need::Absent(meaning) => parts.push(format!("Left out: {meaning}.")),
        Need::Filled => parts.push("Left out: the defaults of its keys.".to_owned()),
    }
    parts.join("\n\n")
}

/// The name of a choice that many keys share.
pub(super) fn of_choice(choice: &Choice) -> Option<&'static str> {
    match choice.plain {
        Some(Kind::Duration(_)) => Some("random_duration"),
        Some(_) => Some("random_number"),
        None => None,
    }
}
