-- What a channel does while its profile is down, which channels wait, and which were told that
-- another profile answers.

ALTER TABLE channels ADD COLUMN when_down TEXT CHECK (when_down IN ('fallback', 'queue'));

CREATE TABLE waiting_channels (
    channel_id INTEGER PRIMARY KEY,
    guild_id   INTEGER,
    parent_id  INTEGER,  -- of a thread
    turn_id    INTEGER NOT NULL,
    profile    TEXT NOT NULL,
    since      REAL NOT NULL,
    messages   INTEGER NOT NULL,
    line_id    INTEGER NOT NULL  -- the Discord message that says so; 0: none yet
);

CREATE TABLE substitutes_told (
    incident_id INTEGER NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
    channel_id  INTEGER NOT NULL,
    guild_id    INTEGER,
    PRIMARY KEY (incident_id, channel_id)
);
