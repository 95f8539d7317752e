## Grants, rules, rights of fields

model-grants = Grants
field-grants-role = Role
field-grants-model = Collection
field-grants-can_create = May create
field-grants-can_read = May read
field-grants-can_update = May change
field-grants-can_delete = May delete
model-rules = Rules
field-rules-model = Collection
field-rules-on_create = When creating
field-rules-on_read = When reading
field-rules-on_update = When changing
field-rules-on_delete = When deleting
field-rules-roles = Roles
field-rules-filter = Filter
field-rules-active = In force
model-field_rights = Rights of fields
field-field_rights-model = Collection
field-field_rights-field = Field
field-field_rights-can_read = May read
field-field_rights-can_write = May write
field-field_rights-roles = Roles

unknown_model = is no collection
follows_parent = follows { $parent } and has no rights of its own
