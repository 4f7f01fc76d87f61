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
    /// Events per bin.
    pub counts: Vec<u64>,
}

impl Counts {
    /// Local time of the middle of a bin, s since a Monday's midnight; several weeks go on beyond.
    fn middle(&self, bin: usize) -> f64 {
        self.from_s + (bin as f64 + 0.5) * self.bin_s
    }

    fn total(&self) -> f64 {
        self.counts.iter().sum::<u64>() as f64
    }
}
