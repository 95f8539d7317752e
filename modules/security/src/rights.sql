-- All rights, and how often they have changed, as one snapshot sees them; lists as JSON.
select
    coalesce((select number from signals where name = 'rights'), 0)::text,
    (
        select coalesce(json_agg(json_build_object(
            'id', role.id,
            'name', role.name,
            'implies', array(
                select link.target_id from roles__implies as link
                where link.source_id = role.id order by link.target_id
            )
        ) order by role.id), '[]')
        from roles as role
    )::text,
    (
        select coalesce(json_agg(json_build_object(
            'id', id,
            'role', role_id,
            'model', model,
            'verbs', array[can_create, can_read, can_update, can_delete]
        ) order by id), '[]')
        from grants
    )::text,
    (
        select coalesce(json_agg(json_build_object(
            'id', rule.id,
            'name', rule.name,
            'model', rule.model,
            'verbs', array[rule.on_create, rule.on_read, rule.on_update, rule.on_delete],
            'roles', array(
                select link.target_id from rules__roles as link
                where link.source_id = rule.id order by link.target_id
            ),
            'filter', rule.filter::text
        ) order by rule.id), '[]')
        from rules as rule
        where rule.active
    )::text,
    (
        select coalesce(json_agg(json_build_object(
            'id', field_right.id,
            'model', field_right.model,
            'field', field_right.field,
            'can_read', field_right.can_read,
            'can_write', field_right.can_write,
            'roles', array(
                select link.target_id from field_rights__roles as link
                where link.source_id = field_right.id order by link.target_id
            )
        ) order by field_right.id), '[]')
        from field_rights as field_right
    )::text
