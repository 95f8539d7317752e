## Products, categories, units, tags. What is said beside a label stands at the field, in Rust.

model-products = Products and services
field-products-name = Name
field-products-sku = SKU
field-products-kind = Kind
choice-products-kind-goods = Goods
choice-products-kind-service = Service
choice-products-kind-bundle = Bundle
field-products-price = Price
field-products-cost = Cost
field-products-margin = Margin
field-products-unit = Unit
field-products-category = Category
field-products-tags = Tags
field-products-active = On sale
field-products-description = Description
model-categories = Product categories
field-categories-name = Name
field-categories-parent = Part of
model-units = Units
field-units-name = Name
model-product_tags = Product tags
field-product_tags-name = Name
