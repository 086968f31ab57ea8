-- +goose Up
-- A piece of evidence is written together with its leaf: to find each leaf once more proves nothing, and PostgreSQL no
-- longer does it either. SQLite drops such a check only with its table, which in a large deployment has gigabytes; nothing
-- that is stored depends on the check, so the text of the schema is changed (https://sqlite.org/lang_altertable.html,
-- "Making Other Kinds Of Table Schema Changes").
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, ' REFERENCES leaf (idx)', '') WHERE type = 'table' AND name = 'evidence';
PRAGMA writable_schema = RESET;
