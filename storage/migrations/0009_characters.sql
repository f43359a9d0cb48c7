-- Characters, each of one server or shared with all.

CREATE TABLE characters (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used again: messages carry it
    guild_id     INTEGER,           -- NULL: shared by the bot's owner with every server
    name         TEXT NOT NULL,
    name_key     TEXT NOT NULL,     -- the name without case
    nickname_key TEXT NOT NULL,     -- the same of what it is called
    card         TEXT NOT NULL,     -- JSON: chara_card_v3
    made_by      INTEGER,           -- a Discord user; NULL: from the terminal
    made_at      REAL NOT NULL,
    changed_at   REAL NOT NULL,
    revision     INTEGER NOT NULL,  -- of the card, from 1
    avatar       BLOB,              -- the picture made small, WebP
    picture      BLOB               -- as it came: PNG, JPEG or WebP
);
CREATE UNIQUE INDEX characters_by_name ON characters (COALESCE(guild_id, 0), name_key);
CREATE INDEX characters_of_guild ON characters (guild_id);

CREATE TABLE character_files (  -- what a CharX held beside its card
    character_id INTEGER NOT NULL REFERENCES characters (id) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    data         BLOB NOT NULL,
    PRIMARY KEY (character_id, name)
);
