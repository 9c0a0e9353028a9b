UPDATE roles SET permissions = (permissions::jsonb || (
  SELECT coalesce(jsonb_agg(added.name), '[]'::jsonb)
  FROM unnest(ARRAY['users.export', 'system.view', 'keys.view', 'keys.rotate']) AS added (name)
  WHERE NOT permissions::jsonb @> to_jsonb(added.name)
))::text WHERE id = '0198f2c4-7d1e-7c3a-9b52-000000000001';
--> statement-breakpoint
UPDATE roles SET permissions = (permissions::jsonb || (
  SELECT coalesce(jsonb_agg(added.name), '[]'::jsonb)
  FROM unnest(ARRAY['system.view', 'keys.view']) AS added (name)
  WHERE NOT permissions::jsonb @> to_jsonb(added.name)
))::text WHERE id = '0198f2c4-7d1e-7c3a-9b52-000000000003';
--> statement-breakpoint
INSERT INTO daily_counts (day, name, count)
SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD'), CASE action WHEN 'sign_in.succeeded' THEN 'sign_ins' ELSE 'sign_in_failures' END, count(*)
FROM audit_events
WHERE action IN ('sign_in.succeeded', 'sign_in.failed', 'sign_in.throttled')
  AND id::text NOT IN (SELECT event_id FROM audit_unsealed)
GROUP BY 1, 2;
--> statement-breakpoint
INSERT INTO daily_counts (day, name, count)
SELECT to_char(date_joined AT TIME ZONE 'UTC', 'YYYY-MM-DD'), 'joined', count(*)
FROM users
WHERE id::text NOT IN (
  SELECT target_id FROM audit_events
  WHERE id::text IN (SELECT event_id FROM audit_unsealed)
    AND action IN ('user.registered', 'user.created', 'invitation.made')
)
GROUP BY 1;
