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
// What callers may do by their own policies is not looked at.
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

// callers are those to try a trust policy with.
type callers struct {
	byAccount map[string][]string // ARNs
	// trusted are the accounts that the principals of the policy belong to, "*" for any.
	trusted []string
	// undecided says why there may be others.
	undecided string
}

// callers are the users and roles that the policy names, in its principals or conditions, and for each
// account one user and one role that nothing names.
func (t Trust) callers() callers {
	out := callers{byAccount: map[string][]string{}}
	for i := range t.Policy.Len() {
		s := t.Policy.Statement(i)
		entries, negated := s.Principals()
		if s.Effect() != iam.Allow || !s.MatchesAction(assumeAction) {
			continue
		}
		if negated {
			out.undecided = "the policy says whom it does not trust"
		}
		for _, e := range entries {
			switch account := accountOf(e.Value); {
			case negated || e.Kind != "AWS" && e.Kind != "*":
			case e.Value == anything:
				out.trusted = append(out.trusted, anything)
				out.add(t, t.Account, "")
				out.add(t, strangerAccount, "")
			case account != "":
				out.trusted = append(out.trusted, account)
				out.add(t, account, e.Value)
			} // anything else is the id of a principal that was deleted
		}
	}
	if len(out.byAccount) == 0 {
		return out
	}
	for i := range t.Policy.Len() {
		for _, c := range t.Policy.Statement(i).Conditions() {
			out.named(t, c)
		}
	}
	return out
}

// add notes a caller, "" for none, of an account.
func (c *callers) add(t Trust, account, arn string) {
	list := c.byAccount[account]
	if list == nil {
		list = []string{t.principal(account, "user/"+fresh), t.principal(account, "role/"+fresh)}
	}
	_, err := iam.ParsePrincipal(arn)
	switch {
	case err != nil || strings.HasSuffix(arn, ":root") || slices.Contains(list, arn):
	case len(list) == maxPatterns:
		c.undecided = "the policy names more callers of account " + account + " than are tried"
	default:
		list = append(list, arn)
	}
	c.byAccount[account] = list
}

// some puts a text in place of the wildcards of a pattern.
var some = strings.NewReplacer("*", fresh, "?", "z")

// named adds the callers that a condition is about. Of aws:userid nothing is known, so that the engine tries
// every value.
func (c *callers) named(t Trust, condition iam.ConditionEntry) {
	for _, v := range condition.Values {
		switch {
		case strings.EqualFold(condition.Key, callerAccount) && accountID.MatchString(v):
			c.add(t, v, "")
		case strings.EqualFold(condition.Key, callerName):
			if strings.Contains(v, "${") {
				c.undecided = "no caller was found whose name is like " + v
			}
			for _, account := range sortedKeys(c.byAccount) {
				c.add(t, account, t.principal(account, "user/"+some.Replace(v)))
			}
		case strings.EqualFold(condition.Key, callerARN):
			c.like(t, v)
		}
	}
}

// like adds callers whose ARN a pattern takes. The ARN of a session is that of its role, and a root user takes on
// no role.
func (c *callers) like(t Trust, pattern string) {
	accounts, name := sortedKeys(c.byAccount), some.Replace(pattern)
	if parts := strings.SplitN(pattern, ":", 6); len(parts) == 6 {
		name = some.Replace(parts[5])
		if parts[2] == "sts" || name == "root" {
			return
		}
		if accountID.MatchString(parts[4]) {
			accounts = []string{parts[4]}
		}
	}
	names := []string{name}
	if kind, _, _ := strings.Cut(name, "/"); kind != "user" && kind != "role" {
		names = []string{"user/" + name, "role/" + name}
	}
	found := false
	for _, account := range accounts {
		for _, n := range names {
			c.add(t, account, t.principal(account, n))
		}
		found = found || slices.ContainsFunc(c.byAccount[account], func(arn string) bool { return globbed(arn, strings.ReplaceAll(pattern, "?", "*")) })
	}
	if !found {
		c.undecided = "no caller was found whose ARN is like " + pattern
	}
}

// principal is an ARN of IAM in the partition of the role.
func (t Trust) principal(account, name string) string {
	partition := "aws"
	if parts := strings.SplitN(t.Role, ":", 3); len(parts) == 3 {
		partition = parts[1]
	}
	return "arn:" + partition + ":iam::" + account + ":" + name
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
