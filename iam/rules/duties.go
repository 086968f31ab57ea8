package rules

import (
	"slices"
	"strings"
	"unicode"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/sar"
	"github.com/assize-dev/assize/iam/sym"
)

// namespaces are the service prefixes that run models of Bedrock.
var namespaces = []string{"bedrock", "bedrock-mantle"}

var (
	running       = []sar.Class{sar.Inference, sar.InferenceIndirect, sar.InferenceBatch}
	administering = []sar.Class{sar.Admin, sar.Governance}
	governing     = []sar.Class{sar.Governance}
)

// bearer opens the door for API keys and runs nothing by itself.
const bearer = "CallWithBearerToken"

// MixedDuties asks whether the principal both runs models of Bedrock (itself, through agents
// and the like, or by jobs) and administers them or what limits them.
func (j *Judge) MixedDuties(p *Principal) Result {
	j.begin()
	r, keep := j.mixedDuties(p)
	if r.Yes() {
		r.Guard = j.withoutClasses(p, administering, keep)
	}
	return r
}

func (j *Judge) mixedDuties(p *Principal) (Result, []sym.Check) {
	runs, none := j.ofClasses(p, running)
	if runs == nil {
		none.Reason = "it runs no models"
		return none, nil
	}
	administers, none := j.ofClasses(p, administering)
	if administers == nil {
		none.Reason = "it runs models and administers nothing"
		return none, nil
	}
	r := Result{Answer: iam.Answer{Verdict: iam.Yes, Reason: "it runs models (" + runs.Action + ") and administers them (" + administers.Action + ")"}}
	r.Witnesses = []Witness{*runs, *administers}
	return r, []sym.Check{in(runs.Action, runs.Resource, p.Account, regionOf(runs.Context))}
}

// Governs asks whether the principal can switch off what controls Bedrock for others: logging of
// invocations, enforced guardrails, guardrails, resource policies, agreements with providers.
func (j *Judge) Governs(p *Principal) Result {
	j.begin()
	w, none := j.ofClasses(p, governing)
	if w == nil {
		return none
	}
	r := Result{Answer: iam.Answer{Verdict: iam.Yes, Reason: "it can call " + w.Action}, Witnesses: []Witness{*w}}
	r.Guard = j.withoutClasses(p, governing, nil)
	return r
}

// ofClasses gives a request of an action in some classes that the principal may make; without
// one, the result says whether there is none.
func (j *Judge) ofClasses(p *Principal, classes []sar.Class) (*Witness, Result) {
	s, err := j.search(&p.Principal)
	if err != nil {
		return nil, cannotTell(err.Error())
	}
	for _, service := range namespaces {
		for _, a := range knownFirst(j.data.OfClass(service, classes...)) {
			if a.Name == bearer {
				continue
			}
			if w := j.reach(s, p, a.String(), nil); w != nil {
				return w, Result{}
			}
		}
	}
	return nil, s.answer(nil, "", "it can call none of these actions")
}

// wellKnown are the actions that tell people most, the first before the others.
var wellKnown = []string{
	"InvokeModel", "InvokeModelWithResponseStream", "InvokeAgent", "CreateInference", "DeleteModelInvocationLoggingConfiguration", "PutModelInvocationLoggingConfiguration",
	"UpdateGuardrail", "DeleteGuardrail", "UpdateAgent", "CreateAgent",
}

func knownFirst(actions []*sar.Action) []*sar.Action {
	var out []*sar.Action
	for _, name := range wellKnown {
		for _, a := range actions {
			if a.Name == name {
				out = append(out, a)
			}
		}
	}
	for _, a := range actions {
		if !slices.Contains(wellKnown, a.Name) {
			out = append(out, a)
		}
	}
	return out
}

// withoutClasses proposes to deny the actions of some classes that the principal may call.
func (j *Judge) withoutClasses(p *Principal, classes []sar.Class, keep []sym.Check) string {
	s, err := j.search(&p.Principal)
	if err != nil {
		return ""
	}
	var patterns []string
	for _, service := range namespaces {
		var allowed []string
		for _, a := range j.data.OfClass(service, classes...) {
			if j.may(s, p, a) {
				allowed = append(allowed, a.Name)
			}
		}
		patterns = append(patterns, j.shorten(service, allowed, classes)...)
	}
	none := func(p *Principal) Result {
		_, r := j.ofClasses(p, classes)
		return r
	}
	if len(patterns) == 0 {
		return ""
	}
	return j.mend(p, []statement{deny(patterns...)}, none, keep...)
}

// shorten gives patterns that take in the actions and, beside them, others of the same classes only.
func (j *Judge) shorten(service string, names []string, classes []sar.Class) []string {
	all := j.data.Actions(service)
	var out []string
	for _, name := range names {
		pattern := name
		for _, start := range starts(name) {
			if !slices.ContainsFunc(all, func(a *sar.Action) bool {
				return strings.HasPrefix(a.Name, start) && !slices.Contains(classes, a.Class)
			}) {
				pattern = start + "*"
				break
			}
		}
		if p := service + ":" + pattern; !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// starts are the starts of a name that end with a word, the name last: "Create", "CreateAgent".
func starts(name string) []string {
	var out []string
	for i, r := range name {
		if i > 0 && unicode.IsUpper(r) {
			out = append(out, name[:i])
		}
	}
	return append(out, name)
}
