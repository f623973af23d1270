-- name: sealed_person_sealed_batch :many
-- param after_at int
-- param number bytes
-- param limit int
-- column at int
-- column row int
-- column salt bytes
-- column sealed bytes
SELECT x.person_id, x.person_id, t.salt, x.sealed FROM person_sealed x JOIN salt t ON t.subject_id = x.person_id
 WHERE x.person_id > $1 AND substr(x.sealed, 1, 1) <> $2 ORDER BY x.person_id LIMIT $3;

-- name: sealed_person_sealed_put :exec
-- param at int
-- param sealed bytes
-- param old bytes
UPDATE person_sealed SET sealed = $2 WHERE person_id = $1 AND sealed = $3;

-- name: sealed_person_sealed_count :many
-- column number bytes
-- column rows int
-- column erased int
SELECT substr(x.sealed, 1, 1), count(*), count(*) - count(t.salt)
  FROM person_sealed x LEFT JOIN salt t ON t.subject_id = x.person_id
 GROUP BY substr(x.sealed, 1, 1);

-- name: sealed_person_version_batch :many
-- param after_at int
-- param number bytes
-- param limit int
-- column at int
-- column row int
-- column salt bytes
-- column sealed bytes
SELECT x.person_id, x.person_id, t.salt, x.sealed FROM person_version x JOIN salt t ON t.subject_id = x.person_id
 WHERE x.person_id > $1 AND substr(x.sealed, 1, 1) <> $2 ORDER BY x.person_id LIMIT $3;

-- name: sealed_person_version_put :exec
-- param at int
-- param sealed bytes
-- param old bytes
UPDATE person_version SET sealed = $2 WHERE person_id = $1 AND sealed = $3;

-- name: sealed_person_version_count :many
-- column number bytes
-- column rows int
-- column erased int
SELECT substr(x.sealed, 1, 1), count(*), count(*) - count(t.salt)
  FROM person_version x LEFT JOIN salt t ON t.subject_id = x.person_id
 GROUP BY substr(x.sealed, 1, 1);

-- name: sealed_record_fact_batch :many
-- param after_at int
-- param number bytes
-- param limit int
-- column at int
-- column row int
-- column salt bytes
-- column sealed bytes
SELECT x.id, x.id, t.salt, x.fact FROM record x JOIN salt t ON t.subject_id = x.subject_id
 WHERE x.id > $1 AND substr(x.fact, 1, 1) <> $2 ORDER BY x.id LIMIT $3;

-- name: sealed_record_fact_put :exec
-- param at int
-- param sealed bytes
-- param old bytes
UPDATE record SET fact = $2 WHERE id = $1 AND fact = $3;

-- name: sealed_record_fact_count :many
-- column number bytes
-- column rows int
-- column erased int
SELECT substr(x.fact, 1, 1), count(*), count(*) - count(t.salt)
  FROM record x LEFT JOIN salt t ON t.subject_id = x.subject_id
 GROUP BY substr(x.fact, 1, 1);

-- name: sealed_record_envelope_batch :many
-- param after_at int
-- param number bytes
-- param limit int
-- column at int
-- column row int
-- column salt bytes
-- column sealed bytes
SELECT x.id, x.id, t.salt, x.envelope FROM record x JOIN salt t ON t.subject_id = x.subject_id
 WHERE x.id > $1 AND substr(x.envelope, 1, 1) <> $2 ORDER BY x.id LIMIT $3;

-- name: sealed_record_envelope_put :exec
-- param at int
-- param sealed bytes
-- param old bytes
UPDATE record SET envelope = $2 WHERE id = $1 AND envelope = $3;

-- name: sealed_record_envelope_count :many
-- column number bytes
-- column rows int
-- column erased int
SELECT substr(x.envelope, 1, 1), count(*), count(*) - count(t.salt)
  FROM record x LEFT JOIN salt t ON t.subject_id = x.subject_id
 GROUP BY substr(x.envelope, 1, 1);

-- name: sealed_quarantine_batch :many
-- param after_at int
-- param number bytes
-- param limit int
-- column at int
-- column row int
-- column salt bytes
-- column sealed bytes
SELECT x.id, x.id, t.salt, x.sealed FROM quarantine x JOIN salt t ON t.subject_id = x.id
 WHERE x.id > $1 AND substr(x.sealed, 1, 1) <> $2 ORDER BY x.id LIMIT $3;

-- name: sealed_quarantine_put :exec
-- param at int
-- param sealed bytes
-- param old bytes
UPDATE quarantine SET sealed = $2 WHERE id = $1 AND sealed = $3;

-- name: sealed_quarantine_count :many
-- column number bytes
-- column rows int
-- column erased int
SELECT substr(x.sealed, 1, 1), count(*), count(*) - count(t.salt)
  FROM quarantine x LEFT JOIN salt t ON t.subject_id = x.id
 GROUP BY substr(x.sealed, 1, 1);

-- name: sealed_verdict_batch :many
-- param after_at int
-- param number bytes
-- param limit int
-- column at int
-- column row int
-- column salt bytes
-- column sealed bytes
SELECT x.child_id, x.child_id, t.salt, x.sealed FROM verdict x JOIN salt t ON t.subject_id = x.child_id
 WHERE x.child_id > $1 AND substr(x.sealed, 1, 1) <> $2 ORDER BY x.child_id LIMIT $3;

-- name: sealed_verdict_put :exec
-- param at int
-- param sealed bytes
-- param old bytes
UPDATE verdict SET sealed = $2 WHERE child_id = $1 AND sealed = $3;

-- name: sealed_verdict_count :many
-- column number bytes
-- column rows int
-- column erased int
SELECT substr(x.sealed, 1, 1), count(*), count(*) - count(t.salt)
  FROM verdict x LEFT JOIN salt t ON t.subject_id = x.child_id
 GROUP BY substr(x.sealed, 1, 1);

-- name: sealed_verdict_change_batch :many
-- param after_at int
-- param number bytes
-- param limit int
-- column at int
-- column row int
-- column salt bytes
-- column sealed bytes
SELECT x.id, x.id, t.salt, x.sealed FROM verdict_change x JOIN salt t ON t.subject_id = x.child_id
 WHERE x.id > $1 AND substr(x.sealed, 1, 1) <> $2 ORDER BY x.id LIMIT $3;

-- name: sealed_verdict_change_put :exec
-- param at int
-- param sealed bytes
-- param old bytes
UPDATE verdict_change SET sealed = $2 WHERE id = $1 AND sealed = $3;

-- name: sealed_verdict_change_count :many
-- column number bytes
-- column rows int
-- column erased int
SELECT substr(x.sealed, 1, 1), count(*), count(*) - count(t.salt)
  FROM verdict_change x LEFT JOIN salt t ON t.subject_id = x.child_id
 GROUP BY substr(x.sealed, 1, 1);

-- name: sealed_roster_batch :many
-- param after_at int
-- param number bytes
-- param limit int
-- column at int
-- column row int
-- column salt bytes
-- column sealed bytes
SELECT x.id, x.id, t.salt, x.sealed FROM roster x JOIN salt t ON t.subject_id = x.id
 WHERE x.id > $1 AND substr(x.sealed, 1, 1) <> $2 ORDER BY x.id LIMIT $3;

-- name: sealed_roster_put :exec
-- param at int
-- param sealed bytes
-- param old bytes
UPDATE roster SET sealed = $2 WHERE id = $1 AND sealed = $3;

-- name: sealed_roster_count :many
-- column number bytes
-- column rows int
-- column erased int
SELECT substr(x.sealed, 1, 1), count(*), count(*) - count(t.salt)
  FROM roster x LEFT JOIN salt t ON t.subject_id = x.id
 GROUP BY substr(x.sealed, 1, 1);

-- name: sealed_account_batch :many
-- param after_at int
-- param number bytes
-- param limit int
-- column at int
-- column row int
-- column salt bytes
-- column sealed bytes
SELECT x.id, x.id, t.salt, x.sealed FROM account x JOIN salt t ON t.subject_id = x.id
 WHERE x.id > $1 AND substr(x.sealed, 1, 1) <> $2 ORDER BY x.id LIMIT $3;

-- name: sealed_account_put :exec
-- param at int
-- param sealed bytes
-- param old bytes
UPDATE account SET sealed = $2 WHERE id = $1 AND sealed = $3;

-- name: sealed_account_count :many
-- column number bytes
-- column rows int
-- column erased int
SELECT substr(x.sealed, 1, 1), count(*), count(*) - count(t.salt)
  FROM account x LEFT JOIN salt t ON t.subject_id = x.id
 GROUP BY substr(x.sealed, 1, 1);

-- name: sealed_account_totp_batch :many
-- param after_at int
-- param number bytes
-- param limit int
-- column at int
-- column row int
-- column salt bytes
-- column sealed bytes
SELECT x.id, x.id, t.salt, x.totp FROM account x JOIN salt t ON t.subject_id = x.id
 WHERE x.id > $1 AND substr(x.totp, 1, 1) <> $2 AND x.totp IS NOT NULL ORDER BY x.id LIMIT $3;

-- name: sealed_account_totp_put :exec
-- param at int
-- param sealed bytes
-- param old bytes
UPDATE account SET totp = $2 WHERE id = $1 AND totp = $3;

-- name: sealed_account_totp_count :many
-- column number bytes
-- column rows int
-- column erased int
SELECT substr(x.totp, 1, 1), count(*), count(*) - count(t.salt)
  FROM account x LEFT JOIN salt t ON t.subject_id = x.id WHERE x.totp IS NOT NULL
 GROUP BY substr(x.totp, 1, 1);

-- name: sealed_opening_batch :many
-- param after_at int
-- param number bytes
-- param limit int
-- column at int
-- column row int
-- column salt bytes
-- column sealed bytes
SELECT x.id, x.id, t.salt, x.reason FROM opening x JOIN salt t ON t.subject_id = x.account_id
 WHERE x.id > $1 AND substr(x.reason, 1, 1) <> $2 ORDER BY x.id LIMIT $3;

-- name: sealed_opening_put :exec
-- param at int
-- param sealed bytes
-- param old bytes
UPDATE opening SET reason = $2 WHERE id = $1 AND reason = $3;

-- name: sealed_opening_count :many
-- column number bytes
-- column rows int
-- column erased int
SELECT substr(x.reason, 1, 1), count(*), count(*) - count(t.salt)
  FROM opening x LEFT JOIN salt t ON t.subject_id = x.account_id
 GROUP BY substr(x.reason, 1, 1);

-- name: sealed_idempotency_batch :many
-- param after_at int
-- param number bytes
-- param limit int
-- column at int
-- column row int
-- column salt bytes
-- column sealed bytes
SELECT x.at, x.account_id, t.salt, x.answer FROM idempotency x JOIN salt t ON t.subject_id = x.account_id
 WHERE x.at > $1 AND substr(x.answer, 1, 1) <> $2 ORDER BY x.at LIMIT $3;

-- name: sealed_idempotency_put :exec
-- param at int
-- param sealed bytes
-- param old bytes
UPDATE idempotency SET answer = $2 WHERE at = $1 AND answer = $3;

-- name: sealed_idempotency_count :many
-- column number bytes
-- column rows int
-- column erased int
SELECT substr(x.answer, 1, 1), count(*), count(*) - count(t.salt)
  FROM idempotency x LEFT JOIN salt t ON t.subject_id = x.account_id
 GROUP BY substr(x.answer, 1, 1);

-- name: sealed_alert_batch :many
-- param after_at int
-- param number bytes
-- param limit int
-- column at int
-- column row int
-- column salt bytes
-- column sealed bytes
SELECT x.id, x.id, t.salt, x.sealed FROM alert x JOIN salt t ON t.subject_id = x.child_id
 WHERE x.id > $1 AND substr(x.sealed, 1, 1) <> $2 ORDER BY x.id LIMIT $3;

-- name: sealed_alert_put :exec
-- param at int
-- param sealed bytes
-- param old bytes
UPDATE alert SET sealed = $2 WHERE id = $1 AND sealed = $3;

-- name: sealed_alert_count :many
-- column number bytes
-- column rows int
-- column erased int
SELECT substr(x.sealed, 1, 1), count(*), count(*) - count(t.salt)
  FROM alert x LEFT JOIN salt t ON t.subject_id = x.child_id
 GROUP BY substr(x.sealed, 1, 1);

-- name: sealed_alert_cause_batch :many
-- param after_at int
-- param number bytes
-- param limit int
-- column at int
-- column row int
-- column salt bytes
-- column sealed bytes
SELECT x.id, x.id, t.salt, x.sealed FROM alert_cause x JOIN salt t ON t.subject_id = x.child_id
 WHERE x.id > $1 AND substr(x.sealed, 1, 1) <> $2 ORDER BY x.id LIMIT $3;

-- name: sealed_alert_cause_put :exec
-- param at int
-- param sealed bytes
-- param old bytes
UPDATE alert_cause SET sealed = $2 WHERE id = $1 AND sealed = $3;

-- name: sealed_alert_cause_count :many
-- column number bytes
-- column rows int
-- column erased int
SELECT substr(x.sealed, 1, 1), count(*), count(*) - count(t.salt)
  FROM alert_cause x LEFT JOIN salt t ON t.subject_id = x.child_id
 GROUP BY substr(x.sealed, 1, 1);

-- name: sealed_visit_field_batch :many
-- param after_at int
-- param number bytes
-- param limit int
-- column at int
-- column row int
-- column salt bytes
-- column sealed bytes
SELECT x.id, x.id, t.salt, x.sealed FROM visit_field x JOIN salt t ON t.subject_id = x.child_id
 WHERE x.id > $1 AND substr(x.sealed, 1, 1) <> $2 ORDER BY x.id LIMIT $3;

-- name: sealed_visit_field_put :exec
-- param at int
-- param sealed bytes
-- param old bytes
UPDATE visit_field SET sealed = $2 WHERE id = $1 AND sealed = $3;

-- name: sealed_visit_field_count :many
-- column number bytes
-- column rows int
-- column erased int
SELECT substr(x.sealed, 1, 1), count(*), count(*) - count(t.salt)
  FROM visit_field x LEFT JOIN salt t ON t.subject_id = x.child_id
 GROUP BY substr(x.sealed, 1, 1);

-- name: sealed_care_event_batch :many
-- param after_at int
-- param number bytes
-- param limit int
-- column at int
-- column row int
-- column salt bytes
-- column sealed bytes
SELECT x.id, x.id, t.salt, x.sealed FROM care_event x JOIN salt t ON t.subject_id = x.child_id
 WHERE x.id > $1 AND substr(x.sealed, 1, 1) <> $2 ORDER BY x.id LIMIT $3;

-- name: sealed_care_event_put :exec
-- param at int
-- param sealed bytes
-- param old bytes
UPDATE care_event SET sealed = $2 WHERE id = $1 AND sealed = $3;

-- name: sealed_care_event_count :many
-- column number bytes
-- column rows int
-- column erased int
SELECT substr(x.sealed, 1, 1), count(*), count(*) - count(t.salt)
  FROM care_event x LEFT JOIN salt t ON t.subject_id = x.child_id
 WHERE x.sealed IS NOT NULL
 GROUP BY substr(x.sealed, 1, 1);

-- name: sealed_review_batch :many
-- param after_at int
-- param number bytes
-- param limit int
-- column at int
-- column row int
-- column salt bytes
-- column sealed bytes
SELECT x.child_id, x.child_id, t.salt, x.sealed FROM review x JOIN salt t ON t.subject_id = x.child_id
 WHERE x.child_id > $1 AND substr(x.sealed, 1, 1) <> $2 ORDER BY x.child_id LIMIT $3;

-- name: sealed_review_put :exec
-- param at int
-- param sealed bytes
-- param old bytes
UPDATE review SET sealed = $2 WHERE child_id = $1 AND sealed = $3;

-- name: sealed_review_count :many
-- column number bytes
-- column rows int
-- column erased int
SELECT substr(x.sealed, 1, 1), count(*), count(*) - count(t.salt)
  FROM review x LEFT JOIN salt t ON t.subject_id = x.child_id
 GROUP BY substr(x.sealed, 1, 1);

-- name: sealed_training_batch :many
-- param after_at int
-- param number bytes
-- param limit int
-- column at int
-- column row int
-- column salt bytes
-- column sealed bytes
SELECT x.id, x.id, t.salt, x.sealed FROM training x JOIN salt t ON t.subject_id = x.account_id
 WHERE x.id > $1 AND substr(x.sealed, 1, 1) <> $2 ORDER BY x.id LIMIT $3;

-- name: sealed_training_put :exec
-- param at int
-- param sealed bytes
-- param old bytes
UPDATE training SET sealed = $2 WHERE id = $1 AND sealed = $3;

-- name: sealed_training_count :many
-- column number bytes
-- column rows int
-- column erased int
SELECT substr(x.sealed, 1, 1), count(*), count(*) - count(t.salt)
  FROM training x LEFT JOIN salt t ON t.subject_id = x.account_id
 GROUP BY substr(x.sealed, 1, 1);

-- name: sealed_delivery_batch :many
-- param after_at int
-- param number bytes
-- param limit int
-- column at int
-- column row int
-- column salt bytes
-- column sealed bytes
SELECT x.id, x.id, t.salt, x.sealed FROM delivery x JOIN salt t ON t.subject_id = x.subject_id
 WHERE x.sealed IS NOT NULL AND x.id > $1 AND substr(x.sealed, 1, 1) <> $2 ORDER BY x.id LIMIT $3;

-- name: sealed_delivery_put :exec
-- param at int
-- param sealed bytes
-- param old bytes
UPDATE delivery SET sealed = $2 WHERE id = $1 AND sealed = $3;

-- name: sealed_delivery_count :many
-- column number bytes
-- column rows int
-- column erased int
SELECT substr(x.sealed, 1, 1), count(*), count(*) - count(t.salt)
  FROM delivery x LEFT JOIN salt t ON t.subject_id = x.subject_id
 WHERE x.sealed IS NOT NULL
 GROUP BY substr(x.sealed, 1, 1);

-- name: sealed_delivery_piece_batch :many
-- param after_at int
-- param number bytes
-- param limit int
-- column at int
-- column row int
-- column salt bytes
-- column sealed bytes
SELECT x.id, x.id, t.salt, x.sealed FROM delivery_piece x JOIN salt t
    ON t.subject_id = (SELECT d.subject_id FROM delivery d WHERE d.id = x.delivery_id)
 WHERE x.id > $1 AND substr(x.sealed, 1, 1) <> $2 ORDER BY x.id LIMIT $3;

-- name: sealed_delivery_piece_put :exec
-- param at int
-- param sealed bytes
-- param old bytes
UPDATE delivery_piece SET sealed = $2 WHERE id = $1 AND sealed = $3;

-- name: sealed_delivery_piece_count :many
-- column number bytes
-- column rows int
-- column erased int
SELECT substr(x.sealed, 1, 1), count(*), count(*) - count(t.salt)
  FROM delivery_piece x LEFT JOIN salt t
    ON t.subject_id = (SELECT d.subject_id FROM delivery d WHERE d.id = x.delivery_id)
 GROUP BY substr(x.sealed, 1, 1);
