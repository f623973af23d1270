-- The trail by day: rows stand in the order of writing, segments know their days.

-- name: trail_behind_day :maybe
-- The first row of those segments that were begun after a day.
-- param day int
-- column id int?
SELECT min(a.id) FROM audit_segment s JOIN audit a ON a.segment_id = s.id AND a.seq = 1 WHERE s.day > $1;
