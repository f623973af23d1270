-- name: feed_token_last :maybe
-- column id int
SELECT id FROM feed_token ORDER BY id DESC LIMIT 1;

-- name: feed_token_insert :exec
-- param id int
-- param feed text
-- param department text
-- param token_hash bytes
-- param made_at int
-- param account_id int?
INSERT INTO feed_token (id, feed, department, token_hash, made_at, account_id, used_at, ended_at)
VALUES ($1, $2, $3, $4, $5, $6, NULL, NULL);

-- name: feed_token_by_hash :maybe
-- param token_hash bytes
-- column id int
-- column feed text
-- column department text
-- column made_at int
-- column account_id int?
-- column used_at int?
-- column ended_at int?
SELECT id, feed, department, made_at, account_id, used_at, ended_at FROM feed_token WHERE token_hash = $1;

-- name: feed_token_of_id :maybe
-- param id int
-- column used_at int?
-- column ended_at int?
SELECT used_at, ended_at FROM feed_token WHERE id = $1;

-- name: feed_token_end :exec
-- param id int
-- param ended_at int
UPDATE feed_token SET ended_at = $2 WHERE id = $1;

-- name: feed_token_used :exec
-- param id int
-- param used_at int
UPDATE feed_token SET used_at = $2 WHERE id = $1;

-- name: feed_token_all :many
-- column id int
-- column feed text
-- column department text
-- column made_at int
-- column account_id int?
-- column used_at int?
-- column ended_at int?
SELECT id, feed, department, made_at, account_id, used_at, ended_at FROM feed_token ORDER BY feed, id;
