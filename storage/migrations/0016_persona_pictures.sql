-- A persona's picture, made small: kept here, as nobody but Discord shows people.

ALTER TABLE personas DROP COLUMN avatar;
ALTER TABLE personas ADD COLUMN picture BLOB;  -- WebP; NULL: none
