//! Files of chats: brought with one request, said with another, read by those who may read them.

use artel_core::{
    Ctx, Result,
    http::{
        Created, Download, Upload,
        poem_openapi::{
            self, Object, OpenApi,
            param::{Path, Query},
            payload::Json,
        },
    },
};

use crate::attachment::{
    Attachment,
    bring::bring,
    read::{of_message, read},
};

pub(crate) struct Routes;

/// Files of a message.
#[derive(Object)]
struct Attachments {
    data: Vec<Attachment>,
}

#[OpenApi(prefix_path = "/chats")]
impl Routes {
    /// Brings a file, to be said within a day: name its id in `attachment_ids` of a message.
    #[oai(path = "/:id/attachments", method = "post", operation_id = "bring_attachment")]
    async fn bring_attachment(
        &self,
        ctx: Ctx,
        id: Path<i64>,
        name: Query<String>,
        file: Upload,
    ) -> Result<Created<Json<Attachment>>> {
        let brought = bring(&ctx, id.0, name.0, file).await?;
        let path = format!("/chats/{}/attachments/{}", id.0, brought.id);
        Ok(Created { what: Json(brought), path })
    }

    /// Gives a file that was said in a chat, or that one has brought there.
    #[oai(path = "/:id/attachments/:attachment_id", method = "get", operation_id = "attachment")]
    async fn attachment(
        &self,
        ctx: Ctx,
        id: Path<i64>,
        attachment_id: Path<i64>,
    ) -> Result<Download> {
        read(&ctx, id.0, attachment_id.0).await
    }

    /// Says what files a message has.
    #[oai(
        path = "/:id/messages/:message_id/attachments",
        method = "get",
        operation_id = "attachments_of_message"
    )]
    async fn attachments_of_message(
        &self,
        ctx: Ctx,
        id: Path<i64>,
        message_id: Path<i64>,
    ) -> Result<Json<Attachments>> {
        Ok(Json(Attachments { data: of_message(&ctx, id.0, message_id.0).await? }))
    }
}
