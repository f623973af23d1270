-- name: record_insert :exec
-- param id int
-- param subject_id int
-- param linked int
-- param key_hash bytes
-- param content_hash bytes
-- param id_hash bytes?
-- param other_hash bytes?
-- param revision int?
-- param withdrawn int
-- param from_day int?
-- param to_day int?
-- param known_from int
-- param known_to int?
-- param replaces int?
-- param delivery_id int
-- param line int
-- param fact bytes
-- param envelope bytes
INSERT INTO record (id, subject_id, linked, key_hash, content_hash, id_hash, other_hash, revision, withdrawn,
                    from_day, to_day, known_from, known_to, replaces, delivery_id, line, fact, envelope)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18);

-- name: record_supersede :exec
-- param id int
-- param known_to int
UPDATE record SET known_to = $2 WHERE id = $1 AND known_to IS NULL;

-- name: record_last :maybe
-- column id int
SELECT id FROM record ORDER BY id DESC LIMIT 1;

-- name: record_versions :many
-- Every version of the records with these keys, oldest first.
-- param keys bytes[64]
-- column id int
-- column key_hash bytes
-- column content_hash bytes
-- column revision int?
-- column withdrawn int
-- column subject_id int
-- column linked int
-- column in_force int
SELECT id, key_hash, content_hash, revision, withdrawn, subject_id, linked,
       CASE WHEN known_to IS NULL THEN 1 ELSE 0 END
  FROM record WHERE key_hash IN ($1..$64) ORDER BY id;

-- name: record_stubs :many
-- Subjects that stand in for people whom the register does not hold yet.
-- param hashes bytes[64]
-- column id_hash bytes
-- column subject_id int
-- column salt bytes
SELECT DISTINCT r.id_hash, r.subject_id, t.salt FROM record r JOIN salt t ON t.subject_id = r.subject_id
 WHERE r.linked = 0 AND r.id_hash IN ($1..$64);

-- name: record_in_force :many
-- What is known of these subjects now.
-- param subjects int[64]
-- column id int
-- column subject_id int
-- column from_day int?
-- column to_day int?
-- column other_hash bytes?
-- column salt bytes
-- column fact bytes
SELECT r.id, r.subject_id, r.from_day, r.to_day, r.other_hash, t.salt, r.fact
  FROM record r JOIN salt t ON t.subject_id = r.subject_id
 WHERE r.subject_id IN ($1..$64) AND r.known_to IS NULL AND r.withdrawn = 0 AND r.linked = 1
 ORDER BY r.subject_id, r.id;

-- name: record_scan :stream
-- column id int
-- column subject_id int
-- column from_day int?
-- column to_day int?
-- column other_hash bytes?
-- column salt bytes
-- column fact bytes
SELECT r.id, r.subject_id, r.from_day, r.to_day, r.other_hash, t.salt, r.fact
  FROM record r JOIN salt t ON t.subject_id = r.subject_id
 WHERE r.known_to IS NULL AND r.withdrawn = 0 AND r.linked = 1;

-- name: record_envelope :maybe
-- param id int
-- column subject_id int
-- column salt bytes
-- column known_from int
-- column envelope bytes
SELECT r.subject_id, t.salt, r.known_from, r.envelope FROM record r
  JOIN salt t ON t.subject_id = r.subject_id WHERE r.id = $1;

-- name: record_of_id_hash_linked :many
-- param subject_id int
-- param id_hash bytes
-- column id int
-- column fact bytes
-- column envelope bytes
SELECT id, fact, envelope FROM record WHERE subject_id = $1 AND id_hash = $2 ORDER BY id;

-- name: record_of_stub :many
-- param id_hash bytes
-- column id int
-- column subject_id int
-- column salt bytes
-- column fact bytes
-- column envelope bytes
SELECT r.id, r.subject_id, t.salt, r.fact, r.envelope FROM record r
  JOIN salt t ON t.subject_id = r.subject_id WHERE r.linked = 0 AND r.id_hash = $1 ORDER BY r.id;

-- name: record_move :exec
-- The record turns out to be about another subject: it is sealed anew for that one.
-- param id int
-- param subject_id int
-- param linked int
-- param fact bytes
-- param envelope bytes
UPDATE record SET subject_id = $2, linked = $3, fact = $4, envelope = $5 WHERE id = $1;

-- name: record_any_unlinked :maybe
-- column id int
SELECT id FROM record WHERE linked = 0 AND id_hash IS NOT NULL LIMIT 1;
