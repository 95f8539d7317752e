//! Of records of whatever models, none comes before another.

use orm::{AnyRecord, Model};

#[derive(Debug, Model)]
#[model(table = "remarks")]
pub struct Remark {
    subject: AnyRecord,
}

fn main() {
    Remark::SUBJECT.gt(AnyRecord::parse("remarks/1").unwrap());
}
