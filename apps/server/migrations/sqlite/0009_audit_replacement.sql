CREATE TRIGGER audit_events_no_replace BEFORE INSERT ON audit_events
WHEN EXISTS (SELECT 1 FROM audit_events WHERE id = new.id OR rowid = new.rowid) BEGIN
  SELECT RAISE(ABORT, 'audit events are never replaced');
END;
--> statement-breakpoint
CREATE TRIGGER audit_seals_no_replace BEFORE INSERT ON audit_seals
WHEN EXISTS (
  SELECT 1 FROM audit_seals
  WHERE position = new.position OR event_id = new.event_id OR rowid = new.rowid
) BEGIN
  SELECT RAISE(ABORT, 'audit seals are never replaced');
END;
