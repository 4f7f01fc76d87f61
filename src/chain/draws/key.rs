//! Keys of what draws belong to: each derived from the one before it, so that two runs on one seed
//! mean the same by it.

use crate::random::Key;

const RECIPIENT: Key = Key::named("recipient");
const CALL: Key = Key::named("call");
const RESEND: Key = Key::named("resend");
const REPEAT: Key = Key::named("repeat");
const ID: Key = Key::named("id");

/// The key of repeat `number` of a trace's row, the first being the row itself.
pub(crate) fn repeat(row: Key, number: u32) -> Key {
    if number == 0 { row } else { row.role(REPEAT).child(u64::from(number)) }
}

/// The key of a request's call `number`, the first being the request itself.
pub(crate) fn call(request: Key, number: u32) -> Key {
    if number == 0 { request } else { request.role(CALL).child(u64::from(number)) }
}

/// The key of the message to a call's `recipient`-th recipient.
pub(crate) fn message(call: Key, recipient: u32) -> Key {
    if recipient == 0 { call } else { call.role(RECIPIENT).child(u64::from(recipient)) }
}

/// The key of resend `number`, from 1, of a root message.
pub(crate) fn resend(root: Key, number: u32) -> Key {
    root.role(RESEND).child(u64::from(number))
}

/// The 16 digits of a message's id: a bijection of its key, other for every `seed`'s key.
#[inline]
pub(crate) fn message_id(message: Key, seed: Key) -> u64 {
    message.role(ID).role(seed).0
}

/// The order number of a call: a function of its key and the seed's.
#[inline]
pub(crate) fn order_id(call: Key, seed: Key) -> u32 {
    (1 + call.role(seed).role(ID).0 % 999_999_999) as u32
}
