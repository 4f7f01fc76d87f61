//! Design points: what the load or a setting does to what arrives, point by point.

mod cross;
mod points;
mod rest;
mod tornado;

use super::super::sweep::{Level, Point, Swept};
use super::footer::{Footer, ending};
use super::text::{plain, width, wrapped};
use super::title::heading;
use super::{Look, Page};
use crate::report::number::{count, length};

pub(in crate::report) use tornado::answer as sensitivity_answer;

/// The load axis.
const SCALE: &str = "scale";
/// Names of points are cut beyond this.
const NAMES: usize = 36;

/// The table of `sweep`.
#[must_use]
pub fn sweep_table(swept: &Swept<'_>, look: Look, footer: &Footer) -> String {
    let page = Page::new(look);
    let body = match swept.sensitivity {
        Some(found) => vec![
            wrapped(&swept.headline(), page.width, 2),
            tornado::tornado(found, &page),
            wrapped(&tornado::notes(found), page.width, 2),
        ],
        None => vec![
            wrapped(&swept.headline(), page.width, 2),
            cross::cross(swept, &page),
            points::points(swept, &page),
            rest::rest(swept, &page),
            points::objectives(swept, &page),
            wrapped(&notes(swept), page.width, 2),
        ],
    };
    let doubts: String =
        footer.doubts.iter().map(|doubt| wrapped(&plain(doubt), page.width, 2)).collect();
    let made = [
        format!("smschain {}", env!("CARGO_PKG_VERSION")),
        format!("scenario {}", swept.fingerprint),
    ];
    let mut sections = vec![heading(swept.spec, &how(swept), &page)];
    sections.extend(body);
    sections.extend([doubts, ending(&made, &page, footer)]);
    sections.retain(|section| !section.is_empty());
    sections.join("\n")
}

fn how(swept: &Swept<'_>) -> Vec<String> {
    let (spec, points) = (swept.spec, swept.points.len());
    let replications = swept.seeds.len() as u64;
    let many = |number: u64, one: &str| {
        format!("{} {one}{}", count(number), if number == 1 { "" } else { "s" })
    };
    let mut parts = vec![
        many(points as u64, "design point"),
        format!("{} of each", many(replications, "replication")),
        "common random numbers".to_owned(),
        format!("seed {}", swept.seed),
    ];
    if spec.scale != 1.0 && !swept.axes.iter().any(|axis| axis.path == SCALE) {
        parts.push(format!("load × {}", spec.scale));
    }
    let mut time = length(spec.duration);
    if spec.warmup > 0 {
        time.push_str(&format!(", the first {} not counted", length(spec.warmup)));
    }
    parts.push(time);
    parts
}

/// What the signs mean.
fn notes(swept: &Swept<'_>) -> String {
    let of_accepted = if swept.spec.has_deadline() {
        "delivered, on time and gap (not on time)"
    } else {
        "delivered and gap (not delivered)"
    };
    let mut notes =
        format!("API %: accepted, of the messages requested. {of_accepted}: of those accepted.");
    if swept.seeds.len() > 1 {
        notes.push_str(" ± is half a 95 % interval.");
    }
    notes
}

/// A value, as it stands in a row: `4×` for a load.
fn level(path: &str, level: &Level) -> String {
    if path == SCALE { format!("{}×", level.text) } else { plain(&level.text) }
}

/// A point by its values.
fn label(point: &Point) -> String {
    let parts: Vec<String> = point.at.iter().map(|(path, value)| level(path, value)).collect();
    parts.join(" · ")
}

/// What the values of a point are of: whole paths where there is room.
fn axes(swept: &Swept<'_>) -> String {
    let paths: Vec<&str> = swept.axes.iter().map(|axis| axis.path.as_str()).collect();
    let whole = paths.join(" · ");
    if width(&whole) <= NAMES {
        return plain(&whole);
    }
    let last = paths.iter().map(|path| path.rsplit('.').next().unwrap_or(path));
    plain(&last.collect::<Vec<_>>().join(" · "))
}
