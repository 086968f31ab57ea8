// Package evidence is the proof: canonical bytes, digests, the leaves of the ledger, its
// tree, signed checkpoints, inclusion proofs and tiles. It is pure: it reads no clock, disk
// or network, so that the auditor's verifier can use the very same code.
//
// The tree is that of RFC 6962 (as golang.org/x/mod/sumdb/tlog computes it); a checkpoint is
// a C2SP tlog-checkpoint in a C2SP signed note with an Ed25519 key; a proof is a C2SP
// tlog-proof@v1; the export is C2SP tlog-tiles. docs/ledger.md and docs/report-format.md are the
// formats, the latter with test vectors.
package evidence
