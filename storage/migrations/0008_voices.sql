-- The webhooks through which characters speak, and what was said through them or for want of one.

CREATE TABLE webhooks (
    webhook_id INTEGER PRIMARY KEY,
    channel_id INTEGER NOT NULL,  -- of a thread's messages: its parent
    guild_id   INTEGER,
    token      TEXT               -- NULL: it is gone and must not be used again
);
CREATE UNIQUE INDEX one_webhook_per_channel ON webhooks (channel_id) WHERE token IS NOT NULL;
CREATE INDEX webhooks_of_guild ON webhooks (guild_id);

CREATE TABLE voiced (
    discord_id INTEGER PRIMARY KEY,
    guild_id   INTEGER,
    webhook_id INTEGER,               -- NULL: said by the bot itself, for want of a webhook
    heading    TEXT NOT NULL          -- what stands above the text then, such as the name
);
CREATE INDEX voiced_of_guild ON voiced (guild_id);
