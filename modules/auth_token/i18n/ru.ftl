## Сеансы

model-sessions = Сеансы
field-sessions-user = Пользователь
field-sessions-expires_at = Истекает
    .help = Когда сеанс закончится сам.
field-sessions-last_seen_at = Был замечен
    .help = Когда им пользовались в последний раз, с точностью до минуты.
field-sessions-address = Адрес
    .help = Сетевой адрес, с которого он начат.
field-sessions-agent = Программа
    .help = Программа, из которой он начат.
field-sessions-revoked_at = Завершён
    .help = Когда его завершили, если завершили.

## Использованные билеты

model-used_tickets = Использованные билеты
field-used_tickets-name = Название
    .help = Такого нет ни у одного другого билета.
field-used_tickets-until = Помнить до
    .help = До этого времени билет ещё мог бы подойти.
