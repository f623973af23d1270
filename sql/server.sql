-- name: server_audit_rows :maybe
-- How long the trail is, and whether the database answers.
-- column rows int
SELECT CAST(coalesce(sum(rows), 0) AS BIGINT) FROM audit_segment;

-- name: server_newest_edition :maybe
-- Whether a mapping was saved since the last look.
-- column id int
SELECT id FROM feed_edition ORDER BY id DESC LIMIT 1;

-- name: server_deliveries :many
-- How many deliveries stand where, for the metrics.
-- column state int
-- column deliveries int
-- column rows int
SELECT state, count(*), CAST(coalesce(sum(rows_done), 0) AS BIGINT) FROM delivery GROUP BY state;

-- name: server_feeds_heard :many
-- When each feed was heard last, for the metrics.
-- column feed text
-- column at int
-- column silent_at int?
SELECT feed, at, silent_at FROM feed_heard ORDER BY feed;

-- name: server_feed_editions :many
-- How a mapping came about, newest first.
-- param name text
-- column id int
-- column saved_at int
-- column account_id int?
SELECT id, saved_at, account_id FROM feed_edition WHERE name = $1 ORDER BY id DESC LIMIT 200;
