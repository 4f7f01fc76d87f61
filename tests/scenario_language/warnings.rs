//! What is legal but suspicious.

use super::{good, swap};

#[test]
fn suspicious_settings_are_warned_of() {
    let serves = "carriers = [\"northwind\", \"acme\"]";
    let text = swap(serves, "carriers = [\"acme\"]").replacen(serves, "carriers = [\"acme\"]", 1);
    let shown = good(&text).render_warnings(false);
    assert!(
        shown.contains("northwind is 60 % of traffic `otp`, but no route serves it"),
        "{shown}"
    );
    assert!(shown.starts_with("warning: "), "{shown}");
    let shown = good(&swap("provider = \"beta\"", "provider = \"alpha\"")).render_warnings(false);
    assert!(shown.contains("no route leads to provider `beta`"), "{shown}");
    let incident = "[[incident]]\nname = \"i\"\nat = \"2h\"\nfor = \"2m\"\n\
                    target = \"carrier.northwind.filter.spam\"\nenable_filter = true\n\n[[queue]]";
    let shown = good(&swap("[[queue]]", incident)).render_warnings(false);
    assert!(shown.contains("switched on all the time"), "{shown}");
    assert!(shown.contains("begins after the last request"), "{shown}");
}

/// One stream, one provider, one carrier, and what the test is about.
fn chain(more: &str) -> String {
    format!(
        "[scenario]\nduration = \"1h\"\n\
         [[traffic]]\nname = \"otp\"\nsender = \"12345\"\narrivals.poisson = {{ rate = \"120/s\" }}\n\
         [[route]]\nid = 1\nprovider = \"p\"\n[[carrier]]\nname = \"c\"\n{more}"
    )
}

#[test]
fn a_station_that_is_offered_more_than_it_passes_is_named_with_its_sum() {
    let provider = "[[provider]]\nname = \"p\"\nlatency = \"90ms\"\n";
    for (more, said) in [
        (
            format!("{provider}[[queue]]\nname = \"main\"\nworkers = 8\n"),
            "offered load 120/s × 90 ms needs 10.8 workers; 8 are set: the queue will grow for ever",
        ),
        (
            format!("{provider}[[queue]]\nname = \"main\"\nworkers = 10\ncapacity = 500\n"),
            "needs 10.8 workers; 10 are set: the queue grows until it holds 500",
        ),
        (
            format!("{provider}window = 10\n"),
            "needs a window of 10.8; 10 is set: what waits for it will grow for ever",
        ),
        (format!("{provider}servers = 1\n"), "needs 10.8 servers; 1 is set"),
        (
            format!("{provider}throttle = {{ rate = \"100/s\" }}\n"),
            "provider `p` passes 100 segments/s, 120/s are offered: what waits for its pace will",
        ),
        (
            format!("{provider}throttle = {{ rate = \"60/s\", on_excess = \"refuse\" }}\n"),
            "about 50 % of first attempts are refused",
        ),
        (
            format!("throttle = {{ rate = \"100/s\", scope = \"sender\" }}\n{provider}"),
            "carrier `c` passes 100 segments/s of sender `12345`, 120/s are offered: its queue will",
        ),
        (
            format!("throttle = {{ rate = \"90/s\", on_excess = \"drop\" }}\n{provider}"),
            "about 25 % are dropped",
        ),
        (
            format!("{provider}[api]\nrate_limit = {{ rate = \"100/s\" }}\n"),
            "the API takes 100 requests/s, 120/s are offered: about 17 % are rejected",
        ),
    ] {
        let shown = good(&chain(&more)).render_warnings(false);
        assert!(shown.contains(said), "{said}:\n{shown}");
        assert_eq!(shown.matches("warning: ").count(), 1, "{shown}");
    }
}

#[test]
fn a_station_is_offered_what_those_before_it_pass() {
    let enough = "[[provider]]\nname = \"p\"\nlatency = \"90ms\"\nwindow = 11\n\
                  [[queue]]\nname = \"main\"\nworkers = 11\n";
    assert_eq!(good(&chain(enough)).render_warnings(false), "");
    // 8 workers pass 88.9/s: the provider's window of 8 is enough for those.
    let fewer = enough.replace("workers = 11", "workers = 8").replace("window = 11", "window = 8");
    let shown = good(&chain(&fewer)).render_warnings(false);
    assert_eq!(shown.matches("warning: ").count(), 1, "{shown}");
    // 200 characters are two segments.
    let long = chain("throttle = { rate = \"200/s\" }\n[[provider]]\nname = \"p\"\n")
        .replace("arrivals", "body = { chars = 200 }\narrivals");
    let shown = good(&long).render_warnings(false);
    assert!(shown.contains("passes 200 segments/s, 240/s are offered"), "{shown}");
}
