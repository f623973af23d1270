-- name: quarantine_insert :exec
-- param id int
-- param delivery_id int
-- param line int
-- param error int
-- param known_from int
-- param sealed bytes
INSERT INTO quarantine (id, delivery_id, line, error, known_from, sealed) VALUES ($1, $2, $3, $4, $5, $6);
