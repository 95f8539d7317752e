//! What became of a call, as one line.

use orm::{At, ErrorKind, Result, Violation};

/// `done`, or what kind of error it is and of what it speaks.
pub(crate) fn said<T>(outcome: Result<T>) -> String {
    let Err(error) = outcome else { return "done".to_owned() };
    match error.kind() {
        ErrorKind::Invalid(list) => format!("invalid: {}", violations(list)),
        ErrorKind::BadJson(found) => format!("bad json: {found}"),
        ErrorKind::BadQuery(it) => violation(it),
        ErrorKind::Denied => "denied".to_owned(),
        ErrorKind::FieldForbidden(list) => violations(list),
        ErrorKind::Missing => "missing".to_owned(),
        ErrorKind::NotUnique { fields, .. } => format!("not unique: {}", fields.join(", ")),
        ErrorKind::StillReferenced { models } => {
            format!("still referenced: {}", models.join(", "))
        }
        ErrorKind::VersionMismatch { current } => format!("version is {current}"),
        ErrorKind::TooManyAffected { affected } => format!("too many: {affected}"),
        ErrorKind::Refused { code } => (*code).to_owned(),
        ErrorKind::Busy => "busy".to_owned(),
        ErrorKind::Unavailable(reason) => format!("unavailable: {reason}"),
        ErrorKind::Broken(what) => format!("broken: {what}"),
    }
}

fn violations(list: &[Violation]) -> String {
    list.iter().map(violation).collect::<Vec<_>>().join(", ")
}

fn violation(it: &Violation) -> String {
    let at = match &it.at {
        At::Pointer(pointer) => pointer,
        At::Parameter(name) => name,
    };
    let params = it.params.iter().map(|(name, value)| format!(" {name}={value}"));
    format!("{at} {}{}", it.code, params.collect::<String>())
}
