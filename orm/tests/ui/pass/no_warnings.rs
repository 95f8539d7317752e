//! A derive leaves no warning behind, wherever it stands and whatever stands around it.

#![deny(warnings, missing_docs, unused_qualifications, unreachable_pub)]
#![forbid(unsafe_code)]

use orm::{Model, Result, Secret, Selection};

#[derive(Model)]
#[model(table = "notes")]
struct Note {
    text: String,
    kind: Kind,
    #[field(seal = text)]
    secret: Secret,
}

#[derive(Clone, Copy, Selection)]
enum Kind {
    Short,
    None,
}

/// Has no field of its own.
#[derive(Model)]
#[model(table = "empties")]
pub struct Empty {}

/// Shows a type to nobody that nobody may see.
#[derive(Model)]
#[model(table = "chests")]
pub struct Chest {
    kind: Kind,
}

async fn text(text: String) -> Result<String> {
    Ok(text)
}

/// Names that the emitted code must not trip over.
pub mod names {
    use orm::Model;

    /// Not the one of the standard library.
    pub struct Option;
    /// Neither.
    #[expect(non_snake_case, reason = "stands in the way of the variant")]
    pub fn Some(_: Option) {}
    /// Neither.
    pub struct String;
    /// Neither.
    pub trait Into {}

    /// Says what it holds.
    #[derive(Model)]
    #[model(table = "things", order = "-rank")]
    pub struct Thing {
        #[field(default = 3, min = 0)]
        pub(crate) rank: i16,
    }
}

#[test]
fn no_warning_is_left_behind() {
    #[derive(Model)]
    #[model(table = "locals")]
    struct Local {
        size: i64,
    }

    let Note { text, kind, secret } = &Note {
        text: "x".to_owned(),
        kind: [Kind::Short, Kind::None][0],
        secret: Secret::from("x".to_owned()),
    };
    let _ = (
        text,
        *kind,
        secret,
        Local { size: 1 }.size,
        names::Thing { rank: 1 }.rank,
        Empty {},
        Chest { kind: *kind }.kind,
    );
    assert_eq!(Local::def().fields.len() + names::Thing::def().fields.len(), 2);
}
