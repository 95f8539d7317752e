//! Errors in, documents out.

use expect_test::{Expect, expect};
use orm::Violation;

use super::*;

#[tokio::test]
async fn faults_of_a_record_stand_at_their_places() {
    let violations = vec![
        Violation::at_pointer("/name", "required"),
        Violation::at_pointer("/lines/create/0/qty", "greater_than").with("min", 0),
        Violation::at_pointer("/name", "too_long").with("max", 200),
    ];
    check(
        Error::invalid(violations),
        "en",
        expect![[r#"
        422 Unprocessable Entity
        {"type":"/problems/validation",
        "title":"Validation failed",
        "status":422,
        "code":"validation",
        "detail":"2 fields are invalid",
        "request_id":"r1",
        "errors":{"name":"is required",
        "lines.create.0.qty":"must be greater than 0"},
        "violations":[{"pointer":"/name",
        "code":"required",
        "params":{},
        "message":"is required"},{"pointer":"/lines/create/0/qty",
        "code":"greater_than",
        "params":{"min":0},
        "message":"must be greater than 0"},{"pointer":"/name",
        "code":"too_long",
        "params":{"max":200},
        "message":"must have at most 200 characters"}]}"#]],
    )
    .await;
}

#[tokio::test]
async fn texts_follow_the_language_and_codes_do_not() {
    let violations = vec![Violation::at_pointer("/name", "required")];
    check(
        Error::invalid(violations),
        "ru",
        expect![[r#"
        422 Unprocessable Entity
        {"type":"/problems/validation",
        "title":"Проверка не пройдена",
        "status":422,
        "code":"validation",
        "detail":"Неверно заполнено 1 поле",
        "request_id":"r1",
        "errors":{"name":"обязательно"},
        "violations":[{"pointer":"/name",
        "code":"required",
        "params":{},
        "message":"обязательно"}]}"#]],
    )
    .await;
}

#[tokio::test]
async fn a_fault_of_a_query_is_a_parameter_and_says_its_reason() {
    let violation = Violation::at_parameter("price[like]", "bad_filter").with("reason", "operator");
    check(
        Error::bad_parameter(violation),
        "en",
        expect![[r#"
        400 Bad Request
        {"type":"/problems/bad_filter",
        "title":"Wrong filter",
        "status":400,
        "code":"bad_filter",
        "detail":"A condition of the filter does not fit its field",
        "request_id":"r1",
        "errors":{"price[like]":"does not have this operator"},
        "violations":[{"parameter":"price[like]",
        "code":"bad_filter",
        "params":{"reason":"operator"},
        "message":"does not have this operator"}]}"#]],
    )
    .await;
}

#[tokio::test]
async fn a_fault_of_ours_has_a_request_id_and_nothing_else() {
    let error = Error::broken("relation \"products\" does not exist");
    check(
        error,
        "en",
        expect![[r#"
        500 Internal Server Error
        {"type":"/problems/internal",
        "title":"Internal error",
        "status":500,
        "code":"internal",
        "request_id":"r1"}"#]],
    )
    .await;
}

#[tokio::test]
async fn a_method_names_those_there_are() {
    let error = ErrorKind::MethodNotAllowed { allow: vec!["GET", "HEAD"] };
    check(
        error.into(),
        "en",
        expect![[r#"
        405 Method Not Allowed
        allow: GET, HEAD
        {"type":"/problems/method_not_allowed",
        "title":"Method not allowed",
        "status":405,
        "code":"method_not_allowed",
        "detail":"Allowed here: GET, HEAD",
        "request_id":"r1"}"#]],
    )
    .await;
}

#[tokio::test]
async fn a_version_mismatch_says_the_current_one() {
    let error = orm::Error::from(orm::ErrorKind::VersionMismatch { current: 7 });
    check(
        error.into(),
        "en",
        expect![[r#"
        412 Precondition Failed
        {"type":"/problems/version_mismatch",
        "title":"Changed meanwhile",
        "status":412,
        "code":"version_mismatch",
        "detail":"The record has been changed by somebody else; its version is now 7",
        "request_id":"r1",
        "current_version":7}"#]],
    )
    .await;
}

#[tokio::test]
async fn a_conflict_names_its_fields() {
    let fields = vec!["sku".into()];
    let error = orm::Error::from(orm::ErrorKind::NotUnique { fields, record: String::new() });
    check(
        error.into(),
        "en",
        expect![[r#"
        409 Conflict
        {"type":"/problems/unique",
        "title":"Already taken",
        "status":409,
        "code":"unique",
        "detail":"Another record has this already: sku",
        "request_id":"r1",
        "errors":{"sku":"is already taken"},
        "violations":[{"pointer":"/sku",
        "code":"unique",
        "params":{},
        "message":"is already taken"}]}"#]],
    )
    .await;
}

#[tokio::test]
async fn what_still_points_here_is_named() {
    let error = orm::Error::from(orm::ErrorKind::StillReferenced { models: vec!["leads"] });
    check(
        error.into(),
        "en",
        expect![[r#"
        409 Conflict
        {"type":"/problems/foreign_key",
        "title":"Still in use",
        "status":409,
        "code":"foreign_key",
        "detail":"Records still point here: leads",
        "request_id":"r1",
        "models":["leads"]}"#]],
    )
    .await;
}

#[tokio::test]
async fn coming_back_has_a_time() {
    let error = ErrorKind::RateLimited { retry_after: Duration::from_millis(1500) };
    check(
        error.into(),
        "en",
        expect![[r#"
        429 Too Many Requests
        retry-after: 2
        {"type":"/problems/rate_limited",
        "title":"Too many attempts",
        "status":429,
        "code":"rate_limited",
        "detail":"Try again in 2 seconds",
        "request_id":"r1"}"#]],
    )
    .await;
    check(
        Error::unavailable("the pool is empty"),
        "en",
        expect![[r#"
        503 Service Unavailable
        retry-after: 2
        {"type":"/problems/unavailable",
        "title":"Unavailable",
        "status":503,
        "code":"unavailable",
        "detail":"This does not work just now; try again in a moment",
        "request_id":"r1"}"#]],
    )
    .await;
}

#[tokio::test]
async fn nobody_is_told_how_to_sign_in() {
    check(
        Error::unauthenticated(Unauthenticated::TokenExpired),
        "en",
        expect![[r#"
        401 Unauthorized
        www-authenticate: Bearer
        {"type":"/problems/token_expired",
        "title":"Access token expired",
        "status":401,
        "code":"token_expired",
        "detail":"The access token has run out; sign in again",
        "request_id":"r1"}"#]],
    )
    .await;
}

#[tokio::test]
async fn a_check_of_a_model_is_said_in_the_words_of_its_module() {
    const OWN: crate::module::Texts =
        crate::module::Texts { en: "check-plots-dates = ends before it starts", ru: "" };
    let refused = |name: &str| {
        let violation = Violation::at_pointer("", "check").with("name", name);
        Error::invalid(vec![violation.with("model", "plots")])
    };
    let texts = Texts::of(&[OWN]).unwrap();
    for (name, said) in
        [("dates", "ends before it starts"), ("streets", "does not fit the rest of the record")]
    {
        let reader = Reader { texts: &texts, language: "en", request_id: "r1" };
        let body = response(&refused(name), &reader).into_body().into_string().await.unwrap();
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        let expected = serde_json::json!([{
            "pointer": "",
            "code": "check",
            "params": { "name": name, "model": "plots" },
            "message": said,
        }]);
        assert_eq!(body["violations"], expected);
    }
}

/// Answers `error` and compares status, headers and document with `expected`.
async fn check(error: Error, language: &'static str, expected: Expect) {
    let texts = Texts::of(&[]).unwrap();
    let answer = response(&error, &Reader { texts: &texts, language, request_id: "r1" });
    let mut actual = format!("{}\n", answer.status());
    for name in [ALLOW, RETRY_AFTER, WWW_AUTHENTICATE] {
        if let Some(value) = answer.headers().get(&name) {
            actual += &format!("{name}: {}\n", value.to_str().unwrap());
        }
    }
    let body = answer.into_body().into_string().await.unwrap();
    let body: Box<serde_json::value::RawValue> = serde_json::from_str(&body).unwrap();
    actual += &body.get().replace(",\"", ",\n\"");
    expected.assert_eq(&actual);
}
