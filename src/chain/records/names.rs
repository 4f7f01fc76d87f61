//! Senders, brands and campaigns by number.

use crate::chain::spec::{Arrivals, Scope, Senders, Spec};
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// Names and their numbers. A pool's are made when they are asked for: of ten million senders most never
/// are.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// In order of number.
    runs: Vec<Run>,
    len: usize,
    numbers: BTreeMap<String, u32>,
    /// First number and count of each pool, by its stream.
    pools: BTreeMap<String, (u32, u32)>,
}

/// Names with numbers from `first` on.
#[derive(Debug)]
struct Run {
    first: usize,
    names: RunNames,
}

#[derive(Debug)]
enum RunNames {
    Listed(Vec<String>),
    /// `<stream>-1`, `<stream>-2`, …: pages of those that were asked for.
    Pool {
        stream: String,
        pages: Vec<OnceCell<Page>>,
    },
}

/// Names that may have been asked for.
type Page = Box<[OnceCell<Box<str>>]>;

/// Names of a page.
const PAGE: usize = 256;

impl Names {
    /// The number of a name, if it has one.
    pub(crate) fn find(&self, name: &str) -> Option<u32> {
        self.numbers.get(name).copied().or_else(|| {
            let (stream, index) = name.rsplit_once('-')?;
            let &(first, count) = self.pools.get(stream)?;
            Some(first + place_in_pool(index, count)?)
        })
    }

    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.find(name) {
            return number;
        }
        let number = self.len as u32;
        match self.runs.last_mut() {
            Some(Run { names: RunNames::Listed(names), .. }) => names.push(name.to_owned()),
            _ => self.begin(RunNames::Listed(vec![name.to_owned()])),
        }
        self.len += 1;
        self.numbers.insert(name.to_owned(), number);
        number
    }

    fn begin(&mut self, names: RunNames) {
        self.runs.push(Run { first: self.len, names });
    }

    /// The numbers of a stream's own senders.
    fn pool(&mut self, stream: &str, count: u32) -> Pool {
        let prefix = format!("{stream}-");
        let mut like = self.numbers.range(prefix.clone()..).map(|(name, _)| name);
        let mut like = like.by_ref().map_while(|name| name.strip_prefix(&prefix));
        if like.any(|index| place_in_pool(index, count).is_some()) {
            // Some go by another stream's names already.
            let listed = (1..=count).map(|index| self.number(&format!("{stream}-{index}")));
            return Pool::Listed(listed.collect());
        }
        let first = self.len as u32;
        let mut pages = Vec::new();
        pages.resize_with((count as usize).div_ceil(PAGE), OnceCell::new);
        self.begin(RunNames::Pool { stream: stream.to_owned(), pages });
        self.len += count as usize;
        self.pools.insert(stream.to_owned(), (first, count));
        Pool::Run { first, count }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn get(&self, number: u32) -> &str {
        let number = number as usize;
        let after = self.runs.partition_point(|run| run.first <= number);
        let run = &self.runs[after - 1];
        let place = number - run.first;
        match &run.names {
            RunNames::Listed(names) => &names[place],
            RunNames::Pool { stream, pages } => {
                let page = pages[place / PAGE].get_or_init(|| vec![OnceCell::new(); PAGE].into());
                page[place % PAGE].get_or_init(|| format!("{stream}-{}", place + 1).into())
            }
        }
    }
}

/// The place, from 0, that a pool's name ends in: its digits as they are written there.
fn place_in_pool(index: &str, count: u32) -> Option<u32> {
    let plain = !index.starts_with('0') && index.bytes().all(|byte| byte.is_ascii_digit());
    let number: u32 = index.parse().ok().filter(|_| plain)?;
    (number <= count).then(|| number - 1)
}

/// The senders of a stream, by number.
#[derive(Debug)]
pub(crate) enum Pool {
    Run { first: u32, count: u32 },
    Listed(Vec<u32>),
}

impl Pool {
    pub(crate) fn len(&self) -> usize {
        match self {
            Pool::Run { count, .. } => *count as usize,
            Pool::Listed(numbers) => numbers.len(),
        }
    }

    #[inline]
    pub(crate) fn at(&self, place: usize) -> u32 {
        match self {
            Pool::Run { first, .. } => first + place as u32,
            Pool::Listed(numbers) => numbers[place],
        }
    }
}

/// The senders of a stream.
#[derive(Debug)]
pub(crate) struct Identity {
    /// Its senders; one unless it is a pool.
    pub(crate) senders: Pool,
    brand: Option<u32>,
    campaign: Option<u32>,
    /// By row of a trace; `None`: the stream's own.
    pub(crate) row_senders: Vec<Option<u32>>,
}

impl Identity {
    /// The bucket of a throttle or cap that a message by `sender` falls into.
    pub(crate) fn scope(&self, scope: Scope, sender: u32, provider: usize) -> usize {
        match scope {
            Scope::Carrier => 0,
            Scope::Provider => provider,
            Scope::Sender => sender as usize,
            Scope::Brand => self.brand.unwrap_or(sender) as usize,
            Scope::Campaign => self.campaign.unwrap_or(sender) as usize,
        }
    }
}

/// Numbers every name of a chain.
pub(crate) fn identities(spec: &Spec) -> (Names, Vec<Identity>) {
    let mut names = Names::default();
    let identities = spec.traffic.iter().map(|traffic| {
        let senders = match &traffic.senders {
            Senders::One(name) => Pool::Run { first: names.number(name), count: 1 },
            Senders::Pool { count, .. } => names.pool(&traffic.name, *count),
        };
        let row_senders = match &traffic.arrivals {
            Arrivals::Trace { rows } => rows
                .iter()
                .map(|row| row.sender.as_deref().map(|name| names.number(name)))
                .collect(),
            _ => Vec::new(),
        };
        Identity {
            senders,
            brand: traffic.brand.as_deref().map(|name| names.number(name)),
            campaign: traffic.campaign.as_deref().map(|name| names.number(name)),
            row_senders,
        }
    });
    let identities = identities.collect();
    (names, identities)
}

/// The number of buckets that a throttle or cap of this scope needs.
pub(crate) fn scope_size(scope: Scope, names: &Names, providers: usize) -> usize {
    match scope {
        Scope::Carrier => 1,
        Scope::Provider => providers,
        Scope::Sender | Scope::Brand | Scope::Campaign => names.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pools_names_have_the_numbers_that_all_of_them_would_have() {
        let mut names = Names::default();
        assert_eq!(names.number("b"), 0);
        let pool = names.pool("otp", 10_000_000);
        assert_eq!((pool.len(), pool.at(0), pool.at(9_999_999)), (10_000_000, 1, 10_000_000));
        assert_eq!((names.number("a"), names.len()), (10_000_001, 10_000_002));
        assert_eq!(["otp-1", "otp-300"].map(|name| names.number(name)), [1, 300]);
        assert_eq!(
            ["b", "otp-257", "a"].map(|name| names.find(name)),
            [0, 257, 10_000_001].map(Some)
        );
        for none in ["otp-0", "otp-01", "otp-+1", "otp-10000001", "otp-", "otp", "-1"] {
            assert_eq!(names.find(none), None, "{none}");
        }
        assert_eq!(
            [0, 1, 257, 10_000_001].map(|number| names.get(number)),
            ["b", "otp-1", "otp-257", "a"]
        );
    }

    #[test]
    fn a_name_that_another_has_is_one() {
        let mut names = Names::default();
        assert_eq!([names.number("otp-2"), names.number("otp-x")], [0, 1]);
        let pool = names.pool("otp", 3);
        assert_eq!([0, 1, 2].map(|place| pool.at(place)), [2, 0, 3]);
        assert_eq!((names.get(3), names.len()), ("otp-3", 4));
        // Those that don't share a name are another pool.
        assert!(matches!(names.pool("ot", 3), Pool::Run { first: 4, count: 3 }));
    }
}
