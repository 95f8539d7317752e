//! A reference to any record is given a record, and no text that may name none.

use orm::{AnyRecord, Model};

#[derive(Debug, Model)]
#[model(table = "remarks")]
pub struct Remark {
    subject: AnyRecord,
}

fn main() {
    Remark::SUBJECT.set("remarks/1");
}
