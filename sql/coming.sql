-- What is coming up in a subtree, and who works there.

-- name: coming_in_area :many
-- Minors who live there, of whom a category changes or who have one of three birthdays in those days.
-- param first_residence int
-- param last_residence int
-- param after_day int
-- param until_day int
-- param born_after int
-- param born_by int
-- param first_from int
-- param first_to int
-- param second_from int
-- param second_to int
-- param third_from int
-- param third_to int
-- column id int
-- column birth_day int
-- column residence int
-- column changes int
SELECT id, birth_day, residence, CASE WHEN due > $3 AND due <= $4 THEN 1 ELSE 0 END FROM person
 WHERE residence BETWEEN $1 AND $2 AND ended_at IS NULL AND birth_day > $5 AND birth_day <= $6
   AND ((due > $3 AND due <= $4) OR birth_day BETWEEN $7 AND $8 OR birth_day BETWEEN $9 AND $10
        OR birth_day BETWEEN $11 AND $12)
 ORDER BY id;

-- name: staff_in_area :many
-- Accounts that work with children in a subtree, by division, then id. `role` 0: all of them.
-- param after_division int
-- param after_id int
-- param last_division int
-- param role int
-- param limit int
-- column id int
-- column division int
SELECT id, division FROM account
 WHERE (division, id) > ($1, $2) AND division <= $3 AND disabled_at IS NULL
   AND (role = $4 OR ($4 = 0 AND role BETWEEN 1 AND 4))
 ORDER BY division, id LIMIT $5;
