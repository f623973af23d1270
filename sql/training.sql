-- name: training_insert :exec
-- param id int
-- param account_id int
-- param on_day int
-- param valid_to int?
-- param entered_by int
-- param at int
-- param sealed bytes
INSERT INTO training (id, account_id, on_day, valid_to, entered_by, at, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: training_last :maybe
-- column id int
SELECT id FROM training ORDER BY id DESC LIMIT 1;

-- name: training_of :many
-- param account_id int
-- column id int
-- column on_day int
-- column valid_to int?
-- column sealed bytes
SELECT id, on_day, valid_to, sealed FROM training WHERE account_id = $1 ORDER BY on_day DESC, id DESC;
