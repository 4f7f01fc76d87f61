//! x
use super::*;
#[test]
fn look() {
    for text in [
        swap("window = 50 ", "windw = 50 "),
        swap("rate = \"50/s\"", "rate = \"5/fortnight\""),
        swap("rate = \"50/s\"", "rate = 50"),
        swap("deadline = \"60s\"  ", "deadline = 60  "),
        swap("loss = 0.0005", "loss = 3"),
        swap("provider = \"alpha\"", "provider = \"alhpa\""),
        swap("[[provider]]", "[[provder]]"),
        swap("arrivals.poisson", "arrivals.poison"),
        swap("arrivals.poisson = { rate = \"50/s\" }", "arrivals.poisson = { rate = \"50/s\" }\narrivals.constant = { rate = \"5/s\" }"),
        swap("seed = 7", "seed = "),
        swap("[api]", "[api"),
        swap("throttled = 0.0,", "throttled = 0.99,"),
        WHOLE.to_owned(),
        String::new(),
    ] {
        eprintln!("{}\n=====", bad(&text));
    }
    let s = good(RUNNABLE);
    eprintln!("{}", s.resolved_toml());
    eprintln!("{}", s.render_warnings(false));
    let s = good(SMALLEST);
    eprintln!("{}", s.resolved_toml());
    eprintln!("{}", s.render_warnings(false));
    for set in ["provider.alpha.windw=5", "provider.alpha.window=x", "provider.alpah.window=5", "a", "provider", "provider.alpha", "retry.policy=x", "seed=5", "provider.alpha.latency=50", "provider.alpha.latency={ exponential = { mean = 5 } }"] {
        match with(RUNNABLE, &[set], &[]) { Ok(_) => eprintln!("OK {set}\n====="), Err(e) => eprintln!("{e}\n=====") }
    }
}
