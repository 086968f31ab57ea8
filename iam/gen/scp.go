package gen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/plan"
	"github.com/assize-dev/assize/iam/sar"
	"github.com/assize-dev/assize/iam/sym"
)

// globalServices have their endpoints in one Region, whatever Region the caller works in: a denial
// of other Regions must leave them out.
var globalServices = []string{
	"account", "artifact", "aws-marketplace", "billing", "budgets", "ce", "cloudfront", "consolidatedbilling", "cur", "freetier",
	"globalaccelerator", "health", "iam", "invoicing", "networkmanager", "notifications", "organizations", "payments",
	"pricing", "purchase-orders", "route53", "route53domains", "savingsplans", "shield", "sso", "sts", "support", "tax", "trustedadvisor", "waf",
}

// globalActions are answered in one Region although their services are in all.
var globalActions = []string{"ec2:DescribeRegions", "s3:ListAllMyBuckets"}

func scpArchetype() *Archetype {
	return &Archetype{
		Name:  "scp",
		Title: "Service control policies: approved Regions and approved models, with cross-Region inference",
		Grants: []string{
			"a Region policy: everything outside the Regions is denied but global services, and models that an approved inference profile leads to; without --profiles no inference profile may be used",
			"a model policy: other models are denied to InvokeModel, to batch jobs and, by bedrock-mantle:Model, to bedrock-mantle; profiles are approved by name, or with their model where none is listed for it",
			"roles of --admin-role are exempt from the Region policy",
		},
		Needs: []string{"regions"},
		Takes: []string{"models", "profiles", "destinations", "admin-role"},
		Notes: []string{
			"Attach both beside FullAWSAccess: they only deny. Neither the management account nor service-linked roles are limited by them.",
			"Approve a model here before granting it to anybody: what is not approved is denied, whatever else is granted.",
			"bedrock:ApplyGuardrail is not exempt: a guardrail that works across Regions needs its destinations among the Regions.",
		},
		write: func(t *targets) ([]paper, error) { return (&controls{t}).write() },
		claim: func(t *targets, p []*iam.Policy) (claims, error) { return (&controls{t}).claim(p) },
	}
}

// controls are the two service control policies.
type controls struct{ *targets }

// everywhere is a resource of Bedrock in any Region and account.
func (c *controls) everywhere(account, resource string) string {
	return c.o.arn("bedrock", "*", account, resource)
}

// models are the ids of all approved foundation models.
func (c *controls) models() []string {
	out := slices.Clone(c.ids)
	for _, p := range c.profiles {
		out = append(out, p.model)
	}
	return sorted(out)
}

// profileValues are what bedrock:InferenceProfileArn may be.
func (c *controls) profileValues() []string {
	var out []string
	for _, p := range c.profiles {
		if p.id != "" {
			out = append(out, c.everywhere("*", "inference-profile/"+p.id))
		} else {
			out = append(out, p.arns...)
		}
	}
	return sorted(out)
}

// approved are the resources that models may be run on.
func (c *controls) approved() []string {
	// What goes with a model and is asked for beside it; the model is asked for all the same.
	out := []string{
		c.everywhere("*", "application-inference-profile/*"), c.everywhere("*", "async-invoke/*"),
		c.everywhere("*", "model-invocation-job/*"), c.everywhere("*", "project/*"),
	}
	for _, id := range c.models() {
		out = append(out, c.everywhere("", "foundation-model/"+id))
		if !slices.ContainsFunc(c.profiles, func(p profile) bool { return p.model == id }) {
			out = append(out, c.everywhere("*", "inference-profile/*."+id))
		}
	}
	for _, p := range c.profiles {
		if p.id != "" {
			out = append(out, c.everywhere("*", "inference-profile/"+p.id))
		}
	}
	for _, arn := range c.direct {
		if _, kind, _ := arnParts(arn); kind != string(plan.FoundationModel) {
			out = append(out, arn)
		}
	}
	return sorted(out)
}

func (c *controls) write() ([]paper, error) {
	if len(c.models()) == 0 {
		return nil, fmt.Errorf("say which foundation models are approved, with --models or --profiles")
	}
	return []paper{
		{kind: SCP, suffix: "-regions", about: "Approved Regions, and cross-Region inference by approved profiles", statements: c.regionStatements()},
		{kind: SCP, suffix: "-models", about: "Approved models", statements: c.modelStatements()},
	}, nil
}

func (c *controls) regionStatements() []statement {
	var spared []string
	for _, s := range globalServices {
		spared = append(spared, s+":*")
	}
	other := condition{"StringNotEquals", keyRegion, c.o.Regions}
	exempt := []condition(nil)
	if len(c.o.Administrators) > 0 {
		exempt = []condition{{"ArnNotEquals", "aws:PrincipalArn", c.o.Administrators}}
	}
	everywhere := []string{"*"}
	regions := deny("DenyOtherRegions", nil, everywhere, append([]condition{other}, exempt...)...)
	regions.notAction = slices.Concat(spared, globalActions, invokeActions)
	profiles := c.profileValues()
	if len(profiles) == 0 {
		return []statement{
			regions,
			deny("DenyInferenceInOtherRegions", invokeActions, everywhere, append([]condition{other, {"Null", keyProfile, []string{"true"}}}, exempt...)...),
			deny("DenyInferenceProfiles", invokeActions, everywhere, append([]condition{{"Null", keyProfile, []string{"false"}}}, exempt...)...),
		}
	}
	return []statement{
		regions,
		deny("DenyInferenceInOtherRegions", invokeActions, everywhere, append([]condition{other, {"ArnNotLike", keyProfile, profiles}}, exempt...)...),
	}
}

// mantleActions are those of bedrock-mantle that carry the model.
var mantleActions = []string{"bedrock-mantle:CountTokens", "bedrock-mantle:CreateFineTuningJob", mantleInference}

const (
	mantleInference = "bedrock-mantle:CreateInference"
	keyMantleModel  = "bedrock-mantle:Model"
)

func (c *controls) modelStatements() []statement {
	models := deny("DenyOtherModels", append([]string{batchAction}, invokeActions...), nil)
	models.notRes = c.approved()
	return []statement{models, deny("DenyOtherMantleModels", mantleActions, []string{"*"}, condition{"StringNotEquals", keyMantleModel, c.models()})}
}

// under is an administrator of an account below service control policies, which only deny and
// stand beside FullAWSAccess.
func (c *controls) under(account string, scp ...*iam.Policy) sym.Principal {
	return c.o.caller("arn:"+c.o.Partition+":iam::"+account+":role/"+c.o.Name, iam.Policies{
		Identity: []*iam.Policy{everything()}, ServiceControl: [][]*iam.Policy{append([]*iam.Policy{everything()}, scp...)},
	})
}

func (c *controls) claim(parsed []*iam.Policy) (claims, error) {
	both, regions, models := c.under(c.o.account(), parsed...), c.under(c.o.account(), parsed[0]), c.under(c.o.account(), parsed[1])
	var out claims
	targets := slices.Clone(c.direct)
	for _, p := range c.profiles {
		targets = append(targets, p.arns...)
	}
	for _, target := range sorted(targets) {
		for _, operation := range invocations {
			p, err := plan.Build(plan.Call{Operation: operation, Target: target, Account: c.o.account()}, c.catalog)
			if err != nil {
				return claims{}, fmt.Errorf("plan what is wanted: %w", err)
			}
			w := wanted{call: p.Call.String()}
			for _, check := range p.Checks {
				w.checks = append(w.checks, expectation{who: both, check: check.Check})
			}
			out.wanted = append(out.wanted, w)
		}
	}
	out.exactly = slices.Concat(c.regionClaims(regions), c.modelClaims(models), c.exemptClaims(parsed[0]))
	out.each = func(a *sar.Action) []expectation { return c.eachAction(a, regions, models) }
	return out, nil
}

// regionClaims are about models in Regions that are not approved.
func (c *controls) regionClaims(who sym.Principal) []expectation {
	var out []expectation
	id := c.models()[0]
	for _, action := range invokeActions {
		at := func(region, requested string, profile ...string) sym.Check {
			return sym.Check{Action: action, Resource: c.o.model(region, id), Fixed: map[string][]string{keyRegion: {requested}, keyProfile: profile}}
		}
		unlisted := c.o.arn("bedrock", c.o.home(), c.o.account(), "inference-profile/xx."+id)
		out = append(out,
			expectation{who: who, check: at(c.o.home(), c.o.home())},
			expectation{who: who, check: at(elsewhere, elsewhere), never: true},
			expectation{who: who, check: at("", "unspecified"), never: true},
			expectation{who: who, check: at(elsewhere, elsewhere, unlisted), never: true},
			expectation{who: who, check: at("", "unspecified", unlisted), never: true},
			expectation{who: who, check: at(c.o.home(), c.o.home(), unlisted), never: len(c.profiles) == 0})
		for _, p := range c.profiles {
			out = append(out,
				expectation{who: who, check: at(elsewhere, elsewhere, p.arns[0])},
				expectation{who: who, check: at("", "unspecified", p.arns[0])})
		}
	}
	return out
}

// modelClaims are about models that are not approved, on every way to run one.
func (c *controls) modelClaims(who sym.Principal) []expectation {
	var out []expectation
	for _, id := range append(c.models(), "unheard-of.model-v1:0") {
		approved := slices.Contains(c.models(), id)
		for _, action := range append([]string{batchAction}, invokeActions...) {
			out = append(out,
				expectation{who: who, check: sym.Check{Action: action, Resource: c.o.model(c.o.home(), id)}, never: !approved},
				expectation{who: who, check: sym.Check{Action: action, Resource: c.o.model(elsewhere, id+"-other")}, never: true})
		}
	}
	project := c.o.arn("bedrock-mantle", c.o.home(), c.o.account(), "project/default")
	for _, action := range mantleActions {
		out = append(out, expectation{
			who: who, check: sym.Check{Action: action, Resource: project},
			demands: demands{{{"StringEquals", keyMantleModel, c.models()}}},
		})
	}
	return out
}

// exemptClaims: the roles that are exempt work everywhere.
func (c *controls) exemptClaims(regions *iam.Policy) []expectation {
	var out []expectation
	for _, role := range c.o.Administrators {
		who := c.o.caller(role, c.under(c.o.account(), regions).Policies)
		out = append(out, expectation{who: who, check: sym.Check{Action: "ec2:RunInstances", Resource: "*", Fixed: map[string][]string{keyRegion: {elsewhere}}}})
	}
	return out
}

// eachAction: the Region policy limits nothing in the approved Regions, and outside of them leaves
// global services alone; the model policy limits nothing that does not run models.
func (c *controls) eachAction(a *sar.Action, regions, models sym.Principal) []expectation {
	name := a.String()
	in := func(region string) sym.Check {
		return sym.Check{Action: name, Resource: "*", Fixed: map[string][]string{keyRegion: {region}}}
	}
	if slices.Contains(invokeActions, name) || strings.EqualFold(name, needsNothing) {
		return nil // told one by one
	}
	out := []expectation{
		{who: regions, check: in(c.o.home())},
		{who: regions, check: in(elsewhere), never: !slices.Contains(globalServices, a.Service) && !slices.Contains(globalActions, name)},
	}
	if name != batchAction && !slices.Contains(mantleActions, name) {
		out = append(out, expectation{who: models, check: in(c.o.home())})
	}
	return out
}
