-- As far as each department told us.

-- name: heard_put :exec
-- param department text
-- param at int
INSERT INTO heard (department, at) VALUES ($1, $2)
ON CONFLICT (department) DO UPDATE SET at = excluded.at WHERE excluded.at > heard.at;

-- name: heard_all :many
-- column department text
-- column at int
SELECT department, at FROM heard ORDER BY department;
