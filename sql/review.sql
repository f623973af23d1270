-- name: review_get :maybe
-- param child_id int
-- column division int
-- column since_day int
-- column sealed bytes
SELECT division, since_day, sealed FROM review WHERE child_id = $1;

-- name: review_put :exec
-- Since when stays as it is.
-- param child_id int
-- param division int
-- param since_day int
-- param sealed bytes
INSERT INTO review (child_id, division, since_day, sealed) VALUES ($1, $2, $3, $4)
ON CONFLICT (child_id) DO UPDATE SET division = excluded.division, sealed = excluded.sealed;

-- name: review_drop :exec
-- param child_id int
DELETE FROM review WHERE child_id = $1;

-- name: review_in :many
-- param first int
-- param last int
-- param after_child int
-- param limit int
-- column child_id int
-- column division int
-- column since_day int
-- column salt bytes
-- column sealed bytes
SELECT r.child_id, r.division, r.since_day, t.salt, r.sealed
  FROM review r JOIN salt t ON t.subject_id = r.child_id
 WHERE r.division >= $1 AND r.division <= $2 AND r.child_id > $3 ORDER BY r.child_id LIMIT $4;

-- name: review_of_area :many
-- param first int
-- param last int
-- column child_id int
-- column salt bytes
-- column sealed bytes
SELECT r.child_id, t.salt, r.sealed FROM review r JOIN salt t ON t.subject_id = r.child_id
 WHERE r.division >= $1 AND r.division <= $2;
