-- Access: who signs in, what was opened, and the trail of it.
--
-- Instants are microseconds since 1970 (UTC). In clear stand random ids, numbers of the tables in
-- src/access/*.def, divisions, instants and keyed hashes. Names, telephone numbers, reasons and second
-- factors are sealed under the salt of the account (or, for a reason, of the account that wrote it).

CREATE TABLE account (
    id               BIGINT  PRIMARY KEY,       -- also the subject id of its salt
    name_hash        BYTES   NOT NULL,          -- keyed hash of what is typed to sign in, in lower case
    role             INTEGER NOT NULL,          -- roles.def
    division         BIGINT,                    -- the subtree it works in; NULL: none
    department       TEXT,                      -- of a department liaison
    team             BYTES,                     -- keyed hash of team_id: an organisation's manager and helpers
    person_id        BIGINT,                    -- of a guardian: who that is in the register
    sealed           BYTES   NOT NULL,          -- account, name, telephone
    password         TEXT,                      -- Argon2id, with salt and parameters; NULL: cannot sign in
    password_at      BIGINT,
    must_change      INTEGER NOT NULL,          -- the password was given by somebody else
    totp             BYTES,                     -- sealed secret; NULL: no second factor
    totp_confirmed   INTEGER NOT NULL,
    totp_step        BIGINT  NOT NULL,          -- the last step that was used: none is taken twice
    failures         INTEGER NOT NULL,          -- wrong passwords in a row
    locked_until     BIGINT,
    created_at       BIGINT  NOT NULL,
    disabled_at      BIGINT,
    roster_id        BIGINT                     -- the row of accounts.csv it came from
);
CREATE UNIQUE INDEX account_name ON account (name_hash);
CREATE INDEX account_role ON account (role, division);
CREATE INDEX account_roster ON account (roster_id) WHERE roster_id IS NOT NULL;

CREATE TABLE session (
    id             BIGINT  PRIMARY KEY,         -- what people see and revoke; not the token
    token_hash     BYTES   NOT NULL,            -- keyed hash of the cookie's token
    csrf_hash      BYTES   NOT NULL,
    account_id     BIGINT  NOT NULL,
    began_at       BIGINT  NOT NULL,
    seen_at        BIGINT  NOT NULL,            -- to the minute
    ends_at        BIGINT  NOT NULL,
    second_factor  INTEGER NOT NULL,            -- 1: TOTP was given
    device         TEXT    NOT NULL,            -- a class of device, such as "phone": no fingerprint
    revoked_at     BIGINT
);
CREATE UNIQUE INDEX session_token ON session (token_hash);
CREATE INDEX session_account ON session (account_id);

CREATE TABLE assignment (                       -- a task at hand: this account works for this child
    id          BIGINT  PRIMARY KEY,
    child_id    BIGINT  NOT NULL,
    account_id  BIGINT  NOT NULL,
    task        INTEGER NOT NULL,               -- tasks.def
    given_by    BIGINT  NOT NULL,
    from_at     BIGINT  NOT NULL,
    to_at       BIGINT  NOT NULL,
    ended_at    BIGINT
);
CREATE INDEX assignment_child ON assignment (child_id);
CREATE INDEX assignment_account ON assignment (account_id);

CREATE TABLE opening (                          -- of masked classes of one child's data, for a purpose and a time
    id             BIGINT  PRIMARY KEY,
    account_id     BIGINT  NOT NULL,
    child_id       BIGINT  NOT NULL,
    classes        BIGINT  NOT NULL,            -- a bit a data class
    purpose        INTEGER NOT NULL,            -- purposes.def
    relation       INTEGER NOT NULL,            -- as it was when asked
    state          INTEGER NOT NULL,            -- opening.h
    glass          INTEGER NOT NULL,            -- 1: broken, reviewed afterwards
    asked_at       BIGINT  NOT NULL,
    decided_by     BIGINT,
    decided_at     BIGINT,
    expires_at     BIGINT,
    review_due     INTEGER,                     -- the day by which a broken glass is reviewed
    reviewed_by    BIGINT,
    reviewed_at    BIGINT,
    justified      INTEGER,
    reason         BYTES   NOT NULL             -- sealed under the asking account's salt
);
CREATE INDEX opening_account ON opening (account_id, id);
CREATE INDEX opening_child ON opening (child_id, id);
CREATE INDEX opening_state ON opening (state, id);
CREATE INDEX opening_review ON opening (review_due) WHERE review_due IS NOT NULL AND reviewed_at IS NULL;

CREATE TABLE alarm (                            -- for the security administrator
    id          BIGINT  PRIMARY KEY,
    kind        INTEGER NOT NULL,               -- alarms.def
    account_id  BIGINT,
    opening_id  BIGINT,
    raised_at   BIGINT  NOT NULL,
    figure      BIGINT  NOT NULL,               -- how many, which hour: by kind
    seen_by     BIGINT,
    seen_at     BIGINT
);
CREATE INDEX alarm_seen ON alarm (seen_at, id);

CREATE TABLE audit_segment (                    -- one a writer (server or command) and day
    id       BIGINT  PRIMARY KEY,
    writer   TEXT    NOT NULL,
    day      INTEGER NOT NULL,
    key_id   INTEGER NOT NULL,
    rows     BIGINT  NOT NULL,                  -- its head: how many, and the mac of the last
    head     BYTES   NOT NULL
);
CREATE UNIQUE INDEX audit_segment_writer ON audit_segment (writer, day);

CREATE TABLE audit (
    id          BIGINT  PRIMARY KEY,            -- in the order of writing, over all segments
    segment_id  BIGINT  NOT NULL,
    seq         BIGINT  NOT NULL,               -- from 1, without gaps
    at          BIGINT  NOT NULL,
    event       INTEGER NOT NULL,               -- events.def
    account_id  BIGINT,
    child_id    BIGINT,
    object_id   BIGINT,                         -- what it was done to, by event
    detail      TEXT    NOT NULL,               -- words of a fixed set and numbers: nothing personal
    mac         BYTES   NOT NULL
);
CREATE UNIQUE INDEX audit_place ON audit (segment_id, seq);
CREATE INDEX audit_child ON audit (child_id, id) WHERE child_id IS NOT NULL;
CREATE INDEX audit_account ON audit (account_id, id) WHERE account_id IS NOT NULL;

CREATE TABLE idempotency (                      -- answers to writes that a phone may repeat
    key_hash      BYTES   PRIMARY KEY,          -- of account and key
    account_id    BIGINT  NOT NULL,
    request_hash  BYTES   NOT NULL,
    status        INTEGER NOT NULL,
    answer        BYTES   NOT NULL,             -- sealed under the account's salt
    at            BIGINT  NOT NULL
);
CREATE INDEX idempotency_at ON idempotency (at);

-- Counts the changes of the data keys: every write transaction looks whether it has the keys of the day.
ALTER TABLE deployment ADD COLUMN key_epoch BIGINT NOT NULL DEFAULT 1;

CREATE TABLE key_rotation (                     -- re-sealing under a new data key, table by table
    table_name  TEXT    PRIMARY KEY,            -- table.column
    key_number  INTEGER NOT NULL,               -- the key that all comes under
    after_id    BIGINT  NOT NULL,               -- rows before this id are done
    done        INTEGER NOT NULL
);

-- Lists of a scope go by division, then id.
CREATE INDEX person_residence ON person (residence, id) WHERE residence IS NOT NULL;
CREATE INDEX account_team ON account (team) WHERE team IS NOT NULL;
CREATE INDEX alarm_account ON alarm (account_id, kind, raised_at);
