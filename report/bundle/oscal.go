package bundle

import (
	"bufio"
	"encoding/json"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/assize-dev/assize/assessment"
)

// oscalVersion is the version of the assessment results model.
const oscalVersion = "1.2.0"

// oscalNS is the namespace of our properties.
const oscalNS = "https://assize.dev/ns/oscal"

// Parts of OSCAL's assessment-results that a report fills; see the OSCAL Assessment Results model reference.
type (
	oscalProp struct {
		Name  string `json:"name"`
		NS    string `json:"ns"`
		Value string `json:"value"`
	}
	oscalLink struct {
		Href string `json:"href"`
	}
	oscalObservation struct {
		UUID        string          `json:"uuid"`
		Title       string          `json:"title,omitempty"`
		Description string          `json:"description"`
		Props       []oscalProp     `json:"props,omitempty"`
		Methods     []string        `json:"methods"`
		Subjects    []oscalSubject  `json:"subjects,omitempty"`
		Evidence    []oscalRelevant `json:"relevant-evidence,omitempty"`
		Collected   string          `json:"collected"`
		Remarks     string          `json:"remarks,omitempty"`
		Types       []string        `json:"types,omitempty"`
	}
	oscalSubject struct {
		UUID  string `json:"subject-uuid"`
		Type  string `json:"type"`
		Title string `json:"title,omitempty"`
	}
	oscalRelevant struct {
		Href        string      `json:"href,omitempty"`
		Description string      `json:"description"`
		Props       []oscalProp `json:"props,omitempty"`
	}
	oscalFinding struct {
		UUID        string         `json:"uuid"`
		Title       string         `json:"title"`
		Description string         `json:"description"`
		Props       []oscalProp    `json:"props,omitempty"`
		Target      oscalTarget    `json:"target"`
		Related     []oscalRelated `json:"related-observations,omitempty"`
		Remarks     string         `json:"remarks,omitempty"`
	}
	oscalTarget struct {
		Type   string `json:"type"`
		ID     string `json:"target-id"`
		Title  string `json:"title,omitempty"`
		Status struct {
			State   string `json:"state"`
			Reason  string `json:"reason,omitempty"`
			Remarks string `json:"remarks,omitempty"`
		} `json:"status"`
	}
	oscalRelated struct {
		UUID string `json:"observation-uuid"`
	}
	oscalControl struct {
		ID string `json:"control-id"`
	}
)

// oscalStream writes parts of a document one after another and keeps the first error.
type oscalStream struct {
	out *bufio.Writer
	err error
}

func (s *oscalStream) text(t string) {
	if s.err == nil {
		_, s.err = s.out.WriteString(t)
	}
}

func (s *oscalStream) value(v any) {
	data, err := json.Marshal(v)
	if s.err == nil {
		s.err = err
	}
	s.text(string(data))
}

// oscal writes OSCAL 1.2 assessment results: an observation for each piece of evidence, a finding for each control.
func (b *builder) oscal(w io.Writer) error {
	s := &oscalStream{out: bufio.NewWriter(w)}
	a, r := &b.state.Assessment, &b.in.Report
	resource := oscalUUID("oscal-framework", r.ID)
	s.text(`{"assessment-results":{"uuid":`)
	s.value(oscalUUID("oscal-results", r.ID))
	s.text(`,"metadata":`)
	s.value(map[string]any{
		"title": clean(r.Name), "last-modified": stamp(b.at), "version": r.ID, "oscal-version": oscalVersion,
	})
	s.text(`,"import-ap":`)
	s.value(oscalLink{"#" + resource})
	s.text(`,"results":[{"uuid":`)
	s.value(oscalUUID("oscal-result", r.ID))
	s.text(`,"title":`)
	s.value(clean(a.Name))
	s.text(`,"description":`)
	s.value(clean("The framework " + a.Framework.Title + " " + a.Framework.Version + " (" + a.Framework.Digest.String() + ") applied to the accounts " + b.accounts()))
	s.text(`,"start":`)
	s.value(stamp(a.Created))
	s.text(`,"end":`)
	s.value(stamp(b.at))
	s.text(`,"reviewed-controls":`)
	s.value(b.reviewedControls())
	b.oscalObservations(s)
	b.oscalFindings(s)
	s.text(`}],"back-matter":{"resources":[`)
	s.value(map[string]any{
		"uuid": resource, "title": clean(a.Framework.Title), "description": "The framework that was assessed, as the assessment has pinned it.",
		"rlinks": []map[string]any{{"href": "framework.json", "media-type": "application/json", "hashes": []map[string]string{
			{"algorithm": "SHA-256", "value": a.Framework.Digest.Hex()},
		}}},
	})
	s.text("]}}}\n")
	if s.err != nil {
		return s.err
	}
	return s.out.Flush()
}

// oscalUUID derives an id from texts. OSCAL takes UUIDs of the versions 4 and 5 only.
func oscalUUID(texts ...string) string {
	id := assessment.NameID(texts...)
	return id[:14] + "5" + id[15:]
}

func observationUUID(it *item) string { return oscalUUID("oscal-observation", it.id) }

func (b *builder) reviewedControls() any {
	var controls []oscalControl
	seen := map[string]bool{}
	for i := range b.controls {
		id := token(b.controls[i].control.ID)
		if !seen[id] {
			seen[id] = true
			controls = append(controls, oscalControl{id})
		}
	}
	return map[string]any{"control-selections": []map[string]any{{"include-controls": controls}}}
}

// notToken is what OSCAL's tokens do not hold, tokenStart how they begin.
var (
	notToken   = regexp.MustCompile(`[^\pL\pN.\-_]`)
	tokenStart = regexp.MustCompile(`^[\pL_]`)
)

// token makes an id of OSCAL's form: it begins with a letter or an underscore.
func token(id string) string {
	id = notToken.ReplaceAllString(id, "_")
	if !tokenStart.MatchString(id) {
		return "_" + id
	}
	return id
}

func (b *builder) oscalObservations(s *oscalStream) {
	for i := range b.items {
		s.text(map[bool]string{true: `,"observations":[`, false: ","}[i == 0])
		s.value(b.observation(b.items[i]))
	}
	if len(b.items) > 0 {
		s.text("]")
	}
}

func (b *builder) observation(it *item) *oscalObservation {
	o := &oscalObservation{
		UUID: observationUUID(it), Title: clean(strings.TrimSpace(it.source + " " + it.eventName)), Description: orNull(clean(it.reason)),
		Methods: []string{"TEST"}, Collected: stamp(it.collected), Types: []string{"control-objective"},
		Props: []oscalProp{
			{"verdict", oscalNS, verdict(it.outcome)},
			{"data-source", oscalNS, orNull(clean(it.source))},
			{"ledger-index", oscalNS, strconv.FormatInt(it.index, 10)},
			{"evidence-id", oscalNS, it.id},
		},
	}
	if it.manual() {
		o.Methods = []string{"EXAMINE"}
	}
	facts := []fact{{"outcome", it.outcome}, {"cause", it.cause}}
	for _, p := range it.places {
		if f := (fact{"exception", p.excepted}); !slices.Contains(facts, f) {
			facts = append(facts, f)
		}
	}
	for _, x := range facts {
		if x.value != "" {
			o.Props = append(o.Props, oscalProp{x.name, oscalNS, clean(x.value)})
		}
	}
	if it.subject != "" {
		o.Subjects = []oscalSubject{{oscalUUID("oscal-subject", it.subject), "inventory-item", clean(it.subject)}}
	}
	relevant := oscalRelevant{Href: it.path, Description: "The body of the evidence.", Props: []oscalProp{{"sha-256", oscalNS, it.body.Hex()}}}
	if it.destroyed {
		relevant.Description = "The body of the evidence was destroyed; the ledger has the record of it."
	}
	o.Evidence = []oscalRelevant{relevant}
	return o
}

func (b *builder) oscalFindings(s *oscalStream) {
	s.text(`,"findings":[`)
	for i := range b.controls {
		if i > 0 {
			s.text(",")
		}
		s.value(b.finding(&b.controls[i]))
	}
	s.text("]")
}

// finding is a control. OSCAL knows satisfied and not-satisfied only: nothing but what is met is satisfied.
func (b *builder) finding(k *control) *oscalFinding {
	f := &oscalFinding{
		UUID: oscalUUID("oscal-finding", b.in.Report.ID, k.group.ID, k.control.ID), Title: clean(k.control.Title),
		Description: clean(orNull(statusWord(k.derived.Status) + ". " + k.derived.Reason)),
		Props: []oscalProp{
			{"control-set", oscalNS, orNull(clean(k.group.ID))},
			{"derived-status", oscalNS, string(k.derived.Status)},
			{"review-status", oscalNS, string(k.state.Status)},
			{"provenance", oscalNS, orNull(k.control.Provenance)},
		},
		Target: oscalTarget{Type: "objective-id", ID: token(k.control.ID)},
	}
	switch k.derived.Status {
	case assessment.Met:
		f.Target.Status.State, f.Target.Status.Reason = "satisfied", "pass"
	case assessment.NotMet:
		f.Target.Status.State, f.Target.Status.Reason = "not-satisfied", "fail"
	case assessment.Partial, assessment.Stale, assessment.Overdue, assessment.Excepted, assessment.NotEvaluable, assessment.PendingStatus,
		assessment.NotApplicableStatus, assessment.InactiveStatus:
		f.Target.Status.State, f.Target.Status.Reason = "not-satisfied", "other"
		f.Target.Status.Remarks = "The control is " + string(k.derived.Status) + ", which is neither proved to be satisfied nor shown to fail."
	}
	for _, n := range k.items {
		f.Related = append(f.Related, oscalRelated{observationUUID(b.items[n])})
	}
	return f
}
