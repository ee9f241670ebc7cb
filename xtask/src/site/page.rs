//! One page in the browser: opened at a size, asked, and typed at.

use serde_json::{Value, json};

use super::browser::{Browser, BrowserError};

/// How a page is looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    /// Width of the window.
    pub(super) width: u32,
    /// Colour scheme that the reader prefers.
    pub(super) scheme: &'static str,
}

/// A page that is open.
pub(super) struct Page<'b> {
    browser: &'b mut Browser,
    target: String,
    session: String,
}

impl<'b> Page<'b> {
    /// Opens an address and waits until it is loaded and laid out.
    pub(super) fn open(browser: &'b mut Browser, url: &str, look: Look) -> Result<Self, BrowserError> {
        browser.taken();
        let made = browser.call(None, "Target.createTarget", json!({"url": "about:blank"}))?;
        let target = text(&made["targetId"]);
        let attach = json!({"targetId": target, "flatten": true});
        let attached = browser.call(None, "Target.attachToTarget", attach)?;
        let session = text(&attached["sessionId"]);
        let mut page = Self {
            browser,
            target,
            session,
        };
        for domain in ["Page", "Runtime", "Log", "Network"] {
            page.call(&format!("{domain}.enable"), json!({}))?;
        }
        let size = json!({"width": look.width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        page.call("Emulation.setDeviceMetricsOverride", size)?;
        let scheme = json!({"features": [{"name": "prefers-color-scheme", "value": look.scheme}]});
        page.call("Emulation.setEmulatedMedia", scheme)?;
        page.call("Page.navigate", json!({"url": url}))?;
        page.wait("Page.loadEventFired")?;
        // Observers of sizes answer after the first frame.
        page.ask("new Promise((done) => setTimeout(() => requestAnimationFrame(() => done(0)), 50))")?;
        Ok(page)
    }

    fn call(&mut self, method: &str, params: Value) -> Result<Value, BrowserError> {
        self.browser.call(Some(&self.session), method, params)
    }

    fn wait(&mut self, event: &str) -> Result<Value, BrowserError> {
        let session = self.session.clone();
        let is_it = |m: &Value| m["method"] == json!(event) && m["sessionId"] == json!(session);
        self.browser.wait(event, is_it)
    }

    /// The value of an expression, after its promise is kept.
    pub(super) fn ask(&mut self, expression: &str) -> Result<Value, BrowserError> {
        let params = json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        let mut answer = self.call("Runtime.evaluate", params)?;
        match answer.get("exceptionDetails") {
            Some(fault) => Err(BrowserError::Refused {
                method: "Runtime.evaluate".to_owned(),
                message: format!("{}: {}", fault["text"], fault["exception"]["description"]),
            }),
            None => Ok(answer["result"]["value"].take()),
        }
    }

    /// Presses a key and lets it go.
    pub(super) fn press(&mut self, key: &str, code: u32, types: &str) -> Result<(), BrowserError> {
        for kind in ["keyDown", "keyUp"] {
            let text = if kind == "keyDown" { types } else { "" };
            self.call(
                "Input.dispatchKeyEvent",
                json!({"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "text": text}),
            )?;
        }
        Ok(())
    }

    /// Follows the link of this number among those that match, and returns the name and the bytes of what was downloaded.
    /// By a key, as a person would.
    pub(super) fn download(
        &mut self,
        selector: &str,
        number: usize,
    ) -> Result<(String, Vec<u8>), BrowserError> {
        let focus = format!("document.querySelectorAll({})[{number}].focus()", json!(selector));
        self.ask(&focus)?;
        self.press("Enter", 13, "\r")?;
        let begun = |m: &Value| m["method"] == json!("Browser.downloadWillBegin");
        let begun = self.browser.wait("Browser.downloadWillBegin", begun)?;
        let guid = begun["params"]["guid"].clone();
        let over = |m: &Value| {
            m["method"] == json!("Browser.downloadProgress")
                && m["params"]["guid"] == guid
                && m["params"]["state"] != json!("inProgress")
        };
        self.browser.wait("Browser.downloadProgress", over)?;
        let name = text(&begun["params"]["suggestedFilename"]);
        let file = self.browser.downloads().join(&name);
        let bytes = std::fs::read(&file)?;
        std::fs::remove_file(&file)?;
        Ok((name, bytes))
    }

    /// Closes it and returns what happened in it.
    pub(super) fn close(self) -> Result<Vec<Value>, BrowserError> {
        let close = json!({"targetId": self.target});
        self.browser.call(None, "Target.closeTarget", close)?;
        let mut events = self.browser.taken();
        events.retain(|e| e["sessionId"] == json!(self.session));
        Ok(events)
    }
}

/// The text in a value; empty if it is none.
pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
