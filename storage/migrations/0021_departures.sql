-- Servers that the bot has left: what is kept of them is removed after a while.

CREATE TABLE departures (
    guild_id INTEGER PRIMARY KEY,
    left_at  REAL NOT NULL
);
