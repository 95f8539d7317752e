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
    let source = Source::of([
        ("ARTEL_AUTH__SECRET", SECRET),
        ("ARTEL_CHAT__REDIS_URL", "redis://ann:hidden@host"),
        ("ARTEL_CHAT__NATS_URL", "nats://ann:hidden@host"),
    ]);
    let shown = format!("{:?}", Settings::read(&source).unwrap());
    assert!(!shown.contains(SECRET) && !shown.contains("hidden"), "{shown}");
}

#[test]
fn a_broker_needs_its_address() {
    for (broker, name, url) in [
        ("redis", "ARTEL_CHAT__REDIS_URL", "redis://user:password@host:6379"),
        ("nats", "ARTEL_CHAT__NATS_URL", "nats://user:password@host:4222"),
    ] {
        let own = [("ARTEL_AUTH__SECRET", SECRET), ("ARTEL_CHAT__PUBSUB", broker)];
        check(
            &Source::of(own),
            &format!("{name}: missing, and ARTEL_CHAT__PUBSUB asks for it; write {url}"),
        );
        assert!(Settings::read(&Source::of(own.into_iter().chain([(name, url)]))).is_ok());
    }
}

#[test]
fn what_reaches_no_other_process_is_not_for_production() {
    let own = [("ARTEL_AUTH__SECRET", SECRET), ("ARTEL_CHAT__PUBSUB", "memory")];
    check(
        &Source::of(own),
        "ARTEL_CHAT__PUBSUB: `memory` reaches no other process, which is not for production; leave \
         it out, and the database does it, or write redis or nats",
    );
    assert!(
        Settings::read(&Source::of(own.into_iter().chain([("ARTEL_MODE", "development")]))).is_ok()
    );
}

#[test]
fn addresses_of_brokers_are_not_repeated() {
    check(
        &Source::of([
            ("ARTEL_AUTH__SECRET", SECRET),
            ("ARTEL_CHAT__PUBSUB", "rabbit"),
            ("ARTEL_CHAT__PUBSUB_NAMESPACE", "Our Shop"),
            ("ARTEL_CHAT__REDIS_URL", "ann:hidden@host"),
            ("ARTEL_CHAT__NATS_URL", "nats://host,http://ann:hidden@host"),
        ]),
        "ARTEL_CHAT__PUBSUB: `rabbit` is no broker; write pg, redis, nats or memory\n\
         ARTEL_CHAT__PUBSUB_NAMESPACE: `Our Shop` is no namespace; write 1 to 16 of a-z, 0-9 and _\n\
         ARTEL_CHAT__REDIS_URL: this is no address of a Redis server; write \
         redis://user:password@host:6379\n\
         ARTEL_CHAT__NATS_URL: this is no address of a NATS server; write \
         nats://user:password@host:4222, with commas between several",
    );
}

/// Reads the settings and compares the faults, one a line, with `expected`.
#[track_caller]
fn check(source: &Source, expected: &str) {
    match Settings::read(source) {
        Ok(_) => panic!("expected faults:\n{expected}"),
        Err(faults) => assert_eq!(faults.to_string(), expected),
    }
}
