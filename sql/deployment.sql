-- name: deployment_get :maybe
-- column deployment_id text
-- column key_wrap bytes
-- column last_tick int?
-- column screen_all int
SELECT deployment_id, key_wrap, last_tick, screen_all FROM deployment WHERE one = 1;

-- name: deployment_insert :exec
-- param deployment_id text
-- param key_wrap bytes
-- param created_at int
INSERT INTO deployment (one, deployment_id, key_wrap, created_at, last_tick, screen_all)
VALUES (1, $1, $2, $3, NULL, 1);

-- name: deployment_screen_all :exec
-- The register changed: the next tick looks at every child.
UPDATE deployment SET screen_all = screen_all + 1 WHERE one = 1;

-- name: deployment_ticked :exec
-- param last_tick int
-- param loads int
UPDATE deployment SET last_tick = $1, screen_all = CASE WHEN screen_all = $2 THEN 0 ELSE screen_all END
 WHERE one = 1;
