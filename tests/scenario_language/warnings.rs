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
    let shown = good(&swap("window = 50 ", "window = 2 ")).render_warnings(false);
    assert!(shown.contains("the window of provider `alpha` passes about"), "{shown}");
}
