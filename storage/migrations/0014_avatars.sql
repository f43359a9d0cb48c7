-- Where in Discord the pictures of characters hang, so that webhooks can show them.

CREATE TABLE avatars (
    character_id INTEGER PRIMARY KEY,  -- a row outlives its character until the picture is taken down
    revision     INTEGER NOT NULL,     -- of the character, when the picture was last compared
    digest       TEXT NOT NULL,        -- SHA-256 of the picture
    emoji_id     INTEGER NOT NULL,     -- an emoji of the application
    address      TEXT NOT NULL
);
