-- Incidents of several profiles, what is said of them where, and planned maintenance.

ALTER TABLE health_states ADD COLUMN penalty REAL NOT NULL DEFAULT 0;     -- for failing often
ALTER TABLE health_states ADD COLUMN penalty_at REAL NOT NULL DEFAULT 0;
ALTER TABLE health_states ADD COLUMN host INTEGER;                        -- 1: it answers
ALTER TABLE health_states ADD COLUMN model INTEGER;                       -- 1: it is there
ALTER TABLE health_states ADD COLUMN answered_at REAL NOT NULL DEFAULT 0; -- 0: never
ALTER TABLE health_states ADD COLUMN refused_at REAL NOT NULL DEFAULT 0;

ALTER TABLE probes ADD COLUMN planned INTEGER NOT NULL DEFAULT 0 CHECK (planned IN (0, 1));

ALTER TABLE incidents ADD COLUMN host TEXT NOT NULL DEFAULT '';  -- set: profiles of it may join
DROP INDEX one_open_incident;
CREATE UNIQUE INDEX one_open_incident_of_host ON incidents (host)
    WHERE closed_at IS NULL AND host <> '';
CREATE INDEX incidents_going ON incidents (id) WHERE closed_at IS NULL;

CREATE TABLE incident_members (
    incident_id  INTEGER NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
    profile      TEXT NOT NULL,
    since        REAL NOT NULL,
    code         TEXT NOT NULL,
    detail       TEXT NOT NULL,
    hint         TEXT NOT NULL,
    failures     INTEGER NOT NULL,
    recovered_at REAL,             -- NULL: still down
    position     INTEGER NOT NULL, -- the order in which they failed
    PRIMARY KEY (incident_id, profile)
);
CREATE UNIQUE INDEX down_in_one_incident ON incident_members (profile) WHERE recovered_at IS NULL;
CREATE INDEX incidents_with_profile ON incident_members (profile, incident_id);

INSERT INTO incident_members (incident_id, profile, since, code, detail, hint, failures,
    recovered_at, position)
SELECT id, profile, opened_at, code, detail, hint, failures, closed_at, 0 FROM incidents;

-- guild_id: a server; 0: the webhook; below 0: the direct messages of the owner of that id.
ALTER TABLE incident_notices ADD COLUMN said TEXT NOT NULL DEFAULT '';
ALTER TABLE incident_notices ADD COLUMN seen_by INTEGER NOT NULL DEFAULT 0;
ALTER TABLE incident_notices ADD COLUMN muted_until REAL NOT NULL DEFAULT 0;
ALTER TABLE incident_notices ADD COLUMN reminded_at REAL NOT NULL DEFAULT 0;
ALTER TABLE incident_notices ADD COLUMN reminder_id INTEGER NOT NULL DEFAULT 0;
CREATE INDEX notices_of_message ON incident_notices (guild_id, message_id);

CREATE TABLE notice_posts (
    guild_id INTEGER NOT NULL,
    profile  TEXT NOT NULL,
    at       REAL NOT NULL
);
CREATE INDEX notice_posts_by_age ON notice_posts (at);

CREATE TABLE maintenance (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    profiles   TEXT NOT NULL,  -- JSON array; empty: all
    start      REAL NOT NULL,  -- of one that happens once
    seconds    REAL NOT NULL,
    cron       TEXT NOT NULL,  -- '': once
    zone       TEXT NOT NULL,
    reason     TEXT NOT NULL,
    created_by INTEGER NOT NULL
);

CREATE TABLE probe_spend (
    profile TEXT NOT NULL,
    day     INTEGER NOT NULL,  -- days since 1970 (UTC)
    checks  INTEGER NOT NULL,
    tokens  INTEGER NOT NULL,
    cost    REAL NOT NULL,     -- in the currency of the profile's price
    PRIMARY KEY (profile, day)
);
