//! The net under everything: a panic becomes a message, a line that repeats it, and exit code 4.

use std::any::Any;
use std::cell::Cell;
use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::sync::{Mutex, PoisonError};

use super::ending::{Ending, Exit};
use super::{again, caller};

type Bundle = Box<dyn FnOnce(&str) -> String>;

thread_local! {
    /// The maker of a bundle of what is running, and of the line that repeats it.
    static RUNNING: Cell<Option<Bundle>> = const { Cell::new(None) };
}

/// The first thing that broke, in whichever thread.
static SEEN: Mutex<Option<String>> = Mutex::new(None);

/// Until it is dropped, a panic leaves a bundle.
pub(super) struct OnPanic;

/// From now on a panic leaves what `bundle` makes, told what broke; it gives the line that repeats it.
pub(super) fn on_panic(bundle: impl FnOnce(&str) -> String + 'static) -> OnPanic {
    RUNNING.set(Some(Box::new(bundle)));
    OnPanic
}

impl Drop for OnPanic {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            RUNNING.set(None);
        }
    }
}

/// Carries out `work` of the program that owns the process; whatever breaks in it, the user reads a sentence.
pub(super) fn guarded<T>(arguments: &[OsString], work: impl FnOnce() -> T) -> Result<T, Ending> {
    set_hook(Box::new(|info| {
        let what = said(info.payload());
        let place = info.location().map(|place| format!(" ({}:{})", place.file(), place.line()));
        let text = what + &place.unwrap_or_default();
        SEEN.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(text);
    }));
    caught(arguments, work)
}

/// The text of a panic.
fn said(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "unknown".to_owned())
}

/// Carries out `work`, and gives what breaks in it as the end of a command. The panic hook stays whose it is.
pub(super) fn caught<T>(arguments: &[OsString], work: impl FnOnce() -> T) -> Result<T, Ending> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| {
        let bundle = RUNNING.take();
        if caller::is_interruption(payload.as_ref()) {
            return Ending::rendered(Exit::Interrupted, "interrupted".to_owned());
        }
        let what = SEEN.lock().unwrap_or_else(PoisonError::into_inner).take();
        let what = what.unwrap_or_else(|| said(payload.as_ref()));
        let again = bundle.map_or_else(|| again::quoted(arguments), |bundle| bundle(&what));
        Ending::fault(&what, &again)
    })
}
