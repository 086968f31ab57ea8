package rules

import (
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
)

const (
	callerARN     = "aws:PrincipalArn"
	callerAccount = "aws:PrincipalAccount"
	callerName    = "aws:username"
	// strangerAccount is that of nobody.
	strangerAccount = "000000000000"
)

// TakenOnWithoutFactor asks whether somebody can take on the role without having shown a second factor.
// What callers may do by their own policies is not looked at; the service control policies over them count as
// far as t gives them.
//
// Services, and people whom an identity provider signs in, are left out: those have no factor to
// show, and of these AWS does not know it ("Secure API access with MFA"). Sessions of
// another role carry no sign of a factor either; whether they began with one is asked of that
// role, whose trust roles gives, or says that it is not known.
func (j *Judge) TakenOnWithoutFactor(t Trust, roles func(arn string) (Trust, bool)) Result {
	j.begin()
	r := j.takenOn(t, roles, map[string]bool{t.Role: true})
	if r.Yes() {
		r.Guard = j.mendFactor(t, roles)
	}
	return r
}

func (j *Judge) takenOn(t Trust, roles func(string) (Trust, bool), seen map[string]bool) Result {
	if reason, ok := t.Policy.Readable(); !ok {
		return cannotTell(reason)
	}
	c := t.callers()
	undecided, possible := c.undecided, map[string]bool{}
	for _, account := range sortedKeys(c.byAccount) {
		r, takes := j.takenOnBy(t, c.byAccount[account], roles, seen)
		switch {
		case r.Yes():
			return r
		case r.Undecided():
			undecided = r.Reason
		}
		if takes {
			possible[account], possible[anything] = true, true
		}
	}
	for _, account := range c.trusted {
		if undecided == "" && !possible[account] {
			undecided = "no caller was found that the trust in " + account + " lets take on the role"
		}
	}
	if undecided != "" {
		return cannotTell(undecided)
	}
	return Result{Answer: iam.Answer{Verdict: iam.No, Reason: "whoever takes on the role has shown a second factor, or has none to show"}}
}

// takenOnBy asks the callers of an account; possible says whether one can take on the role at all.
func (j *Judge) takenOnBy(t Trust, list []string, roles func(string) (Trust, bool), seen map[string]bool) (out Result, possible bool) {
	out = Result{Answer: iam.Answer{Verdict: iam.No}}
	for _, caller := range list {
		w, why := j.takesOnWithout(t, caller)
		if why != "" {
			out = cannotTell(why)
		}
		if w == nil {
			with, _ := j.takesOn(t, caller, nil, withFactor)
			possible = possible || with != nil
			continue
		}
		possible = true
		if roleOf(caller) == "" {
			who := "account " + accountOf(caller)
			if accountOf(caller) == strangerAccount {
				who = "any account"
			}
			return Result{Answer: iam.Answer{Verdict: iam.Yes, Reason: who + " can take on the role without a second factor"}, Witnesses: []Witness{*w}}, true
		}
		switch r := j.throughRole(*w, roleOf(caller), roles, seen); {
		case r.Yes():
			return r, true
		case r.Undecided():
			out = r
		}
	}
	return out, possible
}

// takesOnWithout gives a request by which a caller takes on the role without a second factor.
func (j *Judge) takesOnWithout(t Trust, caller string) (w *Witness, undecided string) {
	for _, fixed := range withoutFactor {
		w, why := j.takesOn(t, caller, nil, fixed)
		if w != nil {
			return w, ""
		}
		if why != "" {
			undecided = why
		}
	}
	return nil, undecided
}

// throughRole asks the same of a role whose sessions take on another one by the request given.
func (j *Judge) throughRole(w Witness, role string, roles func(string) (Trust, bool), seen map[string]bool) Result {
	if seen[role] {
		return Result{Answer: iam.Answer{Verdict: iam.No}} // it is being asked already
	}
	seen[role] = true
	t, known := roles(role)
	if !known {
		return cannotTell("sessions of " + role + " take on the role, and whether they began with a second factor is not known")
	}
	r := j.takenOn(t, roles, seen)
	if r.Yes() {
		r.Reason = "sessions of " + role + " take on the role, and " + strings.Replace(r.Reason, "the role", "that one", 1)
		r.Witnesses = append([]Witness{w}, r.Witnesses...)
	}
	return r
}

// TrustsAccounts asks whether a trust policy names accounts, users or roles that take on the role, or all of
// them, and not services and identity providers alone.
func TrustsAccounts(trust *iam.Policy) iam.Answer {
	if trust == nil {
		return iam.Answer{Verdict: iam.No, Reason: "there is no trust policy"}
	}
	if reason, ok := trust.Readable(); !ok {
		return iam.Answer{Verdict: iam.CannotTell, Reason: reason}
	}
	for i := range trust.Len() {
		s := trust.Statement(i)
		entries, negated := s.Principals()
		named := negated || slices.ContainsFunc(entries, func(e iam.PrincipalEntry) bool { return e.Kind == "AWS" || e.Kind == "*" })
		if s.Effect() == iam.Allow && s.MatchesAction(assumeAction) && named {
			return iam.Answer{Verdict: iam.Yes, Reason: "accounts, users or roles take on the role", Statements: []int{i}}
		}
	}
	return iam.Answer{Verdict: iam.No, Reason: "services and identity providers alone take on the role"}
}

// roleOf is the role of a caller, "" for one that is none: of a session its path is not known.
func roleOf(caller string) string {
	parts := strings.SplitN(caller, ":", 6)
	if len(parts) < 6 {
		return ""
	}
	switch name := strings.Split(parts[5], "/"); {
	case name[0] == "role":
		return caller
	case name[0] == "assumed-role" && len(name) > 1:
		return strings.Join([]string{parts[0], parts[1], "iam", "", parts[4], "role/" + name[1]}, ":")
	}
	return ""
}

// mendFactor proposes the trust policy with a second factor demanded of accounts and users, "" where that does
// not help. Roles are left as they are: their sessions could not show one.
func (j *Judge) mendFactor(t Trust, roles func(string) (Trust, bool)) string {
	mended, text := t.demanding("Bool", factorKey, "true", func(principal string) bool {
		return principal == anything || accountOf(principal) != "" && roleOf(principal) == ""
	})
	if text == "" || !j.takenOn(mended, roles, map[string]bool{t.Role: true}).No() {
		return ""
	}
	for _, list := range t.callers().byAccount {
		for _, caller := range list {
			before, _ := j.takesOn(t, caller, nil, withFactor)
			after, _ := j.takesOn(mended, caller, nil, withFactor)
			if (before != nil) != (after != nil) {
				return ""
			}
		}
	}
	return text
}
