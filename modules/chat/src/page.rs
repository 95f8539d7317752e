//! The page at `/chat`: a client of the protocol, for people to talk and for authors of clients to read.
//!
//! It stands in `page/` as it is served; nothing builds it.

use artel_core::http::Page;

/// A file of the page, by its name.
macro_rules! file {
    ($name:literal) => {
        ($name, include_str!(concat!("../page/", $name)))
    };
}

pub(crate) const PAGE: Page = Page {
    path: "/chat",
    document: include_str!("../page/index.html"),
    files: &[
        file!("chat.css"),
        file!("js/api.js"),
        file!("js/chats.js"),
        file!("js/client.js"),
        file!("js/composer.js"),
        file!("js/conversation.js"),
        file!("js/element.js"),
        file!("js/main.js"),
        file!("js/messages.js"),
        file!("js/outbox.js"),
        file!("js/people.js"),
        file!("js/picker.js"),
        file!("js/room.js"),
        file!("js/texts.js"),
        file!("texts/en.json"),
        file!("texts/ru.json"),
    ],
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn both_languages_have_the_same_texts_with_the_same_places() {
        let places = |name: &str| -> BTreeMap<String, Vec<String>> {
            let (_, text) = PAGE.files.iter().find(|it| it.0 == name).unwrap();
            let texts: BTreeMap<String, String> = serde_json::from_str(text).unwrap();
            texts.into_iter().map(|(key, text)| (key, places_of(&text))).collect()
        };
        let english = places("texts/en.json");
        assert_eq!(english["unread"], ["count"]);
        assert_eq!(english, places("texts/ru.json"));
    }

    /// The names in braces, sorted.
    fn places_of(text: &str) -> Vec<String> {
        let parts = text.split('{').skip(1).filter_map(|it| it.split_once('}'));
        let mut names: Vec<_> = parts.map(|(name, _)| name.to_owned()).collect();
        names.sort();
        names
    }
}
