//! M/M/c through workers, window and servers, and the M/M/1/1 retrial queue.

use crate::chain::Stage;
use crate::theory::Quantity;
use crate::theory::figure::Figure;
use crate::theory::formulas::{
    m_m_1_1_orbit, m_m_c_mean_wait, m_m_c_sojourn_quantile, m_m_c_sojourn_tail, m_m_c_wait_quantile,
};
use crate::theory::setup::Detects::{self, Coarse, Fine};
use crate::theory::setup::{Parts, Setup};

const SECOND_EACH: &str = "latency.exponential = { mean = \"1s\" }";

pub(super) fn setups() -> Vec<Setup> {
    let mut setups = vec![one()];
    // The larger system is run for less time, at more messages a second.
    for (servers, load, time, detects) in [
        (3, 2.1, "duration = \"36000s\"\nwarmup = \"200s\"", Fine),
        (50, 45.0, "duration = \"3600s\"\nwarmup = \"100s\"", Coarse),
    ] {
        let system = System { servers, load, time, detects };
        setups.extend([system.workers(), system.window(), system.servers()]);
    }
    setups.push(retrial());
    setups
}

fn one() -> Setup {
    let load = 0.7;
    let parts = Parts {
        time: "duration = \"60000s\"\nwarmup = \"500s\"",
        traffic: "arrivals.poisson = { rate = \"0.7/s\" }\ndeadline = \"5s\"",
        queue: "workers = 1",
        provider: SECOND_EACH,
        ..Parts::default()
    };
    let late = m_m_c_sojourn_tail(load, 1.0, 1, 5.0);
    let tail = m_m_c_wait_quantile(load, 1.0, 1, 0.99);
    Setup::new("M/M/1, one worker", parts)
        .ask("mean wait", Quantity::Mean(Stage::QueueWait), m_m_c_mean_wait(load, 1.0, 1), Fine)
        .ask("p99 wait", Quantity::P99(Stage::QueueWait), tail, Coarse)
        .ask("utilisation", Quantity::Workers, load, Fine)
        .ask("later than 5 s", Quantity::NotOnTime, late, Fine)
        .ask("Little's law, queue", Figure::little(Quantity::Depth, Stage::QueueWait), 1.0, Fine)
}

/// M/M/c, service of a second.
#[derive(Debug, Clone, Copy)]
struct System {
    servers: u32,
    /// Arrivals a second.
    load: f64,
    time: &'static str,
    /// Of means.
    detects: Detects,
}

impl System {
    fn setup(self, through: &str, queue: &str, limit: &str) -> Setup {
        let traffic = format!("arrivals.poisson = {{ rate = \"{}/s\" }}", self.load);
        let provider = format!("{SECOND_EACH}\n{limit}");
        let parts = Parts {
            time: self.time,
            traffic: &traffic,
            queue,
            provider: &provider,
            ..Parts::default()
        };
        Setup::new(format!("M/M/{}, {through}", self.servers), parts)
    }

    fn wait(self) -> f64 {
        m_m_c_mean_wait(self.load, 1.0, self.servers)
    }

    fn utilisation(self) -> f64 {
        self.load / f64::from(self.servers)
    }

    fn workers(self) -> Setup {
        let tail = m_m_c_wait_quantile(self.load, 1.0, self.servers, 0.99);
        let little = Figure::little(Quantity::Depth, Stage::QueueWait);
        self.setup("workers", &format!("workers = {}", self.servers), "")
            .ask("mean wait", Quantity::Mean(Stage::QueueWait), self.wait(), self.detects)
            .ask("p99 wait", Quantity::P99(Stage::QueueWait), tail, Coarse)
            .ask("utilisation", Quantity::Workers, self.utilisation(), Fine)
            .ask("Little's law, queue", little, 1.0, Fine)
    }

    /// Workers are without limit: what they hold waits for the window or is submitted.
    fn window(self) -> Setup {
        let tail = m_m_c_wait_quantile(self.load, 1.0, self.servers, 0.99);
        let little = Figure::little(Quantity::Busy, Stage::HandOff);
        self.setup("window", "", &format!("window = {}", self.servers))
            .ask("mean wait", Quantity::Mean(Stage::WindowWait), self.wait(), self.detects)
            .ask("p99 wait", Quantity::P99(Stage::WindowWait), tail, Coarse)
            .ask("utilisation", Quantity::Window, self.utilisation(), Fine)
            .ask("Little's law, window line and submits", little, 1.0, Fine)
    }

    /// The report has no wait for a server of its own: it is in the time of a submit, and, by
    /// Little's law, in the backlog.
    fn servers(self) -> Setup {
        let tail = m_m_c_sojourn_quantile(self.load, 1.0, self.servers, 0.99);
        let little = Figure::little(Quantity::Busy, Stage::Submit);
        let wait = Figure::ratio(Quantity::Backlog, Quantity::AcceptedPerSecond);
        self.setup("servers", "", &format!("servers = {}", self.servers))
            .ask("mean wait (backlog by Little's law)", wait, self.wait(), self.detects)
            .ask("mean submit", Quantity::Mean(Stage::Submit), self.wait() + 1.0, Fine)
            .ask("p99 submit", Quantity::P99(Stage::Submit), tail, Coarse)
            .ask("utilisation", Quantity::Servers, self.utilisation(), Fine)
            .ask("Little's law, submits", little, 1.0, Fine)
    }
}

/// Requests near the end meet fewer others, as none come after it: for some 20 s in 60,000 s, a
/// bias of a few hundredths of a percent.
fn retrial() -> Setup {
    let parts = Parts {
        time: "duration = \"60000s\"\nwarmup = \"500s\"",
        traffic: "arrivals.poisson = { rate = \"0.5/s\" }",
        queue: "workers = 1\ncapacity = 0",
        provider: SECOND_EACH,
        more: "[client.retry]\nmax_attempts = \"unlimited\"\n\
               backoff.fixed = { delay.exponential = { mean = \"2s\" } }",
        ..Parts::default()
    };
    let orbit = m_m_1_1_orbit(0.5, 1.0, 0.5);
    Setup::new("M/M/1/1 with retrials, calls repeated on 503", parts)
        .ask("mean time in orbit", Quantity::Mean(Stage::Api), orbit, Fine)
        .ask("utilisation", Quantity::Workers, 0.5, Fine)
}
