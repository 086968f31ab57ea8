package sar

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam"
)

// Fault is what Lint holds against a policy document.
type Fault struct {
	Rule      string          // identifier, one of Rules
	Severity  assize.Severity // how much it matters here
	Statement int             // from zero; -1 for the document as a whole
	Sid       string
	Position  iam.Position
	Message   string // what is wrong and what follows, one sentence
	Fix       string // what to do, one sentence
	Corrected string // statements that could stand instead, JSON; "" where that cannot be computed
	Without   string // the condition key whose absence is the fault; "" for others
}

// Rule is a kind of fault.
type Rule struct {
	ID    string
	Title string
}

// The rules of Lint. The identifiers are those of the checks on effective access; what needs the
// whole organisation is not judged here.
const (
	ruleAPIKey     = "api-key"
	ruleDead       = "dead-statement"
	ruleEndpoint   = "endpoint-open"
	ruleForAll     = "forall-null"
	ruleIfExists   = "if-exists-enforces-nothing"
	ruleBreadth    = "invoke-breadth"
	ruleVersion    = "missing-version"
	ruleScope      = "model-scope"
	ruleBypass     = "namespace-bypass"
	ruleNegDeny    = "neg-deny-absent"
	ruleNotAllow   = "not-allow"
	ruleUnscopable = "not-scopable"
	rulePassRole   = "passrole"
	ruleRCP        = "rcp-useless"
	ruleReading    = "reading-sensitive"
	ruleBreaks     = "scp-breaks-plan"
	ruleDuties     = "sod-inference-admin"
	ruleTooLarge   = "too-large"
	ruleTrust      = "trust"
	ruleUnknown    = "unknown-name"
	ruleLayer      = "wrong-layer"
)

// Rules lists what Lint looks for, in the order of the identifiers.
var Rules = []Rule{
	{ruleAPIKey, "API keys can be made or used"},
	{ruleDead, "The statement, or part of it, can never apply"},
	{ruleEndpoint, "The endpoint policy lets everything through"},
	{ruleForAll, "ForAllValues in an Allow also holds when the key is absent"},
	{ruleIfExists, "IfExists in an Allow enforces nothing when the key is absent"},
	{ruleBreadth, "A wildcard reaches far more than model invocation"},
	{ruleVersion, "The document speaks the language of 2008"},
	{ruleScope, "Every model may be used, those to come included"},
	{ruleBypass, "A control on one namespace leaves another way open"},
	{ruleNegDeny, "A negated condition denies requests that do not carry the key"},
	{ruleNotAllow, "An Allow of everything but a list"},
	{ruleUnscopable, "An action without resource types stands beside ARNs"},
	{rulePassRole, "A role can be passed to any service"},
	{ruleRCP, "Resource control policies do not apply to the service"},
	{ruleReading, "What the pattern matches depends on how AWS reads wildcards"},
	{ruleBreaks, "A Deny breaks inference that the policy means to permit"},
	{ruleDuties, "Running models and administering them in one policy"},
	{ruleTooLarge, "The policy is too large to be looked at whole"},
	{ruleTrust, "Trust is wider than it need be"},
	{ruleUnknown, "An action or condition key that does not exist, or not there"},
	{ruleLayer, "AWS does not accept the statement in this kind of policy"},
}

// Bounds of the work one document can cause; AWS's quotas are far below.
const (
	maxStatements  = 1000
	maxWork        = 2_000_000 // comparisons of a pattern or key with an action or format
	maxSuggestions = 50
)

// linter judges one document.
type linter struct {
	d           *Data
	p           *iam.Policy
	layer       iam.Layer
	statements  []*statement
	work        int
	suggestions int
	dead        map[string]map[string]bool // keys of a service that no action carries, in lower case
	takesRoles  []string                   // see takers; nil until asked for
	faults      []Fault
}

// Lint judges one policy document by itself: names, conditions, resource patterns and shapes that
// are wrong whatever else applies. layer says what kind of policy it is (see GuessLayer). Faults
// come in the order of the document. A policy that could not be read has no faults: ask
// Readable first.
func Lint(p *iam.Policy, layer iam.Layer, d *Data) []Fault {
	l := &linter{d: d, p: p, layer: layer, work: maxWork, suggestions: maxSuggestions, dead: map[string]map[string]bool{}}
	for i := range min(p.Len(), maxStatements) {
		s := newStatement(p, i)
		if !l.expand(s) {
			break
		}
		l.statements = append(l.statements, s)
	}
	l.lintVersion()
	for _, s := range l.statements {
		l.lintLayer(s)
		l.lintNames(s)
		l.lintKeys(s)
		l.lintResources(s)
		l.lintConditions(s)
		l.lintAccess(s)
		l.lintTrust(s)
		l.lintControl(s)
	}
	l.lintDuties()
	if p.Len() > maxStatements || l.work <= 0 {
		l.add(nil, Fault{
			Rule: ruleTooLarge, Severity: assize.Medium,
			Message: fmt.Sprintf("the policy has %d statements and is too large to be looked at whole, so faults may be missing", p.Len()),
			Fix:     "split it; AWS accepts at most 20,480 characters in the policies it documents",
		})
	}
	slices.SortStableFunc(l.faults, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.Position.Offset, b.Position.Offset), cmp.Compare(a.Rule, b.Rule))
	})
	return l.faults
}

// add files a fault of a statement, or of the whole document for nil.
func (l *linter) add(s *statement, f Fault) {
	if s == nil {
		f.Statement, f.Position = -1, iam.Position{Line: 1, Column: 1}
	} else {
		f.Statement, f.Sid = s.Index(), s.Sid()
		if f.Position.Line == 0 {
			f.Position = s.Position()
		}
	}
	l.faults = append(l.faults, f)
}

// spend counts work; false when there is none left.
func (l *linter) spend(n int) bool {
	l.work -= n
	return l.work > 0
}

// expand finds the actions that the statement names. False: there is no work left for it.
func (l *linter) expand(s *statement) bool {
	seen := map[*Action]bool{}
	for i, pattern := range s.patterns {
		service, _, _ := strings.Cut(s.lower[i], ":")
		cost := 1 + len(l.d.Actions(service))
		if strings.ContainsAny(service, "*?") {
			cost = l.d.Version().Actions
		}
		if !l.spend(cost) {
			return false
		}
		matched := l.d.Expand(pattern)
		s.matched = append(s.matched, matched)
		for _, a := range matched {
			if !s.notAction && !seen[a] {
				seen[a] = true
				s.actions = append(s.actions, a)
			}
		}
	}
	return true
}

func (l *linter) lintVersion() {
	if l.p.Version() != iam.Version2008 {
		return
	}
	severity, message := assize.Low, `the document has no Version "2012-10-17", so it speaks the language of 2008, without policy variables`
	if slices.ContainsFunc(l.statements, (*statement).usesVariables) {
		severity = assize.High
		message = `the document has no Version "2012-10-17", so its ${…} is plain text and no policy variable`
	}
	l.add(nil, Fault{Rule: ruleVersion, Severity: severity, Message: message, Fix: `begin the document with "Version": "2012-10-17"`})
}

// lintLayer finds statements that AWS refuses in this kind of policy.
func (l *linter) lintLayer(s *statement) {
	wants := l.layer == iam.LayerResource || l.layer == iam.LayerResourceControl || l.layer == iam.LayerEndpoint
	message, fix := "", ""
	switch {
	case wants && len(s.principals) == 0:
		message, fix = "it has no Principal element", "add a Principal"
	case !wants && len(s.principals) > 0:
		message, fix = "it has a Principal element", "remove it, or say with --type that the policy is one of a resource"
	case l.layer != iam.LayerResource && len(s.resources) == 0:
		message, fix = "it has no Resource element", `add "Resource"`
	case l.layer == iam.LayerResourceControl && s.Effect() == iam.Allow:
		message, fix = "it allows", "resource control policies only deny; AWS attaches RCPFullAWSAccess itself"
	default:
		return
	}
	l.add(s, Fault{
		Rule: ruleLayer, Severity: assize.High, Fix: fix,
		Message: fmt.Sprintf("AWS does not accept the statement in %s policy: %s", article(l.layer.String()), message),
	})
}

func article(noun string) string {
	if noun != "" && slices.Contains([]byte("aeiou"), noun[0]) {
		return "an " + noun
	}
	return "a " + noun
}
