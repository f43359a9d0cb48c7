-- Presets that servers brought in, and which of them a channel uses.

CREATE TABLE presets (
    id       INTEGER PRIMARY KEY,
    guild_id INTEGER NOT NULL,
    name_key TEXT NOT NULL,  -- the name without case
    body     TEXT NOT NULL,  -- JSON
    made_by  INTEGER NOT NULL,
    UNIQUE (guild_id, name_key)
);

CREATE TABLE channel_presets (
    channel_id INTEGER PRIMARY KEY,
    guild_id   INTEGER NOT NULL,
    preset_id  INTEGER NOT NULL REFERENCES presets (id) ON DELETE CASCADE
);
CREATE INDEX channel_presets_of_guild ON channel_presets (guild_id);
CREATE INDEX channels_of_preset ON channel_presets (preset_id);
