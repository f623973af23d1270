-- name: roster_insert :exec
-- param id int
-- param kind int
-- param key_hash bytes
-- param content_hash bytes
-- param known_from int
-- param sealed bytes
INSERT INTO roster (id, kind, key_hash, content_hash, known_from, known_to, sealed)
VALUES ($1, $2, $3, $4, $5, NULL, $6);

-- name: roster_end :exec
-- param id int
-- param known_to int
UPDATE roster SET known_to = $2 WHERE id = $1 AND known_to IS NULL;

-- name: roster_by_key :maybe
-- param key_hash bytes
-- column id int
-- column content_hash bytes
SELECT id, content_hash FROM roster WHERE key_hash = $1 AND known_to IS NULL;

-- name: roster_ids :many
-- param kind int
-- column id int
SELECT id FROM roster WHERE kind = $1 AND known_to IS NULL ORDER BY id;
