-- +goose Up
-- A piece of evidence is written together with its leaf: to find and lock each leaf once more only made commits slower.
ALTER TABLE evidence DROP CONSTRAINT evidence_idx_fkey;
