-- name: visit_field_insert :exec
-- param id int
-- param visit_id int
-- param child_id int
-- param field int
-- param version int
-- param base int
-- param standing int
-- param account_id int
-- param written_at int
-- param saved_at int
-- param sealed bytes
INSERT INTO visit_field (id, visit_id, child_id, field, version, base, standing, account_id, written_at, saved_at,
                         sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: visit_field_last :maybe
-- column id int
SELECT id FROM visit_field ORDER BY id DESC LIMIT 1;

-- name: visit_field_newest :maybe
-- The highest version of a field; none yet: no row.
-- param visit_id int
-- param field int
-- column version int
SELECT version FROM visit_field WHERE visit_id = $1 AND field = $2 ORDER BY version DESC LIMIT 1;

-- name: visit_field_stand :exec
-- param id int
-- param standing int
UPDATE visit_field SET standing = $2 WHERE id = $1;

-- name: visit_field_one :many
-- What a new value of a field is held against: what stands, and what the same account wrote at that moment.
-- param visit_id int
-- param field int
-- param account_id int
-- param written_at int
-- column id int
-- column field int
-- column version int
-- column base int
-- column standing int
-- column account_id int
-- column written_at int
-- column saved_at int
-- column sealed bytes
SELECT id, field, version, base, standing, account_id, written_at, saved_at, sealed FROM visit_field
 WHERE visit_id = $1 AND field = $2 AND (standing <> 2 OR (account_id = $3 AND written_at = $4)) ORDER BY version;

-- name: visit_field_settled :maybe
-- A value that is no rival any more.
-- param id int
-- param visit_id int
-- param field int
-- column id int
SELECT id FROM visit_field WHERE id = $1 AND visit_id = $2 AND field = $3 AND standing <> 3;

-- name: visit_field_all :many
-- Of a visit, by field and version; the replaced ones too where `all` is 1.
-- param visit_id int
-- param all int
-- column id int
-- column field int
-- column version int
-- column base int
-- column standing int
-- column account_id int
-- column written_at int
-- column saved_at int
-- column sealed bytes
SELECT id, field, version, base, standing, account_id, written_at, saved_at, sealed FROM visit_field
 WHERE visit_id = $1 AND (standing <> 2 OR $2 = 1) ORDER BY field, version;
