package assessment

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/assize-dev/assize/evidence"
)

// Decide records a person's status of a control, of a control set (Control is empty), or a review of
// a piece of evidence. A review by the evidence's own author is refused.
func (s *Service) Decide(ctx context.Context, id, actor string, d DecisionEvent) error {
	_, err := s.change(ctx, id, func(st *State) (*Batch, error) {
		if st.Assessment.Status == Inactive {
			return nil, inactive(&st.Assessment)
		}
		if err := s.decidable(ctx, st, actor, &d); err != nil {
			return nil, err
		}
		subject := "control-set/" + d.ControlSet
		switch {
		case d.Evidence != "":
			subject = "evidence/" + d.Evidence
		case d.Control != "":
			subject = "control/" + d.Control
		}
		e, err := entry(evidence.KindDecision, s.Now(), actor, subject, d)
		return &Batch{Leaves: []Entry{e}}, err
	})
	return err
}

func (s *Service) decidable(ctx context.Context, st *State, actor string, d *DecisionEvent) error {
	f := &faults{}
	f.want(utf8.RuneCountInString(d.Comment) <= maxComment, "comment", "want at most %d characters", maxComment)
	if d.Evidence != "" {
		ev, err := s.one(ctx, st.Assessment.ID, d.Evidence)
		if err != nil {
			return err
		}
		f.want(!samePerson(ev.Author, actor), "evidenceId", "%s gave the evidence: somebody else must review it", actor)
		return f.err()
	}
	allowed := []ReviewStatus{UnderReview, Reviewed, ControlInactive}
	if d.Control == "" {
		allowed = []ReviewStatus{SetActive, UnderReview, Reviewed}
	}
	f.want(slices.Contains(allowed, d.Status), "status", "%q: want one of %v", d.Status, allowed)
	if err := f.err(); err != nil {
		return err
	}
	control, err := s.control(ctx, st, d.ControlSet, d.Control)
	if err != nil || control == nil {
		return err
	}
	text, err := evidence.Canonical(control)
	d.ControlDigest = evidence.DigestOf(text).String()
	return err
}

// one returns a piece of evidence by id.
func (s *Service) one(ctx context.Context, assessment, id string) (*Evidence, error) {
	for stored, err := range s.store.Evidence(ctx, EvidenceQuery{Assessment: assessment, IDs: []string{id}}) {
		if err != nil {
			return nil, fmt.Errorf("evidence %s: %w", id, err)
		}
		return &stored.Evidence, nil
	}
	return nil, fmt.Errorf("evidence %s of assessment %s: %w", id, assessment, ErrNotFound)
}

// Comment adds a comment to a control. Comments are never changed.
func (s *Service) Comment(ctx context.Context, id, actor string, c CommentEvent) error {
	_, err := s.change(ctx, id, func(st *State) (*Batch, error) {
		if st.Assessment.Status == Inactive {
			return nil, inactive(&st.Assessment)
		}
		f := &faults{}
		n := utf8.RuneCountInString(c.Text)
		f.want(n >= 1 && n <= maxComment, "commentBody", "want 1 to %d characters, got %d", maxComment, n)
		f.want(c.Control != "", "controlId", "name the control")
		if err := f.err(); err != nil {
			return nil, err
		}
		if _, err := s.control(ctx, st, c.ControlSet, c.Control); err != nil {
			return nil, err
		}
		e, err := entry(evidence.KindComment, s.Now(), actor, "control/"+c.Control, c)
		return &Batch{Leaves: []Entry{e}}, err
	})
	return err
}

// Delegate gives a control set to a delegate.
func (s *Service) Delegate(ctx context.Context, id, actor, set, delegate, comment string) (*Delegation, error) {
	now := whole(s.Now())
	d := Delegation{
		ID: s.NewID(), ControlSet: set, Role: Role{Type: ResourceOwner, Name: delegate}, Status: DelegationInProgress,
		Comment: comment, Created: now, CreatedBy: actor, Updated: now,
	}
	err := s.delegation(ctx, id, actor, func(st *State) (*Delegation, error) {
		f := &faults{}
		f.want(delegate != "", "roleArn", "name the delegate")
		f.want(st.owns(actor), "roleType", "%s is no audit owner of the assessment: one of them delegates", actor)
		f.want(utf8.RuneCountInString(comment) <= maxDelegation, "comment", "want at most %d characters", maxDelegation)
		for _, o := range st.Delegations {
			open := o.Status == DelegationInProgress || o.Status == DelegationUnderReview
			f.want(!open || o.ControlSet != set || !samePerson(o.Role.Name, delegate), "controlSetId",
				"%s is delegated to %s already: delegation %s is %s", set, delegate, o.ID, o.Status)
		}
		if err := f.err(); err != nil {
			return nil, err
		}
		_, err := s.control(ctx, st, set, "")
		return &d, err
	})
	if err != nil {
		return nil, err
	}
	return &d, nil
}

// MoveDelegation changes the status of a delegation: the delegate submits it (UNDER_REVIEW), the owner
// completes it (COMPLETE), gives it back (IN_PROGRESS), or deletes it (DELETED); an owner may submit it too. The
// control set follows.
func (s *Service) MoveDelegation(ctx context.Context, id, actor, delegation string, to DelegationStatus, comment string) error {
	return s.delegation(ctx, id, actor, func(st *State) (*Delegation, error) {
		i := slices.IndexFunc(st.Delegations, func(d Delegation) bool { return d.ID == delegation && d.Status != DelegationDeleted })
		if i < 0 {
			return nil, fmt.Errorf("delegation %s: %w", delegation, ErrNotFound)
		}
		d := st.Delegations[i]
		f := &faults{}
		f.want(slices.Contains(delegationMoves[d.Status], to), "status", "a delegation that is %s cannot become %s", d.Status, to)
		f.want(utf8.RuneCountInString(comment) <= maxDelegation, "comment", "want at most %d characters", maxDelegation)
		f.want(st.owns(actor) || to == DelegationUnderReview && samePerson(d.Role.Name, actor), "status",
			"%s is neither an audit owner, who may do that, nor the delegate who submits it", actor)
		f.want(to != DelegationComplete || !samePerson(d.Role.Name, actor), "status", "%s is the delegate: an audit owner completes the review", actor)
		d.Status, d.Updated = to, whole(s.Now())
		if comment != "" {
			d.Comment = comment
		}
		return &d, f.err()
	})
}

// owns reports whether somebody is an audit owner of the assessment.
func (s *State) owns(name string) bool {
	return slices.ContainsFunc(s.Assessment.Roles, func(r Role) bool { return r.Type == ProcessOwner && samePerson(r.Name, name) })
}

var delegationMoves = map[DelegationStatus][]DelegationStatus{
	DelegationInProgress:  {DelegationUnderReview, DelegationDeleted},
	DelegationUnderReview: {DelegationInProgress, DelegationComplete, DelegationDeleted},
	DelegationComplete:    {DelegationInProgress, DelegationDeleted},
}

// setOf is what a control set becomes when a delegation of it changes.
var setOf = map[DelegationStatus]ReviewStatus{
	DelegationInProgress: SetActive, DelegationUnderReview: UnderReview, DelegationComplete: Reviewed,
}

func (s *Service) delegation(ctx context.Context, id, actor string, decide func(*State) (*Delegation, error)) error {
	_, err := s.change(ctx, id, func(st *State) (*Batch, error) {
		if st.Assessment.Status == Inactive {
			return nil, inactive(&st.Assessment)
		}
		d, err := decide(st)
		if err != nil {
			return nil, err
		}
		e, err := entry(evidence.KindDelegation, s.Now(), actor, "delegation/"+d.ID, d)
		batch := &Batch{Leaves: []Entry{e}}
		if status, ok := setOf[d.Status]; ok && err == nil && st.SetStatus(d.ControlSet) != status {
			var moved Entry
			moved, err = entry(evidence.KindDecision, s.Now(), actor, "control-set/"+d.ControlSet,
				DecisionEvent{ControlSet: d.ControlSet, Status: status, Comment: d.Comment})
			batch.Leaves = append(batch.Leaves, moved)
		}
		return batch, err
	})
	return err
}

// RequestException asks for an exception. It takes effect when somebody else approves it.
func (s *Service) RequestException(ctx context.Context, id, actor string, x Exception) (*Exception, error) {
	x.ID, x.State, x.Requester, x.Approver = s.NewID(), ExceptionInReview, actor, ""
	err := s.exception(ctx, id, actor, func(st *State) (*Exception, error) {
		f := &faults{}
		today := s.Now().UTC().Format(dayLayout)
		f.want(strings.TrimSpace(x.Reason) != "" && utf8.RuneCountInString(x.Reason) <= maxDescription, "reason", "want 1 to %d characters", maxDescription)
		f.want(strings.TrimSpace(x.Compensating) != "" && utf8.RuneCountInString(x.Compensating) <= maxDescription,
			"compensating_control", "say what protects meanwhile, in at most %d characters", maxDescription)
		_, wrong := time.Parse(dayLayout, x.Expires)
		f.want(wrong == nil && x.Expires > today, "expires", "%.20q: want a day after today, as %s", x.Expires, dayLayout)
		f.want(x.Control != "", "controlId", "name the control")
		for _, a := range x.Accounts {
			f.want(accountID.MatchString(a), "accounts", "%q is no account id of 12 digits", a)
		}
		if err := f.err(); err != nil {
			return nil, err
		}
		_, err := s.control(ctx, st, x.ControlSet, x.Control)
		return &x, err
	})
	if err != nil {
		return nil, err
	}
	return &x, nil
}

// DecideException approves, rejects or revokes an exception. The requester cannot approve it.
func (s *Service) DecideException(ctx context.Context, id, actor, exception string, to ExceptionState, comment string) error {
	return s.exception(ctx, id, actor, func(st *State) (*Exception, error) {
		i := slices.IndexFunc(st.Exceptions, func(x Exception) bool { return x.ID == exception })
		if i < 0 {
			return nil, fmt.Errorf("exception %s: %w", exception, ErrNotFound)
		}
		x := st.Exceptions[i]
		f := &faults{}
		switch to {
		case ExceptionApproved, ExceptionRejected:
			f.want(x.State == ExceptionInReview, "state", "it is %s, no longer in review", x.State)
			f.want(!samePerson(actor, x.Requester) || to == ExceptionRejected, "approver", "%s asked for it: somebody else must approve", actor)
			x.Approver = actor
		case ExceptionRevoked:
			f.want(x.State == ExceptionApproved || x.State == ExceptionInReview, "state", "it is %s already", x.State)
		case ExceptionInReview, ExceptionExpired:
			f.want(false, "state", "%q: want approved, rejected or revoked", to)
		default:
			f.want(false, "state", "%q: want approved, rejected or revoked", to)
		}
		f.want(utf8.RuneCountInString(comment) <= maxComment, "comment", "want at most %d characters", maxComment)
		f.want(to != ExceptionApproved || x.Expires >= s.Now().UTC().Format(dayLayout), "expires", "it has ended on %s: ask for a new one", x.Expires)
		x.State, x.Comment = to, comment
		return &x, f.err()
	})
}

func (s *Service) exception(ctx context.Context, id, actor string, decide func(*State) (*Exception, error)) error {
	_, err := s.change(ctx, id, func(st *State) (*Batch, error) {
		if st.Assessment.Status == Inactive {
			return nil, inactive(&st.Assessment)
		}
		x, err := decide(st)
		if err != nil {
			return nil, err
		}
		e, err := entry(evidence.KindException, s.Now(), actor, "exception/"+x.ID, x)
		return &Batch{Leaves: []Entry{e}}, err
	})
	return err
}
