//! Person and content: what chance gave a root request, shared by its resends and duplicates.

use crate::chain::draws::delay::delay;
use crate::chain::draws::{happens, site};
use crate::chain::records::id::Id;
use crate::chain::records::message::NEVER;
use crate::chain::spec;
use crate::chain::spec::{Checked, OptsOut, TraceRow};
use crate::chain::trace::story::Draw;
use crate::kernel::Nanos;
use crate::random::{DrawSource, Key, Variate, open01};

/// One stream's people and bodies.
#[derive(Debug)]
pub(crate) struct Population {
    stream: Key,
    /// All its messages say the same.
    campaign: bool,
    /// Size of the pool of recipients, scaled.
    pool: Option<u64>,
    /// (carrier, cumulated share).
    carriers: Vec<(u16, f64)>,
    /// Of every body, where all are alike.
    segments: Option<u16>,
    chars: Variate,
    ucs2: f64,
    spam_score: Variate,
    invalid: f64,
    opted_out: f64,
    opts_out: Option<OptsOut>,
    deadline: Option<Nanos>,
    rows: Vec<RequestFacts>,
}

/// A trace's facts of one request.
#[derive(Debug, Clone)]
struct RequestFacts {
    carrier: Option<u16>,
    chars: Option<u32>,
    ucs2: Option<bool>,
    spam_score: Option<f64>,
    deadline: Option<Nanos>,
    recipient: Option<Key>,
}

/// Longer bodies count as this long: their segments still fit 16 bits.
const CHARS_MAX: f64 = 1_000_000.0;

/// Segments of a body: GSM-7 160 alone or 153 in parts, UCS-2 70 or 67 (3GPP TS 23.038, 23.040).
pub(crate) fn segments(chars: u32, ucs2: bool) -> u16 {
    let (alone, part) = if ucs2 { (70, 67) } else { (160, 153) };
    if chars <= alone { 1 } else { chars.div_ceil(part) as u16 }
}

/// ⌊u × size⌋ for u = word / 2⁶⁴.
fn nth_of(size: u64, word: u64) -> u64 {
    ((u128::from(word) * u128::from(size)) >> 64) as u64
}

/// Characters are counted in whole ones.
fn whole(chars: f64) -> u32 {
    chars.round().clamp(0.0, CHARS_MAX) as u32
}

impl Population {
    pub(crate) fn new(traffic: &spec::Traffic, stream: Key, scale: f64) -> Population {
        let total: f64 = traffic.carriers.iter().map(|&(_, weight)| weight).sum();
        let mut cumulated = 0.0;
        let carriers = traffic.carriers.iter().map(|&(carrier, weight)| {
            cumulated += weight / total;
            (carrier as u16, cumulated)
        });
        let carriers = carriers.collect();
        let rows = match &traffic.arrivals {
            spec::Arrivals::Trace { rows } => rows.iter().map(RequestFacts::new).collect(),
            _ => Vec::new(),
        };
        Population {
            stream,
            campaign: matches!(traffic.arrivals, spec::Arrivals::Campaign { .. }),
            pool: traffic.recipients.map(|pool| ((pool as f64 * scale).round() as u64).max(1)),
            carriers,
            segments: match traffic.chars.as_constant() {
                Some(chars) if traffic.ucs2 == 0.0 && rows.is_empty() => {
                    Some(segments(whole(chars), false))
                }
                _ => None,
            },
            chars: traffic.chars.clone(),
            ucs2: traffic.ucs2,
            spam_score: traffic.spam_score.clone(),
            invalid: traffic.invalid,
            opted_out: traffic.opted_out,
            opts_out: traffic.opts_out.clone().filter(|own| own.share > 0.0),
            deadline: traffic.deadline,
            rows,
        }
    }

    /// The content of that root request's messages: in a campaign the same.
    pub(crate) fn content(&self, root_request: Key) -> Key {
        if self.campaign { self.stream } else { root_request }
    }

    fn row(&self, row: Option<Id<TraceRow>>) -> Option<&RequestFacts> {
        self.rows.get(row?.number() as usize)
    }

    /// The carrier of a root message.
    #[inline]
    pub(crate) fn carrier(
        &self,
        chance: &impl DrawSource,
        root: Key,
        row: Option<Id<TraceRow>>,
    ) -> u16 {
        if let Some(carrier) = self.row(row).and_then(|row| row.carrier) {
            return carrier;
        }
        if let [(only, _)] = self.carriers[..] {
            return only;
        }
        let u = open01(chance.block(site::person(root)).second());
        // The sums ascend. Counted to the end: where to stop can't be predicted.
        let last = self.carriers.len() - 1;
        let index = self.carriers[..last].iter().filter(|&&(_, up_to)| u >= up_to).count();
        self.carriers[index].0
    }

    /// True if chance chooses the carrier.
    pub(crate) fn draws_carrier(&self) -> bool {
        self.carriers.len() > 1
    }

    /// The recipient of a root message; a key that two messages share if the same person gets both.
    pub(crate) fn recipient(
        &self,
        chance: &impl DrawSource,
        root: Key,
        row: Option<Id<TraceRow>>,
        repeat: u32,
    ) -> Key {
        if let Some(recipient) = self.row(row).and_then(|row| row.recipient) {
            // At a larger scale a trace has more customers, not keener ones.
            let recipient = recipient.role(self.stream);
            return if repeat == 0 { recipient } else { recipient.child(u64::from(repeat)) };
        }
        match self.pool {
            None => root,
            Some(size) => {
                let word = chance.block(site::person(root)).first();
                self.stream.child(nth_of(size, word))
            }
        }
    }

    /// The number of a root message's recipient among the stream's, from 0, if those are numbered.
    pub(crate) fn number(
        &self,
        chance: &impl DrawSource,
        root: Key,
        row: Option<Id<TraceRow>>,
    ) -> Option<u64> {
        let named = self.row(row).is_some_and(|row| row.recipient.is_some());
        let size = self.pool.filter(|_| !named)?;
        Some(nth_of(size, chance.block(site::person(root)).first()))
    }

    /// Segments of a root message's body.
    #[inline]
    pub(crate) fn segments(
        &self,
        chance: &impl DrawSource,
        root: Key,
        row: Option<Id<TraceRow>>,
    ) -> u16 {
        self.segments.unwrap_or_else(|| self.drawn_segments(chance, root, row))
    }

    #[inline(never)]
    fn drawn_segments(
        &self,
        chance: &impl DrawSource,
        root: Key,
        row: Option<Id<TraceRow>>,
    ) -> u16 {
        let row = self.row(row);
        let (chars, ucs2) = (row.and_then(|row| row.chars), row.and_then(|row| row.ucs2));
        let block = || chance.block(site::body(root));
        let chars = chars.unwrap_or_else(|| {
            let chars = self.chars.as_constant();
            whole(chars.unwrap_or_else(|| self.chars.quantile(open01(block().first()))))
        });
        let ucs2 = ucs2.unwrap_or_else(|| self.ucs2 > 0.0 && happens(self.ucs2, block().second()));
        segments(chars.min(CHARS_MAX as u32), ucs2)
    }

    /// False for invalid numbers and recipients who opted out.
    #[inline]
    pub(crate) fn may_send(&self, chance: &impl DrawSource, root: Key) -> bool {
        if self.invalid == 0.0 && self.opted_out == 0.0 {
            return true;
        }
        let block = chance.block(site::standing(root));
        !happens(self.invalid, block.first()) && !happens(self.opted_out, block.second())
    }

    /// The draws behind [`Population::may_send`]: invalid number, opted out.
    pub(crate) fn standing(&self, chance: &impl DrawSource, root: Key) -> [Draw; 2] {
        let block = chance.block(site::standing(root));
        let draw = |p, bits| Draw { u: open01(bits), p };
        [draw(self.invalid, block.first()), draw(self.opted_out, block.second())]
    }

    /// True if people opt out in the course of the run.
    #[inline]
    pub(crate) fn loses_people(&self) -> bool {
        self.opts_out.is_some()
    }

    /// True if the sender looks at a person's consent right before a submit, too.
    pub(crate) fn looks_again(&self) -> bool {
        self.opts_out.as_ref().is_some_and(|own| own.checked == Checked::Submit)
    }

    /// The time from which the recipient of a root message has opted out; [`NEVER`] if they don't, or are
    /// nobody's twice.
    #[inline(never)]
    pub(crate) fn opted_out_at(
        &self,
        chance: &impl DrawSource,
        root: Key,
        row: Option<Id<TraceRow>>,
        repeat: u32,
    ) -> Nanos {
        let named = self.row(row).is_some_and(|row| row.recipient.is_some());
        let Some(own) = self.opts_out.as_ref().filter(|_| named || self.pool.is_some()) else {
            return NEVER;
        };
        let block = chance.block(site::opts_out(self.recipient(chance, root, row, repeat)));
        if happens(own.share, block.first()) { delay(&own.after, || block.second()) } else { NEVER }
    }

    /// Spam score in [0, 1].
    pub(crate) fn spam_score(
        &self,
        chance: &impl DrawSource,
        root: Key,
        row: Option<Id<TraceRow>>,
    ) -> f64 {
        if let Some(score) = self.row(row).and_then(|row| row.spam_score) {
            return score;
        }
        let score = self.spam_score.as_constant().unwrap_or_else(|| {
            let bits = chance.block(site::spam_score(root)).first();
            self.spam_score.quantile(open01(bits))
        });
        score.clamp(0.0, 1.0)
    }

    /// The message is on time within this, counted from its request.
    #[inline]
    pub(crate) fn deadline(&self, row: Option<Id<TraceRow>>) -> Option<Nanos> {
        self.row(row).and_then(|row| row.deadline).or(self.deadline)
    }
}

impl RequestFacts {
    fn new(row: &spec::TraceRow) -> RequestFacts {
        RequestFacts {
            carrier: row.carrier.map(|carrier| carrier as u16),
            chars: row.chars,
            ucs2: row.ucs2,
            spam_score: row.spam_score,
            deadline: row.deadline,
            recipient: row.recipient.as_deref().map(Key::named),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::segments;

    #[test]
    fn segments_by_the_real_rule() {
        let cases = [
            (0, false, 1),
            (160, false, 1),
            (161, false, 2),
            (306, false, 2),
            (307, false, 3),
            (70, true, 1),
            (71, true, 2),
            (134, true, 2),
            (135, true, 3),
        ];
        for (chars, ucs2, expected) in cases {
            assert_eq!(segments(chars, ucs2), expected, "{chars} {ucs2}");
        }
    }
}
