-- As far as each feed told us.

-- name: feed_heard_put :exec
-- param feed text
-- param at int
INSERT INTO feed_heard (feed, at, silent_at) VALUES ($1, $2, NULL)
ON CONFLICT (feed) DO UPDATE SET at = excluded.at, silent_at = NULL WHERE excluded.at > feed_heard.at;

-- name: feed_heard_of :maybe
-- param feed text
-- column at int
-- column silent_at int?
SELECT at, silent_at FROM feed_heard WHERE feed = $1;

-- name: feed_heard_silent :exec
-- Alarmed; `at` 0: it was never heard.
-- param feed text
-- param silent_at int
INSERT INTO feed_heard (feed, at, silent_at) VALUES ($1, 0, $2)
ON CONFLICT (feed) DO UPDATE SET silent_at = excluded.silent_at;

-- name: feed_heard_all :many
-- column feed text
-- column at int
-- column silent_at int?
SELECT feed, at, silent_at FROM feed_heard ORDER BY feed;
