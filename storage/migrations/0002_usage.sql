-- What each reply took. Rows stay when the reply is deleted: they were paid for. Nothing of what was
-- said is in them.

CREATE TABLE usage (
    id                INTEGER PRIMARY KEY,
    at                REAL NOT NULL,
    guild_id          INTEGER,
    channel_id        INTEGER NOT NULL,
    profile           TEXT NOT NULL,
    model             TEXT NOT NULL,
    prompt_tokens     INTEGER NOT NULL,
    cached_tokens     INTEGER NOT NULL,  -- of the prompt's
    completion_tokens INTEGER NOT NULL,
    estimated         INTEGER NOT NULL CHECK (estimated IN (0, 1)),  -- 1: the server did not count
    cost              INTEGER            -- billionths of the price's currency; NULL: no price
);
CREATE INDEX usage_of_guild ON usage (guild_id, at);
CREATE INDEX usage_by_age ON usage (at);
CREATE INDEX usage_without_cost ON usage (profile) WHERE cost IS NULL;

INSERT INTO usage (at, guild_id, channel_id, profile, model, prompt_tokens, cached_tokens,
    completion_tokens, estimated)
SELECT v.created_at, m.guild_id, m.channel_id, v.served_by, v.model, v.prompt_tokens, 0,
    COALESCE(v.completion_tokens, 0), 0
FROM variants v JOIN messages m ON m.id = v.message_id
WHERE v.prompt_tokens IS NOT NULL
ORDER BY v.created_at;
