//! Waiting for a provider's pace and window, and pauses of its link.

use super::At;
use crate::chain::event::{DETAIL_MAX, Event, Order, What};
use crate::chain::observer::Listener;
use crate::chain::provider::{Provider, observed, schedule_token};
use crate::chain::story::SubmitStep;
use crate::chain::world::Chain;
use crate::kernel::{Nanos, Scheduler};

impl<L: Listener> Chain<'_, L> {
    /// Waits for the pace, then for a slot.
    #[inline(always)]
    pub(in crate::chain) fn ask_pace(&mut self, submit: u32, s: &mut Scheduler<Event>) {
        let now = s.now();
        let record = &self.submits[submit];
        let message = record.message;
        let index = self.spec.provider_by(record.route);
        let bucket = self.provider_bucket(message, index);
        if let Some(throttle) = &mut self.providers[index].throttle
            && throttle.pace
        {
            let segments = u64::from(self.messages[message].segments);
            let time = throttle.time.as_ref();
            let line = &mut throttle.lines[bucket];
            let tokens = &mut throttle.buckets[bucket];
            if !line.is_empty() || !tokens.passes(now, segments, time) {
                line.push_back((submit, record.stamp));
                if line.len() == 1 {
                    let at = tokens.ready_at(now, segments, time);
                    schedule_token(index, bucket, at, s);
                }
                let place = line.len() as u64;
                self.tell(message, now, |chain| SubmitStep::WaitsForToken {
                    provider: index,
                    place,
                    tokens: chain.providers[index].tokens(bucket, now).unwrap_or(0.0),
                });
                return;
            }
            tokens.taken += if observed(self.spec, now) { segments } else { 0 };
        }
        self.ask_slot(submit, s);
    }

    /// The first in a pace line may pass.
    pub(in crate::chain) fn provider_token(
        &mut self,
        index: usize,
        bucket: usize,
        s: &mut Scheduler<Event>,
    ) {
        let now = s.now();
        let Some(throttle) = &mut self.providers[index].throttle else {
            return;
        };
        let time = throttle.time.as_ref();
        let (line, tokens) = (&mut throttle.lines[bucket], &mut throttle.buckets[bucket]);
        let mut turned_back = Vec::new();
        while let Some(&(submit, stamp)) = line.front() {
            let record = &self.submits[submit];
            if record.stamp != stamp {
                line.pop_front();
                continue;
            }
            if self.policies.blocks(record.guard) {
                turned_back.push(submit);
                line.pop_front();
                continue;
            }
            let message = &self.messages[record.message];
            let segments = u64::from(message.segments);
            let at = tokens.ready_at(now, segments, time);
            if at > now {
                schedule_token(index, bucket, at, s);
                break;
            }
            line.pop_front();
            tokens.take(now, segments, time);
            tokens.taken += if observed(self.spec, now) { segments } else { 0 };
            let ask = Event::new(What::AskSlot, submit, stamp & DETAIL_MAX);
            s.schedule(now, message.order.rank(What::AskSlot, record.place), ask);
        }
        for submit in turned_back {
            self.turns_back(submit, s);
        }
    }

    /// Takes a slot of the window, or waits for one.
    #[inline(always)]
    pub(in crate::chain) fn ask_slot(&mut self, submit: u32, s: &mut Scheduler<Event>) {
        let now = s.now();
        let record = &self.submits[submit];
        let index = self.spec.provider_by(record.route);
        let provider = &mut self.providers[index];
        if !provider.has_slot(now) || !provider.slot_line.is_empty() {
            provider.slot_line.push_back((submit, record.stamp));
            self.tell_submit(submit, now, |chain| {
                let provider = &chain.providers[index];
                let paused = provider.paused_until;
                SubmitStep::WaitsForSlot {
                    provider: index,
                    place: provider.slot_line.len() as u64,
                    used: provider.outstanding.level(),
                    paused_until: (paused > now).then_some(paused),
                }
            });
            self.grant_slot(index, s);
            return;
        }
        provider.outstanding.rise(now);
        self.submits[submit].at = At::Slot;
        self.submit(submit, s);
    }

    /// A slot is free again.
    #[inline(always)]
    pub(super) fn release_slot(&mut self, index: usize, s: &mut Scheduler<Event>) {
        let provider = &mut self.providers[index];
        provider.outstanding.fall(s.now());
        if !provider.slot_line.is_empty() {
            self.grant_slot(index, s);
        }
    }

    /// If there is a slot, the first in line gets it; what it meets may pause the link.
    #[inline(never)]
    pub(super) fn grant_slot(&mut self, index: usize, s: &mut Scheduler<Event>) {
        let now = s.now();
        let provider = &mut self.providers[index];
        while provider.has_slot(now) {
            let Some((submit, stamp)) = provider.slot_line.pop_front() else {
                return;
            };
            let record = &mut self.submits[submit];
            if record.stamp != stamp {
                continue;
            }
            provider.outstanding.rise(now);
            record.at = At::Slot;
            let rank = self.messages[record.message].order.rank(What::Submit, record.place);
            s.schedule(now, rank, Event::new(What::Submit, submit, stamp & DETAIL_MAX));
            return;
        }
    }

    /// Submits what was given a slot; then there may be one for the next. If the link was paused
    /// at that very instant, it is the first in line again.
    #[inline(never)]
    pub(in crate::chain) fn submit_from_line(&mut self, submit: u32, s: &mut Scheduler<Event>) {
        let now = s.now();
        let record = &mut self.submits[submit];
        let index = self.spec.provider_by(record.route);
        let provider = &mut self.providers[index];
        if now < provider.paused_until {
            record.at = At::Line;
            let ticket = (submit, record.stamp);
            provider.outstanding.fall(now);
            // Several may come back at once: those that have waited longer go first.
            let waited = |submit: u32| {
                let record = &self.submits[submit];
                (record.since, self.messages[record.message].order)
            };
            let mine = waited(submit);
            let ahead = provider.slot_line.iter().take_while(|&&(other, _)| waited(other) < mine);
            let place = ahead.count();
            provider.slot_line.insert(place, ticket);
            return;
        }
        self.submit(submit, s);
        self.grant_slot(index, s);
    }

    /// Nothing more is submitted on a provider's link until then.
    pub(in crate::chain) fn pause_link(
        &mut self,
        index: usize,
        until: Nanos,
        s: &mut Scheduler<Event>,
    ) {
        let provider = &mut self.providers[index];
        if until > provider.paused_until {
            provider.paused_until = until;
            let order = Order::station(What::LinkResumes, index as u32);
            let event = Event::new(What::LinkResumes, index as u32, 0);
            s.schedule(until, order.rank(What::LinkResumes, 0), event);
        }
    }

    /// A pause of a link is over, unless a longer one has begun meanwhile.
    pub(in crate::chain) fn link_resumes(&mut self, index: usize, s: &mut Scheduler<Event>) {
        self.grant_slot(index, s);
    }
}

impl Provider {
    /// May another submit go out now?
    #[inline]
    pub(super) fn has_slot(&self, now: Nanos) -> bool {
        self.outstanding.level() < self.window && now >= self.paused_until
    }
}
