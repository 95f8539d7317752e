//! Settings in, values or faults out.

use super::*;

const SECRET: &str = "0123456789abcdef0123456789abcdef";

#[test]
fn every_default_is_a_value_of_its_setting() {
    for mode in ["development", "production"] {
        let source = Source::of([("ARTEL_MODE", mode), ("ARTEL_AUTH__SECRET", SECRET)]);
        let settings = Settings::read(&source).unwrap();
        assert_eq!(settings.http.listen.to_string(), "127.0.0.1:8000");
        assert_eq!(settings.http.body_limit, 1 << 20);
    }
}

#[test]
fn every_fault_is_reported_at_once() {
    check(
        &Source::of([
            ("ARTEL_MODE", "staging"),
            ("ARTEL_HTTP__LISTEN", "8000"),
            ("ARTEL_HTTP__LISTN", "x"),
            ("ARTEL_POOL__SIZE", "0"),
            ("ARTEL_AUTH__SECRET", "short"),
            ("DATABASE_URL", "mysql://root:hidden@host"),
        ]),
        "ARTEL_HTTP__LISTN: no setting is called so (flag); did you mean ARTEL_HTTP__LISTEN?\n\
         ARTEL_MODE: `staging` is no mode; write development or production\n\
         DATABASE_URL: this is no address of a PostgreSQL database; write \
         postgres://user:password@host/database\n\
         ARTEL_HTTP__LISTEN: `8000` is no address with a port; write one like 127.0.0.1:8000 or \
         [::]:8000\n\
         ARTEL_AUTH__SECRET: it has 5 bytes, and 32 are the least; make one with \
         `openssl rand -base64 48`\n\
         ARTEL_POOL__SIZE: `0` is no number above 0; write one in digits",
    );
}

#[test]
fn production_makes_no_secret_up() {
    check(
        &Source::of([("ARTEL_AUTH__SECRET", "")]),
        "ARTEL_AUTH__SECRET: missing, and production makes none up; set 32 random bytes or more \
         (`openssl rand -base64 48`), or ARTEL_AUTH__SECRET_FILE",
    );
}

#[test]
fn a_value_and_its_file_exclude_each_other() {
    check(
        &Source::of([("ARTEL_AUTH__SECRET", SECRET), ("ARTEL_AUTH__SECRET_FILE", "/secret")]),
        "ARTEL_AUTH__SECRET: ARTEL_AUTH__SECRET_FILE is set too (flag); keep one of them",
    );
}

#[test]
fn a_file_that_is_not_there_is_named() {
    check(
        &Source::of([("ARTEL_MODE", "development"), ("DATABASE_URL_FILE", "/no/such/file")]),
        "DATABASE_URL_FILE: cannot read /no/such/file: No such file or directory (os error 2); \
         name a file that can be read",
    );
}

#[test]
fn no_debug_output_shows_a_secret() {
    let source = Source::of([("ARTEL_AUTH__SECRET", SECRET)]);
    let shown = format!("{:?}", Settings::read(&source).unwrap());
    assert!(!shown.contains(SECRET), "{shown}");
}

/// Reads the settings and compares the faults, one a line, with `expected`.
#[track_caller]
fn check(source: &Source, expected: &str) {
    match Settings::read(source) {
        Ok(_) => panic!("expected faults:\n{expected}"),
        Err(faults) => assert_eq!(faults.to_string(), expected),
    }
}
