-- name: kin_insert :exec
-- param id int
-- param child_id int
-- param person_id int
-- param role int
-- param from_day int?
-- param to_day int?
-- param known_from int
INSERT INTO kin (id, child_id, person_id, role, from_day, to_day, known_from, known_to)
VALUES ($1, $2, $3, $4, $5, $6, $7, NULL);

-- name: kin_end :exec
-- param id int
-- param known_to int
UPDATE kin SET known_to = $2 WHERE id = $1 AND known_to IS NULL;

-- name: kin_last :maybe
-- column id int
SELECT id FROM kin ORDER BY id DESC LIMIT 1;

-- name: kin_of_children :many
-- param children int[64]
-- column id int
-- column child_id int
-- column person_id int
-- column role int
-- column from_day int?
-- column to_day int?
SELECT id, child_id, person_id, role, from_day, to_day FROM kin
 WHERE child_id IN ($1..$64) AND known_to IS NULL ORDER BY id;

-- name: kin_children_of :many
-- param persons int[64]
-- column child_id int
SELECT DISTINCT child_id FROM kin WHERE person_id IN ($1..$64) AND known_to IS NULL ORDER BY child_id;

-- name: kin_scan :stream
-- column id int
-- column child_id int
-- column person_id int
-- column role int
-- column from_day int?
-- column to_day int?
SELECT id, child_id, person_id, role, from_day, to_day FROM kin WHERE known_to IS NULL ORDER BY id;
