//! Statistics of a run: what is counted, averaged over time, and put in a histogram. Knows nothing
//! of SMS.

mod histogram;
mod interval;
mod latency;
mod moments;
mod normality;
mod proportion;
mod running;
mod sequential;
mod time_weighted;
mod warm_up;

pub use histogram::Histogram;
pub use interval::{Estimate, t_interval};
pub use latency::Latency;
pub use moments::Moments;
pub use normality::{is_skewed, lag_one};
pub use proportion::{clopper_pearson, until_the_first};
pub use running::{Parameters, Running};
pub use sequential::{FIRST_LOOK, Look, Precision, Sequential};
pub use time_weighted::TimeWeighted;
pub use warm_up::{Difference, MSER_BATCH, difference, means, mser};
