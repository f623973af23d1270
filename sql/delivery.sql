-- name: delivery_open :maybe
-- A delivery of this records.csv whose totals have not been told: begun, or finished by a run that was killed.
-- param file_hash bytes
-- column id int
-- column next_offset int
-- column accepted int
-- column duplicate int
-- column quarantined int
-- column unlinked int
-- column baseline int
SELECT id, next_offset, accepted, duplicate, quarantined, unlinked, baseline FROM delivery
 WHERE file_hash = $1 AND told_at IS NULL AND feed IS NULL AND channel = 1 ORDER BY id DESC LIMIT 1;

-- name: delivery_of_hash :maybe
-- What comes of a department on one day, row by row.
-- param file_hash bytes
-- column id int
-- column next_offset int
-- column accepted int
-- column duplicate int
-- column quarantined int
-- column unlinked int
-- column changes int
SELECT id, next_offset, accepted, duplicate, quarantined, unlinked, changes FROM delivery
 WHERE file_hash = $1 ORDER BY id DESC LIMIT 1;

-- name: delivery_get :maybe
-- param id int
-- column next_offset int
-- column finished_at int?
-- column accepted int
-- column duplicate int
-- column quarantined int
-- column unlinked int
SELECT next_offset, finished_at, accepted, duplicate, quarantined, unlinked FROM delivery WHERE id = $1;

-- name: delivery_insert :exec
-- param id int
-- param file_hash bytes
-- param began_at int
-- param baseline int
INSERT INTO delivery (id, file_hash, began_at, finished_at, next_offset, accepted, duplicate, quarantined, unlinked,
                      baseline)
VALUES ($1, $2, $3, NULL, 0, 0, 0, 0, 0, $4);

-- name: delivery_advance :exec
-- param id int
-- param next_offset int
-- param accepted int
-- param duplicate int
-- param quarantined int
-- param unlinked int
-- param finished_at int?
UPDATE delivery SET next_offset = $2, accepted = $3, duplicate = $4, quarantined = $5, unlinked = $6,
       finished_at = $7 WHERE id = $1;

-- name: delivery_last :maybe
-- column id int
SELECT id FROM delivery ORDER BY id DESC LIMIT 1;

-- name: delivery_newest :maybe
-- How far our knowledge reaches.
-- column finished_at int
SELECT max(finished_at) FROM delivery HAVING max(finished_at) IS NOT NULL;

-- name: delivery_put :exec
-- A delivery with its story: of a feed, or by another way than the command line.
-- param id int
-- param file_hash bytes
-- param began_at int
-- param baseline int
-- param feed text?
-- param department text?
-- param channel int
-- param state int
-- param allowed int
-- param size int?
-- param account_id int?
-- param subject_id int?
-- param sealed bytes?
-- param told_at int?
-- param division int
INSERT INTO delivery (id, file_hash, began_at, finished_at, next_offset, accepted, duplicate, quarantined, unlinked,
                      baseline, feed, department, channel, state, allowed, size, account_id, subject_id, sealed, told_at,
                      division)
VALUES ($1, $2, $3, NULL, 0, 0, 0, 0, 0, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15);

-- name: delivery_row :maybe
-- param id int
-- column id int
-- column file_hash bytes
-- column began_at int
-- column finished_at int?
-- column told_at int?
-- column accepted int
-- column duplicate int
-- column quarantined int
-- column unlinked int
-- column baseline int
-- column feed text?
-- column department text?
-- column channel int
-- column state int
-- column held int
-- column allowed int
-- column row_count int?
-- column rows_done int
-- column changes int
-- column size int?
-- column account_id int?
-- column subject_id int?
-- column sealed bytes?
-- column division int
SELECT id, file_hash, began_at, finished_at, told_at, accepted, duplicate, quarantined, unlinked, baseline, feed,
       department, channel, state, held, allowed, row_count, rows_done, changes, size, account_id, subject_id, sealed,
       division
  FROM delivery WHERE id = $1;

-- name: delivery_same :maybe
-- The same file of the same feed ('': of none yet), while it is not settled. What an account handed in is the same only as what
-- the same division did: to another, it is not there. A program's file (0) is the same as anybody's.
-- param file_hash bytes
-- param feed text
-- param division int
-- column id int
SELECT id FROM delivery
 WHERE file_hash = $1 AND COALESCE(feed, '') = $2 AND (feed IS NOT NULL AND state IN (2, 3, 4) OR state = 7)
   AND ($3 = 0 OR division = $3)
 ORDER BY id DESC LIMIT 1;

-- name: delivery_arriving :maybe
-- The same file, of which not all pieces are here yet.
-- param file_hash bytes
-- param channel int
-- column id int
SELECT id FROM delivery WHERE file_hash = $1 AND state = 1 AND channel = $2 ORDER BY id DESC LIMIT 1;

-- name: delivery_next :maybe
-- To be taken in, by whoever has the time: its file is here.
-- column id int
SELECT d.id FROM delivery d
 WHERE d.state IN (2, 3) AND EXISTS (SELECT 1 FROM delivery_piece p WHERE p.delivery_id = d.id)
 ORDER BY d.id LIMIT 1;

-- name: delivery_before :maybe
-- How many rows the last delivery of a feed had, of those that came as files from the same division.
-- param feed text
-- param division int
-- column row_count int
SELECT row_count FROM delivery
 WHERE feed = $1 AND division = $2 AND state = 5 AND channel IN (1, 3, 4) AND row_count IS NOT NULL ORDER BY id DESC LIMIT 1;

-- name: delivery_looked :exec
-- What the first reading found.
-- param id int
-- param state int
-- param held int
-- param allowed int
-- param mapping bytes
-- param row_count int
-- param sealed bytes?
UPDATE delivery SET state = $2, held = $3, allowed = $4, mapping = $5, row_count = $6, sealed = $7 WHERE id = $1;

-- name: delivery_settle :exec
-- param id int
-- param state int
-- param held int
-- param allowed int
-- param sealed bytes?
UPDATE delivery SET state = $2, held = $3, allowed = $4, sealed = $5 WHERE id = $1;

-- name: delivery_whole :exec
-- All pieces are here.
-- param id int
-- param state int
-- param file_hash bytes
UPDATE delivery SET state = $2, file_hash = $3 WHERE id = $1;

-- name: delivery_mapped :exec
-- param id int
-- param feed text
-- param department text
-- param state int
UPDATE delivery SET feed = $2, department = $3, state = $4, held = 0 WHERE id = $1;

-- name: delivery_progress :exec
-- param id int
-- param rows_done int
-- param row_count int?
-- param accepted int
-- param duplicate int
-- param quarantined int
-- param unlinked int
-- param changes int
-- param finished_at int?
UPDATE delivery SET rows_done = $2, next_offset = $2, row_count = $3, accepted = $4, duplicate = $5,
       quarantined = $6, unlinked = $7, changes = $8, finished_at = $9 WHERE id = $1;

-- name: delivery_done :exec
-- param id int
-- param told_at int
UPDATE delivery SET state = 5, told_at = $2 WHERE id = $1;

-- name: delivery_untold :many
-- All of it is in, and whoever put the file into the folder was told; the process ended before it noted that.
-- param channel int
-- column id int
-- column file_hash bytes
SELECT id, file_hash FROM delivery
 WHERE state = 3 AND channel = $1 AND finished_at IS NOT NULL ORDER BY id LIMIT 64;

-- name: delivery_stories :many
-- What was handed in, newest first; the register's loads are not. Of one scope: as delivery_within has it.
-- param before int
-- param feed text
-- param department text
-- param state int
-- param row_limit int
-- param division int
-- param division_last int
-- param covered_on int
-- column id int
-- column began_at int
-- column finished_at int?
-- column feed text?
-- column department text?
-- column channel int
-- column state int
-- column held int
-- column allowed int
-- column row_count int?
-- column rows_done int
-- column accepted int
-- column duplicate int
-- column quarantined int
-- column unlinked int
-- column changes int
-- column size int?
-- column account_id int?
-- column subject_id int?
-- column sealed bytes?
-- column waiting int
-- column alerts int
SELECT d.id, d.began_at, d.finished_at, d.feed, d.department, d.channel, d.state, d.held, d.allowed, d.row_count,
       d.rows_done, d.accepted, d.duplicate, d.quarantined, d.unlinked, d.changes, d.size, d.account_id, d.subject_id,
       d.sealed,
       (SELECT count(*) FROM quarantine q WHERE q.delivery_id = d.id AND q.state = 1) AS waiting,
       (SELECT count(DISTINCT c.alert_id) FROM alert_cause c WHERE c.delivery_id = d.id) AS alerts
  FROM delivery d
 WHERE d.id < $1 AND ($2 = '' OR d.feed = $2) AND ($3 = '' OR d.department = $3) AND ($4 = 0 OR d.state = $4)
   AND (d.feed IS NOT NULL OR d.told_at IS NOT NULL OR d.state <> 5)
   AND ($6 = 0 OR d.division BETWEEN $6 AND $7
        OR (d.division = 0 AND ($8 = 0 OR d.feed IN
             (SELECT v.feed FROM coverage v WHERE v.ended_at IS NULL GROUP BY v.feed
              HAVING min(v.division) >= $6 AND max(v.division) <= $7
                 AND max(CASE WHEN v.from_day <= $8 AND COALESCE(v.to_day, $8 + 1) > $8 THEN 1 ELSE 0 END) = 1))))
 ORDER BY d.id DESC LIMIT $5;

-- name: delivery_within :maybe
-- Whether it is of a scope: what an account of the division's subtree handed in (0: of any), and what a program did; where
-- `covered_on` is a day, only of a feed that speaks on it, and of nobody outside of the subtree.
-- param id int
-- param division int
-- param division_last int
-- param covered_on int
-- column id int
SELECT d.id FROM delivery d WHERE d.id = $1
   AND ($2 = 0 OR d.division BETWEEN $2 AND $3
        OR (d.division = 0 AND ($4 = 0 OR d.feed IN
             (SELECT v.feed FROM coverage v WHERE v.ended_at IS NULL GROUP BY v.feed
              HAVING min(v.division) >= $2 AND max(v.division) <= $3
                 AND max(CASE WHEN v.from_day <= $4 AND COALESCE(v.to_day, $4 + 1) > $4 THEN 1 ELSE 0 END) = 1))));

-- name: delivery_of_feed_held :many
-- Those that a new edition of a mapping may set free.
-- param feed text
-- column id int
SELECT id FROM delivery WHERE feed = $1 AND state = 4 ORDER BY id LIMIT 64;

-- name: delivery_officers :many
-- Data officers, and of which division each is: whom a delivery that waits is told to.
-- column id int
-- column division int?
SELECT id, division FROM account WHERE role = 13 AND disabled_at IS NULL ORDER BY id;
