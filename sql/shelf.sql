-- name: shelf_register_changed :maybe
-- The last row of the trail, after the one that is known, that tells of a change of one of two kinds.
-- param after_id int
-- param loaded int
-- param erased int
-- column id int
SELECT id FROM audit WHERE id > $1 AND event IN ($2, $3) ORDER BY id DESC LIMIT 1;
