-- Care: what a verdict sets in motion. Alerts, visits, their clocks and history; who is on duty; notices.
--
-- In clear stand random ids, divisions, days, instants, and what the work is ordered by: level, state,
-- outcome. They say of a random id that somebody visits; whom, and why, is sealed under the child's salt.
-- States and events are names of workflows/*.workflow.

CREATE TABLE alert (                            -- one thread a child: what changes meanwhile joins the open one
    id               BIGINT  PRIMARY KEY,
    child_id         BIGINT  NOT NULL,
    division         BIGINT  NOT NULL,          -- whose duty it is: residence, else household registration
    level            INTEGER NOT NULL,          -- levels.def; the most urgent of its causes
    state            TEXT    NOT NULL,
    edition          BYTES   NOT NULL,          -- of the workflow under which it began
    owner_id         BIGINT,                    -- who has to act now; NULL: held back, or closed
    step             INTEGER NOT NULL,          -- how far it has escalated: 0 owner, 1 supervisor, 2 station, 3 centre
    origin           INTEGER NOT NULL,          -- alert.h: record, boundary, baseline, by hand
    opened_at        BIGINT  NOT NULL,
    changed_at       BIGINT  NOT NULL,          -- also what a phone that comes back asks by
    due_at           BIGINT,
    released_at      BIGINT,                    -- of a baseline alert: when its wave released it
    released_to      BIGINT,                    -- and who acted for its village then
    basis_withdrawn  INTEGER NOT NULL,          -- 1: nothing supports it any more, and the supervisor decides
    visit_id         BIGINT,                    -- the visit that is under way for it
    closed_at        BIGINT,
    sealed           BYTES   NOT NULL           -- likely needs, by commas
);
CREATE UNIQUE INDEX alert_thread ON alert (child_id) WHERE closed_at IS NULL;
CREATE INDEX alert_child ON alert (child_id, id);
CREATE INDEX alert_owner ON alert (owner_id, id) WHERE closed_at IS NULL;
CREATE INDEX alert_board ON alert (division, id) WHERE closed_at IS NULL AND state <> 'held';
CREATE INDEX alert_changed ON alert (changed_at);
CREATE INDEX alert_held ON alert (division, level, id) WHERE state = 'held';
CREATE INDEX alert_released ON alert (released_to, released_at) WHERE released_to IS NOT NULL;

CREATE TABLE alert_cause (                      -- the changes of verdict that one alert stands upon
    id            BIGINT  PRIMARY KEY,
    alert_id      BIGINT  NOT NULL,
    child_id      BIGINT  NOT NULL,
    on_day        INTEGER NOT NULL,
    known_at      BIGINT  NOT NULL,
    withdrawn_at  BIGINT,                       -- the category holds no longer
    sealed        BYTES   NOT NULL              -- category, edition of the policies
);
CREATE INDEX alert_cause_alert ON alert_cause (alert_id, id);

CREATE TABLE visit (
    id           BIGINT  PRIMARY KEY,
    child_id     BIGINT  NOT NULL,
    alert_id     BIGINT,                        -- NULL: a routine visit
    division     BIGINT  NOT NULL,
    level        INTEGER NOT NULL,
    state        TEXT    NOT NULL,
    edition      BYTES   NOT NULL,
    owner_id     BIGINT,
    step         INTEGER NOT NULL,
    escort       INTEGER NOT NULL,              -- levels.table: alone, in pairs, with police
    planned_day  INTEGER,
    postponed    INTEGER NOT NULL,              -- how often
    opened_at    BIGINT  NOT NULL,              -- when it was planned
    due_at       BIGINT,
    started_at   BIGINT,
    back_at      BIGINT,                        -- checked in after the visit
    recorded_at  BIGINT,
    outcome      INTEGER,                       -- visit.h
    changed_at   BIGINT  NOT NULL,
    closed_at    BIGINT
);
CREATE INDEX visit_child ON visit (child_id, id);
CREATE INDEX visit_owner ON visit (owner_id, id) WHERE closed_at IS NULL;
CREATE INDEX visit_changed ON visit (changed_at);
CREATE INDEX visit_alert ON visit (alert_id, id) WHERE alert_id IS NOT NULL;
CREATE INDEX visit_board ON visit (division, id) WHERE closed_at IS NULL;
CREATE INDEX visit_day ON visit (division, planned_day);
CREATE INDEX visit_owner_changed ON visit (owner_id, changed_at);

CREATE TABLE visit_field (                      -- every version of every field of the sheet: none is overwritten
    id          BIGINT  PRIMARY KEY,
    visit_id    BIGINT  NOT NULL,
    child_id    BIGINT  NOT NULL,
    field       INTEGER NOT NULL,               -- sheet.def
    version     INTEGER NOT NULL,               -- from 1, of this field
    base        INTEGER NOT NULL,               -- the version that its writer saw; 0: none
    standing    INTEGER NOT NULL,               -- 1 in force, 2 replaced, 3 a rival that waits to be merged
    account_id  BIGINT  NOT NULL,
    written_at  BIGINT  NOT NULL,               -- by the phone's clock
    saved_at    BIGINT  NOT NULL,
    sealed      BYTES   NOT NULL
);
CREATE UNIQUE INDEX visit_field_version ON visit_field (visit_id, field, version);

CREATE TABLE care_event (                       -- what happened, in whatever workflow
    id          BIGINT  PRIMARY KEY,
    workflow    TEXT    NOT NULL,
    object_id   BIGINT  NOT NULL,
    child_id    BIGINT  NOT NULL,
    event       TEXT    NOT NULL,
    from_state  TEXT    NOT NULL,
    to_state    TEXT    NOT NULL,
    account_id  BIGINT,                         -- NULL: the clock, or a change of verdict
    at          BIGINT  NOT NULL,
    sealed      BYTES                           -- a reason in words
);
CREATE INDEX care_event_object ON care_event (object_id, id);
CREATE INDEX care_event_account ON care_event (account_id) WHERE account_id IS NOT NULL;

CREATE TABLE clock (                            -- deadlines: each object has one that runs at most
    id         BIGINT  PRIMARY KEY,
    workflow   TEXT    NOT NULL,
    object_id  BIGINT  NOT NULL,
    child_id   BIGINT  NOT NULL,
    state      TEXT    NOT NULL,
    step       INTEGER NOT NULL,
    due_at     BIGINT  NOT NULL,
    fired_at   BIGINT,
    stopped_at BIGINT
);
CREATE INDEX clock_due ON clock (due_at, id) WHERE fired_at IS NULL AND stopped_at IS NULL;
CREATE INDEX clock_object ON clock (object_id, id);

CREATE TABLE review (                           -- children of whom a category cannot be decided for want of a fact
    child_id    BIGINT  PRIMARY KEY,
    division    BIGINT  NOT NULL,
    since_day   INTEGER NOT NULL,
    sealed      BYTES   NOT NULL                -- categories, and for each the facts that would decide it
);
CREATE INDEX review_division ON review (division, child_id);

CREATE TABLE wave (                             -- a standing order to release baseline alerts
    id          BIGINT  PRIMARY KEY,
    division    BIGINT  NOT NULL,
    account_id  BIGINT  NOT NULL,
    per_week    INTEGER NOT NULL,               -- a director, in any seven days
    from_day    INTEGER NOT NULL,
    at          BIGINT  NOT NULL,
    paused_at   BIGINT,
    ended_at    BIGINT
);
CREATE INDEX wave_division ON wave (division) WHERE ended_at IS NULL;

CREATE TABLE duty (                             -- who holds a post, who stands in for it
    id          BIGINT  PRIMARY KEY,
    division    BIGINT  NOT NULL,
    role        INTEGER NOT NULL,
    account_id  BIGINT  NOT NULL,
    rank        INTEGER NOT NULL,               -- 1 the holder, 2 first deputy …
    from_day    INTEGER NOT NULL,
    to_day      INTEGER,
    given_by    BIGINT,
    at          BIGINT  NOT NULL
);
CREATE INDEX duty_post ON duty (division, role);
CREATE INDEX duty_account ON duty (account_id);

CREATE TABLE absence (                          -- leave; why is nobody's business
    id            BIGINT  PRIMARY KEY,
    account_id    BIGINT  NOT NULL,
    from_day      INTEGER NOT NULL,
    to_day        INTEGER NOT NULL,
    entered_by    BIGINT  NOT NULL,
    at            BIGINT  NOT NULL,
    cancelled_at  BIGINT
);
CREATE INDEX absence_account ON absence (account_id, to_day);

CREATE TABLE training (
    id          BIGINT  PRIMARY KEY,
    account_id  BIGINT  NOT NULL,
    on_day      INTEGER NOT NULL,
    valid_to    INTEGER,
    entered_by  BIGINT  NOT NULL,
    at          BIGINT  NOT NULL,
    sealed      BYTES   NOT NULL                -- what was taught; under the account's salt
);
CREATE INDEX training_account ON training (account_id, id);

CREATE TABLE outbox (                           -- notices, written with the change they tell of
    id          BIGINT  PRIMARY KEY,
    kind        INTEGER NOT NULL,               -- notices.def
    account_id  BIGINT  NOT NULL,               -- to whom
    workflow    TEXT    NOT NULL,
    object_id   BIGINT  NOT NULL,
    child_id    BIGINT,
    at          BIGINT  NOT NULL,
    seen_at     BIGINT,                         -- in the inbox
    recalled_at BIGINT,                         -- taken back before it was seen
    send_at     BIGINT,                         -- by the channel outside; NULL: nothing to send (any more)
    attempts    INTEGER NOT NULL,
    sent_at     BIGINT,
    failed      TEXT                            -- class of the last failure, no words of the other side
);
CREATE INDEX outbox_account ON outbox (account_id, id);
CREATE UNIQUE INDEX outbox_unseen ON outbox (account_id, object_id, kind, workflow)
    WHERE seen_at IS NULL AND recalled_at IS NULL;
CREATE INDEX outbox_object ON outbox (object_id) WHERE seen_at IS NULL AND recalled_at IS NULL;
CREATE INDEX outbox_send ON outbox (send_at, id) WHERE send_at IS NOT NULL;

CREATE TABLE heard (                            -- as far as each department told us: when it last handed in anything
    department  TEXT    PRIMARY KEY,
    at          BIGINT  NOT NULL
);

-- Alerts that a first load would raise are held back until a wave releases them.
ALTER TABLE delivery ADD COLUMN baseline INTEGER NOT NULL DEFAULT 0;
-- The day up to which directors' rounds have been dealt.
ALTER TABLE deployment ADD COLUMN last_round INTEGER;
-- And, in the day after it, the village up to which.
ALTER TABLE deployment ADD COLUMN round_at BIGINT;
-- Of the policies by which the last tick judged: a child of whom nothing held has no verdict that would tell.
ALTER TABLE deployment ADD COLUMN last_edition BYTES;
