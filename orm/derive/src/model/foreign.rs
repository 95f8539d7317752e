//! What options are called by other frameworks: whoever comes from there is told the word here.
//!
//! No word of ours stands here: it would never be looked up.

/// Of `#[model(...)]`.
pub(super) const OF_MODELS: &[(&str, &str)] = &[
    ("abstract", "a model is one table; write its fields in each model"),
    ("audit", "write `history = \"365 days\"`"),
    ("collection", "write `table = \"products\"`"),
    ("constraints", "write `unique = \"company, number\"` or `check_sql = \"name: expression\"`"),
    ("db_table", "write `table = \"products\"`"),
    ("index", "write `index` in the `#[field(...)]` of a field"),
    ("indexes", "write `index` in the `#[field(...)]` of a field"),
    ("inherit", "another module adds fields by a struct with `#[derive(Extend)]`"),
    ("name", "write `table = \"products\"`"),
    ("ordering", "write `order = \"-date, name\"`"),
    ("parent", "write `child_of = \"sale\"`"),
    ("primary_key", "every model has an `id` of its own"),
    ("rec_name", "write `display = \"name\"`"),
    ("soft_delete", "write `archivable`"),
    ("table_name", "write `table = \"products\"`"),
    ("unique_together", "write `unique = \"company, number\"`"),
    ("validate", "write `check = whole`, with `fn whole(it: &Product, invalid: &mut Invalid)`"),
    ("verbose_name", "its label stands in `i18n/en.ftl`: `model-products = Products`"),
];

/// Of `#[field(...)]`.
pub(super) const OF_FIELDS: &[(&str, &str)] = &[
    ("auto_now", "every record has `updated_at` of its own"),
    ("auto_now_add", "every record has `created_at` of its own"),
    ("belongs_to", "make its type `Many2One<Category>`"),
    ("blank", ABSENT),
    ("check", "write `check_sql = \"name: expression\"` or `check = whole` above the model"),
    ("choices", CHOICES),
    ("column", "a column is called as its field, a reference with `_id` behind it"),
    ("column_name", "a column is called as its field, a reference with `_id` behind it"),
    ("column_type", "the column follows from the type of the field"),
    ("comodel", "make its type `Many2One<Category>`"),
    ("copy", "records are not copied; take it away"),
    ("db_index", "write `index`"),
    ("decimal_places", "write `scale = 2`"),
    ("depends", "write `compute = margin(price, cost)`: what it follows from are the inputs"),
    ("digits", "write `scale = 2`"),
    ("enum", CHOICES),
    ("foreign_key", "make its type `Many2One<Category>`"),
    ("groups", "write `read = \"module.what\"` and `write = \"module.what\"`"),
    ("help", HELP),
    ("help_text", HELP),
    ("length", "write `max = 200`"),
    ("max_digits", "write `scale = 2`, and `max = 1000000` for the largest"),
    ("max_length", "write `max = 200`"),
    ("min_length", "write `check_sql = \"name: length(name) >= 3\"` above the model"),
    ("not_null", ABSENT),
    ("null", ABSENT),
    ("nullable", ABSENT),
    ("ondelete", "write `on_delete = \"restrict\"`"),
    ("optional", ABSENT),
    ("precision", "write `scale = 2`"),
    ("primary_key", "every record has an `id` of its own; write `unique` for another key"),
    ("readonly", "write `read_only`, `write = \"module.what\"`, or make its type `Computed<...>`"),
    ("related", "write `compute = same(partner.name), stored`, with a function that gives it"),
    ("related_name", "the other side is a field there: `One2Many<...>` with `inverse`"),
    ("rename", "a field is called as it stands; `label` is its name for users"),
    ("required", ABSENT),
    ("selection", CHOICES),
    ("size", "write `max = 200`"),
    ("store", "write `stored` beside `compute`"),
    ("string", "write `label = \"Price\"`"),
    ("tracking", "write `history = \"365 days\"` above the model"),
    ("translate", "make its type `Translated`"),
    ("verbose_name", "write `label = \"Price\"`"),
];

const ABSENT: &str = "a field may be absent where its type is an `Option`, and nowhere else";
const CHOICES: &str = "make its type an enum with `#[derive(Selection)]`";
const HELP: &str = "write `///` above the field";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parse::{FIELD, MODEL};

    #[test]
    fn no_word_of_ours_is_foreign() {
        for (vocabulary, foreign) in [(MODEL, OF_MODELS), (FIELD, OF_FIELDS)] {
            let is_own =
                |word: &str| vocabulary.options.iter().any(|it| it.split(' ').next() == Some(word));
            let found: Vec<_> = foreign.iter().filter(|it| is_own(it.0)).collect();
            assert!(found.is_empty(), "{found:?}");
        }
    }
}
