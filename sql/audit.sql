-- name: audit_segment_of :maybe
-- All that a row needs to be appended, in one answer.
-- param writer text
-- param day int
-- column id int
-- column key_id int
-- column rows int
-- column head bytes
-- column last_id int
SELECT id, key_id, rows, head, (SELECT coalesce(max(id), 0) FROM audit) FROM audit_segment
 WHERE writer = $1 AND day = $2;

-- name: audit_segments :many
-- column id int
-- column writer text
-- column day int
-- column key_id int
-- column rows int
-- column head bytes
SELECT id, writer, day, key_id, rows, head FROM audit_segment ORDER BY id;

-- name: audit_segments_recent :many
-- Those since a day, and the newest of each writer however old: with these every segment but the newest
-- is linked from a later one.
-- param since int
-- column id int
-- column writer text
-- column day int
-- column rows int
-- column head bytes
SELECT s.id, s.writer, s.day, s.rows, s.head FROM audit_segment s
 WHERE s.day >= $1 OR NOT EXISTS (SELECT 1 FROM audit_segment n WHERE n.writer = s.writer AND n.day > s.day)
 ORDER BY s.id;

-- name: audit_segments_of :many
-- param writer text
-- param since int
-- column day int
-- column rows int
-- column head bytes
SELECT day, rows, head FROM audit_segment WHERE writer = $1 AND day >= $2 ORDER BY day;

-- name: audit_segment_last :maybe
-- column id int
SELECT id FROM audit_segment ORDER BY id DESC LIMIT 1;

-- name: audit_segment_insert :exec
-- param id int
-- param writer text
-- param day int
-- param key_id int
-- param head bytes
INSERT INTO audit_segment (id, writer, day, key_id, rows, head) VALUES ($1, $2, $3, $4, 0, $5);

-- name: audit_segment_advance :exec
-- param id int
-- param rows int
-- param head bytes
UPDATE audit_segment SET rows = $2, head = $3 WHERE id = $1;

-- name: audit_last :maybe
-- column id int
SELECT id FROM audit ORDER BY id DESC LIMIT 1;

-- name: audit_insert :exec
-- param id int
-- param segment_id int
-- param seq int
-- param at int
-- param event int
-- param account_id int?
-- param child_id int?
-- param object_id int?
-- param detail text
-- param mac bytes
INSERT INTO audit (id, segment_id, seq, at, event, account_id, child_id, object_id, detail, mac)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: audit_scan :stream
-- The whole trail, segment by segment: for verifying.
-- column id int
-- column segment_id int
-- column seq int
-- column at int
-- column event int
-- column account_id int?
-- column child_id int?
-- column object_id int?
-- column detail text
-- column mac bytes
SELECT id, segment_id, seq, at, event, account_id, child_id, object_id, detail, mac FROM audit
 ORDER BY segment_id, seq, id;

-- name: audit_from :many
-- A few rows of a segment.
-- param segment_id int
-- param seq int
-- param most int
-- column id int
-- column segment_id int
-- column seq int
-- column at int
-- column event int
-- column account_id int?
-- column child_id int?
-- column object_id int?
-- column detail text
-- column mac bytes
SELECT id, segment_id, seq, at, event, account_id, child_id, object_id, detail, mac FROM audit
 WHERE segment_id = $1 AND seq >= $2 ORDER BY seq, id LIMIT $3;

-- name: audit_mac_at :maybe
-- param segment_id int
-- param seq int
-- column mac bytes
SELECT mac FROM audit WHERE segment_id = $1 AND seq = $2 ORDER BY id LIMIT 1;

-- name: audit_page :many
-- param before int
-- param most int
-- column id int
-- column at int
-- column event int
-- column account_id int?
-- column child_id int?
-- column object_id int?
-- column detail text
SELECT id, at, event, account_id, child_id, object_id, detail FROM audit WHERE id < $1 ORDER BY id DESC LIMIT $2;

-- name: audit_page_of_account :many
-- param before int
-- param most int
-- param account_id int
-- column id int
-- column at int
-- column event int
-- column account_id int?
-- column child_id int?
-- column object_id int?
-- column detail text
SELECT id, at, event, account_id, child_id, object_id, detail FROM audit
 WHERE account_id = $3 AND id < $1 ORDER BY id DESC LIMIT $2;

-- name: audit_page_of_child :many
-- With an account other than 0: what that account did to the child.
-- param before int
-- param most int
-- param child_id int
-- param account_id int
-- column id int
-- column at int
-- column event int
-- column account_id int?
-- column child_id int?
-- column object_id int?
-- column detail text
SELECT id, at, event, account_id, child_id, object_id, detail FROM audit
 WHERE child_id = $3 AND ($4 = 0 OR account_id = $4) AND id < $1 ORDER BY id DESC LIMIT $2;
