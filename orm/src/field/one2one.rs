//! A reference to one record that no two records share: [`One2One`]. A [`crate::Many2One`] in all
//! else; that its column is unique follows from the kind.

use crate::{
    KindRules,
    field::reference::{reference, rules},
};

pub(crate) static RULES: KindRules = rules("one2one");

reference! {
    /// The id of a record of `T` that nothing else of this field leads to.
    One2One
}
