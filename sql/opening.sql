-- name: opening_insert :exec
-- param id int
-- param account_id int
-- param child_id int
-- param classes int
-- param purpose int
-- param relation int
-- param state int
-- param glass int
-- param asked_at int
-- param expires_at int?
-- param review_due int?
-- param reason bytes
INSERT INTO opening (id, account_id, child_id, classes, purpose, relation, state, glass, asked_at, decided_by,
                     decided_at, expires_at, review_due, reviewed_by, reviewed_at, justified, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, NULL, $10, $11, NULL, NULL, NULL, $12);

-- name: opening_last :maybe
-- column id int
SELECT id FROM opening ORDER BY id DESC LIMIT 1;

-- name: opening_of_id :maybe
-- The salt is missing where the account that asked was erased: the reason is gone then.
-- param id int
-- column id int
-- column account_id int
-- column child_id int
-- column classes int
-- column purpose int
-- column relation int
-- column state int
-- column glass int
-- column asked_at int
-- column decided_by int?
-- column decided_at int?
-- column expires_at int?
-- column review_due int?
-- column reviewed_by int?
-- column reviewed_at int?
-- column justified int?
-- column reason bytes
-- column salt bytes?
SELECT o.id, o.account_id, o.child_id, o.classes, o.purpose, o.relation, o.state, o.glass, o.asked_at, o.decided_by,
       o.decided_at, o.expires_at, o.review_due, o.reviewed_by, o.reviewed_at, o.justified, o.reason, t.salt
  FROM opening o LEFT JOIN salt t ON t.subject_id = o.account_id WHERE o.id = $1;

-- name: opening_of_child :many
-- param child_id int
-- param after_id int
-- param limit int
-- column id int
-- column account_id int
-- column child_id int
-- column classes int
-- column purpose int
-- column relation int
-- column state int
-- column glass int
-- column asked_at int
-- column decided_by int?
-- column decided_at int?
-- column expires_at int?
-- column review_due int?
-- column reviewed_by int?
-- column reviewed_at int?
-- column justified int?
-- column reason bytes
-- column salt bytes?
SELECT o.id, o.account_id, o.child_id, o.classes, o.purpose, o.relation, o.state, o.glass, o.asked_at, o.decided_by,
       o.decided_at, o.expires_at, o.review_due, o.reviewed_by, o.reviewed_at, o.justified, o.reason, t.salt
  FROM opening o LEFT JOIN salt t ON t.subject_id = o.account_id
 WHERE o.child_id = $1 AND o.id > $2 ORDER BY o.id LIMIT $3;

-- name: opening_of_account :many
-- param account_id int
-- param after_id int
-- param limit int
-- column id int
-- column account_id int
-- column child_id int
-- column classes int
-- column purpose int
-- column relation int
-- column state int
-- column glass int
-- column asked_at int
-- column decided_by int?
-- column decided_at int?
-- column expires_at int?
-- column review_due int?
-- column reviewed_by int?
-- column reviewed_at int?
-- column justified int?
-- column reason bytes
-- column salt bytes?
SELECT o.id, o.account_id, o.child_id, o.classes, o.purpose, o.relation, o.state, o.glass, o.asked_at, o.decided_by,
       o.decided_at, o.expires_at, o.review_due, o.reviewed_by, o.reviewed_at, o.justified, o.reason, t.salt
  FROM opening o LEFT JOIN salt t ON t.subject_id = o.account_id
 WHERE o.account_id = $1 AND o.id > $2 ORDER BY o.id LIMIT $3;

-- name: opening_in_state :many
-- Those asked after a moment: one asked before it has lapsed, whether or not a sweep came by.
-- param state int
-- param asked_after int
-- param after_id int
-- param limit int
-- column id int
-- column account_id int
-- column child_id int
-- column classes int
-- column purpose int
-- column relation int
-- column state int
-- column glass int
-- column asked_at int
-- column decided_by int?
-- column decided_at int?
-- column expires_at int?
-- column review_due int?
-- column reviewed_by int?
-- column reviewed_at int?
-- column justified int?
-- column reason bytes
-- column salt bytes?
SELECT o.id, o.account_id, o.child_id, o.classes, o.purpose, o.relation, o.state, o.glass, o.asked_at, o.decided_by,
       o.decided_at, o.expires_at, o.review_due, o.reviewed_by, o.reviewed_at, o.justified, o.reason, t.salt
  FROM opening o LEFT JOIN salt t ON t.subject_id = o.account_id
 WHERE o.state = $1 AND o.asked_at > $2 AND o.id > $3 ORDER BY o.id LIMIT $4;

-- name: opening_to_review :many
-- param after_id int
-- param limit int
-- column id int
-- column account_id int
-- column child_id int
-- column classes int
-- column purpose int
-- column relation int
-- column state int
-- column glass int
-- column asked_at int
-- column decided_by int?
-- column decided_at int?
-- column expires_at int?
-- column review_due int?
-- column reviewed_by int?
-- column reviewed_at int?
-- column justified int?
-- column reason bytes
-- column salt bytes?
SELECT o.id, o.account_id, o.child_id, o.classes, o.purpose, o.relation, o.state, o.glass, o.asked_at, o.decided_by,
       o.decided_at, o.expires_at, o.review_due, o.reviewed_by, o.reviewed_at, o.justified, o.reason, t.salt
  FROM opening o LEFT JOIN salt t ON t.subject_id = o.account_id
 WHERE o.review_due IS NOT NULL AND o.reviewed_at IS NULL AND +o.id > $1 ORDER BY o.id LIMIT $2;

-- name: opening_current :many
-- What an account has asked (1) or holds open (2): few at any time, found by the state; the plus keeps the
-- years of its past openings out of it.
-- param account_id int
-- column id int
-- column account_id int
-- column child_id int
-- column classes int
-- column purpose int
-- column relation int
-- column state int
-- column glass int
-- column asked_at int
-- column decided_by int?
-- column decided_at int?
-- column expires_at int?
-- column review_due int?
-- column reviewed_by int?
-- column reviewed_at int?
-- column justified int?
-- column reason bytes
-- column salt bytes?
SELECT o.id, o.account_id, o.child_id, o.classes, o.purpose, o.relation, o.state, o.glass, o.asked_at, o.decided_by,
       o.decided_at, o.expires_at, o.review_due, o.reviewed_by, o.reviewed_at, o.justified, o.reason, t.salt
  FROM opening o LEFT JOIN salt t ON t.subject_id = o.account_id
 WHERE o.state IN (1, 2) AND +o.account_id = $1 ORDER BY o.id;

-- name: opening_granted :exec
-- param id int
-- param decided_by int
-- param decided_at int
-- param expires_at int
UPDATE opening SET state = 2, decided_by = $2, decided_at = $3, expires_at = $4 WHERE id = $1;

-- name: opening_refused :exec
-- param id int
-- param decided_by int
-- param decided_at int
UPDATE opening SET state = 3, decided_by = $2, decided_at = $3 WHERE id = $1;

-- name: opening_ended :exec
-- param id int
-- param expires_at int
UPDATE opening SET state = 4, expires_at = $2 WHERE id = $1;

-- name: opening_lapsed :exec
-- param id int
UPDATE opening SET state = 5 WHERE id = $1;

-- name: opening_reviewed :exec
-- param id int
-- param reviewed_by int
-- param reviewed_at int
-- param justified int
UPDATE opening SET reviewed_by = $2, reviewed_at = $3, justified = $4 WHERE id = $1;

-- name: opening_asker :maybe
-- The role in which it was asked for: that of the account now.
-- param account_id int
-- column role int
SELECT role FROM account WHERE id = $1;

-- name: opening_count_since :maybe
-- How many of the account's newest 256 were opened after a moment.
-- param account_id int
-- param after int
-- column openings int
SELECT count(*) FROM (SELECT state, asked_at, decided_at FROM opening WHERE account_id = $1
                       ORDER BY id DESC LIMIT 256) AS newest
 WHERE state IN (2, 4) AND coalesce(decided_at, asked_at) > $2;

-- name: opening_over :many
-- Whose time is over, or whom nobody answered.
-- param now int
-- param asked_until int
-- column id int
-- column account_id int
-- column child_id int
-- column state int
-- column expires_at int?
SELECT id, account_id, child_id, state, expires_at FROM opening
 WHERE state = 2 AND expires_at <= $1 OR state = 1 AND asked_at <= $2 ORDER BY id;

-- name: opening_review_late :many
-- Broken glasses that nobody reviewed by their day, and of which no alarm (5, not_reviewed) tells yet.
-- param today int
-- column id int
-- column account_id int
-- column review_due int
SELECT id, account_id, review_due FROM opening
 WHERE review_due IS NOT NULL AND reviewed_at IS NULL AND review_due < $1
   AND NOT EXISTS (SELECT 1 FROM alarm WHERE alarm.opening_id = opening.id AND alarm.kind = 5) ORDER BY id;
