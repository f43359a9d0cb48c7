-- What a channel remembers: summaries of what was said, and an index of its words. The index is
-- FTS5's, which only SQLite has; `storage.search` asks it.

CREATE TABLE memory_choices (
    channel_id INTEGER PRIMARY KEY,
    guild_id   INTEGER,
    enabled    INTEGER CHECK (enabled IN (0, 1)),  -- NULL: as the config says
    profile    TEXT NOT NULL                       -- '': the channel's own
);
CREATE INDEX memory_choices_of_guild ON memory_choices (guild_id);

CREATE TABLE summaries (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    channel_id INTEGER NOT NULL,
    guild_id   INTEGER,
    position   INTEGER NOT NULL,  -- of the last message that it covers
    message_id INTEGER NOT NULL,  -- that message
    text       TEXT NOT NULL,
    made_at    REAL NOT NULL,
    profile    TEXT NOT NULL,     -- that wrote it
    edited_by  INTEGER NOT NULL,  -- a Discord user; 0: nobody
    stale      INTEGER NOT NULL DEFAULT 0 CHECK (stale IN (0, 1))  -- 1: what it covers was changed
);
CREATE UNIQUE INDEX summaries_in_order ON summaries (channel_id, position, message_id);
CREATE INDEX summaries_of_guild ON summaries (guild_id);

-- A summary may hold what people deleted, so it goes with it; the one before it is in force again.
CREATE TRIGGER summaries_of_deleted AFTER DELETE ON messages BEGIN
    DELETE FROM summaries WHERE channel_id = OLD.channel_id
        AND (position, message_id) >= (OLD.position, OLD.id);
END;
CREATE TRIGGER summaries_of_changed AFTER UPDATE OF text, hidden ON messages
WHEN OLD.text <> NEW.text OR OLD.hidden <> NEW.hidden BEGIN
    UPDATE summaries SET stale = 1 WHERE channel_id = OLD.channel_id
        AND (position, message_id) >= (OLD.position, OLD.id);
END;
CREATE TRIGGER summaries_of_first_reset AFTER INSERT ON resets BEGIN
    DELETE FROM summaries WHERE channel_id = NEW.channel_id;
END;
CREATE TRIGGER summaries_of_reset AFTER UPDATE ON resets BEGIN
    DELETE FROM summaries WHERE channel_id = NEW.channel_id;
END;

ALTER TABLE usage ADD COLUMN kind TEXT NOT NULL DEFAULT 'reply'
    CHECK (kind IN ('reply', 'summary', 'impersonation'));

-- The rowid begins with the channel, so that each channel's part of a word's list is one range that
-- is found at once; a channel id begins with the time at which the channel was made.
CREATE VIRTUAL TABLE message_search USING fts5 (
    text, content = '', tokenize = 'porter unicode61 remove_diacritics 2'
);
INSERT INTO message_search (rowid, text)
SELECT ((m.channel_id >> 22) & 2147483647) * 4294967296 + m.id, m.text
FROM messages m ORDER BY 1;

-- Not empty: words of deleted messages are still in the index; see `storage.search`.
CREATE TABLE search_leftovers (id INTEGER PRIMARY KEY CHECK (id = 1));

CREATE TRIGGER search_new AFTER INSERT ON messages BEGIN
    INSERT INTO message_search (rowid, text)
        VALUES (((NEW.channel_id >> 22) & 2147483647) * 4294967296 + NEW.id, NEW.text);
END;
CREATE TRIGGER search_deleted AFTER DELETE ON messages BEGIN
    INSERT INTO message_search (message_search, rowid, text) VALUES
        ('delete', ((OLD.channel_id >> 22) & 2147483647) * 4294967296 + OLD.id, OLD.text);
    INSERT OR IGNORE INTO search_leftovers VALUES (1);
END;
CREATE TRIGGER search_changed AFTER UPDATE OF text ON messages WHEN OLD.text <> NEW.text BEGIN
    INSERT INTO message_search (message_search, rowid, text) VALUES
        ('delete', ((OLD.channel_id >> 22) & 2147483647) * 4294967296 + OLD.id, OLD.text);
    INSERT INTO message_search (rowid, text)
        VALUES (((NEW.channel_id >> 22) & 2147483647) * 4294967296 + NEW.id, NEW.text);
    INSERT OR IGNORE INTO search_leftovers SELECT 1 WHERE OLD.role = 'user';
END;
