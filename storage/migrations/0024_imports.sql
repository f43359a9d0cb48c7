-- Chats that are being imported, a few hundred messages at a time. What a crash left half done is
-- removed at the next start.

CREATE TABLE imports (
    channel_id     INTEGER PRIMARY KEY,
    first_position INTEGER NOT NULL,  -- of the messages that are brought in
    last_position  INTEGER NOT NULL
);
