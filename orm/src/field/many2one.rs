//! A reference to one record, which any number of records may share: [`Many2One`].

use crate::{
    KindRules,
    field::reference::{reference, rules},
};

/// Also for references to whoever asks.
pub(crate) static RULES: KindRules = rules("many2one");

reference! {
    /// The id of a record of `T`.
    Many2One
}
