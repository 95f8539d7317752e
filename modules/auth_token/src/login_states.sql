-- Login sessions with their users, companies and roles, and how often rights have changed;
-- every column as text, lists by lines.
select
    sessions.id::text,
    floor(extract(epoch from sessions.expires_at) * 1000)::bigint::text,
    (sessions.revoked_at is not null)::text,
    users.id::text,
    users.login,
    users.name,
    users.email,
    users.language,
    users.is_admin::text,
    users.active::text,
    users.company_id::text,
    (
        select string_agg(link.target_id::text, E'\n' order by link.target_id)
        from users__companies as link
        where link.source_id = users.id
    ),
    (
        select string_agg(link.target_id::text, E'\n' order by link.target_id)
        from users__roles as link
        where link.source_id = users.id
    ),
    coalesce((select number from signals where name = 'rights'), 0)::text,
    coalesce((select number from signals where name = 'askers'), 0)::text
from sessions
join users on users.id = sessions.user_id
where sessions.id = any ($1::bigint[])
