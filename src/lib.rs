//! smschain: a deterministic, seeded discrete-event simulator of the SMS delivery chain.
//!
//! The rooms, from the ground up (each may use only those before it): [`special`], [`kernel`],
//! [`random`], [`stats`], [`chain`], [`logs`], [`scenario`], [`expression`], [`experiment`], [`theory`],
//! [`fit`], [`report`], [`cli`]; with the feature `python`, the native module of the Python package.
//! docs/ARCHITECTURE.md is the map.
//!
//! A scenario, run three times, and its report:
//! ```
//! use smschain::experiment::{Replications, Silent, Workers, replicate};
//! use smschain::report::{Facts, report, to_json};
//! use smschain::scenario::{Overrides, Source, load};
//!
//! let text = std::fs::read_to_string("templates/starter.toml")?;
//! let source = Source { name: "starter.toml".into(), text, base: "templates".into() };
//! let set = vec!["scenario.duration=1m".into(), "scenario.warmup=0s".into()];
//! let scenario = load(&source, &Overrides { set, ..Overrides::default() })?;
//! let plan = Replications::of(&scenario.spec, scenario.spec.seed, 3);
//! let run = replicate(&Workers::new(2), &[plan], &Silent)?.remove(0);
//! let report = report(&Facts::new(&scenario.spec, &scenario.fingerprint, plan.seed, &run));
//! assert_eq!(report["replications"], 3);
//! assert!(to_json(&report).contains("\"schema\": \"smschain.report/1\""));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod chain;
pub mod cli;
pub mod experiment;
pub mod expression;
pub mod fit;
pub mod kernel;
pub mod logs;
#[cfg(feature = "python")]
mod python;
pub mod random;
pub mod report;
pub mod scenario;
pub mod special;
pub mod stats;
pub mod theory;
