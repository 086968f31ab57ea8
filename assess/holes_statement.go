package assess

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/assize-dev/assize"
)

// completion reads the statements of a document that is known in part.
type completion struct {
	c       *evalContext
	own     bool   // the ARN in question is planned
	missing string // the first statement that is known in part
	actions bool
}

// anyone stands for every AWS principal: the wildcard, and an account that nobody names,
// since some questions ask whether an account is named.
var anyone = assize.List{"*", noAccount}

// noAccount is an account id that AWS gives to nobody.
const noAccount = "000000000000"

func itoa(n int) string { return strconv.Itoa(n) }

// statement reads one statement. The Unknown says that it can be bounded in no way.
func (w *completion) statement(i int, v assize.Value) (reading, *assize.Unknown) {
	s, ok := v.(assize.Object)
	if !ok {
		return reading{}, unknownStatement("statement " + itoa(i+1) + " of the policy")
	}
	which := "statement " + statementName(i, s)
	effect, _ := s.Get("Effect").(string)
	if incomplete(effect) || incomplete(s.Get("NotPrincipal")) {
		return reading{}, unknownStatement(which)
	}
	r := reading{effect: effect, large: slices.Clone(s).Set("Sid", nil)}
	r.small = slices.Clone(r.large)
	lost := false
	for _, part := range []string{"Action", "NotAction", "Resource", "NotResource"} {
		if w.list(&r, part) {
			lost = true
			w.actions = w.actions || strings.HasSuffix(part, "Action")
		}
	}
	conditions, ok := w.conditions(&r)
	if !ok {
		return reading{}, unknownStatement("the condition of " + which)
	}
	principals, ok := w.principals(&r)
	if !ok {
		return reading{}, unknownStatement("the principal of " + which)
	}
	if (lost || conditions || principals) && w.missing == "" {
		w.missing = which + " is known in part"
	}
	return r, nil
}

// set puts a value into both readings.
func (r *reading) set(name string, large, small assize.Value) {
	r.large = r.large.Set(name, large)
	if r.small != nil {
		r.small = r.small.Set(name, small)
	}
}

// list reads Action, Resource and their negations. lost: an element is not known.
func (w *completion) list(r *reading, name string) (lost bool) {
	v := r.large.Get(name)
	if v == nil {
		return false
	}
	fit := w.resource
	if strings.HasSuffix(name, "Action") {
		fit = known
	}
	kept, lost := fitting(v, fit)
	if !lost {
		r.set(name, kept, kept)
		return false
	}
	if positive, negated := strings.CutPrefix(name, "Not"); negated {
		r.small = nil // the unknown element may take out everything
		if len(kept) > 0 {
			r.large = r.large.Set(name, kept)
		} else {
			r.large = r.large.Set(name, nil).Set(positive, "*")
		}
		return true
	}
	r.large = r.large.Set(name, "*")
	if len(kept) == 0 {
		r.small = nil
	} else if r.small != nil {
		r.small = r.small.Set(name, kept)
	}
	return true
}

// fitting keeps the elements of a text or a list that fit, as fit gives them back.
func fitting(v assize.Value, fit func(string) (string, bool)) (kept assize.List, lost bool) {
	list, ok := v.(assize.List)
	if !ok {
		list = assize.List{v}
	}
	kept = make(assize.List, 0, len(list))
	for _, e := range list {
		text, ok := e.(string)
		if !ok {
			kept = append(kept, e)
			continue
		}
		if text, ok = fit(text); ok {
			kept = append(kept, text)
		} else {
			lost = true
		}
	}
	return kept, lost
}

// known keeps what holds nothing unknown.
func known(text string) (string, bool) { return text, !incomplete(text) }

// resource gives the ARN or pattern of a Resource element. Where the resource in
// question is planned, a pattern that does not name it is not known to leave it out:
// its name may turn out to match.
func (w *completion) resource(text string) (string, bool) {
	if r, rest := w.c.graph.Planned(text); r != nil {
		arn, _ := w.c.plannedShape(r, noAccount)
		return arn + rest, arn != "" && !incomplete(rest)
	}
	return text, !incomplete(text) && (!w.own || text == "*")
}

// placed gives a planned ARN whose account counts; it has to be known.
func (w *completion) placed(text string) (string, bool) {
	r, rest := w.c.graph.Planned(text)
	if r == nil {
		return known(text)
	}
	arn, exact := w.c.plannedShape(r, noAccount)
	return arn + rest, exact && !incomplete(rest)
}

// principal gives a planned principal, in the account given where its own is not known:
// questions about principals ask whether it is the subject's account, or not.
func (w *completion) principal(account string, unplaced *bool) func(string) (string, bool) {
	return func(text string) (string, bool) {
		r, rest := w.c.graph.Planned(text)
		if r == nil || !strings.HasPrefix(r.Type, "AWS::IAM::") {
			return w.placed(text)
		}
		*unplaced = *unplaced || r.Account == ""
		arn, _ := w.c.plannedShape(r, account)
		return arn, rest == "" && arn != ""
	}
}

// principals reads the Principal element. Only unknown AWS principals can be bounded.
// The largest reading drops the conditions too: they may hold everyone off, and not
// somebody who is named.
func (w *completion) principals(r *reading) (lost, ok bool) {
	v := r.large.Get("Principal")
	kinds, isObject := v.(assize.Object)
	if !isObject {
		return false, !incomplete(v)
	}
	aws, others := kinds.Get("AWS"), slices.Clone(kinds).Set("AWS", nil)
	if incomplete(others) {
		return false, false
	}
	if aws == nil {
		return false, true
	}
	unplaced := false
	stranger, lost := fitting(aws, w.principal(noAccount, &unplaced))
	kept, _ := fitting(aws, w.principal(cmp.Or(w.c.account, noAccount), &unplaced))
	if !lost {
		r.set("Principal", slices.Clone(kinds).Set("AWS", stranger), slices.Clone(kinds).Set("AWS", kept))
		return unplaced, true
	}
	r.large = r.large.Set("Principal", slices.Clone(kinds).Set("AWS", anyone)).Set("Condition", nil)
	switch {
	case r.small == nil:
	case len(kept) > 0:
		r.small = r.small.Set("Principal", slices.Clone(kinds).Set("AWS", kept))
	case len(others) > 0:
		r.small = r.small.Set("Principal", others)
	default:
		r.small = nil
	}
	return true, true
}

// conditions reads the Condition element: an unknown value takes the condition away
// from the largest reading, and the smallest away as a whole.
func (w *completion) conditions(r *reading) (lost, ok bool) {
	v := r.large.Get("Condition")
	operators, isObject := v.(assize.Object)
	if !isObject {
		return false, !incomplete(v)
	}
	large := assize.Object{}
	for _, operator := range operators {
		keys, isObject := operator.Value.(assize.Object)
		if !isObject || incomplete(operator.Name) {
			return false, false
		}
		keptKeys := assize.Object{}
		for _, key := range keys {
			if incomplete(key.Name) {
				return false, false
			}
			kept, missing := fitting(key.Value, w.placed)
			if missing {
				lost = true
				continue
			}
			keptKeys = keptKeys.Set(key.Name, kept)
		}
		if len(keptKeys) > 0 {
			large = large.Set(operator.Name, keptKeys)
		}
	}
	if len(large) == 0 {
		r.set("Condition", nil, nil)
	} else {
		r.set("Condition", large, large)
	}
	if lost {
		r.small = nil
	}
	return lost, true
}

// shapes are the ARNs of types after the partition, for planned resources: R is the
// Region, A the account, N the name (Service Authorization Reference, "Resource types").
var shapes = map[string]string{
	"AWS::BedrockAgentCore::Gateway": "bedrock-agentcore:R:A:gateway/N",
	"AWS::BedrockAgentCore::Runtime": "bedrock-agentcore:R:A:runtime/N",
	"AWS::DynamoDB::Table":           "dynamodb:R:A:table/N",
	"AWS::ECR::Repository":           "ecr:R:A:repository/N",
	groupType:                        "iam::A:group/N",
	managedPolicyType:                "iam::A:policy/N",
	roleType:                         "iam::A:role/N",
	userType:                         "iam::A:user/N",
	keyType:                          "kms:R:A:key/N",
	"AWS::Lambda::Function":          "lambda:R:A:function:N",
	"AWS::Logs::LogGroup":            "logs:R:A:log-group:N",
	"AWS::SecretsManager::Secret":    "secretsmanager:R:A:secret:N",
	"AWS::SNS::Topic":                "sns:R:A:N",
	"AWS::SQS::Queue":                "sqs:R:A:N",
}

// standInName begins the names that [evalContext.plannedShape] gives, standIn is what comes before the rest of one.
const standInName = "assize-planned-"

var standIn = regexp.MustCompile(`arn:[a-z-]+:[a-z0-9-]+:[a-z0-9-]*:[0-9]*:[a-z-]*[:/]?` + standInName)

// plannedShape is an ARN of the resource's own service that stands for the planned one
// in questions about policies; empty for types whose shape is not known. account is put
// in where its own is not known. exact: account and Region are those that the ARN will have.
func (c *evalContext) plannedShape(r *assize.Resource, account string) (arn string, exact bool) {
	if r.Type == bucketType {
		return r.ARN, true
	}
	shape, ok := shapes[r.Type]
	if !ok {
		return "", false
	}
	region := r.Region
	exact = r.Account != "" && (regionKnown(region) || !strings.Contains(shape, ":R:"))
	if !regionKnown(region) {
		region = "no-region-0"
	}
	name := strings.TrimPrefix(r.ARN, assize.PlannedARNPrefix)
	fields := strings.SplitN(shape, ":", 4)
	fields[1] = strings.Replace(fields[1], "R", region, 1)
	fields[2] = strings.Replace(fields[2], "A", cmp.Or(r.Account, account), 1)
	fields[3] = strings.Replace(fields[3], "N", standInName+name, 1)
	return "arn:" + assize.Partition(region) + ":" + strings.Join(fields, ":"), exact
}
