-- What an account has to do: alerts and visits by owner, and what has changed around it. Nothing sealed is read.

-- name: work_alerts :many
-- Open ones of an owner; `under_way` is 1 where a visit stands for it in the same hands.
-- param owner_id int
-- param limit int
-- column id int
-- column child_id int
-- column division int
-- column level int
-- column state text
-- column step int
-- column origin int
-- column opened_at int
-- column changed_at int
-- column due_at int?
-- column basis_withdrawn int
-- column visit_id int?
-- column under_way int
SELECT a.id, a.child_id, a.division, a.level, a.state, a.step, a.origin, a.opened_at, a.changed_at, a.due_at,
       a.basis_withdrawn, a.visit_id,
       CASE WHEN EXISTS (SELECT 1 FROM visit v WHERE v.id = a.visit_id AND v.closed_at IS NULL AND v.owner_id = $1)
            THEN 1 ELSE 0 END
  FROM alert a WHERE a.owner_id = $1 AND a.closed_at IS NULL
 ORDER BY a.level, a.due_at, a.id LIMIT $2;

-- name: work_visits :many
-- param owner_id int
-- param limit int
-- column id int
-- column child_id int
-- column alert_id int?
-- column division int
-- column level int
-- column state text
-- column step int
-- column escort int
-- column planned_day int?
-- column postponed int
-- column due_at int?
-- column started_at int?
-- column back_at int?
-- column changed_at int
SELECT id, child_id, alert_id, division, level, state, step, escort, planned_day, postponed, due_at, started_at,
       back_at, changed_at
  FROM visit WHERE owner_id = $1 AND closed_at IS NULL ORDER BY level, due_at, id LIMIT $2;

-- name: work_changed :many
-- Alerts and visits that changed since then, of those that the account was told of or had a hand in; a visit also
-- by its alert.
-- param after int
-- param account_id int
-- param limit int
-- column id int
SELECT id FROM alert WHERE changed_at > $1
   AND id IN (SELECT object_id FROM outbox WHERE account_id = $2 UNION SELECT object_id FROM care_event WHERE account_id = $2)
UNION ALL
SELECT id FROM visit WHERE changed_at > $1
   AND (id IN (SELECT object_id FROM outbox WHERE account_id = $2 UNION SELECT object_id FROM care_event WHERE account_id = $2)
        OR alert_id IN (SELECT object_id FROM outbox WHERE account_id = $2))
 LIMIT $3;

-- name: work_posts :many
-- Posts that the account holds or deputises for on a day, by the roster.
-- param account_id int
-- param day int
-- column division int
-- column role int
SELECT DISTINCT division, role FROM duty
 WHERE account_id = $1 AND from_day <= $2 AND (to_day IS NULL OR to_day > $2);

-- name: work_colleagues :many
-- Who else has that post: by the roster, or by the account's own division.
-- param division int
-- param role int
-- param account_id int
-- param day int
-- column id int
SELECT account_id FROM duty WHERE division = $1 AND role = $2 AND account_id <> $3 AND from_day <= $4
   AND (to_day IS NULL OR to_day > $4)
UNION
SELECT id FROM account WHERE division = $1 AND role = $2 AND id <> $3 AND disabled_at IS NULL;
