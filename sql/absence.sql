-- name: absence_insert :exec
-- param id int
-- param account_id int
-- param from_day int
-- param to_day int
-- param entered_by int
-- param at int
INSERT INTO absence (id, account_id, from_day, to_day, entered_by, at, cancelled_at)
VALUES ($1, $2, $3, $4, $5, $6, NULL);

-- name: absence_last :maybe
-- column id int
SELECT id FROM absence ORDER BY id DESC LIMIT 1;

-- name: absence_get :maybe
-- param id int
-- column account_id int
-- column from_day int
-- column to_day int
-- column cancelled_at int?
SELECT account_id, from_day, to_day, cancelled_at FROM absence WHERE id = $1;

-- name: absence_cancel :exec
-- param id int
-- param now int
UPDATE absence SET cancelled_at = $2 WHERE id = $1;

-- name: absence_of :many
-- Those of an account that have not ended by that day.
-- param account_id int
-- param day int
-- column id int
-- column from_day int
-- column to_day int
SELECT id, from_day, to_day FROM absence
 WHERE account_id = $1 AND to_day > $2 AND cancelled_at IS NULL ORDER BY from_day, id;
