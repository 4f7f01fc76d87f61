//! A scenario as the tables of its file.

use std::fmt;

/// A scenario's text in parts. A time or rate stands in it as `<200ms>` or `<5/s>`.
#[derive(Clone)]
pub(crate) struct Draft {
    /// Tables in any order; a carrier's filters are part of its own.
    pub(crate) tables: Vec<String>,
    /// `[retry]`, or nothing.
    pub(crate) retry: String,
    /// `true` if it names its queues.
    pub(crate) has_queues: bool,
}

impl Draft {
    /// The file.
    pub(crate) fn text(&self) -> String {
        self.slowed(1.0)
    }

    /// The file with every time so many times as long, and every rate as many times lower.
    pub(crate) fn slowed(&self, factor: f64) -> String {
        render(&format!("{}\n{}", self.tables.join("\n"), self.retry), factor)
    }

    /// The file with its tables in the order of `keys`.
    pub(crate) fn reordered(&self, keys: &[u32]) -> String {
        let tables = self.tables.iter().chain([&self.retry]);
        let mut sorted: Vec<(u32, &String)> = keys.iter().copied().cycle().zip(tables).collect();
        sorted.sort_by_key(|(key, _)| *key);
        let tables: Vec<&str> = sorted.iter().map(|(_, table)| table.as_str()).collect();
        render(&tables.join("\n"), 1.0)
    }

    /// The same with one more table.
    pub(crate) fn with(&self, table: &str) -> Draft {
        let mut more = self.clone();
        more.tables.push(table.to_owned());
        more
    }

    /// The same with another `[retry]`.
    pub(crate) fn retrying(&self, retry: &str) -> Draft {
        Draft { retry: retry.to_owned(), ..self.clone() }
    }

    /// The same with a filter at the end of every carrier's.
    pub(crate) fn filtering(&self, rule: &str) -> Draft {
        let filter = format!("[[carrier.filter]]\nname = 'last'\naction = 'silent'\nrule.{rule}\n");
        let tables = self.tables.iter().map(|table| {
            if table.starts_with("[[carrier]]") {
                format!("{table}{filter}")
            } else {
                table.clone()
            }
        });
        Draft { tables: tables.collect(), ..self.clone() }
    }
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{}", self.text())
    }
}

fn render(text: &str, factor: f64) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        let (token, tail) = after.split_once('>').unwrap();
        let (number, unit) =
            token.split_at(token.find(|c: char| c.is_alphabetic() || c == '/').unwrap());
        let number: f64 = number.parse().unwrap();
        let value = if unit.starts_with('/') { number / factor } else { number * factor };
        out.push_str(&format!("{before}\"{value}{unit}\""));
        rest = tail;
    }
    out + rest
}

#[test]
fn times_stretch_and_rates_fall() {
    assert_eq!(render("a = <1500ms>, b = <5/s>", 2.0), "a = \"3000ms\", b = \"2.5/s\"");
}
