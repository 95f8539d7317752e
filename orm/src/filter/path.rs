//! What a request may name: fields by path, judged by the rights of whoever asks.
//!
//! **Invariant:** a field that the asker may not read is refused before its operator, its value
//! or its type are looked at, so that nothing of it can be told from the answer.

use crate::{
    At, Error, Outlook, Result, Scope, Session, Verb, Violation,
    filter::json::DEPTH_MAX,
    schema::{SchemaField, SchemaModel},
};

/// Gathers what the asker named and may not, while a request is read.
///
/// A request that cannot be understood is answered before one that may not be made; so what is
/// forbidden is kept until all was read.
pub struct Judge<'a> {
    outlook: Outlook<'a>,
    is_denied: bool,
    forbidden: Vec<Violation>,
}

/// A field that a request names, and the references on the way to it.
#[derive(Debug, Clone)]
pub struct FieldPath<'a> {
    /// The references, by declared name.
    pub hops: Vec<&'static str>,
    /// The model at the end of them.
    pub model: &'a SchemaModel,
    /// The field of that model.
    pub field: &'a SchemaField,
    /// Whether the record behind the reference was named (`category`) and not its column
    /// (`category_id`).
    pub is_record: bool,
}

impl<'a> Judge<'a> {
    /// For a request of this session.
    pub fn new(session: &'a Session) -> Self {
        Self::of(session.outlook())
    }

    /// For what somebody wrote who asks nothing now.
    pub fn of(outlook: Outlook<'a>) -> Self {
        Self { outlook, is_denied: false, forbidden: Vec::new() }
    }

    /// Who judges over what.
    pub fn outlook(&self) -> Outlook<'a> {
        self.outlook
    }

    /// Notes that the model is named; a path through one without a read grant is refused whole.
    pub fn model(&mut self, model: &SchemaModel, verb: Verb) {
        self.is_denied |= matches!(self.outlook.scope(model, verb), Scope::Denied);
    }

    /// Notes that the field is read; whether the asker may.
    pub fn reads(&mut self, model: &SchemaModel, field: &SchemaField, at: &At) -> bool {
        let readable = self.outlook.access.readable(model.id);
        let may = readable.is_none_or(|it| it.contains(field.id));
        self.note(may, at)
    }

    /// Notes that the field is written; whether the asker may.
    pub fn writes(&mut self, model: &SchemaModel, field: &SchemaField, at: &At) -> bool {
        let writable = self.outlook.access.writable(model.id);
        let may = writable.is_none_or(|it| it.contains(field.id));
        self.note(may, at)
    }

    fn note(&mut self, may: bool, at: &At) -> bool {
        if !may {
            let params = Vec::new();
            self.forbidden.push(Violation { at: at.clone(), code: "field_forbidden", params });
        }
        may
    }

    /// What is to be said of all that was named.
    ///
    /// # Errors
    /// Denied for a model, else forbidden for fields.
    pub fn verdict(self) -> Result<()> {
        if self.is_denied {
            return Err(Error::denied());
        }
        if self.forbidden.is_empty() { Ok(()) } else { Err(Error::field_forbidden(self.forbidden)) }
    }

    /// The field at the end of a dotted path; `None` when something on the way is closed, which
    /// is noted.
    ///
    /// # Errors
    /// `unknown_field` when the path leads nowhere, `bad_filter` when it has more levels than a
    /// filter may have. Secrets are unknown, too.
    pub fn path(
        &mut self,
        model: &'a SchemaModel,
        path: &str,
        at: &At,
    ) -> Result<Option<FieldPath<'a>>> {
        let unknown = || Error::bad_query(unknown_field(at, path));
        let mut hops = Vec::new();
        let mut model = model;
        let (way, last) = path.rsplit_once('.').map_or((None, path), |(a, b)| (Some(a), b));
        for name in way.iter().flat_map(|it| it.split('.')) {
            // A reference to itself leads on for ever.
            if hops.len() == DEPTH_MAX {
                return Err(Error::bad_query(too_deep(at)));
            }
            let field = model.field(name).filter(|it| it.def.kind.is_to_one());
            let field = field.filter(|it| it.target.is_some()).ok_or_else(unknown)?;
            if !self.reads(model, field, at) {
                return Ok(None);
            }
            hops.push(field.def.name);
            model = self.outlook.schema.target(field);
            self.model(model, Verb::Read);
        }
        let (field, is_record) = find(model, last).ok_or_else(unknown)?;
        if !self.reads(model, field, at) {
            return Ok(None);
        }
        if is_record {
            self.model(self.outlook.schema.target(field), Verb::Read);
        }
        Ok(Some(FieldPath { hops, model, field, is_record }))
    }
}

/// The field that a name stands for at the end of a path, and whether it is a record there.
///
/// A reference has two names: its key is the column, its declared name the record behind it.
pub(crate) fn find<'a>(model: &'a SchemaModel, name: &str) -> Option<(&'a SchemaField, bool)> {
    let is_open = |it: &&SchemaField| !it.def.is_secret();
    if let Some(field) = model.by_key(name).filter(|it| it.has_column()).filter(is_open) {
        return Some((field, false));
    }
    let is_relation = |it: &&SchemaField| it.target.is_some();
    model.field(name).filter(is_relation).map(|it| (it, true))
}

fn too_deep(at: &At) -> Violation {
    let violation = Violation { at: at.clone(), code: "bad_filter", params: Vec::new() };
    violation.with("reason", "too_deep").with("max", DEPTH_MAX)
}

/// The fault of a name that leads nowhere.
pub(crate) fn unknown_field(at: &At, name: &str) -> Violation {
    let shown: String = name.chars().take(80).collect();
    Violation { at: at.clone(), code: "unknown_field", params: vec![("field", shown)] }
}
