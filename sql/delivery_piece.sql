-- A file that was handed in, in pieces, sealed under the delivery's salt.

-- name: delivery_piece_insert :exec
-- param id int
-- param delivery_id int
-- param number int
-- param size int
-- param sealed bytes
INSERT INTO delivery_piece (id, delivery_id, number, size, sealed) VALUES ($1, $2, $3, $4, $5);

-- name: delivery_piece_remove :exec
-- The same piece comes again, under an id of its own.
-- param delivery_id int
-- param number int
DELETE FROM delivery_piece WHERE delivery_id = $1 AND number = $2;

-- name: delivery_piece_last :maybe
-- column id int
SELECT id FROM delivery_piece ORDER BY id DESC LIMIT 1;

-- name: delivery_piece_get :maybe
-- param delivery_id int
-- param number int
-- column id int
-- column sealed bytes
SELECT id, sealed FROM delivery_piece WHERE delivery_id = $1 AND number = $2;

-- name: delivery_piece_sum :maybe
-- column pieces int
-- column last int
-- column size int
-- column ids int
-- param delivery_id int
SELECT count(*), COALESCE(max(number), -1), CAST(COALESCE(sum(size), 0) AS BIGINT),
       CAST(COALESCE(sum(id), 0) AS BIGINT) FROM delivery_piece WHERE delivery_id = $1;

-- name: delivery_piece_drop :exec
-- From this piece on.
-- param delivery_id int
-- param number int
DELETE FROM delivery_piece WHERE delivery_id = $1 AND number >= $2;
