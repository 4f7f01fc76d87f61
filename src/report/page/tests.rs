use super::*;
use crate::experiment::sample;
use crate::report::charts::Drawing;
use crate::report::{Facts, report};

const ATTACK: &str = "<script>alert(1)</script>\"'&";
const AGAIN: &str = "smschain run sample.toml --seed 7";

fn findings(json: &str) -> Findings {
    Findings { result: Value::parse(json).unwrap(), tables: Vec::new() }
}

fn run() -> Findings {
    let (spec, run) = (sample::spec(), sample::run());
    Findings { result: report(&Facts::new(&spec, "f00d", spec.seed, &run)), tables: Vec::new() }
}

fn drawing() -> Drawing {
    Drawing {
        name: "hand-made",
        title: format!("A chart {ATTACK}"),
        description: "One point, halfway up".to_owned(),
        svg: "<?xml version=\"1.0\"?>\n<svg viewBox=\"0 0 10 10\"><g class=\"marks\">\
              <circle r=\"1\"><title>5</title></circle></g></svg>\n"
            .to_owned(),
    }
}

/// Names are elements that are open where the text ends.
fn unclosed(html: &str) -> Vec<String> {
    let void = ["meta", "link", "!DOCTYPE", "path", "rect/", "circle/"];
    let mut open = Vec::new();
    // Neither style nor script have a `<` that begins a tag.
    for piece in html.split('<').skip(1) {
        let name: String =
            piece.chars().take_while(|&letter| letter != '>' && !letter.is_whitespace()).collect();
        if let Some(closed) = name.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(closed), "{piece}");
        } else if name.chars().all(char::is_alphanumeric) && !name.is_empty() {
            if !void.contains(&name.as_str()) {
                open.push(name);
            }
        }
    }
    open
}

/// The text between a tag's first occurrence and its end.
fn first<'html>(html: &'html str, tag: &str) -> &'html str {
    let start = html.find(tag).unwrap() + tag.len();
    let rest = &html[start..];
    &rest[rest.find('>').unwrap() + 1..rest.find("</").unwrap()]
}

#[test]
fn a_run_is_told_in_a_sentence() {
    let html = page(&run(), &[drawing()], AGAIN);
    assert_eq!(
        first(&html, "<p class=\"answer\""),
        "99.5 % were accepted; of those, 89.1 % arrived in time and 3.9 % vanished in silence."
    );
    assert_eq!(html.matches("<h1").count(), 1);
    for there in [AGAIN, "f00d", "seed 7", "<svg viewBox=\"0 0 10 10\">", "Where the rest went"] {
        assert!(html.contains(there), "{there}");
    }
    assert!(!html.contains("<?xml"));
    assert_eq!(unclosed(&html), Vec::<String>::new());
}

#[test]
fn the_same_findings_give_the_same_bytes() {
    assert_eq!(page(&run(), &[drawing()], AGAIN), page(&run(), &[drawing()], AGAIN));
}

#[test]
fn nothing_comes_from_elsewhere() {
    let html = page(&run(), &[drawing()], AGAIN);
    for foreign in ["http:", "https:", "src=", "@import", "url("] {
        assert!(!html.contains(foreign), "{foreign}");
    }
    assert!(html.contains("default-src &#39;none&#39;; script-src &#39;sha256-"));
}
