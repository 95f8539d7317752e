//! A window of a real browser: Chromium without a screen, steered as a person would.
//!
//! The driver of the browser is started when a test first asks for a window, and ends with the
//! process, however that ends; so do its windows.
//!
//! **Invariant:** what a page shows is waited for, with a limit; nothing waits for time to pass.

mod driver;
mod wire;

use std::{
    fs,
    path::Path,
    process,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use tokio::time::{self, Instant};

use crate::{
    browser::wire::{Answer, Wire},
    cluster,
};

/// Longer than a page takes on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(20);

/// Keys that stand for no sign (`WebDriver`, section 17.4.2).
const CONTROL: &str = "\u{E009}";
const ENTER: &str = "\u{E007}";
const ESCAPE: &str = "\u{E00C}";

/// A window, of a profile that no other window has.
pub struct TestBrowser {
    window: Wire,
}

impl TestBrowser {
    /// Opens a page in a window of somebody who reads these languages: `ru-RU,ru`.
    ///
    /// # Panics
    /// When there is no browser on this machine; says what can be done.
    pub async fn open(url: &str, languages: &str) -> Self {
        let place = driver::place().await;
        let arguments = [
            "--headless=new",
            // A container may have too little shared memory, and no rights to build a sandbox with;
            // the only page that is opened is ours.
            "--disable-dev-shm-usage",
            "--no-sandbox",
            // When the driver goes, so does the browser.
            "--remote-debugging-pipe",
            "--window-size=1000,720",
            &format!("--accept-lang={languages}"),
        ];
        let capabilities = json!({
            "browserName": "chrome",
            "goog:chromeOptions": { "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let window = Wire::open(place, capabilities).await.unwrap_or_else(|error| {
            panic!("tests need Chromium, which did not start ({error}); {}", driver::CURE)
        });
        let browser = Self { window };
        browser.go(url).await;
        browser
    }

    /// Opens another page.
    pub async fn go(&self, url: &str) {
        done(self.window.post("/url", json!({ "url": url })).await, "open", url);
    }

    /// Loads the page anew.
    pub async fn reload(&self) {
        done(self.window.post("/refresh", json!({})).await, "reload", "the page");
    }

    /// Clicks on an element, as soon as it can be clicked on.
    pub async fn click(&self, css: &str) {
        self.with("clicked on", css, ("click", &json!({}))).await;
    }

    /// Types into a field.
    pub async fn write(&self, css: &str, text: &str) {
        self.press(css, text).await;
    }

    /// Takes away what stands in a field, then types.
    pub async fn rewrite(&self, css: &str, text: &str) {
        self.press(css, &format!("{CONTROL}a")).await;
        self.press(css, text).await;
    }

    /// Presses Enter in a field.
    pub async fn enter(&self, css: &str) {
        self.press(css, ENTER).await;
    }

    /// Presses Escape in a field.
    pub async fn escape(&self, css: &str) {
        self.press(css, ESCAPE).await;
    }

    /// What elements show to whoever looks, in their order; those that are hidden are left out.
    pub async fn texts(&self, css: &str) -> Vec<String> {
        const SCRIPT: &str = "return [...document.querySelectorAll(arguments[0])] \
            .filter((it) => it.checkVisibility()).map((it) => it.innerText.trim())";
        let texts = self.run_with(SCRIPT, vec![Value::from(css)]).await;
        let texts = texts.as_array().map_or(&[][..], Vec::as_slice);
        texts.iter().map(|it| it.as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Waits until the elements show just these texts, in this order.
    pub async fn sees(&self, css: &str, wanted: &[&str]) {
        self.wait(css, &format!("{wanted:?}"), |texts| texts == wanted).await;
    }

    /// Waits until one of the elements shows something with this in it.
    pub async fn sees_some(&self, css: &str, part: &str) {
        let is_there = |texts: &[String]| texts.iter().any(|it| it.contains(part));
        self.wait(css, &format!("…{part}…"), is_there).await;
    }

    /// Runs a script in the page; what it returns.
    pub async fn run(&self, script: &str) -> Value {
        self.run_with(script, Vec::new()).await
    }

    /// Waits until a script returns what is true.
    pub async fn comes_true(&self, script: &str) {
        let until = Instant::now() + PATIENCE;
        while self.run(script).await != true {
            if Instant::now() > until {
                self.give_up(format!("`{script}` is not true")).await;
            }
            time::sleep(PAUSE).await;
        }
    }

    /// What the browser has complained of since it was asked last: faults of scripts, what a policy
    /// forbids, what could not be loaded. Each with its source: `network: …`.
    pub async fn complaints(&self) -> Vec<String> {
        let log = self.window.post("/se/log", json!({ "type": "browser" })).await;
        let log = done(log, "read", "the log");
        let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
        let is_bad = |it: &&Value| it["level"] == "SEVERE" || it["level"] == "WARNING";
        let log = log.as_array().map_or(&[][..], Vec::as_slice).iter().filter(is_bad);
        log.map(|it| format!("{}: {}", text(&it["source"]), text(&it["message"]))).collect()
    }

    /// Keeps a picture of the window as a PNG.
    pub async fn keep_picture(&self, path: &Path) {
        let picture = done(self.window.get("/screenshot").await, "make", "a picture");
        let picture = BASE64_STANDARD.decode(picture.as_str().unwrap_or_default());
        let kept = picture.map_err(|it| it.to_string());
        let kept = kept.and_then(|it| fs::write(path, it).map_err(|it| it.to_string()));
        done(kept, "keep", "a picture");
    }

    /// Closes the window.
    pub async fn close(self) {
        done(self.window.close().await, "close", "the window");
    }

    async fn run_with(&self, script: &str, arguments: Vec<Value>) -> Value {
        let body = json!({ "script": script, "args": arguments });
        done(self.window.post("/execute/sync", body).await, "run", script)
    }

    async fn wait(&self, css: &str, wanted: &str, is_there: impl Fn(&[String]) -> bool) {
        let until = Instant::now() + PATIENCE;
        loop {
            let texts = self.texts(css).await;
            if is_there(&texts) {
                return;
            }
            if Instant::now() > until {
                self.give_up(format!("`{css}` shows {texts:?} and not {wanted}")).await;
            }
            time::sleep(PAUSE).await;
        }
    }

    /// Fails, and keeps what somebody would look at first.
    async fn give_up(&self, why: String) -> ! {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let folder = cluster::target().join("pictures");
        let _ = fs::create_dir_all(&folder);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let picture = folder.join(format!("{}-{count}.png", process::id()));
        self.keep_picture(&picture).await;
        let mut complaints = self.complaints().await;
        complaints.truncate(5);
        let picture = picture.display();
        panic!("{why} within {PATIENCE:?}; a picture is in {picture}; complaints: {complaints:?}")
    }

    async fn press(&self, css: &str, keys: &str) {
        self.with("written into", css, ("value", &json!({ "text": keys }))).await;
    }

    /// Does something with an element, as soon as it is there and can be reached.
    async fn with(&self, deed: &str, css: &str, (command, body): (&str, &Value)) {
        let until = Instant::now() + PATIENCE;
        loop {
            let acted = match self.window.element(css).await {
                Ok(element) => {
                    self.window.post(&format!("{element}/{command}"), body.clone()).await
                }
                Err(error) => Err(error),
            };
            let Err(error) = acted else { return };
            if Instant::now() > until {
                self.give_up(format!("`{css}` cannot be {deed}: {error}")).await;
            }
            time::sleep(PAUSE).await;
        }
    }
}

#[track_caller]
fn done<T>(result: Answer<T>, deed: &str, what: &str) -> T {
    result.unwrap_or_else(|error| panic!("the browser cannot {deed} {what}: {error}"))
}
