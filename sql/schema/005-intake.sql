-- Intake: what departments really send. Deliveries with a feed, a channel and a story; quarantine that can be mended;
-- mappings kept as editions; tokens, cursors, coverage and silence of feeds.

ALTER TABLE delivery ADD COLUMN feed TEXT;                       -- NULL: records.csv, or pushed records
ALTER TABLE delivery ADD COLUMN department TEXT;                 -- NULL: the rows say it
ALTER TABLE delivery ADD COLUMN channel INTEGER NOT NULL DEFAULT 1;  -- channels.def
ALTER TABLE delivery ADD COLUMN state INTEGER NOT NULL DEFAULT 5;    -- delivery_states.def
ALTER TABLE delivery ADD COLUMN held INTEGER NOT NULL DEFAULT 0;     -- why it waits for a person: holds.def, as bits
ALTER TABLE delivery ADD COLUMN allowed INTEGER NOT NULL DEFAULT 0;  -- which of these a person has allowed
ALTER TABLE delivery ADD COLUMN mapping BYTES;                   -- hash of the mapping that read it
ALTER TABLE delivery ADD COLUMN row_count BIGINT;                -- of the file, counted before the first is taken
ALTER TABLE delivery ADD COLUMN rows_done BIGINT NOT NULL DEFAULT 0; -- a row may make several records
ALTER TABLE delivery ADD COLUMN changes BIGINT NOT NULL DEFAULT 0;   -- of verdicts
ALTER TABLE delivery ADD COLUMN size BIGINT;                     -- bytes
ALTER TABLE delivery ADD COLUMN division BIGINT NOT NULL DEFAULT 0; -- of whose account handed it in; 0: a program's, for the whole deployment
ALTER TABLE delivery ADD COLUMN account_id BIGINT;               -- who handed it in; NULL: a program
ALTER TABLE delivery ADD COLUMN subject_id BIGINT;               -- its salt; NULL: nothing sealed
ALTER TABLE delivery ADD COLUMN sealed BYTES;                    -- file name, header line, what it waits for, why it was rejected
CREATE INDEX delivery_feed ON delivery (feed, id);
CREATE INDEX delivery_state ON delivery (state, id);

-- A file that was handed in, sealed, until it is taken in or rejected.
CREATE TABLE delivery_piece (
    id           BIGINT  PRIMARY KEY,
    delivery_id  BIGINT  NOT NULL,
    number       INTEGER NOT NULL,              -- from 0
    size         INTEGER NOT NULL,              -- bytes of the plain piece
    sealed       BYTES   NOT NULL               -- under the delivery's salt
);
CREATE UNIQUE INDEX delivery_piece_number ON delivery_piece (delivery_id, number);

-- Whether what a refused row says is known by now, and what became of it.
ALTER TABLE quarantine ADD COLUMN state INTEGER NOT NULL DEFAULT 1;  -- quarantine_states.def
ALTER TABLE quarantine ADD COLUMN column_name TEXT;              -- of ours: names of a mapping, never a cell
ALTER TABLE quarantine ADD COLUMN value_hash BYTES;              -- column, error and value: what can be mended alike
ALTER TABLE quarantine ADD COLUMN settled_at BIGINT;
ALTER TABLE quarantine ADD COLUMN account_id BIGINT;             -- who settled it
CREATE INDEX quarantine_state ON quarantine (state, delivery_id, id);
CREATE INDEX quarantine_alike ON quarantine (value_hash);

-- Every edition of every mapping that was saved here; the newest of a name is in force before the built-in one.
CREATE TABLE feed_edition (
    id          BIGINT  PRIMARY KEY,
    name        TEXT    NOT NULL,
    hash        BYTES   NOT NULL,               -- SHA-256 of the text, its first half
    text        TEXT    NOT NULL,               -- YAML: names of columns and codes, nobody's data
    saved_at    BIGINT  NOT NULL,
    account_id  BIGINT                          -- NULL: the command line
);
CREATE INDEX feed_edition_name ON feed_edition (name, id);

-- A department's system hands in one feed with such a token.
CREATE TABLE feed_token (
    id          BIGINT  PRIMARY KEY,
    feed        TEXT    NOT NULL,
    department  TEXT    NOT NULL,
    token_hash  BYTES   NOT NULL,
    made_at     BIGINT  NOT NULL,
    account_id  BIGINT,
    used_at     BIGINT,
    ended_at    BIGINT
);
CREATE UNIQUE INDEX feed_token_hash ON feed_token (token_hash);

-- How far a table on the exchange side has been read.
CREATE TABLE feed_cursor (
    feed   TEXT   PRIMARY KEY,
    cursor TEXT   NOT NULL,                     -- values of the cursor columns, as text, packed; nobody's data
    at     BIGINT NOT NULL
);

-- Whom a feed speaks of: the people of these divisions, from this day to that.
CREATE TABLE coverage (
    id          BIGINT  PRIMARY KEY,
    feed        TEXT    NOT NULL,
    division    BIGINT  NOT NULL,
    from_day    INTEGER NOT NULL,
    to_day      INTEGER,                        -- NULL: open
    said_at     BIGINT  NOT NULL,
    ended_at    BIGINT,                         -- taken back: it was never so
    account_id  BIGINT
);
CREATE INDEX coverage_feed ON coverage (feed, id);

-- As far as each feed told us, and since when it is silent beyond its usual interval.
CREATE TABLE feed_heard (
    feed       TEXT   PRIMARY KEY,
    at         BIGINT NOT NULL,
    silent_at  BIGINT                           -- alarmed; NULL: not silent
);

-- Which delivery set an alert in motion; NULL: the clock, or a person.
ALTER TABLE alert_cause ADD COLUMN delivery_id BIGINT;
CREATE INDEX alert_cause_delivery ON alert_cause (delivery_id);
