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
    let incident = "[[incident]]\nname = \"i\"\nat = \"2h\"\nfor = \"2m\"\n\
                    target = \"carrier.northwind.filter.spam\"\nenable_filter = true\n\n[[queue]]";
    let shown = good(&swap("[[queue]]", incident)).render_warnings(false);
    assert!(shown.contains("switched on all the time"), "{shown}");
    assert!(shown.contains("begins after the last request"), "{shown}");
}
