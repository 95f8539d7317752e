//! Who takes part in a chat, and how far oneself has read it.

use artel_core::{
    Ctx, Result,
    http::{
        Made, Moment, NoContent, NotNull,
        poem_openapi::{self, Object, OpenApi, param::Path, payload::Json},
    },
};

use crate::member::{
    invite::{Flags, invite},
    list::members,
    mark::{mark_read, mute},
    remove::remove,
    view::Member,
};

pub(crate) struct Routes;

/// Those who take part.
#[derive(Object)]
struct Members {
    /// In the order in which they first came.
    data: Vec<Member>,
}

/// Who is to take part.
#[derive(Object)]
struct InviteBody {
    user_id: i64,
    /// What they may do, other than usual; for those who run the chat to say.
    flags: Option<FlagsBody>,
}

/// What a member may do; what is absent is as usual.
#[derive(Object)]
struct FlagsBody {
    is_admin: NotNull<bool>,
    can_read: NotNull<bool>,
    can_write: NotNull<bool>,
    can_pin: NotNull<bool>,
    can_invite: NotNull<bool>,
    can_delete_others: NotNull<bool>,
}

/// Up to where one has read.
#[derive(Object)]
struct ReadBody {
    /// The number of an event.
    #[oai(validator(minimum(value = "0")))]
    seq: i64,
}

/// How far one has read.
#[derive(Object)]
struct ReadingView {
    read_seq: i64,
    /// Messages of others behind that.
    unread: i64,
}

/// Until when one does not want to be disturbed.
#[derive(Object)]
struct MuteBody {
    /// Without one, it ends.
    until: Option<Moment>,
}

/// Until when a chat is muted for oneself.
#[derive(Object)]
struct Muted {
    muted_until: Option<Moment>,
}

#[OpenApi(prefix_path = "/chats")]
impl Routes {
    /// Lists those who take part in a chat.
    #[oai(path = "/:id/members", method = "get", operation_id = "members_of_chat")]
    async fn members_of_chat(&self, ctx: Ctx, id: Path<i64>) -> Result<Json<Members>> {
        Ok(Json(Members { data: members(&ctx, id.0).await? }))
    }

    /// Lets a user take part in a chat.
    #[oai(path = "/:id/members", method = "post", operation_id = "invite_member")]
    async fn invite_member(
        &self,
        ctx: Ctx,
        id: Path<i64>,
        body: Json<InviteBody>,
    ) -> Result<Made<Json<Member>>> {
        let InviteBody { user_id, flags } = body.0;
        let flags = flags.map(FlagsBody::flags).unwrap_or_default();
        let (member, is_new) = invite(&ctx, id.0, (user_id, flags)).await?;
        let path = format!("/chat_members/{}", member.id());
        Ok(Made::of((Json(Member::from(&member)), is_new), path))
    }

    /// Ends a user's part in a chat, or one's own.
    #[oai(path = "/:id/members/:user_id", method = "delete", operation_id = "remove_member")]
    async fn remove_member(
        &self,
        ctx: Ctx,
        id: Path<i64>,
        user_id: Path<i64>,
    ) -> Result<NoContent> {
        remove(&ctx, id.0, user_id.0).await?;
        Ok(NoContent)
    }

    /// Says how far one has read: forward, never back, at most to the end.
    #[oai(path = "/:id/read", method = "post", operation_id = "mark_chat_read")]
    async fn mark_chat_read(
        &self,
        ctx: Ctx,
        id: Path<i64>,
        body: Json<ReadBody>,
    ) -> Result<Json<ReadingView>> {
        let reading = mark_read(&ctx, id.0, body.0.seq).await?;
        Ok(Json(ReadingView { read_seq: reading.read_seq, unread: reading.unread }))
    }

    /// Mutes a chat for oneself, or ends that.
    #[oai(path = "/:id/mute", method = "post", operation_id = "mute_chat")]
    async fn mute_chat(
        &self,
        ctx: Ctx,
        id: Path<i64>,
        body: Json<MuteBody>,
    ) -> Result<Json<Muted>> {
        let until = mute(&ctx, id.0, body.0.until.map(|it| it.0)).await?;
        Ok(Json(Muted { muted_until: until.map(Moment) }))
    }
}

impl FlagsBody {
    fn flags(self) -> Flags {
        Flags {
            is_admin: self.is_admin.0,
            can_read: self.can_read.0,
            can_write: self.can_write.0,
            can_pin: self.can_pin.0,
            can_invite: self.can_invite.0,
            can_delete_others: self.can_delete_others.0,
        }
    }
}
