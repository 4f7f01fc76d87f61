//! The net under everything: a panic becomes a message, a line that repeats it, and exit code 4.

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::sync::{Arc, Mutex, PoisonError};

use super::ending::{Ending, Exit};
use super::{again, terminal};

type Bundle = Box<dyn FnOnce(&str) -> String + Send>;

/// The maker of a bundle of what is running, and of the line that repeats it.
static RUNNING: Mutex<Option<Bundle>> = Mutex::new(None);

/// Until it is dropped, a panic leaves a bundle.
pub(super) struct OnPanic;

/// From now on a panic leaves what `bundle` makes, told what broke; it gives the line that repeats it.
pub(super) fn on_panic(bundle: impl FnOnce(&str) -> String + Send + 'static) -> OnPanic {
    *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(bundle));
    OnPanic
}

impl Drop for OnPanic {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }
}

/// Does `work`; whatever breaks in it, the user reads a sentence.
pub(super) fn guarded(arguments: &[OsString], work: impl FnOnce() -> u8) -> u8 {
    let first = Arc::new(Mutex::new(None));
    let seen = Arc::clone(&first);
    set_hook(Box::new(move |info| {
        let what = info
            .payload()
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| info.payload().downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "unknown".to_owned());
        let place = info.location().map(|place| format!(" ({}:{})", place.file(), place.line()));
        let text = what + &place.unwrap_or_default();
        seen.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(text);
    }));
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let what = first.lock().unwrap_or_else(PoisonError::into_inner).take();
        let what = what.unwrap_or_default();
        let bundle = RUNNING.lock().unwrap_or_else(PoisonError::into_inner).take();
        let again = bundle.map_or_else(|| again::quoted(arguments), |bundle| bundle(&what));
        terminal::note(&format!("{}\n", Ending::fault(&what, &again).text));
        Exit::Fault.code()
    })
}
