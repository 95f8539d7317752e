//! Text in several languages: each session reads and writes its own.

use orm::{Id, Model, Session, SortKey, Value, Verb, engine};
use serde_json::json;

use crate::{
    filter_logic::ask,
    library::{Remark, Sample},
    outcome::said,
    shelf::genre,
    stage::{Stage, on_stage},
};

fn reading(stage: &Stage, language: &'static str) -> Session {
    stage.session_in(language, stage.all_rights())
}

async fn seen(session: &Session, id: Id<Sample>) -> String {
    let sample = Sample::find(session, id).await.unwrap();
    sample.caption.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string)
}

#[tokio::test]
async fn each_session_reads_its_language_and_else_english_and_else_any() {
    on_stage(async |stage| {
        let [en, ru, de] = ["en", "ru", "de"].map(|it| reading(stage, it));
        let id = Sample::create(&ru, [Sample::CAPTION.set("Лампа")]).await.unwrap().id();
        for session in [&en, &ru, &de, &stage.system()] {
            assert_eq!(seen(session, id).await, "Лампа");
        }
        let changed = Sample::update(&en, id, [Sample::CAPTION.set("Lamp")]).await.unwrap();
        assert_eq!(changed.caption.as_deref(), Some("Lamp"));
        assert_eq!(changed.version(), 2);
        for (session, text) in [(&en, "Lamp"), (&ru, "Лампа"), (&de, "Lamp")] {
            assert_eq!(seen(session, id).await, text);
        }
        // The text of a language that has none is no change of another's.
        let same = Sample::update(&de, id, [Sample::CAPTION.set("Lamp")]).await.unwrap();
        assert_eq!(same.version(), 3);
        let same = Sample::update(&de, id, [Sample::CAPTION.set("Lamp")]).await.unwrap();
        assert_eq!(same.version(), 3);
        Sample::update(&en, id, [Sample::CAPTION.set("Light")]).await.unwrap();
        for (session, text) in [(&en, "Light"), (&ru, "Лампа"), (&de, "Lamp")] {
            assert_eq!(seen(session, id).await, text);
        }
    })
    .await;
}

#[tokio::test]
async fn a_line_is_changed_in_the_language_of_whoever_changes_it() {
    on_stage(async |stage| {
        let [en, ru] = ["en", "ru"].map(|it| reading(stage, it));
        let line = Sample::OTHERS.create([Sample::CAPTION.set("Lamp")]);
        let whole = Sample::create(&en, [line]).await.unwrap().id();
        let line = Sample::query(&en).filter(Sample::CAPTION.eq("Lamp")).first().await.unwrap();
        let line = line.unwrap().id();
        let change = [Sample::OTHERS.update(line, [Sample::CAPTION.set("Лампа")])];
        Sample::update(&ru, whole, change).await.unwrap();
        assert_eq!([seen(&en, line).await, seen(&ru, line).await], ["Lamp", "Лампа"]);
    })
    .await;
}

#[tokio::test]
async fn absence_is_of_all_languages() {
    on_stage(async |stage| {
        let [en, ru] = ["en", "ru"].map(|it| reading(stage, it));
        let both = [Sample::CAPTION.set("Lamp"), Sample::CAPTION.set_in("ru", "Лампа")];
        let id = Sample::create(&en, both).await.unwrap().id();
        assert_eq!([seen(&en, id).await, seen(&ru, id).await], ["Lamp", "Лампа"]);
        Sample::update(&ru, id, [Sample::CAPTION.set(None)]).await.unwrap();
        assert_eq!([seen(&en, id).await, seen(&ru, id).await], ["-", "-"]);
        let version = Sample::find(&en, id).await.unwrap().version();
        let again = Sample::update(&en, id, [Sample::CAPTION.set(None)]).await.unwrap();
        assert_eq!(again.version(), version);
        Sample::update(&ru, id, [Sample::CAPTION.set("Лампа")]).await.unwrap();
        assert_eq!([seen(&en, id).await, seen(&ru, id).await], ["Лампа", "Лампа"]);
        let missing = Remark::create(&en, []).await;
        assert_eq!(said(missing), "invalid: /title required");
    })
    .await;
}

#[tokio::test]
async fn a_limit_is_of_each_text_and_a_language_is_a_tag() {
    on_stage(async |stage| {
        let en = reading(stage, "en");
        let set = async |change| said(Sample::create(&en, [change]).await);
        assert_eq!(
            set(Sample::CAPTION.set("x".repeat(21))).await,
            "invalid: /caption too_long max=20"
        );
        let long = Sample::CAPTION.set_in("ru", &"л".repeat(21));
        assert_eq!(set(long).await, "invalid: /caption too_long max=20");
        assert_eq!(set(Sample::CAPTION.set_in("ru", &"л".repeat(20))).await, "done");
        assert_eq!(set(Sample::CAPTION.set_in("r'u", "x")).await, "invalid: /caption invalid");
        assert_eq!(set(Sample::CAPTION.set("a 'b' \"c\" \\")).await, "done");
        let found = ask(&en, "samples", &json!({"caption": "a 'b' \"c\" \\"})).await;
        assert_eq!(found.unwrap(), [2]);
    })
    .await;
}

#[tokio::test]
async fn lists_are_filtered_and_sorted_by_what_their_reader_sees() {
    on_stage(async |stage| {
        let [en, ru] = ["en", "ru"].map(|it| reading(stage, it));
        let words = [("Apple", "Яблоко"), ("Pear", "Груша"), ("Sea", "")];
        let list = words.map(|(own, other)| match other {
            "" => [Remark::TITLE.set(own)].into(),
            other => [Remark::TITLE.set(own), Remark::TITLE.set_in("ru", other)].into(),
        });
        Remark::create_many(&en, list.into()).await.unwrap();
        assert_eq!(titles(&en).await, ["Apple", "Pear", "Sea"]);
        assert_eq!(titles(&ru).await, ["Sea", "Груша", "Яблоко"]);
        for (filter, of_en, of_ru) in [
            (json!({"title": "Apple"}), &[1][..], &[][..]),
            (json!({"title": "Яблоко"}), &[], &[1]),
            (json!({"title": "Sea"}), &[3], &[3]),
            (json!({"title": {"ilike": "груша"}}), &[], &[2]),
            (json!({"title": {"ne": "Pear"}}), &[1, 3], &[1, 2, 3]),
            (json!({"reply": {"title": {"null": true}}}), &[1, 2, 3], &[1, 2, 3]),
        ] {
            assert_eq!(ask(&en, "remarks", &filter).await.unwrap(), of_en, "en {filter}");
            assert_eq!(ask(&ru, "remarks", &filter).await.unwrap(), of_ru, "ru {filter}");
        }
        let pear = Remark::TITLE.eq("Груша");
        assert_eq!(Remark::query(&ru).filter(pear).count().await.unwrap(), 1);
        let all = Remark::ID.gt(0);
        let done = Remark::update_where(&ru, all, [Remark::TITLE.set("Плод")], 9).await;
        assert_eq!(done.unwrap(), 3);
        assert_eq!(titles(&en).await, ["Apple", "Pear", "Sea"]);
        assert_eq!(titles(&ru).await, ["Плод", "Плод", "Плод"]);
    })
    .await;
}

#[tokio::test]
async fn the_texts_of_one_language_are_not_given_to_another() {
    on_stage(async |stage| {
        // The same rights, so that nothing but the language tells their statements apart.
        let rights = stage.all_rights();
        let [en, ru] = ["en", "ru"].map(|it| stage.session_in(it, rights.clone()));
        let both = [Remark::TITLE.set("Lamp"), Remark::TITLE.set_in("ru", "Лампа")];
        let id = Remark::create(&en, both).await.unwrap().id();
        Remark::create(&en, [Remark::TITLE.set("Reply"), Remark::REPLY.set(id)]).await.unwrap();
        for _ in 0..2 {
            assert_eq!(Remark::find(&en, id).await.unwrap().title, "Lamp");
            assert_eq!(Remark::find(&ru, id).await.unwrap().title, "Лампа");
        }
        // Behind a reference, too.
        let behind = json!({"reply": {"title": "Lamp"}});
        assert_eq!(ask(&en, "remarks", &behind).await.unwrap(), [2]);
        assert_eq!(ask(&ru, "remarks", &behind).await.unwrap(), [0; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_rule_means_the_same_in_every_language() {
    on_stage(async |stage| {
        let en = reading(stage, "en");
        let both = [Remark::TITLE.set("open"), Remark::TITLE.set_in("ru", "закрыто")];
        Remark::create(&en, both).await.unwrap();
        let both = [Remark::TITLE.set("closed"), Remark::TITLE.set_in("ru", "open")];
        Remark::create(&en, both).await.unwrap();
        let rights = stage.all_rights().rule("remarks", &[Verb::Read], r#"{"title":"open"}"#);
        for language in ["en", "ru", "de"] {
            let session = stage.session_in(language, rights.clone());
            assert_eq!(ask(&session, "remarks", &json!({})).await.unwrap(), [1], "{language}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_arms_of_a_rule_give_the_texts_of_their_reader() {
    on_stage(async |stage| {
        let system = stage.system();
        let both = |text: &str, other: &str| {
            vec![Remark::TITLE.set(text), Remark::TITLE.set_in("ru", other)]
        };
        let open = genre(&system, "poems").await;
        let mut list = both("Lamp", "Лампа");
        list.extend([Remark::GENRE.set(open), Remark::RANK.set(2)]);
        Remark::create(&system, list).await.unwrap();
        Remark::create(&system, both("Table", "Стол")).await.unwrap();
        let mine = r#"{"or":[{"genre_id":1},{"genre_id":{"null":true}}]}"#;
        let rights = stage.all_rights().rule("remarks", &[Verb::Read], mine);
        let ru = stage.session_in("ru", rights);
        let rank = || SortKey { hops: Vec::new(), field: "rank", is_descending: false };
        for offset in [0, 1] {
            let sort = vec![rank(), SortKey::id(&[rank()])];
            let all = ["Стол", "Лампа"];
            assert_eq!(listed(&ru, sort, offset).await, all[offset..]);
        }
    })
    .await;
}

/// The titles of a list in its usual order, as JSON gives them.
async fn titles(session: &Session) -> Vec<String> {
    let model = session.schema().by_table("remarks").unwrap();
    listed(session, SortKey::of_model(model), 0).await
}

async fn listed(session: &Session, sort: Vec<SortKey>, offset: usize) -> Vec<String> {
    let model = session.schema().by_table("remarks").unwrap();
    let list = engine::List {
        fields: vec![model.field("title").unwrap().id],
        filter: orm::Filter::all(),
        sort,
        limit: 100,
        offset: offset as i64,
        count: engine::Count::Exact,
        expand: Vec::new(),
    };
    let mut json = Vec::from(b"[");
    engine::list(session, model, &list).await.unwrap().rows.write_json(&mut json);
    json.push(b']');
    let rows: Vec<serde_json::Value> = serde_json::from_slice(&json).unwrap();
    rows.iter().map(|it| it["title"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn what_stands_in_the_column_is_one_text_for_each_language() {
    on_stage(async |stage| {
        let system = stage.system();
        let both = [Remark::TITLE.set("Lamp"), Remark::TITLE.set_in("ru", "Лампа")];
        Remark::create(&system, both).await.unwrap();
        let rows = system.sql("SELECT title::text FROM remarks", &[]).await.unwrap();
        assert_eq!(rows, [[Some(r#"{"en": "Lamp", "ru": "Лампа"}"#.to_owned())]]);
        // A hook is told what was given, not what is stored.
        let given: orm::Changes<Remark> = [Remark::TITLE.set("Lamp")].into();
        assert!(format!("{given:?}").contains(&format!("{:?}", Value::Text("Lamp".into()))));
    })
    .await;
}
