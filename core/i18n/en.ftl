### What the framework says. A problem has a title and mostly a sentence; a violation has a few
### words that stand behind the name of the field.

## Problems: 400

problem-bad_json = Unreadable body
    .detail = The body is not a JSON object that can be read: { $found }
problem-unknown_parameter = Unknown parameter
    .detail = The request has a parameter that this route does not know
problem-bad_parameter = Wrong parameter
    .detail = A parameter of the request has a value that does not fit
problem-bad_filter = Wrong filter
    .detail = A condition of the filter does not fit its field
problem-unknown_field = Unknown field
    .detail = The request names a field that the model does not have

## Problems: 401 and 403

problem-unauthenticated = Not signed in
    .detail = Sign in and send the access token as `Authorization: Bearer …`
problem-token_expired = Access token expired
    .detail = The access token has run out; sign in again
problem-bad_credentials = Wrong login or password
    .detail = There is no user with this login and this password
problem-access_denied = Access denied
    .detail = You have no right to do this
problem-field_forbidden = Field not accessible
    .detail = { $count ->
        [one] You have no right to a field that the request names
       *[other] You have no right to { $count } fields that the request names
    }
problem-foreign_origin = Page of another origin
    .detail = This page may not open a socket here; who runs the server can list its origin in ARTEL_HTTP__ORIGINS
problem-csrf = Wrong origin
    .detail = This page may not use your sign-in

## Problems: 404 to 415

problem-not_found = Not found
    .detail = There is nothing here, or nothing that you may see
problem-method_not_allowed = Method not allowed
    .detail = Allowed here: { $allow }
problem-not_acceptable = Not acceptable
    .detail = The answer is JSON, which `Accept` excludes
problem-too_large = Body too large
    .detail = A body may have at most { $limit } bytes
problem-unsupported_media_type = Unsupported media type
    .detail = The body must be `application/json` in UTF-8, not compressed

## Problems: 409 to 429

problem-unique = Already taken
    .detail = Another record has this already: { $fields }
problem-foreign_key = Still in use
    .detail = { $count ->
        [0] Other records still point here
       *[other] Records still point here: { $models }
    }
problem-busy = Busy
    .detail = Somebody else is changing the same; try again
problem-max_affected = Too many records
    .detail = { $affected ->
        [one] { $affected } record matches, more than the request allows; nothing was changed
       *[other] { $affected } records match, more than the request allows; nothing was changed
    }
problem-seeded = Part of the installation
    .detail = This belongs to the installation and cannot be deleted
problem-would_open = Would open too much
    .detail = This would let people see more than they may now; confirm it to go on
problem-version_mismatch = Changed meanwhile
    .detail = The record has been changed by somebody else; its version is now { $current }
problem-version_required = Version required
    .detail = Say in `If-Match` which version of the record you change
problem-validation = Validation failed
    .detail = { $count ->
        [0] The body does not fit
        [one] { $count } field is invalid
       *[other] { $count } fields are invalid
    }
problem-idempotency_mismatch = Key used before
    .detail = This `Idempotency-Key` belongs to another request
problem-upgrade_required = WebSocket only
    .detail = Ask for a WebSocket here, with `Upgrade: websocket` and version 13
problem-rate_limited = Too many attempts
    .detail = { $seconds ->
        [one] Try again in { $seconds } second
       *[other] Try again in { $seconds } seconds
    }

## Problems: 500 and 503

problem-internal = Internal error
problem-unavailable = Unavailable
    .detail = This does not work just now; try again in a moment

## Violations

required = is required
unknown_field = is unknown
unknown_parameter = is unknown
bad_parameter = has a value that does not fit
bad_parameter-out_of_range = must be a whole number from { $min } to { $max }
bad_parameter-twice = must stand only once
bad_parameter-token_in_query = does not belong into an address, which is kept in logs; fetch a ticket from `POST /auth/ws_ticket` and send that as `ticket`, or send the token in the first frame
bad_parameter-encoding = must be percent-encoded UTF-8 without NUL
bad_parameter-choice = must be `none`, `estimated` or `exact`
bad_parameter-wrong_type = must be of another type
bad_parameter-required = must be there
bad_parameter-not_found = must be the id of a user
bad_parameter-sort = names what cannot be sorted by, a field twice, or more than 8 fields
bad_parameter-too_many = must lead to at most { $max } records in one answer
bad_parameter-too_many_records = would bring more than { $max } records into one answer with `{ $relation }`; set a smaller limit
bad_parameter-expand_too_deep = leads through more than { $max } relations
bad_parameter-expand_too_many = is one of more than { $max } relations
bad_parameter-expand_twice = names a relation twice
bad_parameter-expand_no_relation = is no relation; relations go by their declared names: `category`, not `category_id`
bad_parameter-expand_any = may lead to any model: its records come as they are, without options and without what is behind them
bad_parameter-expand_one = is for relations to many records; behind this one there is one at the most
bad_parameter-invalid = must be a tag such as `"v3"`
bad_filter = has a condition that does not fit
bad_filter-wrong_type = must be compared with a value of another type
bad_filter-invalid = is compared with what is no value of the field
bad_filter-required = cannot be compared with `null`; write `{ "{" }"null": true{ "}" }`
bad_filter-out_of_range = must be compared with a value from { $min } to { $max }
bad_filter-too_precise = is compared with a value of too many decimal places
bad_filter-choice = must be compared with one of: { $choices }
bad_filter-macro = is compared with a macro that has no meaning here
bad_filter-operator = does not have this operator
bad_filter-unknown_operator = has an operator that is not known
bad_filter-not_a_list = must be compared with a list
bad_filter-not_an_object = must be an object of conditions
bad_filter-two_values = must be compared with two values
bad_filter-record = is a record: compare a field of it, or ask for `null`
bad_filter-empty = has no condition
bad_filter-too_deep = is nested more than { $max } levels deep
bad_filter-too_many = is one of more than { $max } conditions
wrong_type = must be { $expected }
invalid = is invalid
read_only = cannot be changed
not_found = does not exist
too_long = must have at most { $max } characters
too_short = must have at least { $min } characters
too_many = must have at most { $max } items
too_few = must have at least { $min } items
too_precise = must have at most { $scale } decimal places
out_of_range = must be between { $min } and { $max }
greater_than = must be greater than { $min }
greater_than_or_equal = must be at least { $min }
less_than = must be less than { $max }
less_than_or_equal = must be at most { $max }
choice = must be one of: { $choices }
too_common = is a password that many people use
same_as_login = must not be the login
wrong_password = is not your password
unique = is already taken
check = does not fit the rest of the record
field_forbidden = is not accessible to you

## Fields that every model has

field-id = Number
field-version = Version
field-created_at = Created
field-created_by_id = Created by
field-updated_at = Changed
field-updated_by_id = Changed by
