-- name: clock_insert :exec
-- param id int
-- param workflow text
-- param object_id int
-- param child_id int
-- param state text
-- param step int
-- param due_at int
INSERT INTO clock (id, workflow, object_id, child_id, state, step, due_at, fired_at, stopped_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, NULL);

-- name: clock_last :maybe
-- column id int
SELECT id FROM clock ORDER BY id DESC LIMIT 1;

-- name: clock_stop :exec
-- param workflow text
-- param object_id int
-- param stopped_at int
UPDATE clock SET stopped_at = $3
 WHERE object_id = $2 AND workflow = $1 AND fired_at IS NULL AND stopped_at IS NULL;

-- name: clock_due :many
-- Run out before that instant, earliest first.
-- param before int
-- param limit int
-- column id int
-- column workflow text
-- column object_id int
-- column child_id int
-- column state text
-- column step int
-- column due_at int
SELECT id, workflow, object_id, child_id, state, step, due_at FROM clock
 WHERE due_at < $1 AND fired_at IS NULL AND stopped_at IS NULL ORDER BY due_at, id LIMIT $2;

-- name: clock_take :maybe
-- It fires now, unless it was fired or stopped meanwhile.
-- param id int
-- param fired_at int
-- column id int
UPDATE clock SET fired_at = $2 WHERE id = $1 AND fired_at IS NULL AND stopped_at IS NULL RETURNING id;

-- name: clock_next :maybe
-- column due_at int
SELECT due_at FROM clock WHERE fired_at IS NULL AND stopped_at IS NULL ORDER BY due_at, id LIMIT 1;
