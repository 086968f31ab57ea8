package verify

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/assize-dev/assize/evidence"
)

// ledgerState is what the leaves add up to, as far as a verifier must know it.
type ledgerState struct {
	index    int64
	sequence int64
	// last leaf of the bundle.
	last *evidence.Leaf
	// framework that the assessment has pinned.
	framework evidence.Digest
	destroyed map[evidence.Digest]bool
	// evidence of which the bundle has no body, by ledger index.
	without map[int64]evidence.Digest
}

// ledger holds the leaves against the checkpoint, their sequence against gaps, and the bodies against the leaves.
func (v *verifier) ledger(checkpoint *evidence.Checkpoint) error {
	s := &ledgerState{index: -1, destroyed: map[evidence.Digest]bool{}, without: map[int64]evidence.Digest{}}
	if !slices.IsSorted(v.leaves) {
		return errors.New("the files of leaves are not in order")
	}
	for _, name := range v.leaves {
		if err := v.leafFile(name, checkpoint, s); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	v.closing(s)
	for index := range v.bodies {
		v.fault(fmt.Sprintf("leaf %d", index), "the manifest names a body of it, and the bundle has no such evidence")
	}
	return nil
}

func (v *verifier) leafFile(name string, checkpoint *evidence.Checkpoint, s *ledgerState) (err error) {
	f := v.files[name]
	if f == nil {
		return nil // reported as missing
	}
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	in := bufio.NewScanner(r)
	in.Buffer(make([]byte, 1<<16), maxSmall)
	for in.Scan() {
		var line evidence.BundleLeaf
		if err := strict(in.Bytes(), &line); err != nil {
			return err
		}
		proof := evidence.Proof{Index: line.Index, Hashes: line.Hashes}
		if err := proof.CheckAgainst([]byte(line.Leaf), checkpoint); err != nil {
			v.fault(name, "%v", err)
		}
		leaf, err := evidence.ParseLeaf([]byte(line.Leaf))
		if err != nil {
			return err
		}
		v.leaf(leaf, line.Index, s)
		if len(v.report.Faults) >= maxFaults {
			return errTooMany
		}
	}
	return in.Err()
}

// leaf checks one leaf in its order.
func (v *verifier) leaf(l *evidence.Leaf, index int64, s *ledgerState) {
	where := fmt.Sprintf("leaf %d", index)
	v.report.Leaves++
	if index <= s.index {
		v.fault(where, "it comes after leaf %d", s.index)
	}
	if l.Scope != v.report.Header.Assessment {
		v.fault(where, "it is of %q, not of the assessment", l.Scope)
	}
	if l.Sequence != s.sequence+1 {
		v.fault(where, "its sequence number is %d, want %d: leaves were left out, repeated or reordered", l.Sequence, s.sequence+1)
	}
	if !slices.Contains(evidence.Kinds, l.Kind) {
		v.fault(where, "it is of the kind %.40q, which this verifier does not know", l.Kind)
	}
	s.index, s.sequence, s.last = index, l.Sequence, l
	switch l.Kind {
	case evidence.KindEvidence:
		v.evidence(l, index, s)
	case evidence.KindAssessment:
		var body struct {
			Assessment struct {
				Framework struct {
					Digest evidence.Digest `json:"digest"`
				} `json:"framework"`
			} `json:"assessment"`
		}
		if err := json.Unmarshal(l.Body, &body); err != nil {
			v.fault(where, "%v", err)
		}
		s.framework = body.Assessment.Framework.Digest
	case evidence.KindDeletion:
		s.destroyed[l.Digest] = true
	default:
	}
}

func (v *verifier) evidence(l *evidence.Leaf, index int64, s *ledgerState) {
	v.report.Evidence++
	digest, ok := v.bodies[index]
	delete(v.bodies, index)
	switch {
	case !ok:
		s.without[index] = l.Digest
	case digest != l.Digest:
		v.fault(fmt.Sprintf("leaf %d", index), "its body has the digest %s, the ledger says %s", digest, l.Digest)
	default:
		v.report.Bodies++
	}
}

// closing checks what the bundle ends with, and that no body is missing without a tombstone or a selection.
func (v *verifier) closing(s *ledgerState) {
	h := &v.report.Header
	if s.last == nil {
		v.fault("ledger", "there are no leaves")
		return
	}
	if s.sequence != h.Last || s.last.Kind != evidence.KindReport || s.last.Subject != "report/"+h.Report {
		v.fault("ledger", "the last leaf is number %d about %q, want number %d about report/%s: leaves are missing at the end",
			s.sequence, s.last.Subject, h.Last, h.Report)
	}
	var asked struct {
		All bool `json:"all"`
	}
	if err := json.Unmarshal(s.last.Body, &asked); err != nil || asked.All != h.All {
		v.fault("ledger", "the manifest and the ledger do not agree on whether the report is of all evidence")
	}
	if s.framework != h.Framework {
		v.fault(evidence.BundleFramework, "the assessment has pinned %s, the manifest says %s", s.framework, h.Framework)
	}
	if f := v.files[evidence.BundleFramework]; f != nil {
		v.framework(f.Name, s.framework)
	}
	for index, digest := range s.without {
		switch {
		case s.destroyed[digest]:
			v.report.Destroyed++
		case !h.All:
			v.report.Unselected++
		default:
			v.fault(fmt.Sprintf("leaf %d", index), "the body %s is missing, and no tombstone says that it was destroyed", digest)
		}
	}
}

// framework holds the text of the controls against what the assessment has pinned.
func (v *verifier) framework(name string, want evidence.Digest) {
	r, err := v.files[evidence.BundleFramework].Open()
	if err != nil {
		v.fault(name, "%v", err)
		return
	}
	digest, _, err := evidence.DigestReader(r)
	if err = errors.Join(err, r.Close()); err != nil || digest != want {
		v.fault(name, "its digest is %s, the assessment has pinned %s (%v)", digest, want, err)
	}
}
