//! Senders, brands and campaigns by number.

use crate::chain::records::slab::NONE;
use crate::chain::spec::{Arrivals, Scope, Senders, Spec};
use std::collections::BTreeMap;

/// Names and their numbers.
#[derive(Debug, Default)]
pub(crate) struct Names {
    names: Vec<String>,
    numbers: BTreeMap<String, u32>,
}

impl Names {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(&number) = self.numbers.get(name) {
            return number;
        }
        let number = self.names.len() as u32;
        self.names.push(name.to_owned());
        self.numbers.insert(name.to_owned(), number);
        number
    }

    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    pub(crate) fn get(&self, number: u32) -> &str {
        &self.names[number as usize]
    }
}

/// Who a stream sends as.
#[derive(Debug)]
pub(crate) struct Identity {
    /// Its senders; one unless it is a pool.
    pub(crate) senders: Vec<u32>,
    brand: Option<u32>,
    campaign: Option<u32>,
    /// By row of a trace; [`NONE`]: the stream's own.
    pub(crate) row_senders: Vec<u32>,
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
            Senders::One(name) => vec![names.number(name)],
            Senders::Pool { count, .. } => (1..=*count)
                .map(|index| names.number(&format!("{}-{index}", traffic.name)))
                .collect(),
        };
        let row_senders = match &traffic.arrivals {
            Arrivals::Trace { rows } => rows
                .iter()
                .map(|row| row.sender.as_deref().map_or(NONE, |name| names.number(name)))
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

/// How many buckets a throttle or cap of this scope needs.
pub(crate) fn scope_size(scope: Scope, names: &Names, providers: usize) -> usize {
    match scope {
        Scope::Carrier => 1,
        Scope::Provider => providers,
        Scope::Sender | Scope::Brand | Scope::Campaign => names.len(),
    }
}
