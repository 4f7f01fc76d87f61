//! Statistics of a run: what is counted, averaged over time, and put in a histogram. Knows nothing
//! of SMS.

mod histogram;
mod interval;
mod latency;
mod moments;
mod running;
mod time_weighted;

pub use histogram::Histogram;
pub use interval::{Estimate, t_interval};
pub use latency::Latency;
pub use moments::Moments;
pub use running::Running;
pub use time_weighted::TimeWeighted;
