//! Telling all processes something: what every broker does alike, and what each does beside.

mod behaviour;
mod loss;
mod stage;

mod choice;
mod figures;
mod hints;
mod on_pg;
#[cfg(feature = "redis")]
mod on_redis;

/// Every behaviour as a test of its own, on a stage of its own.
macro_rules! on_every_broker {
    ($($broker:ident)*) => { $(
        mod $broker {
            use crate::pubsub::{behaviour, loss, stage::Stage};

            on_every_broker! {
                @each $broker
                behaviour: everybody_hears_what_is_told
                behaviour: the_first_thing_heard_is_a_gap
                behaviour: what_one_tells_is_heard_in_order
                behaviour: topics_do_not_meet
                behaviour: namespaces_do_not_meet
                behaviour: a_payload_may_be_as_long_as_the_limit
                behaviour: who_reads_too_slowly_hears_a_gap_and_nobody_else_does
                behaviour: who_listens_again_hears_again
                behaviour: closing_ends_subscriptions
                loss: a_connection_that_is_cut_is_a_gap
                loss: a_broker_that_comes_late_is_found
                loss: a_broker_that_goes_silent_is_noticed
            }
        }
    )* };
    (@each $broker:ident $($file:ident: $behaviour:ident)*) => { $(
        #[tokio::test]
        async fn $behaviour() {
            let stage = Stage::$broker().await;
            $file::$behaviour(&stage).await;
            stage.leave().await;
        }
    )* };
}

on_every_broker!(memory pg redis nats);
