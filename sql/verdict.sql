-- name: verdict_in :many
-- param children int[64]
-- column child_id int
-- column seen_day int?
-- column edition bytes
-- column salt bytes
-- column sealed bytes
SELECT v.child_id, v.seen_day, v.edition, t.salt, v.sealed FROM verdict v JOIN salt t ON t.subject_id = v.child_id
 WHERE v.child_id IN ($1..$64);

-- name: verdict_put :exec
-- param child_id int
-- param seen_day int?
-- param edition bytes
-- param sealed bytes
INSERT INTO verdict (child_id, seen_day, edition, sealed) VALUES ($1, $2, $3, $4)
ON CONFLICT (child_id) DO UPDATE SET seen_day = excluded.seen_day, edition = excluded.edition, sealed = excluded.sealed;

-- name: verdict_scan :stream
-- column child_id int
-- column seen_day int?
-- column edition bytes
-- column salt bytes
-- column sealed bytes
SELECT v.child_id, v.seen_day, v.edition, t.salt, v.sealed FROM verdict v JOIN salt t ON t.subject_id = v.child_id;

-- name: verdict_change_insert :exec
-- param id int
-- param child_id int
-- param on_day int
-- param known_at int
-- param sealed bytes
INSERT INTO verdict_change (id, child_id, on_day, known_at, sealed) VALUES ($1, $2, $3, $4, $5);

-- name: verdict_change_last :maybe
-- column id int
SELECT id FROM verdict_change ORDER BY id DESC LIMIT 1;

-- name: verdict_other_edition :maybe
-- param edition bytes
-- column child_id int
SELECT v.child_id FROM verdict v JOIN salt t ON t.subject_id = v.child_id JOIN person p ON p.id = v.child_id
 WHERE v.edition <> $1 AND p.ended_at IS NULL AND p.birth_day IS NOT NULL LIMIT 1;
