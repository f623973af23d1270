-- name: feed_edition_newest :many
-- What is in force of each name that was saved here.
-- column name text
-- column text text
SELECT f.name, f.text FROM feed_edition f
 WHERE f.id = (SELECT max(g.id) FROM feed_edition g WHERE g.name = f.name) ORDER BY f.name;

-- name: feed_edition_last :maybe
-- column id int
SELECT id FROM feed_edition ORDER BY id DESC LIMIT 1;

-- name: feed_edition_insert :exec
-- param id int
-- param name text
-- param hash bytes
-- param text text
-- param saved_at int
-- param account_id int?
INSERT INTO feed_edition (id, name, hash, text, saved_at, account_id) VALUES ($1, $2, $3, $4, $5, $6);

-- name: feed_edition_list :many
-- Every edition that was saved, the newest first.
-- column id int
-- column name text
-- column hash bytes
-- column saved_at int
-- column account_id int?
SELECT id, name, hash, saved_at, account_id FROM feed_edition ORDER BY id DESC;
