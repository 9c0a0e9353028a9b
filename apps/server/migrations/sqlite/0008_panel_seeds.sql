UPDATE roles SET permissions = (
  SELECT json_group_array(value) FROM (
    SELECT value FROM json_each(roles.permissions)
    UNION ALL
    SELECT value FROM json_each('["users.export","system.view","keys.view","keys.rotate"]')
    WHERE value NOT IN (SELECT value FROM json_each(roles.permissions))
  )
) WHERE id = '0198f2c4-7d1e-7c3a-9b52-000000000001';
--> statement-breakpoint
UPDATE roles SET permissions = (
  SELECT json_group_array(value) FROM (
    SELECT value FROM json_each(roles.permissions)
    UNION ALL
    SELECT value FROM json_each('["system.view","keys.view"]')
    WHERE value NOT IN (SELECT value FROM json_each(roles.permissions))
  )
) WHERE id = '0198f2c4-7d1e-7c3a-9b52-000000000003';
--> statement-breakpoint
INSERT INTO daily_counts (day, name, count)
SELECT substr(at, 1, 10), CASE action WHEN 'sign_in.succeeded' THEN 'sign_ins' ELSE 'sign_in_failures' END AS name, count(*)
FROM audit_events
WHERE action IN ('sign_in.succeeded', 'sign_in.failed', 'sign_in.throttled')
  AND id NOT IN (SELECT event_id FROM audit_unsealed)
GROUP BY 1, 2;
--> statement-breakpoint
INSERT INTO daily_counts (day, name, count)
SELECT substr(date_joined, 1, 10), 'joined', count(*)
FROM users
WHERE id NOT IN (
  SELECT target_id FROM audit_events
  WHERE id IN (SELECT event_id FROM audit_unsealed)
    AND action IN ('user.registered', 'user.created', 'invitation.made')
)
GROUP BY 1;
