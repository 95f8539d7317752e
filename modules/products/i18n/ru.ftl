## Товары, категории, единицы, метки

model-products = Товары
field-products-name = Название
field-products-sku = Артикул
field-products-kind = Вид
choice-products-kind-goods = Товар
choice-products-kind-service = Услуга
choice-products-kind-bundle = Комплект
field-products-price = Цена
field-products-cost = Себестоимость
field-products-unit = Единица
field-products-category = Категория
field-products-tags = Метки
field-products-active = Продаётся
field-products-description = Описание
model-categories = Категории
field-categories-name = Название
field-categories-parent = Входит в
model-units = Единицы измерения
field-units-name = Название
model-product_tags = Метки товаров
field-product_tags-name = Название
