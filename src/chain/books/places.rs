//! The ends of messages: stages by number and by name.

use crate::chain::records::outcome::EndPlace;
use crate::chain::spec::Spec;

/// Numbers of places: 0 is nowhere in particular, then queues, providers, carriers, filters.
#[derive(Debug)]
pub(crate) struct Places {
    providers: usize,
    carriers: usize,
    /// First filter of each carrier.
    filters: Vec<usize>,
    pub(crate) names: Vec<String>,
}

impl Places {
    pub(crate) fn new(spec: &Spec) -> Places {
        let mut names = vec![String::new()];
        names.extend(spec.queues.iter().map(|queue| queue.name.clone()));
        let providers = names.len();
        names.extend(spec.providers.iter().map(|provider| provider.name.clone()));
        let carriers = names.len();
        names.extend(spec.carriers.iter().map(|carrier| carrier.name.clone()));
        let mut filters = Vec::new();
        for carrier in &spec.carriers {
            filters.push(names.len());
            let of_carrier = carrier.filters.iter();
            names.extend(of_carrier.map(|filter| format!("{}/{}", carrier.name, filter.name)));
        }
        Places { providers, carriers, filters, names }
    }

    pub(crate) fn queue(&self, index: usize) -> EndPlace {
        (1 + index) as EndPlace
    }

    pub(crate) fn provider(&self, index: usize) -> EndPlace {
        (self.providers + index) as EndPlace
    }

    pub(crate) fn carrier(&self, index: usize) -> EndPlace {
        (self.carriers + index) as EndPlace
    }

    pub(crate) fn filter(&self, carrier: usize, filter: usize) -> EndPlace {
        (self.filters[carrier] + filter) as EndPlace
    }
}
