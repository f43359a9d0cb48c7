-- Lorebooks, each of one server or shared with all; where they count; and which effects last.

CREATE TABLE lorebooks (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id   INTEGER,           -- NULL: shared by the bot's owner with every server
    name       TEXT NOT NULL,
    name_key   TEXT NOT NULL,     -- the name without case
    book       TEXT NOT NULL,     -- JSON: SillyTavern's world info
    entries    INTEGER NOT NULL,
    revision   INTEGER NOT NULL,  -- from 1
    made_by    INTEGER,           -- a Discord user; NULL: from the terminal
    made_at    REAL NOT NULL,
    changed_at REAL NOT NULL
);
CREATE UNIQUE INDEX lorebooks_by_name ON lorebooks (COALESCE(guild_id, 0), name_key);
CREATE INDEX lorebooks_of_guild ON lorebooks (guild_id);

CREATE TABLE lorebook_links (
    guild_id INTEGER NOT NULL,  -- the server in which it counts
    place    TEXT NOT NULL CHECK (place IN ('channel', 'server', 'character')),
    place_id INTEGER NOT NULL,
    book_id  INTEGER NOT NULL REFERENCES lorebooks (id) ON DELETE CASCADE,
    PRIMARY KEY (guild_id, place, place_id, book_id)
) WITHOUT ROWID;
CREATE INDEX links_of_lorebook ON lorebook_links (book_id);

CREATE TABLE lore_timers (
    channel_id INTEGER NOT NULL,
    guild_id   INTEGER,
    entry_key  TEXT NOT NULL,     -- a digest of the entry, so that an edit ends its effects
    message_id INTEGER NOT NULL,  -- at which it fired; counted in the history from there
    lasts      INTEGER,           -- messages; NULL: for good
    PRIMARY KEY (channel_id, entry_key)
) WITHOUT ROWID;
CREATE INDEX lore_timers_of_guild ON lore_timers (guild_id);
