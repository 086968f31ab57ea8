package sar

import (
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam"
)

// Actions the rules speak of.
const (
	invokeModel  = "bedrock:InvokeModel"
	invokeStream = "bedrock:InvokeModelWithResponseStream"
	invokeBatch  = "bedrock:CreateModelInvocationJob"
	mantleInfer  = "bedrock-mantle:CreateInference"
	mantleModel  = "bedrock-mantle:Model"
	passRole     = "iam:PassRole"
	createKey    = "iam:CreateServiceSpecificCredential"
)

const passedToService = "iam:PassedToService"

// bearers are the gates of calls with an API key, one a namespace.
var bearers = []string{"bedrock:CallWithBearerToken", "bedrock-mantle:CallWithBearerToken", "sagemaker:CallWithBearerToken"}

// What stands for resources that no policy can know of, in any Region.
const (
	anyModel    = "arn:${Partition}:bedrock:${Region}::foundation-model/unheard.of-v9:9"
	anyProject  = "arn:${Partition}:bedrock-mantle:${Region}:${Account}:project/${Project}"
	anyEndpoint = "arn:${Partition}:sagemaker:${Region}:${Account}:endpoint/unheard-of"
)

// lintAccess finds grants that are wider than anyone needs. Boundaries and control policies allow
// widely by design.
func (l *linter) lintAccess(s *statement) {
	if s.Effect() != iam.Allow {
		return
	}
	if l.layer == iam.LayerEndpoint {
		l.endpointOpen(s)
		return
	}
	if l.layer != iam.LayerIdentity && l.layer != iam.LayerSession {
		return
	}
	l.modelScope(s)
	l.apiKey(s)
	l.passRole(s)
}

func (l *linter) modelScope(s *statement) {
	f := Fault{Rule: ruleScope, Severity: assize.High, Fix: "name the models, inference profiles or endpoints that are needed"}
	if len(s.conditions) > 0 {
		f.Severity = assize.Medium
	}
	switch {
	case s.notResource:
		return // told as an Allow of everything but a list
	case (s.covers(invokeModel) || s.covers(invokeStream)) && s.matches(anyModel) && !s.has("bedrock:InferenceProfileArn", "bedrock:PromptRouterArn"):
		f.Message = "any foundation model may be run, those to come included"
		if s.anyResource() && s.covers(mantleInfer) && !s.has(mantleModel) {
			f.Message += ", through bedrock-mantle too"
		}
	case s.covers(mantleInfer) && s.matches(anyProject) && !s.has(mantleModel):
		f.Message = "any model may be run through bedrock-mantle: its resource is the project, and only the key bedrock-mantle:Model limits models"
		f.Fix = "add a condition on bedrock-mantle:Model"
	case s.covers("sagemaker:InvokeEndpoint") && s.matches(anyEndpoint) && !s.has("sagemaker:TargetModel") && !s.tagged():
		f.Severity, f.Message = assize.Medium, "any SageMaker endpoint may be called, those to come included"
	default:
		return
	}
	l.add(s, f)
}

// matches says whether a resource pattern can match an ARN of a format.
func (s *statement) matches(format string) bool {
	return slices.ContainsFunc(s.resources, func(r string) bool { return canMatch(r, format, false) })
}

// tagged says whether a condition is on a tag of the resource.
func (s *statement) tagged() bool {
	for c := range s.each {
		if strings.HasPrefix(c.fold, "aws:resourcetag/") || strings.HasPrefix(c.fold, "sagemaker:resourcetag/") {
			return true
		}
	}
	return false
}

// apiKey finds grants to use or make API keys.
func (l *linter) apiKey(s *statement) {
	var gates []string
	for _, b := range bearers {
		if s.covers(b) && s.anyResource() && !s.has(strings.Replace(b, "CallWithBearerToken", "BearerTokenType", 1)) {
			gates = append(gates, b)
		}
	}
	if len(gates) > 0 {
		l.add(s, Fault{
			Rule: ruleAPIKey, Severity: assize.Medium,
			Message:   fmt.Sprintf("calls with API keys are allowed, long-lived ones too (%s)", strings.Join(gates, ", ")),
			Fix:       "deny keys that are not needed, in each namespace with its own key",
			Corrected: corrected(denyBearers(gates)...),
		})
	}
	if !s.covers(createKey) {
		return
	}
	switch {
	case !s.has("iam:ServiceSpecificCredentialServiceName"):
		l.add(s, Fault{
			Rule: ruleAPIKey, Severity: assize.High,
			Message: "API keys of any service can be made for IAM users, Bedrock's too",
			Fix:     "leave out " + createKey + ", or limit it by iam:ServiceSpecificCredentialServiceName and iam:ServiceSpecificCredentialAgeDays",
		})
	case !s.has("iam:ServiceSpecificCredentialAgeDays"):
		l.add(s, Fault{
			Rule: ruleAPIKey, Severity: assize.Medium,
			Message:   "API keys can be made that never expire",
			Fix:       "limit their age by iam:ServiceSpecificCredentialAgeDays",
			Corrected: corrected(s.draft().set("NumericLessThanEquals", "iam:ServiceSpecificCredentialAgeDays", "30")),
		})
	}
}

// denyBearers writes the statements that deny long-term keys: one a namespace, since each has a
// condition key of its own.
func denyBearers(gates []string) []*draft {
	var out []*draft
	for _, g := range gates {
		service, _, _ := strings.Cut(g, ":")
		d := &draft{Effect: "Deny", Action: []string{g}, Resource: []string{"*"}}
		out = append(out, d.set("StringEquals", service+":BearerTokenType", "LONG_TERM"))
	}
	return out
}

func (l *linter) passRole(s *statement) {
	if !s.covers(passRole) || s.limits(passedToService) || s.notResource {
		return
	}
	f := Fault{
		Rule: rulePassRole, Severity: assize.Medium,
		Message: "these roles can be passed to any service that takes them",
		Fix:     "name the service with iam:PassedToService, and the roles with Resource",
	}
	if s.anyResource() {
		f.Severity, f.Message = assize.High, "any role can be passed to any service, which gives the holder what the strongest of them may do"
	}
	if s.has(passedToService) {
		f.Message += "; the condition on iam:PassedToService names none"
	}
	if services := l.takers(); len(services) > 0 && !s.notAction && slices.ContainsFunc(s.lower, func(p string) bool { return p == strings.ToLower(passRole) }) {
		d := s.draft()
		rest := s.draft().named("2")
		d.Action = []string{passRole}
		rest.Action = slices.DeleteFunc(rest.Action, func(p string) bool { return strings.EqualFold(p, passRole) })
		d.set("StringEquals", passedToService, services...)
		drafts := []*draft{d}
		if len(rest.Action) > 0 {
			d.named("1")
			drafts = append(drafts, rest)
		}
		f.Corrected = corrected(drafts...)
	}
	l.add(s, f)
}

// takers lists the service principals that the policy's own actions hand roles to. Statements of all
// actions tell nothing of what is meant.
func (l *linter) takers() []string {
	if l.takesRoles != nil {
		return l.takesRoles
	}
	seen := map[string]bool{}
	for _, s := range l.statements {
		if s.Effect() != iam.Allow || s.everything() {
			continue
		}
		for _, a := range s.actions {
			if a.TakesRole() {
				seen[passedTo[a.Service]] = true
			}
		}
	}
	l.takesRoles = append([]string{}, sortedKeys(seen)...)
	return l.takesRoles
}

// aboutNobody are keys that tell how and when a request comes, and neither whose nor for what it is.
var aboutNobody = strings.Fields(`aws:securetransport aws:currenttime aws:epochtime aws:tokenissuetime aws:useragent aws:referer
	aws:requestedregion aws:sourceip aws:vpcsourceip aws:sourcevpc aws:sourcevpcarn aws:sourcevpce aws:vpceaccount aws:vpceorgid
	aws:vpceorgpaths aws:multifactorauthpresent aws:multifactorauthage aws:viaawsservice`)

// aboutSomebody says whether a condition is on the caller or the resource.
func (s *statement) aboutSomebody() bool {
	for c := range s.each {
		if !slices.Contains(aboutNobody, c.fold) {
			return true
		}
	}
	return false
}

func (l *linter) endpointOpen(s *statement) {
	everyone := slices.ContainsFunc(s.principals, func(e iam.PrincipalEntry) bool { return e.Value == "*" }) || s.notPrinc
	if !everyone || !s.anyResource() && !s.notResource || s.aboutSomebody() {
		return
	}
	if !s.everything() && !s.notAction && !s.covers(invokeModel) && !s.anyClassified() {
		return
	}
	l.add(s, Fault{
		Rule: ruleEndpoint, Severity: assize.High,
		Message: "anyone's credentials may be used through the endpoint, on any resource: data can be carried to another account",
		Fix:     "limit callers with aws:PrincipalOrgID, and name the models",
	})
}

// lintDuties finds policies that both run models and administer them.
func (l *linter) lintDuties() {
	if l.layer != iam.LayerIdentity {
		return
	}
	runs, administers := map[*Action]bool{}, map[*Action]bool{}
	for _, service := range Classified() {
		if service == "sagemaker" {
			continue // its jobs are administration and running at once
		}
		for _, a := range l.d.Actions(service) {
			if !a.Class.Runs() && !a.Class.Administers() || !l.allowed(a) {
				continue
			}
			if a.Class.Runs() {
				runs[a] = true
			} else {
				administers[a] = true
			}
		}
	}
	if len(runs) == 0 || len(administers) == 0 {
		return
	}
	l.add(nil, Fault{
		Rule: ruleDuties, Severity: assize.Medium,
		Message: fmt.Sprintf("whoever holds the policy can run models or agents (%d actions) and change what limits them (%d: %s)",
			len(runs), len(administers), someActions(byName(administers))),
		Fix: "make one policy for those who use models and one for those who administer them, on different roles",
	})
}

func byName(set map[*Action]bool) []*Action {
	var out []*Action
	for a := range set {
		out = append(out, a)
	}
	slices.SortFunc(out, func(a, b *Action) int { return strings.Compare(a.String(), b.String()) })
	return out
}

// allowed says whether some statement allows the action and none denies it altogether.
func (l *linter) allowed(a *Action) bool {
	name, allow := a.String(), false
	for _, s := range l.statements {
		if !s.covers(name) {
			continue
		}
		if s.Effect() == iam.Allow {
			allow = true
		} else if s.anyResource() && len(s.conditions) == 0 {
			return false
		}
	}
	return allow
}
