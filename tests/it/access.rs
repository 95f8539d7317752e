//! Rights as people read them: the policy of the shipped modules, and why somebody may or may not.

mod agreement;
mod command;
mod reason;

use artel_core::Module;
use expect_test::expect_file;

use crate::process::fresh_home;

/// Every module of the product, with those that they need.
const MODULES: [Module; 7] = [
    auth_token::MODULE,
    security::MODULE,
    products::MODULE,
    leads::MODULE,
    sales::MODULE,
    tasks::MODULE,
    chat::MODULE,
];

/// A diff here is a change of policy: read it as prose.
#[test]
fn the_policy_of_the_shipped_modules_is_as_it_was_last_seen() {
    let home = fresh_home();
    let output = home.command(&["access", "matrix"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    expect_file!["access/matrix.txt"].assert_eq(&String::from_utf8(output.stdout).unwrap());
}
