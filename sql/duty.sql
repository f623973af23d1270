-- name: duty_people :many
-- Who stands in a post on a day, in order: those of the roster, then (behind every rank) those whose account
-- is of that role in that division. Disabled accounts hold nothing, nor do those of other roles than the four.
-- param division int
-- param role int
-- param day int
-- column id int
-- column account_id int
-- column rank int
-- column away int
SELECT u.id, u.account_id, u.rank,
       CASE WHEN EXISTS (SELECT 1 FROM absence b WHERE b.account_id = u.account_id AND b.cancelled_at IS NULL
                            AND b.from_day <= $3 AND b.to_day > $3) THEN 1 ELSE 0 END
  FROM duty u JOIN account a ON a.id = u.account_id
 WHERE u.division = $1 AND u.role = $2 AND u.from_day <= $3 AND (u.to_day IS NULL OR u.to_day > $3)
   AND a.disabled_at IS NULL AND a.role IN (1, 2, 3, 4)
UNION ALL
SELECT 0, a.id, 1000000,
       CASE WHEN EXISTS (SELECT 1 FROM absence b WHERE b.account_id = a.id AND b.cancelled_at IS NULL
                            AND b.from_day <= $3 AND b.to_day > $3) THEN 1 ELSE 0 END
  FROM account a WHERE a.role = $2 AND a.division = $1 AND a.disabled_at IS NULL
 ORDER BY 3, 1, 2;

-- name: duty_people_in :many
-- The same for all posts between two codes.
-- param first int
-- param last int
-- param day int
-- column division int
-- column role int
-- column rank int
-- column id int
-- column account_id int
-- column from_day int?
-- column to_day int?
-- column away int
SELECT u.division, u.role, u.rank, u.id, u.account_id, u.from_day, u.to_day,
       CASE WHEN EXISTS (SELECT 1 FROM absence b WHERE b.account_id = u.account_id AND b.cancelled_at IS NULL
                            AND b.from_day <= $3 AND b.to_day > $3) THEN 1 ELSE 0 END
  FROM duty u JOIN account a ON a.id = u.account_id
 WHERE u.division >= $1 AND u.division <= $2 AND u.from_day <= $3 AND (u.to_day IS NULL OR u.to_day > $3)
   AND a.disabled_at IS NULL AND a.role IN (1, 2, 3, 4)
UNION ALL
SELECT a.division, a.role, 1000000, 0, a.id, NULL, NULL,
       CASE WHEN EXISTS (SELECT 1 FROM absence b WHERE b.account_id = a.id AND b.cancelled_at IS NULL
                            AND b.from_day <= $3 AND b.to_day > $3) THEN 1 ELSE 0 END
  FROM account a
 WHERE a.role IN (1, 2, 3, 4) AND a.division >= $1 AND a.division <= $2 AND a.disabled_at IS NULL
 ORDER BY 1, 2, 3, 4, 5;

-- name: duty_divisions :many
-- Where there are posts: counties and below, and wherever somebody stands.
-- param after int
-- param last int
-- param limit int
-- column code int
SELECT code FROM division WHERE code > $1 AND code <= $2 AND level >= 3
UNION SELECT division FROM duty WHERE division > $1 AND division <= $2
UNION SELECT division FROM account
       WHERE role IN (1, 2, 3, 4) AND division > $1 AND division <= $2 AND division % 100000000 <> 0
         AND disabled_at IS NULL
ORDER BY 1 LIMIT $3;

-- name: duty_account :maybe
-- param id int
-- param day int
-- column role int
-- column division int?
-- column disabled_at int?
-- column away int
SELECT a.role, a.division, a.disabled_at,
       CASE WHEN EXISTS (SELECT 1 FROM absence b WHERE b.account_id = a.id AND b.cancelled_at IS NULL
                            AND b.from_day <= $2 AND b.to_day > $2) THEN 1 ELSE 0 END
  FROM account a WHERE a.id = $1;

-- name: duty_insert :exec
-- param id int
-- param division int
-- param role int
-- param account_id int
-- param rank int
-- param from_day int
-- param given_by int?
-- param at int
INSERT INTO duty (id, division, role, account_id, rank, from_day, to_day, given_by, at)
VALUES ($1, $2, $3, $4, $5, $6, NULL, $7, $8);

-- name: duty_last :maybe
-- column id int
SELECT id FROM duty ORDER BY id DESC LIMIT 1;

-- name: duty_get :maybe
-- param id int
-- column division int
-- column role int
-- column account_id int
-- column rank int
-- column from_day int
-- column to_day int?
SELECT division, role, account_id, rank, from_day, to_day FROM duty WHERE id = $1;

-- name: duty_make_room :exec
-- A place in a post has one person at a time, and a person one place in a post: what was there ends.
-- param division int
-- param role int
-- param rank int
-- param account_id int
-- param from_day int
UPDATE duty SET to_day = CASE WHEN from_day > $5 THEN from_day ELSE $5 END
 WHERE division = $1 AND role = $2 AND (rank = $3 OR account_id = $4) AND (to_day IS NULL OR to_day > $5);

-- name: duty_end :exec
-- param id int
-- param to_day int
UPDATE duty SET to_day = $2 WHERE id = $1;

-- name: duty_places :many
-- Where an account has ever stood by the roster.
-- param account_id int
-- column division int
SELECT DISTINCT division FROM duty WHERE account_id = $1;

-- name: duty_turns :many
-- Accounts whose leave or whose place in a post begins or ends on one of these days.
-- param first int
-- param last int
-- column account_id int
SELECT account_id FROM absence
 WHERE (from_day BETWEEN $1 AND $2 OR to_day BETWEEN $1 AND $2) AND cancelled_at IS NULL
UNION SELECT account_id FROM duty WHERE from_day BETWEEN $1 AND $2 OR to_day BETWEEN $1 AND $2
ORDER BY 1;

-- name: duty_alerts_in :many
-- Open alerts between two codes, and how far a visit for them is.
-- param first int
-- param last int
-- column id int
-- column division int
-- column state text
-- column owner_id int?
-- column visit_state text?
SELECT x.id, x.division, x.state, x.owner_id, v.state
  FROM alert x LEFT JOIN visit v ON v.id = x.visit_id
 WHERE x.closed_at IS NULL AND x.division >= $1 AND x.division <= $2 AND x.state <> 'held'
 ORDER BY x.division, x.id;

-- name: duty_alerts_of :many
-- param owner_id int
-- column id int
-- column division int
-- column state text
-- column owner_id int?
-- column visit_state text?
SELECT x.id, x.division, x.state, x.owner_id, v.state
  FROM alert x LEFT JOIN visit v ON v.id = x.visit_id
 WHERE x.closed_at IS NULL AND x.owner_id = $1 ORDER BY x.division, x.id;

-- name: duty_alerts_adrift :many
-- Open alerts that lie with nobody, or with somebody who is away or gone.
-- param day int
-- column id int
-- column division int
-- column state text
-- column owner_id int?
-- column visit_state text?
SELECT x.id, x.division, x.state, x.owner_id, v.state
  FROM alert x LEFT JOIN visit v ON v.id = x.visit_id
 WHERE x.closed_at IS NULL AND x.state <> 'held'
   AND (x.owner_id IS NULL
        OR x.owner_id IN (SELECT a.id FROM account a WHERE a.disabled_at IS NOT NULL OR a.role NOT IN (1, 2, 3, 4))
        OR x.owner_id IN (SELECT b.account_id FROM absence b
                           WHERE b.cancelled_at IS NULL AND b.from_day <= $1 AND b.to_day > $1))
 ORDER BY x.division, x.id;

-- name: duty_visits_adrift :many
-- Those of the rounds, and of an alert those that lie with somebody else than it: the others go with it.
-- param day int
-- column id int
-- column division int
-- column state text
-- column owner_id int?
SELECT x.id, x.division, x.state, x.owner_id FROM visit x
 WHERE x.closed_at IS NULL
   AND (x.alert_id IS NULL OR NOT EXISTS (SELECT 1 FROM alert o WHERE o.id = x.alert_id AND o.owner_id = x.owner_id))
   AND (x.owner_id IS NULL
        OR x.owner_id IN (SELECT a.id FROM account a WHERE a.disabled_at IS NOT NULL OR a.role NOT IN (1, 2, 3, 4))
        OR x.owner_id IN (SELECT b.account_id FROM absence b
                           WHERE b.cancelled_at IS NULL AND b.from_day <= $1 AND b.to_day > $1))
 ORDER BY x.division, x.id;

-- name: duty_alerts_strange :many
-- Open alerts whose owner's account is of no division that covers theirs, and stands there by no roster.
-- param day int
-- column id int
-- column division int
-- column state text
-- column owner_id int?
-- column visit_state text?
SELECT x.id, x.division, x.state, x.owner_id, v.state
  FROM alert x JOIN account a ON a.id = x.owner_id LEFT JOIN visit v ON v.id = x.visit_id
 WHERE x.closed_at IS NULL AND x.state <> 'held' AND (a.division IS NULL OR
       a.division NOT IN (x.division, x.division / 1000 * 1000, x.division / 1000000 * 1000000))
   AND NOT EXISTS (SELECT 1 FROM duty u
                    WHERE u.account_id = x.owner_id AND u.from_day <= $1 AND (u.to_day IS NULL OR u.to_day > $1)
                      AND u.division IN (x.division, x.division / 1000 * 1000, x.division / 1000000 * 1000000))
 ORDER BY x.division, x.id;

-- name: duty_visits_strange :many
-- Of the same.
-- param day int
-- column id int
-- column division int
-- column state text
-- column owner_id int?
SELECT x.id, x.division, x.state, x.owner_id FROM visit x JOIN account a ON a.id = x.owner_id
 WHERE x.closed_at IS NULL
   AND (x.alert_id IS NULL OR NOT EXISTS (SELECT 1 FROM alert o WHERE o.id = x.alert_id AND o.owner_id = x.owner_id))
   AND (a.division IS NULL OR
       a.division NOT IN (x.division, x.division / 1000 * 1000, x.division / 1000000 * 1000000))
   AND NOT EXISTS (SELECT 1 FROM duty u
                    WHERE u.account_id = x.owner_id AND u.from_day <= $1 AND (u.to_day IS NULL OR u.to_day > $1)
                      AND u.division IN (x.division, x.division / 1000 * 1000, x.division / 1000000 * 1000000))
 ORDER BY x.division, x.id;

-- name: duty_visits_in :many
-- Open visits of the rounds; those of an alert go with it.
-- param first int
-- param last int
-- column id int
-- column division int
-- column state text
-- column owner_id int?
SELECT id, division, state, owner_id FROM visit
 WHERE closed_at IS NULL AND alert_id IS NULL AND division >= $1 AND division <= $2 ORDER BY division, id;

-- name: duty_visits_of :many
-- Of the same.
-- param owner_id int
-- column id int
-- column division int
-- column state text
-- column owner_id int?
SELECT x.id, x.division, x.state, x.owner_id FROM visit x
 WHERE x.closed_at IS NULL AND x.owner_id = $1
   AND (x.alert_id IS NULL OR NOT EXISTS (SELECT 1 FROM alert o WHERE o.id = x.alert_id AND o.owner_id = x.owner_id))
 ORDER BY x.division, x.id;

-- name: duty_handed_by :maybe
-- Who handed it over last, or began it; NULL: the system did.
-- param workflow text
-- param object_id int
-- column event text
-- column account_id int?
SELECT event, account_id FROM care_event
 WHERE object_id = $2 AND workflow = $1 AND event IN ('hand_over', 'begun') ORDER BY id DESC LIMIT 1;

-- name: duty_load_alerts :many
-- param now int
-- param owners int[64]
-- column owner_id int
-- column open int
-- column overdue int
SELECT owner_id, count(*), sum(CASE WHEN due_at < $1 THEN 1 ELSE 0 END) FROM alert
 WHERE owner_id IN ($2..$65) AND closed_at IS NULL GROUP BY owner_id;

-- name: duty_load_visits :many
-- param owners int[64]
-- column owner_id int
-- column open int
SELECT owner_id, count(*) FROM visit WHERE owner_id IN ($1..$64) AND closed_at IS NULL GROUP BY owner_id;

-- name: duty_load_alerts_of :many
-- The same for many accounts at once: in one pass over what is open.
-- param now int
-- param first_owner int
-- param last_owner int
-- column owner_id int
-- column open int
-- column overdue int
SELECT owner_id, count(*), sum(CASE WHEN due_at < $1 THEN 1 ELSE 0 END) FROM alert
 WHERE owner_id >= $2 AND owner_id <= $3 AND closed_at IS NULL GROUP BY owner_id;

-- name: duty_load_visits_of :many
-- param first_owner int
-- param last_owner int
-- column owner_id int
-- column open int
SELECT owner_id, count(*) FROM visit
 WHERE owner_id >= $1 AND owner_id <= $2 AND closed_at IS NULL GROUP BY owner_id;
