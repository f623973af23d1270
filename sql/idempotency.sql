-- name: idempotency_get :maybe
-- param key_hash bytes
-- column account_id int
-- column request_hash bytes
-- column status int
-- column answer bytes
SELECT account_id, request_hash, status, answer FROM idempotency WHERE key_hash = $1;

-- name: idempotency_insert :exec
-- param key_hash bytes
-- param account_id int
-- param request_hash bytes
-- param status int
-- param answer bytes
-- param at int
INSERT INTO idempotency (key_hash, account_id, request_hash, status, answer, at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: idempotency_forget :exec
-- Answers that nobody will ask for any more.
-- param before int
DELETE FROM idempotency WHERE at < $1;
