-- name: alert_insert :exec
-- param id int
-- param child_id int
-- param division int
-- param level int
-- param state text
-- param edition bytes
-- param owner_id int?
-- param step int
-- param origin int
-- param opened_at int
-- param changed_at int
-- param due_at int?
-- param sealed bytes
INSERT INTO alert (id, child_id, division, level, state, edition, owner_id, step, origin, opened_at, changed_at,
                   due_at, released_at, basis_withdrawn, visit_id, closed_at, sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, NULL, 0, NULL, NULL, $13);

-- name: alert_update :exec
-- param id int
-- param division int
-- param level int
-- param state text
-- param owner_id int?
-- param step int
-- param changed_at int
-- param due_at int?
-- param released_at int?
-- param basis_withdrawn int
-- param visit_id int?
-- param closed_at int?
UPDATE alert SET division = $2, level = $3, state = $4, owner_id = $5, step = $6, changed_at = $7, due_at = $8,
       released_at = $9, basis_withdrawn = $10, visit_id = $11, closed_at = $12 WHERE id = $1;

-- name: alert_needs :maybe
-- param id int
-- column sealed bytes
SELECT sealed FROM alert WHERE id = $1;

-- name: alert_set_needs :exec
-- param id int
-- param sealed bytes
UPDATE alert SET sealed = $2 WHERE id = $1;

-- name: alert_set_by_hand :exec
-- A person stands behind it from now on.
-- param id int
-- param origin int
-- param sealed bytes
UPDATE alert SET origin = $2, sealed = $3 WHERE id = $1;

-- name: alert_of_id :maybe
-- param id int
-- column id int
-- column child_id int
-- column division int
-- column level int
-- column state text
-- column owner_id int?
-- column step int
-- column origin int
-- column opened_at int
-- column changed_at int
-- column due_at int?
-- column released_at int?
-- column basis_withdrawn int
-- column visit_id int?
-- column closed_at int?
SELECT id, child_id, division, level, state, owner_id, step, origin, opened_at,
       changed_at, due_at, released_at, basis_withdrawn, visit_id, closed_at FROM alert WHERE id = $1;

-- name: alert_thread :maybe
-- The open one of a child.
-- param child_id int
-- column id int
-- column child_id int
-- column division int
-- column level int
-- column state text
-- column owner_id int?
-- column step int
-- column origin int
-- column opened_at int
-- column changed_at int
-- column due_at int?
-- column released_at int?
-- column basis_withdrawn int
-- column visit_id int?
-- column closed_at int?
SELECT id, child_id, division, level, state, owner_id, step, origin, opened_at,
       changed_at, due_at, released_at, basis_withdrawn, visit_id, closed_at FROM alert WHERE child_id = $1 AND closed_at IS NULL;

-- name: alert_board :many
-- Open ones of a range of divisions, most urgent first, behind a place. `overdue` is the instant before which
-- a deadline must lie, `watched` and `withdrawn` are 1 where only such are wanted.
-- param from int
-- param until int
-- param level int
-- param overdue int?
-- param watched int
-- param withdrawn int
-- param after_level int
-- param after_due int
-- param after_id int
-- param limit int
-- column id int
-- column child_id int
-- column division int
-- column level int
-- column state text
-- column owner_id int?
-- column step int
-- column origin int
-- column opened_at int
-- column changed_at int
-- column due_at int?
-- column released_at int?
-- column basis_withdrawn int
-- column visit_id int?
-- column closed_at int?
SELECT id, child_id, division, level, state, owner_id, step, origin, opened_at,
       changed_at, due_at, released_at, basis_withdrawn, visit_id, closed_at FROM alert
 WHERE closed_at IS NULL AND state <> 'held' AND division BETWEEN $1 AND $2
   AND ($3 = 0 OR level = $3) AND ($4 IS NULL OR due_at < $4) AND ($5 = 0 OR state = 'watch')
   AND ($6 = 0 OR basis_withdrawn = 1)
   AND (level > $7 OR (level = $7 AND (coalesce(due_at, 9223372036854775807) > $8 OR
        (coalesce(due_at, 9223372036854775807) = $8 AND id > $9))))
 ORDER BY level, coalesce(due_at, 9223372036854775807), id LIMIT $10;

-- name: alert_of_owner :many
-- The same of one owner.
-- param owner int
-- param from int
-- param until int
-- param level int
-- param overdue int?
-- param watched int
-- param withdrawn int
-- param after_level int
-- param after_due int
-- param after_id int
-- param limit int
-- column id int
-- column child_id int
-- column division int
-- column level int
-- column state text
-- column owner_id int?
-- column step int
-- column origin int
-- column opened_at int
-- column changed_at int
-- column due_at int?
-- column released_at int?
-- column basis_withdrawn int
-- column visit_id int?
-- column closed_at int?
SELECT id, child_id, division, level, state, owner_id, step, origin, opened_at,
       changed_at, due_at, released_at, basis_withdrawn, visit_id, closed_at FROM alert
 WHERE closed_at IS NULL AND owner_id = $1 AND division BETWEEN $2 AND $3
   AND ($4 = 0 OR level = $4) AND ($5 IS NULL OR due_at < $5) AND ($6 = 0 OR state = 'watch')
   AND ($7 = 0 OR basis_withdrawn = 1)
   AND (level > $8 OR (level = $8 AND (coalesce(due_at, 9223372036854775807) > $9 OR
        (coalesce(due_at, 9223372036854775807) = $9 AND id > $10))))
 ORDER BY level, coalesce(due_at, 9223372036854775807), id LIMIT $11;

-- name: alert_held_back :many
-- param from int
-- param until int
-- param level int
-- param after_level int
-- param after_id int
-- param limit int
-- column id int
-- column child_id int
-- column division int
-- column level int
-- column state text
-- column owner_id int?
-- column step int
-- column origin int
-- column opened_at int
-- column changed_at int
-- column due_at int?
-- column released_at int?
-- column basis_withdrawn int
-- column visit_id int?
-- column closed_at int?
SELECT id, child_id, division, level, state, owner_id, step, origin, opened_at,
       changed_at, due_at, released_at, basis_withdrawn, visit_id, closed_at FROM alert
 WHERE state = 'held' AND division BETWEEN $1 AND $2 AND ($3 = 0 OR level = $3)
   AND (level > $4 OR (level = $4 AND id > $5)) ORDER BY level, id LIMIT $6;

-- name: alert_closed :many
-- Closed ones, by level and id.
-- param from int
-- param until int
-- param level int
-- param after_level int
-- param after_id int
-- param limit int
-- column id int
-- column child_id int
-- column division int
-- column level int
-- column state text
-- column owner_id int?
-- column step int
-- column origin int
-- column opened_at int
-- column changed_at int
-- column due_at int?
-- column released_at int?
-- column basis_withdrawn int
-- column visit_id int?
-- column closed_at int?
SELECT id, child_id, division, level, state, owner_id, step, origin, opened_at,
       changed_at, due_at, released_at, basis_withdrawn, visit_id, closed_at FROM alert
 WHERE closed_at IS NOT NULL AND division BETWEEN $1 AND $2 AND ($3 = 0 OR level = $3)
   AND (level > $4 OR (level = $4 AND id > $5)) ORDER BY level, id LIMIT $6;

-- name: alert_count_open :maybe
-- param from int
-- param until int
-- param now int
-- column open int
-- column overdue int?
-- column watched int?
-- column withdrawn int?
SELECT count(*), sum(CASE WHEN due_at < $3 THEN 1 ELSE 0 END), sum(CASE WHEN state = 'watch' THEN 1 ELSE 0 END),
       sum(basis_withdrawn) FROM alert
 WHERE closed_at IS NULL AND state <> 'held' AND division BETWEEN $1 AND $2;

-- name: alert_count_held :maybe
-- param from int
-- param until int
-- column held int
SELECT count(*) FROM alert WHERE state = 'held' AND division BETWEEN $1 AND $2;

-- name: alert_count_closed :maybe
-- param from int
-- param until int
-- column closed int
SELECT count(*) FROM alert WHERE closed_at IS NOT NULL AND division BETWEEN $1 AND $2;

-- name: alert_astray :many
-- Open ones whose child lives elsewhere by now, and those that nobody has been found for.
-- param after_id int
-- param limit int
-- column id int
SELECT a.id FROM alert a LEFT JOIN person p ON p.id = a.child_id AND p.ended_at IS NULL
 WHERE a.closed_at IS NULL AND a.id > $1
   AND (a.state = 'new' OR (p.id IS NOT NULL AND coalesce(p.residence, p.hukou, a.division) <> a.division))
 ORDER BY a.id LIMIT $2;

-- name: alert_oldest_held :many
-- Of each town and level.
-- column id int
-- column town int
-- column level int
SELECT min(id), division / 1000, level FROM alert WHERE state = 'held' GROUP BY division / 1000, level
 ORDER BY 2, 3;
