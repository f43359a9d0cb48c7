-- What messages are about, as vectors of one model: made again where the model is another. A message
-- that is changed, hidden or left out by a reset has none until it is made anew.

CREATE TABLE message_vectors (
    message_id INTEGER PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
    channel_id INTEGER NOT NULL,
    model      TEXT NOT NULL,  -- see `roleplay.ports.Embedder.id`
    signs      BLOB NOT NULL,  -- a bit of each number, for the first look
    vector     BLOB NOT NULL   -- float32, little-endian
);
CREATE INDEX signs_of_channel ON message_vectors (channel_id, model, message_id, signs);

CREATE TRIGGER vectors_of_changed AFTER UPDATE OF text, hidden ON messages
WHEN OLD.text <> NEW.text OR OLD.hidden <> NEW.hidden BEGIN
    DELETE FROM message_vectors WHERE message_id = OLD.id;
END;
CREATE TRIGGER vectors_of_first_reset AFTER INSERT ON resets BEGIN
    DELETE FROM message_vectors WHERE channel_id = NEW.channel_id;
END;
CREATE TRIGGER vectors_of_reset AFTER UPDATE ON resets BEGIN
    DELETE FROM message_vectors WHERE channel_id = NEW.channel_id;
END;
