-- name: account_insert :exec
-- param id int
-- param name_hash bytes
-- param role int
-- param division int?
-- param department text?
-- param team bytes?
-- param person_id int?
-- param sealed bytes
-- param created_at int
-- param roster_id int?
INSERT INTO account (id, name_hash, role, division, department, team, person_id, sealed, password,
                     password_at, must_change, totp, totp_confirmed, totp_step, failures, locked_until,
                     created_at, disabled_at, roster_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, NULL, 0, NULL, 0, 0, 0, NULL, $9, NULL, $10);

-- name: account_update :exec
-- param id int
-- param role int
-- param division int?
-- param department text?
-- param team bytes?
-- param person_id int?
-- param sealed bytes
-- param roster_id int?
UPDATE account SET role = $2, division = $3, department = $4, team = $5, person_id = $6, sealed = $7,
       roster_id = $8 WHERE id = $1;

-- name: account_id_of :maybe
-- param name_hash bytes
-- column id int
SELECT id FROM account WHERE name_hash = $1;

-- name: account_by_id :maybe
-- param id int
-- column id int
-- column role int
-- column division int?
-- column department text?
-- column team bytes?
-- column person_id int?
-- column sealed bytes
-- column has_password int
-- column must_change int
-- column totp_confirmed int
-- column locked_until int?
-- column created_at int
-- column disabled_at int?
-- column roster_id int?
-- column salt bytes
SELECT a.id, a.role, a.division, a.department, a.team, a.person_id, a.sealed,
       CASE WHEN a.password IS NULL THEN 0 ELSE 1 END, a.must_change, a.totp_confirmed, a.locked_until,
       a.created_at, a.disabled_at, a.roster_id, t.salt
  FROM account a JOIN salt t ON t.subject_id = a.id WHERE a.id = $1;

-- name: account_ids_after :many
-- param after_id int
-- param limit int
-- column id int
SELECT id FROM account WHERE id > $1 ORDER BY id LIMIT $2;

-- name: account_by_roster :maybe
-- param roster_id int
-- column id int
-- column disabled_at int?
SELECT id, disabled_at FROM account WHERE roster_id = $1;

-- name: account_secrets :maybe
-- What signing in needs.
-- param id int
-- column role int
-- column password text?
-- column password_at int?
-- column must_change int
-- column totp bytes?
-- column totp_confirmed int
-- column totp_step int
-- column failures int
-- column locked_until int?
-- column disabled_at int?
-- column salt bytes
SELECT a.role, a.password, a.password_at, a.must_change, a.totp, a.totp_confirmed, a.totp_step, a.failures,
       a.locked_until, a.disabled_at, t.salt
  FROM account a JOIN salt t ON t.subject_id = a.id WHERE a.id = $1;

-- name: account_set_disabled :exec
-- param id int
-- param disabled_at int?
UPDATE account SET disabled_at = $2 WHERE id = $1;

-- name: account_set_password :exec
-- A new password also lifts the lock: whoever gives it has proved who they are, or may.
-- param id int
-- param password text
-- param password_at int
-- param must_change int
UPDATE account SET password = $2, password_at = $3, must_change = $4, failures = 0, locked_until = NULL
 WHERE id = $1;

-- name: account_set_totp :exec
-- param id int
-- param totp bytes?
UPDATE account SET totp = $2, totp_confirmed = 0, totp_step = 0 WHERE id = $1;

-- name: account_totp_confirmed :exec
-- param id int
-- param totp_step int
UPDATE account SET totp_confirmed = 1, totp_step = $2 WHERE id = $1;

-- name: account_failed :exec
-- param id int
-- param failures int
-- param locked_until int?
UPDATE account SET failures = $2, locked_until = $3 WHERE id = $1;

-- name: account_signed_in :exec
-- param id int
-- param totp_step int
UPDATE account SET failures = 0, locked_until = NULL, totp_step = $2 WHERE id = $1;
