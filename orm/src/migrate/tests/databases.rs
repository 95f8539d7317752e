//! Whole databases.

use crate::migrate::{
    database::{
        create_database, create_database_from_template, drop_database, list_databases,
        rename_database,
    },
    tests::{admin, new_name, pool, value},
};

#[tokio::test]
async fn a_copy_has_what_its_template_has() {
    let (admin, prefix) = (admin(), new_name());
    let (draft, template, copy) =
        (format!("{prefix}_draft"), format!("{prefix}_template"), format!("{prefix}_copy"));
    create_database(&admin, &draft).await.unwrap();
    let made = pool(&draft, 1);
    made.batch("create table things as select 7 as n").await.unwrap();
    made.close().await;
    rename_database(&admin, &draft, &template).await.unwrap();
    create_database_from_template(&admin, &copy, &template).await.unwrap();
    assert_eq!(value(&pool(&copy, 1), "select n from things").await, "7");
    assert_eq!(list_databases(&admin, &prefix).await.unwrap(), [copy.clone(), template.clone()]);
    for name in [&copy, &template, &copy] {
        drop_database(&admin, name).await.unwrap();
    }
    assert_eq!(list_databases(&admin, &prefix).await.unwrap(), [""; 0]);
}
