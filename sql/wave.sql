-- name: wave_insert :exec
-- param id int
-- param division int
-- param account_id int
-- param per_week int
-- param from_day int
-- param at int
INSERT INTO wave (id, division, account_id, per_week, from_day, at, paused_at, ended_at)
VALUES ($1, $2, $3, $4, $5, $6, NULL, NULL);

-- name: wave_last :maybe
-- column id int
SELECT id FROM wave ORDER BY id DESC LIMIT 1;

-- name: wave_get :maybe
-- param id int
-- column division int
-- column account_id int
-- column per_week int
-- column from_day int
-- column at int
-- column paused_at int?
-- column ended_at int?
SELECT division, account_id, per_week, from_day, at, paused_at, ended_at FROM wave WHERE id = $1;

-- name: wave_set :exec
-- param id int
-- param paused_at int?
-- param ended_at int?
UPDATE wave SET paused_at = $2, ended_at = $3 WHERE id = $1;

-- name: wave_replace :exec
-- A new order of the same division stands in for the one before.
-- param division int
-- param at int
UPDATE wave SET ended_at = $2 WHERE division = $1 AND ended_at IS NULL;

-- name: wave_all :many
-- Orders between two codes, ended ones too, and those of the divisions above that are not ended.
-- param first int
-- param last int
-- param town int
-- param county int
-- param city int
-- param province int
-- column id int
-- column division int
-- column account_id int
-- column per_week int
-- column from_day int
-- column at int
-- column paused_at int?
-- column ended_at int?
SELECT id, division, account_id, per_week, from_day, at, paused_at, ended_at FROM wave
 WHERE (division >= $1 AND division <= $2) OR (ended_at IS NULL AND division IN ($3, $4, $5, $6))
 ORDER BY id DESC LIMIT 1000;

-- name: wave_standing :many
-- param day int
-- column id int
-- column division int
-- column per_week int
-- column paused_at int?
SELECT id, division, per_week, paused_at FROM wave WHERE ended_at IS NULL AND from_day <= $1 ORDER BY id;

-- name: wave_held_levels :many
-- param first int
-- param last int
-- column level int
-- column held int
SELECT level, count(*) FROM alert WHERE state = 'held' AND division >= $1 AND division <= $2 GROUP BY level;

-- name: wave_held_divisions :many
-- param first int
-- param last int
-- column division int
SELECT DISTINCT division FROM alert WHERE state = 'held' AND division >= $1 AND division <= $2 ORDER BY division;

-- name: wave_held_in :many
-- The next of a division.
-- param division int
-- param limit int
-- column id int
-- column level int
SELECT id, level FROM alert WHERE state = 'held' AND division = $1 ORDER BY level, id LIMIT $2;

-- name: wave_released_to :maybe
-- param account_id int
-- param since int
-- column released int
SELECT count(*) FROM alert WHERE released_to = $1 AND released_at >= $2;

-- name: wave_mark :exec
-- param alert_id int
-- param released_at int
-- param released_to int
UPDATE alert SET released_at = $2, released_to = $3 WHERE id = $1;
