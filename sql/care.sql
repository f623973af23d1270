-- name: care_last :maybe
-- The highest ids: of alerts and visits, which share theirs, and of each other table of care.
-- column object int?
-- column cause int?
-- column field int?
-- column event int?
-- column clock int?
-- column outbox int?
SELECT (SELECT max(id) FROM (SELECT max(id) AS id FROM alert UNION ALL SELECT max(id) FROM visit) AS object),
       (SELECT max(id) FROM alert_cause), (SELECT max(id) FROM visit_field), (SELECT max(id) FROM care_event),
       (SELECT max(id) FROM clock), (SELECT max(id) FROM outbox);

-- name: care_place :maybe
-- Where a child of the register lives, and where its household is registered.
-- param child_id int
-- column residence int?
-- column hukou int?
SELECT residence, hukou FROM person WHERE id = $1 AND ended_at IS NULL;

-- name: care_visits_open :many
-- param child_id int
-- column id int
-- column division int
-- column state text
-- column owner_id int?
SELECT id, division, state, owner_id FROM visit WHERE child_id = $1 AND closed_at IS NULL ORDER BY id;

-- name: care_visit_drop :exec
-- A visit ends because nothing is left of whom it was for.
-- param id int
-- param at int
UPDATE visit SET state = 'cancelled', due_at = NULL, changed_at = $2, closed_at = $2 WHERE id = $1;
