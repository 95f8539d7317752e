//! The driver of the browser: one for a test process.

use std::path::PathBuf;

use tokio::{sync::OnceCell, task};

use crate::{
    installed::installed,
    watched::{Watched, own_folder},
};

const NAME: &str = "chromedriver";

/// What can be done where there is no browser.
pub(super) const CURE: &str = "install it with its driver (apt-get install chromium chromium-driver, \
                               brew install --cask chromium chromedriver)";

/// Where the driver listens.
///
/// A static is right here: a test process has one, whatever number of windows it opens.
pub(super) async fn place() -> &'static str {
    static DRIVER: OnceCell<(String, Watched)> = OnceCell::const_new();
    let start = async || task::spawn_blocking(start).await.expect("the start was not cancelled");
    &DRIVER.get_or_init(start).await.0
}

fn start() -> (String, Watched) {
    let program = find();
    let driver = Watched::start((NAME, &program), own_folder("browser"), &["--port=0"]);
    // It picks a free port and says which.
    let port = driver.wait_until(|| {
        let log = driver.log();
        let (_, rest) = log.split_once("started successfully on port ")?;
        rest.split_once('.')?.0.parse::<u16>().ok()
    });
    (format!("http://127.0.0.1:{port}"), driver)
}

fn find() -> PathBuf {
    installed(NAME).unwrap_or_else(|| panic!("tests need `{NAME}`, which is not here; {CURE}"))
}
