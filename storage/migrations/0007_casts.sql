-- Several characters in one channel.

CREATE TABLE casts (
    channel_id           INTEGER PRIMARY KEY,
    guild_id             INTEGER NOT NULL,
    turn_order           TEXT NOT NULL CHECK (turn_order IN ('natural', 'list', 'pooled', 'manual')),
    allow_self_responses INTEGER NOT NULL CHECK (allow_self_responses IN (0, 1)),
    auto_turns           INTEGER NOT NULL CHECK (auto_turns BETWEEN 0 AND 5),
    join_mode            TEXT NOT NULL CHECK (join_mode IN ('swap', 'join'))
);
CREATE INDEX casts_of_guild ON casts (guild_id);

CREATE TABLE channel_characters (
    channel_id    INTEGER NOT NULL REFERENCES casts (channel_id) ON DELETE CASCADE,
    guild_id      INTEGER NOT NULL,
    character_id  INTEGER NOT NULL,  -- 0: the config's
    position      INTEGER NOT NULL,  -- from 0
    muted         INTEGER NOT NULL CHECK (muted IN (0, 1)),
    talkativeness REAL CHECK (talkativeness BETWEEN 0 AND 1),  -- NULL: as the card says
    PRIMARY KEY (channel_id, character_id)
);
CREATE INDEX channels_of_character ON channel_characters (character_id);
CREATE INDEX channel_characters_of_guild ON channel_characters (guild_id);

-- All turns with the same trigger are a round.
CREATE INDEX turns_by_trigger ON turns (channel_id, trigger_discord_id);
ALTER TABLE turns ADD COLUMN addressed INTEGER;  -- the character that the message speaks to, if any
ALTER TABLE turns ADD COLUMN place INTEGER NOT NULL DEFAULT 0;  -- in its round; 0: the first
ALTER TABLE turns ADD COLUMN auto_left INTEGER NOT NULL DEFAULT 0
    CHECK (auto_left BETWEEN 0 AND 5);  -- turns that characters may still take among themselves
