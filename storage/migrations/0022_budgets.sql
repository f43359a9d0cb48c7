-- Limits that were set by command, and what was spent within their windows.

CREATE TABLE limits (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL,  -- 0: the owner's, for profiles
    scope    TEXT NOT NULL CHECK (scope IN ('user', 'channel', 'server', 'profile')),
    what     TEXT NOT NULL CHECK (what IN ('messages', 'tokens', 'money')),
    amount   REAL NOT NULL,
    seconds  REAL NOT NULL,
    target   TEXT NOT NULL,     -- '': each one
    UNIQUE (guild_id, scope, what, seconds, target)
);

-- One reply each. A row without a server is what a profile was asked.
CREATE TABLE spending (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    at         REAL NOT NULL,
    guild_id   INTEGER,
    channel_id INTEGER NOT NULL,
    user_id    INTEGER NOT NULL,
    profile    TEXT NOT NULL,
    tokens     INTEGER NOT NULL,
    cost       INTEGER NOT NULL,  -- billionths of the currency
    settled    INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX spending_by_user ON spending (guild_id, user_id, at);
CREATE INDEX spending_by_channel ON spending (channel_id, at);
CREATE INDEX spending_by_profile ON spending (profile, at);
CREATE INDEX spending_by_server ON spending (guild_id, at);
CREATE INDEX spending_by_time ON spending (at);
