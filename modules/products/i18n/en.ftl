## Products, categories, units, tags

model-products = Products
field-products-name = Name
field-products-sku = SKU
field-products-kind = Kind
choice-products-kind-goods = Goods
choice-products-kind-service = Service
choice-products-kind-bundle = Bundle
field-products-price = Price
field-products-cost = Cost
field-products-unit = Unit
field-products-category = Category
field-products-tags = Tags
field-products-active = Active
field-products-description = Description
model-categories = Categories
field-categories-name = Name
field-categories-parent = Part of
model-units = Units
field-units-name = Name
model-product_tags = Product tags
field-product_tags-name = Name
