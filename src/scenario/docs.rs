//! The reference page of the language, written from its table of fields.

use super::schema::{Choice, Field, Kind, Need, ROOT, Table};
use super::units::{duration, tokens};

/// docs/scenario.md, whole.
pub fn markdown() -> String {
    let mut page =
        Page { out: String::from(INTRODUCTION), tables: Vec::new(), choices: Vec::new() };
    page.table("Tables", &ROOT, "");
    page.out
}

const INTRODUCTION: &str = "\
# The scenario language

Every table and key, written from the program's own table of fields; a test keeps this page up \
to date. A scenario is a TOML file; unknown keys are errors.

- durations: `\"90s\"`, `\"1.5ms\"`, `\"2h30m\"`, units `ns us ms s m|min h d`, at most ten years
- rates: `\"50/s\"`, `\"3000/min\"`, `\"10/h\"`, `\"200000/day\"`, at most 10⁹/s
- shares: `0.03` or `\"3%\"`, from 0 to 1
- names: 1 to 64 letters, digits, `_` or `-`, unique among their like
- a choice is one key: `arrivals.poisson = { rate = \"50/s\" }`
- `--set PATH=VALUE` goes by the same keys: `provider.alpha.window=5`, `route.5.price=0.01`
";

/// The page so far, with what has been described already.
struct Page {
    out: String,
    tables: Vec<*const Table>,
    choices: Vec<*const Choice>,
}

impl Page {
    fn table(&mut self, title: &str, table: &'static Table, about: &str) {
        if self.tables.iter().any(|known| std::ptr::eq(*known, table)) {
            return;
        }
        self.tables.push(table);
        self.out.push_str(&format!("\n## {title}\n\n"));
        if !about.is_empty() {
            self.out.push_str(&format!("{about}\n\n"));
        }
        if table.fields.is_empty() {
            self.out.push_str("No settings.\n");
            return;
        }
        self.out.push_str("| key | value | when left out | meaning |\n|---|---|---|---|\n");
        for field in table.fields {
            self.row(field);
        }
        for field in table.fields {
            let path = match (title, field.kind) {
                ("Tables", Kind::Tables(_)) => format!("[[{}]]", field.key),
                ("Tables", Kind::Named(_)) => format!("[{}.NAME]", field.key),
                ("Tables", _) => format!("[{}]", field.key),
                ("[[carrier]]", Kind::Tables(_)) => format!("[[carrier.{}]]", field.key),
                _ => format!("{title} {}", field.key),
            };
            self.inner(&path, &field.kind, field.about);
        }
    }

    fn inner(&mut self, path: &str, kind: &'static Kind, about: &str) {
        match kind {
            Kind::Table(table) | Kind::Tables(table) | Kind::Named(table) => {
                self.table(path, table, about);
            }
            Kind::List(kind, _) | Kind::OneOrMore(kind, _) => self.inner(path, kind, about),
            Kind::Choice(choice) => self.choice(path, choice),
            _ => {}
        }
    }

    fn choice(&mut self, path: &str, choice: &'static Choice) {
        if self.choices.iter().any(|known| std::ptr::eq(*known, choice)) {
            return;
        }
        self.choices.push(choice);
        let title = title(choice, path);
        self.out.push_str(&format!("\n## {title}\n\nExactly one of:\n\n"));
        if let Some(plain) = &choice.plain {
            self.out.push_str(&format!("- plain: {}, constant\n", kind(plain)));
        }
        for variant in choice.variants {
            self.out.push_str(&format!("- `{}`: {}\n", variant.key, variant.about));
        }
        self.out.push_str("\n| key | value | when left out | meaning |\n|---|---|---|---|\n");
        for variant in choice.variants {
            for field in variant.table.fields {
                let key = format!("{}.{}", variant.key, field.key);
                self.line(&key, field);
            }
        }
        for variant in choice.variants {
            for field in variant.table.fields {
                self.inner(&format!("{title} {}", variant.key), &field.kind, field.about);
            }
        }
    }

    fn row(&mut self, field: &Field) {
        self.line(field.key, field);
    }

    fn line(&mut self, key: &str, field: &Field) {
        let absent = match field.need {
            Need::Required => "required".to_owned(),
            Need::Default(text) => format!("`{}`", if text.is_empty() { "\"\"" } else { text }),
            Need::Absent(meaning) => meaning.to_owned(),
            Need::Filled => "its defaults".to_owned(),
        };
        if let Some(reason) = field.senseless {
            self.out
                .push_str(&format!("| `{key}` | | | Makes no sense here: {} |\n", cell(reason)));
            return;
        }
        self.out.push_str(&format!(
            "| `{key}` | {} | {} | {} |\n",
            cell(&kind(&field.kind)),
            cell(&absent),
            cell(field.about)
        ));
    }
}

fn title(choice: &Choice, path: &str) -> String {
    match choice.plain {
        Some(Kind::Duration(_)) => "Random durations".to_owned(),
        Some(_) => "Random numbers".to_owned(),
        None => {
            let key = path.rsplit(' ').next().unwrap_or(path);
            format!("`{key}`: {}", choice.noun)
        }
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// Form in which a value of that kind is written, with its bounds where [`kind`] leaves them out.
pub fn form(kind: &Kind) -> Option<&'static str> {
    match kind {
        Kind::Duration(_) | Kind::Label | Kind::WordsOrDuration(_) | Kind::DurationOrCount(_) => {
            Some(
                "a duration such as \"90s\", \"1.5ms\" or \"2h30m\" (ns us ms s m|min h d), at most ten years",
            )
        }
        Kind::Rate(_) => Some("\"50/s\", \"3000/min\", \"10/h\" or \"200000/day\", at most 10⁹/s"),
        Kind::Share => Some("0.03 or \"3%\", from 0 to 1"),
        Kind::Positive(_) => None,
        Kind::Money => Some("whole units of the account, 0 to 10⁹, such as 0.0079"),
        Kind::Name => Some("1 to 64 letters, digits, `_` or `-`, unique among its like"),
        Kind::File => Some("relative to the scenario's folder"),
        Kind::Clock => Some("\"09:00\" or \"09:00:30\""),
        Kind::Moment => Some(
            "a duration from the start such as \"20m\", or a time of day such as \"09:20\": the \
             first at or after `start`",
        ),
        Kind::Choice(choice) => choice.plain.as_ref().and_then(form),
        Kind::List(item, _) | Kind::OneOrMore(item, _) => form(item),
        _ => None,
    }
}

/// Description of a kind in a few words.
pub fn kind(kind: &Kind) -> String {
    let words = |words: &[super::schema::Word]| {
        let list: Vec<String> =
            words.iter().map(|word| format!("`{}` ({})", word.word, word.about)).collect();
        list.join(", ")
    };
    match kind {
        Kind::Duration(0) | Kind::Label => "duration".to_owned(),
        Kind::Duration(1) => "duration above 0".to_owned(),
        Kind::Duration(least) => format!("duration, at least {}", duration::print(*least)),
        Kind::Rate(true) => "rate above 0".to_owned(),
        Kind::Rate(false) => "rate".to_owned(),
        Kind::Share => "share".to_owned(),
        Kind::Integer(least, most) => format!("whole number, {least} to {most}"),
        Kind::Count(least, most) => format!("whole number, {least} to {most}, or `unlimited`"),
        Kind::Number(least, most) => format!("number, {least} to {most}"),
        Kind::Positive(_) => "number above 0".to_owned(),
        Kind::Money => "money".to_owned(),
        Kind::Text | Kind::Prose => "text".to_owned(),
        Kind::Name => "name".to_owned(),
        Kind::File => "file".to_owned(),
        Kind::Clock => "time of day".to_owned(),
        Kind::Moment => "duration, or time of day".to_owned(),
        Kind::Flag => "`true` or `false`".to_owned(),
        Kind::Words(list) => words(list),
        Kind::WordsOrFlag(list) => format!("`true` or `false`, or {}", words(list)),
        Kind::WordsOrDuration(list) => format!("{}, or a duration", words(list)),
        Kind::WordsOrInteger(list, ..) => format!("{}, or a whole number", words(list)),
        Kind::Reference(owner) => format!("name of a {}", owner.key()),
        Kind::Policy => "name of a retry policy".to_owned(),
        Kind::Thousandths(most) => {
            format!("number, 0 to {}, up to 3 decimals", tokens::print(*most))
        }
        Kind::DurationOrCount(most) => {
            format!("duration above 0, or whole number, 1 to {most}")
        }
        Kind::DayPoint => "time of day and factor: `[\"18:00\", 2.5]`".to_owned(),
        Kind::Point => "time and rate: `[\"09:00\", \"10/s\"]`".to_owned(),
        Kind::Choice(choice) => match choice.plain {
            Some(Kind::Duration(_)) => "random duration".to_owned(),
            Some(_) => "random number".to_owned(),
            None => choice.noun.to_owned(),
        },
        Kind::Table(_) => "table".to_owned(),
        Kind::Tables(_) => "array of tables".to_owned(),
        Kind::Named(_) => "tables by name".to_owned(),
        Kind::List(item, _) => format!("list of: {}", self::kind(item)),
        Kind::OneOrMore(item, _) => format!("one or a list of: {}", self::kind(item)),
        Kind::Weights(owner) => format!("{} names with weights above 0", owner.key()),
        Kind::Anything => "any".to_owned(),
    }
}
