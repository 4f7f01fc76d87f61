//! Exact values of textbook models, each with its source. Times in seconds, rates per second.

mod bucket;
mod general;
mod handset;
mod markov;
mod retry;

pub use bucket::{drained_last, drained_mean, overloaded_mean};
pub use general::{
    constant, gamma, hyperexponential, lognormal, m_d_1_k_loss, pollaczek_khinchine,
};
pub use handset::{expected_delivery, expired};
pub use markov::{
    erlang_b, erlang_c, m_m_1_1_orbit, m_m_c_k_loss, m_m_c_mean_wait, m_m_c_sojourn_quantile,
    m_m_c_sojourn_tail, m_m_c_wait_quantile,
};
pub use retry::{Spread, attempts_mean, copies_mean, duplicates_mean, exhausted};
