INSERT INTO audit_chain (key, start_position, start_hash, end_position, end_hash, signature, deletable_before)
VALUES ('chain', 0, '', 0, '', '', '1970-01-01T00:00:00.000Z');
--> statement-breakpoint
CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events BEGIN
  SELECT RAISE(ABORT, 'audit events are never changed');
END;
--> statement-breakpoint
CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
WHEN old.at >= (SELECT deletable_before FROM audit_chain WHERE key = 'chain') BEGIN
  SELECT RAISE(ABORT, 'audit events are kept until their time is over');
END;
--> statement-breakpoint
CREATE TRIGGER audit_seals_no_update BEFORE UPDATE ON audit_seals BEGIN
  SELECT RAISE(ABORT, 'audit seals are never changed');
END;
--> statement-breakpoint
CREATE TRIGGER audit_seals_no_delete BEFORE DELETE ON audit_seals
WHEN EXISTS (SELECT 1 FROM audit_events WHERE id = old.event_id) BEGIN
  SELECT RAISE(ABORT, 'audit seals are kept as long as their events');
END;
