//! Customers a second of an M/M/1 queue on smschain's kernel, on simcore, and in a loop by hand,
//! one after the other.
//!
//! `cargo run --release --manifest-path benches/peers/mm1/Cargo.toml [ROUNDS]`

#[path = "../../../mm1/models.rs"]
mod models;
mod simcore;

use std::time::Instant;

const CUSTOMERS: u64 = 2_000_000;

fn main() {
    let rounds = std::env::args().nth(1).and_then(|rounds| rounds.parse().ok()).unwrap_or(7);
    let peers: [(&str, fn() -> f64); 3] = [
        ("simcore", || simcore::on_simcore(CUSTOMERS, models::ARRIVALS)),
        ("smschain", || models::on_the_kernel(CUSTOMERS)),
        ("by hand", || models::by_hand(CUSTOMERS)),
    ];
    let mut rates = peers.map(|_| Vec::new());
    for round in 1..=rounds {
        for ((name, model), rates) in peers.iter().zip(&mut rates) {
            let start = Instant::now();
            let mean = model();
            let rate = CUSTOMERS as f64 / start.elapsed().as_secs_f64();
            println!(
                "round {round}  {name:8}  {:5.2} M customers/s  {mean:5.2} in the system",
                rate / 1e6
            );
            rates.push(rate);
        }
    }
    let medians = rates.map(|mut rates: Vec<f64>| {
        rates.sort_by(f64::total_cmp);
        rates[rates.len() / 2]
    });
    println!();
    for ((name, _), median) in peers.iter().zip(&medians) {
        println!(
            "median {name:8}  {:5.2} M customers/s  {:4.2} of by hand",
            median / 1e6,
            median / medians[2]
        );
    }
    println!("smschain / simcore  {:.2}", medians[1] / medians[0]);
}
