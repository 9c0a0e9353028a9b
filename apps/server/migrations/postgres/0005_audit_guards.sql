INSERT INTO audit_chain (key, start_position, start_hash, end_position, end_hash, signature, deletable_before)
VALUES ('chain', 0, '', 0, '', '', '1970-01-01T00:00:00.000Z');
--> statement-breakpoint
CREATE FUNCTION audit_refuse_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit trail is never changed';
END $$;
--> statement-breakpoint
CREATE FUNCTION audit_events_guard_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF old.at >= (SELECT deletable_before FROM audit_chain WHERE key = 'chain') THEN
    RAISE EXCEPTION 'audit events are kept until their time is over';
  END IF;
  RETURN old;
END $$;
--> statement-breakpoint
CREATE FUNCTION audit_seals_guard_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM audit_events WHERE id = old.event_id::uuid) THEN
    RAISE EXCEPTION 'audit seals are kept as long as their events';
  END IF;
  RETURN old;
END $$;
--> statement-breakpoint
CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events
FOR EACH ROW EXECUTE FUNCTION audit_refuse_update();
--> statement-breakpoint
CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
FOR EACH ROW EXECUTE FUNCTION audit_events_guard_delete();
--> statement-breakpoint
CREATE TRIGGER audit_seals_no_update BEFORE UPDATE ON audit_seals
FOR EACH ROW EXECUTE FUNCTION audit_refuse_update();
--> statement-breakpoint
CREATE TRIGGER audit_seals_no_delete BEFORE DELETE ON audit_seals
FOR EACH ROW EXECUTE FUNCTION audit_seals_guard_delete();
--> statement-breakpoint
CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_update();
