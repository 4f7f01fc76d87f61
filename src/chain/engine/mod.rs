//! Engines: how a run is carried out. The model says what happens and when; an engine brings it about.
//!
//! [`Stepwise`] makes an event of each thing that happens, and is what the model means. [`fast`]
//! takes shortcuts that change no result; the model knows of it only that there may be one.

mod dispatch;
pub(crate) mod fast;
mod redrawn;
mod simulate;
pub(crate) mod snapshot;
mod stepwise;

pub use redrawn::{first_uses, simulate_redrawn};
pub use simulate::{EngineChoice, Imbalance, simulate, simulate_by};

use simulate::finish;
use stepwise::Stepwise;
