//! A program that asks in place of a person at a terminal: it hands a command its arguments, and is
//! handed what the command would print, draw and write. The commands are the same, and so are their bytes.

use std::cell::RefCell;
use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::ending::Ending;
use crate::experiment::{Advance, Watch};
use crate::kernel::{Nanos, in_seconds};
use crate::report::Findings;
#[cfg(feature = "python")]
use crate::report::Listed;
use crate::report::table::Look;
use crate::scenario::{Located, Source};

/// Columns of what is told.
const WIDTH: usize = 100;

/// The question of a program.
#[derive(Debug, Default)]
pub struct Question {
    /// The arguments that follow the program's name: a command, its scenario, its options.
    pub arguments: Vec<OsString>,
    /// The scenario that the argument `-` stands for.
    pub scenario: Option<Source>,
    /// A row of each accepted message is to be kept, of a `run`.
    #[cfg(feature = "python")]
    pub messages: bool,
}

/// The answer of a command.
#[derive(Debug, Default)]
pub struct Answer {
    /// The exit code: 0, or 1 where the answer is no.
    pub exit: u8,
    /// The text that would have gone to standard output.
    pub printed: String,
    /// The same for people, as on a terminal without colour.
    pub told: String,
    /// The remarks that would have gone to standard error.
    pub remarks: Vec<String>,
    /// The findings that charts and pages are made of.
    pub findings: Option<Findings>,
    /// The command that repeats it.
    pub again: String,
    /// Texts that a command makes beside its result, by the names of their files.
    pub files: Vec<(String, String)>,
    /// The messages, if they were asked for.
    #[cfg(feature = "python")]
    pub messages: Option<Listed>,
}

/// The reason why a command has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The exit code, 130 if it was interrupted.
    pub exit: u8,
    /// The text that would have gone to standard error.
    pub text: String,
    /// Each mistake with its place, if it is about mistakes in texts.
    pub mistakes: Vec<Located>,
}

impl From<Ending> for Refusal {
    fn from(ending: Ending) -> Refusal {
        let text = if ending.rendered {
            ending.text
        } else {
            format!("error: {}", ending.text.trim_end())
        };
        Refusal { exit: ending.exit.code(), text, mistakes: ending.mistakes }
    }
}

/// The progress of a command, for a program that waits, and its way to say that it waits no longer.
#[derive(Debug, Default)]
pub struct Pulse {
    interrupted: AtomicBool,
    simulated: AtomicU64,
    total: AtomicU64,
    messages: AtomicU64,
    ended: AtomicU64,
    runs: AtomicU64,
}

/// The progress of a command at one time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Far {
    /// Simulated seconds.
    pub simulated_s: f64,
    /// The simulated seconds that there will be, at most.
    pub total_s: f64,
    /// Messages accepted by the API.
    pub messages: u64,
    /// Runs that ended.
    pub ended: u64,
    /// The runs that there will be, at most.
    pub runs: u64,
}

/// The payload of an unwinding that an interruption sets off. A chain that stops half-way has no
/// results and no balanced books: nothing on the way could say anything of it.
struct Interrupted;

impl Pulse {
    /// From now on the command ends as soon as it can.
    pub fn interrupt(&self) {
        self.interrupted.store(true, Ordering::Relaxed);
    }

    /// The progress now.
    #[must_use]
    pub fn far(&self) -> Far {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Far {
            simulated_s: in_seconds(of(&self.simulated)),
            total_s: in_seconds(of(&self.total)),
            messages: of(&self.messages),
            ended: of(&self.ended),
            runs: of(&self.runs),
        }
    }

    /// Another part of the work begins.
    pub(super) fn begins(&self, total: Nanos, runs: u64) {
        for (counter, value) in [
            (&self.simulated, 0),
            (&self.total, total),
            (&self.messages, 0),
            (&self.ended, 0),
            (&self.runs, runs),
        ] {
            counter.store(value, Ordering::Relaxed);
        }
    }
}

impl Watch for Pulse {
    fn advanced(&self, step: Advance) -> bool {
        self.heed();
        self.simulated.fetch_add(step.simulated, Ordering::Relaxed);
        self.messages.fetch_add(step.messages, Ordering::Relaxed);
        true
    }

    fn ended(&self) {
        self.ended.fetch_add(1, Ordering::Relaxed);
    }
}

impl Pulse {
    /// Unwinds if the program waits no longer.
    fn heed(&self) {
        if self.interrupted.load(Ordering::Relaxed) {
            std::panic::resume_unwind(Box::new(Interrupted));
        }
    }
}

/// Watches work that no bar shows, so that it ends when the program waits no longer.
pub(super) struct Heeding(Option<Arc<Pulse>>);

impl Heeding {
    pub(super) fn new() -> Heeding {
        Heeding(pulse())
    }
}

impl Watch for Heeding {
    fn advanced(&self, _step: Advance) -> bool {
        if let Some(pulse) = &self.0 {
            pulse.heed();
        }
        true
    }

    fn ended(&self) {}
}

/// All that the command that runs on this thread has been handed, and hands back.
struct Caller {
    question: Question,
    pulse: Arc<Pulse>,
    answer: Answer,
}

thread_local! {
    static CALLER: RefCell<Option<Caller>> = const { RefCell::new(None) };
}

/// A place that is empty again when it is dropped, also by unwinding.
struct Leave;

impl Drop for Leave {
    fn drop(&mut self) {
        CALLER.take();
    }
}

/// Carries a command out on this thread, for a program: nothing is printed, and nothing is written but
/// what the arguments name. A panic in it is a [`Refusal`], too.
///
/// # Errors
/// Bad input, a file that can't be read or written, a fault, an interruption.
///
/// ```
/// use smschain::cli::{Pulse, Question, ask};
///
/// let arguments = ["run", "templates/starter.toml", "--no-files", "--format", "json"];
/// let arguments = arguments.map(Into::into).to_vec();
/// let answer = ask(Question { arguments, ..Question::default() }, &Pulse::default().into())?;
/// assert!(answer.printed.contains("\"schema\": \"smschain.report/1\""));
/// # Ok::<(), smschain::cli::Refusal>(())
/// ```
pub fn ask(question: Question, pulse: &Arc<Pulse>) -> Result<Answer, Refusal> {
    let mut arguments = vec![OsString::from("smschain")];
    arguments.extend(question.arguments.iter().cloned());
    let (pulse, answer) = (Arc::clone(pulse), Answer::default());
    CALLER.set(Some(Caller { question, pulse, answer }));
    let leave = Leave;
    let ended = super::fault::caught(&arguments, || super::answered(&arguments));
    let exit = ended.and_then(|ended| ended).map_err(Refusal::from)?;
    let answer = CALLER.with_borrow_mut(|caller| caller.take().map(|caller| caller.answer));
    drop(leave);
    Ok(Answer { exit: exit.code(), ..answer.unwrap_or_default() })
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.text)
    }
}

impl std::error::Error for Refusal {}

/// `true` of the payload of an unwinding that [`Pulse::interrupt`] set off.
pub(super) fn is_interruption(payload: &(dyn std::any::Any + Send)) -> bool {
    payload.is::<Interrupted>()
}

fn with<T>(of: impl FnOnce(&mut Caller) -> T) -> Option<T> {
    CALLER.with_borrow_mut(|caller| caller.as_mut().map(of))
}

/// `true` if a program asks.
pub(super) fn is_there() -> bool {
    with(|_| ()).is_some()
}

/// The program's own pulse.
pub(super) fn pulse() -> Option<Arc<Pulse>> {
    with(|caller| Arc::clone(&caller.pulse))
}

/// The scenario that a program hands in.
pub(super) fn scenario(path: &Path) -> Option<Source> {
    with(|caller| caller.question.scenario.clone().filter(|_| path.as_os_str() == "-")).flatten()
}

/// Takes what goes to standard output; false if nobody does.
pub(super) fn prints(text: &str) -> bool {
    with(|caller| caller.answer.printed.push_str(text)).is_some()
}

/// Takes what goes to standard error; false if nobody does.
pub(super) fn remarks(text: &str) -> bool {
    with(|caller| caller.answer.remarks.push(text.trim_end().to_owned())).is_some()
}

/// Takes what was found, and the command that finds it again.
pub(super) fn found(findings: &Findings, again: &str) {
    with(|caller| {
        caller.answer.findings = Some(findings.clone());
        again.clone_into(&mut caller.answer.again);
    });
}

/// Takes what a person would read.
pub(super) fn told(text: impl FnOnce(Look) -> String) {
    if is_there() {
        let text = text(Look { width: WIDTH, colour: false });
        with(|caller| caller.answer.told = text);
    }
}

/// Takes texts that go to files.
pub(super) fn files(files: impl IntoIterator<Item = (String, String)>) {
    with(|caller| caller.answer.files.extend(files));
}

/// `true` if messages are to be kept for a program.
#[cfg(feature = "python")]
pub(super) fn keeps_messages() -> bool {
    with(|caller| caller.question.messages).unwrap_or(false)
}

/// Takes the messages of a run.
#[cfg(feature = "python")]
pub(super) fn messages(listed: Listed) {
    with(|caller| caller.answer.messages = Some(listed));
}
