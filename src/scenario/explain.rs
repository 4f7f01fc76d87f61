//! Meaning of a path of the language: `provider.window`, or with a name `provider.alpha.window`.

use std::collections::VecDeque;

use super::nearest::nearest;
use super::path::join;
use super::schema::{Choice, Field, Kind, Owner, ROOT, Table, Variant};
use super::units::short;

/// End of a path.
#[derive(Debug, Clone)]
pub struct Explained {
    /// The path, with `NAME` (routes: `ID`) where it leaves a name out.
    pub path: String,
    /// `true` if `--set` takes it: what is inside a list is set with the list.
    pub settable: bool,
    /// Thing that is there.
    pub thing: Thing,
}

/// Thing that may be at a path.
#[derive(Debug, Clone, Copy)]
pub enum Thing {
    /// A key.
    Key(&'static Field),
    /// One kind of a choice.
    Kind(&'static Choice, &'static Variant),
    /// A name with a weight.
    Weight(Owner),
}

impl Thing {
    /// Meaning, one sentence.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            Thing::Key(field) => field.about,
            Thing::Kind(_, variant) => variant.about,
            Thing::Weight(_) => "Its weight among those named.",
        }
    }
}

/// A path that leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Astray {
    /// Message: what is wrong with it.
    pub message: String,
    /// Paths that may be meant, each with its meaning.
    pub meant: Vec<(String, &'static str)>,
    /// Keys that may stand there, if nothing like it is meant.
    pub expected: Vec<&'static str>,
}

/// Meaning of `path`; brackets of a table's heading may be left on it.
///
/// # Errors
/// If it leads nowhere: with what may be meant.
pub fn explain(path: &str) -> Result<Explained, Astray> {
    let plain = path.trim().trim_start_matches('[').trim_end_matches(']');
    let parts: Vec<&str> = plain.split('.').map(str::trim).collect();
    let walk = Walk { path: String::new(), settable: true };
    let astray = match walk.table(&ROOT, &parts) {
        Ok(explained) => return Ok(explained),
        Err(astray) => astray,
    };
    // A key by itself, `window`, or under another table than its own.
    if let [.., last] = parts.as_slice()
        && ROOT.field(parts[0]).is_none()
        && astray.meant.is_empty()
    {
        let found = ending_in(last);
        if let ([only], [_]) = (found.as_slice(), parts.as_slice()) {
            return explain(&only.0);
        }
        if !found.is_empty() {
            let message = match parts.as_slice() {
                [_] => format!("`{}` is a key of several tables", short(last)),
                _ => astray.message,
            };
            return Err(Astray { message, meant: found, expected: Vec::new() });
        }
    }
    Err(astray)
}

/// A path so far.
#[derive(Clone)]
struct Walk {
    path: String,
    settable: bool,
}

impl Walk {
    fn to(&self, part: &str) -> Walk {
        Walk { path: join(&self.path, part), settable: self.settable }
    }

    fn at(self, thing: Thing) -> Explained {
        Explained { path: self.path, settable: self.settable, thing }
    }

    fn table(self, table: &'static Table, parts: &[&str]) -> Result<Explained, Astray> {
        let Some((part, rest)) = parts.split_first() else {
            return Err(self.unknown("", table.fields.iter().map(|field| (field.key, field.about))));
        };
        let Some(field) = table.field(part) else {
            let sensible = table.fields.iter().filter(|field| field.senseless.is_none());
            let mut astray = self.unknown(part, sensible.map(|field| (field.key, field.about)));
            // The rest may lead on from what is meant.
            let near = nearest(part, table.fields.iter().map(|field| field.key));
            if let Some(field) = near.and_then(|near| table.field(near))
                && !rest.is_empty()
                && let Ok(found) = self.to(field.key).kind(field, &field.kind, rest)
            {
                astray.meant = vec![(found.path, found.thing.about())];
            }
            return Err(astray);
        };
        let walk = self.to(field.key);
        if rest.is_empty() {
            Ok(walk.at(Thing::Key(field)))
        } else {
            walk.kind(field, &field.kind, rest)
        }
    }

    /// End of `rest`, which isn't empty, inside a value of that kind.
    fn kind(
        mut self,
        field: &'static Field,
        kind: &'static Kind,
        rest: &[&str],
    ) -> Result<Explained, Astray> {
        match kind {
            Kind::Table(table) => self.table(table, rest),
            Kind::Tables(table) | Kind::Named(table) => self.named(field, table, rest),
            Kind::List(item, _) | Kind::OneOrMore(item, _) => {
                let alone = matches!(kind, Kind::OneOrMore(Kind::Table(_), _));
                self.settable &= alone;
                let indexed = rest[0].bytes().all(|b| b.is_ascii_digit());
                match (indexed, rest) {
                    (true, [_]) => Ok(self.at(Thing::Key(field))),
                    (true, [_, rest @ ..]) => self.kind(field, item, rest),
                    _ => self.kind(field, item, rest),
                }
            }
            Kind::Choice(choice) => {
                let Some(variant) = choice.variant(rest[0]) else {
                    let kinds = choice.variants.iter();
                    return Err(self.unknown(rest[0], kinds.map(|kind| (kind.key, kind.about))));
                };
                let walk = self.to(variant.key);
                match &rest[1..] {
                    [] => Ok(walk.at(Thing::Kind(choice, variant))),
                    inside => walk.table(&variant.table, inside),
                }
            }
            Kind::Weights(owner) if rest.len() == 1 => {
                Ok(self.to(rest[0]).at(Thing::Weight(*owner)))
            }
            _ => {
                let message = format!("`{}` is a value, there is nothing under it", self.path);
                Err(Astray { message, meant: vec![(self.path, field.about)], expected: Vec::new() })
            }
        }
    }

    /// Tables with a name each: a key, or a name and what follows it.
    fn named(
        self,
        field: &'static Field,
        table: &'static Table,
        rest: &[&str],
    ) -> Result<Explained, Astray> {
        let (first, inside) = (rest[0], &rest[1..]);
        let any = if field.key == "route" { "ID" } else { "NAME" };
        let unnamed = self.to(any).table(table, rest);
        let Err(mut astray) = unnamed else {
            return unnamed;
        };
        if table.field(first).is_some() && inside.is_empty() {
            return Err(astray);
        }
        if !inside.is_empty() {
            let named = self.to(first).table(table, inside);
            // The nearer miss is the one that got further.
            return if table.field(first).is_some() && named.is_err() {
                Err(astray)
            } else {
                named
            };
        }
        if astray.meant.is_empty() {
            return Ok(self.to(first).at(Thing::Key(field)));
        }
        astray.message = format!("there is no key `{}` in {}", short(first), self.path);
        Err(astray)
    }

    fn unknown(
        &self,
        part: &str,
        keys: impl Iterator<Item = (&'static str, &'static str)>,
    ) -> Astray {
        let keys: Vec<(&str, &str)> = keys.collect();
        let near = nearest(part, keys.iter().map(|(key, _)| *key));
        let meant = keys.iter().filter(|(key, _)| Some(*key) == near);
        let inside = if self.path.is_empty() { "a scenario" } else { self.path.as_str() };
        Astray {
            message: format!("there is no key `{}` in {inside}", short(part)),
            meant: meant.map(|(key, about)| (self.to(key).path, *about)).collect(),
            expected: keys.iter().map(|(key, _)| *key).collect(),
        }
    }
}

/// The paths of all keys of that name, the shortest way to each; if there is none, of the name nearest to it.
fn ending_in(key: &str) -> Vec<(String, &'static str)> {
    let paths = Paths::everything();
    let last = |path: &str| path.rsplit('.').next().unwrap_or_default().to_owned();
    let found = |wanted: &str| -> Vec<(String, &'static str)> {
        paths.iter().filter(|(path, _)| last(path) == wanted).cloned().collect()
    };
    let exact = found(key);
    if !exact.is_empty() {
        return exact;
    }
    let names: Vec<String> = paths.iter().map(|(path, _)| last(path)).collect();
    nearest(key, names.iter().map(String::as_str)).map(found).unwrap_or_default()
}

/// Every key's path, what is nearer to the root first; tables and choices that stand in several
/// places once.
#[derive(Default)]
struct Paths {
    found: Vec<(String, &'static str)>,
    tables: Vec<&'static Table>,
    choices: Vec<&'static Choice>,
    /// Kinds that are still to be looked into, each with its path.
    open: VecDeque<(&'static Kind, String)>,
}

impl Paths {
    fn everything() -> Vec<(String, &'static str)> {
        let mut paths = Paths::default();
        paths.table(&ROOT, "");
        while let Some((kind, path)) = paths.open.pop_front() {
            paths.kind(kind, &path);
        }
        paths.found
    }

    fn table(&mut self, table: &'static Table, path: &str) {
        if self.tables.iter().any(|known| std::ptr::eq(*known, table)) {
            return;
        }
        self.tables.push(table);
        for field in table.fields.iter().filter(|field| field.senseless.is_none()) {
            let path = join(path, field.key);
            self.found.push((path.clone(), field.about));
            self.open.push_back((&field.kind, path));
        }
    }

    fn kind(&mut self, kind: &'static Kind, path: &str) {
        match kind {
            Kind::Table(table) | Kind::Tables(table) | Kind::Named(table) => {
                self.table(table, path);
            }
            Kind::List(item, _) | Kind::OneOrMore(item, _) => self.kind(item, path),
            Kind::Choice(choice) => {
                if self.choices.iter().any(|known| std::ptr::eq(*known, *choice)) {
                    return;
                }
                self.choices.push(choice);
                for variant in choice.variants {
                    let path = format!("{path}.{}", variant.key);
                    self.found.push((path.clone(), variant.about));
                    self.table(&variant.table, &path);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(path: &str) -> String {
        explain(path).map(|explained| explained.path).unwrap_or_else(|astray| astray.message)
    }

    #[test]
    fn names_may_be_left_out() {
        for (asked, found) in [
            ("scenario", "scenario"),
            ("provider", "provider"),
            ("[[provider]]", "provider"),
            ("provider.window", "provider.NAME.window"),
            ("provider.alpha.window", "provider.alpha.window"),
            ("provider.alpha", "provider.alpha"),
            ("provider.window.window", "provider.window.window"),
            ("route.price", "route.ID.price"),
            ("route.5.price", "route.5.price"),
            (
                "carrier.filter.rule.velocity.window",
                "carrier.NAME.filter.NAME.rule.velocity.window",
            ),
            ("carrier.n.filter.s.rule", "carrier.n.filter.s.rule"),
            ("traffic.arrivals.poisson", "traffic.NAME.arrivals.poisson"),
            ("traffic.otp.carriers.acme", "traffic.otp.carriers.acme"),
            ("policy.mine.backoff", "policy.mine.backoff"),
            ("retry.rules.on", "retry.rules.on"),
            ("retry.rules.0.on", "retry.rules.on"),
            ("api.latency.mixture.parts.of.gamma.mean", "api.latency.mixture.parts.of.gamma.mean"),
            ("max_segments", "api.max_segments"),
        ] {
            assert_eq!(path(asked), found, "{asked}");
        }
        assert!(!explain("retry.rules.on").expect("a key").settable);
    }

    #[test]
    fn what_leads_nowhere_names_what_is_near() {
        let meant = |path: &str| -> Vec<String> {
            let astray = explain(path).expect_err(path);
            astray.meant.into_iter().map(|(path, _)| path).collect()
        };
        assert_eq!(meant("provider.windw"), ["provider.NAME.window"]);
        assert_eq!(meant("provider.alpha.windw"), ["provider.alpha.window"]);
        assert_eq!(meant("traffic.arrivals.poison"), ["traffic.NAME.arrivals.poisson"]);
        assert_eq!(meant("provder"), ["provider"]);
        assert_eq!(meant("provder.alpha.window"), ["provider.alpha.window"]);
        assert_eq!(meant("scenario.seed.x"), ["scenario.seed"]);
        assert_eq!(meant("window")[..2], ["provider.window", "retry.breaker.window"]);
        assert!(meant("alpha.window").contains(&"provider.window".to_owned()));
        assert_eq!(meant("elephant"), [""; 0]);
        assert!(explain("").is_err());
        assert!(explain("provider.alpha.elephant").expect_err("").expected.contains(&"window"));
    }
}
