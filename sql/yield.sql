-- What came of what was handed in.

-- name: yield_alerts :many
-- Alerts set in motion since then, by the feed whose delivery did so.
-- param known_at int
-- column feed text
-- column alerts int
SELECT d.feed, count(DISTINCT c.alert_id) FROM alert_cause c JOIN delivery d ON d.id = c.delivery_id
 WHERE c.known_at >= $1 AND d.feed IS NOT NULL GROUP BY d.feed ORDER BY d.feed;

-- name: yield_visits :many
-- Visits to these, by feed and outcome (0: none yet).
-- param known_at int
-- column feed text
-- column outcome int
-- column visits int
SELECT f.feed, coalesce(v.outcome, 0), count(*)
  FROM (SELECT DISTINCT d.feed AS feed, c.alert_id AS alert_id
          FROM alert_cause c JOIN delivery d ON d.id = c.delivery_id
         WHERE c.known_at >= $1 AND d.feed IS NOT NULL) f
  JOIN visit v ON v.alert_id = f.alert_id
 WHERE v.state <> 'cancelled' GROUP BY f.feed, coalesce(v.outcome, 0) ORDER BY f.feed;

-- name: yield_page :many
-- Alerts set in motion since then, in pages by id.
-- param known_at int
-- param after int
-- param limit int
-- column alert_id int
SELECT DISTINCT alert_id FROM alert_cause WHERE known_at >= $1 AND alert_id > $2 ORDER BY alert_id LIMIT $3;

-- name: yield_causes :many
-- Of these alerts, what set them in motion; a child that was erased has no salt any more.
-- param alerts int[64]
-- param known_at int
-- column id int
-- column alert_id int
-- column salt bytes
-- column sealed bytes
SELECT c.id, c.alert_id, t.salt, c.sealed FROM alert_cause c JOIN salt t ON t.subject_id = c.child_id
 WHERE c.alert_id IN ($1..$64) AND c.known_at >= $65 ORDER BY c.alert_id, c.id;

-- name: yield_outcomes :many
-- param alerts int[64]
-- column alert_id int
-- column outcome int
SELECT alert_id, coalesce(outcome, 0) FROM visit WHERE alert_id IN ($1..$64) AND state <> 'cancelled' ORDER BY alert_id;
