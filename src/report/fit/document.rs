//! The document of a fit: the log, the verdict, what was fitted, what had to be assumed.

use super::super::document::{Block, Card, Cell, Document, Section, Table, Tone, charts};
use super::super::read;
use super::super::{Unit, Value};
use super::judged_figure;
use crate::report::number::{count, percent};
use crate::report::text::{shortened, start};

/// The document of a fit.
pub(in crate::report) fn document(result: &Value) -> Document {
    let text = |path: &str| read::text(result, path).to_owned();
    let number = |path: &str| read::number(result, path).unwrap_or(0.0) as u64;
    let clocks = ["submitted", "sent", "done", "received"].iter().filter_map(|clock| {
        let resolution = read::text(result, &format!("log.resolution.{clock}"));
        (!resolution.is_empty()).then(|| format!("{clock} to {resolution}"))
    });
    let clocks: Vec<String> = clocks.collect();
    let facts = vec![
        format!("format {}", text("log.format")),
        used(number("log.rows"), number("log.used"), number("log.joined")),
        clocks.join(", "),
    ];
    let facts = facts.into_iter().filter(|fact| !fact.is_empty()).collect();
    let mut document = Document::new(result, "fitted to a log", facts);
    document.answer = text("answer");
    document.lead = Section::new("lead", "").with_all(notes(result));
    document.sections = vec![
        Card::section(cards(result)),
        charts(),
        Section::new("rejected", "Rows left out").with(rejected(result)).with_all(reasons(result)),
        Section::new("fitted", "What was fitted")
            .on_page(parameters(result))
            .on_terminal(by_station(result)),
        Section::new("kept-out", "What was kept out")
            .with(held_out(result))
            .on_terminal(Block::text(unlisted(result)))
            .with_all(rounded(result))
            .with(distances(result)),
        Section::new("assumed", "What had to be assumed").with_all(assumptions(result)),
    ];
    document
}

/// A note as a sentence.
fn sentence(note: &Value) -> Block {
    Block::text(format!("{}.", start(&read::written(note))))
}

/// Rows of the log, and what became of them.
fn used(rows: u64, used: u64, joined: u64) -> String {
    let rows = format!("{} row{}", count(rows), if rows == 1 { "" } else { "s" });
    let used = count(used);
    match joined {
        0 => format!("{rows}, {used} used"),
        _ => format!("{rows}, {used} messages, {} joined to one of them", count(joined)),
    }
}

fn notes(result: &Value) -> Vec<Block> {
    let because = read::list(result, "because").iter();
    let because = because.map(|why| Block::text(start(&read::written(why))));
    let notes = read::list(result, "log.notes").iter();
    let mut notes: Vec<Block> = because.chain(notes.map(sentence)).collect();
    let zone = read::text(result, "log.zone");
    if zone.starts_with("none") {
        notes.push(Block::text(
            "Times that say no zone, and for which none is given, are taken as UTC; `--zone`, like Europe/Berlin, names another.",
        ));
    }
    let ignored: Vec<String> =
        read::list(result, "log.ignored").iter().map(read::written).collect();
    if !ignored.is_empty() {
        notes.push(Block::text(format!(
            "Columns that were not used: {}; `--map COLUMN=NAME` says what one means.",
            ignored.join(", ")
        )));
    }
    notes.extend(read::list(result, "warnings").iter().map(|warning| {
        let warning = read::written(warning);
        Block::text(format!(
            "`check` warns of the fitted scenario, for which the log speaks all the same: {warning}."
        ))
    }));
    notes
}

fn cards(result: &Value) -> Vec<Option<Card>> {
    let figures = read::list(result, "held_out");
    let agree = figures.iter().filter(|own| agrees(own)).count();
    let judged = (!figures.is_empty()).then(|| {
        Card::text(
            "Figures that agree",
            format!("{agree} of {}", figures.len()),
            "on the part kept out",
        )
    });
    let rows = read::number(result, "log.used").unwrap_or(0.0) as u64;
    vec![
        judged,
        Some(Card::text("Messages", count(rows), "of the log")),
        Some(Card::text(
            "Assumptions",
            count(read::list(result, "assumptions").len() as u64),
            "that the log can\u{2019}t tell",
        )),
    ]
}

fn agrees(figure: &Value) -> bool {
    read::at(figure, "agrees").and_then(Value::as_bool) == Some(true)
}

/// Of each kind of rows left out that somebody can do something about: what is wrong in the first, and
/// what helps.
fn reasons(result: &Value) -> Vec<Block> {
    let all = read::list(result, "log.rejected").iter();
    let mendable = all.filter(|own| !read::text(own, "way_out").is_empty());
    mendable
        .map(|own| Block::text(format!("{}: {}.", place(own), read::text(own, "told"))))
        .collect()
}

/// The place of the first row of a kind: `log.csv:17`.
fn place(rejected: &Value) -> String {
    match read::number(rejected, "line") {
        Some(line) => format!("{}:{line}", read::text(rejected, "file")),
        None => read::text(rejected, "file").to_owned(),
    }
}

fn rejected(result: &Value) -> Table {
    let mut table = Table::new("rejected-rows", "Rows left out", "why")
        .numbers(&["rows"])
        .texts(&["the first"])
        .wide_names(60);
    for own in read::list(result, "log.rejected") {
        let rows = Cell::count(read::number(own, "count"));
        table.row(vec![Cell::text(read::text(own, "reason")), rows, Cell::text(place(own))]);
    }
    table
}

fn parameters(result: &Value) -> Table {
    let mut table = Table::new("parameters", "Fitted", "path")
        .numbers(&["value", "from", "to", "rows"])
        .texts(&["how"])
        .caption("What was fitted, each with its 95 % interval and the rows it rests on");
    for own in read::list(result, "parameters") {
        let path = Cell::code(read::text(own, "path"));
        let how = Cell::text(read::text(own, "method"));
        table.row([path].into_iter().chain(values(own)).chain([how]).collect());
    }
    table
}

/// The value of a parameter, the ends of its interval and the rows that it rests on.
fn values(own: &Value) -> [Cell; 4] {
    let unit = read::text(own, "unit");
    let value = |key: &str| read::number(own, key);
    let known = value("low") < value("high");
    let cell = |key: &str| match value(key) {
        Some(number) if known || key == "value" => {
            Cell::text(written(unit, number)).sorted_by(Some(number))
        }
        _ => Cell::nothing(),
    };
    let told = read::text(own, "not_known").is_empty();
    let end = |key: &str| if told { cell(key) } else { Cell::text("not known") };
    [cell("value"), end("low"), end("high"), Cell::count(value("rows"))]
}

/// The same for the terminal, in which whole paths have no room: a station's parameters stand below its name, and
/// how each was found is told up to its details.
fn by_station(result: &Value) -> Table {
    /// A path beside its figures; a station's name has the line to itself.
    const NAMES: usize = 40;
    const STATIONS: usize = 56;
    let mut table = Table::new("parameters-by-station", "Fitted", "path")
        .numbers(&["value", "from", "to", "rows"])
        .texts(&["how"])
        .wide_names(STATIONS);
    let all = read::list(result, "parameters");
    let of = |own: &Value| station(read::text(own, "path")).to_owned();
    let stations: Vec<String> = all.iter().map(of).collect();
    for (place, own) in all.iter().enumerate() {
        let (path, station) = (read::text(own, "path"), &stations[place]);
        let is_first = place == 0 || stations[place - 1] != *station;
        let has_more = stations.get(place + 1) == Some(station);
        let name = if is_first && !has_more {
            shortened(path, NAMES)
        } else {
            if is_first {
                table.row(vec![Cell::text(station.as_str())]);
            }
            let rest = path.strip_prefix(station.as_str()).unwrap_or(path);
            format!("  {}", shortened(rest.trim_start_matches('.'), NAMES - 2))
        };
        let method = read::text(own, "method");
        let how = Cell::text(method.split([':', ',']).next().unwrap_or(method));
        table.row([Cell::text(name)].into_iter().chain(values(own)).chain([how]).collect());
    }
    table
}

/// The part of a path that says whose a parameter is: `carrier.acme`, `retry`.
fn station(path: &str) -> &str {
    let dots: Vec<usize> = path.match_indices('.').map(|(at, _)| at).collect();
    let named = ["traffic.", "route.", "provider.", "carrier.", "incident."];
    let parts = if named.iter().any(|kind| path.starts_with(kind)) { 2 } else { 1 };
    dots.get(parts - 1).map_or(path, |&end| &path[..end])
}

/// A value in its unit.
fn written(unit: &str, value: f64) -> String {
    let digits = |value: f64| {
        let whole = value.abs() >= 1_000.0;
        if whole { format!("{value:.0}") } else { significant(value) }
    };
    match unit {
        "s" if value > 0.0 && value < 1.0 => format!("{} ms", digits(value * 1e3)),
        "s" => format!("{} s", digits(value)),
        "share" => percent(value),
        "1/s" => format!("{}/s", digits(value)),
        _ => digits(value),
    }
}

/// Four digits that count.
fn significant(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let magnitude = libm::floor(libm::log10(value.abs())) as i32;
    let text = format!("{value:.*}", (3 - magnitude).clamp(0, 9) as usize);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

fn held_out(result: &Value) -> Table {
    let mut table = Table::new("held-out", "Kept out", "figure")
        .numbers(&["predicted", "from", "to", "seen", "its \u{b1}"])
        .texts(&["agrees"])
        .caption(
            "The fitted scenario\u{2019}s predictions of the part that was kept out. In all of the \
                  intervals together one more such log lies 95 times of 100; what was seen has its own \
                  interval of 95 %",
        )
        .at_most(listed(result));
    let figures = read::list(result, "held_out");
    let mut figures: Vec<&Value> = figures.iter().collect();
    figures.sort_by_key(|own| (agrees(own), is_unlisted(own)));
    for own in figures {
        let path = read::text(own, "path");
        let cell = |key: &str| match read::number(own, key) {
            Some(value) => Cell::text(figure(path, value)).sorted_by(Some(value)),
            None => Cell::nothing(),
        };
        let word = match agrees(own) {
            true => Cell::text("yes").toned(Tone::Good),
            false => Cell::text("no").toned(Tone::Bad),
        };
        table.row(vec![
            Cell::code(path),
            cell("predicted"),
            cell("low"),
            cell("high"),
            cell("seen"),
            cell("seen_half_width"),
            word,
        ]);
    }
    table
}

/// A sentence on clocks that tell no less than a second, where there are latencies.
fn rounded(result: &Value) -> Vec<Block> {
    let figures = read::list(result, "held_out").iter();
    let timed = figures.map(|own| read::text(own, "path")).any(|path| path.starts_with("latency."));
    let coarse = |of: &str| {
        let told = read::text(result, &format!("log.resolution.{of}"));
        let fine = ["", "ms", "\u{b5}s", "ns"];
        let unit = told.split_once(' ').map_or("", |(_, unit)| unit);
        (!fine.contains(&unit)).then(|| told.to_owned())
    };
    let from = coarse("submitted").or_else(|| coarse("sent"));
    let said = match (from, coarse("done")) {
        (Some(from), Some(to)) if from == to => format!("both ends to {from}"),
        (Some(from), Some(to)) => format!("requests to {from}, ends to {to}"),
        (Some(from), None) => format!("requests to {from}"),
        (None, Some(to)) => format!("ends to {to}"),
        (None, None) => return Vec::new(),
    };
    if !timed {
        return Vec::new();
    }
    vec![Block::text(format!(
        "Latencies and shares within a time are by the log\u{2019}s clocks, predicted and seen alike: they \
         round {said}. The \u{b1} of a latency that was seen has what that leaves open in it."
    ))]
}

/// Kinds of figures of which there may be hundreds, by the beginning of their paths, and their names.
const MANY: [(&str, &str); 5] = [
    ("carriers.", "of carriers"),
    ("providers.", "of providers"),
    ("senders.", "of senders"),
    ("pairs.", "of provider and carrier"),
    ("volume.", "pieces of the volume"),
];

/// A figure of one of many that agrees: the terminal lists none of them.
fn is_unlisted(figure: &Value) -> bool {
    agrees(figure) && MANY.iter().any(|(kind, _)| read::text(figure, "path").starts_with(kind))
}

/// The number of figures that the terminal lists.
fn listed(result: &Value) -> usize {
    read::list(result, "held_out").iter().filter(|own| !is_unlisted(own)).count()
}

/// A sentence on those that it doesn't.
fn unlisted(result: &Value) -> String {
    let figures = read::list(result, "held_out");
    let of = |own: &Value, kind: &str| read::text(own, "path").starts_with(kind);
    let has = |kind: &str| figures.iter().any(|own| is_unlisted(own) && of(own, kind));
    let kinds: Vec<&str> =
        MANY.iter().filter(|(kind, _)| has(kind)).map(|(_, name)| *name).collect();
    let (more, kinds) = (figures.len() - listed(result), kinds.join(", "));
    match more {
        0 => String::new(),
        1 => format!("One more figure agrees ({kinds}): fit.json and the page list it."),
        _ => format!("{more} more agree ({kinds}): fit.json and the page list all."),
    }
}

/// A figure of what was kept out, by what its path says it is.
pub(in crate::report) fn figure(path: &str, value: f64) -> String {
    match judged_figure(path).map(|own| own.unit) {
        Some(Unit::Share) => format!("{:.2} %", 100.0 * value),
        // Nothing is known below a microsecond: what a rounding clock shows as nothing is nothing.
        Some(Unit::Seconds) if value < 1e-6 => "0 s".to_owned(),
        Some(Unit::Seconds) => format!("{} s", significant(value)),
        _ => count(value.round().max(0.0) as u64),
    }
}

fn distances(result: &Value) -> Table {
    let mut table = Table::new("distances", "Wasserstein distance", "of")
        .numbers(&["fitted to seen", "between fitted runs"])
        .caption(
            "How far the fitted scenario lies from what was kept out, and its own runs from one \
                  another",
        );
    let rows = [
        ("cycle_time_s", "time from request to handset", "s"),
        ("hourly_volume_h", "hourly volume", "h"),
        ("time_of_day_h", "time of day", "h"),
    ];
    for (key, name, unit) in rows {
        let cell = |place: &str| match read::number(result, &format!("{place}.{key}")) {
            Some(value) => {
                Cell::text(format!("{} {unit}", significant(value))).sorted_by(Some(value))
            }
            None => Cell::nothing(),
        };
        if read::number(result, &format!("distances.{key}")).is_some() {
            table.row(vec![Cell::text(name), cell("distances"), cell("distances_among_runs")]);
        }
    }
    table
}

fn assumptions(result: &Value) -> Vec<Block> {
    let all = read::list(result, "assumptions");
    let mut blocks: Vec<Block> = all.iter().map(|own| Block::text(assumption(own))).collect();
    let still: Vec<String> =
        all.iter().filter(|own| has_no_influence(own)).filter_map(tried).collect();
    if !still.is_empty() {
        blocks.push(Block::text(format!(
            "Without influence on the headline, to 0.01 points: {}.",
            still.join(", ")
        )));
    }
    if all.iter().any(|own| read::at(own, "sensitivity.headline").is_some()) {
        let told = Block::remark(
            "The headline is the share of accepted messages that don\u{2019}t arrive on time or, where there is \
             no deadline, at all. It is of no more than 10,000 messages over the whole span, and of the first \
             30,000 where there is a throttle, which a smaller volume would leave idle.",
        );
        blocks.insert(0, told);
    }
    blocks
}

/// The other value of an assumption that was tried.
fn tried(assumption: &Value) -> Option<String> {
    let tried = read::list(assumption, "tried");
    let first = tried.first().map(read::written)?;
    Some(match tried.len() {
        1 => first,
        more => format!("{first} and {} alike", more - 1),
    })
}

/// True if the other value was tried, and changed nothing that would be seen.
fn has_no_influence(assumption: &Value) -> bool {
    const SEEN: f64 = 0.5e-4;
    let number = |key: &str| read::number(assumption, &format!("sensitivity.{key}"));
    number("change").is_some_and(|change| change.abs() < SEEN)
        && number("half_width").is_none_or(|half_width| half_width < SEEN)
}

/// An assumption with what it does to the headline.
fn assumption(own: &Value) -> String {
    let text = |key: &str| read::text(own, key);
    let mut said = format!("{} ({}): {}.", text("path"), text("value"), text("why"));
    let number = |key: &str| read::number(own, &format!("sensitivity.{key}"));
    if let (Some(tried), Some(headline), Some(change)) =
        (tried(own).filter(|_| !has_no_influence(own)), number("headline"), number("change"))
    {
        said.push_str(&format!(
            " With {tried} the headline moves from {:.2} % by {:+.2} \u{b1} {:.2} points.",
            100.0 * headline,
            100.0 * change,
            100.0 * number("half_width").unwrap_or(0.0)
        ));
    }
    said
}
