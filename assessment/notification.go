package assessment

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
)

// Notification tells somebody that something has happened or is due. It is derived: the leaves and windows
// that it speaks of are the record. Audit Manager tells of delegations alone; exceptions and due work are ours.
type Notification struct {
	// ID is derived from what is told: the same fact is told once, whoever asks and however often.
	ID         string    `json:"id"`
	Assessment string    `json:"assessment_id"`
	For        string    `json:"for"`
	ControlSet string    `json:"control_set,omitempty"`
	Control    string    `json:"control,omitempty"`
	Text       string    `json:"description"`
	At         time.Time `json:"event_time"`
}

// soon is how long before a due date or the end of an exception people are told.
const soon = 7 * 24 * time.Hour

// Notifications of an assessment, newest first: delegations given, submitted and completed; exceptions asked for,
// decided and about to end; evidence that is due within a week, overdue or missed.
func (s *Service) Notifications(ctx context.Context, id string) ([]Notification, error) {
	st, err := s.State(ctx, id)
	if err != nil {
		return nil, err
	}
	occurrences, err := s.store.Occurrences(ctx, OccurrenceQuery{Assessment: id, States: []OccurrenceState{Pending, Missed}})
	if err != nil {
		return nil, fmt.Errorf("notifications of assessment %s: %w", id, err)
	}
	return Notifications(st, occurrences, s.Now()), nil
}

// Notifications derives them from a state and the windows that are open or missed.
func Notifications(st *State, occurrences []Occurrence, now time.Time) []Notification {
	n := &notifier{st: st, now: now}
	for _, d := range st.Delegations {
		n.delegation(&d)
	}
	for _, x := range st.Exceptions {
		n.exception(&x)
	}
	for _, o := range occurrences {
		n.occurrence(&o)
	}
	slices.SortStableFunc(n.list, func(a, b Notification) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.ID, b.ID))
	})
	return n.list
}

type notifier struct {
	st   *State
	now  time.Time
	list []Notification
}

func (n *notifier) tell(to []string, at time.Time, set, control, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	for _, name := range to {
		if name == "" {
			continue
		}
		n.list = append(n.list, Notification{
			ID:         NameID("notification", n.st.Assessment.ID, name, set, control, text, at.UTC().Format(time.RFC3339)),
			Assessment: n.st.Assessment.ID, For: name, ControlSet: set, Control: control, Text: text, At: whole(at),
		})
	}
}

// owners are the audit owners.
func (n *notifier) owners() []string {
	var list []string
	for _, r := range n.st.Assessment.Roles {
		if r.Type == ProcessOwner {
			list = append(list, r.Name)
		}
	}
	return list
}

func (n *notifier) delegation(d *Delegation) {
	switch d.Status {
	case DelegationInProgress:
		n.tell([]string{d.Role.Name}, d.Updated, d.ControlSet, "", "%s delegated the control set to you: %s", d.CreatedBy, cmp.Or(d.Comment, "no comment"))
	case DelegationUnderReview:
		n.tell(n.owners(), d.Updated, d.ControlSet, "", "%s submitted the control set for review", d.Role.Name)
	case DelegationComplete:
		n.tell([]string{d.Role.Name}, d.Updated, d.ControlSet, "", "the review of the control set is complete")
	case DelegationDeleted:
	}
}

func (n *notifier) exception(x *Exception) {
	at := n.st.Decided[x.ID]
	switch x.StateAt(n.now) {
	case ExceptionInReview:
		n.tell(n.owners(), at, x.ControlSet, x.Control, "%s asks for an exception until %s", x.Requester, x.Expires)
	case ExceptionApproved:
		n.tell([]string{x.Requester}, at, x.ControlSet, x.Control, "%s approved the exception until %s", x.Approver, x.Expires)
		if end, err := time.Parse(dayLayout, x.Expires); err == nil && end.Sub(n.now) < soon {
			n.tell([]string{x.Requester}, end.Add(-soon), x.ControlSet, x.Control, "the exception ends on %s", x.Expires)
		}
	case ExceptionRejected:
		n.tell([]string{x.Requester}, at, x.ControlSet, x.Control, "%s rejected the exception", x.Approver)
	case ExceptionRevoked:
		n.tell([]string{x.Requester}, at, x.ControlSet, x.Control, "the exception was revoked")
	case ExceptionExpired:
		if end, err := time.Parse(dayLayout, x.Expires); err == nil {
			n.tell(append(n.owners(), x.Requester), end.AddDate(0, 0, 1), x.ControlSet, x.Control, "the exception of %s expired on %s", x.Requester, x.Expires)
		}
	}
}

func (n *notifier) occurrence(o *Occurrence) {
	about := ""
	if o.Resource != nil {
		about = " about " + o.Resource.Label()
	}
	due := o.Due.UTC().Format(dayLayout)
	switch {
	case o.State == Missed:
		n.tell([]string{o.Owner}, o.End, o.ControlSet, o.Control, "missed: evidence %s%s was due on %s", o.Expectation, about, due)
	case o.State == Pending && n.now.After(o.Due):
		n.tell([]string{o.Owner}, o.Due, o.ControlSet, o.Control, "overdue: evidence %s%s was due on %s", o.Expectation, about, due)
	case o.State == Pending && o.Due.Sub(n.now) < soon:
		at := o.Due.Add(-soon)
		if at.Before(o.Start) {
			at = o.Start
		}
		n.tell([]string{o.Owner}, at, o.ControlSet, o.Control, "evidence %s%s is due on %s", o.Expectation, about, due)
	}
}
