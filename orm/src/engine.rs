//! The one engine: runs what is asked of a model, without knowing any Rust type of a record.
//!
//! **Invariant:** nothing in here is generic over a model. Typed operations are shims around it,
//! and the generated routes call it directly.

mod at_hand;
pub(crate) mod at_read;
mod branch;
mod change_set;
mod check;
mod compute;
mod conflict;
mod create;
mod definition;
mod delete;
mod expand;
mod explain;
mod history;
mod history_page;
mod hold;
mod hook;
mod leading_to;
mod lines;
mod links;
mod list;
mod onchange;
mod outbox;
mod recompute;
mod reference;
mod request;
mod rows;
mod seed;
mod snapshot;
mod touch;
mod transaction;
mod update;
mod whole;
mod work;

#[doc(hidden)]
pub use crate::engine::check::{of_change, of_extended, of_record};
pub(crate) use crate::engine::{
    at_read::Worked,
    branch::{Branch, Stem, write_entry},
    list::select_whole,
    rows::reopen,
};
pub use crate::engine::{
    change_set::{ChangeSet, RawChange, RawSet, RecordChange},
    check::{Changed, Check, Invalid},
    create::{create, create_many},
    definition::{Recompute, Recomputed, recompute},
    delete::{delete, delete_where},
    expand::{EXPANDED_MAX, Expand, usual_fields},
    explain::{Verdicts, is_denied_by_author, rule_sql, scope_sql, verdicts},
    history::forget_history,
    history_page::{HistoryAsk, HistoryPage, history},
    hook::Hook,
    leading_to::leading_to,
    links::linked,
    list::{Count, List, Listed, Total, TotalKind, count, exists, ids, list, read},
    onchange::{Onchange, onchange},
    outbox::{
        Delivery, Outbox, Stuck, deliver_next, drop_delivery, keep_failure, outbox,
        retry_deliveries, stuck_deliveries,
    },
    rows::{Rows, Written},
    seed::{Seed, hash_of, remember_seeds, seeded, seeds_of},
    update::{update, update_where},
};
