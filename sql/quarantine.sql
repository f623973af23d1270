-- name: quarantine_insert :exec
-- param id int
-- param delivery_id int
-- param line int
-- param error int
-- param known_from int
-- param sealed bytes
INSERT INTO quarantine (id, delivery_id, line, error, known_from, sealed) VALUES ($1, $2, $3, $4, $5, $6);

-- name: quarantine_insert_cell :exec
-- A refused row of a delivery, with what its like is found by.
-- param id int
-- param delivery_id int
-- param line int
-- param error int
-- param known_from int
-- param column_name text?
-- param value_hash bytes
-- param sealed bytes
INSERT INTO quarantine (id, delivery_id, line, error, known_from, column_name, value_hash, sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: quarantine_page :many
-- Refused rows of the desk: newest delivery first, then in the order of the file; behind the row `after` (0: from the
-- start). NULL: whatever. Of rows that are alike, those of one feed alone. Of one scope: as delivery_within has it.
-- param feed text?
-- param department text?
-- param delivery_id int
-- param state int
-- param value_hash bytes?
-- param after int
-- param limit int
-- param division int
-- param division_last int
-- param covered_on int
-- column id int
-- column delivery_id int
-- column line int
-- column error int
-- column known_from int
-- column state int
-- column column_name text?
-- column settled_at int?
-- column sealed bytes
-- column salt bytes?
-- column feed text?
-- column department text?
-- column delivery_subject int?
-- column delivery_sealed bytes?
-- column delivery_salt bytes?
SELECT q.id, q.delivery_id, q.line, q.error, q.known_from, q.state, q.column_name, q.settled_at, q.sealed, t.salt,
       d.feed, d.department, d.subject_id, d.sealed, u.salt
  FROM quarantine q JOIN delivery d ON d.id = q.delivery_id
  LEFT JOIN salt t ON t.subject_id = q.id LEFT JOIN salt u ON u.subject_id = d.subject_id
 WHERE ($1 IS NULL OR d.feed = $1) AND ($2 IS NULL OR d.department = $2) AND ($3 = 0 OR q.delivery_id = $3)
   AND ($4 = 0 OR q.state = $4) AND ($5 IS NULL OR q.value_hash = $5)
   AND ($6 = 0 OR q.delivery_id < (SELECT o.delivery_id FROM quarantine o WHERE o.id = $6)
        OR (q.delivery_id = (SELECT o.delivery_id FROM quarantine o WHERE o.id = $6) AND q.id > $6))
   AND ($8 = 0 OR d.division BETWEEN $8 AND $9
        OR (d.division = 0 AND ($10 = 0 OR d.feed IN
             (SELECT v.feed FROM coverage v WHERE v.ended_at IS NULL GROUP BY v.feed
              HAVING min(v.division) >= $8 AND max(v.division) <= $9
                 AND max(CASE WHEN v.from_day <= $10 AND COALESCE(v.to_day, $10 + 1) > $10 THEN 1 ELSE 0 END) = 1))))
 ORDER BY q.delivery_id DESC, q.id LIMIT $7;

-- name: quarantine_trial :many
-- The same columns, of rows that may still be mended, in the order in which they are tried again.
-- param feed text?
-- param department text?
-- param delivery_id int
-- param state int
-- param value_hash bytes?
-- param after int
-- param limit int
-- param division int
-- param division_last int
-- param covered_on int
-- column id int
-- column delivery_id int
-- column line int
-- column error int
-- column known_from int
-- column state int
-- column column_name text?
-- column settled_at int?
-- column sealed bytes
-- column salt bytes?
-- column feed text?
-- column department text?
-- column delivery_subject int?
-- column delivery_sealed bytes?
-- column delivery_salt bytes?
SELECT q.id, q.delivery_id, q.line, q.error, q.known_from, q.state, q.column_name, q.settled_at, q.sealed, t.salt,
       d.feed, d.department, d.subject_id, d.sealed, u.salt
  FROM quarantine q JOIN delivery d ON d.id = q.delivery_id
  LEFT JOIN salt t ON t.subject_id = q.id LEFT JOIN salt u ON u.subject_id = d.subject_id
 WHERE ($1 IS NULL OR d.feed = $1) AND ($2 IS NULL OR d.department = $2) AND ($3 = 0 OR q.delivery_id = $3)
   AND (q.state = $4 OR ($4 = 0 AND q.state IN (1, 3))) AND ($5 IS NULL OR q.value_hash = $5) AND q.id > $6
   AND ($8 = 0 OR d.division BETWEEN $8 AND $9
        OR (d.division = 0 AND ($10 = 0 OR d.feed IN
             (SELECT v.feed FROM coverage v WHERE v.ended_at IS NULL GROUP BY v.feed
              HAVING min(v.division) >= $8 AND max(v.division) <= $9
                 AND max(CASE WHEN v.from_day <= $10 AND COALESCE(v.to_day, $10 + 1) > $10 THEN 1 ELSE 0 END) = 1))))
 ORDER BY q.id LIMIT $7;

-- name: quarantine_of_id :maybe
-- The same columns, of one row.
-- param id int
-- column id int
-- column delivery_id int
-- column line int
-- column error int
-- column known_from int
-- column state int
-- column column_name text?
-- column settled_at int?
-- column sealed bytes
-- column salt bytes?
-- column feed text?
-- column department text?
-- column delivery_subject int?
-- column delivery_sealed bytes?
-- column delivery_salt bytes?
SELECT q.id, q.delivery_id, q.line, q.error, q.known_from, q.state, q.column_name, q.settled_at, q.sealed, t.salt,
       d.feed, d.department, d.subject_id, d.sealed, u.salt
  FROM quarantine q JOIN delivery d ON d.id = q.delivery_id
  LEFT JOIN salt t ON t.subject_id = q.id LEFT JOIN salt u ON u.subject_id = d.subject_id
 WHERE q.id = $1;

-- name: quarantine_like :maybe
-- By what the like of a row is found: the same cell with the same error, of the same feed. What is out of the scope is not
-- there.
-- param id int
-- param division int
-- param division_last int
-- param covered_on int
-- column value_hash bytes?
-- column feed text?
-- column department text?
SELECT q.value_hash, d.feed, d.department FROM quarantine q JOIN delivery d ON d.id = q.delivery_id WHERE q.id = $1
   AND ($2 = 0 OR d.division BETWEEN $2 AND $3
        OR (d.division = 0 AND ($4 = 0 OR d.feed IN
             (SELECT v.feed FROM coverage v WHERE v.ended_at IS NULL GROUP BY v.feed
              HAVING min(v.division) >= $2 AND max(v.division) <= $3
                 AND max(CASE WHEN v.from_day <= $4 AND COALESCE(v.to_day, $4 + 1) > $4 THEN 1 ELSE 0 END) = 1))));

-- name: quarantine_groups :many
-- What waits, largest first.
-- param feed text?
-- param department text?
-- param delivery_id int
-- param state int
-- param limit int
-- param division int
-- param division_last int
-- param covered_on int
-- column feed text?
-- column department text?
-- column error int
-- column rows int
-- column example int
-- column oldest int
SELECT d.feed, d.department, q.error, count(*), min(q.id), min(q.known_from)
  FROM quarantine q JOIN delivery d ON d.id = q.delivery_id
 WHERE q.state = $4 AND ($1 IS NULL OR d.feed = $1) AND ($2 IS NULL OR d.department = $2)
   AND ($3 = 0 OR q.delivery_id = $3)
   AND ($6 = 0 OR d.division BETWEEN $6 AND $7
        OR (d.division = 0 AND ($8 = 0 OR d.feed IN
             (SELECT v.feed FROM coverage v WHERE v.ended_at IS NULL GROUP BY v.feed
              HAVING min(v.division) >= $6 AND max(v.division) <= $7
                 AND max(CASE WHEN v.from_day <= $8 AND COALESCE(v.to_day, $8 + 1) > $8 THEN 1 ELSE 0 END) = 1))))
 GROUP BY d.feed, d.department, q.error, q.column_name, q.value_hash
 ORDER BY count(*) DESC, min(q.id) LIMIT $5;

-- name: quarantine_settle :exec
-- What became of it.
-- param id int
-- param state int
-- param settled_at int?
-- param account_id int?
UPDATE quarantine SET state = $2, settled_at = $3, account_id = $4 WHERE id = $1;

-- name: quarantine_settle_all :exec
-- The same of several.
-- param ids int[64]
-- param state int
-- param settled_at int?
-- param account_id int?
UPDATE quarantine SET state = $65, settled_at = $66, account_id = $67 WHERE id IN ($1..$64);

-- name: quarantine_refuse_again :exec
-- It waits on, with what was edited in it and with the new reason.
-- param id int
-- param error int
-- param column_name text?
-- param value_hash bytes?
-- param sealed bytes
UPDATE quarantine SET error = $2, column_name = $3, value_hash = $4, sealed = $5, state = 1, settled_at = NULL
 WHERE id = $1;

-- name: quarantine_reseal :exec
-- param id int
-- param sealed bytes
UPDATE quarantine SET sealed = $2 WHERE id = $1;

-- name: quarantine_waiting :many
-- How many wait, by feed.
-- param division int
-- param division_last int
-- param covered_on int
-- column feed text
-- column rows int
SELECT d.feed, count(*) FROM quarantine q JOIN delivery d ON d.id = q.delivery_id
 WHERE q.state = 1 AND d.feed IS NOT NULL
   AND ($1 = 0 OR d.division BETWEEN $1 AND $2
        OR (d.division = 0 AND ($3 = 0 OR d.feed IN
             (SELECT v.feed FROM coverage v WHERE v.ended_at IS NULL GROUP BY v.feed
              HAVING min(v.division) >= $1 AND max(v.division) <= $2
                 AND max(CASE WHEN v.from_day <= $3 AND COALESCE(v.to_day, $3 + 1) > $3 THEN 1 ELSE 0 END) = 1))))
 GROUP BY d.feed;
