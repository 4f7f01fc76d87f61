//! The message that is asked for: by its id, by its request's number, or the first one like it.

use super::super::replications::{Failure, Replications};
use super::super::watch::Watch;
use super::{Like, observe};
use crate::chain::trace::story::Whose;
use crate::chain::{Completed, Observer, Results, Wants};
use crate::random::Key;

/// The message that is looked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Find {
    /// The message with this id.
    Message {
        /// Order id.
        order_id: u64,
        /// The 16 digits.
        message_id: u64,
    },
    /// The first message of the run's N-th request in order of arrival, from 1; resends are
    /// requests, too. If the API accepted none, the request itself.
    Request(u64),
    /// The first counted message that is like this: that of the earliest request, of several that
    /// of the earliest birth.
    Like(Like),
}

/// The message that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The digits of the message's id; `None`: the request has no message.
    pub message: Option<u64>,
    /// Its request's number, from 1.
    pub request: u64,
    /// Person and content.
    pub root: Key,
}

struct Finder<'find> {
    find: &'find Find,
    /// (request, birth) of the best so far.
    best: Option<((u64, u32), Found)>,
    /// The request, with its first recipient.
    request: Option<Key>,
}

impl Observer for Finder<'_> {
    fn wants(&self) -> Wants {
        Wants::Stories
    }

    fn completed(&mut self, message: &Completed<'_>) {
        let fits = match self.find {
            &Find::Message { order_id, message_id } => {
                message.message_id == message_id && message.order_id == order_id
            }
            &Find::Request(number) => message.request == number,
            Find::Like(like) => message.counted && like.fits(message),
        };
        let place = (message.request, message.birth);
        if fits && self.best.is_none_or(|(best, _)| place < best) {
            let found = Found {
                message: Some(message.message_id),
                request: message.request,
                root: message.root,
            };
            self.best = Some((place, found));
        }
    }

    fn tells(&mut self, whose: Whose) -> bool {
        if let &Find::Request(number) = self.find
            && whose.request == number
        {
            self.request.get_or_insert(whose.root);
        }
        false
    }
}

/// Looks for a message in replication 0 of `plan`. `None`: there is none; the results say how many
/// there are.
///
/// # Errors
/// The run broke conservation.
pub fn find<W: Watch>(
    plan: Replications<'_>,
    find: &Find,
    watch: &W,
) -> Result<(Option<Found>, Results), Failure> {
    let mut finder = Finder { find, best: None, request: None };
    let results = observe(plan, &mut finder, watch)?;
    let found = match (finder.best, find, finder.request) {
        (Some((_, found)), _, _) => Some(found),
        (None, &Find::Request(request), Some(root)) => Some(Found { message: None, request, root }),
        _ => None,
    };
    Ok((found, results))
}
