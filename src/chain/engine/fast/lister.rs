//! A listener that hears of the messages that end.

use super::Reordered;
use super::in_order::{InOrder, Texts};
use crate::chain::trace::completed::Completed;
use crate::chain::trace::observer::{Listener, Observer, Wants, When};
use crate::kernel::Nanos;

/// Hears of messages, each as soon as its end is known, and tells them in order where that is wanted.
pub(crate) struct MessageLister<'run> {
    observer: &'run mut dyn Observer,
    /// For one that wants them in order.
    order: Option<(InOrder, Texts)>,
    when: When,
}

impl<'run> MessageLister<'run> {
    pub(crate) fn new(observer: &'run mut dyn Observer) -> MessageLister<'run> {
        let order = (observer.wants() == Wants::Messages).then(Default::default);
        MessageLister {
            observer,
            order,
            when: When { event: 0, reached: (0, 0), fast_forwarded: None },
        }
    }
}

impl Listener for MessageLister<'_> {
    const MESSAGES: bool = true;
    const STORIES: bool = false;

    #[inline]
    fn begins(&mut self, now: Nanos, rank: u64) {
        self.when.event += 1;
        self.when.reached = self.when.reached.max((now, rank));
    }

    fn completed(&mut self, message: &Completed<'_>) {
        match &mut self.order {
            None => self.observer.ended(&self.when, message),
            Some((order, texts)) => {
                texts.learn(message);
                let comes = |row: &_| self.observer.completed(&texts.restore(row));
                order.ended(&self.when, &message.by_numbers(), comes);
            }
        }
        (self.when.reached, self.when.fast_forwarded) = ((0, 0), None);
    }

    fn all_have_come(&mut self) {
        match &mut self.order {
            None => self.observer.all_have_come(),
            Some((order, texts)) => {
                order.all_come(|row| self.observer.completed(&texts.restore(row)));
            }
        }
    }
}

impl Reordered for MessageLister<'_> {
    type Moment = When;

    #[inline]
    fn moment(&mut self) -> When {
        let moment = self.when;
        (self.when.reached, self.when.fast_forwarded) = ((0, 0), None);
        moment
    }

    #[inline]
    fn returns_to(&mut self, moment: When) {
        let reached = moment.reached.max(self.when.reached);
        self.when = When { reached, ..moment };
    }

    #[inline]
    fn fast_forwards(&mut self, time: Nanos, rank: u64) {
        self.when.fast_forwarded = Some((time, rank));
    }
}
