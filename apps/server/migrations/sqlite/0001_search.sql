CREATE VIRTUAL TABLE users_search USING fts5(
  search_text, content = 'users', content_rowid = 'row_key', tokenize = 'trigram', detail = 'none'
);
--> statement-breakpoint
CREATE TRIGGER users_search_insert AFTER INSERT ON users BEGIN
  INSERT INTO users_search (rowid, search_text) VALUES (new.row_key, new.search_text);
END;
--> statement-breakpoint
CREATE TRIGGER users_search_delete AFTER DELETE ON users BEGIN
  INSERT INTO users_search (users_search, rowid, search_text) VALUES ('delete', old.row_key, old.search_text);
END;
--> statement-breakpoint
CREATE TRIGGER users_search_update AFTER UPDATE OF search_text ON users WHEN old.search_text <> new.search_text BEGIN
  INSERT INTO users_search (users_search, rowid, search_text) VALUES ('delete', old.row_key, old.search_text);
  INSERT INTO users_search (rowid, search_text) VALUES (new.row_key, new.search_text);
END;
