//! What the compiler says to the author of a model: one mistake a file, each with its cure.
//!
//! `TRYBUILD=overwrite cargo test -p orm --test ui` writes the messages anew; read them as prose.
//! What must compile is a part of this program, not of `trybuild`: then that only checks the
//! mistakes, and no dependency is built a second time.

#[path = "ui/pass/aliases_of_types.rs"]
pub mod aliases_of_types;
#[path = "ui/pass/every_option.rs"]
pub mod every_option;
#[path = "ui/pass/extensions.rs"]
pub mod extensions;
#[path = "ui/pass/fifty_models_in_a_circle.rs"]
pub mod fifty_models_in_a_circle;
#[path = "ui/pass/no_warnings.rs"]
pub mod no_warnings;
#[path = "ui/pass/reference_to_itself.rs"]
pub mod reference_to_itself;

#[test]
fn mistakes_do_not_compile_and_say_why() {
    trybuild::TestCases::new().compile_fail("tests/ui/fail/*.rs");
}
