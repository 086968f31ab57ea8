package assessment

import (
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/assize-dev/assize/evidence"
)

// State is what the leaves of an assessment add up to, evidence apart.
type State struct {
	Assessment Assessment
	// Sequence of the last leaf that was folded in.
	Sequence int64
	// Deleted: the assessment was deleted; its leaves stay.
	Deleted     bool
	Controls    map[ControlKey]*ControlState
	Sets        map[string]*SetState
	Delegations []Delegation
	Exceptions  []Exception
	// Decided is when exceptions came to their states, by id.
	Decided map[string]time.Time
	// Reviews of evidence by its id.
	Reviews map[string][]Review
	Reports []Report
	// Selected evidence and folders for the next report.
	SelectedEvidence map[string]bool
	SelectedFolders  map[string]bool
	Holds            map[string]bool
	Log              []Change
}

// ControlKey names a control within its set.
type ControlKey struct{ Set, Control string }

// ControlState is what people did with a control.
type ControlState struct {
	Status ReviewStatus
	// By and At of the last decision; zero before any.
	By       string
	At       time.Time
	Comments []Comment
}

// SetState is what people did with a control set.
type SetState struct {
	Status  ReviewStatus
	By      string
	At      time.Time
	Comment string
}

// Comment is one comment on a control.
type Comment struct {
	Author string    `json:"author_name"`
	Text   string    `json:"comment_body"`
	Posted time.Time `json:"posted_date"`
}

// Review is one person's decision on a piece of evidence.
type Review struct {
	By       string
	At       time.Time
	Accepted bool
	Comment  string
}

// Change is one line of the change log, in Audit Manager's words.
type Change struct {
	Object  string    `json:"object_type"`
	Name    string    `json:"object_name"`
	Action  string    `json:"action"`
	At      time.Time `json:"created_at"`
	By      string    `json:"created_by"`
	Set     string    `json:"control_set,omitempty"`
	Control string    `json:"control,omitempty"`
}

// NewState is the state before the first leaf.
func NewState() *State {
	return &State{
		Controls: map[ControlKey]*ControlState{}, Sets: map[string]*SetState{}, Reviews: map[string][]Review{}, Decided: map[string]time.Time{},
		SelectedEvidence: map[string]bool{}, SelectedFolders: map[string]bool{}, Holds: map[string]bool{},
	}
}

// StateKinds are the kinds of leaves that [State.Fold] reads.
var StateKinds = []evidence.Kind{
	evidence.KindAssessment, evidence.KindDecision, evidence.KindComment, evidence.KindDelegation, evidence.KindException,
	evidence.KindSelection, evidence.KindReport, evidence.KindHold,
}

// Fold reads leaves of one assessment in order. Leaves of kinds that it does not concern change
// nothing but the sequence.
func (s *State) Fold(leaves iter.Seq2[Stored, error]) error {
	for stored, err := range leaves {
		if err != nil {
			return err
		}
		if err := s.apply(stored.Leaf); err != nil {
			return fmt.Errorf("leaf %d of assessment %s: %w", stored.Sequence, stored.Scope, err)
		}
		s.Sequence = stored.Sequence
	}
	return nil
}

// body decodes the body of a leaf.
func body[T any](l *evidence.Leaf) (T, error) {
	var v T
	err := json.Unmarshal(l.Body, &v)
	return v, err
}

// fold applies a decoded body.
func fold[T any](l *evidence.Leaf, apply func(T)) error {
	v, err := body[T](l)
	if err == nil {
		apply(v)
	}
	return err
}

func (s *State) apply(l *evidence.Leaf) error {
	switch l.Kind {
	case evidence.KindAssessment:
		return fold(l, func(e AssessmentEvent) { s.assessment(l, e) })
	case evidence.KindDecision:
		return fold(l, func(e DecisionEvent) { s.decision(l, e) })
	case evidence.KindComment:
		return fold(l, func(e CommentEvent) {
			c := s.control(ControlKey{e.ControlSet, e.Control})
			c.Comments = append(c.Comments, Comment{Author: l.Actor, Text: e.Text, Posted: l.Recorded})
		})
	case evidence.KindDelegation:
		return fold(l, func(e Delegation) { s.delegation(l, e) })
	case evidence.KindException:
		return fold(l, func(e Exception) {
			s.Exceptions = put(s.Exceptions, e, func(x Exception) bool { return x.ID == e.ID })
			s.Decided[e.ID] = l.Recorded
			s.log(l, "CONTROL", e.Control, "EXCEPTION_"+string(e.State), e.ControlSet, e.Control)
		})
	case evidence.KindSelection:
		return fold(l, func(e SelectionEvent) {
			mark(s.SelectedEvidence, e.Evidence, e.Selected)
			mark(s.SelectedFolders, e.Folders, e.Selected)
		})
	case evidence.KindReport:
		return fold(l, func(e Report) {
			s.Reports = put(s.Reports, e, func(x Report) bool { return x.ID == e.ID })
			s.log(l, "ASSESSMENT_REPORT", e.Name, reportActions[e.Status], "", "")
		})
	case evidence.KindHold:
		return fold(l, func(e HoldEvent) {
			mark(s.Holds, []string{e.Matter}, !e.Lifted)
			s.log(l, "ASSESSMENT", e.Matter, map[bool]string{false: "HOLD", true: "LIFT_HOLD"}[e.Lifted], "", "")
		})
	case evidence.KindEvidence, evidence.KindFramework, evidence.KindOccurrence, evidence.KindRun, evidence.KindWorkload,
		evidence.KindDeletion, evidence.KindKey, evidence.KindAcknowledgement:
	}
	return nil
}

var reportActions = map[ReportStatus]string{
	ReportInProgress: "CREATE", ReportComplete: "ACTIVE", ReportFailed: "INACTIVE", ReportDeleted: "DELETE",
}

func (s *State) assessment(l *evidence.Leaf, e AssessmentEvent) {
	s.Assessment = e.Assessment
	s.Deleted = e.Action == "DELETE"
	s.log(l, "ASSESSMENT", e.Assessment.Name, e.Action, "", "")
}

func (s *State) decision(l *evidence.Leaf, e DecisionEvent) {
	switch {
	case e.Evidence != "":
		s.Reviews[e.Evidence] = append(s.Reviews[e.Evidence], Review{By: l.Actor, At: l.Recorded, Accepted: e.Accepted, Comment: e.Comment})
	case e.Control == "":
		s.Sets[e.ControlSet] = &SetState{Status: e.Status, By: l.Actor, At: l.Recorded, Comment: e.Comment}
		s.log(l, "CONTROL_SET", e.ControlSet, string(e.Status), e.ControlSet, "")
	default:
		c := s.control(ControlKey{e.ControlSet, e.Control})
		c.Status, c.By, c.At = e.Status, l.Actor, l.Recorded
		if e.Comment != "" {
			c.Comments = append(c.Comments, Comment{Author: l.Actor, Text: e.Comment, Posted: l.Recorded})
		}
		s.log(l, "CONTROL", e.Control, string(e.Status), e.ControlSet, e.Control)
	}
}

var delegationActions = map[DelegationStatus]string{
	DelegationInProgress: "CREATE", DelegationUnderReview: "UNDER_REVIEW", DelegationComplete: "REVIEWED", DelegationDeleted: "DELETE",
}

func (s *State) delegation(l *evidence.Leaf, e Delegation) {
	s.Delegations = put(s.Delegations, e, func(x Delegation) bool { return x.ID == e.ID })
	s.log(l, "DELEGATION", e.Role.Name, delegationActions[e.Status], e.ControlSet, "")
}

func (s *State) control(key ControlKey) *ControlState {
	c := s.Controls[key]
	if c == nil {
		c = &ControlState{Status: UnderReview}
		s.Controls[key] = c
	}
	return c
}

// ReviewOf is the status that people gave to a control; UNDER_REVIEW before anybody decided.
func (s *State) ReviewOf(key ControlKey) ReviewStatus {
	if c := s.Controls[key]; c != nil {
		return c.Status
	}
	return UnderReview
}

// SetStatus is the status of a control set; ACTIVE before anybody decided.
func (s *State) SetStatus(set string) ReviewStatus {
	if c := s.Sets[set]; c != nil {
		return c.Status
	}
	return SetActive
}

func (s *State) log(l *evidence.Leaf, object, name, action, set, control string) {
	s.Log = append(s.Log, Change{Object: object, Name: name, Action: action, At: l.Recorded, By: l.Actor, Set: set, Control: control})
}

// put replaces the element that is the same, or appends.
func put[T any](list []T, v T, same func(T) bool) []T {
	if i := slices.IndexFunc(list, same); i >= 0 {
		list[i] = v
		return list
	}
	return append(list, v)
}

// matters names the legal holds that stand, for a message.
func (s *State) matters() string {
	return strings.Trim(fmt.Sprintf("%q", slices.Sorted(maps.Keys(s.Holds))), "[]")
}

func mark(set map[string]bool, names []string, on bool) {
	for _, n := range names {
		if on {
			set[n] = true
		} else {
			delete(set, n)
		}
	}
}
