//! Counters that rise with every change of some tables, whoever makes it and however.
//!
//! Whoever keeps something that was worked out from these tables compares one number to know
//! that it still holds. A counter rises in the transaction that makes the change: who can see
//! the change sees the number.

use crate::migrate::statement::{quoted, text};

/// The table of the counters.
pub(super) const TABLE: &str = "signals";

/// The beginning of the triggers' names; the counter's name follows.
const PREFIX: &str = "artel_signal_";

/// The name of the trigger that raises a counter.
pub(super) fn trigger_of(signal: &str) -> String {
    format!("{PREFIX}{signal}")
}

/// Makes the trigger of that name, and the function behind all of them.
pub(crate) fn create_trigger(table: &str, trigger: &str) -> String {
    let signal = text(trigger.strip_prefix(PREFIX).unwrap_or(trigger));
    format!(
        "create or replace function artel_raise_signal() returns trigger language plpgsql as $$
begin
  insert into {TABLE} (name, number) values (tg_argv[0], 1)
  on conflict (name) do update set number = {TABLE}.number + 1;
  return null;
end $$;
create trigger {} after insert or update or delete or truncate on {}
  for each statement execute function artel_raise_signal({signal})",
        quoted(trigger),
        quoted(table),
    )
}
