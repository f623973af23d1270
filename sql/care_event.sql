-- name: care_event_insert :exec
-- param id int
-- param workflow text
-- param object_id int
-- param child_id int
-- param event text
-- param from_state text
-- param to_state text
-- param account_id int?
-- param at int
-- param sealed bytes?
INSERT INTO care_event (id, workflow, object_id, child_id, event, from_state, to_state, account_id, at, sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: care_event_of :many
-- param object_id int
-- column id int
-- column event text
-- column from_state text
-- column to_state text
-- column account_id int?
-- column at int
-- column sealed bytes?
SELECT id, event, from_state, to_state, account_id, at, sealed FROM care_event WHERE object_id = $1 ORDER BY id;

-- name: care_event_visitor :maybe
-- Who recorded the last visit of an alert.
-- param alert_id int
-- column account_id int?
SELECT e.account_id FROM care_event e JOIN visit v ON v.id = e.object_id
 WHERE v.alert_id = $1 AND e.workflow = 'visit' AND e.event = 'record' ORDER BY e.id DESC LIMIT 1;
