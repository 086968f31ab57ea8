package bundle

import (
	"strings"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/evidence"
)

// item is what is held of a piece of evidence. Texts that many have in common are held once.
type item struct {
	index, sequence                       int64
	id, kind, source                      string
	eventSource, eventName                string
	account, region                       string
	subject, subjectType                  string
	subjects                              int
	effectiveFrom, effectiveTo            time.Time
	collected, received                   time.Time
	outcome, cause, reason                string
	rule, library, run                    string
	operations, parameters, identity      string
	rows                                  int
	snapshot                              string
	body                                  evidence.Digest
	size                                  int64
	mediaType, fileName, author, replaces string
	places                                []place
	// folders by id, where the report is of a selection.
	folders []string
	// excepted is the id of an exception that covers it, empty where none does.
	excepted string
	// at is where the body lies in the blob store.
	at assessment.BlobLocation
	// destroyed: the ledger has the tombstone of the body.
	destroyed bool
	// path of the body in the bundle, below the root; empty where it has none.
	path string
}

// place is one expectation of one control; control is -1 where the framework has no such control.
type place struct {
	control     int
	expectation string
}

func (it *item) manual() bool { return it.kind == string(assessment.ManualEvidence) }

// verdict is Audit Manager's word for an outcome. What was not decided is inconclusive, never compliant.
func verdict(outcome string) string {
	switch assize.Outcome(outcome) {
	case assize.Pass:
		return compliant
	case assize.Fail:
		return nonCompliant
	case assize.Inconclusive, assize.Manual, assize.NotApplicable:
	}
	return inconclusive
}

// The words of verdicts.
const (
	compliant    = "Compliant"
	nonCompliant = "Non-compliant"
	inconclusive = "Inconclusive"
)

// interner holds equal texts once.
type interner map[string]string

func (n interner) of(s string) string {
	if held, ok := n[s]; ok {
		return held
	}
	s = strings.Clone(s)
	n[s] = s
	return s
}

// newItem takes what is held from a piece of evidence.
func (n interner) newItem(at *assessment.Stored, e *assessment.Evidence) *item {
	it := &item{
		index: at.Index, sequence: at.Sequence,
		id: strings.Clone(e.ID), kind: n.of(string(e.Type)), source: n.of(e.DataSource), eventSource: n.of(e.EventSource), eventName: n.of(e.EventName),
		account: n.of(e.Account), region: n.of(e.Region), subjects: max(e.SubjectsTotal, len(e.Subjects)),
		effectiveFrom: e.EffectiveFrom, effectiveTo: e.EffectiveTo, collected: e.Collected, received: e.Received,
		outcome: n.of(string(e.Outcome)), cause: n.of(string(e.Cause)), reason: n.of(e.Reason),
		rule: n.of(e.Rule), library: n.of(e.Library), run: n.of(e.Run),
		body: e.Body, size: e.Size, mediaType: n.of(e.MediaType), fileName: n.of(e.FileName), author: n.of(e.Author), replaces: n.of(e.Supersedes),
	}
	if len(e.Subjects) > 0 {
		s := &e.Subjects[0]
		it.subject, it.subjectType = n.of(s.ARN), n.of(s.Type)
		if it.subject == "" {
			it.subject = n.of(s.ID)
		}
	}
	if r := e.Request; r != nil {
		it.operations, it.parameters = n.of(strings.Join(r.Operations, " ")), n.of(pairs(r.Parameters))
		it.identity, it.rows = n.of(r.Identity), r.Rows
		if !r.Snapshot.IsZero() {
			it.snapshot = n.of(r.Snapshot.String())
		}
	}
	return it
}
