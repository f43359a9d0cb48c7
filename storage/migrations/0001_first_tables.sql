-- Times are seconds since 1970 (UTC). Ids of channels, guilds, people and Discord messages are
-- Discord's own.

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL  -- JSON
);

CREATE TABLE profiles (
    name       TEXT PRIMARY KEY,
    source     TEXT NOT NULL CHECK (source IN ('config', 'discord')),
    body       TEXT NOT NULL,  -- JSON, with the keys of config.json
    created_by INTEGER,        -- a Discord user; NULL: nobody in particular
    created_at REAL NOT NULL
);

CREATE TABLE guilds (
    guild_id          INTEGER PRIMARY KEY,
    profile           TEXT,
    outage_channel_id INTEGER
);

CREATE TABLE channels (
    channel_id INTEGER PRIMARY KEY,
    guild_id   INTEGER NOT NULL,
    bound_by   INTEGER NOT NULL,
    bound_at   REAL NOT NULL,
    profile    TEXT,
    mode       TEXT CHECK (mode IN ('all', 'mention')),
    wake_words TEXT  -- JSON array; NULL: not decided here
);
CREATE INDEX channels_of_guild ON channels (guild_id);

CREATE TABLE turns (
    id                 INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used again: buttons carry it
    channel_id         INTEGER NOT NULL,
    guild_id           INTEGER,
    state              TEXT NOT NULL
                       CHECK (state IN ('accepted', 'running', 'done', 'failed', 'interrupted')),
    reopened           INTEGER NOT NULL DEFAULT 0 CHECK (reopened IN (0, 1)),
    created_at         REAL NOT NULL,
    trigger_discord_id INTEGER NOT NULL,
    error_code         TEXT NOT NULL DEFAULT '',
    error_detail       TEXT NOT NULL DEFAULT ''
);
CREATE INDEX turns_of_channel ON turns (channel_id, id);
CREATE INDEX turns_of_guild ON turns (guild_id);
CREATE INDEX turns_unfinished ON turns (id) WHERE state IN ('accepted', 'running');
CREATE UNIQUE INDEX one_waiting_turn ON turns (channel_id)
    WHERE state = 'accepted' AND reopened = 0;

CREATE TABLE messages (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    channel_id  INTEGER NOT NULL,
    guild_id    INTEGER,
    position    INTEGER NOT NULL,  -- order in the channel: the Discord id; of a reply, its trigger's
    discord_id  INTEGER UNIQUE,    -- NULL for a reply: see parts
    turn_id     INTEGER REFERENCES turns (id),  -- the turn it waits in, or the one it answers
    role        TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
    author_id   INTEGER NOT NULL,  -- 0 for a reply
    author_name TEXT NOT NULL,
    text        TEXT NOT NULL,     -- of a reply: the text of its active variant
    variant     INTEGER NOT NULL DEFAULT 0,  -- the active one
    created_at  REAL NOT NULL
);
CREATE INDEX messages_in_order ON messages (channel_id, position, id);
CREATE INDEX messages_of_turn ON messages (turn_id);
CREATE INDEX messages_of_guild ON messages (guild_id);
CREATE UNIQUE INDEX one_reply_per_turn ON messages (turn_id) WHERE role = 'assistant';

CREATE TABLE variants (
    message_id        INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    number            INTEGER NOT NULL,  -- from 0, in the order they were written
    text              TEXT NOT NULL,
    created_at        REAL NOT NULL,
    finish_reason     TEXT NOT NULL,
    served_by         TEXT NOT NULL,     -- a profile's name
    model             TEXT NOT NULL,
    prompt_tokens     INTEGER,           -- as the server counted; NULL where it did not
    completion_tokens INTEGER,
    PRIMARY KEY (message_id, number)
);

CREATE TABLE parts (
    discord_id INTEGER PRIMARY KEY,
    turn_id    INTEGER NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    text       TEXT  -- NULL: posted, but its reply is not finished
);
CREATE INDEX parts_in_order ON parts (turn_id, position);

CREATE TABLE token_counts (
    message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    tokenizer  TEXT NOT NULL,
    tokens     INTEGER NOT NULL,
    PRIMARY KEY (message_id, tokenizer)
);

CREATE TABLE resets (
    channel_id INTEGER PRIMARY KEY,
    guild_id   INTEGER,
    position   INTEGER NOT NULL,  -- of the last message that is left out
    reset_at   REAL NOT NULL
);

CREATE TABLE health_states (
    profile    TEXT PRIMARY KEY,
    status     TEXT NOT NULL CHECK (status IN ('unknown', 'up', 'starting', 'down')),
    since      REAL NOT NULL,
    failures   INTEGER NOT NULL,
    successes  INTEGER NOT NULL,
    checked_at REAL NOT NULL,
    latency    REAL,  -- seconds
    code       TEXT NOT NULL,
    detail     TEXT NOT NULL,
    hint       TEXT NOT NULL
);

CREATE TABLE probes (
    id      INTEGER PRIMARY KEY,
    profile TEXT NOT NULL,
    at      REAL NOT NULL,
    result  TEXT NOT NULL CHECK (result IN ('ok', 'starting', 'failed')),
    seconds REAL NOT NULL,  -- 0: traffic, not a probe
    code    TEXT NOT NULL,
    detail  TEXT NOT NULL
);
CREATE INDEX probes_by_age ON probes (profile, at);

CREATE TABLE incidents (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    profile   TEXT NOT NULL,
    opened_at REAL NOT NULL,
    code      TEXT NOT NULL,
    detail    TEXT NOT NULL,
    hint      TEXT NOT NULL,
    closed_at REAL,  -- NULL: it goes on
    failures  INTEGER NOT NULL
);
CREATE INDEX incidents_of_profile ON incidents (profile, id);
CREATE UNIQUE INDEX one_open_incident ON incidents (profile) WHERE closed_at IS NULL;

CREATE TABLE incident_notices (
    incident_id INTEGER NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
    guild_id    INTEGER NOT NULL,
    channel_id  INTEGER NOT NULL,
    message_id  INTEGER NOT NULL,
    told        TEXT NOT NULL CHECK (told IN ('open', 'closed')),
    PRIMARY KEY (incident_id, guild_id)
);
CREATE INDEX notices_still_open ON incident_notices (incident_id) WHERE told = 'open';
