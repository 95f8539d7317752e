//! `POST /{m}/search`: a list by body.

use orm::{
    At, Leaf, Violation,
    json::{self, Node},
    parse_filter,
};

use crate::{
    Error, Result,
    crud::{
        Reply, Request,
        list_query::{ListQuery, bad},
        query_string::QueryString,
    },
};

pub(crate) async fn search(request: &Request<'_>) -> Result<Reply> {
    QueryString::parse(request.query)?.finish()?;
    let session = &**request.ctx;
    let body = json::parse_object(&request.body)?;
    let mut list = ListQuery::new(session, request.model()?);
    for (key, node) in &body.entries {
        let pointer = format!("/{key}");
        let at = At::Pointer(pointer.clone());
        match &**key {
            "filter" => {
                let filter = parse_filter(&mut list.judge, list.model, node, &pointer)?;
                list.filters.push(filter);
            }
            "fields" => {
                let names = texts(node, &pointer)?;
                list.fields(names.iter().map(|(name, at)| (*name, at.clone())))?;
            }
            "sort" => {
                texts(node, &pointer)?.iter().try_for_each(|(key, at)| list.sort(key, at))?;
            }
            "expand" => list.expand_tree(session, node, &pointer)?,
            "limit" => list.limit(number(node), &at)?,
            "offset" => list.offset(number(node), &at)?,
            "count" => list.count(text(node), &at)?,
            "q" => list.search(text(node).ok_or_else(|| bad(&at, "wrong_type"))?, &at)?,
            _ => {
                return Err(Error::bad_parameter(Violation::at_key("", key, "unknown_parameter")));
            }
        }
    }
    Ok(Reply::ok(list.run(session).await?))
}

/// A list of strings, each with its place.
pub(super) fn texts<'n>(node: &'n Node<'_>, pointer: &str) -> Result<Vec<(&'n str, At)>> {
    let Node::Array(items, _) = node else {
        return Err(bad(&At::Pointer(pointer.to_owned()), "wrong_type"));
    };
    let item = |(at, node): (usize, &'n Node<'_>)| {
        let place = At::Pointer(format!("{pointer}/{at}"));
        text(node).ok_or_else(|| bad(&place, "wrong_type")).map(|it| (it, place.clone()))
    };
    items.iter().enumerate().map(item).collect()
}

fn text<'n>(node: &'n Node<'_>) -> Option<&'n str> {
    match node {
        Node::Leaf(Leaf::Text(text)) => Some(text),
        _ => None,
    }
}

/// An integer, as its text says it.
pub(super) fn number(node: &Node<'_>) -> Option<i64> {
    match node {
        Node::Leaf(Leaf::Number(text)) => text.parse().ok(),
        _ => None,
    }
}
