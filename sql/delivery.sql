-- name: delivery_open :maybe
-- A delivery of this file whose totals have not been told: begun, or finished by a run that was killed.
-- param file_hash bytes
-- column id int
-- column next_offset int
-- column accepted int
-- column duplicate int
-- column quarantined int
-- column unlinked int
-- column baseline int
SELECT id, next_offset, accepted, duplicate, quarantined, unlinked, baseline FROM delivery
 WHERE file_hash = $1 AND told_at IS NULL ORDER BY id DESC LIMIT 1;

-- name: delivery_of_hash :maybe
-- What a department pushes on one day.
-- param file_hash bytes
-- column id int
-- column next_offset int
-- column accepted int
-- column duplicate int
-- column quarantined int
-- column unlinked int
SELECT id, next_offset, accepted, duplicate, quarantined, unlinked FROM delivery
 WHERE file_hash = $1 ORDER BY id DESC LIMIT 1;

-- name: delivery_get :maybe
-- param id int
-- column next_offset int
-- column finished_at int?
-- column accepted int
-- column duplicate int
-- column quarantined int
-- column unlinked int
SELECT next_offset, finished_at, accepted, duplicate, quarantined, unlinked FROM delivery WHERE id = $1;

-- name: delivery_insert :exec
-- param id int
-- param file_hash bytes
-- param began_at int
-- param baseline int
INSERT INTO delivery (id, file_hash, began_at, finished_at, next_offset, accepted, duplicate, quarantined, unlinked,
                      baseline)
VALUES ($1, $2, $3, NULL, 0, 0, 0, 0, 0, $4);

-- name: delivery_advance :exec
-- param id int
-- param next_offset int
-- param accepted int
-- param duplicate int
-- param quarantined int
-- param unlinked int
-- param finished_at int?
UPDATE delivery SET next_offset = $2, accepted = $3, duplicate = $4, quarantined = $5, unlinked = $6,
       finished_at = $7 WHERE id = $1;

-- name: delivery_told :exec
-- param id int
-- param told_at int
UPDATE delivery SET told_at = $2 WHERE id = $1;

-- name: delivery_last :maybe
-- column id int
SELECT id FROM delivery ORDER BY id DESC LIMIT 1;

-- name: delivery_newest :maybe
-- How far our knowledge reaches.
-- column finished_at int
SELECT max(finished_at) FROM delivery HAVING max(finished_at) IS NOT NULL;
