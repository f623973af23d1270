-- name: salt_insert :exec
-- param subject_id int
-- param salt bytes
INSERT INTO salt (subject_id, salt) VALUES ($1, $2);

-- name: salt_of :maybe
-- param subject_id int
-- column salt bytes
SELECT salt FROM salt WHERE subject_id = $1;

-- name: salt_drop :exec
-- Crypto-erasure: what was sealed for the subject never opens again.
-- param subject_id int
DELETE FROM salt WHERE subject_id = $1;

-- name: salt_last :maybe
-- The highest id in use; ids ascend with random gaps.
-- column id int
SELECT subject_id FROM salt ORDER BY subject_id DESC LIMIT 1;

-- name: salt_in :many
-- param subjects int[64]
-- column subject_id int
-- column salt bytes
SELECT subject_id, salt FROM salt WHERE subject_id IN ($1..$64);
