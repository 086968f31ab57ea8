package assess

import (
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
)

// judgeLists yields what a check of kind resource has to say about the list
// itself: that it could not be read to its end, that there is nothing to judge,
// or that it is not certain what belongs to AI.
func (a *Assessment) judgeLists(p *Program, account assize.Account, in, out int) bool {
	typ := p.Check.Subject.Type
	var notOffered, listed []string
	gaps, deferred := 0, 0
	for _, region := range a.graph.Regions(typ, account) {
		c := a.graph.Coverage(typ, account.ID, region)
		switch {
		case c.Gap != nil && c.Gap.Cause == assize.DeferredToLive:
			deferred++
		case c.Gap != nil:
			gaps++
			f := a.listFinding(p, account.ID, region)
			Inconclusive(f, c.Gap.Unknown())
			if !a.yield(f) {
				return false
			}
		case c.NotOffered != "":
			notOffered = append(notOffered, region+" ("+c.NotOffered+")")
		default:
			listed = append(listed, region)
		}
	}
	f := a.listFinding(p, account.ID, "")
	if a.scope != nil && out > 0 {
		if doubt := a.scope.Doubt(typ, account.ID); doubt != nil {
			Inconclusive(f, doubt)
			f.Reason = fmt.Sprintf("%d more may belong to AI, which could not be decided: %s", out, explain(doubt))
			return a.yield(f)
		}
	}
	switch {
	case in > 0 || gaps > 0:
		return true
	case deferred > 0:
		a.noneInPlan(p, f, out)
	case out > 0:
		f.Outcome = assize.NotApplicable
		f.Reason = fmt.Sprintf("none of the %d in the account belongs to AI", out)
	case len(listed) == 0 && len(notOffered) > 0:
		f.Outcome = assize.NotApplicable
		f.Reason = "the service is not offered in " + strings.Join(notOffered, ", ")
	default:
		a.none(p, f, "there is none in "+strings.Join(listed, ", "))
	}
	if len(listed)+len(notOffered) == 1 {
		f.Region = slices.Concat(listed, a.graph.Regions(typ, account))[0]
	}
	return a.yield(f)
}

// noneInPlan says what it means that a plan makes none: nothing to judge, or that only
// the account knows whether there is the one that has to be.
func (a *Assessment) noneInPlan(p *Program, f *assize.Finding, out int) {
	switch {
	case p.Check.Subject.None != assize.NoneNotApplicable, a.accountHasIt(p):
		Inconclusive(f, &assize.Unknown{Cause: assize.DeferredToLive, Detail: "the plan makes none; the account may have one"})
	case out > 0:
		f.Outcome = assize.NotApplicable
		f.Reason = fmt.Sprintf("none of the %d that the plan makes belongs to AI", out)
	default:
		f.Outcome = assize.NotApplicable
		f.Reason = "the plan makes none"
	}
}

// accountHasIt reports whether the subject guards the whole account, whatever a plan makes.
func (a *Assessment) accountHasIt(p *Program) bool {
	d := a.graph.Definition(p.Check.Subject.Type)
	return d != nil && d.AccountWide
}

func (a *Assessment) listFinding(p *Program, account, region string) *assize.Finding {
	return &assize.Finding{Check: p.Check, Account: account, Region: region, Scope: "the list of the account"}
}

// none says what the check declares that "there is none" means.
func (a *Assessment) none(p *Program, f *assize.Finding, what string) {
	switch s := p.Check.Subject; s.None {
	case assize.NoneFails:
		f.Outcome = assize.Fail
		f.Reason = what + ": " + p.Check.Fails
	case assize.NoneNotApplicable:
		f.Outcome = assize.NotApplicable
		f.Reason = what
	case assize.NoneAsProfile:
		required, decided := a.profileBool(s.Profile)
		switch {
		case !decided:
			f.Outcome = assize.Manual
			f.Reason = what + "; the organisation has not decided whether there must be: set " + s.Profile + " in the profile"
		case required:
			f.Outcome = assize.Fail
			f.Reason = what + ", and the profile demands it (" + s.Profile + ")"
		default:
			f.Outcome = assize.NotApplicable
			f.Reason = what + ", and the profile does not demand it (" + s.Profile + ")"
		}
	}
}

// profileBool returns a bool field of the profile, or its default.
func (a *Assessment) profileBool(name string) (value, decided bool) {
	if b, ok := a.profile.Values.Get(name).(bool); ok {
		return b, true
	}
	for i := range a.engine.compiler.fields {
		if f := &a.engine.compiler.fields[i]; f.Name == name {
			b, ok := f.Default.(bool)
			return b, ok
		}
	}
	return false, false
}
