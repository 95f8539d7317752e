-- Login sessions with their users, companies and roles; every column as text, lists by lines.
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
        with recursive closure(id) as (
            (
                select link.target_id from users__roles as link where link.source_id = users.id
                union
                select roles.id from roles where roles.name = 'base.user'
            )
            union
            select link.target_id
            from roles__implies as link
            join closure on closure.id = link.source_id
        )
        select string_agg(roles.id || ' ' || roles.name, E'\n' order by roles.id)
        from closure
        join roles on roles.id = closure.id
    )
from sessions
join users on users.id = sessions.user_id
where sessions.id = any ($1::bigint[])
