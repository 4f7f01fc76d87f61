//! `--slo`: what is asked of a run, read before it begins.

use super::ending::Ending;
use crate::chain::spec::Spec;
use crate::expression::Expression;
use crate::report::{beyond, metric_paths};
use crate::scenario::{Diagnostic, DiagnosticKind, Errors, Place, Texts, duration, nearest};

/// Reads the objectives of the reports of `spec`; all their mistakes at once.
pub(super) fn read(texts: &[String], spec: &Spec, colour: bool) -> Result<Vec<Expression>, Ending> {
    read_of("--slo ", texts, spec, colour)
}

/// Reads the conditions that an option, `lead`, was given.
pub(super) fn read_of(
    lead: &str,
    texts: &[String],
    spec: &Spec,
    colour: bool,
) -> Result<Vec<Expression>, Ending> {
    let paths = if texts.is_empty() { Vec::new() } else { metric_paths(spec) };
    let (mut shown, mut errors) = (Texts::default(), Vec::new());
    let mut objectives = Vec::new();
    for text in texts {
        let source = shown.add("command line", format!("{lead}{text}"));
        let place = |range: &std::ops::Range<usize>| {
            Place::new(source, lead.len() + range.start, lead.len() + range.end)
        };
        match Expression::parse(text) {
            Ok(expression) => {
                for (path, range) in expression.paths() {
                    if !paths.contains(path) {
                        errors.push(unknown(path, &paths, place(range)));
                    }
                }
                for found in beyond(&expression) {
                    let place = place(&found.range);
                    let mut wrong =
                        Diagnostic::new(DiagnosticKind::OutOfRange, place, found.message)
                            .label(found.expected);
                    wrong.help.extend(found.help);
                    errors.push(wrong);
                }
                objectives.push(expression);
            }
            Err(error) => {
                let mut wrong =
                    Diagnostic::new(DiagnosticKind::Syntax, place(&error.range), error.message)
                        .label(error.expected);
                wrong.help.extend(error.help);
                errors.push(wrong);
            }
        }
    }
    if errors.is_empty() {
        return Ok(objectives);
    }
    Err(Ending::mistakes(&Errors::new(shown, errors), colour))
}

fn unknown(path: &str, paths: &[String], place: Place) -> Diagnostic {
    let known = || paths.iter().map(String::as_str);
    // Part of a path is no slip of the hand, but as plain a hint.
    let near = nearest(path, known()).or_else(|| known().find(|known| known.contains(path)));
    // `traffic.otp.within.`, `of_requested.within.`
    let (section, rest) = path.split_at(path.rfind("within.").map_or(0, |at| at + "within.".len()));
    let time = rest.split('.').next().filter(|_| known().any(|known| known.starts_with(section)));
    let time = time.filter(|_| !section.is_empty());
    let help = match near {
        // A time that the report doesn't have: there are only some, and another is no slip.
        _ if time.is_some_and(|time| duration::parse(time).is_ok()) => {
            let times = known().filter_map(|path| path.strip_prefix(section));
            format!(
                "the report has the times of `scenario.within`, here {}: add \"{}\" to them",
                times.collect::<Vec<_>>().join(", "),
                time.unwrap_or_default()
            )
        }
        Some(near) => format!("did you mean `{near}`?"),
        None => "paths are those of the numbers in report.json, such as \
                 divergence.api_vs_on_time or latency.delivery.p95_s"
            .to_owned(),
    };
    Diagnostic::new(DiagnosticKind::Dangling, place, format!("the report has no number `{path}`"))
        .label("expected the path of a number in this scenario's report.json")
        .help(help)
}
