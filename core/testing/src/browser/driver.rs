//! The driver of the browser: one for a test process.

use std::{
    env,
    path::PathBuf,
    process::{Command, Stdio},
};

use tokio::{sync::OnceCell, task};

use crate::watched::{Watched, own_folder};

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
    let path = env::var_os("PATH").unwrap_or_default();
    let usual = ["/usr/bin", "/usr/lib/chromium", "/opt/homebrew/bin"];
    let folders = env::split_paths(&path).chain(usual.map(PathBuf::from));
    let found = folders.map(|it| it.join(NAME)).find(|program| {
        let tried = Command::new(program)
            .arg("--version")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        tried.is_ok_and(|it| it.success())
    });
    found.unwrap_or_else(|| panic!("tests need `{NAME}`, which is not here; {CURE}"))
}
