package verify

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/assize-dev/assize/evidence"
)

// state is what the leaves add up to, as far as a verifier must know it.
type state struct {
	v        *verifier
	index    int64
	sequence int64
	// last leaf of the bundle.
	last *evidence.Leaf
	// framework that the assessment has pinned.
	framework evidence.Digest
	// destroyed has the ledger index of the last tombstone of a body.
	destroyed map[evidence.Digest]int64
	// without a body in the bundle, by ledger index.
	without map[int64]evidence.Digest
	// selection for the report, and of each piece of evidence the names by which it can be selected; kept only
	// where the report is not of all evidence.
	selected map[string]bool
	names    map[int64][]string
}

func newState(v *verifier) *state {
	return &state{
		v: v, index: -1, destroyed: map[evidence.Digest]int64{}, without: map[int64]evidence.Digest{},
		selected: map[string]bool{}, names: map[int64][]string{},
	}
}

// leaf takes one leaf in its order.
func (s *state) leaf(c *checked) error {
	v := s.v
	if c.err != nil {
		return c.err
	}
	l := c.leaf
	fault := func(format string, args ...any) { v.fault(fmt.Sprintf("leaf %d", c.index), format, args...) }
	v.report.Leaves++
	if c.proof != nil {
		fault("%v", c.proof)
	}
	if c.index <= s.index {
		fault("it comes after leaf %d", s.index)
	}
	if l.Scope != v.report.Header.Assessment {
		fault("it is of %q, not of the assessment", l.Scope)
	}
	if l.Sequence != s.sequence+1 {
		fault("its sequence number is %d, want %d: leaves were left out, repeated or reordered", l.Sequence, s.sequence+1)
	}
	if !slices.Contains(evidence.Kinds, l.Kind) {
		fault("it is of the kind %.40q, which this verifier does not know", l.Kind)
	}
	s.index, s.sequence, s.last = c.index, l.Sequence, l
	if err := s.body(l, c.index); err != nil {
		fault("%v", err)
	}
	if len(v.report.Faults) >= maxFaults {
		return errTooMany
	}
	return nil
}

// body reads of a leaf's body what the checks need.
func (s *state) body(l *evidence.Leaf, index int64) error {
	switch l.Kind {
	case evidence.KindEvidence:
		return s.evidence(l, index)
	case evidence.KindAssessment:
		var body struct {
			Assessment struct {
				Framework struct {
					Digest evidence.Digest `json:"digest"`
				} `json:"framework"`
			} `json:"assessment"`
		}
		err := json.Unmarshal(l.Body, &body)
		s.framework = body.Assessment.Framework.Digest
		return err
	case evidence.KindDeletion:
		var body struct {
			Body evidence.Digest `json:"body"`
		}
		err := json.Unmarshal(l.Body, &body)
		s.destroyed[body.Body] = index
		return err
	case evidence.KindSelection:
		var body struct {
			Evidence []string `json:"evidence"`
			Folders  []string `json:"folders"`
			Selected bool     `json:"selected"`
		}
		err := json.Unmarshal(l.Body, &body)
		for _, name := range slices.Concat(body.Evidence, body.Folders) {
			s.selected[name] = body.Selected
		}
		return err
	case evidence.KindFramework, evidence.KindDecision, evidence.KindComment, evidence.KindDelegation, evidence.KindException,
		evidence.KindOccurrence, evidence.KindRun, evidence.KindWorkload, evidence.KindReport, evidence.KindHold, evidence.KindKey,
		evidence.KindAcknowledgement:
	}
	return nil
}

func (s *state) evidence(l *evidence.Leaf, index int64) error {
	v := s.v
	v.report.Evidence++
	if !v.report.Header.All {
		names, err := namesOf(l)
		if err != nil {
			return err
		}
		s.names[index] = names
	}
	digest, ok := v.bodies[index]
	delete(v.bodies, index)
	switch {
	case !ok:
		s.without[index] = l.Digest
	case digest != l.Digest:
		return fmt.Errorf("its body has the digest %s, the ledger says %s", digest, l.Digest)
	default:
		v.report.Bodies++
	}
	return nil
}

// namesOf are the id of a piece of evidence, and those of its folders: one for each control, UTC day and
// data source.
func namesOf(l *evidence.Leaf) ([]string, error) {
	var e struct {
		ID     string `json:"id"`
		Places []struct {
			Set     string `json:"control_set"`
			Control string `json:"control"`
		} `json:"places"`
		Source    string    `json:"data_source"`
		Collected time.Time `json:"collected_at"`
	}
	if err := json.Unmarshal(l.Body, &e); err != nil {
		return nil, err
	}
	names := []string{e.ID}
	for _, p := range e.Places {
		names = append(names, nameID("folder", l.Scope, p.Set, p.Control, e.Collected.UTC().Format("2006-01-02"), e.Source))
	}
	slices.Sort(names)
	return slices.Compact(names), nil // several expectations of a control have one folder
}

// nameID derives an id from texts as the ledger's writer does: a UUID of version 8 of the first half of
// a SHA-256.
func nameID(texts ...string) string {
	sum := sha256.Sum256([]byte("assize\x00" + strings.Join(texts, "\x00")))
	sum[6] = sum[6]&0x0f | 0x80
	sum[8] = sum[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// closing checks what the bundle ends with, and that no body is missing or there without reason.
func (s *state) closing() {
	v := s.v
	if s.last == nil {
		v.fault("ledger", "there are no leaves")
		return
	}
	s.request()
	if h := &v.report.Header; s.framework != h.Framework {
		v.fault(evidence.BundleFramework, "the assessment has pinned %s, the manifest says %s", s.framework, h.Framework)
	}
	v.framework(s.framework)
	for _, index := range slices.Sorted(maps.Keys(s.without)) {
		s.missing(index, s.without[index])
	}
	for _, index := range slices.Sorted(maps.Keys(s.names)) {
		if _, without := s.without[index]; !without && !s.chosen(index) {
			v.fault(fmt.Sprintf("leaf %d", index), "its body is in the bundle, and it was not selected for the report")
		}
	}
	for _, index := range slices.Sorted(maps.Keys(v.bodies)) {
		v.fault(fmt.Sprintf("leaf %d", index), "the manifest names a body of it, and the bundle has no such evidence")
	}
}

// request holds the last leaf, which asked for the report, against the manifest.
func (s *state) request() {
	h := &s.v.report.Header
	if s.sequence != h.Last || s.last.Kind != evidence.KindReport || s.last.Subject != "report/"+h.Report {
		s.v.fault("ledger", "the last leaf is number %d about %.200q, want number %d about report/%s: leaves are missing at the end",
			s.sequence, s.last.Subject, h.Last, h.Report)
		return
	}
	var asked struct {
		All     bool      `json:"all"`
		Created time.Time `json:"creation_time"`
	}
	if err := json.Unmarshal(s.last.Body, &asked); err != nil || asked.All != h.All || !asked.Created.Equal(h.Created) {
		s.v.fault("ledger", "the manifest and the ledger do not agree on when the report was asked for, and whether of all evidence")
	}
}

// missing says why evidence has no body in the bundle. A tombstone before it speaks about the same body, stored earlier.
func (s *state) missing(index int64, digest evidence.Digest) {
	v := s.v
	tombstone, there := s.destroyed[digest]
	switch {
	case !v.report.Header.All && !s.chosen(index):
		v.report.Unselected++
	case there && tombstone > index:
		v.report.Destroyed++
	default:
		v.fault(fmt.Sprintf("leaf %d", index), "the body %s is missing, and no tombstone says that it was destroyed", digest)
	}
}

func (s *state) chosen(index int64) bool {
	return slices.ContainsFunc(s.names[index], func(name string) bool { return s.selected[name] })
}

// framework holds the text of the controls against what the assessment has pinned.
func (v *verifier) framework(want evidence.Digest) {
	f := v.files[evidence.BundleFramework]
	if f == nil {
		v.fault(evidence.BundleFramework, "it is missing")
		return
	}
	o, err := open(f)
	if err != nil {
		v.fault(evidence.BundleFramework, "%v", err)
		return
	}
	defer o.close()
	digest, _, err := evidence.DigestReader(o)
	if err != nil || digest != want {
		v.fault(evidence.BundleFramework, "its digest is %s, the assessment has pinned %s (%v)", digest, want, err)
	}
}
