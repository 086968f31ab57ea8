package bundle

import (
	"slices"
	"strings"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/evidence"
)

// item is what is held of a piece of evidence.
type item struct {
	*common
	index, sequence                         int64
	id, subject, reason, fileName, replaces string
	subjects, rows                          int
	effectiveFrom, effectiveTo              time.Time
	collected, received                     time.Time
	body                                    evidence.Digest
	size                                    int64
	places                                  []place
	// folders by id, where the report is of a selection.
	folders []string
	// at is where the body lies in the blob store.
	at location
	// destroyed: the ledger has the tombstone of the body.
	destroyed bool
	// path of the body in the bundle, below the root; empty where it has none.
	path string
}

// common is what much evidence has alike; it is held once.
type common struct {
	kind, source, eventSource, eventName       string
	account, region, subjectType               string
	outcome, cause, rule, library, run         string
	operations, parameters, identity, snapshot string
	mediaType, author                          string
}

// location is that of a body without its digest.
type location struct {
	segment              string
	offset, length, size int64
}

// place is one expectation of one control; control is -1 where the framework has no such control.
type place struct {
	control     int
	expectation string
	// excepted is the id of an exception of that control that covers the evidence, empty where none does.
	excepted string
}

// exceptedIn is the id of an exception of a control that covers the evidence, empty where none does. For the other
// controls that the evidence serves it fails as ever.
func (it *item) exceptedIn(control int) string {
	for _, p := range it.places {
		if p.control == control && p.excepted != "" {
			return p.excepted
		}
	}
	return ""
}

func (it *item) manual() bool { return it.kind == string(assessment.ManualEvidence) }

// verdict is Audit Manager's word for an outcome, and ours where there was nothing to judge: it has none for that.
// What was not decided is inconclusive, never compliant.
func verdict(outcome string) string {
	switch assize.Outcome(outcome) {
	case assize.Pass:
		return compliant
	case assize.Fail:
		return nonCompliant
	case assize.NotApplicable:
		return notApplicable
	case assize.Inconclusive, assize.Manual:
	}
	return inconclusive
}

// The words of verdicts.
const (
	compliant     = "Compliant"
	nonCompliant  = "Non-compliant"
	inconclusive  = "Inconclusive"
	notApplicable = "Not applicable"
)

// interner holds equal texts, and what else evidence has in common, once.
type interner struct {
	texts  map[string]string
	common map[common]*common
}

func newInterner() *interner {
	return &interner{texts: map[string]string{}, common: map[common]*common{}}
}

func (n *interner) of(s string) string {
	if held, ok := n.texts[s]; ok {
		return held
	}
	s = strings.Clone(s)
	n.texts[s] = s
	return s
}

// newItem takes what is held from a piece of evidence.
func (n *interner) newItem(at *assessment.Stored, e *assessment.Evidence) *item {
	it := &item{
		common: n.commonOf(e), index: at.Index, sequence: at.Sequence, id: strings.Clone(e.ID), subjects: max(e.SubjectsTotal, len(e.Subjects)),
		effectiveFrom: e.EffectiveFrom, effectiveTo: e.EffectiveTo, collected: e.Collected, received: e.Received,
		reason: n.of(e.Reason), body: e.Body, size: e.Size, fileName: n.of(e.FileName), replaces: n.of(e.Supersedes),
	}
	if len(e.Subjects) > 0 {
		if it.subject = n.of(e.Subjects[0].ARN); it.subject == "" {
			it.subject = n.of(e.Subjects[0].ID)
		}
	}
	if e.Request != nil {
		it.rows = e.Request.Rows
	}
	return it
}

func (n *interner) commonOf(e *assessment.Evidence) *common {
	c := common{
		kind: string(e.Type), source: e.DataSource, eventSource: e.EventSource, eventName: e.EventName, account: e.Account, region: e.Region,
		outcome: string(e.Outcome), cause: string(e.Cause), rule: e.Rule, library: e.Library, run: e.Run, mediaType: e.MediaType, author: e.Author,
	}
	if len(e.Subjects) > 0 {
		c.subjectType = e.Subjects[0].Type
	}
	if r := e.Request; r != nil {
		c.operations, c.parameters, c.identity = strings.Join(r.Operations, " "), pairs(r.Parameters), r.Identity
		if !r.Snapshot.IsZero() {
			c.snapshot = r.Snapshot.String()
		}
	}
	held := n.common[c]
	if held == nil {
		held = &c
		n.common[c] = held
	}
	return held
}

// pairs writes a map of texts as "a=b; c=d", sorted.
func pairs(m map[string]string) string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	var b strings.Builder
	for i, k := range keys {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(k + "=" + m[k])
	}
	return b.String()
}
