//! An answer, as Python's classes look into it.

use std::sync::OnceLock;

use pyo3::prelude::*;

use super::table::Table;
use crate::cli;
use crate::report::charts::{Drawing, draw};
use crate::report::{Findings, Listed, fragment, has_page, page};

/// A chart: its name, its title, what it shows, its SVG file.
type Chart = (String, String, String, String);

/// The answer of a command.
#[pyclass(frozen, module = "smschain._smschain")]
pub(super) struct Answer {
    /// Exit code of the command line: 0, or 1 where the answer is no.
    #[pyo3(get)]
    exit: u8,
    /// The text that `--format json` prints.
    #[pyo3(get)]
    json: String,
    /// The text that the command line prints for people, without colour.
    #[pyo3(get)]
    text: String,
    /// The remarks that the command line makes beside its result.
    #[pyo3(get)]
    remarks: Vec<String>,
    /// Texts that belong to the result, by the names of their files.
    #[pyo3(get)]
    files: Vec<(String, String)>,
    /// The command that gives the same.
    #[pyo3(get)]
    again: String,
    findings: Option<Findings>,
    messages: Option<Listed>,
    drawings: OnceLock<Vec<Drawing>>,
}

impl Answer {
    pub(super) fn new(answer: cli::Answer) -> Answer {
        Answer {
            exit: answer.exit,
            json: answer.printed,
            text: answer.told,
            remarks: answer.remarks,
            files: answer.files,
            again: answer.again,
            findings: answer.findings,
            messages: answer.messages,
            drawings: OnceLock::new(),
        }
    }

    fn drawings(&self) -> &[Drawing] {
        self.drawings.get_or_init(|| self.findings.as_ref().map(draw).unwrap_or_default())
    }
}

#[pymethods]
impl Answer {
    /// The charts of the page, the most telling first: name, title, what it shows, SVG file.
    fn charts(&self, py: Python<'_>) -> Vec<Chart> {
        let chart = |own: &Drawing| {
            (own.name.to_owned(), own.title.clone(), own.description.clone(), own.svg.clone())
        };
        py.detach(|| self.drawings().iter().map(chart).collect())
    }

    /// The element that a notebook shows: the answer with its figures, or what is `told`, and the charts, with its own
    /// style.
    fn fragment(&self, py: Python<'_>, told: &str) -> String {
        py.detach(|| fragment(self.findings.as_ref(), self.drawings(), told))
    }

    /// The page that the command line writes.
    fn page(&self, py: Python<'_>) -> Option<String> {
        py.detach(|| {
            let findings = self.findings.as_ref().filter(|findings| has_page(findings))?;
            Some(page(findings, self.drawings(), &self.again))
        })
    }

    /// The tables beside the result, by the names of their files without ending.
    fn tables(&self, py: Python<'_>) -> PyResult<Vec<(String, Table)>> {
        py.detach(|| {
            let tables = self.findings.iter().flat_map(|findings| &findings.tables);
            tables
                .map(|(name, table)| {
                    let name = name.strip_suffix(".csv").unwrap_or(name).to_owned();
                    Ok((name, Table::of(table)?))
                })
                .collect()
        })
    }

    /// A row an accepted message, in order of completion, if they were asked for.
    #[getter]
    fn messages(&self) -> Option<Table> {
        self.messages.clone().map(Table::listed)
    }
}
