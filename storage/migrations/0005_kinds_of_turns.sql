-- A turn for each speaker, turns that no message asks for, and messages that the model does not see.

ALTER TABLE turns RENAME COLUMN reopened TO sealed;  -- 1: takes no new messages
ALTER TABLE turns ADD COLUMN kind TEXT NOT NULL DEFAULT 'reply'
    CHECK (kind IN ('reply', 'greeting'));
ALTER TABLE turns ADD COLUMN character_id INTEGER;  -- who speaks; 0: the config's, NULL: not decided
ALTER TABLE turns ADD COLUMN requested_by INTEGER NOT NULL DEFAULT 0;  -- a Discord user
ALTER TABLE turns ADD COLUMN continues INTEGER NOT NULL DEFAULT 0 CHECK (continues IN (0, 1));
ALTER TABLE turns ADD COLUMN choice INTEGER NOT NULL DEFAULT 0;  -- of a greeting: which one, from 0

UPDATE turns SET requested_by = COALESCE(
    (SELECT author_id FROM messages WHERE discord_id = turns.trigger_discord_id), 0);

ALTER TABLE messages ADD COLUMN character_id INTEGER NOT NULL DEFAULT 0;  -- of a reply; 0: the config's
ALTER TABLE messages ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0
    CHECK (hidden IN (0, 1, 2));  -- 1: somebody hid it from the model, 2: out of character
ALTER TABLE messages ADD COLUMN copied_from INTEGER
    REFERENCES messages (id) ON DELETE CASCADE;  -- a person's words in a branch go with the original
CREATE INDEX copies ON messages (copied_from) WHERE copied_from IS NOT NULL;
