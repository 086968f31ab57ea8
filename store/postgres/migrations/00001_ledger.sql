-- +goose Up
CREATE TABLE leaf (
    idx   BIGINT PRIMARY KEY,
    scope TEXT NOT NULL,
    seq   BIGINT NOT NULL,
    kind  TEXT NOT NULL,
    bytes BYTEA NOT NULL,
    UNIQUE (scope, seq)
);
CREATE INDEX leaf_kind ON leaf (scope, kind, seq);

-- Tiles of the tree as C2SP tlog-tiles has them, partial ones too; width hashes in data.
CREATE TABLE tile (
    level BIGINT NOT NULL,
    n     BIGINT NOT NULL,
    width BIGINT NOT NULL,
    data  BYTEA NOT NULL,
    PRIMARY KEY (level, n)
);

CREATE TABLE batch (
    scope TEXT NOT NULL,
    key   TEXT NOT NULL,
    seq   BIGINT NOT NULL,
    idx   BIGINT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (scope, key)
);

CREATE TABLE checkpoint (
    size BIGINT PRIMARY KEY,
    note BYTEA NOT NULL
);

CREATE TABLE evidence (
    idx         BIGINT PRIMARY KEY REFERENCES leaf (idx),
    id          TEXT NOT NULL UNIQUE,
    assessment  TEXT NOT NULL,
    run         TEXT NOT NULL,
    data_source TEXT NOT NULL,
    day         TEXT NOT NULL,
    outcome     TEXT NOT NULL,
    collected   BIGINT NOT NULL,
    body        BYTEA NOT NULL
);
CREATE INDEX evidence_assessment ON evidence (assessment, idx);
CREATE INDEX evidence_body ON evidence (body);
CREATE INDEX evidence_collected ON evidence (collected);

CREATE TABLE place (
    assessment  TEXT NOT NULL,
    control_set TEXT NOT NULL,
    control     TEXT NOT NULL,
    expectation TEXT NOT NULL,
    run         TEXT NOT NULL,
    idx         BIGINT NOT NULL,
    occurrence  TEXT NOT NULL,
    PRIMARY KEY (assessment, control, run, control_set, expectation, idx)
);

CREATE TABLE folder (
    assessment         TEXT NOT NULL,
    control_set        TEXT NOT NULL,
    control            TEXT NOT NULL,
    day                TEXT NOT NULL,
    data_source        TEXT NOT NULL,
    total              BIGINT NOT NULL,
    configuration_data BIGINT NOT NULL,
    user_activity      BIGINT NOT NULL,
    compliance_check   BIGINT NOT NULL,
    manual             BIGINT NOT NULL,
    issues             BIGINT NOT NULL,
    resources          BIGINT NOT NULL,
    PRIMARY KEY (assessment, control_set, control, day, data_source)
);

CREATE TABLE tally (
    assessment  TEXT NOT NULL,
    control_set TEXT NOT NULL,
    control     TEXT NOT NULL,
    expectation TEXT NOT NULL,
    as_of       BIGINT NOT NULL,
    doc         TEXT NOT NULL,
    PRIMARY KEY (assessment, control_set, control, expectation)
);

CREATE TABLE assessment (
    id      TEXT PRIMARY KEY,
    created BIGINT NOT NULL,
    deleted BIGINT NOT NULL,
    doc     TEXT NOT NULL
);

CREATE TABLE occurrence (
    id          TEXT PRIMARY KEY,
    assessment  TEXT NOT NULL,
    control     TEXT NOT NULL,
    expectation TEXT NOT NULL,
    owner       TEXT NOT NULL,
    state       TEXT NOT NULL,
    due         BIGINT NOT NULL,
    doc         TEXT NOT NULL
);
CREATE INDEX occurrence_due ON occurrence (assessment, due);
CREATE INDEX occurrence_owner ON occurrence (owner, state, due);

CREATE TABLE run (
    id         TEXT PRIMARY KEY,
    assessment TEXT NOT NULL,
    state      TEXT NOT NULL,
    due        BIGINT NOT NULL,
    holder     TEXT NOT NULL,
    lease      BIGINT NOT NULL,
    doc        TEXT NOT NULL,
    UNIQUE (assessment, due)
);
CREATE INDEX run_state ON run (state, due);

CREATE TABLE blob (
    digest  BYTEA PRIMARY KEY,
    segment TEXT NOT NULL,
    "offset" BIGINT NOT NULL,
    length  BIGINT NOT NULL,
    size    BIGINT NOT NULL
);
CREATE INDEX blob_segment ON blob (segment);
