-- What a server hears of writes that were not its own: notices that a command has written beside it.

-- name: news_last :maybe
-- column id int
SELECT id FROM outbox ORDER BY id DESC LIMIT 1;

-- name: news_since :many
-- param after_id int
-- column division int?
SELECT DISTINCT a.division FROM outbox o JOIN account a ON a.id = o.account_id WHERE o.id > $1 LIMIT 17;
