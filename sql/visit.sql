-- name: visit_insert :exec
-- param id int
-- param child_id int
-- param alert_id int?
-- param division int
-- param level int
-- param state text
-- param edition bytes
-- param owner_id int?
-- param step int
-- param escort int
-- param planned_day int?
-- param opened_at int
-- param due_at int?
INSERT INTO visit (id, child_id, alert_id, division, level, state, edition, owner_id, step, escort, planned_day,
                   postponed, opened_at, due_at, started_at, back_at, recorded_at, outcome, changed_at, closed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12, $13, NULL, NULL, NULL, NULL, $12, NULL);

-- name: visit_last :maybe
-- column id int
SELECT id FROM visit ORDER BY id DESC LIMIT 1;

-- name: visit_of_id :maybe
-- param id int
-- column id int
-- column child_id int
-- column alert_id int?
-- column division int
-- column level int
-- column state text
-- column owner_id int?
-- column step int
-- column escort int
-- column planned_day int?
-- column postponed int
-- column opened_at int
-- column due_at int?
-- column started_at int?
-- column back_at int?
-- column recorded_at int?
-- column outcome int?
-- column changed_at int
-- column closed_at int?
SELECT id, child_id, alert_id, division, level, state, owner_id, step, escort, planned_day, postponed, opened_at,
       due_at, started_at, back_at, recorded_at, outcome, changed_at, closed_at FROM visit WHERE id = $1;

-- name: visit_set :exec
-- Where a step leaves it.
-- param id int
-- param state text
-- param owner_id int?
-- param step int
-- param planned_day int?
-- param postponed int
-- param due_at int?
-- param started_at int?
-- param back_at int?
-- param recorded_at int?
-- param outcome int?
-- param changed_at int
-- param closed_at int?
UPDATE visit SET state = $2, owner_id = $3, step = $4, planned_day = $5, postponed = $6, due_at = $7,
       started_at = $8, back_at = $9, recorded_at = $10, outcome = $11, changed_at = $12, closed_at = $13
 WHERE id = $1;

-- name: visit_hasten :exec
-- As its alert has become more urgent.
-- param id int
-- param level int
-- param escort int
-- param planned_day int?
-- param due_at int?
-- param changed_at int
UPDATE visit SET level = $2, escort = $3, planned_day = $4, due_at = $5, changed_at = $6 WHERE id = $1;

-- name: visit_touch :exec
-- param id int
-- param changed_at int
UPDATE visit SET changed_at = $2 WHERE id = $1;

-- name: visit_of_owner :many
-- A page by (planned day, id) behind the visit `after`. Closed ones where `closed` is 1.
-- param owner_id int
-- param child_id int
-- param first_division int
-- param last_division int
-- param closed int
-- param changed_after int
-- param after int
-- param limit int
-- column id int
-- column child_id int
-- column alert_id int?
-- column division int
-- column level int
-- column state text
-- column owner_id int?
-- column step int
-- column escort int
-- column planned_day int?
-- column postponed int
-- column opened_at int
-- column due_at int?
-- column started_at int?
-- column back_at int?
-- column recorded_at int?
-- column outcome int?
-- column changed_at int
-- column closed_at int?
SELECT id, child_id, alert_id, division, level, state, owner_id, step, escort, planned_day, postponed, opened_at,
       due_at, started_at, back_at, recorded_at, outcome, changed_at, closed_at FROM visit
 WHERE owner_id = $1 AND ($2 = 0 OR child_id = $2) AND division BETWEEN $3 AND $4
   AND (closed_at IS NULL OR $5 = 1) AND changed_at > $6
   AND (coalesce(planned_day, -1), id) > (coalesce((SELECT coalesce(o.planned_day, -1) FROM visit o WHERE o.id = $7), -2), $7)
 ORDER BY coalesce(planned_day, -1), id LIMIT $8;

-- name: visit_of_child :many
-- The same, of one child, whoever has it.
-- param child_id int
-- param first_division int
-- param last_division int
-- param closed int
-- param changed_after int
-- param after int
-- param limit int
-- column id int
-- column child_id int
-- column alert_id int?
-- column division int
-- column level int
-- column state text
-- column owner_id int?
-- column step int
-- column escort int
-- column planned_day int?
-- column postponed int
-- column opened_at int
-- column due_at int?
-- column started_at int?
-- column back_at int?
-- column recorded_at int?
-- column outcome int?
-- column changed_at int
-- column closed_at int?
SELECT id, child_id, alert_id, division, level, state, owner_id, step, escort, planned_day, postponed, opened_at,
       due_at, started_at, back_at, recorded_at, outcome, changed_at, closed_at FROM visit
 WHERE child_id = $1 AND division BETWEEN $2 AND $3
   AND (closed_at IS NULL OR $4 = 1) AND changed_at > $5
   AND (coalesce(planned_day, -1), id) > (coalesce((SELECT coalesce(o.planned_day, -1) FROM visit o WHERE o.id = $6), -2), $6)
 ORDER BY coalesce(planned_day, -1), id LIMIT $7;

-- name: visit_of_area :many
-- The same, of a division's subtree: open ones alone.
-- param first_division int
-- param last_division int
-- param changed_after int
-- param after int
-- param limit int
-- column id int
-- column child_id int
-- column alert_id int?
-- column division int
-- column level int
-- column state text
-- column owner_id int?
-- column step int
-- column escort int
-- column planned_day int?
-- column postponed int
-- column opened_at int
-- column due_at int?
-- column started_at int?
-- column back_at int?
-- column recorded_at int?
-- column outcome int?
-- column changed_at int
-- column closed_at int?
SELECT id, child_id, alert_id, division, level, state, owner_id, step, escort, planned_day, postponed, opened_at,
       due_at, started_at, back_at, recorded_at, outcome, changed_at, closed_at FROM visit
 WHERE division BETWEEN $1 AND $2 AND closed_at IS NULL AND changed_at > $3
   AND (coalesce(planned_day, -1), id) > (coalesce((SELECT coalesce(o.planned_day, -1) FROM visit o WHERE o.id = $4), -2), $4)
 ORDER BY coalesce(planned_day, -1), id LIMIT $5;

-- name: visit_open_of_alert :many
-- param alert_id int
-- column id int
-- column owner_id int?
SELECT id, owner_id FROM visit WHERE alert_id = $1 AND closed_at IS NULL ORDER BY id;

-- name: visit_follow_alert :exec
-- Where its alert has gone, because the child moved.
-- param alert_id int
-- param division int
-- param changed_at int
UPDATE visit SET division = $2, changed_at = $3 WHERE alert_id = $1 AND closed_at IS NULL AND division <> $2;

-- name: visit_step_repeated :maybe
-- The same step by the same account, at the same moment of its own clock.
-- param visit_id int
-- param event text
-- param account_id int
-- param at int
-- column id int
SELECT id FROM care_event
 WHERE object_id = $1 AND workflow = 'visit' AND event = $2 AND account_id = $3 AND at = $4 ORDER BY id LIMIT 1;

-- name: visit_step_last :maybe
-- The last step that a person took, but for reports of danger.
-- param visit_id int
-- column event text
-- column account_id int
-- column to_state text
SELECT event, account_id, to_state FROM care_event
 WHERE object_id = $1 AND workflow = 'visit' AND account_id IS NOT NULL AND event <> 'danger' ORDER BY id DESC LIMIT 1;

-- name: visit_task_had :maybe
-- Whether the account had the task when it wrote, and lost it not before `lost_after`.
-- param child_id int
-- param account_id int
-- param task int
-- param at int
-- param lost_after int
-- column id int
SELECT id FROM assignment WHERE child_id = $1 AND account_id = $2 AND task = $3 AND from_at <= $4 AND to_at > $4
   AND (ended_at IS NULL OR (ended_at > $4 AND ended_at > $5)) ORDER BY id LIMIT 1;

-- name: visit_week :many
-- What is planned in a village within some days, done already or not.
-- param division int
-- param first_day int
-- param last_day int
-- column level int
-- column planned_day int
-- column escort int
-- column of_alert int
SELECT level, planned_day, escort, CASE WHEN alert_id IS NULL THEN 0 ELSE 1 END FROM visit
 WHERE division = $1 AND planned_day BETWEEN $2 AND $3 AND state <> 'cancelled' ORDER BY id;

-- name: visit_of_moved :many
-- Planned routine visits of a village whose child lives there no more.
-- param division int
-- column id int
SELECT v.id FROM visit v LEFT JOIN person p ON p.id = v.child_id AND p.ended_at IS NULL
 WHERE v.division = $1 AND v.closed_at IS NULL AND v.alert_id IS NULL AND v.state = 'planned'
   AND (p.id IS NULL OR coalesce(p.residence, p.hukou, 0) <> v.division) ORDER BY v.id;

-- name: visit_village_after :maybe
-- The next place behind this one in which somebody of the register lives, or a visit is open.
-- param after int
-- column residence int
SELECT place FROM
 (SELECT place FROM (SELECT residence AS place FROM person WHERE residence > $1 ORDER BY residence LIMIT 1) AS lived
  UNION SELECT place FROM (SELECT division AS place FROM visit WHERE closed_at IS NULL AND division > $1
                            ORDER BY division LIMIT 1) AS visited) AS places
 ORDER BY place LIMIT 1;

-- name: visit_round_of :many
-- Minors of one village whom a round may see: no open alert or visit, none since `since_day`. With the day on
-- which each was seen last.
-- param residence int
-- param born_after int
-- param born_by int
-- param since_day int
-- param limit int
-- column id int
-- column seen_day int?
SELECT p.id, (SELECT max(v.planned_day) FROM visit v WHERE v.child_id = p.id AND v.state <> 'cancelled')
  FROM person p
 WHERE p.residence = $1 AND p.ended_at IS NULL AND p.birth_day > $2 AND p.birth_day <= $3
   AND NOT EXISTS (SELECT 1 FROM alert a WHERE a.child_id = p.id AND a.closed_at IS NULL)
   AND NOT EXISTS (SELECT 1 FROM visit o WHERE o.child_id = p.id
                      AND (o.closed_at IS NULL OR (o.planned_day > $4 AND o.state <> 'cancelled')))
 ORDER BY p.id LIMIT $5;
