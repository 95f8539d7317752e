## Чаты

model-chats = Чаты
field-chats-name = Название
    .help = Как он называется. Чату двоих и чату о записи название не нужно.
field-chats-kind = Вид
choice-chats-kind-direct = Вдвоём
choice-chats-kind-group = Группа
choice-chats-kind-channel = Канал
choice-chats-kind-record = О записи
field-chats-active = Используется
    .help = Пользуются ли им ещё.
field-chats-record_model = Раздел
    .help = Раздел записи, о которой он.
field-chats-record_id = Запись
    .help = Запись, о которой он.
field-chats-last_seq = Последнее событие
    .help = Номер последнего события.
field-chats-epoch = Эпоха
    .help = Растёт, когда то, что знают клиенты, может быть неверно: после восстановления из копии.
field-chats-members = Участники
    .help = Те, кто участвует или участвовал.

model-chat_members = Участники чатов
field-chat_members-chat = Чат
field-chat_members-user = Пользователь
field-chat_members-active = Участвует
    .help = Участвует ли сейчас.
field-chat_members-is_admin = Ведёт чат
    .help = Может всё это, переименовывает чат, убирает его в архив и решает, кому что можно.
field-chat_members-can_read = Читает
field-chat_members-can_write = Пишет
field-chat_members-can_pin = Закрепляет
field-chat_members-can_invite = Приглашает
field-chat_members-can_delete_others = Удаляет чужие
    .help = Может удалять то, что написали другие.

model-chat_marks = Отметки о прочтении
field-chat_marks-chat = Чат
field-chat_marks-user = Пользователь
field-chat_marks-read_seq = Прочитано до
    .help = Номер последнего события, которое видели.
field-chat_marks-muted_until = Не беспокоить до
    .help = До какого времени не беспокоить.

model-chat_messages = Сообщения
field-chat_messages-chat = Чат
field-chat_messages-author = Автор
    .help = Кто написал. Без автора — система.
field-chat_messages-seq = Номер
    .help = Номер события, с которым оно пришло.
field-chat_messages-body = Текст
    .help = Что написано. У удалённого текста нет.
field-chat_messages-reply_to = Ответ на
    .help = Сообщение того же чата, на которое это отвечает.
field-chat_messages-client_msg_id = Имя от клиента
    .help = Как его называет программа автора: отправленное ещё раз приходит один раз.
field-chat_messages-pinned = Закреплено
field-chat_messages-edited_at = Изменено
    .help = Когда изменено в последний раз, если изменяли.
field-chat_messages-deleted_at = Удалено
    .help = Когда удалено, если удалили.

model-chat_reactions = Реакции
field-chat_reactions-message = Сообщение
field-chat_reactions-user = Пользователь
field-chat_reactions-emoji = Знак

model-chat_events = События чатов
field-chat_events-chat = Чат
field-chat_events-seq = Номер
    .help = Номер в чате.
field-chat_events-kind = Что случилось
    .help = Что случилось: message.created.
field-chat_events-message = Сообщение
    .help = Сообщение, о котором оно.
field-chat_events-user = Пользователь
    .help = Участник, о котором оно, или тот, кто отреагировал.
field-chat_events-emoji = Знак
    .help = Реакция, о которой оно.
field-chat_events-by = Кто
    .help = Кто это сделал. Если никто — система.
field-chat_events-at = Когда

model-chat_lineages = Базы данных чатов
field-chat_lineages-number = Номер
field-chat_lineages-system_identifier = Идентификатор системы
    .help = Как назван сервер при его создании.
field-chat_lineages-timeline = Линия времени
    .help = Растёт при каждом восстановлении и каждом повышении сервера.
field-chat_lineages-database_oid = Номер базы данных
    .help = Номер базы на её сервере.

direct_chat = в чат двоих никого не приглашают; создайте группу
own_user = это должен быть кто-то другой
