//! The one engine: runs what is asked of a model, without knowing any Rust type of a record.
//!
//! **Invariant:** nothing in here is generic over a model. Typed operations are shims around it,
//! and the generated routes call it directly.

mod conflict;
mod create;
mod delete;
mod hold;
mod list;
mod prepare;
mod reference;
mod rows;
mod seed;
mod touch;
mod transaction;
mod update;

pub(crate) use crate::engine::list::select_whole;
pub use crate::engine::{
    create::{create, create_many},
    delete::{delete, delete_where},
    list::{Count, List, Listed, Total, TotalKind, count, exists, list, read},
    reference::link,
    rows::{Rows, Written},
    seed::seeded,
    update::{update, update_where},
};
