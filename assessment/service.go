package assessment

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/evidence"
)

// ServiceStore is what the service needs of a store.
type ServiceStore interface {
	Ledger
	Reader
}

// Config gives the service what is not pure.
type Config struct {
	// Now is the clock, NewID makes lower-case UUIDs.
	Now   func() time.Time
	NewID func() string
	// Framework loads the text that an assessment has pinned.
	Framework func(ctx context.Context, ref FrameworkRef) (*assize.Framework, error)
	// Connected reports whether a kind of source is connected; nil: checks and API snapshots are.
	Connected func(assize.ExpectationKind) bool
	// StaleAfter is how old the last run may be; 0: three days.
	StaleAfter time.Duration
}

// Service carries out what people and jobs ask of assessments: it validates, makes the leaves
// and commits them. It holds no state.
type Service struct {
	store ServiceStore
	Config
}

// defaultStale is how old the last run may be: collection runs daily, and may miss two days.
const defaultStale = 72 * time.Hour

// NewService makes a service.
func NewService(store ServiceStore, config Config) *Service {
	if config.StaleAfter == 0 {
		config.StaleAfter = defaultStale
	}
	if config.Connected == nil {
		config.Connected = func(k assize.ExpectationKind) bool { return k == assize.ByCheck || k == assize.ByAPI }
	}
	return &Service{store: store, Config: config}
}

// attempts bounds how often a change is tried again when somebody else was faster.
const attempts = 10

// State folds the leaves of an assessment. ErrNotFound when there is none, or it was deleted.
func (s *Service) State(ctx context.Context, id string) (*State, error) {
	state := NewState()
	if err := state.Fold(s.store.ScopeLeaves(ctx, id, 0, StateKinds...)); err != nil {
		return nil, fmt.Errorf("assessment %s: %w", id, err)
	}
	if state.Assessment.ID == "" || state.Deleted {
		return nil, fmt.Errorf("assessment %s: %w", id, ErrNotFound)
	}
	return state, nil
}

// change folds the state, lets decide make a batch of it and commits that; it tries again when
// the state has changed meanwhile. A nil batch changes nothing.
func (s *Service) change(ctx context.Context, id string, decide func(*State) (*Batch, error)) ([]Position, error) {
	for range attempts {
		state, err := s.State(ctx, id)
		if err != nil {
			return nil, err
		}
		batch, err := decide(state)
		if err != nil || batch == nil {
			return nil, err
		}
		batch.Scope, batch.Guard, batch.After = id, StateKinds, state.Sequence
		positions, err := s.store.Commit(ctx, *batch)
		if !errors.Is(err, ErrConflict) {
			return positions, err
		}
	}
	return nil, fmt.Errorf("assessment %s: %w: it was changed by others %d times in a row", id, ErrConflict, attempts)
}

// Create makes an assessment. Status, Created, Updated and CreatedBy are filled in, and the ID unless there is one; the
// creator becomes an audit owner when nobody else is.
func (s *Service) Create(ctx context.Context, a Assessment, actor string) (*Assessment, error) {
	now := whole(s.Now())
	a.ID = cmp.Or(a.ID, s.NewID())
	a.Status, a.Created, a.Updated, a.CreatedBy = Active, now, now, actor
	if a.Cadence == "" {
		a.Cadence = "FREQ=DAILY"
	}
	if len(a.Roles) == 0 {
		a.Roles = []Role{{Type: ProcessOwner, Name: actor}}
	}
	if err := a.Validate(); err != nil {
		return nil, err
	}
	e, err := entry(evidence.KindAssessment, now, actor, "assessment/"+a.ID, AssessmentEvent{Action: "CREATE", Assessment: a})
	if err != nil {
		return nil, err
	}
	_, err = s.store.Commit(ctx, Batch{Scope: a.ID, Guard: StateKinds, Leaves: []Entry{e}, Assessment: &a})
	if err != nil {
		return nil, fmt.Errorf("create assessment %q: %w", a.Name, err)
	}
	return &a, nil
}

// Update changes the fields that edit changes; ID, framework, status and creation stay.
func (s *Service) Update(ctx context.Context, id, actor string, edit func(*Assessment)) (*Assessment, error) {
	return s.assessment(ctx, id, actor, "UPDATE_METADATA", func(a *Assessment) error {
		if a.Status == Inactive {
			return inactive(a)
		}
		before := *a
		edit(a)
		a.ID, a.Framework, a.Status, a.Created, a.CreatedBy = before.ID, before.Framework, before.Status, before.Created, before.CreatedBy
		return a.Validate()
	})
}

// SetStatus completes an assessment (Inactive: collection stops, people read only) or reopens it.
func (s *Service) SetStatus(ctx context.Context, id, actor string, status Status) (*Assessment, error) {
	if status != Active && status != Inactive {
		return nil, &ValidationError{Fields: []Fault{{"status", "want ACTIVE or INACTIVE"}}}
	}
	return s.assessment(ctx, id, actor, string(status), func(a *Assessment) error {
		a.Status = status
		return nil
	})
}

// Delete deletes an assessment. Its leaves stay in the ledger; bodies are destroyed by retention.
func (s *Service) Delete(ctx context.Context, id, actor string) error {
	_, err := s.change(ctx, id, func(st *State) (*Batch, error) {
		if len(st.Holds) > 0 {
			return nil, fmt.Errorf("delete assessment %s: a legal hold stands on it: lift it first: %s", id, st.matters())
		}
		a := st.Assessment
		a.Status, a.Updated = Inactive, whole(s.Now())
		e, err := entry(evidence.KindAssessment, a.Updated, actor, "assessment/"+id, AssessmentEvent{Action: "DELETE", Assessment: a})
		return &Batch{Leaves: []Entry{e}, Assessment: &a, Deleted: true}, err
	})
	return err
}

func (s *Service) assessment(ctx context.Context, id, actor, action string, edit func(*Assessment) error) (*Assessment, error) {
	var out *Assessment
	_, err := s.change(ctx, id, func(st *State) (*Batch, error) {
		a := st.Assessment
		a.Tags, a.Roles, a.Accounts = cloneMap(a.Tags), slices.Clone(a.Roles), slices.Clone(a.Accounts)
		if err := edit(&a); err != nil {
			return nil, err
		}
		a.Updated, out = whole(s.Now()), &a
		e, err := entry(evidence.KindAssessment, a.Updated, actor, "assessment/"+id, AssessmentEvent{Action: action, Assessment: a})
		return &Batch{Leaves: []Entry{e}, Assessment: &a}, err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func cloneMap(m map[string]string) map[string]string {
	if m == nil {
		return nil
	}
	out := make(map[string]string, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
}

func inactive(a *Assessment) error {
	return &ValidationError{Fields: []Fault{{"assessmentId", "assessment " + a.ID + " is INACTIVE: reopen it before changing it"}}}
}

// control finds a control in the pinned framework, so that nothing is said about one that is not there.
func (s *Service) control(ctx context.Context, st *State, set, control string) (*assize.Control, error) {
	fw, err := s.Framework(ctx, st.Assessment.Framework)
	if err != nil {
		return nil, fmt.Errorf("assessment %s: framework: %w", st.Assessment.ID, err)
	}
	for g := range fw.Groups {
		if fw.Groups[g].ID != set {
			continue
		}
		if control == "" {
			return nil, nil //nolint:nilnil // a set that is there, asked for without a control
		}
		for c := range fw.Groups[g].Controls {
			if fw.Groups[g].Controls[c].ID == control {
				return &fw.Groups[g].Controls[c], nil
			}
		}
	}
	return nil, fmt.Errorf("control %q of control set %q in framework %s: %w", control, set, fw.ID, ErrNotFound)
}

// Status derives the status of every control of an assessment.
func (s *Service) Status(ctx context.Context, id string) ([]Derived, error) {
	st, err := s.State(ctx, id)
	if err != nil {
		return nil, err
	}
	fw, err := s.Framework(ctx, st.Assessment.Framework)
	if err != nil {
		return nil, fmt.Errorf("assessment %s: framework: %w", id, err)
	}
	tallies, err := s.store.Tallies(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("assessment %s: %w", id, err)
	}
	if err := s.except(ctx, st, fw, tallies); err != nil {
		return nil, fmt.Errorf("assessment %s: exceptions: %w", id, err)
	}
	occurrences, err := s.store.Occurrences(ctx, OccurrenceQuery{Assessment: id})
	if err != nil {
		return nil, fmt.Errorf("assessment %s: %w", id, err)
	}
	workloads, err := s.Workloads(ctx)
	if err != nil {
		return nil, err
	}
	return Derive(Inputs{
		Framework: fw, State: st, Tallies: tallies, Occurrences: occurrences, Connected: s.Connected,
		Applies: applies(&st.Assessment, workloads), StaleAfter: s.StaleAfter, Now: s.Now(),
	}), nil
}

// applies holds a control against the workloads of the assessment: it concerns the assessment when it
// concerns one of them.
func applies(a *Assessment, register []assize.Workload) func(*assize.Control) (bool, string) {
	if len(a.Workloads) == 0 {
		return nil
	}
	return func(c *assize.Control) (bool, string) {
		if c.AppliesTo == nil {
			return true, ""
		}
		why := ""
		for _, id := range a.Workloads {
			i := slices.IndexFunc(register, func(w assize.Workload) bool { return w.ID == id })
			if i < 0 {
				return true, "workload " + id + " is not registered" // what is not known may be concerned
			}
			concerns, reason := c.AppliesTo.AppliesTo(&register[i])
			if concerns {
				return true, reason
			}
			why = register[i].Name + ": " + reason
		}
		return false, why
	}
}

// except counts the fails of the last run that decide and that exceptions cover now.
func (s *Service) except(ctx context.Context, st *State, fw *assize.Framework, tallies []Tally) error {
	now := s.Now()
	decides := map[ControlKey]func(string) bool{}
	for g := range fw.Groups {
		for c := range fw.Groups[g].Controls {
			control := &fw.Groups[g].Controls[c]
			decides[ControlKey{fw.Groups[g].ID, control.ID}] = control.Decides
		}
	}
	for i := range tallies {
		t := &tallies[i]
		var held []*Exception
		for j := range st.Exceptions {
			x := &st.Exceptions[j]
			if x.Holds(now) && x.ControlSet == t.ControlSet && x.Control == t.Control {
				held = append(held, x)
			}
		}
		decide := decides[ControlKey{t.ControlSet, t.Control}]
		if len(held) == 0 || t.Counts.Fail == 0 || decide == nil {
			continue
		}
		q := EvidenceQuery{
			Assessment: st.Assessment.ID, ControlSet: t.ControlSet, Control: t.Control, Expectation: t.Expectation, Run: t.Run, Outcome: assize.Fail,
		}
		for stored, err := range s.store.Evidence(ctx, q) {
			if err != nil {
				return err
			}
			e := &stored.Evidence
			if decide(e.EventName) && slices.ContainsFunc(held, func(x *Exception) bool { return x.Covers(e) }) {
				t.Excepted++
			}
		}
	}
	return nil
}
