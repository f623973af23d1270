-- name: session_insert :exec
-- param id int
-- param token_hash bytes
-- param csrf_hash bytes
-- param account_id int
-- param began_at int
-- param ends_at int
-- param second_factor int
-- param device text
INSERT INTO session (id, token_hash, csrf_hash, account_id, began_at, seen_at, ends_at, second_factor, device,
                     revoked_at)
VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8, NULL);

-- name: session_by_token :maybe
-- param token_hash bytes
-- column id int
-- column account_id int
-- column csrf_hash bytes
-- column began_at int
-- column seen_at int
-- column ends_at int
-- column second_factor int
-- column device text
-- column revoked_at int?
SELECT id, account_id, csrf_hash, began_at, seen_at, ends_at, second_factor, device, revoked_at
  FROM session WHERE token_hash = $1;

-- name: session_of_account :many
-- Those that have not ended; whether one is idle too long is told by its account's role.
-- param account_id int
-- param now int
-- column id int
-- column began_at int
-- column seen_at int
-- column ends_at int
-- column second_factor int
-- column device text
SELECT id, began_at, seen_at, ends_at, second_factor, device FROM session
 WHERE account_id = $1 AND revoked_at IS NULL AND ends_at > $2 ORDER BY id;

-- name: session_seen :exec
-- param id int
-- param seen_at int
UPDATE session SET seen_at = $2 WHERE id = $1 AND seen_at < $2;

-- name: session_with_code :exec
-- param id int
UPDATE session SET second_factor = 1 WHERE id = $1;

-- name: session_live :maybe
-- param id int
-- param account_id int
-- column id int
SELECT id FROM session WHERE id = $1 AND account_id = $2 AND revoked_at IS NULL;

-- name: session_end :exec
-- param id int
-- param revoked_at int
UPDATE session SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL;

-- name: session_end_all :exec
-- All of the account but one.
-- param account_id int
-- param keep_id int
-- param revoked_at int
UPDATE session SET revoked_at = $3 WHERE account_id = $1 AND id <> $2 AND revoked_at IS NULL;

-- name: session_forget :exec
-- Rows that ended long ago tell nothing any more; the audit trail keeps what happened.
-- param before int
DELETE FROM session WHERE ends_at < $1;
