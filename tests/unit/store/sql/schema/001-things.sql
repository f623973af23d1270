-- Things of every type; for the store's own tests.
CREATE TABLE thing (
    id      BIGINT  PRIMARY KEY,
    number  BIGINT,
    small   INTEGER,
    bytes   BYTES,                              -- may hold NUL
    text    TEXT
) STRICT;
CREATE UNIQUE INDEX thing_text ON thing (text);
