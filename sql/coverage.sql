-- Whom a feed speaks of.

-- name: coverage_last :maybe
-- column id int
SELECT id FROM coverage ORDER BY id DESC LIMIT 1;

-- name: coverage_insert :exec
-- param id int
-- param feed text
-- param division int
-- param from_day int
-- param to_day int?
-- param said_at int
-- param account_id int?
INSERT INTO coverage (id, feed, division, from_day, to_day, said_at, ended_at, account_id)
VALUES ($1, $2, $3, $4, $5, $6, NULL, $7);

-- name: coverage_same :maybe
-- The same was said already, and stands.
-- param feed text
-- param division int
-- param from_day int
-- param to_day int
-- column id int
SELECT id FROM coverage
 WHERE feed = $1 AND division = $2 AND from_day = $3 AND coalesce(to_day, -1) = $4 AND ended_at IS NULL
 ORDER BY id LIMIT 1;

-- name: coverage_of_id :maybe
-- param id int
-- column feed text
-- column ended_at int?
SELECT feed, ended_at FROM coverage WHERE id = $1;

-- name: coverage_end :exec
-- param id int
-- param ended_at int
UPDATE coverage SET ended_at = $2 WHERE id = $1;

-- name: coverage_all :many
-- What stands.
-- column id int
-- column feed text
-- column division int
-- column from_day int
-- column to_day int?
-- column said_at int
SELECT id, feed, division, from_day, to_day, said_at FROM coverage WHERE ended_at IS NULL
 ORDER BY feed, division, from_day, id;

-- name: coverage_place :maybe
-- Where a person is registered and lives.
-- param person_id int
-- column hukou int?
-- column residence int?
SELECT hukou, residence FROM person WHERE id = $1;
