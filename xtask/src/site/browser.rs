//! Headless Chromium, spoken to over two pipes in the DevTools protocol: one JSON message after the other, each ended by
//! a zero byte.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::SiteError;

/// After this long an answer is not waited for.
const PATIENCE: Duration = Duration::from_secs(120);

/// Names under which systems install it.
const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// The browser reads messages from descriptor 3 and writes them to 4; what it says besides goes nowhere.
const PIPES: &str = "exec 3<&0 4>&1 </dev/null >/dev/null 2>&1; exec \"$0\" \"$@\"";

/// Why the browser does not do what it is told.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BrowserError {
    /// It does not start, or is gone.
    #[error("Chromium: {0}")]
    Io(#[from] std::io::Error),
    /// It closed its end.
    #[error("Chromium ended while `{waiting}` was waited for")]
    Gone { waiting: String },
    /// It does not answer.
    #[error("Chromium gave no answer to `{waiting}` in {} s", PATIENCE.as_secs())]
    Silent { waiting: String },
    /// It refuses.
    #[error("Chromium refuses `{method}`: {message}")]
    Refused { method: String, message: String },
}

/// A browser that runs.
pub(super) struct Browser {
    child: Child,
    to: ChildStdin,
    from: Receiver<Value>,
    events: VecDeque<Value>,
    asked: u64,
    /// Its profile and what it downloads; removed with it.
    home: tempfile::TempDir,
}

/// Where Chromium is: the path in `CHROMIUM`, or the first of its names on `PATH`.
pub(super) fn program() -> Result<PathBuf, SiteError> {
    if let Some(path) = std::env::var_os("CHROMIUM") {
        return Ok(PathBuf::from(path));
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = NAMES
        .iter()
        .flat_map(|name| std::env::split_paths(&path).map(move |folder| folder.join(name)))
        .find(|file| file.is_file());
    found.ok_or_else(|| {
        SiteError::Missing(
            "Chromium is not installed (on Debian: apt-get install chromium; elsewhere: put its path into CHROMIUM)"
                .to_owned(),
        )
    })
}

impl Browser {
    /// Starts it with a profile of its own. Its sandbox is off: it opens nothing but our own files, and in a container it
    /// could not start with it.
    pub(super) fn start(program: &std::path::Path) -> Result<Self, BrowserError> {
        let home = tempfile::tempdir()?;
        std::fs::create_dir(home.path().join("downloads"))?;
        let mut child = Command::new("sh")
            .args(["-c", PIPES])
            .arg(program)
            .args([
                "--headless",
                "--remote-debugging-pipe",
                "--no-sandbox",
                "--disable-gpu",
            ])
            .args([
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
            ])
            .args([
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--disable-quic",
            ])
            .arg(format!(
                "--user-data-dir={}",
                home.path().join("profile").display()
            ))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let gone = || std::io::Error::other("its pipes did not open");
        let to = child.stdin.take().ok_or_else(gone)?;
        let answers = child.stdout.take().ok_or_else(gone)?;
        let (sender, from) = channel();
        std::thread::spawn(move || {
            for message in BufReader::new(answers).split(0).map_while(Result::ok) {
                let Ok(message) = serde_json::from_slice(&message) else {
                    continue;
                };
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let mut browser = Self {
            child,
            to,
            from,
            events: VecDeque::new(),
            asked: 0,
            home,
        };
        let downloads = browser.downloads();
        browser.call(
            None,
            "Browser.setDownloadBehavior",
            json!({"behavior": "allow", "downloadPath": downloads, "eventsEnabled": true}),
        )?;
        Ok(browser)
    }

    /// Where downloads go.
    pub(super) fn downloads(&self) -> PathBuf {
        self.home.path().join("downloads")
    }

    /// Asks for something and waits for the answer; events that come before it are kept.
    pub(super) fn call(
        &mut self,
        session: Option<&str>,
        method: &str,
        params: Value,
    ) -> Result<Value, BrowserError> {
        self.asked += 1;
        let mut message = json!({"id": self.asked, "method": method, "params": params});
        if let Some(session) = session {
            message["sessionId"] = json!(session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.to.write_all(&bytes)?;
        let until = Instant::now() + PATIENCE;
        loop {
            let mut message = self.next(method, until)?;
            if message["id"] != json!(self.asked) {
                self.events.push_back(message);
            } else if let Some(error) = message.get("error") {
                return Err(BrowserError::Refused {
                    method: method.to_owned(),
                    message: error["message"].as_str().unwrap_or_default().to_owned(),
                });
            } else {
                return Ok(message["result"].take());
            }
        }
    }

    /// Waits for an event that passes the test, and returns it; the others are kept.
    pub(super) fn wait(
        &mut self,
        waiting: &str,
        is_it: impl Fn(&Value) -> bool,
    ) -> Result<Value, BrowserError> {
        if let Some(event) = self
            .events
            .iter()
            .position(&is_it)
            .and_then(|i| self.events.remove(i))
        {
            return Ok(event);
        }
        let until = Instant::now() + PATIENCE;
        loop {
            let message = self.next(waiting, until)?;
            if is_it(&message) {
                return Ok(message);
            }
            self.events.push_back(message);
        }
    }

    /// The events that have come since this was last asked.
    pub(super) fn taken(&mut self) -> Vec<Value> {
        self.events.extend(self.from.try_iter());
        self.events.drain(..).collect()
    }

    fn next(&self, waiting: &str, until: Instant) -> Result<Value, BrowserError> {
        let left = until.saturating_duration_since(Instant::now());
        let waiting = || waiting.to_owned();
        self.from.recv_timeout(left).map_err(|error| match error {
            RecvTimeoutError::Timeout => BrowserError::Silent { waiting: waiting() },
            RecvTimeoutError::Disconnected => BrowserError::Gone { waiting: waiting() },
        })
    }

    /// Ends it in good order.
    pub(super) fn close(mut self) -> Result<(), BrowserError> {
        self.call(None, "Browser.close", json!({}))?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It has ended already unless an error came first.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
