-- name: alert_cause_insert :exec
-- param id int
-- param alert_id int
-- param child_id int
-- param on_day int
-- param known_at int
-- param withdrawn_at int?
-- param sealed bytes
-- param delivery_id int?
INSERT INTO alert_cause (id, alert_id, child_id, on_day, known_at, withdrawn_at, sealed, delivery_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: alert_cause_withdraw :exec
-- param id int
-- param withdrawn_at int
UPDATE alert_cause SET withdrawn_at = $2 WHERE id = $1 AND withdrawn_at IS NULL;

-- name: alert_cause_of :many
-- param alert_id int
-- column id int
-- column on_day int
-- column known_at int
-- column withdrawn_at int?
-- column sealed bytes
SELECT id, on_day, known_at, withdrawn_at, sealed FROM alert_cause WHERE alert_id = $1 ORDER BY id;

-- name: alert_cause_standing :maybe
-- param alert_id int
-- column id int
SELECT id FROM alert_cause WHERE alert_id = $1 AND withdrawn_at IS NULL LIMIT 1;
