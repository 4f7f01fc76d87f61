use super::*;
use crate::experiment::sample;
use crate::report::charts::Drawing;
use crate::report::{Facts, Map, metric_paths, metrics, report, to_json};

const ATTACK: &str = "<script>alert(1)</script>\"'&";
const AGAIN: &str = "smschain run sample.toml --seed 7";

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
    let void = ["meta", "link", "wbr"];
    let mut open = Vec::new();
    let (start, end) = (html.find("<style>").unwrap(), html.find("</style>").unwrap());
    let script = html.rfind("<script>").unwrap();
    let html = format!("{}{}</body></html>", &html[..start], &html[end + 8..script]);
    for piece in html.split('<').skip(1) {
        let name: String =
            piece.chars().take_while(|&letter| letter != '>' && !letter.is_whitespace()).collect();
        if let Some(closed) = name.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(closed), "{piece}");
        } else if name.starts_with(char::is_alphabetic) && !void.contains(&name.as_str()) {
            open.push(name);
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
        answer(&html),
        "20,100 messages were asked for: the API refused 0.5 %, and 88.7 % arrived on time. Of the \
         20,000 accepted, 89.0 % arrived on time, 5.0 % late and 5.9 % never arrived."
    );
    assert_eq!(html.matches("<h1").count(), 1);
    let without = |report: Value| {
        let json = to_json(&report);
        let json = json.replace("\"has_deadline\": true", "\"has_deadline\": false");
        Findings { result: serde_json::from_str(&json).unwrap(), tables: Vec::new() }
    };
    let html_without = page(&without(run().result), &[], AGAIN);
    assert!(answer(&html_without).contains("89.0 % were delivered"), "{html_without}");
    for word in ["on time", "on time", "deadline"] {
        assert!(!html_without.contains(word), "{word}");
    }
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
    assert!(html.contains("default-src 'none'; script-src 'sha256-"));
}

/// The figures of the sample as a cell's, with another gap.
fn cell(gap: f64) -> Map {
    let spec = sample::spec();
    let values = metrics(&spec, sample::run().results);
    Map::new().and(metric_paths(&spec).into_iter().zip(values).map(|(path, value)| {
        let value = if path == "divergence.api_vs_on_time" { Some(gap) } else { value };
        let metric = Map::new().with("mean", value).with("half_width", value.map(|_| 0.004));
        (path, metric.with("n", 8))
    }))
}

fn head(schema: &str) -> Map {
    Map::new()
        .with("schema", schema)
        .with("engine", Map::new().with("version", "0.1.0"))
        .with("scenario", Map::new().with("name", ATTACK).with("fingerprint", "f00d"))
        .with("seed", 7)
        .with("replications", 8)
        .with("seeds", Value::Array(vec![7.into(), 8.into()]))
}

/// The page, whole and without a text that became markup.
#[track_caller]
fn shown(result: Map) -> String {
    let findings = Findings { result: result.into(), tables: Vec::new() };
    let html = page(&findings, &[drawing()], &format!("smschain --set {ATTACK}"));
    assert_eq!(unclosed(&html), Vec::<String>::new());
    assert!(!html.contains("<script>alert") && html.contains("&lt;script&gt;alert"));
    assert_eq!(html.matches("<script").count(), 1);
    html
}

fn answer(html: &str) -> String {
    first(html, "<p class=\"answer\"").replace('\u{a0}', " ")
}

fn compared(verdict: &str) -> Map {
    let policies = [("none", 0.09), (ATTACK, 0.06)];
    let cells = policies
        .map(|(policy, gap)| Map::new().with("policy", policy).with("metrics", cell(gap)).into());
    let pair = Map::new()
        .with("policy", ATTACK)
        .with("against", "none")
        .with("path", "divergence.api_vs_on_time")
        .with("difference", -0.03)
        .with("half_width", 0.002)
        .with("verdict", verdict);
    head("smschain.compare/1")
        .with("baseline", "none")
        .with("decision", Value::Null)
        .with("cells", Value::Array(cells.into()))
        .with("pairs", Value::Array(vec![pair.into()]))
}

#[test]
fn a_comparison_is_told_by_its_verdict() {
    let verdict = Map::new().with("best", ATTACK).with("text", format!("Tied: {ATTACK}."));
    let html = shown(compared("better").with("verdict", verdict));
    let name = "&lt;script&gt;alert(1)&lt;/script&gt;&quot;'&amp;";
    assert_eq!(answer(&html), format!("Tied: {name}."));
    assert!(html.contains(&format!("of what the API accepted, under {name}")), "{html}");
    assert!(!html.contains("ertain"));
    assert!(answer(&shown(compared("better"))).contains("no verdict"));
}

#[test]
fn a_sweep_tells_both_ends_of_its_axis() {
    let scales = || Value::Array(vec![0.5.into(), Value::from(4)]);
    let axis = Map::new().with("path", "scale").with("values", scales()).with("numbers", scales());
    let point = |scale: Value, gap, met: bool| {
        let objective = Map::new().with("expression", ATTACK).with("met", met);
        Map::new()
            .with("at", Map::new().with("scale", scale))
            .with("metrics", cell(gap))
            .with("slo", Value::Array(vec![objective.into()]))
            .into()
    };
    let cells = vec![point(0.5.into(), 0.02, true), point(4.into(), 0.4, false)];
    let html = shown(
        head("smschain.sweep/1")
            .with("slo", Value::Array(vec![ATTACK.into()]))
            .with("axes", Value::Array(vec![axis.into()]))
            .with("cells", Value::Array(cells))
            .with("headline", format!("At 0.5× {ATTACK}.")),
    );
    let name = "&lt;script&gt;alert(1)&lt;/script&gt;&quot;'&amp;";
    assert_eq!(answer(&html), format!("At 0.5× {name}."));
    for there in [": met at 1 of 2 points: 0.5× today’s load.", "at 4× today’s load"] {
        assert!(html.replace("\u{a0}", " ").contains(there), "{there}");
    }
}

#[test]
fn a_sensitivity_names_what_matters_most() {
    let side = |difference: f64| {
        Map::new().with("difference", difference).with("half_width", 0.001).with("n", 8)
    };
    let parameter = Map::new()
        .with("path", "provider.alpha.window")
        .with("base", "50")
        .with("low", "45")
        .with("high", ATTACK)
        .with("at_low", side(0.021))
        .with("at_high", side(-0.004));
    let sensitivity = Map::new()
        .with("change", 0.1)
        .with("path", "divergence.api_vs_on_time")
        .with("base", Map::new().with("mean", 0.08).with("half_width", 0.002).with("n", 8))
        .with("parameters", Value::Array(vec![parameter.into()]));
    let base = Map::new().with("at", Map::new()).with("metrics", cell(0.08));
    let html = shown(
        head("smschain.sweep/1")
            .with("axes", Value::Array(Vec::new()))
            .with("cells", Value::Array(vec![base.into()]))
            .with("sensitivity", sensitivity)
            .with("headline", "The window matters most."),
    );
    assert_eq!(answer(&html), "The window matters most.");
    assert!(html.contains("+2.1 points") && html.contains("± 0.1, up or down"), "{html}");
}

fn searched(verdict: &str, path: &str, answer: Value, bracket: [Value; 2]) -> Map {
    let margin = Map::new()
        .with("expression", "within.30s >= 97%")
        .with("path", "within.30s")
        .with("mean", 0.98)
        .with("half_width", 0.004)
        .with("limit", 0.97);
    let tried = Map::new()
        .with("at", Map::new().with(path, 2))
        .with("replications", 8)
        .with("verdict", "met")
        .with("margins", Value::Array(vec![margin.into()]))
        .with("metrics", cell(0.02));
    let binding = Map::new().with("station", "provider.alpha").with("limit", "window");
    head("smschain.capacity/1")
        .with("slo", ATTACK)
        .with("path", path)
        .with("answer", answer)
        .with("bracket", Value::Array(bracket.into()))
        .with("verdict", verdict)
        .with("binding", binding.with("utilisation", 0.982))
        .with("headroom", 2.9)
        .with("cells", Value::Array(vec![tried.into()]))
        .with("text", format!("Told {ATTACK}."))
}

#[test]
fn a_capacity_is_told_in_words() {
    let html = shown(searched("found", "scale", 3.906_25.into(), [3.9.into(), 4.0.into()]));
    assert!(answer(&html).starts_with("Told &lt;script"), "{html}");
    for there in ["provider alpha’s window", "98.2 % busy", "today’s load"] {
        assert!(html.contains(there), "{there}");
    }
    let window = "provider.alpha.window";
    let html = shown(searched("enough", window, 12.into(), [12.into(), 6.into()]));
    for there in ["window of provider alpha", "Kept at", "Missed at"] {
        assert!(html.contains(there), "{there}");
    }
}

#[test]
fn a_run_in_which_nothing_happened_says_so() {
    let layers = |requested: u64| {
        let layers = Map::new().with("requested", requested).with("api_success", 0);
        let truth =
            Map::new().with("delivered_on_time", 0).with("delivered_late", 0).with("unresolved", 0);
        head("smschain.report/1").with("layers", layers).with("truth", truth)
    };
    assert_eq!(answer(&shown(layers(0))), "No message was asked for in the time counted.");
    assert_eq!(answer(&shown(layers(3))), "3 messages were asked for; the API refused them all.");
}

#[test]
fn what_is_of_another_version_is_not_guessed_at() {
    let html = shown(head("smschain.report/9"));
    assert!(answer(&html).contains("smschain.report/9"), "{}", answer(&html));
}
