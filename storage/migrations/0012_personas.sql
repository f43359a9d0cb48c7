-- Who people are in stories. A persona belongs to a person and goes with no server.

CREATE TABLE personas (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id     INTEGER NOT NULL,
    name        TEXT NOT NULL COLLATE NOCASE,
    description TEXT NOT NULL,
    avatar      TEXT NOT NULL DEFAULT '',  -- an address
    is_default  INTEGER NOT NULL DEFAULT 0 CHECK (is_default IN (0, 1)),
    UNIQUE (user_id, name)
);
CREATE UNIQUE INDEX one_default_persona ON personas (user_id) WHERE is_default = 1;

CREATE TABLE persona_choices (
    user_id    INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    guild_id   INTEGER,
    persona_id INTEGER REFERENCES personas (id) ON DELETE CASCADE,  -- NULL: their own name here
    PRIMARY KEY (user_id, channel_id)
);
CREATE INDEX persona_choices_of_guild ON persona_choices (guild_id);
CREATE INDEX persona_choices_by_persona ON persona_choices (persona_id);
