//! The comparison with queueing theory, a row a case under its model.

use super::super::document::{Block, Cell, Document, Footer, Look, Section, Table, Tone, made_by};
use crate::report::number::count;
use crate::theory::{Agreement, CaseResult, FAMILY_WISE_ERROR, Validation};

/// Columns for a model's name and a case's.
const NAMES: usize = 58;

/// The table of `validate`; `again` is the command that repeats it, `files` what was written.
#[must_use]
pub fn validation_table(
    validation: &Validation,
    look: Look,
    files: &[String],
    again: &str,
) -> String {
    let mut table = Table::new("cases", "Model and figure", "case")
        .wide_names(NAMES)
        .numbers(&["exact", "estimate", "± 95 %", "std error", "t"])
        .texts(&["verdict"]);
    let mut model = "";
    for answer in &validation.answers {
        if answer.model != model {
            model = &answer.model;
            table.row(vec![Cell::text(model)]);
        }
        table.row(cells(answer));
    }
    let told = Section::default()
        .with(Block::text(conclusion(validation)))
        .with(Block::remark(method(validation)));
    let document = Document {
        sections: vec![Section::default().with(table), told],
        made: vec![made_by()],
        ..Document::default()
    };
    let (files, again) = (files.to_vec(), again.to_owned());
    document.lines(look, &Footer { files, again, ..Footer::default() })
}

fn cells(answer: &CaseResult) -> Vec<Cell> {
    let verdict = match answer.verdict {
        Agreement::Pass if answer.t.is_none() => Cell::text("exact").toned(Tone::Good),
        Agreement::Pass => Cell::text("pass").toned(Tone::Good),
        Agreement::Fail => Cell::text("FAIL").toned(Tone::Bad),
    };
    let random = |text: String| if answer.t.is_some() { text } else { String::new() };
    let relative = 100.0 * answer.standard_error / answer.exact.abs();
    let decimals = decimals(answer.exact, 5);
    let texts = [
        format!("  {}", answer.what),
        format!("{:.decimals$}", answer.exact),
        answer.estimate.map_or_else(|| "none".to_owned(), |value| format!("{value:.decimals$}")),
        random(significant(answer.half_width)),
        random(format!("{} %", significant(relative))),
        answer.t.map_or_else(String::new, |t| format!("{t:+.2}")),
    ];
    texts.into_iter().map(Cell::text).chain([verdict]).collect()
}

/// Decimals that show so many digits of a number.
fn decimals(number: f64, digits: i32) -> usize {
    if number == 0.0 {
        return 0;
    }
    let whole = libm::floor(libm::log10(number.abs())) as i32 + 1;
    usize::try_from(digits - whole).unwrap_or(0)
}

/// A number with two digits, never fewer than its whole part has.
fn significant(number: f64) -> String {
    let decimals = decimals(number, 2);
    format!("{number:.decimals$}")
}

fn conclusion(validation: &Validation) -> String {
    let cases = count(validation.answers.len() as u64);
    match validation.failures().count() {
        0 => format!("All {cases} cases agree with theory (seed {}).", validation.seed),
        1 => format!("1 of {cases} cases does not agree with theory (seed {}).", validation.seed),
        failed => {
            format!(
                "{failed} of {cases} cases do not agree with theory (seed {}).",
                validation.seed
            )
        }
    }
}

fn method(validation: &Validation) -> String {
    format!(
        "Estimates are means of independent replications, intervals are Student's t. A case fails \
         if |t| is so large that a right simulator would show it with a probability below \
         {} % / {} (Bonferroni): that any of them fails by chance has a probability of at most \
         {} %. Standard errors are relative to the exact value. Cases without chance must be exact.",
        FAMILY_WISE_ERROR * 100.0,
        validation.random_cases,
        FAMILY_WISE_ERROR * 100.0,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_that_mean_something() {
        assert_eq!((decimals(2.333_333, 5), decimals(0.034_112, 5)), (4, 6));
        assert_eq!(significant(0.000_123_456), "0.00012");
        assert_eq!(significant(60_000.4), "60000");
        assert_eq!(significant(0.0), "0");
    }

    #[test]
    fn a_failure_stands_out() {
        let answer = |what: &str, verdict| CaseResult {
            name: format!("M/M/1: {what}"),
            figure: String::new(),
            model: "M/M/1".into(),
            what: what.into(),
            exact: 2.5,
            estimate: Some(2.25),
            half_width: 0.05,
            standard_error: 0.025,
            n: 32,
            t: Some(-10.0),
            p_value: Some(1e-9),
            verdict,
        };
        let answers = vec![answer("wait", Agreement::Fail), answer("busy", Agreement::Pass)];
        let validation = Validation { seed: 7, random_cases: 2, answers };
        let look = Look { width: 100, colour: false };
        let table = validation_table(&validation, look, &[], "smschain validate --seed 7");
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines[1], "  M/M/1");
        let wait: Vec<&str> = lines[2].split_whitespace().collect();
        assert_eq!(wait, ["wait", "2.5000", "2.2500", "0.050", "1.0", "%", "-10.00", "FAIL"]);
        assert!(table.contains("1 of 2 cases does not agree"), "{table}");
        assert!(table.ends_with("  again: smschain validate --seed 7\n"), "{table}");
        assert!(lines.iter().all(|line| line.chars().count() <= 100), "{table}");
    }
}
