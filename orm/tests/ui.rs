//! What the compiler says to the author of a model: one mistake a file, each with its cure.
//!
//! `TRYBUILD=overwrite cargo test -p orm --test ui` writes the messages anew; read them as prose.

#[test]
fn mistakes_do_not_compile_and_say_why() {
    let models = trybuild::TestCases::new();
    models.compile_fail("tests/ui/fail/*.rs");
    models.pass("tests/ui/pass/*.rs");
}
