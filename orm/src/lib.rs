//! Models ⇄ PostgreSQL: a model is data, and one engine reads it.
//!
//! Knows no HTTP, no user and no module. Who asks comes in as [`Access`]; what the tables are
//! comes in as [`Schema`]; every statement goes through a [`Session`].

#![warn(missing_docs)]

mod changes;
mod column;
mod expansion;
mod extension;
mod field;
mod loaded;
mod model;
mod query;
mod record;
mod value;

mod access;
mod filter;
pub mod schema;
mod session;

pub mod engine;
pub mod migrate;
mod pg;
mod sql;

mod error;
pub mod json;

#[doc(hidden)]
pub mod derive_support;

pub use chrono;
pub use orm_derive::{Extend, Model, Selection};
pub use rust_decimal::{Decimal, RoundingStrategy};
pub use uuid::Uuid;

pub use crate::{
    access::{Access, Outlook, Scope, Verb},
    changes::{
        Change, Changes, IntoChanges, LINE_LEVELS_MAX, LINES_MAX, LINKS_MAX, LineChange,
        LineUpdate, LinkChange, Purpose, RawChanges, accept, parse_changes,
    },
    column::{Column, Cond, ME, Macro, Path},
    engine::{ChangeSet, Changed, Check, Hook, Invalid, RecordChange},
    error::{At, Error, ErrorKind, Result, Violation},
    expansion::{Expansion, Related},
    extension::{AddedChoices, AddedDefault, ExtendDef, Extension, RegisteredExtension},
    field::{
        AnyRecord, Assign, Choice, Comparable, Compute, ComputeSort, Computed, Computes, FieldDef,
        FieldNames, FieldType, Function, Input, Json, Kind, KindRules, Leaf, LeafFault, Many,
        Many2Many, Many2One, OnDelete, One2Many, One2One, OpenSelection, Ordered, Param, ParamDef,
        Plain, Relation, Seal, Secret, Selection, SelectionChoice, SelectionDef, Textual, ToMany,
        ToOne, Translated, Writable,
    },
    filter::{
        FieldPath, Filter, Judge, Op, Operand, Quantifier, parse_filter, parse_parameter,
        write_filter,
    },
    model::{ChildOf, Id, Model, ModelDef, Registered, Retention, RouteSet, SqlCheck},
    pg::{Listener, Notification, Notifications, Pool, PoolOptions, PoolStatus, Unreachable},
    query::Query,
    record::{Cells, Record},
    schema::Schema,
    session::{Asker, BoxFuture, Database, Elevated, Session, StatementCounter, Tx},
    sql::SortKey,
    value::{PgType, Value},
};
