package sar

import (
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam"
)

// maxListed is how many actions a proposal names one by one; more is nothing to read.
const maxListed = 20

// lintKeys finds condition keys that do not exist, or that requests for the statement's actions
// do not carry.
func (l *linter) lintKeys(s *statement) {
	for c := range s.each {
		if !l.spend(1 + len(s.actions)) {
			return
		}
		if l.deadKey(s, c) || s.notAction || len(s.actions) == 0 {
			continue
		}
		var carries, lacks []*Action
		for _, a := range s.actions {
			if l.d.KeyApplies(a, c.fold) {
				carries = append(carries, a)
			} else {
				lacks = append(lacks, a)
			}
			if len(carries) > 0 && s.everything() {
				break
			}
		}
		switch {
		case len(carries) == 0 && !l.known(c.fold):
			l.unknownKey(s, c)
		case len(carries) == 0:
			l.misusedKey(s, c)
		case len(lacks) > 0:
			l.partialKey(s, c, lacks)
		}
	}
}

// known says whether any service has the key.
func (l *linter) known(fold string) bool {
	if _, ok := l.d.Key("", fold); ok {
		return true
	}
	prefix, ok := foreignPrefix(fold)
	return ok && (strings.Contains(prefix, ".") || l.d.load().foreign[prefix] != nil)
}

// deadKey handles keys that no action carries (they are in the reference, and useless), and where nothing else can be
// said, with NotAction and with actions that do not exist, keys that do not exist either.
func (l *linter) deadKey(s *statement, c condition) bool {
	prefix, _, _ := strings.Cut(c.fold, ":")
	if (s.notAction || len(s.actions) == 0) && !l.known(c.fold) {
		l.unknownKey(s, c)
		return true
	}
	if !l.isDead(prefix, c.fold) || slices.ContainsFunc(s.actions, func(a *Action) bool { return l.d.KeyApplies(a, c.fold) }) {
		return false
	}
	f := Fault{
		Rule: ruleUnknown, Severity: assize.High, Position: s.ConditionPosition(c.index),
		Message: fmt.Sprintf("no action carries the key %s: %s", c.Key, effectOfAbsent(s, c)),
		Fix:     "use a key that requests carry; this one is a policy variable at most",
	}
	if better, ok := l.d.Key(prefix, c.fold+"arn"); ok {
		f.Fix = "use " + better.Name
		f.Corrected = corrected(s.draft().remove(c.Operator, c.Key).set(c.Operator, better.Name, c.Values...))
	}
	l.add(s, f)
	return true
}

// isDead says whether a key of an AI service is one that no action carries.
func (l *linter) isDead(prefix, fold string) bool {
	if classesOf(prefix) == nil {
		return false
	}
	if l.dead[prefix] == nil {
		l.dead[prefix] = map[string]bool{}
		for _, k := range l.d.Dead(prefix) {
			l.dead[prefix][strings.ToLower(k)] = true
		}
	}
	return l.dead[prefix][fold]
}

func (l *linter) unknownKey(s *statement, c condition) {
	f := Fault{
		Rule: ruleUnknown, Severity: assize.High, Position: s.ConditionPosition(c.index),
		Message: fmt.Sprintf("there is no condition key %s: %s", c.Key, effectOfAbsent(s, c)),
		Fix:     "remove the condition, or use a key of the actions: see assize iam data show",
	}
	near := l.suggestKey(c.fold)
	switch {
	case c.fold == "bedrock:modelid":
		f.Fix = "limit models by the Resource element: a request names the model there"
		if d := modelsAsResources(s, c); d != nil {
			f.Corrected = corrected(d)
		}
	case near != "":
		f.Fix = "write " + near
		f.Corrected = corrected(s.draft().remove(c.Operator, c.Key).set(c.Operator, near, c.Values...))
	}
	l.add(s, f)
}

// modelsAsResources turns a condition on a model id into resources.
func modelsAsResources(s *statement, c condition) *draft {
	if s.notResource || !s.anyResource() || strings.HasPrefix(c.base, "null") {
		return nil
	}
	var arns []string
	for _, v := range c.Values {
		if !strings.HasPrefix(v, "arn:") {
			v = "arn:aws:bedrock:*::foundation-model/" + v
		}
		arns = append(arns, v)
	}
	d := s.draft().remove(c.Operator, c.Key)
	d.Resource = arns
	if c.negated {
		d.Resource, d.NotResource = nil, arns
	}
	return d
}

func (l *linter) misusedKey(s *statement, c condition) {
	l.add(s, Fault{
		Rule: ruleUnknown, Severity: severityOf(s), Position: s.ConditionPosition(c.index),
		Message: fmt.Sprintf("requests for %s do not carry the key %s: %s", someActions(s.actions), c.Key, effectOfAbsent(s, c)),
		Fix:     "use a key that the Service Authorization Reference lists for these actions",
	})
}

// partialKey tells of actions that stand beside others and do not carry a key: an Allow never
// reaches them, a negated Deny always does.
func (l *linter) partialKey(s *statement, c condition, lacks []*Action) {
	always := s.Effect() == iam.Deny && c.negated && c.set != "foranyvalue" && !s.narrowed(c)
	if always && s.anyClassified() {
		with := s.draft()
		with.Action = nil
		for _, a := range s.actions {
			if l.d.KeyApplies(a, c.fold) {
				with.Action = append(with.Action, a.String())
			}
		}
		f := Fault{
			Rule: ruleNegDeny, Severity: assize.High, Position: s.ConditionPosition(c.index),
			Message: fmt.Sprintf("requests for %s do not carry %s, so the negated condition holds and they are always denied", someActions(lacks), c.Key),
			Fix:     "deny only the actions that carry the key",
		}
		if len(with.Action) <= maxListed {
			f.Corrected = corrected(with)
		}
		l.add(s, f)
		return
	}
	if s.Effect() != iam.Allow || c.negated || c.ifExists || c.base == "null" || c.set == "forallvalues" {
		return
	}
	named := slices.DeleteFunc(s.named(l.d), func(a *Action) bool { return a.Class == "" || !slices.Contains(lacks, a) })
	if len(named) == 0 {
		return
	}
	first, second := s.draft().named("1"), s.draft().named("2").remove(c.Operator, c.Key)
	second.Action = nil
	for _, a := range named {
		second.Action = append(second.Action, a.String())
		first.Action = slices.DeleteFunc(first.Action, func(p string) bool { return strings.EqualFold(p, a.String()) })
	}
	l.add(s, Fault{
		Rule: ruleUnknown, Severity: assize.Medium, Position: s.ConditionPosition(c.index),
		Message:   fmt.Sprintf("requests for %s do not carry the key %s, so the statement never allows them", someActions(named), c.Key),
		Fix:       "give them a statement of their own",
		Corrected: corrected(first, second),
	})
}

// effectOfAbsent says what a condition on a key does that is never there.
func effectOfAbsent(s *statement, c condition) string {
	holds := c.negated && c.set != "foranyvalue" || c.ifExists || c.set == "forallvalues"
	if c.base == "null" {
		holds = isOnly(c.Values, "true")
	}
	switch {
	case holds && s.Effect() == iam.Deny:
		return "the condition always holds, and the statement denies whatever the value was meant to be"
	case holds:
		return "the condition always holds, and limits nothing"
	case s.Effect() == iam.Deny:
		return "the condition never holds, and the statement denies nothing"
	default:
		return "the condition never holds, and the statement allows nothing"
	}
}

// anyClassified says whether the statement names an action of an AI service.
func (s *statement) anyClassified() bool {
	return slices.ContainsFunc(s.actions, func(a *Action) bool { return a.Class != "" })
}

// severityOf is high where an AI service is meant, else medium.
func severityOf(s *statement) assize.Severity {
	if s.anyClassified() {
		return assize.High
	}
	return assize.Medium
}

// narrowed says whether another condition than c limits which requests the statement is about; one
// on the caller only exempts some.
func (s *statement) narrowed(c condition) bool {
	for other := range s.each {
		if other.index != c.index && !strings.HasPrefix(other.fold, "aws:principal") {
			return true
		}
	}
	return false
}
