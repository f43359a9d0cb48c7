-- Scenes: threads with a story of their own, and what chat files brought beyond what messages hold.

CREATE TABLE scenes (
    channel_id INTEGER PRIMARY KEY,
    guild_id   INTEGER NOT NULL,
    title      TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('running', 'paused', 'archived')),
    started_by INTEGER NOT NULL,  -- a Discord user; 0: from the terminal
    started_at REAL NOT NULL,
    header     TEXT NOT NULL      -- JSON: the first object of an imported chat
);
CREATE INDEX scenes_of_guild ON scenes (guild_id);

CREATE TABLE imported_lines (
    message_id INTEGER PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
    data       TEXT NOT NULL      -- JSON: the message's object in the file
);
