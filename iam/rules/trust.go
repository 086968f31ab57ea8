package rules

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/sym"
)

const (
	assumeAction = "sts:AssumeRole"
	externalID   = "sts:ExternalId"
)

// everything is what an account may allow its own principals.
const everything = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`

// Trust is the trust policy of a role.
type Trust struct {
	Role    string // ARN
	Account string // of the role
	Policy  *iam.Policy
	// Control gives the service control policies over callers of an account, as levels from the root down; those of
	// the account of the role do not bear on callers of others. nil, and none for an account, limit nobody.
	Control func(account string) [][]*iam.Policy
}

// controls are the service control policies over the callers of an account.
func (t Trust) controls(account string) [][]*iam.Policy {
	if t.Control == nil {
		return nil
	}
	return t.Control(account)
}

// Strangers asks whether principals of another account, which known does not list, can take on
// the role without an external id and without belonging to an organization that the policy
// names. A wildcard principal is not looked at.
func (j *Judge) Strangers(t Trust, known []string) Result {
	j.begin()
	r := j.strangers(t, known)
	if r.Yes() {
		r.Guard = j.mendTrust(t, known)
	}
	return r
}

func (j *Judge) strangers(t Trust, known []string) Result {
	accounts, a := iam.TrustedAccounts(t.Policy)
	if a.Undecided() {
		return cannotTell(a.Reason)
	}
	undecided := ""
	for _, account := range accounts {
		if account == t.Account || account == anything || slices.Contains(known, account) {
			continue
		}
		list, why := t.callersOf(account)
		undecided = cmp.Or(undecided, why)
		for _, caller := range list {
			w, why := j.assumes(t, caller, nil)
			if w != nil {
				reason := "account " + account + " can take on the role without an external id"
				return Result{Answer: iam.Answer{Verdict: iam.Yes, Reason: reason}, Witnesses: []Witness{*w}}
			}
			if why != "" {
				undecided = why
			}
		}
	}
	if undecided != "" {
		return cannotTell(undecided)
	}
	return Result{Answer: iam.Answer{Verdict: iam.No, Reason: "no other account takes on the role without an external id"}}
}

// callersOf are a user and a role of an account that nothing names, and those that the trust policy does, in its
// principals or conditions; undecided says why there may be others.
func (t Trust) callersOf(account string) (list []string, undecided string) {
	c := t.callers()
	list = c.byAccount[account]
	for i := range t.Policy.Len() {
		entries, _ := t.Policy.Statement(i).Principals()
		for _, e := range entries {
			if strings.Contains(e.Value, ":"+account+":") && !strings.HasSuffix(e.Value, ":root") && !slices.Contains(list, e.Value) {
				list = append(list, e.Value)
			}
		}
	}
	return list, c.undecided
}

// assumes gives a request by which a caller of another account takes on the role: without an external id
// unless one is given, and from another organization or from none.
func (j *Judge) assumes(t Trust, caller string, id []string) (*Witness, string) {
	undecided := ""
	for _, organization := range foreignOrganizations {
		who := map[string][]string{} // the role itself is of the organization
		for _, key := range []string{"aws:PrincipalOrgID", "aws:PrincipalOrgPaths"} {
			who[key] = organization[key]
		}
		w, why := j.takesOn(t, caller, who, map[string][]string{externalID: id})
		if w != nil {
			return w, ""
		}
		undecided = cmp.Or(undecided, why)
	}
	return nil, undecided
}

// takesOn gives a request by which a caller, whose own policies allow everything, takes on the role. The
// caller and the request have the keys given; the second result is why that is not known.
func (j *Judge) takesOn(t Trust, caller string, who, fixed map[string][]string) (*Witness, string) {
	principal, err := iam.ParsePrincipal(caller)
	if err != nil {
		return nil, err.Error()
	}
	own, err := iam.Parse([]byte(everything))
	if err != nil {
		return nil, err.Error()
	}
	policies := iam.Policies{Identity: []*iam.Policy{own}, Resource: t.Policy, ServiceControl: t.controls(accountOf(caller))}
	p := &sym.Principal{Principal: principal, Policies: policies, Fixed: who}
	s, err := j.search(p)
	if err != nil {
		return nil, err.Error()
	}
	w := s.allowed(sym.Check{Action: assumeAction, Resource: t.Role, ResourceAccount: t.Account, Fixed: fixed})
	return w, s.undecided
}

// chosenID stands for an external id in a policy that a finding proposes.
const chosenID = "CHOOSE-A-UNIQUE-ID"

// mendTrust proposes the trust policy with an external id demanded of other accounts, "" where
// that does not help.
func (j *Judge) mendTrust(t Trust, known []string) string {
	mended, text := t.demanding("StringEquals", externalID, chosenID, func(principal string) bool {
		account := accountOf(principal)
		return account != "" && account != t.Account && !slices.Contains(known, account)
	})
	if text == "" || !j.strangers(mended, known).No() || !j.stillTrusts(t, mended, known) {
		return ""
	}
	return text
}

// demanding is the trust with a condition on the principals that are chosen, and its text; "" when it cannot
// be written.
func (t Trust) demanding(operator, key, value string, chosen func(principal string) bool) (Trust, string) {
	raw, err := json.Marshal(t.Policy)
	if err != nil {
		return t, ""
	}
	var doc map[string]any
	if json.Unmarshal(raw, &doc) != nil {
		return t, ""
	}
	var out []any
	for _, s := range asList(doc["Statement"]) {
		out = append(out, splitTrust(s, operator, key, value, chosen)...)
	}
	doc["Statement"] = out
	text, err := json.Marshal(doc)
	if err != nil {
		return t, ""
	}
	policy, err := iam.Parse(text)
	if err != nil {
		return t, ""
	}
	t.Policy = policy
	return t, string(text)
}

// stillTrusts says whether every caller that could take on the role can do so with the id that was chosen.
func (j *Judge) stillTrusts(before, after Trust, known []string) bool {
	accounts, _ := iam.TrustedAccounts(before.Policy)
	for _, account := range accounts {
		if account == anything {
			continue
		}
		list, _ := before.callersOf(account)
		for _, caller := range list {
			id := []string{chosenID}
			if account == before.Account || slices.Contains(known, account) {
				id = nil
			}
			was, _ := j.assumes(before, caller, id)
			is, _ := j.assumes(after, caller, id)
			if (was != nil) != (is != nil) {
				return false
			}
		}
	}
	return true
}

// splitTrust takes the AWS principals that are chosen out of an Allow into a statement of their own, which
// has a further condition.
func splitTrust(s any, operator, key, value string, chosen func(principal string) bool) []any {
	o, ok := s.(map[string]any)
	principals, named := o["Principal"].(map[string]any)
	if !ok || !named || o["Effect"] != "Allow" {
		return []any{s}
	}
	var taken, rest []any
	for _, v := range asList(principals["AWS"]) {
		if text, _ := v.(string); chosen(text) {
			taken = append(taken, v)
		} else {
			rest = append(rest, v)
		}
	}
	if len(taken) == 0 {
		return []any{s}
	}
	limited := clone(o)
	limited["Principal"] = map[string]any{"AWS": taken}
	conditions, _ := o["Condition"].(map[string]any)
	under, _ := conditions[operator].(map[string]any)
	conditions, under = clone(conditions), clone(under)
	under[key] = value
	conditions[operator], limited["Condition"] = under, conditions
	out := []any{limited}
	others := clone(principals)
	if delete(others, "AWS"); len(rest) > 0 {
		others["AWS"] = rest
	}
	if len(others) > 0 {
		kept := clone(o)
		kept["Principal"] = others
		delete(limited, "Sid")
		out = append(out, kept)
	}
	return out
}

func clone(m map[string]any) map[string]any {
	out := map[string]any{}
	for k, v := range m {
		out[k] = v
	}
	return out
}

func asList(v any) []any {
	switch x := v.(type) {
	case nil:
		return nil
	case []any:
		return x
	}
	return []any{v}
}

var accountID = regexp.MustCompile(`^\d{12}$`)

// accountOf is the account that a principal of a policy belongs to, "" for none.
func accountOf(text string) string {
	if accountID.MatchString(text) {
		return text
	}
	if parts := strings.SplitN(text, ":", 6); len(parts) == 6 {
		return parts[4]
	}
	return ""
}

// deletedID is how policies show a user or role that was deleted ("IAM identifiers", Unique identifiers).
var deletedID = regexp.MustCompile(`^A(ROA|IDA)[A-Z0-9]{12,}$`)

// DeletedPrincipals asks whether a policy names users or roles that were deleted: it then shows their unique
// ids, and one that is made again under the old name is not trusted.
func DeletedPrincipals(policy *iam.Policy) Result {
	if reason, ok := policy.Readable(); !ok {
		return cannotTell(reason)
	}
	for i := range policy.Len() {
		s := policy.Statement(i)
		entries, _ := s.Principals()
		for _, e := range entries {
			if e.Kind == "AWS" && deletedID.MatchString(e.Value) {
				a := iam.Answer{Verdict: iam.Yes, Reason: "it names " + e.Value + ", which was deleted", Statements: []int{i}}
				return Result{Answer: a}
			}
		}
	}
	return Result{Answer: iam.Answer{Verdict: iam.No, Reason: "no principal that it names was deleted"}}
}
