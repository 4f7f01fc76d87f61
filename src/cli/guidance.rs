//! What `smschain` alone says.

pub(super) const GUIDANCE: &str = "\
smschain simulates the delivery of SMS: what the API said, what truly happened, what you could see.

  smschain run SCENARIO.toml      simulate it; results go to output/
  smschain check SCENARIO.toml    only look for mistakes in it
  smschain sweep SCENARIO.toml --scale 1,2,4,8
                                  what arrives at other loads, or with other settings
  smschain compare SCENARIO.toml --policies none,fixed,full-jitter
                                  which retry policy is the best, and how sure that is
  smschain policies               list the built-in retry policies
  smschain validate               compare the simulator with queueing theory
  smschain help                   all commands

  try: smschain run scenarios/baseline.toml
";
