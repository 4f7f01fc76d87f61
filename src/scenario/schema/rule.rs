//! `rule` of a filter.

use super::{Kind, of};
use crate::chain::spec::{Rule, VelocityKey};
use crate::kernel::Nanos;

choice! {
    rule => Rule, "a rule", "{ content = { threshold = 0.55 } }" {
        /// The text looks like spam.
        content => Content {
            /// Spam scores from this on.
            threshold: f64 = of::number(0.0, 1.0).example("0.55").required(),
        }
        /// Too many within a time.
        velocity => Velocity {
            /// Owner of the messages that are counted together.
            key: VelocityKey = of::words().required(),
            /// Messages let through.
            limit: u64 = of::integer(0, 1_000_000_000).example("6").required(),
            /// Within this time.
            window: Nanos = of::duration(1).example("1h").required(),
        }
        /// The sender isn't on the list.
        unregistered => Unregistered {
            /// The senders that may pass.
            registered: Vec<String> =
                of::list(&Kind::Text, 0).example(r#"["12345", "BANK"]"#).required(),
        }
        /// Same recipient and content.
        duplicate => Duplicate {
            /// Within this time.
            window: Nanos = of::duration(1).example("10m").required(),
        }
        /// A sender above a rate.
        volume => Volume {
            /// Messages of a sender per time.
            rate: f64 = of::rate(true).example("20/s").required(),
            /// Measured over this time.
            window: Nanos = of::duration(1).example("1m").required(),
            /// The sender is filtered for so long.
            hold: Nanos = of::duration(0).example("1h").required(),
        }
        /// The same content from many senders. A campaign's messages, and resends, have the same; others
        /// never have.
        snowshoe => Snowshoe {
            /// It acts from so many other senders on that had that content let through.
            senders: u64 = of::integer(1, 1_000_000_000).example("3").required(),
            /// Within this time.
            window: Nanos = of::duration(1).example("1h").required(),
        }
        /// Any message.
        random => Random {}
    }
}
