-- What channels and servers add to every prompt, and who was told that a story outgrew its window.

CREATE TABLE notes (
    channel_id INTEGER PRIMARY KEY,
    guild_id   INTEGER NOT NULL,
    text       TEXT NOT NULL,
    depth      INTEGER NOT NULL,
    interval   INTEGER NOT NULL,  -- with every so many messages of people; 0: off
    role       TEXT NOT NULL CHECK (role IN ('system', 'user', 'assistant')),
    place      TEXT NOT NULL CHECK (place IN ('chat', 'before', 'after'))
);
CREATE INDEX notes_of_guild ON notes (guild_id);

CREATE TABLE instructions (
    scope    TEXT NOT NULL CHECK (scope IN ('channel', 'server')),
    scope_id INTEGER NOT NULL,  -- a channel or a server
    guild_id INTEGER NOT NULL,
    part     TEXT NOT NULL CHECK (part IN ('main', 'post-history')),
    text     TEXT NOT NULL,
    PRIMARY KEY (scope, scope_id, part)
);
CREATE INDEX instructions_of_guild ON instructions (guild_id);

CREATE TABLE forgetting_told (
    channel_id INTEGER PRIMARY KEY,
    guild_id   INTEGER,
    told_at    REAL NOT NULL
);
CREATE INDEX forgetting_told_of_guild ON forgetting_told (guild_id);

CREATE INDEX said_by_people ON messages (channel_id, position) WHERE role = 'user' AND hidden = 0;
