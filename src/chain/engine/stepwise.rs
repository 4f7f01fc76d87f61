//! The plain engine: one event for each thing that happens.

use crate::chain::draws::redraw::Redrawable;
use crate::chain::model::engine::Engine;
use crate::chain::records::event::Event;
use crate::chain::trace::observer::Listener;
use crate::kernel::EventSet;
use std::marker::PhantomData;

/// Nothing but the model, step by step. Chance may take another course on the way.
#[derive(Debug)]
pub(crate) struct Stepwise<'run, L>(PhantomData<&'run ()>, PhantomData<fn(&L)>);

impl<L> Stepwise<'_, L> {
    pub(crate) fn new() -> Self {
        Stepwise(PhantomData, PhantomData)
    }
}

impl<'run, L: Listener> Engine for Stepwise<'run, L> {
    type Listener = L;
    type Draws = Redrawable<'run>;
    type Scheduler = EventSet<Event>;
}
