//! Every route that the running program has is tried by somebody.

use std::{collections::BTreeSet, path::Path};

use crate::{
    probers::{CUSTOM, READING, WRITING},
    stage::Stage,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_has_a_prober_and_the_document_is_open_to_all() {
    let stage = Stage::open().await;
    let found = of_models(&stage).await;
    for (route, _) in READING {
        assert!(found.contains(*route), "{route} has probers and is no route any more");
    }
    for (route, test) in CUSTOM {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(test);
        assert!(file.exists(), "{route} is said to be tried by {test}, which is not there");
    }
    stage.app.stop().await;
}

/// The routes that models have, as `GET /{m}/{id}`; fails where one has no prober.
pub(crate) async fn of_models(stage: &Stage) -> BTreeSet<String> {
    let models = stage.administrator().get("/api/v1/models").await.expect(200).json();
    let models = models["data"].as_array().unwrap().iter();
    let models: BTreeSet<String> =
        models.map(|it| it["model"].as_str().unwrap().to_owned()).collect();
    let document = stage.app.guest().get("/api/openapi.json").await.expect(200).json();
    let mut found = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        let path = path.strip_prefix("/api/v1").unwrap_or(path);
        let (first, rest) = match path[1..].split_once('/') {
            Some((first, rest)) => (first, format!("/{rest}")),
            None => (&path[1..], String::new()),
        };
        let methods = operations.as_object().unwrap().keys().map(|it| it.to_uppercase());
        for method in methods.filter(|it| it != "PARAMETERS") {
            if models.contains(first) {
                found.insert(format!("{method} /{{m}}{rest}"));
                continue;
            }
            let route = format!("{method} {path}");
            assert!(
                CUSTOM.iter().any(|it| it.0 == route),
                "{route} is tried by nobody: name its test in CUSTOM of tests/matrix/probers.rs"
            );
        }
    }
    let is_probed = |it: &&String| !READING.iter().chain(WRITING).any(|known| known.0 == **it);
    let lost: Vec<&String> = found.iter().filter(is_probed).collect();
    assert!(
        lost.is_empty(),
        "{lost:?}: no prober tries this; write one under tests/matrix/probers/ and name it beside \
         its route in READING or WRITING of tests/matrix/probers.rs"
    );
    found
}
