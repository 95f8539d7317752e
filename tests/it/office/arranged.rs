//! A few papers of everyone's and those who ask for them, arranged anew for each test.
//!
//! ```text
//! paper        owner   folder (owner)   level   cost   note    labels         line
//! Ann's low    ann     Bob's (bob)          0   10.00  alpha   Free, Bob's    ann-line
//! Ann's high   ann     Free                 9   30.00  delta                  high-line
//! Ann's mid    ann     Free                 3
//! Bob's low    bob     Bob's (bob)          0   20.00  beta    Bob's          bob-line
//! Free low             Free                 0                  Free
//!
//! memo         folder
//! Open         Bob's, of level 0
//! Closed       High (bob), of level 9
//! ```
//!
//! `Ann's low` lies in the vault. Every paper has the pin `7391`.

use std::collections::BTreeMap;

use artel_testing::{Client, TestApp};
use orm::{Change, Decimal, Id, Model, Record};
use users::User;

use crate::office::{Chest, Folder, Label, Line, MODULE, Memo, Paper, Vault};

/// What no answer may ever hold.
pub(crate) const PIN: &str = "7391";

pub(crate) struct Office {
    pub(crate) app: TestApp,
    /// Clerks: own and free papers.
    pub(crate) ann: Client,
    pub(crate) bob: Client,
    /// Every paper, without the closed fields.
    pub(crate) max: Client,
    /// Every paper with the closed fields.
    pub(crate) ada: Client,
    /// May read papers, and no rule shows one.
    pub(crate) gus: Client,
    /// May change and delete papers, and not read them.
    pub(crate) will: Client,
    /// May make papers, and not read them.
    pub(crate) sam: Client,
    /// Has no role of their own.
    pub(crate) nora: Client,
    pub(crate) admin: Client,
    paths: BTreeMap<String, String>,
}

impl Office {
    pub(crate) async fn arrange() -> Self {
        let app = TestApp::start(&[MODULE]).await;
        let it = Self {
            ann: app.user_with("ann", &["office.clerk"]).await,
            bob: app.user_with("bob", &["office.clerk"]).await,
            max: app.user_with("max", &["office.manager"]).await,
            ada: app.user_with("ada", &["office.auditor"]).await,
            gus: app.user_with("gus", &["office.guest"]).await,
            will: app.user_with("will", &["office.writer"]).await,
            sam: app.user_with("sam", &["office.sender"]).await,
            nora: app.user("nora").await,
            admin: app.admin().await,
            paths: BTreeMap::new(),
            app,
        };
        it.furnish().await
    }

    async fn furnish(mut self) -> Self {
        let (ann, bob) = (self.user("ann").await, self.user("bob").await);
        let free = self.folder("Free folder", None, 0).await;
        let bobs = self.folder("Bob's folder", Some(bob), 0).await;
        let high = self.folder("High folder", Some(bob), 9).await;
        let session = self.app.session();
        let vault = [Vault::NAME.set("Vault"), Vault::FOLDER.set(free)];
        let vault = Vault::create(&session, vault).await.unwrap();
        for (text, folder) in [("Open memo", bobs), ("Closed memo", high)] {
            let memo = [Memo::TEXT.set(text), Memo::FOLDER.set(folder)];
            let memo = Memo::create(&session, memo).await.unwrap();
            self.keep(text, &memo);
        }
        Chest::create(&session, [Chest::CONTENT.set("gold")]).await.unwrap();

        let of = |owner: i64| Paper::OWNER.set(Id::<User>::new(owner));
        let low = |cost: i64, note: &str| {
            vec![Paper::COST.set(Decimal::from(cost)), Paper::NOTE.set(note.to_owned())]
        };
        let mut anns = low(10, "alpha");
        anns.extend([of(ann), Paper::FOLDER.set(bobs), Paper::VAULT.set(vault.id())]);
        self.paper("Ann's low", anns, Some("ann-line")).await;
        let mut anns = low(30, "delta");
        anns.extend([of(ann), Paper::FOLDER.set(free), Paper::LEVEL.set(9)]);
        self.paper("Ann's high", anns, Some("high-line")).await;
        let mid = vec![of(ann), Paper::FOLDER.set(free), Paper::LEVEL.set(3)];
        self.paper("Ann's mid", mid, None).await;
        let mut bobs_paper = low(20, "beta");
        bobs_paper.extend([of(bob), Paper::FOLDER.set(bobs)]);
        self.paper("Bob's low", bobs_paper, Some("bob-line")).await;
        self.paper("Free low", vec![Paper::FOLDER.set(free)], None).await;

        self.label("Free label", None, &["Ann's low", "Free low"]).await;
        self.label("Bob's label", Some(bob), &["Ann's low", "Bob's low"]).await;
        self
    }

    async fn folder(&mut self, name: &str, owner: Option<i64>, level: i32) -> Id<Folder> {
        let folder = [
            Folder::NAME.set(name),
            Folder::OWNER.set(owner.map(Id::<User>::new)),
            Folder::LEVEL.set(level),
            Folder::CODE.set(format!("code of {name}")),
        ];
        let folder = Folder::create(&self.app.session(), folder).await.unwrap();
        self.keep(name, &folder);
        folder.id()
    }

    async fn paper(&mut self, name: &str, mut more: Vec<Change<Paper>>, line: Option<&str>) {
        let session = self.app.session();
        more.extend([Paper::NAME.set(name), Paper::STAMP.set(4_242), Paper::PIN.set(PIN)]);
        let paper = Paper::create(&session, more).await.unwrap();
        self.keep(name, &paper);
        if let Some(text) = line {
            let line = [Line::PAPER.set(paper.id()), Line::TEXT.set(text), Line::WEIGHT.set(555)];
            let line = Line::create(&session, line).await.unwrap();
            self.keep(text, &line);
        }
    }

    async fn label(&mut self, name: &str, owner: Option<i64>, papers: &[&str]) {
        let session = self.app.session();
        let label = [Label::NAME.set(name), Label::OWNER.set(owner.map(Id::<User>::new))];
        let label = Label::create(&session, label).await.unwrap();
        self.keep(name, &label);
        for paper in papers {
            let paper = Id::new(self.id(paper));
            Paper::update(&session, paper, [Paper::LABELS.add(&[label.id()])]).await.unwrap();
        }
    }

    fn keep<M: Model>(&mut self, name: &str, record: &Record<M>) {
        self.paths.insert(name.to_owned(), path(M::def().table, record.id().get()));
    }

    /// The path of a record by its name.
    #[track_caller]
    pub(crate) fn at(&self, name: &str) -> &str {
        self.paths.get(name).unwrap_or_else(|| panic!("nothing is called {name}"))
    }

    /// The key of a record by its name.
    #[track_caller]
    pub(crate) fn id(&self, name: &str) -> i64 {
        self.at(name).rsplit('/').next().unwrap().parse().unwrap()
    }

    /// The key of a user.
    pub(crate) async fn user(&self, login: &str) -> i64 {
        let session = self.app.session();
        let found = User::query(&session).filter(User::LOGIN.eq(login)).first().await;
        found.unwrap().unwrap().id().get()
    }

    /// The papers as they stand, whoever may see them: all their columns, by name.
    pub(crate) async fn stored(&self) -> String {
        self.sql("select name || ' ' || papers::text from papers order by name").await
    }

    /// A statement of the test's own; the first column of all rows, a line each.
    pub(crate) async fn sql(&self, text: impl Into<String>) -> String {
        let text: &'static str = Box::leak(text.into().into_boxed_str());
        let rows = self.app.session().sql(text, &[]).await.unwrap();
        let first = rows.into_iter().map(|it| it.into_iter().next().flatten().unwrap_or_default());
        first.collect::<Vec<_>>().join("\n")
    }
}

/// The path of a record.
pub(crate) fn path(collection: &str, id: i64) -> String {
    format!("/api/v1/{collection}/{id}")
}
