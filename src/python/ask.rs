//! A command, carried out on a thread of its own while the caller's looks after Python: signals, progress.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

use super::answer::Answer;
use crate::cli::{self, Far, Pulse, Question};
use crate::scenario::{Located, Source};

/// The time between two looks at signals.
const LOOK: Duration = Duration::from_millis(50);
/// The time that an interrupted command has to put its files away.
const LEAVE: Duration = Duration::from_secs(5);
/// Room for deeply nested scenarios, as on a program's main thread.
const STACK: usize = 8 << 20;

/// A mistake in a text: file, line, column, message, what was expected, hints.
type Mistake = (String, usize, usize, String, String, Vec<String>);

/// The reason why a command has no answer.
#[pyclass(frozen, module = "smschain._smschain")]
#[derive(Debug)]
pub(super) struct Refusal {
    /// Exit code of the command line: 1 nothing found, 2 bad input, 3 files, 4 a fault.
    #[pyo3(get)]
    exit: u8,
    /// The text of the command line.
    #[pyo3(get)]
    text: String,
    mistakes: Vec<Located>,
}

#[pymethods]
impl Refusal {
    /// Each mistake, if it is about mistakes in texts: file, line, column, message, what was expected, hints.
    #[getter]
    fn mistakes(&self) -> Vec<Mistake> {
        let each = self.mistakes.iter().cloned();
        each.map(|own| (own.file, own.line, own.column, own.message, own.expected, own.hints))
            .collect()
    }
}

type Outcome = Result<cli::Answer, cli::Refusal>;

/// Carry a command out; nothing is printed. An `Answer`, or a `Refusal` that says why there is none.
///
/// `arguments` are those of the command line, `scenario` the name, text and folder of what `-` stands
/// for. `progress` is called now and then and at the end, from the caller's thread, with the simulated seconds, those
/// there will be, the messages, the runs that ended and those there will be.
#[pyfunction]
#[pyo3(signature = (arguments, scenario=None, messages=false, progress=None))]
pub(super) fn ask(
    py: Python<'_>,
    arguments: Vec<OsString>,
    scenario: Option<(String, String, PathBuf)>,
    messages: bool,
    progress: Option<Py<PyAny>>,
) -> PyResult<Py<PyAny>> {
    let scenario = scenario.map(|(name, text, base)| Source { name, text, base });
    let question = Question { arguments, scenario, messages };
    let pulse = Arc::new(Pulse::default());
    let beat = Arc::clone(&pulse);
    let outcome = py.detach(move || {
        let (to, from) = channel();
        let work = move || drop(to.send(cli::ask(question, &beat)));
        let worker = std::thread::Builder::new().name("smschain".to_owned()).stack_size(STACK);
        worker.spawn(work).map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
        wait(&from, &pulse, progress.as_ref())
    })?;
    let answer = match outcome {
        Ok(answer) => Bound::new(py, Answer::new(answer))?.into_any(),
        Err(cli::Refusal { exit, text, mistakes }) => {
            Bound::new(py, Refusal { exit, text, mistakes })?.into_any()
        }
    };
    Ok(answer.unbind())
}

/// Waits for the outcome; what a signal's handler or the progress callback raises ends the command.
fn wait(
    from: &Receiver<Outcome>,
    pulse: &Pulse,
    progress: Option<&Py<PyAny>>,
) -> PyResult<Outcome> {
    loop {
        match from.recv_timeout(LOOK) {
            // The last of it is told, too.
            Ok(outcome) => {
                let tell = |progress| Python::attach(|py| told(py, progress, pulse.far()));
                return progress.map_or(Ok(()), tell).map(|()| outcome);
            }
            Err(RecvTimeoutError::Disconnected) => {
                return Err(PyRuntimeError::new_err("the command's thread is gone"));
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
        let looked = Python::attach(|py| {
            py.check_signals()?;
            match progress {
                Some(progress) => told(py, progress, pulse.far()),
                None => Ok(()),
            }
        });
        if let Err(raised) = looked {
            pulse.interrupt();
            drop(from.recv_timeout(LEAVE));
            return Err(raised);
        }
    }
}

fn told(py: Python<'_>, progress: &Py<PyAny>, far: Far) -> PyResult<()> {
    let Far { simulated_s, total_s, messages, ended, runs } = far;
    progress.call1(py, (simulated_s, total_s, messages, ended, runs)).map(drop)
}
