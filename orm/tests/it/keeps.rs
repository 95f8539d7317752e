//! Links that keep the records at their other end from being deleted.

use orm::Model;

use crate::{
    library::{Book, Pledge, Tag},
    outcome::said,
    shelf::{book_with, pledges, tag},
    stage::on_stage,
};

#[tokio::test]
async fn a_kept_record_is_not_deleted_while_it_is_linked() {
    on_stage(async |stage| {
        let system = &stage.system();
        let (red, blue) = (tag(system, "red").await, tag(system, "blue").await);
        book_with(system, "a", [Book::TAGS.add(&[blue])]).await;
        let made = [Pledge::NAME.set("a"), Pledge::TAGS.add(&[red])];
        let pledge = Pledge::create(system, made).await.unwrap().id();
        assert_eq!(said(Tag::delete(system, red).await), "still referenced: pledges");
        let any = Tag::ID.gte(0);
        assert_ne!(said(Tag::delete_where(system, any, 10).await), "done");
        assert_eq!(pledges(system).await, "a(red)");
        // A link that keeps nothing goes with either end.
        assert_eq!(said(Tag::delete(system, blue).await), "done");
        Pledge::update(system, pledge, [Pledge::TAGS.remove(&[red])]).await.unwrap();
        assert_eq!(said(Tag::delete(system, red).await), "done");
    })
    .await;
}

#[tokio::test]
async fn whoever_holds_the_links_can_be_deleted_with_them() {
    on_stage(async |stage| {
        let system = &stage.system();
        let red = tag(system, "red").await;
        let made = [Pledge::NAME.set("a"), Pledge::TAGS.add(&[red])];
        let pledge = Pledge::create(system, made).await.unwrap().id();
        Pledge::delete(system, pledge).await.unwrap();
        assert_eq!(said(Tag::delete(system, red).await), "done");
    })
    .await;
}
