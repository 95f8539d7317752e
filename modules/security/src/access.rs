//! Rights over rights: administrators write them, whatever grants say.

use artel_core::Rights;

use crate::{FieldRight, Grant, Rule};

pub(crate) fn rights(to: &mut Rights) {
    to.reserve::<Grant>(&[]);
    to.reserve::<Rule>(&[]);
    to.reserve::<FieldRight>(&[]);
}
