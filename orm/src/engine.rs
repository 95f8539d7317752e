//! The one engine: runs what is asked of a model, without knowing any Rust type of a record.
//!
//! **Invariant:** nothing in here is generic over a model. Typed operations are shims around it,
//! and the generated routes call it directly.

mod branch;
mod conflict;
mod create;
mod delete;
mod expand;
mod explain;
mod hold;
mod hook;
mod leading_to;
mod links;
mod list;
mod prepare;
mod reference;
mod rows;
mod seed;
mod touch;
mod transaction;
mod update;
mod whole;

pub(crate) use crate::engine::{
    branch::{Branch, Stem, write_entry},
    list::select_whole,
    rows::reopen,
};
pub use crate::engine::{
    create::{create, create_many},
    delete::{delete, delete_where},
    expand::{EXPANDED_MAX, Expand},
    explain::{Verdicts, is_denied_by_author, rule_sql, scope_sql, verdicts},
    hook::{Hook, WriteSet},
    leading_to::leading_to,
    links::linked,
    list::{Count, List, Listed, Total, TotalKind, count, exists, list, read},
    rows::{Rows, Written},
    seed::{Seed, hash_of, remember_seeds, seeded, seeds_of},
    update::{update, update_where},
};
