-- name: alarm_insert :exec
-- param id int
-- param kind int
-- param account_id int?
-- param opening_id int?
-- param raised_at int
-- param figure int
INSERT INTO alarm (id, kind, account_id, opening_id, raised_at, figure, seen_by, seen_at)
VALUES ($1, $2, $3, $4, $5, $6, NULL, NULL);

-- name: alarm_last :maybe
-- column id int
SELECT id FROM alarm ORDER BY id DESC LIMIT 1;

-- name: alarm_since :maybe
-- One of this kind about this account (0: about nobody) after a moment.
-- param kind int
-- param account_id int
-- param after int
-- column id int
SELECT id FROM alarm WHERE raised_at > $3 AND kind = $1 AND coalesce(account_id, 0) = $2 LIMIT 1;

-- name: alarm_get :maybe
-- param id int
-- column seen_at int?
SELECT seen_at FROM alarm WHERE id = $1;

-- name: alarm_all :many
-- param after_id int
-- param limit int
-- column id int
-- column kind int
-- column account_id int?
-- column opening_id int?
-- column raised_at int
-- column figure int
-- column seen_by int?
-- column seen_at int?
SELECT id, kind, account_id, opening_id, raised_at, figure, seen_by, seen_at FROM alarm
 WHERE id > $1 ORDER BY id LIMIT $2;

-- name: alarm_unseen :many
-- param after_id int
-- param limit int
-- column id int
-- column kind int
-- column account_id int?
-- column opening_id int?
-- column raised_at int
-- column figure int
-- column seen_by int?
-- column seen_at int?
SELECT id, kind, account_id, opening_id, raised_at, figure, seen_by, seen_at FROM alarm
 WHERE seen_at IS NULL AND id > $1 ORDER BY id LIMIT $2;

-- name: alarm_seen :exec
-- param id int
-- param seen_by int
-- param seen_at int
UPDATE alarm SET seen_by = $2, seen_at = $3 WHERE id = $1;
