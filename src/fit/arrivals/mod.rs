//! Arrivals, as a series of counts tells of them.

mod bursts;
mod dispersion;
mod onoff;
mod profile;

pub use bursts::{Burst, bursts};
pub use dispersion::{Dispersion, dispersion, expected_for};
pub use onoff::{OnOff, on_off};
pub use profile::{Profile, Slot, profile};

/// Counts of equal bins, from a local time of the week on.
#[derive(Clone, Debug, PartialEq)]
pub struct Counts {
    /// Local time of the first bin's start, s since a Monday's midnight.
    pub from_s: f64,
    /// Length of a bin, s.
    pub bin_s: f64,
    /// The first bin after a change of the local clock, and by how much it goes forward there, s.
    pub turn: Option<(usize, f64)>,
    /// Events per bin.
    pub counts: Vec<u64>,
}

impl Counts {
    /// Local time of the middle of a bin, s since a Monday's midnight; several weeks go on beyond.
    fn middle(&self, bin: usize) -> f64 {
        let by = self.turn.filter(|turn| bin >= turn.0).map_or(0.0, |turn| turn.1);
        self.from_s + (bin as f64 + 0.5) * self.bin_s + by
    }

    fn total(&self) -> f64 {
        self.counts.iter().sum::<u64>() as f64
    }
}
