//! Statements in our words to SQL text; the only place that names `sea_query`.
//!
//! A text is made once for each shape of a request and fingerprint of rights, and kept. Every
//! value is a bind parameter: the builder is given the number of a slot in its place, and the
//! slots are kept beside the text in the order of its parameters. Of numbers, only how many rows
//! an arm of a union gives may stand in a text.
//!
//! **Invariant:** no text of a user is ever part of a text of ours.

mod arms;
mod cache;
mod condition;
mod each;
mod expand;
mod explain;
mod inputs;
mod layout;
mod link;
mod parents;
mod place;
mod read;
mod stored;
mod update;
mod write;

#[cfg(test)]
mod tests;

pub use crate::sql::read::SortKey;
pub(crate) use crate::sql::{
    cache::{Bound, Text, TextCache},
    each::{Row as EachRow, update_each},
    expand::{Edge, behind},
    explain::{rule_sql, verdicts},
    inputs::{inputs, way_back},
    layout::Layout,
    link::{delete_links, insert_links, linked_ids},
    parents::lock_parents,
    place::expression_of,
    read::{Select, count, estimate, select, visible_ids},
    update::{Terms, update, update_ids},
    write::{Bulk, NewRows, Question, delete, delete_ids, insert, judge, pick_for_bulk},
};
