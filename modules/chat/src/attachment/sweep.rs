//! Takes away files that were taken back with their message, and those that were brought and never
//! said: their bytes first, then their rows.

use artel_core::{App, Result};
use chrono::TimeDelta;
use orm::{Model, Record, Session};

use crate::{ChatAttachment, attachment::FOLDER};

/// So long a file may wait to be said.
const UNSAID_FOR: TimeDelta = TimeDelta::days(1);

/// Files that are looked for at once.
const BATCH: i64 = 100;

/// Takes them away; how many.
///
/// # Errors
/// What the database or the disk says.
pub async fn sweep(app: &App) -> Result<usize> {
    let session = Session::system(app.database()?, "sweep chat attachments");
    let before = app.clock.now() - UNSAID_FOR;
    let forgotten = ChatAttachment::unsaid().and(ChatAttachment::CREATED_AT.lt(before));
    // From then on nobody says them, whatever happens at the same time.
    let gone = [ChatAttachment::GONE.set(true)];
    ChatAttachment::update_where(&session, forgotten, gone, i64::MAX).await?;
    let mut gone = 0;
    loop {
        let these = ChatAttachment::GONE.eq(true);
        let found = ChatAttachment::query(&session).filter(these).limit(BATCH).all().await?;
        if found.is_empty() {
            return Ok(gone);
        }
        for file in &found {
            app.files()?.delete((FOLDER, file.key)).await?;
        }
        let these = ChatAttachment::ID.one_of(found.iter().map(Record::id));
        ChatAttachment::delete_where(&session, these, BATCH).await?;
        gone += found.len();
    }
}
