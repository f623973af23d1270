-- A delivery ends when its totals have been told: killed between the last commit and that, a second run
-- of the same file repeats the totals instead of taking it as a new delivery.

ALTER TABLE delivery ADD COLUMN told_at BIGINT;
UPDATE delivery SET told_at = finished_at;
