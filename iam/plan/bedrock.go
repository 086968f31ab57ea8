package plan

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// runModel: the target is a model or something that leads to one.
func (b *builder) runModel(action string) error {
	if b.at.service != "bedrock" && b.at.service != "sagemaker" {
		return fmt.Errorf("%s is no target of Bedrock: %w", b.Call.Target, ErrTarget)
	}
	b.useGuardrail()
	if err := b.leadsTo(action, b.Call.Target, b.set, 0); err != nil {
		return err
	}
	b.guardrailChecks()
	return nil
}

// runDirectly are the kinds that lead to nothing else.
var runDirectly = []Kind{ProvisionedModel, ModelDeployment, ImportedModel, CustomModel, "marketplace", "system-tool", "async-invoke"}

// maxLead bounds what leads to what: prompt, router, profile, model.
const maxLead = 4

// leadsTo adds the checks on what a request names and on all that it leads to.
func (b *builder) leadsTo(action, target string, keys map[string][]string, depth int) error {
	a, ok := parseARN(target)
	switch {
	case !ok:
		return fmt.Errorf("%q is no ARN: %w", target, ErrTarget)
	case depth > maxLead:
		return fmt.Errorf("%s leads on more than %d times: %w", target, maxLead, ErrTarget)
	case a.service == "sagemaker" && a.kind() == string(Endpoint):
		return b.marketplace(action, a, keys)
	}
	switch k := Kind(a.kind()); {
	case k == FoundationModel:
		b.modelCheck(action, a, keys, "the model")
	case k == InferenceProfile || k == ApplicationProfile:
		return b.profile(action, a, keys)
	case k == PromptRouter || k == DefaultRouter:
		return b.router(action, a, keys, depth)
	case k == Prompt:
		return b.prompt(action, a, keys, depth)
	case slices.Contains(runDirectly, k):
		b.add(action, target, "the model", keys)
	default:
		return fmt.Errorf("%s is nothing that runs a model: %w", target, ErrTarget)
	}
	return nil
}

// modelCheck is a check on a foundation model in its Region; one without Region is asked for
// with the Region "unspecified" ("Increase throughput with cross-Region inference").
func (b *builder) modelCheck(action string, model arn, keys map[string][]string, why string) {
	b.add(action, model.String(), why, with(keys, keyRequestedRegion, cmp.Or(model.region, unspecified)))
}

func with(keys map[string][]string, key, value string) map[string][]string {
	out := maps.Clone(keys)
	if out == nil {
		out = map[string][]string{}
	}
	out[key] = []string{value}
	return out
}

// profile asks for the profile, for the model in the Region of the call, and for it in every
// Region that the profile may lead to.
func (b *builder) profile(action string, profile arn, keys map[string][]string) error {
	source := cmp.Or(profile.region, b.Call.Region)
	b.add(action, profile.String(), "the profile", with(keys, keyRequestedRegion, source))
	r := b.cat.Find(profile.String())
	if r == nil {
		b.lacks(b.cat.missing(Kind(profile.kind()), profile.String()))
		return nil
	}
	b.lacks(r.MembersUnknown)
	members := b.destinations(r.Members, source)
	via := with(keys, keyInferenceProfile, profile.String())
	if Kind(profile.kind()) == ApplicationProfile {
		b.note(noteApplication)
		b.underlying(action, r, keys)
	}
	for _, m := range members {
		why := "the model in the Region of the call"
		switch {
		case m.region == "":
			why = "the model without Region, for global inference"
		case m.region != source:
			why = "destination of the profile"
		}
		b.modelCheck(action, m, via, why)
	}
	return nil
}

// destinations are the members that are models, with the one in the Region of the call.
func (b *builder) destinations(members []string, source string) []arn {
	var out []arn
	for _, m := range members {
		if a, ok := parseARN(m); ok && !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	if len(out) > 0 && Kind(out[0].kind()) == FoundationModel {
		home := out[0]
		home.region = source
		if !slices.Contains(out, home) {
			out = slices.Insert(out, 0, home)
		}
	}
	return out
}

// underlying adds the check on the profile that an application profile was made of. Bedrock
// does not tell which; it is one of the same Region with the same models.
func (b *builder) underlying(action string, r *Resource, keys map[string][]string) {
	if len(r.Members) < 2 {
		return // made of a model of one Region
	}
	for _, p := range b.cat.Of(InferenceProfile) {
		if p.Region == r.Region && sameMembers(p.Members, r.Members) {
			b.add(action, p.ARN, "the profile that the application profile was made of", with(keys, keyRequestedRegion, cmp.Or(p.Region, b.Call.Region)))
			return
		}
	}
	b.lacks(b.cat.Unlisted[InferenceProfile])
}

func sameMembers(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(slices.Compact(a), slices.Compact(b))
}

// router asks for the router and for all that it may choose.
func (b *builder) router(action string, router arn, keys map[string][]string, depth int) error {
	b.note(noteRouter)
	b.add(action, router.String(), "the prompt router", keys)
	return b.membersOf(action, router, with(keys, keyPromptRouter, router.String()), depth)
}

// prompt asks for the prompt and for the model that it names.
func (b *builder) prompt(action string, prompt arn, keys map[string][]string, depth int) error {
	b.add("bedrock:RenderPrompt", prompt.String(), "the prompt", nil)
	// A version stands behind a colon; the catalog has the prompt.
	prompt.resource, _, _ = strings.Cut(prompt.resource, ":")
	return b.membersOf(action, prompt, keys, depth)
}

func (b *builder) membersOf(action string, holder arn, keys map[string][]string, depth int) error {
	r := b.cat.Find(holder.String())
	if r == nil {
		b.lacks(b.cat.missing(Kind(holder.kind()), holder.String()))
		return nil
	}
	b.lacks(r.MembersUnknown)
	for _, m := range r.Members {
		if err := b.leadsTo(action, m, keys, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// marketplace is an endpoint of SageMaker that is registered with Bedrock: all of them have
// one resource in Bedrock ("Amazon Bedrock Marketplace", IAM permissions).
func (b *builder) marketplace(action string, endpoint arn, keys map[string][]string) error {
	b.note(noteMarketplace)
	b.add(action, endpoint.beside("bedrock", "marketplace/model-endpoint/all-access"), "endpoints of Bedrock Marketplace", keys)
	stream := action == actionInvokeStream
	name := "sagemaker:InvokeEndpoint"
	if stream {
		name = "sagemaker:InvokeEndpointWithResponseStream"
	}
	b.add(name, endpoint.String(), "the endpoint of the model", throughService("bedrock.amazonaws.com"))
	return nil
}

// throughService are the keys of a check that a service makes on the caller's behalf ("Forward
// access sessions", IAM User Guide).
func throughService(principal string) map[string][]string {
	return map[string][]string{
		"aws:ViaAWSService": {"true"}, "aws:CalledVia": {principal},
		"aws:CalledViaFirst": {principal}, "aws:CalledViaLast": {principal},
	}
}

// startAsync is a call whose answer goes to a bucket.
func (b *builder) startAsync(action string) error {
	b.note(noteAsync)
	return b.runModel(action)
}

// compatible is a call of the OpenAI-compatible API: it belongs to a project.
func (b *builder) compatible(action string) error {
	project := cmp.Or(b.Call.Project, arn{partition: b.at.partition, service: "bedrock", region: b.Call.Region, account: b.Call.Account, resource: "project/default"}.String())
	if a, ok := parseARN(project); !ok || a.account == "" {
		return fmt.Errorf("the account of the project is not known, name the project or the account: %w", ErrTarget)
	}
	b.note(noteProject)
	b.add(action, project, "the project", nil)
	return b.runModel(action)
}

// batch is a job that runs a model under a service role.
func (b *builder) batch(action string) error {
	model := cmp.Or(b.Call.Model, b.Call.Target)
	if b.at.kind() != "model-invocation-job" {
		b.add(action, model, "the model of the job", nil)
		return b.batchRole(model)
	}
	b.add(action, b.Call.Target, "the job", nil)
	b.add(action, model, "the model of the job", nil)
	return b.batchRole(model)
}

func (b *builder) batchRole(model string) error {
	if b.Call.Role == "" {
		return nil
	}
	b.passRole("bedrock")
	b.Runs = append(b.Runs, Run{
		Role: b.Call.Role, By: model, Control: Configured, Why: "service role of the batch job",
		Calls: []Call{{Operation: "bedrock:InvokeModel", Target: model, Region: b.Call.Region, Account: b.Call.Account}},
	})
	return nil
}

// mantle is a call of the mantle endpoint: its resource is the project, the model a key.
func (b *builder) mantle(action string) error {
	if b.at.kind() != string(Project) {
		return fmt.Errorf("%s is no project: %w", b.Call.Target, ErrTarget)
	}
	var keys map[string][]string
	if b.Call.Model != "" {
		keys = map[string][]string{"bedrock-mantle:Model": {b.Call.Model}}
	}
	b.add(action, b.Call.Target, "the project", keys)
	return nil
}
