## Login sessions

model-sessions = Login sessions
field-sessions-user = User
field-sessions-expires_at = Expires at
field-sessions-last_seen_at = Last seen at
field-sessions-address = Address
field-sessions-agent = Program
field-sessions-revoked_at = Ended at

## Used tickets

model-used_tickets = Used tickets
field-used_tickets-name = Name
field-used_tickets-until = Remembered until
