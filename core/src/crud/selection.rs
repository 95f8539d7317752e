//! Which fields an answer holds.

use orm::{
    At, Error, Judge, Verb, Violation,
    schema::{FieldId, SchemaModel},
};

use crate::Result;

pub(crate) use orm::engine::usual_fields as usual;

/// The fields that a request names, by key, in its order.
///
/// # Errors
/// `unknown_field` for what is no field or stands twice. Closed fields are kept by `judge`, and so
/// are models at the other end of to-many ones that may not be read.
pub(crate) fn named<'n>(
    judge: &mut Judge<'_>,
    model: &SchemaModel,
    names: impl Iterator<Item = (&'n str, At)>,
) -> Result<Vec<FieldId>> {
    let mut fields = Vec::new();
    for (name, at) in names {
        let field = model.by_key(name).filter(|it| !it.def.is_secret());
        let field = field.filter(|it| !fields.contains(&it.id));
        let Some(field) = field else {
            let shown: String = name.chars().take(80).collect();
            let params = vec![("field", shown)];
            return Err(Error::bad_query(Violation { at, code: "unknown_field", params }).into());
        };
        let may = judge.reads(model, field, &at);
        if may && field.def.kind.is_to_many() {
            judge.model(judge.outlook().schema.target(field), Verb::Read);
        }
        fields.push(field.id);
    }
    Ok(fields)
}
