//! Commands that look at the project without a database.

use std::fs;

use crate::process::fresh_home;

#[test]
fn check_says_that_the_project_is_sound() {
    let said = check(&["check"], &["sound: ", " modules", " models"]);
    assert!(said.contains("leads: own and free leads (leads.user: create"), "{said}");
    assert!(said.contains(r#"    "leads"."owner_id" = $1"#), "{said}");
    assert!(!said.contains("warning: "), "{said}");
}

#[test]
fn modules_come_in_their_order() {
    let text = check(&["modules"], &["logger", "database", "users", "products"]);
    let at = |name: &str| text.find(&format!("\n  {name}\n")).unwrap();
    assert!(at("logger") < at("database") && at("users") < at("leads"), "{text}");
}

#[test]
fn routes_name_method_and_path() {
    check(&["routes"], &["GET     /api/v1/products", "PATCH   /api/v1/leads/{id}"]);
}

#[test]
fn settings_hide_secrets_and_name_origins() {
    let text = check(
        &["settings"],
        &["ARTEL_AUTH__SECRET = (secret)  [environment]", "ARTEL_HTTP__LISTEN = 127.0.0.1:8000"],
    );
    assert!(!text.contains("0123456789abcdef"), "{text}");
}

#[test]
fn the_strongest_source_of_a_setting_wins() {
    let home = fresh_home();
    let toml =
        "data_dir = \"a\"\n[http]\ndrain_s = 1\norigins = [\"https://a.b\", \"https://c.d\"]\n";
    fs::write(home.path("artel.toml"), toml).unwrap();
    fs::write(home.path(".env"), "ARTEL_DATA_DIR=b\nARTEL_HTTP__DRAIN_S=2\nOTHER=x\n").unwrap();
    let mut command = home.command(&["settings"]);
    let output = command.env("ARTEL_HTTP__DRAIN_S", "3").env("ARTEL_DATA_DIR", "").output();
    let text = String::from_utf8(output.unwrap().stdout).unwrap();
    for line in [
        "ARTEL_HTTP__ORIGINS = https://a.b,https://c.d  [artel.toml]",
        "ARTEL_DATA_DIR = b  [.env]",
        "ARTEL_HTTP__DRAIN_S = 3  [environment]",
        "ARTEL_HTTP__SHUTDOWN_S = 30  [default]",
    ] {
        assert!(text.contains(line), "`{line}` is missing:\n{text}");
    }
}

#[test]
fn the_openapi_document_is_json() {
    let text = check(&["openapi"], &["/api/v1/products"]);
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["openapi"].as_str().unwrap().split('.').next(), Some("3"));
}

/// Runs the program, which must succeed and print all of `expected`; gives what it printed.
#[track_caller]
fn check(arguments: &[&str], expected: &[&str]) -> String {
    let mut command = fresh_home().command(arguments);
    command.env("ARTEL_AUTH__SECRET", "0123456789abcdef0123456789abcdef");
    let home = fresh_home();
    let output = command.current_dir(home.path("")).output().unwrap();
    let (text, said) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    for wanted in expected {
        assert!(text.contains(wanted), "`{wanted}` is missing:\n{text}");
    }
    text.into_owned()
}
