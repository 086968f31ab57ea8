package rules

import (
	"maps"
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/sym"
)

const (
	factorKey    = "aws:MultiFactorAuthPresent"
	factorAge    = "aws:MultiFactorAuthAge"
	transportKey = "aws:SecureTransport"
	throughKey   = "aws:ViaAWSService"
)

// runs are the ways to run a model: by a call, by a batch job, in the bedrock-mantle namespace.
var runs = append(slices.Clone(invocations), batchAction, mantleAction)

// withoutFactor are the requests without a second factor: those with long-term keys, which have
// no such key in their context, and those of sessions that began without one ("AWS global
// condition context keys", aws:MultiFactorAuthPresent).
var withoutFactor = []map[string][]string{
	{factorKey: nil, factorAge: nil},
	{factorKey: {"false"}, factorAge: nil},
}

// withFactor are those with one.
var withFactor = map[string][]string{factorKey: {"true"}}

// WithoutFactor asks whether the principal can run a model without having shown a second factor.
// Calls that a service makes for the principal count: what one answers (RetrieveAndGenerate) comes
// from a model, too. They do not where every call that the principal makes itself demands a factor, since a service
// makes its own after one of those.
//
// It proposes a policy for users alone. Sessions that AssumeRole gave carry no sign of a
// second factor ("Secure API access with MFA"), so that the same policy would cut a role off; there
// [Judge.TakenOnWithoutFactor] proposes the trust policy.
func (j *Judge) WithoutFactor(p *Principal) Result {
	j.begin()
	r := j.withoutFactor(p)
	if r.Yes() && p.Kind == iam.User {
		guard := deny(runs...).when("BoolIfExists", factorKey, "false")
		r.Guard = j.mend(p, []statement{guard}, j.withoutFactor, kept(r.Witnesses, withFactor)...)
	}
	return r
}

func (j *Judge) withoutFactor(p *Principal) Result {
	r := j.runsWith(p, withoutFactor, "without a second factor", "it runs models after a second factor only")
	if !r.Yes() {
		return r
	}
	return j.throughServices(p, r)
}

// WithoutTLS asks whether the policies let the principal run a model by a request of its own
// that is not encrypted. What a service sends for it is the service's matter.
func (j *Judge) WithoutTLS(p *Principal) Result {
	j.begin()
	r := j.withoutTLS(p)
	if r.Yes() {
		guard := deny(runs...).when("Bool", transportKey, "false")
		r.Guard = j.mend(p, []statement{guard}, j.withoutTLS, kept(r.Witnesses, map[string][]string{transportKey: {"true"}})...)
	}
	return r
}

func (j *Judge) withoutTLS(p *Principal) Result {
	plain := []map[string][]string{{transportKey: {"false"}, throughKey: {"false"}}}
	return j.runsWith(p, plain, "by a request without TLS", "it runs models by requests with TLS only")
}

// runsWith asks whether the principal can run a model in one of the contexts. It gives a witness for
// each way, two at most.
func (j *Judge) runsWith(p *Principal, contexts []map[string][]string, how, none string) Result {
	s, err := j.search(&p.Principal)
	if err != nil {
		return cannotTell(err.Error())
	}
	var ways []string
	var found []Witness
	for _, action := range runs {
		for _, fixed := range contexts {
			if slices.Contains(ways, action) {
				continue
			}
			if w := j.reach(s, p, action, fixed); w != nil {
				ways, found = append(ways, action), append(found, *w)
			}
		}
	}
	if len(found) == 0 {
		return s.answer(nil, "", none)
	}
	out := s.answer(&found[0], "it can run a model "+how+" by "+strings.Join(ways, ", "), "")
	out.Witnesses = found[:min(len(found), 2)]
	return out
}

// kept are the checks of witnesses, made with what is demanded, that the policy proposed must leave as
// they are.
func kept(witnesses []Witness, demanded map[string][]string) []sym.Check {
	var out []sym.Check
	for _, w := range witnesses {
		c := w.check
		c.Fixed = maps.Clone(c.Fixed)
		delete(c.Fixed, factorAge)
		maps.Copy(c.Fixed, demanded)
		out = append(out, c)
	}
	return out
}
