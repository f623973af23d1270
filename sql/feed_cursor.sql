-- How far a table on the exchange side has been read: the cursor columns of the last row, each with its length.

-- name: feed_cursor_get :maybe
-- param feed text
-- column position text
SELECT cursor FROM feed_cursor WHERE feed = $1;

-- name: feed_cursor_put :exec
-- param feed text
-- param position text
-- param at int
INSERT INTO feed_cursor (feed, cursor, at) VALUES ($1, $2, $3)
ON CONFLICT (feed) DO UPDATE SET cursor = excluded.cursor, at = excluded.at;
