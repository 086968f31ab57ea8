package plan

import (
	"fmt"
	"slices"
)

// runEndpoint: an endpoint serves a model under the role of the model.
func (b *builder) runEndpoint(action string) error {
	if b.at.service != "sagemaker" {
		return fmt.Errorf("%s is no resource of SageMaker: %w", b.Call.Target, ErrTarget)
	}
	b.add(action, b.Call.Target, "the call itself", nil)
	if Kind(b.at.kind()) == InferenceComponent {
		b.note(noteComponent)
		r := b.cat.Find(b.Call.Target)
		if r == nil {
			b.lacks(b.cat.missing(InferenceComponent, b.Call.Target))
			return nil
		}
		for _, endpoint := range r.Members {
			b.add(action, endpoint, "the endpoint of the component", nil)
		}
		return nil
	}
	if r := b.cat.Find(b.Call.Target); r != nil {
		b.run(r, Program, "execution role")
	}
	return nil
}

// transform: a batch job runs a model under the role of the model; no role is passed. A call that
// names the model alone is about a job of a name that no policy fixes.
func (b *builder) transform(action string) error {
	var keys map[string][]string
	if b.Call.Model != "" {
		keys = map[string][]string{"sagemaker:ModelArn": {b.Call.Model}}
	}
	target := b.Call.Target
	if b.at.kind() == string(Model) {
		keys = map[string][]string{"sagemaker:ModelArn": {target}}
		b.Call.Model = target
		target = b.at.beside("sagemaker", "transform-job/"+someID)
	}
	b.add(action, target, "the job", keys)
	if r := b.cat.Find(b.Call.Model); r != nil {
		b.run(r, Program, "execution role")
	}
	return nil
}

// takeOver: who opens a notebook or a Studio domain works with its execution role.
func (b *builder) takeOver(action string) error {
	if !slices.Contains([]Kind{Notebook, Domain, UserProfile}, Kind(b.at.kind())) {
		return fmt.Errorf("%s is no notebook, domain or user profile: %w", b.Call.Target, ErrTarget)
	}
	b.add(action, b.Call.Target, "the call itself", nil)
	r := b.cat.Find(b.Call.Target)
	if r == nil {
		b.lacks(b.cat.missing(Kind(b.at.kind()), b.Call.Target))
		return nil
	}
	b.run(r, Full, "execution role")
	return nil
}
