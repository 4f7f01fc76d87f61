//! Result folders: any JSON and tables as what charts are drawn from.

use smschain::report::charts::{draw, overlay};
use smschain::report::{Findings, Table};

/// The lines above the tables beside a result.
const TABLES: [&str; 2] = ["timeseries.csv", "latency.csv"];

/// Reads a result file with the tables that follow it, each below a line `=== NAME`, and draws its
/// charts; fails if one of them isn't a picture.
pub(crate) fn sound(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut parts = text.split("\n=== ");
    let Ok(result) = serde_json::from_str(parts.next().unwrap_or_default()) else { return };
    let mut tables = Vec::new();
    for part in parts {
        let Some((name, table)) = part.split_once('\n') else { continue };
        if let (true, Ok(table)) = (TABLES.contains(&name), Table::parse(table)) {
            tables.push((name.to_owned(), table));
        }
    }
    let findings = Findings { result, tables };
    for drawing in draw(&findings) {
        picture(&drawing.svg);
    }
    let runs = [("one".to_owned(), &findings), ("other".to_owned(), &findings)];
    if let Some(drawing) = overlay(&runs) {
        picture(&drawing.svg);
    }
}

/// A file of one `svg`, without numbers that are none in what is drawn.
fn picture(svg: &str) {
    assert!(svg.starts_with('<') && svg.trim_end().ends_with("</svg>"), "{svg}");
    for strange in ["=\"NaN", "=\"inf", "=\"-inf", " NaN,", ",NaN", "NaN\""] {
        assert!(!svg.contains(strange), "{strange} in\n{svg}");
    }
    let control = |c: char| c.is_control() && c != '\n' && c != '\t';
    assert!(!svg.chars().any(control), "{svg:?}");
}
