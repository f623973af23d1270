CREATE TABLE part (
    thing_id  BIGINT NOT NULL REFERENCES thing (id),
    name      TEXT   NOT NULL CHECK (name <> 'it''s; BYTES'),
    PRIMARY KEY (thing_id, name)
) STRICT, WITHOUT ROWID;
ALTER TABLE thing ADD COLUMN later TEXT;
