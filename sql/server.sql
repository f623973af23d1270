-- name: server_audit_rows :maybe
-- How long the trail is, and whether the database answers.
-- column rows int
SELECT CAST(coalesce(sum(rows), 0) AS BIGINT) FROM audit_segment;
