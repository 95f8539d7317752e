## Права на модели, правила, права на поля

model-grants = Права на модели
field-grants-role = Роль
field-grants-model = Коллекция
field-grants-can_create = Создание
field-grants-can_read = Чтение
field-grants-can_update = Изменение
field-grants-can_delete = Удаление
model-rules = Правила
field-rules-name = Название
field-rules-model = Коллекция
field-rules-on_create = При создании
field-rules-on_read = При чтении
field-rules-on_update = При изменении
field-rules-on_delete = При удалении
field-rules-roles = Роли
field-rules-filter = Фильтр
field-rules-active = Действует
model-field_rights = Права на поля
field-field_rights-model = Коллекция
field-field_rights-field = Поле
field-field_rights-can_read = Чтение
field-field_rights-can_write = Запись
field-field_rights-roles = Роли

unknown_model = нет такой коллекции
follows_parent = следует за { $parent } и своих прав не имеет
