-- The ground: register, kin, records, verdicts.
--
-- In clear stand only random ids, divisions, days, keyed hashes and due boundaries. Whatever says who
-- somebody is or what happened to them is sealed under a key derived from that subject's salt: drop
-- the row in `salt`, and the subject is erased, here and in every backup that lacks the row.
-- Days count from 1970-01-01; an open end is NULL. Instants are microseconds since 1970 (UTC).

CREATE TABLE deployment (
    one            INTEGER PRIMARY KEY CHECK (one = 1),
    deployment_id  TEXT    NOT NULL,
    key_wrap       BYTES   NOT NULL,            -- the data keys, wrapped by the master key
    created_at     BIGINT  NOT NULL,
    last_tick      INTEGER,                     -- the day up to which boundaries have fired
    screen_all     INTEGER NOT NULL              -- loads since the last tick: it looks at every child
);

CREATE TABLE salt (
    subject_id  BIGINT PRIMARY KEY,
    salt        BYTES  NOT NULL                 -- 16 random bytes
);

CREATE TABLE division (
    code    BIGINT  PRIMARY KEY,                -- 12 digits
    name    TEXT    NOT NULL,
    level   INTEGER NOT NULL,                   -- 1 province … 5 village
    parent  BIGINT
);
CREATE INDEX division_parent ON division (parent);

CREATE TABLE person (
    id               BIGINT  PRIMARY KEY,       -- also the subject id
    birth_day        INTEGER,
    household        BYTES,                     -- keyed hash
    hukou            BIGINT,
    residence        BIGINT,
    residence_since  INTEGER,
    known_from       BIGINT  NOT NULL,
    ended_at         BIGINT,                    -- absent from a full load
    due              INTEGER                    -- the next day on which a verdict changes
);
CREATE INDEX person_household ON person (household) WHERE household IS NOT NULL;
CREATE INDEX person_due ON person (due) WHERE due IS NOT NULL;

CREATE TABLE person_sealed (
    person_id     BIGINT PRIMARY KEY,
    ref_hash      BYTES  NOT NULL,
    id_hash       BYTES,
    phone_hash    BYTES,
    content_hash  BYTES  NOT NULL,              -- of the whole row as loaded: is it news?
    sealed        BYTES  NOT NULL               -- ref, name, id_no, sex, address, phone
);
CREATE UNIQUE INDEX person_ref ON person_sealed (ref_hash);
CREATE UNIQUE INDEX person_id_number ON person_sealed (id_hash) WHERE id_hash IS NOT NULL;
CREATE INDEX person_phone ON person_sealed (phone_hash) WHERE phone_hash IS NOT NULL;

CREATE TABLE person_version (                   -- what the register said before
    person_id        BIGINT  NOT NULL,
    known_from       BIGINT  NOT NULL,
    known_to         BIGINT  NOT NULL,
    birth_day        INTEGER,
    household        BYTES,
    hukou            BIGINT,
    residence        BIGINT,
    residence_since  INTEGER,
    sealed           BYTES   NOT NULL
);
CREATE INDEX person_version_person ON person_version (person_id);

CREATE TABLE kin (
    id          BIGINT  PRIMARY KEY,
    child_id    BIGINT  NOT NULL,
    person_id   BIGINT  NOT NULL,
    role        INTEGER NOT NULL,
    from_day    INTEGER,                        -- NULL: since birth
    to_day      INTEGER,
    known_from  BIGINT  NOT NULL,
    known_to    BIGINT                          -- NULL: what we know now
);
CREATE INDEX kin_child ON kin (child_id);
CREATE INDEX kin_person ON kin (person_id);

CREATE TABLE delivery (
    id           BIGINT  PRIMARY KEY,
    file_hash    BYTES   NOT NULL,
    began_at     BIGINT  NOT NULL,
    finished_at  BIGINT,
    next_offset  BIGINT  NOT NULL,              -- the cursor: where the next row begins
    accepted     BIGINT  NOT NULL,
    duplicate    BIGINT  NOT NULL,
    quarantined  BIGINT  NOT NULL,
    unlinked     BIGINT  NOT NULL
);
CREATE INDEX delivery_file ON delivery (file_hash);

CREATE TABLE record (
    id            BIGINT  PRIMARY KEY,
    subject_id    BIGINT  NOT NULL,
    linked        INTEGER NOT NULL,             -- 1: the subject is a person of the register
    key_hash      BYTES   NOT NULL,             -- department, kind and record key
    content_hash  BYTES   NOT NULL,             -- all columns but the key
    id_hash       BYTES,
    other_hash    BYTES,                        -- the other party of a marriage or divorce
    revision      BIGINT,
    withdrawn     INTEGER NOT NULL,
    from_day      INTEGER,
    to_day        INTEGER,
    known_from    BIGINT  NOT NULL,
    known_to      BIGINT,                       -- NULL: in force
    replaces      BIGINT,
    delivery_id   BIGINT  NOT NULL,
    line          BIGINT  NOT NULL,
    fact          BYTES   NOT NULL,             -- sealed: kind, value
    envelope      BYTES   NOT NULL              -- sealed: who said it, under which key, and the rest
);
CREATE INDEX record_key ON record (key_hash);
CREATE INDEX record_subject ON record (subject_id);
CREATE INDEX record_unlinked ON record (id_hash) WHERE linked = 0;

CREATE TABLE quarantine (
    id           BIGINT  PRIMARY KEY,           -- also the subject id of its salt
    delivery_id  BIGINT  NOT NULL,
    line         BIGINT  NOT NULL,
    error        INTEGER NOT NULL,
    known_from   BIGINT  NOT NULL,
    sealed       BYTES   NOT NULL               -- reason and the row as it stood
);
CREATE INDEX quarantine_delivery ON quarantine (delivery_id);

CREATE TABLE verdict (
    child_id     BIGINT  PRIMARY KEY,
    seen_day     INTEGER,                       -- changes up to this day have been told
    edition      BYTES   NOT NULL,              -- hash of the policies that made it
    sealed       BYTES   NOT NULL               -- every interval, past and scheduled
);

CREATE TABLE verdict_change (
    id         BIGINT  PRIMARY KEY,
    child_id   BIGINT  NOT NULL,
    on_day     INTEGER NOT NULL,
    known_at   BIGINT  NOT NULL,
    sealed     BYTES   NOT NULL                 -- category, status before, status after
);
CREATE INDEX verdict_change_child ON verdict_change (child_id);

CREATE TABLE roster (                           -- teams, helpers and accounts, as they were loaded
    id            BIGINT  PRIMARY KEY,          -- also the subject id
    kind          INTEGER NOT NULL,
    key_hash      BYTES   NOT NULL,             -- kind and team_id, helper_id or account
    content_hash  BYTES   NOT NULL,
    known_from    BIGINT  NOT NULL,
    known_to      BIGINT,                       -- NULL: what we know now
    sealed        BYTES   NOT NULL              -- the columns of the row, in the order of contracts.md
);
CREATE INDEX roster_key ON roster (key_hash);
