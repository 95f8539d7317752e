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

use serde_json::Value;
use thirtyfour::{
    By, ChromiumLikeCapabilities, DesiredCapabilities, Key, LoggingPrefsLogLevel, WebDriver,
    WebElement, error::WebDriverResult,
};
use tokio::time::{self, Instant};

use crate::{browser::wire::Wire, cluster};

/// Longer than a page takes on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(20);

/// A window, of a profile that no other window has.
pub struct TestBrowser {
    driver: WebDriver,
}

impl TestBrowser {
    /// Opens a page in a window of somebody who reads these languages: `ru-RU,ru`.
    ///
    /// # Panics
    /// When there is no browser on this machine; says what can be done.
    pub async fn open(url: &str, languages: &str) -> Self {
        let place = driver::place().await;
        let mut wanted = DesiredCapabilities::chrome();
        let languages = format!("--accept-lang={languages}");
        let arguments = [
            "--headless=new",
            // A container may have too little shared memory, and no rights to build a sandbox with;
            // the only page that is opened is ours.
            "--disable-dev-shm-usage",
            "--no-sandbox",
            // When the driver goes, so does the browser.
            "--remote-debugging-pipe",
            "--window-size=1000,720",
            &languages,
        ];
        for argument in arguments {
            wanted.add_arg(argument).expect("an argument is a text");
        }
        wanted.set_browser_log_level(LoggingPrefsLogLevel::All).expect("a level is a text");
        let opened = WebDriver::builder(place, wanted).client(Wire::open()).connect().await;
        let driver = opened.unwrap_or_else(|error| {
            panic!("tests need Chromium, which did not start ({error}); {}", driver::CURE)
        });
        let browser = Self { driver };
        browser.go(url).await;
        browser
    }

    /// Opens another page.
    pub async fn go(&self, url: &str) {
        done(self.driver.goto(url).await, "open", url);
    }

    /// Loads the page anew.
    pub async fn reload(&self) {
        done(self.driver.refresh().await, "reload", "the page");
    }

    /// Clicks on an element, as soon as it can be clicked on.
    pub async fn click(&self, css: &str) {
        let click = async |element: WebElement| element.click().await;
        self.with("clicked on", css, click).await;
    }

    /// Types into a field.
    pub async fn write(&self, css: &str, text: &str) {
        let write = async |field: WebElement| field.send_keys(text).await;
        self.with("written into", css, write).await;
    }

    /// Takes away what stands in a field, then types.
    pub async fn rewrite(&self, css: &str, text: &str) {
        let rewrite = async |field: WebElement| {
            field.send_keys(Key::Control + "a").await?;
            field.send_keys(text).await
        };
        self.with("written into", css, rewrite).await;
    }

    /// Presses Enter in a field.
    pub async fn enter(&self, css: &str) {
        let press = async |field: WebElement| field.send_keys(Key::Enter + "").await;
        self.with("written into", css, press).await;
    }

    /// Presses Escape in a field.
    pub async fn escape(&self, css: &str) {
        let press = async |field: WebElement| field.send_keys(Key::Escape + "").await;
        self.with("written into", css, press).await;
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
        let log = done(self.driver.browser_log().await, "read", "the log");
        let severe = log.into_iter().filter(|it| it.level == "SEVERE" || it.level == "WARNING");
        severe.map(|it| format!("{}: {}", it.source.unwrap_or_default(), it.message)).collect()
    }

    /// Keeps a picture of the window as a PNG.
    pub async fn keep_picture(&self, path: &Path) {
        done(self.driver.screenshot(path).await, "keep", "a picture");
    }

    /// Closes the window.
    pub async fn close(self) {
        done(self.driver.quit().await, "close", "the window");
    }

    async fn run_with(&self, script: &str, arguments: Vec<Value>) -> Value {
        done(self.driver.execute(script, arguments).await, "run", script).json().clone()
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

    /// Does something with an element, as soon as it is there and can be reached.
    async fn with(
        &self,
        deed: &str,
        css: &str,
        act: impl AsyncFn(WebElement) -> WebDriverResult<()>,
    ) {
        let until = Instant::now() + PATIENCE;
        loop {
            let acted = match self.driver.find(By::Css(css)).await {
                Ok(element) => act(element).await,
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
fn done<T>(result: WebDriverResult<T>, deed: &str, what: &str) -> T {
    result.unwrap_or_else(|error| panic!("the browser cannot {deed} {what}: {error}"))
}
