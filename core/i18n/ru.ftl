### То, что говорит сам каркас. У ошибки есть заголовок и обычно предложение; у нарушения —
### несколько слов, которые стоят после имени поля.

## Ошибки: 400

problem-bad_json = Тело не читается
    .detail = Тело запроса — не читаемый объект JSON: { $found }
problem-unknown_parameter = Неизвестный параметр
    .detail = В запросе есть параметр, которого этот адрес не знает
problem-bad_parameter = Неверный параметр
    .detail = Значение одного из параметров запроса не подходит
problem-bad_filter = Неверный фильтр
    .detail = Условие фильтра не подходит к полю
problem-unknown_field = Неизвестное поле
    .detail = В запросе названо поле, которого у модели нет

## Ошибки: 401 и 403

problem-unauthenticated = Вход не выполнен
    .detail = Войдите и передавайте токен доступа в `Authorization: Bearer …`
problem-token_expired = Срок токена истёк
    .detail = Токен доступа больше не действует; войдите снова
problem-bad_credentials = Неверный логин или пароль
    .detail = Пользователя с таким логином и паролем нет
problem-access_denied = Доступ запрещён
    .detail = У вас нет права на это действие
problem-field_forbidden = Поле недоступно
    .detail = { $count ->
        [one] У вас нет права на { $count } поле из запроса
        [few] У вас нет права на { $count } поля из запроса
       *[other] У вас нет права на { $count } полей из запроса
    }
problem-foreign_origin = Страница с чужого адреса
    .detail = Этой странице нельзя открывать здесь сокет; владелец сервера может указать её адрес в ARTEL_HTTP__ORIGINS
problem-csrf = Чужая страница
    .detail = Этой странице нельзя пользоваться вашим входом

## Ошибки: 404–415

problem-not_found = Не найдено
    .detail = Здесь ничего нет или нет того, что вам можно видеть
problem-method_not_allowed = Метод не поддерживается
    .detail = Здесь можно: { $allow }
problem-not_acceptable = Формат недоступен
    .detail = Ответ бывает только в JSON, а `Accept` его исключает
problem-too_large = Тело слишком велико
    .detail = В теле запроса может быть не больше { $limit } байт
problem-unsupported_media_type = Тип тела не поддерживается
    .detail = Тело должно быть `application/json` в UTF-8, без сжатия

## Ошибки: 409–429

problem-unique = Уже занято
    .detail = Это уже есть у другой записи: { $fields }
problem-foreign_key = Запись используется
    .detail = { $count ->
        [0] На запись ещё ссылаются другие
       *[other] На запись ещё ссылаются: { $models }
    }
problem-busy = Занято
    .detail = То же самое сейчас меняет кто-то другой; повторите
problem-max_affected = Слишком много записей
    .detail = { $affected ->
        [one] Подходит { $affected } запись, больше разрешённого; ничего не изменено
        [few] Подходят { $affected } записи, больше разрешённого; ничего не изменено
       *[other] Подходит { $affected } записей, больше разрешённого; ничего не изменено
    }
problem-seeded = Часть установки
    .detail = Это часть установки, удалить её нельзя
problem-would_open = Откроет слишком много
    .detail = После этого станет видно больше, чем сейчас; подтвердите, чтобы продолжить
problem-version_mismatch = Запись изменилась
    .detail = Запись успел изменить кто-то другой; её версия теперь { $current }
problem-version_required = Нужна версия
    .detail = Укажите в `If-Match`, какую версию записи вы меняете
problem-validation = Проверка не пройдена
    .detail = { $count ->
        [0] Тело запроса не подходит
        [one] Неверно заполнено { $count } поле
        [few] Неверно заполнено { $count } поля
       *[other] Неверно заполнено { $count } полей
    }
problem-idempotency_mismatch = Ключ уже использован
    .detail = Этот `Idempotency-Key` принадлежит другому запросу
problem-upgrade_required = Только WebSocket
    .detail = Здесь отвечает WebSocket: нужны `Upgrade: websocket` и версия 13
problem-rate_limited = Слишком много попыток
    .detail = { $seconds ->
        [one] Повторите через { $seconds } секунду
        [few] Повторите через { $seconds } секунды
       *[other] Повторите через { $seconds } секунд
    }

## Ошибки: 500 и 503

problem-internal = Внутренняя ошибка
problem-unavailable = Недоступно
    .detail = Сейчас это не работает; повторите чуть позже

## Нарушения

required = обязательно
unknown_field = неизвестно
unknown_parameter = неизвестен
bad_parameter = имеет неподходящее значение
bad_parameter-out_of_range = должно быть целым числом от { $min } до { $max }
bad_parameter-twice = должно стоять только один раз
bad_parameter-token_in_query = не место в адресе, который хранят журналы; получите билет в `POST /auth/ws_ticket` и передайте его как `ticket` или пришлите токен первым кадром
bad_parameter-encoding = должно быть UTF-8 в процентном кодировании, без NUL
bad_parameter-choice = должно быть `none`, `estimated` или `exact`
bad_parameter-wrong_type = должно быть другого типа
bad_parameter-required = должно быть указано
bad_parameter-not_found = должно быть номером пользователя
bad_parameter-sort = называет то, по чему нельзя сортировать, поле дважды или больше 8 полей
bad_parameter-too_many = ведёт больше чем к { $max } записям в одном ответе
bad_parameter-too_many_records = вместе с `{ $relation }` дало бы больше { $max } записей в одном ответе; уменьшите предел
bad_parameter-expand_too_deep = ведёт больше чем через { $max } связи
bad_parameter-expand_too_many = — одна из более чем { $max } связей
bad_parameter-expand_twice = называет связь дважды
bad_parameter-expand_no_relation = не связь; связи зовутся объявленным именем: `category`, а не `category_id`
bad_parameter-expand_any = может вести к записи любой модели: она приходит как есть, без параметров и без того, что за ней
bad_parameter-expand_one = имеет смысл для связей со многими записями, а за этой — не больше одной
bad_parameter-invalid = должно быть меткой вида `"v3"`
bad_filter = имеет неподходящее условие
bad_filter-wrong_type = сравнивается со значением не того типа
bad_filter-invalid = сравнивается с тем, что не может быть его значением
bad_filter-required = нельзя сравнить с `null`; пишите `{ "{" }"null": true{ "}" }`
bad_filter-out_of_range = сравнивается со значением не от { $min } до { $max }
bad_filter-too_precise = сравнивается со значением, в котором слишком много знаков
bad_filter-choice = сравнивается не с одним из значений: { $choices }
bad_filter-macro = сравнивается с макросом, который здесь ничего не значит
bad_filter-operator = не имеет такого оператора
bad_filter-unknown_operator = имеет неизвестный оператор
bad_filter-not_a_list = должно сравниваться со списком
bad_filter-not_an_object = должно быть объектом с условиями
bad_filter-two_values = должно сравниваться с двумя значениями
bad_filter-record = это запись: сравните её поле или спросите `null`
bad_filter-empty = не имеет условия
bad_filter-too_deep = вложено глубже { $max } уровней
bad_filter-too_many = стоит среди более чем { $max } условий
wrong_type = должно быть другого типа: { $expected }
invalid = неверно
read_only = нельзя изменить
not_found = не существует
too_long = может содержать не больше { $max } знаков
too_short = должно содержать не меньше { $min } знаков
too_many = может содержать не больше { $max } элементов
too_few = должно содержать не меньше { $min } элементов
too_precise = может иметь не больше { $scale } знаков после запятой
out_of_range = должно быть от { $min } до { $max }
greater_than = должно быть больше { $min }
greater_than_or_equal = должно быть не меньше { $min }
less_than = должно быть меньше { $max }
less_than_or_equal = должно быть не больше { $max }
choice = должно быть одним из: { $choices }
too_common = слишком распространённый пароль
same_as_login = не должен совпадать с логином
wrong_password = не ваш нынешний пароль
unique = уже занято
check = не подходит к остальному в записи
field_forbidden = вам недоступно

## Поля каждой модели

field-id = Номер
field-version = Версия
field-created_at = Создано
field-created_by_id = Кем создано
field-updated_at = Изменено
field-updated_by_id = Кем изменено
