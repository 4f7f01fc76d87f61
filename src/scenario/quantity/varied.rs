//! A flag that names several values of a key: `PATH=a,b,c`, `PATH=lo..hi`, `PATH=lo..hi:steps:log`.

use std::ops;

use super::{Quantity, Range, numeric};
use crate::scenario::path::{self, Written};
use crate::scenario::schema::{Kind, ROOT};
use crate::scenario::units::short;
use crate::scenario::{
    Diagnostic, DiagnosticKind, Errors, Overrides, Place, Source, Texts, Varying, parse, reader,
};

/// Most values a flag may name.
const MOST: usize = 1_000;
/// The load's path in results, and its key.
const SCALE: (&str, &str) = ("scale", "scenario.scale");

/// A key and the values it is to take.
#[derive(Debug, Clone, PartialEq)]
pub struct Varied {
    /// The path as typed; `scale` for the load.
    pub path: String,
    /// Sort of numbers that the values are; `None` if one of them isn't a number.
    pub quantity: Option<Quantity>,
    /// The values.
    pub levels: Levels,
    /// The key to set.
    key: String,
    flag: String,
    path_at: usize,
    values_at: ops::Range<usize>,
}

/// The values of a [`Varied`].
#[derive(Debug, Clone, PartialEq)]
pub enum Levels {
    /// Each was named.
    List(Vec<Level>),
    /// From … to.
    Range(Range),
}

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// As after `--set PATH=`.
    pub text: String,
    /// In seconds, per second, or as it is; `None` if it isn't a number.
    pub number: Option<f64>,
    at: ops::Range<usize>,
}

impl Varied {
    /// All values; of a range without a number of steps, `steps`.
    #[must_use]
    pub fn all(&self, steps: usize) -> Vec<Level> {
        match (&self.levels, self.quantity) {
            (Levels::List(levels), _) => levels.clone(),
            (Levels::Range(range), Some(quantity)) => range
                .values(quantity, steps)
                .into_iter()
                .map(|number| self.level(quantity, number))
                .collect(),
            (Levels::Range(_), None) => Vec::new(),
        }
    }

    /// A number as a value of this key.
    fn level(&self, quantity: Quantity, number: f64) -> Level {
        let text = quantity.write(number);
        Level { text, number: Some(number), at: self.values_at.clone() }
    }

    /// Entry of [`Overrides::vary`] that sets the key to a number (of [`Self::quantity`]).
    #[must_use]
    pub fn at(&self, quantity: Quantity, number: f64) -> Varying {
        self.varying(&self.level(quantity, number))
    }

    /// Entry of [`Overrides::vary`] that sets the key to one of its values.
    #[must_use]
    pub fn varying(&self, level: &Level) -> Varying {
        Varying {
            flag: self.flag.clone(),
            path: self.key.clone(),
            path_at: self.path_at,
            value: level.text.clone(),
            value_at: level.at.clone(),
        }
    }

    /// `true` if it sets the same key as another.
    #[must_use]
    pub fn same_key(&self, other: &Self) -> bool {
        self.key == other.key
    }

    /// `true` if it sets a retry policy, which takes the place of the whole table it is in and so
    /// must be set before that table's other keys.
    #[must_use]
    pub fn is_policy(&self) -> bool {
        self.key.rsplit('.').next() == Some("policy")
    }
}

/// Reads `PATH=VALUES` after `option` (`--vary`); the scenario is `source` as `overrides` change
/// it, and has been read without errors.
///
/// # Errors
/// An error of the flag, with its place.
pub fn varied(
    source: &Source,
    overrides: &Overrides,
    option: &str,
    flag: &str,
) -> Result<Varied, Errors> {
    let mut texts = Texts::default();
    let lead = option.len() + 1;
    let at = texts.add("command line", format!("{option} {flag}"));
    let fail = |texts: &Texts, error: Diagnostic| Errors::new(texts.clone(), vec![error]);
    let Some((path, values)) = flag.split_once('=') else {
        let place = Place::new(at, lead, lead + flag.len());
        let error = Diagnostic::new(
            DiagnosticKind::Override,
            place,
            format!("`{}` names no value", short(flag)),
        )
        .label("expected PATH=a,b,c or PATH=lo..hi:steps")
        .help(format!("such as {option} provider.alpha.window=10,20,40"));
        return Err(fail(&texts, error));
    };
    let mut tree = tree(source, overrides);
    let written = Written { path, source: at, start: lead };
    let kind = path::kind(&mut tree, written).map_err(|error| fail(&texts, error))?;
    let kind = kind.unwrap_or(&NOTHING);
    let flag_text = format!("{option} {flag}");
    let start = lead + path.len() + 1;
    let read = Reading { key: path.trim(), kind, source: at, text: &flag_text, start };
    let (levels, quantity) = read.levels(values).map_err(|errors| Errors::new(texts, errors))?;
    let path = path.trim().to_owned();
    Ok(Varied {
        key: path.clone(),
        path,
        quantity,
        levels,
        path_at: lead,
        values_at: start..flag_text.len(),
        flag: flag_text,
    })
}

/// Reads the factors of the load after `--scale`.
///
/// # Errors
/// An error of them, with its place.
pub fn scales(values: &str) -> Result<Varied, Errors> {
    const OPTION: &str = "--scale";
    let mut texts = Texts::default();
    let flag = format!("{OPTION} {values}");
    let source = texts.add("command line", flag.as_str());
    let start = OPTION.len() + 1;
    let table = ROOT.field("scenario").map(|field| &field.kind);
    let kind = match table {
        Some(Kind::Table(table)) => table.field("scale").map(|field| &field.kind),
        _ => None,
    };
    let kind = kind.unwrap_or(&NOTHING);
    let read = Reading { key: SCALE.0, kind, source, text: &flag, start };
    let (levels, quantity) = read.levels(values).map_err(|errors| Errors::new(texts, errors))?;
    Ok(Varied {
        path: SCALE.0.to_owned(),
        quantity,
        levels,
        key: SCALE.1.to_owned(),
        path_at: 0,
        values_at: start..flag.len(),
        flag,
    })
}

static NOTHING: Kind = Kind::Anything;

/// The scenario as the flags change it, unchecked.
fn tree(source: &Source, overrides: &Overrides) -> crate::scenario::tree::Node {
    let (mut texts, mut errors) = (Texts::default(), Vec::new());
    let file = texts.add(source.name.as_str(), "");
    let mut tree = parse::document(&source.text, file, &mut errors);
    path::apply(&mut tree, overrides, &mut texts, &mut errors);
    tree
}

/// The values of one key, as a flag has them.
struct Reading<'a> {
    key: &'a str,
    kind: &'static Kind,
    source: usize,
    /// The whole flag.
    text: &'a str,
    /// Byte at which its values begin.
    start: usize,
}

impl Reading<'_> {
    fn levels(&self, values: &str) -> Result<(Levels, Option<Quantity>), Vec<Diagnostic>> {
        if !values.trim_start().starts_with(['"', '\'', '[', '{']) && values.contains("..") {
            if numeric(self.kind) {
                return self.range(values).map(|(range, sort)| (Levels::Range(range), Some(sort)));
            }
            if !matches!(self.kind, Kind::File | Kind::Text | Kind::Prose | Kind::Anything) {
                return Err(vec![
                    self.error(
                        self.start..self.text.len(),
                        format!("`{}` is not a number", self.key),
                    )
                    .label("only numbers have a range: expected a list such as a,b,c"),
                ]);
            }
        }
        self.list(values)
    }

    fn list(&self, values: &str) -> Result<(Levels, Option<Quantity>), Vec<Diagnostic>> {
        let (mut levels, mut errors): (Vec<Level>, _) = (Vec::new(), Vec::new());
        let mut sorts: Vec<Option<Quantity>> = Vec::new();
        for span in split(values) {
            let raw = &values[span.clone()];
            let text = raw.trim();
            let start = self.start + span.start + (raw.len() - raw.trim_start().len());
            let at = start..start + text.len();
            if text.is_empty() {
                // The comma before or after it is what can be pointed at.
                let from = at.start.saturating_sub(1);
                let error = self.error(from..at.start.max(from + 1), "there is no value");
                errors.push(error.label("expected values between commas, such as a,b,c"));
                continue;
            }
            if levels.iter().any(|level| level.text == text) {
                let message = format!("`{}` is named twice", short(text));
                errors.push(self.error(at, message).label("expected each value once"));
                continue;
            }
            match self.value(text, at.clone()) {
                Ok(found) => {
                    sorts.push(found.map(|(sort, _)| sort));
                    let number = found.map(|(_, number)| number);
                    levels.push(Level { text: text.to_owned(), number, at });
                }
                Err(found) => errors.extend(found),
            }
        }
        if levels.len() > MOST {
            errors.push(self.many());
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let sort = sorts.first().copied().flatten();
        let same = sort.filter(|_| sorts.iter().all(|other| *other == sort));
        Ok((Levels::List(levels), same))
    }

    fn range(&self, values: &str) -> Result<(Range, Quantity), Vec<Diagnostic>> {
        let (ends, rest) = values.split_once(':').unwrap_or((values, ""));
        let (low, high) = ends.split_once("..").unwrap_or((ends, ""));
        let one = |text: &str, offset: usize| -> Result<(Quantity, f64), Vec<Diagnostic>> {
            let start = self.start + offset + (text.len() - text.trim_start().len());
            let at = start..start + text.trim().len();
            if text.trim().is_empty() {
                let error = self.error(self.start..self.start + ends.len(), "half a range");
                return Err(vec![error.label("expected both its ends, such as 10..50")]);
            }
            self.value(text.trim(), at.clone())?.ok_or_else(|| {
                let error = self.error(at, format!("`{}` is not a number", short(text.trim())));
                vec![error.label("expected numbers at both ends of a range")]
            })
        };
        let (sort, bottom) = one(low, 0)?;
        let (other, top) = one(high, low.len() + 2)?;
        let ends_at = self.start..self.start + ends.len();
        if sort != other {
            let error = self.error(ends_at, "the ends of the range are of two kinds");
            return Err(vec![error.label("expected both in the same kind of unit")]);
        }
        if bottom >= top {
            let error = self.error(ends_at, "the range has no length");
            let error = error.label("expected the smaller end first");
            let (low, high) = (low.trim(), high.trim());
            return Err(vec![if bottom > top {
                error.help(format!("did you mean `{high}..{low}`?"))
            } else {
                error.help(format!("for one value alone: `{low}`"))
            }]);
        }
        let (steps, log) = self.steps(rest, ends.len() + 1, values)?;
        if log && bottom <= 0.0 {
            let at = self.start..self.start + low.len();
            let error = self.error(at, "equal factors never lead away from 0");
            let error = error.label("expected a range with `:log` to begin above 0");
            return Err(vec![error.help("without `:log` the steps are equal sums")]);
        }
        Ok((Range { low: bottom, high: top, steps, log }, sort))
    }

    /// Text after the ends: `steps`, `steps:log` or nothing; it begins at byte `offset`.
    fn steps(
        &self,
        rest: &str,
        offset: usize,
        values: &str,
    ) -> Result<(Option<usize>, bool), Vec<Diagnostic>> {
        let (steps, log) = rest.split_once(':').unwrap_or((rest, ""));
        let (steps, log, colons) = (steps.trim(), log.trim(), rest.contains(':'));
        let end = self.start + values.len();
        let at = (self.start + offset).min(end)..end;
        let steps = match steps.parse::<usize>() {
            Ok(steps) if (2..=MOST).contains(&steps) => Some(steps),
            Err(_) if rest.is_empty() && !values.contains(':') => None,
            _ => {
                let error = self.error(at, format!("`{}` is not a number of values", short(steps)));
                let label = format!("expected lo..hi:steps, steps from 2 to {MOST}");
                return Err(vec![error.label(label)]);
            }
        };
        match log {
            "" if !colons => Ok((steps, false)),
            "log" => Ok((steps, true)),
            other => {
                let error = self.error(at, format!("`{}` is not a way to step", short(other)));
                Err(vec![error.label("expected lo..hi:steps or lo..hi:steps:log")])
            }
        }
    }

    /// Sort of number that a value is, and the number; `None` if it isn't one.
    fn value(
        &self,
        text: &str,
        at: ops::Range<usize>,
    ) -> Result<Option<(Quantity, f64)>, Vec<Diagnostic>> {
        let mut errors = Vec::new();
        let Some(mut node) = path::read(self.kind, text, self.source, at.start, &mut errors) else {
            return Err(errors);
        };
        path::point(&mut node, Place::new(self.source, at.start, at.end));
        let value = reader::value(&node, self.kind, self.key)?;
        Ok(Quantity::of(self.kind, &value))
    }

    fn many(&self) -> Diagnostic {
        self.error(self.start..self.text.len(), "too many values")
            .label(format!("expected at most {MOST}"))
    }

    fn error(&self, at: ops::Range<usize>, message: impl Into<String>) -> Diagnostic {
        let place = Place::new(self.source, at.start, at.end.min(self.text.len()));
        Diagnostic::new(DiagnosticKind::Override, place, message)
    }
}

/// The spans between commas, those within quotes, brackets and braces left alone.
fn split(values: &str) -> Vec<ops::Range<usize>> {
    let (mut spans, mut start, mut deep) = (Vec::new(), 0, 0_usize);
    let (mut quote, mut escaped) = (None, false);
    for (at, character) in values.char_indices() {
        match (quote, character) {
            (Some('"'), '\\') if !escaped => {
                escaped = true;
                continue;
            }
            (Some(open), _) if open == character && !escaped => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(character),
            (None, '[' | '{') => deep += 1,
            (None, ']' | '}') => deep = deep.saturating_sub(1),
            (None, ',') if deep == 0 => {
                spans.push(start..at);
                start = at + 1;
            }
            _ => {}
        }
        escaped = false;
    }
    spans.push(start..values.len());
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_inside_a_value_are_its_own() {
        let parts = |text| split(text).into_iter().map(|span| &text[span]).collect::<Vec<_>>();
        assert_eq!(parts("a,b,c"), ["a", "b", "c"]);
        assert_eq!(parts("[1, 2],[3]"), ["[1, 2]", "[3]"]);
        assert_eq!(parts("{ a = \",\" },'x,y'"), ["{ a = \",\" }", "'x,y'"]);
        assert_eq!(parts("\"a\\\",b\",c"), ["\"a\\\",b\"", "c"]);
        assert_eq!(parts("a,"), ["a", ""]);
    }
}
