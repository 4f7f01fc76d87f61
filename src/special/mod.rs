//! Special functions, on `libm` alone: the same bits on every platform.
//!
//! Pure functions of numbers. Outside its domain each answers NaN; none panics. Every file cites
//! the published source of its method.

mod beta;
mod exponential;
mod gamma;
mod normal;
mod root;
mod stirling;
mod student;

pub(crate) use beta::{beta_inverse_pair, beta_pair, beta_power};
pub use beta::{beta_p, beta_p_inverse, beta_q};
pub(crate) use exponential::{exp, ln_complement};
pub(crate) use gamma::{gamma_inverse_pair, gamma_pair, gamma_power};
pub use gamma::{gamma_p, gamma_p_inverse, gamma_q, gamma_q_inverse, ln_gamma};
pub use normal::{normal_cdf, normal_quantile, normal_quantiles};
pub use student::{student_t_cdf, student_t_quantile};
