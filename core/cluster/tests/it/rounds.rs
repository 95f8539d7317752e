//! Starts and ends of several processes, over and over and in any order.

use std::thread;

use crate::{
    holder::{Holder, hold},
    scratch::{Scratch, wait_until_unwatched},
};

const PROCESSES: usize = 4;
const ROUNDS: usize = 30;

#[test]
fn nobody_ever_finds_no_server() {
    let scratch = Scratch::new("rounds");
    let directory = scratch.cluster();
    thread::scope(|scope| {
        for process in 0..PROCESSES {
            let directory = &directory;
            scope.spawn(move || {
                for round in 0..ROUNDS {
                    let holder = hold(directory);
                    assert_eq!(holder.query("select 1"), "1");
                    let end = if (round + process) % 2 == 0 { Holder::leave } else { Holder::kill };
                    end(holder);
                }
            });
        }
    });
    wait_until_unwatched(&directory);
}
