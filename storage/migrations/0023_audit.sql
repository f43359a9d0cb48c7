-- Who changed which setting.

CREATE TABLE audit (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    at       REAL NOT NULL,
    guild_id INTEGER NOT NULL,  -- 0: what belongs to all servers
    actor_id INTEGER NOT NULL,  -- a Discord user
    action   TEXT NOT NULL,
    target   TEXT NOT NULL,     -- an id or a name
    before   TEXT,              -- JSON; NULL: it was not there
    after    TEXT,              -- JSON; NULL: it is gone
    undone   INTEGER NOT NULL DEFAULT 0 CHECK (undone IN (0, 1))
);
CREATE INDEX audit_by_server ON audit (guild_id, id);
CREATE INDEX audit_by_time ON audit (at);
