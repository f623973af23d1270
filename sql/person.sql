-- name: person_insert :exec
-- param id int
-- param birth_day int?
-- param household bytes?
-- param hukou int?
-- param residence int?
-- param residence_since int?
-- param known_from int
INSERT INTO person (id, birth_day, household, hukou, residence, residence_since, known_from, ended_at, due)
VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, NULL);

-- name: person_update :exec
-- param id int
-- param birth_day int?
-- param household bytes?
-- param hukou int?
-- param residence int?
-- param residence_since int?
-- param known_from int
UPDATE person SET birth_day = $2, household = $3, hukou = $4, residence = $5, residence_since = $6,
       known_from = $7, ended_at = NULL WHERE id = $1;

-- name: person_end :exec
-- param id int
-- param ended_at int
UPDATE person SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL;

-- name: person_set_due :exec
-- param id int
-- param due int?
UPDATE person SET due = $2 WHERE id = $1;

-- name: person_keep_version :exec
-- What the register said until now becomes history.
-- param id int
-- param known_to int
INSERT INTO person_version (person_id, known_from, known_to, birth_day, household, hukou, residence,
                            residence_since, sealed)
SELECT p.id, p.known_from, $2, p.birth_day, p.household, p.hukou, p.residence, p.residence_since, s.sealed
  FROM person p JOIN person_sealed s ON s.person_id = p.id WHERE p.id = $1;

-- name: person_sealed_insert :exec
-- param person_id int
-- param ref_hash bytes
-- param id_hash bytes?
-- param phone_hash bytes?
-- param content_hash bytes
-- param sealed bytes
INSERT INTO person_sealed (person_id, ref_hash, id_hash, phone_hash, content_hash, sealed)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: person_sealed_update :exec
-- param person_id int
-- param id_hash bytes?
-- param phone_hash bytes?
-- param content_hash bytes
-- param sealed bytes
UPDATE person_sealed SET id_hash = $2, phone_hash = $3, content_hash = $4, sealed = $5 WHERE person_id = $1;

-- name: person_sealed_of :maybe
-- param person_id int
-- column salt bytes
-- column sealed bytes
SELECT t.salt, s.sealed FROM person_sealed s JOIN salt t ON t.subject_id = s.person_id
 WHERE s.person_id = $1;

-- name: person_by_ref :maybe
-- param ref_hash bytes
-- column id int
-- column birth_day int?
-- column ended_at int?
SELECT p.id, p.birth_day, p.ended_at FROM person_sealed s JOIN person p ON p.id = s.person_id
 WHERE s.ref_hash = $1;

-- name: person_by_phone :many
-- param phone_hash bytes
-- column id int
SELECT person_id FROM person_sealed WHERE phone_hash = $1 ORDER BY person_id;

-- name: person_by_id_hashes :many
-- param hashes bytes[64]
-- column id_hash bytes
-- column person_id int
-- column salt bytes
SELECT s.id_hash, s.person_id, t.salt FROM person_sealed s JOIN salt t ON t.subject_id = s.person_id
 WHERE s.id_hash IN ($1..$64);

-- name: person_in :many
-- Those of the ids that the register holds now.
-- param ids int[64]
-- column id int
-- column birth_day int?
-- column household bytes?
SELECT id, birth_day, household FROM person WHERE id IN ($1..$64) AND ended_at IS NULL;

-- name: person_in_households :many
-- param households bytes[64]
-- column id int
-- column birth_day int?
-- column household bytes
SELECT id, birth_day, household FROM person WHERE household IN ($1..$64) AND ended_at IS NULL
 ORDER BY id;

-- name: person_due :many
-- param day int
-- param limit int
-- column id int
SELECT id FROM person WHERE due <= $1 ORDER BY id LIMIT $2;

-- name: person_scan :stream
-- column id int
-- column birth_day int?
-- column household bytes?
-- column ended_at int?
SELECT id, birth_day, household, ended_at FROM person ORDER BY id;

-- name: person_register_scan :stream
-- What a load must know of everyone already there.
-- column person_id int
-- column ref_hash bytes
-- column id_hash bytes?
-- column content_hash bytes
-- column birth_day int?
-- column ended_at int?
SELECT s.person_id, s.ref_hash, s.id_hash, s.content_hash, p.birth_day, p.ended_at
  FROM person_sealed s JOIN person p ON p.id = s.person_id;

-- name: person_release_id_number :exec
-- param person_id int
UPDATE person_sealed SET id_hash = NULL WHERE person_id = $1;

-- name: person_sealed_in :many
-- param ids int[64]
-- column person_id int
-- column salt bytes
-- column sealed bytes
SELECT s.person_id, t.salt, s.sealed FROM person_sealed s JOIN salt t ON t.subject_id = s.person_id
 WHERE s.person_id IN ($1..$64);

-- name: person_names_scan :stream
-- param after_id int
-- param until_id int
-- column person_id int
-- column salt bytes
-- column sealed bytes
SELECT s.person_id, t.salt, s.sealed FROM person_sealed s
  JOIN salt t ON t.subject_id = s.person_id JOIN person p ON p.id = s.person_id
 WHERE s.person_id > $1 AND s.person_id <= $2 AND p.ended_at IS NULL;

-- name: person_middle :maybe
-- Half-way between the lowest and the highest id.
-- column id int
SELECT min(id) + (max(id) - min(id)) / 2 FROM person HAVING count(*) > 0;

-- name: person_forget_hashes :exec
-- An erased person is found by nothing but the ref, which stays taken.
-- param person_id int
UPDATE person_sealed SET id_hash = NULL, phone_hash = NULL WHERE person_id = $1;
