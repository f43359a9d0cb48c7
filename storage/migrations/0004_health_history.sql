-- How well each profile was: observations and requests added up, so that a year stays small.
-- Minutes are kept for a day, hours for a month, days for a year.

CREATE TABLE health_history (
    span         TEXT NOT NULL CHECK (span IN ('minute', 'hour', 'day')),
    at           INTEGER NOT NULL,  -- where the span begins, in seconds since 1970 (UTC)
    profile      TEXT NOT NULL,
    ok           INTEGER NOT NULL DEFAULT 0,  -- observations, by what they found
    starting     INTEGER NOT NULL DEFAULT 0,
    failed       INTEGER NOT NULL DEFAULT 0,
    planned      INTEGER NOT NULL DEFAULT 0,  -- during maintenance: not counted above
    answered     INTEGER NOT NULL DEFAULT 0,  -- requests of real messages
    unanswered   INTEGER NOT NULL DEFAULT 0,
    total        REAL NOT NULL DEFAULT 0,     -- seconds, summed over those answered
    first_tokens INTEGER NOT NULL DEFAULT 0,  -- how many of them told when they began
    first_token  REAL NOT NULL DEFAULT 0,     -- seconds until then, summed
    PRIMARY KEY (span, at, profile)
) WITHOUT ROWID;

INSERT INTO health_history (span, at, profile, ok, starting, failed)
SELECT s.span, CAST(p.at / s.seconds AS INTEGER) * s.seconds, p.profile,
    SUM(p.result = 'ok'), SUM(p.result = 'starting'), SUM(p.result = 'failed')
FROM probes p JOIN (
    SELECT 'minute' AS span, 60 AS seconds, 86400 AS kept
    UNION ALL SELECT 'hour', 3600, 2592000
    UNION ALL SELECT 'day', 86400, 31536000
) s ON p.at >= (SELECT MAX(at) FROM probes) - s.kept
GROUP BY 1, 2, 3;
