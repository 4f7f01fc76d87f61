//! A page in a tab, and what a person can do there.

use std::path::Path;

use serde_json::{Value, json};

use super::browser::Browser;

const CHECKS: &str = include_str!("checks.js");

/// A tab with a page.
pub(crate) struct Tab<'browser> {
    browser: &'browser mut Browser,
    session: String,
    target: String,
    address: String,
}

/// How the page is to be shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shown {
    pub(crate) width: u32,
    pub(crate) is_dark: bool,
    pub(crate) scripts: bool,
}

impl Default for Shown {
    fn default() -> Shown {
        Shown { width: 1280, is_dark: false, scripts: true }
    }
}

impl<'browser> Tab<'browser> {
    pub(crate) fn open(browser: &'browser mut Browser, file: &Path, shown: Shown) -> Tab<'browser> {
        let target = browser.call(None, "Target.createTarget", json!({ "url": "about:blank" }));
        let target = target["targetId"].as_str().unwrap().to_owned();
        let attach = json!({ "targetId": target, "flatten": true });
        let session = browser.call(None, "Target.attachToTarget", attach);
        let session = session["sessionId"].as_str().unwrap().to_owned();
        let address = format!("file://{}", file.display());
        let mut tab = Tab { browser, session, target, address };
        for domain in ["Page", "Runtime", "Log", "Network"] {
            tab.call(&format!("{domain}.enable"), json!({}));
        }
        let scheme = if shown.is_dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" }] });
        tab.call("Emulation.setEmulatedMedia", media);
        let size = json!({ "width": shown.width, "height": 900, "deviceScaleFactor": 1,
            "mobile": shown.width < 600 });
        tab.call("Emulation.setDeviceMetricsOverride", size);
        if !shown.scripts {
            tab.call("Emulation.setScriptExecutionDisabled", json!({ "value": true }));
        }
        drop(tab.browser.told());
        let address = tab.address.clone();
        tab.call("Page.navigate", json!({ "url": address }));
        tab.browser.wait("Page.loadEventFired");
        tab
    }

    fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.browser.call(Some(&self.session), method, parameters)
    }

    /// The value of an expression on the page; it works with the page's scripts off, too.
    #[track_caller]
    pub(crate) fn ask(&mut self, expression: &str) -> Value {
        let parameters = json!({ "expression": expression, "returnByValue": true });
        let answer = self.call("Runtime.evaluate", parameters);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {answer}");
        answer["result"]["value"].clone()
    }

    /// What a person who can't see well, or uses keys alone, would stumble over.
    pub(crate) fn stumbles(&mut self) -> Vec<String> {
        let found = self.ask(CHECKS);
        found.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
    }

    /// Where the middle of an element is, after it was brought into view.
    #[track_caller]
    pub(crate) fn place(&mut self, selector: &str) -> (f64, f64) {
        let found = self.ask(&format!(
            "(() => {{ const element = document.querySelector({selector:?});
              element.scrollIntoView({{ block: 'center', inline: 'center' }});
              const box = element.getBoundingClientRect();
              return [box.left + box.width / 2, box.top + box.height / 2]; }})()"
        ));
        // What scrolls tells of it with the next frame, and that hides what hung on the mouse.
        self.call(
            "Runtime.evaluate",
            json!({ "awaitPromise": true, "expression":
                "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))" }),
        );
        (found[0].as_f64().unwrap(), found[1].as_f64().unwrap())
    }

    pub(crate) fn hover(&mut self, selector: &str) {
        let (x, y) = self.place(selector);
        // In two steps, as a hand does.
        for (x, y) in [(x - 1.0, y), (x, y)] {
            self.mouse("mouseMoved", x, y, "none");
        }
    }

    pub(crate) fn click(&mut self, selector: &str) {
        let (x, y) = self.place(selector);
        self.mouse("mouseMoved", x, y, "none");
        self.mouse("mousePressed", x, y, "left");
        self.mouse("mouseReleased", x, y, "left");
    }

    fn mouse(&mut self, kind: &str, x: f64, y: f64, button: &str) {
        let clicks = u8::from(button == "left");
        self.call(
            "Input.dispatchMouseEvent",
            json!({ "type": kind, "x": x, "y": y, "button": button, "clickCount": clicks }),
        );
    }

    /// Presses a key: `Tab`, `Enter`, `ArrowRight`.
    pub(crate) fn key(&mut self, key: &str) {
        let (code, text) = match key {
            "Enter" => (13, "\r"),
            "Tab" => (9, ""),
            "Escape" => (27, ""),
            "ArrowLeft" => (37, ""),
            "ArrowRight" => (39, ""),
            other => panic!("no key {other}"),
        };
        let down = if text.is_empty() { "rawKeyDown" } else { "keyDown" };
        for kind in [down, "keyUp"] {
            let text = if kind == "keyUp" { "" } else { text };
            self.call(
                "Input.dispatchKeyEvent",
                json!({ "type": kind, "key": key, "code": key, "text": text,
                    "windowsVirtualKeyCode": code, "nativeVirtualKeyCode": code }),
            );
        }
    }

    /// Errors that the browser told of, and requests that left the page.
    pub(crate) fn complaints(&mut self) -> Vec<String> {
        // Whatever was on its way is here when this is answered.
        self.ask("0");
        let address = self.address.clone();
        let told = self.browser.told();
        let complaint = |event: Value| {
            let parameters = &event["params"];
            match event["method"].as_str().unwrap_or_default() {
                "Runtime.exceptionThrown" => Some(event.to_string()),
                "Runtime.consoleAPICalled" => Some(event.to_string()),
                "Log.entryAdded" => Some(event.to_string()),
                "Network.requestWillBeSent" => {
                    let asked = parameters["request"]["url"].as_str().unwrap_or_default();
                    (asked != address && !asked.starts_with("data:")).then(|| event.to_string())
                }
                _ => None,
            }
        };
        told.into_iter().filter_map(complaint).collect()
    }
}

impl Drop for Tab<'_> {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let target = self.target.clone();
            self.browser.call(None, "Target.closeTarget", json!({ "targetId": target }));
        }
    }
}
