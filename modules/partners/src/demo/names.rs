//! Names of made-up firms and people: by turns Russian and English, no two alike.

/// A first and a second part; every pair of them is a name.
struct Words {
    first: [&'static str; 10],
    second: [&'static str; 10],
}

/// Surnames that are the same for men and women.
const PEOPLE: [Words; 2] = [
    Words {
        first: [
            "Ольга",
            "Иван",
            "Мария",
            "Сергей",
            "Елена",
            "Павел",
            "Ирина",
            "Алексей",
            "Наталья",
            "Дмитрий",
        ],
        second: [
            "Ким",
            "Демченко",
            "Савенко",
            "Левченко",
            "Шевель",
            "Седых",
            "Черных",
            "Гончаренко",
            "Тимошенко",
            "Долгих",
        ],
    },
    Words {
        first: [
            "Peter", "Laura", "Thomas", "Nina", "Mark", "Helen", "Simon", "Julia", "Victor",
            "Clare",
        ],
        second: [
            "Martin", "Lindt", "Berger", "Rossi", "Young", "Fischer", "Larsen", "Baker", "Dubois",
            "Keller",
        ],
    },
];

const FIRMS: [Words; 2] = [
    Words {
        first: [
            "Заря",
            "Меркурий",
            "Горизонт",
            "Вектор",
            "Родник",
            "Кедр",
            "Маяк",
            "Полюс",
            "Искра",
            "Восход",
        ],
        second: [
            "Строй",
            "Торг",
            "Мебель",
            "Сервис",
            "Логистика",
            "Дом",
            "Проект",
            "Снаб",
            "Декор",
            "Свет",
        ],
    },
    Words {
        first: [
            "Bluefield",
            "Oakline",
            "Silverbay",
            "Granite",
            "Harbour",
            "Westgate",
            "Linden",
            "Redwood",
            "Stonebridge",
            "Fairhaven",
        ],
        second: [
            "Trading",
            "Interiors",
            "Logistics",
            "Bookshops",
            "Services",
            "Hotels",
            "Design",
            "Supplies",
            "Studios",
            "Lighting",
        ],
    },
];

/// The name of the firm with this number; from 200 on, with a number behind it.
pub(crate) fn of_firm(at: usize) -> String {
    let (first, second) = pair(&FIRMS[at % 2], at / 2 % 100);
    let again = match at / 200 {
        0 => String::new(),
        round => format!(" {}", round + 1),
    };
    match at % 2 {
        0 => format!("ООО «{first}-{second}{again}»"),
        _ => format!("{first} {second}{again} Ltd"),
    }
}

/// The name of a person around the firm with this number, in its language; beyond 100 firms, some
/// people have the same.
pub(crate) fn of_person(firm: usize, place: usize) -> String {
    let (first, second) = pair(&PEOPLE[firm % 2], (firm / 2 * 2 + place) % 100);
    format!("{first} {second}")
}

/// The pair with this number, below 100. Both parts change with every step, and with every tenth.
fn pair(words: &Words, at: usize) -> (&'static str, &'static str) {
    let (row, column) = (at / 10, at % 10);
    (words.first[(row + column) % 10], words.second[(row + 2 * column) % 10])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_firms_are_called_the_same() {
        check((0..3_000).map(of_firm), 3_000);
    }

    #[test]
    fn no_two_people_are_called_the_same() {
        check((0..100).flat_map(|firm| [of_person(firm, 0), of_person(firm, 1)]), 200);
    }

    #[track_caller]
    fn check(names: impl Iterator<Item = String>, expected: usize) {
        assert_eq!(names.collect::<BTreeSet<_>>().len(), expected);
    }
}
