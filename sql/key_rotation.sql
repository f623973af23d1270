-- name: key_rotation_get :maybe
-- param table_name text
-- column key_number int
-- column after_id int
-- column done int
SELECT key_number, after_id, done FROM key_rotation WHERE table_name = $1;

-- name: key_rotation_put :exec
-- param table_name text
-- param key_number int
-- param after_id int
-- param done int
INSERT INTO key_rotation (table_name, key_number, after_id, done) VALUES ($1, $2, $3, $4)
    ON CONFLICT (table_name) DO UPDATE
   SET key_number = excluded.key_number, after_id = excluded.after_id, done = excluded.done;

-- name: key_rotation_clear :exec
DELETE FROM key_rotation;
