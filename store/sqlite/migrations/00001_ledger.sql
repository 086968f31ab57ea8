-- +goose Up
CREATE TABLE leaf (
    idx   INTEGER PRIMARY KEY,
    scope TEXT NOT NULL,
    seq   INTEGER NOT NULL,
    kind  TEXT NOT NULL,
    bytes BLOB NOT NULL,
    UNIQUE (scope, seq)
) STRICT;
CREATE INDEX leaf_kind ON leaf (scope, kind, seq);

-- Tiles of the tree as C2SP tlog-tiles has them, partial ones too; width hashes in data.
CREATE TABLE tile (
    level INTEGER NOT NULL,
    n     INTEGER NOT NULL,
    width INTEGER NOT NULL,
    data  BLOB NOT NULL,
    PRIMARY KEY (level, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE batch (
    scope TEXT NOT NULL,
    key   TEXT NOT NULL,
    seq   INTEGER NOT NULL,
    idx   INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoint (
    size INTEGER PRIMARY KEY,
    note BLOB NOT NULL
) STRICT;

CREATE TABLE evidence (
    idx         INTEGER PRIMARY KEY REFERENCES leaf (idx),
    id          TEXT NOT NULL UNIQUE,
    assessment  TEXT NOT NULL,
    run         TEXT NOT NULL,
    data_source TEXT NOT NULL,
    day         TEXT NOT NULL,
    outcome     TEXT NOT NULL,
    collected   INTEGER NOT NULL,
    body        BLOB NOT NULL
) STRICT;
CREATE INDEX evidence_assessment ON evidence (assessment, idx);
CREATE INDEX evidence_body ON evidence (body);
CREATE INDEX evidence_collected ON evidence (collected);

CREATE TABLE place (
    assessment  TEXT NOT NULL,
    control_set TEXT NOT NULL,
    control     TEXT NOT NULL,
    expectation TEXT NOT NULL,
    run         TEXT NOT NULL,
    idx         INTEGER NOT NULL,
    occurrence  TEXT NOT NULL,
    PRIMARY KEY (assessment, control, run, control_set, expectation, idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE folder (
    assessment         TEXT NOT NULL,
    control_set        TEXT NOT NULL,
    control            TEXT NOT NULL,
    day                TEXT NOT NULL,
    data_source        TEXT NOT NULL,
    total              INTEGER NOT NULL,
    configuration_data INTEGER NOT NULL,
    user_activity      INTEGER NOT NULL,
    compliance_check   INTEGER NOT NULL,
    manual             INTEGER NOT NULL,
    issues             INTEGER NOT NULL,
    resources          INTEGER NOT NULL,
    PRIMARY KEY (assessment, control_set, control, day, data_source)
) STRICT, WITHOUT ROWID;

CREATE TABLE tally (
    assessment  TEXT NOT NULL,
    control_set TEXT NOT NULL,
    control     TEXT NOT NULL,
    expectation TEXT NOT NULL,
    as_of       INTEGER NOT NULL,
    doc         TEXT NOT NULL,
    PRIMARY KEY (assessment, control_set, control, expectation)
) STRICT, WITHOUT ROWID;

CREATE TABLE assessment (
    id      TEXT PRIMARY KEY,
    created INTEGER NOT NULL,
    deleted INTEGER NOT NULL,
    doc     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE occurrence (
    id          TEXT PRIMARY KEY,
    assessment  TEXT NOT NULL,
    control     TEXT NOT NULL,
    expectation TEXT NOT NULL,
    owner       TEXT NOT NULL,
    state       TEXT NOT NULL,
    due         INTEGER NOT NULL,
    doc         TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX occurrence_due ON occurrence (assessment, due);
CREATE INDEX occurrence_owner ON occurrence (owner, state, due);

CREATE TABLE run (
    id         TEXT PRIMARY KEY,
    assessment TEXT NOT NULL,
    state      TEXT NOT NULL,
    due        INTEGER NOT NULL,
    holder     TEXT NOT NULL,
    lease      INTEGER NOT NULL,
    doc        TEXT NOT NULL,
    UNIQUE (assessment, due)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_state ON run (state, due);

CREATE TABLE blob (
    digest  BLOB PRIMARY KEY,
    segment TEXT NOT NULL,
    "offset" INTEGER NOT NULL,
    length  INTEGER NOT NULL,
    size    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX blob_segment ON blob (segment);
