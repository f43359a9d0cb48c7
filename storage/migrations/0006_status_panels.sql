-- The panel that a server keeps in a channel, and that RoleForge keeps true.

CREATE TABLE status_panels (
    guild_id   INTEGER PRIMARY KEY,
    channel_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL
);
