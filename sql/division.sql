-- name: division_put :exec
-- param code int
-- param name text
-- param level int
-- param parent int?
INSERT INTO division (code, name, level, parent) VALUES ($1, $2, $3, $4)
ON CONFLICT (code) DO UPDATE SET name = excluded.name, level = excluded.level, parent = excluded.parent;

-- name: division_all :stream
-- column code int
-- column name text
-- column level int
-- column parent int?
SELECT code, name, level, parent FROM division ORDER BY code;
