-- What somebody wants the next speaker to do: /speak.

ALTER TABLE turns ADD COLUMN hint TEXT NOT NULL DEFAULT '';
