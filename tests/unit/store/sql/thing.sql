-- name: thing_insert :exec
-- param id int
-- param number int?
-- param small int?
-- param bytes bytes?
-- param text text?
INSERT INTO thing (id, number, small, bytes, text) VALUES ($1, $2, $3, $4, $5);

-- name: thing_upsert :maybe
-- Gives the number that is kept, the greater one.
-- param id int
-- param number int
-- column number int?
INSERT INTO thing (id, number) VALUES ($1, $2)
ON CONFLICT (id) DO UPDATE SET number = excluded.number WHERE excluded.number > thing.number
RETURNING number;

-- name: thing_get :maybe
-- param id int
-- column number int?
-- column small int?
-- column bytes bytes?
-- column text text?
SELECT number, small, bytes, text FROM thing WHERE id = $1;

-- name: thing_number :maybe
-- The number where there must be one.
-- param id int
-- column number int
SELECT number FROM thing WHERE id = $1;

-- name: thing_every :maybe
-- More than one row, where only one may be.
-- column id int
SELECT id FROM thing ORDER BY id;

-- name: thing_count :maybe
-- column count int
-- column sum int
SELECT count(*), CAST(coalesce(sum(number), 0) AS BIGINT) FROM thing;

-- name: thing_by_text :many
-- param texts text[4]
-- param least int
-- column id int
-- column text text
SELECT id, text FROM thing WHERE text IN ($1..$4) AND id >= $5 ORDER BY text;

-- name: thing_by_id :many
-- param ids int[4]
-- column id int
SELECT id FROM thing WHERE id IN ($1..$4) ORDER BY id;

-- name: thing_all :many
-- column id int
-- column bytes bytes?
-- column text text?
SELECT id, bytes, text FROM thing ORDER BY id;

-- name: thing_scan :stream
-- param least int
-- column id int
-- column bytes bytes?
-- column text text?
SELECT id, bytes, text FROM thing WHERE id >= $1 ORDER BY id;

-- name: thing_delete :exec
-- param id int
DELETE FROM thing WHERE id = $1;

-- name: part_insert :exec
-- param thing_id int
-- param name text
INSERT INTO part (thing_id, name) VALUES ($1, $2);
