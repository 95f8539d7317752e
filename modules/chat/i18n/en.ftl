## Chats

model-chats = Chats
field-chats-name = Name
field-chats-kind = Kind
choice-chats-kind-direct = Of two
choice-chats-kind-group = Group
choice-chats-kind-channel = Channel
choice-chats-kind-record = About a record
field-chats-active = In use
field-chats-record_model = Collection
field-chats-record_id = Record
field-chats-last_seq = Last event
field-chats-epoch = Epoch
field-chats-members = Members

model-chat_members = Chat members
field-chat_members-chat = Chat
field-chat_members-user = User
field-chat_members-active = Takes part
field-chat_members-is_admin = Administrator
field-chat_members-can_read = Reads
field-chat_members-can_write = Writes
field-chat_members-can_pin = Pins
field-chat_members-can_invite = Invites
field-chat_members-can_delete_others = Deletes what others wrote

model-chat_marks = Read marks
field-chat_marks-chat = Chat
field-chat_marks-user = User
field-chat_marks-read_seq = Read up to
field-chat_marks-muted_until = Muted until

model-chat_messages = Chat messages
field-chat_messages-chat = Chat
field-chat_messages-author = Author
field-chat_messages-seq = Number
field-chat_messages-body = Text
field-chat_messages-reply_to = Answers
field-chat_messages-client_msg_id = Name given by the client
field-chat_messages-pinned = Pinned
field-chat_messages-edited_at = Changed at
field-chat_messages-deleted_at = Deleted at

model-chat_reactions = Reactions
field-chat_reactions-message = Message
field-chat_reactions-user = User
field-chat_reactions-emoji = Sign

model-chat_events = Chat events
field-chat_events-chat = Chat
field-chat_events-seq = Number
field-chat_events-kind = What happened
field-chat_events-message = Message
field-chat_events-user = User
field-chat_events-emoji = Sign
field-chat_events-by = By
field-chat_events-at = At

model-chat_lineages = Databases of chats
field-chat_lineages-number = Number
field-chat_lineages-system_identifier = System identifier
field-chat_lineages-timeline = Timeline
field-chat_lineages-database_oid = Number of the database

direct_chat = nobody is invited into a chat of two; make a group
own_user = must be somebody else
