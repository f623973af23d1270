-- name: assignment_insert :exec
-- param id int
-- param child_id int
-- param account_id int
-- param task int
-- param given_by int
-- param from_at int
-- param to_at int
INSERT INTO assignment (id, child_id, account_id, task, given_by, from_at, to_at, ended_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, NULL);

-- name: assignment_last :maybe
-- column id int
SELECT id FROM assignment ORDER BY id DESC LIMIT 1;

-- name: assignment_of_id :maybe
-- param id int
-- column id int
-- column child_id int
-- column account_id int
-- column task int
-- column given_by int
-- column from_at int
-- column to_at int
-- column ended_at int?
SELECT id, child_id, account_id, task, given_by, from_at, to_at, ended_at FROM assignment WHERE id = $1;

-- name: assignment_end :exec
-- param id int
-- param ended_at int
UPDATE assignment SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL;

-- name: assignment_of_child :many
-- param child_id int
-- param after_id int
-- param limit int
-- column id int
-- column child_id int
-- column account_id int
-- column task int
-- column given_by int
-- column from_at int
-- column to_at int
-- column ended_at int?
SELECT id, child_id, account_id, task, given_by, from_at, to_at, ended_at FROM assignment
 WHERE child_id = $1 AND id > $2 ORDER BY id LIMIT $3;

-- name: assignment_of_account :many
-- param account_id int
-- param after_id int
-- param limit int
-- column id int
-- column child_id int
-- column account_id int
-- column task int
-- column given_by int
-- column from_at int
-- column to_at int
-- column ended_at int?
SELECT id, child_id, account_id, task, given_by, from_at, to_at, ended_at FROM assignment
 WHERE account_id = $1 AND id > $2 ORDER BY id LIMIT $3;

-- name: assignment_to_children :many
-- In force at a moment, whoever has them; `same_team` is 1 where that is somebody of the team.
-- param children int[64]
-- param now int
-- param team bytes?
-- column child_id int
-- column account_id int
-- column task int
-- column to_at int
-- column same_team int
SELECT a.child_id, a.account_id, a.task, a.to_at,
       CASE WHEN c.team = $66 AND c.disabled_at IS NULL THEN 1 ELSE 0 END
  FROM assignment a LEFT JOIN account c ON c.id = a.account_id
 WHERE a.child_id IN ($1..$64) AND a.from_at <= $65 AND a.to_at > $65
   AND (a.ended_at IS NULL OR a.ended_at > $65) ORDER BY a.id;

-- name: assignment_same :many
-- Of the same task, not over at that moment, given by the system (0) or not.
-- param child_id int
-- param account_id int
-- param task int
-- param now int
-- param given_by int
-- column id int
SELECT id FROM assignment WHERE child_id = $1 AND account_id = $2 AND task = $3 AND to_at > $4 AND ended_at IS NULL
   AND (given_by = 0) = ($5 = 0) ORDER BY id;

-- name: assignment_of_system :maybe
-- A visit's task that the system gave and that lasts beyond that moment.
-- param child_id int
-- param account_id int
-- param beyond int
-- column id int
SELECT id FROM assignment WHERE child_id = $1 AND account_id = $2 AND task = 1 AND given_by = 0
   AND ended_at IS NULL AND to_at > $3 ORDER BY id DESC LIMIT 1;

-- name: assignment_needless :maybe
-- A visit's task that the system gave, for which the account has neither alert nor visit any more.
-- param child_id int
-- param account_id int
-- param now int
-- column id int
SELECT id FROM assignment WHERE child_id = $1 AND account_id = $2 AND task = 1 AND given_by = 0
   AND ended_at IS NULL AND to_at > $3
   AND NOT EXISTS (SELECT 1 FROM alert a WHERE a.child_id = $1 AND a.owner_id = $2 AND a.closed_at IS NULL)
   AND NOT EXISTS (SELECT 1 FROM visit v WHERE v.child_id = $1 AND v.owner_id = $2 AND v.closed_at IS NULL)
 ORDER BY id DESC LIMIT 1;

-- name: assignment_ends_exist :maybe
-- Both the child and the account are there now.
-- param child_id int
-- param account_id int
-- column child_id int
SELECT p.id FROM person p JOIN account a ON a.id = $2
 WHERE p.id = $1 AND p.ended_at IS NULL AND p.birth_day IS NOT NULL AND a.disabled_at IS NULL;
