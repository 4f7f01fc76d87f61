//! The answer to `smschain` alone.

pub(super) const GUIDANCE: &str = "\
smschain simulates the delivery of SMS: what the API said, what truly happened,
what you could see.

  smschain init                   write a commented scenario; --list has others
  smschain run SCENARIO.toml      simulate it; results and a page go to output/
  smschain check SCENARIO.toml    only look for mistakes in it
  smschain explain KEY            what a key means, like provider.window
  smschain sweep SCENARIO.toml --scale 1,2,4,8
                                  what arrives at other loads or settings
  smschain compare SCENARIO.toml --policies none,fixed,full-jitter
                                  the best retry policy, and how sure that is
  smschain capacity SCENARIO.toml --slo 'within.30s >= 97%'
                                  the largest load that keeps an objective
  smschain help                   all commands

  try: smschain init && smschain run starter.toml
";

#[cfg(test)]
mod tests {
    #[test]
    fn it_fits_a_terminal() {
        assert!(super::GUIDANCE.lines().all(|line| line.chars().count() <= 80));
    }
}
