//! Words for what became of a message, and codes of why.

use super::row::{Failure, Status};

/// Words that logs share, in lower case.
const WORDS: [(&str, Status); 62] = [
    ("accepted", Status::Pending),
    ("accepted_by_operator", Status::Pending),
    ("acceptd", Status::Pending),
    ("buffered", Status::Pending),
    ("dispatched", Status::Pending),
    ("enroute", Status::Pending),
    ("in_transit", Status::Pending),
    ("pending", Status::Pending),
    ("processed", Status::Pending),
    ("queued", Status::Pending),
    ("scheduled", Status::Pending),
    ("sending", Status::Pending),
    ("sent", Status::Pending),
    ("submitted", Status::Pending),
    ("waiting", Status::Pending),
    ("delivered", Status::Delivered),
    ("delivered_to_handset", Status::Delivered),
    ("delivrd", Status::Delivered),
    ("ok", Status::Delivered),
    ("partially_delivered", Status::Delivered),
    ("read", Status::Delivered),
    ("received_by_handset", Status::Delivered),
    ("seen", Status::Delivered),
    ("success", Status::Delivered),
    ("successful", Status::Delivered),
    ("delivery_failed", Status::Undelivered),
    ("not_delivered", Status::Undelivered),
    ("undeliv", Status::Undelivered),
    ("undeliverable", Status::Undelivered),
    ("undelivered", Status::Undelivered),
    ("unreachable", Status::Undelivered),
    ("carrier_unreachable", Status::Undelivered),
    ("blocked", Status::Rejected),
    ("carrier_blocked", Status::Rejected),
    ("filtered", Status::Rejected),
    ("invalid", Status::Rejected),
    ("invalid_message", Status::Rejected),
    ("protect_blocked", Status::Rejected),
    ("spam", Status::Rejected),
    ("rejected", Status::Rejected),
    ("rejectd", Status::Rejected),
    ("skipped", Status::Rejected),
    ("expired", Status::Expired),
    ("ttl_expired", Status::Expired),
    ("timeout", Status::Expired),
    ("aborted", Status::Failed),
    ("dropped", Status::Failed),
    ("error", Status::Failed),
    ("fail", Status::Failed),
    ("failed", Status::Failed),
    ("failure", Status::Failed),
    ("gw_timeout", Status::Failed),
    ("sending_failed", Status::Failed),
    ("canceled", Status::Cancelled),
    ("cancelled", Status::Cancelled),
    ("deleted", Status::Cancelled),
    ("delivery_unconfirmed", Status::Unknown),
    ("none", Status::Unknown),
    ("unconfirmed", Status::Unknown),
    ("undefined", Status::Unknown),
    ("unknown", Status::Unknown),
    ("unknwn", Status::Unknown),
];

/// A table of words, or of codes, that a format has besides those that all share.
pub(super) type Words<T> = &'static [(&'static str, T)];

/// State by a word, from the format's own table and then the common one.
pub(super) fn status(word: &str, own: Words<Status>) -> Option<Status> {
    let plain: String =
        word.trim().chars().map(|c| if matches!(c, ' ' | '-') { '_' } else { c }).collect();
    let answer = plain.strip_prefix("CommandStatus.").unwrap_or(&plain);
    let find = |table: &[(&str, Status)]| {
        table.iter().find(|(name, _)| name.eq_ignore_ascii_case(answer)).map(|(_, status)| *status)
    };
    find(own).or_else(|| find(&WORDS)).or_else(|| {
        // The answer to a submit.
        let refused = answer.starts_with("ESME_R") && answer != "ESME_ROK";
        refused.then_some(Status::Failed)
    })
}

/// Names and numbers of SMPP's command status. Which of them may succeed later is what most gateways
/// think; they differ.
pub(super) const SMPP: Words<Failure> = &[
    ("rsyserr", Failure::Transient),
    ("8", Failure::Transient),
    ("rmsgqful", Failure::QueueFull),
    ("20", Failure::QueueFull),
    ("rthrottled", Failure::Throttled),
    ("88", Failure::Throttled),
    ("rx_t_appn", Failure::Transient),
    ("100", Failure::Transient),
    ("rx_p_appn", Failure::Permanent),
    ("101", Failure::Permanent),
    ("rx_r_appn", Failure::Permanent),
    ("102", Failure::Permanent),
    ("rinvsched", Failure::Permanent),
    ("97", Failure::Permanent),
    ("rinvexpiry", Failure::Permanent),
    ("98", Failure::Permanent),
    ("rinvsrcadr", Failure::Permanent),
    ("10", Failure::Permanent),
    ("rinvdstadr", Failure::UnknownSubscriber),
    ("11", Failure::UnknownSubscriber),
    ("rinvmsglen", Failure::Permanent),
    ("1", Failure::Permanent),
    ("rsubmitfail", Failure::Permanent),
    ("69", Failure::Permanent),
    ("runknownerr", Failure::Permanent),
    ("255", Failure::Permanent),
];

/// The kind of a failure; `None` for a code that says that nothing failed. A code that the table
/// doesn't have is something else.
pub(super) fn failure(code: &str, table: Words<Failure>) -> Option<Failure> {
    let mut plain = code.trim();
    for prefix in ["CommandStatus.", "ERROR/", "ESME_"] {
        plain = plain.strip_prefix(prefix).unwrap_or(plain);
    }
    let hexadecimal = plain.strip_prefix("0x").and_then(|hex| u32::from_str_radix(hex, 16).ok());
    let number = hexadecimal.map(|number| number.to_string());
    let plain = number.as_deref().unwrap_or(plain);
    if plain.bytes().all(|byte| byte == b'0') || plain.eq_ignore_ascii_case("ROK") {
        return None;
    }
    let find = |plain: &str| table.iter().find(|(own, _)| own.eq_ignore_ascii_case(plain));
    let found = find(plain).or_else(|| find(plain.trim_start_matches('0')));
    Some(found.map_or(Failure::Other, |(_, failure)| *failure))
}

/// Words that were looked up before.
pub(super) struct Known<T>(Vec<(String, T)>);

impl<T: Copy> Known<T> {
    /// Words kept at most.
    const MOST: usize = 64;

    pub(super) fn new() -> Self {
        Known(Vec::new())
    }

    pub(super) fn get(&mut self, word: &str, find: impl FnOnce() -> T) -> T {
        if let Some((_, known)) = self.0.iter().find(|(own, _)| own == word) {
            return *known;
        }
        let found = find();
        if self.0.len() < Self::MOST {
            self.0.push((word.to_owned(), found));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_whatever_their_case() {
        assert_eq!(status("DELIVRD", &[]), Some(Status::Delivered));
        assert_eq!(status("Delivery Failed", &[]), Some(Status::Undelivered));
        assert_eq!(status("sent", &[("sent", Status::Delivered)]), Some(Status::Delivered));
        assert_eq!(status("?", &[]), None);
        let mut words: Vec<&str> = WORDS.iter().map(|(word, _)| *word).collect();
        words.sort_unstable();
        assert!(words.windows(2).all(|pair| pair[0] != pair[1]), "a word twice");
    }

    #[test]
    fn smpp_codes_are_names_or_numbers() {
        for code in ["ESME_RTHROTTLED", "ERROR/ESME_RTHROTTLED", "0x58", "0x00000058", "88", "088"]
        {
            assert_eq!(failure(code, SMPP), Some(Failure::Throttled), "{code}");
        }
        for code in ["ESME_ROK", "CommandStatus.ESME_ROK", "0", "000", "0x0", ""] {
            assert_eq!(failure(code, SMPP), None, "{code}");
        }
        assert_eq!(failure("4711", SMPP), Some(Failure::Other));
    }
}
