//! The net under everything: a panic becomes a message, a line that repeats it, and exit code 4.

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::sync::{Arc, Mutex, PoisonError};

use super::ending::Exit;
use super::{again, terminal};

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
        terminal::note(&format!(
            "internal fault: {}\nThis is a bug in smschain {}, not in your scenario. It happens \
             again with:\n  {}\n",
            what.unwrap_or_default(),
            env!("CARGO_PKG_VERSION"),
            again::quoted(arguments),
        ));
        Exit::Fault.code()
    })
}
