package assessment

import (
	"context"
	"fmt"
	"slices"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/evidence"
)

// deployment is the scope of what concerns all assessments.
const deployment = ""

// Workloads returns the register of AI workloads, in the order in which they were registered.
func (s *Service) Workloads(ctx context.Context) ([]assize.Workload, error) {
	var register []assize.Workload
	for stored, err := range s.store.ScopeLeaves(ctx, deployment, 0, evidence.KindWorkload) {
		if err != nil {
			return nil, fmt.Errorf("workload register: %w", err)
		}
		e, err := body[WorkloadEvent](stored.Leaf)
		if err != nil {
			return nil, fmt.Errorf("workload register: leaf %d: %w", stored.Sequence, err)
		}
		same := func(w assize.Workload) bool { return w.ID == e.Workload.ID }
		if e.Retired {
			register = slices.DeleteFunc(register, same)
		} else {
			register = put(register, e.Workload, same)
		}
	}
	return register, nil
}

// PutWorkload registers a workload or changes it.
func (s *Service) PutWorkload(ctx context.Context, actor string, w assize.Workload) error {
	if err := ValidateWorkload(&w); err != nil {
		return err
	}
	return s.deployment(ctx, evidence.KindWorkload, actor, "workload/"+w.ID, WorkloadEvent{Workload: w})
}

// RetireWorkload takes a workload off the register.
func (s *Service) RetireWorkload(ctx context.Context, actor, id string) error {
	register, err := s.Workloads(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(register, func(w assize.Workload) bool { return w.ID == id })
	if i < 0 {
		return fmt.Errorf("workload %s: %w", id, ErrNotFound)
	}
	return s.deployment(ctx, evidence.KindWorkload, actor, "workload/"+id, WorkloadEvent{Workload: register[i], Retired: true})
}

// deployment appends a leaf that concerns all assessments.
func (s *Service) deployment(ctx context.Context, kind evidence.Kind, actor, subject string, event any) error {
	e, err := entry(kind, s.Now(), actor, subject, event)
	if err != nil {
		return err
	}
	_, err = s.store.Commit(ctx, Batch{Scope: deployment, Leaves: []Entry{e}})
	return err
}

// PublishFramework records that a version of a framework is used by the deployment, once per digest.
// Its canonical JSON must be in the blob store already, at the location given.
func (s *Service) PublishFramework(ctx context.Context, actor string, ref FrameworkRef, at BlobLocation) error {
	for stored, err := range s.store.ScopeLeaves(ctx, deployment, 0, evidence.KindFramework) {
		if err != nil {
			return fmt.Errorf("publish framework %s: %w", ref.ID, err)
		}
		if stored.Leaf.Digest == ref.Digest {
			return nil
		}
	}
	e, err := entry(evidence.KindFramework, s.Now(), actor, "framework/"+ref.ID, FrameworkEvent{Framework: ref})
	if err != nil {
		return err
	}
	e.Leaf.Digest = ref.Digest
	_, err = s.store.Commit(ctx, Batch{Scope: deployment, Key: "framework/" + ref.Digest.String(), Leaves: []Entry{e}, Blobs: blobs(at)})
	return err
}

// blobs lists the locations that are set.
func blobs(at ...BlobLocation) []BlobLocation {
	return slices.DeleteFunc(at, func(l BlobLocation) bool { return l.Segment == "" })
}

// Hold sets or lifts a legal hold on an assessment: while one stands nothing of it is destroyed.
func (s *Service) Hold(ctx context.Context, id, actor, matter string, lift bool) error {
	_, err := s.change(ctx, id, func(st *State) (*Batch, error) {
		if matter == "" || lift && !st.Holds[matter] {
			return nil, fmt.Errorf("legal hold %q on assessment %s: %w", matter, id, ErrNotFound)
		}
		e, err := entry(evidence.KindHold, s.Now(), actor, "hold/"+matter, HoldEvent{Matter: matter, Lifted: lift})
		return &Batch{Leaves: []Entry{e}}, err
	})
	return err
}

// PublishKey records a key of the ledger, once.
func (s *Service) PublishKey(ctx context.Context, actor, verifier string) error {
	e, err := entry(evidence.KindKey, s.Now(), actor, KeySubject(verifier), KeyEvent{Verifier: verifier})
	if err != nil {
		return err
	}
	if _, err = s.store.Commit(ctx, Batch{Scope: deployment, Key: "key/" + verifier, Leaves: []Entry{e}}); err != nil {
		return fmt.Errorf("publish the key of the ledger: %w", err)
	}
	return nil
}

// KeySubject is the subject of the leaf about a key of the ledger, by the text of its verifier.
func KeySubject(verifier string) string { return "key/" + verifier }

// Acknowledge records that an operator knows that the database had been set back behind, or is
// inconsistent with, a checkpoint that was published. found is the size of the ledger now.
func (s *Service) Acknowledge(ctx context.Context, actor, published string, found int64, reason string) error {
	if reason == "" {
		return &ValidationError{Fields: []Fault{{"reason", "say what happened to the database"}}}
	}
	return s.deployment(ctx, evidence.KindAcknowledgement, actor, "checkpoint",
		AcknowledgementEvent{Published: published, Found: found, Reason: reason})
}

// Acknowledged reports whether an operator has acknowledged that the ledger does not continue a published checkpoint.
func (s *Service) Acknowledged(ctx context.Context, published string) (bool, error) {
	for stored, err := range s.store.ScopeLeaves(ctx, deployment, 0, evidence.KindAcknowledgement) {
		if err != nil {
			return false, fmt.Errorf("acknowledgements: %w", err)
		}
		e, err := body[AcknowledgementEvent](stored.Leaf)
		if err != nil {
			return false, fmt.Errorf("acknowledgement: leaf %d: %w", stored.Sequence, err)
		}
		if e.Published == published {
			return true, nil
		}
	}
	return false, nil
}
