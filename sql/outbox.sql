-- name: outbox_insert :exec
-- Not again where the same stands there unseen.
-- param id int
-- param kind int
-- param account_id int
-- param workflow text
-- param object_id int
-- param child_id int?
-- param at int
-- param send_at int?
INSERT INTO outbox (id, kind, account_id, workflow, object_id, child_id, at, send_at, attempts)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)
ON CONFLICT (account_id, object_id, kind, workflow) WHERE seen_at IS NULL AND recalled_at IS NULL DO NOTHING;

-- name: outbox_of_account :many
-- param account_id int
-- param before int
-- param limit int
-- column id int
-- column kind int
-- column workflow text
-- column object_id int
-- column child_id int?
-- column at int
-- column seen_at int?
SELECT id, kind, workflow, object_id, child_id, at, seen_at FROM outbox
 WHERE account_id = $1 AND id < $2 AND recalled_at IS NULL ORDER BY id DESC LIMIT $3;

-- name: outbox_unseen :maybe
-- param account_id int
-- column unseen int
SELECT count(*) FROM outbox WHERE account_id = $1 AND seen_at IS NULL AND recalled_at IS NULL;

-- name: outbox_see :exec
-- Whoever has seen it need not be told outside any more.
-- param account_id int
-- param up_to_id int
-- param now int
UPDATE outbox SET seen_at = $3, send_at = NULL
 WHERE account_id = $1 AND id <= $2 AND seen_at IS NULL AND recalled_at IS NULL;

-- name: outbox_take_back :exec
-- The row stays, or an id could be given twice.
-- param object_id int
-- param workflow text
-- param now int
UPDATE outbox SET recalled_at = $3, send_at = NULL
 WHERE object_id = $1 AND workflow = $2 AND seen_at IS NULL AND recalled_at IS NULL;

-- name: outbox_take_back_kind :exec
-- Of one kind alone.
-- param object_id int
-- param workflow text
-- param kind int
-- param now int
UPDATE outbox SET recalled_at = $4, send_at = NULL
 WHERE object_id = $1 AND workflow = $2 AND kind = $3 AND seen_at IS NULL AND recalled_at IS NULL;

-- name: outbox_unheard :maybe
-- Whether it waits: neither seen, nor sent outside.
-- param account_id int
-- param object_id int
-- param kind int
-- param workflow text
-- column id int
SELECT id FROM outbox WHERE account_id = $1 AND object_id = $2 AND kind = $3 AND workflow = $4
   AND seen_at IS NULL AND recalled_at IS NULL AND sent_at IS NULL;

-- name: outbox_last :maybe
-- column id int
SELECT id FROM outbox ORDER BY id DESC LIMIT 1;

-- name: outbox_to_send :many
-- param now int
-- param limit int
-- column id int
-- column kind int
-- column account_id int
-- column at int
-- column send_at int?
-- column attempts int
SELECT id, kind, account_id, at, send_at, attempts FROM outbox
 WHERE send_at IS NOT NULL AND send_at <= $1 ORDER BY send_at, id LIMIT $2;

-- name: outbox_next_send :maybe
-- column send_at int?
SELECT send_at FROM outbox WHERE send_at IS NOT NULL ORDER BY send_at LIMIT 1;

-- name: outbox_attempts :maybe
-- Only of what is still to be sent.
-- param id int
-- column attempts int
SELECT attempts FROM outbox WHERE id = $1 AND send_at IS NOT NULL;

-- name: outbox_sent :exec
-- param id int
-- param now int
UPDATE outbox SET sent_at = $2, send_at = NULL, attempts = attempts + 1, failed = NULL WHERE id = $1;

-- name: outbox_failed :exec
-- param id int
-- param send_at int?
-- param failed text
UPDATE outbox SET send_at = $2, attempts = attempts + 1, failed = $3 WHERE id = $1 AND send_at IS NOT NULL;
