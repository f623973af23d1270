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
-- param edition bytes
UPDATE deployment SET last_tick = $1, screen_all = CASE WHEN screen_all = $2 THEN 0 ELSE screen_all END,
       last_edition = $3 WHERE one = 1;

-- name: deployment_edition :maybe
-- Of the last tick; nothing where none has told it.
-- column last_edition bytes
SELECT last_edition FROM deployment WHERE one = 1 AND last_edition IS NOT NULL;

-- name: deployment_keys :maybe
-- column deployment_id text
-- column key_wrap bytes
-- column key_epoch int
SELECT deployment_id, key_wrap, key_epoch FROM deployment WHERE one = 1;

-- name: deployment_key_epoch :maybe
-- column key_epoch int
SELECT key_epoch FROM deployment WHERE one = 1;

-- name: deployment_set_keys :exec
-- Other data keys: whoever writes next reads them first.
-- param key_wrap bytes
UPDATE deployment SET key_wrap = $1, key_epoch = key_epoch + 1 WHERE one = 1;

-- name: deployment_rewrap :exec
-- The same data keys under another master key: nobody needs to read them anew.
-- param key_wrap bytes
UPDATE deployment SET key_wrap = $1 WHERE one = 1;

-- name: deployment_round :maybe
-- Up to which day rounds have been dealt; and in the day after it, up to which village.
-- column last_round int?
-- column round_at int?
SELECT last_round, round_at FROM deployment WHERE one = 1;

-- name: deployment_round_set :exec
-- param last_round int?
-- param round_at int?
UPDATE deployment SET last_round = $1, round_at = $2 WHERE one = 1;
