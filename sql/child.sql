-- name: child_in_area :many
-- Minors who live between two codes, a page by (residence, id).
-- param after_residence int
-- param after_id int
-- param last_residence int
-- param born_after int
-- param born_by int
-- param limit int
-- column id int
-- column birth_day int?
-- column hukou int?
-- column residence int?
-- column salt bytes
-- column sealed bytes
SELECT p.id, p.birth_day, p.hukou, p.residence, t.salt, s.sealed
  FROM person p JOIN person_sealed s ON s.person_id = p.id JOIN salt t ON t.subject_id = p.id
 WHERE (p.residence, p.id) > ($1, $2) AND p.residence <= $3 AND p.birth_day > $4 AND p.birth_day <= $5
   AND p.ended_at IS NULL
 ORDER BY p.residence, p.id LIMIT $6;

-- name: child_of_account :many
-- Minors for whom the account has a task at that moment.
-- param account_id int
-- param now int
-- param after_residence int
-- param after_id int
-- param born_after int
-- param born_by int
-- param limit int
-- column id int
-- column birth_day int?
-- column hukou int?
-- column residence int?
-- column salt bytes
-- column sealed bytes
SELECT p.id, p.birth_day, p.hukou, p.residence, t.salt, s.sealed
  FROM person p JOIN person_sealed s ON s.person_id = p.id JOIN salt t ON t.subject_id = p.id
 WHERE p.id IN (SELECT a.child_id FROM assignment a WHERE a.account_id = $1 AND a.from_at <= $2 AND a.to_at > $2
                   AND (a.ended_at IS NULL OR a.ended_at > $2))
   AND (coalesce(p.residence, 0), p.id) > ($3, $4) AND p.birth_day > $5 AND p.birth_day <= $6
   AND p.ended_at IS NULL
 ORDER BY coalesce(p.residence, 0), p.id LIMIT $7;

-- name: child_of_team :many
-- Minors for whom somebody of the team has a task at that moment.
-- param team bytes
-- param now int
-- param after_residence int
-- param after_id int
-- param born_after int
-- param born_by int
-- param limit int
-- column id int
-- column birth_day int?
-- column hukou int?
-- column residence int?
-- column salt bytes
-- column sealed bytes
SELECT p.id, p.birth_day, p.hukou, p.residence, t.salt, s.sealed
  FROM person p JOIN person_sealed s ON s.person_id = p.id JOIN salt t ON t.subject_id = p.id
 WHERE p.id IN (SELECT a.child_id FROM assignment a JOIN account c ON c.id = a.account_id
                 WHERE c.team = $1 AND c.disabled_at IS NULL AND a.from_at <= $2 AND a.to_at > $2
                   AND (a.ended_at IS NULL OR a.ended_at > $2))
   AND (coalesce(p.residence, 0), p.id) > ($3, $4) AND p.birth_day > $5 AND p.birth_day <= $6
   AND p.ended_at IS NULL
 ORDER BY coalesce(p.residence, 0), p.id LIMIT $7;

-- name: child_in :many
-- Those of the ids whom the register holds now, opened or not.
-- param ids int[64]
-- column id int
-- column birth_day int?
-- column hukou int?
-- column residence int?
-- column salt bytes
-- column sealed bytes
SELECT p.id, p.birth_day, p.hukou, p.residence, t.salt, s.sealed
  FROM person p JOIN person_sealed s ON s.person_id = p.id JOIN salt t ON t.subject_id = p.id
 WHERE p.id IN ($1..$64) AND p.ended_at IS NULL ORDER BY p.id;

-- name: child_place_in :many
-- Where they live and when they were born: what relations are made of.
-- param ids int[64]
-- column id int
-- column birth_day int?
-- column residence int?
SELECT id, birth_day, residence FROM person WHERE id IN ($1..$64) AND ended_at IS NULL;

-- name: child_records :many
-- Records in force about these subjects, with who said them.
-- param subjects int[64]
-- column id int
-- column subject_id int
-- column from_day int?
-- column to_day int?
-- column known_from int
-- column salt bytes
-- column fact bytes
-- column envelope bytes
SELECT r.id, r.subject_id, r.from_day, r.to_day, r.known_from, t.salt, r.fact, r.envelope
  FROM record r JOIN salt t ON t.subject_id = r.subject_id
 WHERE r.subject_id IN ($1..$64) AND r.known_to IS NULL AND r.withdrawn = 0 AND r.linked = 1
 ORDER BY r.subject_id, coalesce(r.from_day, -2147483648), r.id;
