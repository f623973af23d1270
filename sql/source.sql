-- Sources at a glance, and records that wait for their person; of one scope each, as delivery_within has it.

-- name: source_last :many
-- The last delivery of each feed that was taken in or is on its way.
-- param division int
-- param division_last int
-- param covered_on int
-- column feed text
-- column id int
-- column began_at int
-- column row_count int?
-- column rows_done int
-- column quarantined int
-- column unlinked int
SELECT d.feed, d.id, d.began_at, d.row_count, d.rows_done, d.quarantined, d.unlinked FROM delivery d
 WHERE d.id IN (SELECT max(l.id) FROM delivery l WHERE l.feed IS NOT NULL AND l.state IN (2, 3, 4, 5) AND l.channel <> 6
   AND ($1 = 0 OR l.division BETWEEN $1 AND $2
        OR (l.division = 0 AND ($3 = 0 OR l.feed IN
             (SELECT v.feed FROM coverage v WHERE v.ended_at IS NULL GROUP BY v.feed
              HAVING min(v.division) >= $1 AND max(v.division) <= $2
                 AND max(CASE WHEN v.from_day <= $3 AND COALESCE(v.to_day, $3 + 1) > $3 THEN 1 ELSE 0 END) = 1))))
                 GROUP BY l.feed);

-- name: source_held :many
-- param division int
-- param division_last int
-- param covered_on int
-- column feed text
-- column deliveries int
SELECT d.feed, count(*) FROM delivery d WHERE d.state = 4 AND d.feed IS NOT NULL
   AND ($1 = 0 OR d.division BETWEEN $1 AND $2
        OR (d.division = 0 AND ($3 = 0 OR d.feed IN
             (SELECT v.feed FROM coverage v WHERE v.ended_at IS NULL GROUP BY v.feed
              HAVING min(v.division) >= $1 AND max(v.division) <= $2
                 AND max(CASE WHEN v.from_day <= $3 AND COALESCE(v.to_day, $3 + 1) > $3 THEN 1 ELSE 0 END) = 1))))
 GROUP BY d.feed;

-- name: source_unlinked :many
-- param division int
-- param division_last int
-- param covered_on int
-- column feed text?
-- column department text?
-- column records int
-- column without_number int
-- column oldest int
SELECT d.feed, d.department, count(*), sum(CASE WHEN r.id_hash IS NULL THEN 1 ELSE 0 END), min(r.known_from)
  FROM record r JOIN delivery d ON d.id = r.delivery_id
 WHERE r.linked = 0 AND r.known_to IS NULL AND r.withdrawn = 0
   AND ($1 = 0 OR d.division BETWEEN $1 AND $2
        OR (d.division = 0 AND ($3 = 0 OR d.feed IN
             (SELECT v.feed FROM coverage v WHERE v.ended_at IS NULL GROUP BY v.feed
              HAVING min(v.division) >= $1 AND max(v.division) <= $2
                 AND max(CASE WHEN v.from_day <= $3 AND COALESCE(v.to_day, $3 + 1) > $3 THEN 1 ELSE 0 END) = 1))))
 GROUP BY d.feed, d.department
 ORDER BY d.feed, d.department;

-- name: source_record_from :maybe
-- The first record with this id or a higher one: ids ascend with the time at which they were learnt.
-- param id int
-- column id int
-- column known_from int
SELECT id, known_from FROM record WHERE id >= $1 ORDER BY id LIMIT 1;

-- name: source_days :many
-- From when some records of a delivery hold, of those that follow that id.
-- param id int
-- param delivery_id int
-- param window int
-- param limit int
-- column from_day int
SELECT w.from_day FROM (SELECT r.from_day, r.delivery_id FROM record r WHERE r.id >= $1 ORDER BY r.id LIMIT $3) w
 WHERE w.delivery_id = $2 AND w.from_day IS NOT NULL LIMIT $4;
