//! What the demo catalogue is made of: shelves in groups, each with every form in every finish.

use crate::{
    ProductKind,
    seed::{HOUR, PIECE, SET, SeededUnit},
};

/// A category that holds products: what there is on it, and what that may be made of.
pub(crate) struct Shelf {
    pub(crate) name: &'static str,
    pub(crate) kind: ProductKind,
    pub(crate) unit: SeededUnit,
    /// Of the first form in the first finish, in hundredths.
    pub(crate) price: i64,
    pub(crate) forms: [&'static str; 4],
    pub(crate) finishes: [&'static str; 5],
}

/// Categories, and those within them.
pub(crate) const GROUPS: [(&str, [Shelf; 3]); 4] = [
    ("Мебель", [TABLES, CHAIRS, SHELVES]),
    ("Освещение", [LAMPS, CHANDELIERS, FLOOR_LAMPS]),
    ("Books and paper", [BOOKS, NOTEBOOKS, GIFT_SETS]),
    ("Services", [INSTALLATION, CONSULTING, LESSONS]),
];

const TABLES: Shelf = Shelf {
    name: "Столы",
    kind: ProductKind::Goods,
    unit: PIECE,
    price: 1_490_000,
    forms: ["Стол письменный", "Стол обеденный", "Стол журнальный", "Стол переговорный"],
    finishes: ["сосна", "берёза", "бук", "дуб", "орех"],
};

const CHAIRS: Shelf = Shelf {
    name: "Стулья",
    kind: ProductKind::Goods,
    unit: PIECE,
    price: 390_000,
    forms: ["Табурет", "Стул", "Полукресло", "Кресло"],
    finishes: ["берёза", "бук", "серая ткань", "синий велюр", "чёрная кожа"],
};

const SHELVES: Shelf = Shelf {
    name: "Стеллажи и полки",
    kind: ProductKind::Goods,
    unit: PIECE,
    price: 249_000,
    forms: ["Полка навесная", "Полка угловая", "Стеллаж узкий", "Стеллаж широкий"],
    finishes: ["сосна", "белая эмаль", "графит", "дуб", "орех"],
};

const LAMPS: Shelf = Shelf {
    name: "Настольные лампы",
    kind: ProductKind::Goods,
    unit: PIECE,
    price: 199_000,
    forms: ["Ночник", "Лампа на прищепке", "Лампа настольная", "Лампа для чтения"],
    finishes: ["белая эмаль", "чёрная эмаль", "латунь", "медь", "зелёное стекло"],
};

const CHANDELIERS: Shelf = Shelf {
    name: "Люстры",
    kind: ProductKind::Goods,
    unit: PIECE,
    price: 690_000,
    forms: ["Подвес", "Плафон потолочный", "Люстра на три лампы", "Люстра на пять ламп"],
    finishes: ["ротанг", "матовое стекло", "хром", "латунь", "хрусталь"],
};

const FLOOR_LAMPS: Shelf = Shelf {
    name: "Торшеры и бра",
    kind: ProductKind::Goods,
    unit: PIECE,
    price: 450_000,
    forms: ["Бра", "Торшер", "Торшер с полкой", "Торшер дуговой"],
    finishes: ["льняной абажур", "бумажный абажур", "чёрная эмаль", "хром", "латунь"],
};

const BOOKS: Shelf = Shelf {
    name: "Books",
    kind: ProductKind::Goods,
    unit: PIECE,
    price: 129_000,
    forms: ["Cooking for one", "Birds of the north", "A history of chairs", "Atlas of rivers"],
    finishes: ["pocket edition", "paperback", "large print", "hardcover", "illustrated"],
};

const NOTEBOOKS: Shelf = Shelf {
    name: "Notebooks",
    kind: ProductKind::Goods,
    unit: PIECE,
    price: 45_000,
    forms: ["Notebook A6", "Notebook A5", "Notebook A4", "Sketchbook"],
    finishes: ["blank", "lined", "squared", "dotted", "recycled paper"],
};

const GIFT_SETS: Shelf = Shelf {
    name: "Gift sets",
    kind: ProductKind::Bundle,
    unit: SET,
    price: 390_000,
    forms: ["Writing set", "Drawing set", "Reading set", "Office set"],
    finishes: ["small", "medium", "large", "festive", "in a wooden box"],
};

const INSTALLATION: Shelf = Shelf {
    name: "Installation",
    kind: ProductKind::Service,
    unit: HOUR,
    price: 150_000,
    forms: ["Delivery", "Removal of old furniture", "Furniture assembly", "Lamp fitting"],
    finishes: ["by appointment", "weekday", "evening", "weekend", "urgent"],
};

const CONSULTING: Shelf = Shelf {
    name: "Consulting",
    kind: ProductKind::Service,
    unit: HOUR,
    price: 300_000,
    forms: ["Lighting plan", "Acoustics survey", "Interior design", "Office layout"],
    finishes: ["follow-up", "online", "on site", "with a report", "express"],
};

const LESSONS: Shelf = Shelf {
    name: "Обучение",
    kind: ProductKind::Service,
    unit: HOUR,
    price: 120_000,
    forms: ["Уроки рисунка", "Переплётное дело", "Столярное дело", "Реставрация мебели"],
    finishes: ["для начинающих", "для опытных", "вечерняя группа", "по выходным", "один на один"],
};
