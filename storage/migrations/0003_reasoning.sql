-- What a reasoning model thought before it spoke, cut where it is very long. Shown on request.

ALTER TABLE variants ADD COLUMN reasoning TEXT NOT NULL DEFAULT '';
