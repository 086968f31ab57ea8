package gen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam/plan"
	"github.com/assize-dev/assize/iam/sar"
)

// The actions that run a model.
var invokeActions = []string{"bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"}

// invocations are the API calls that run a model, one for each of the actions.
var invocations = []string{"bedrock:Converse", "bedrock:ConverseStream"}

const (
	applyGuardrail = "bedrock:ApplyGuardrail"
	batchAction    = "bedrock:CreateModelInvocationJob"
	keyProfile     = "bedrock:InferenceProfileArn"
	keyGuardrail   = "bedrock:GuardrailIdentifier"
	keyTier        = "bedrock:ServiceTier"
	keyRegion      = "aws:RequestedRegion"
)

// targets are the models of the options, ready for policies and plans.
type targets struct {
	o    *Options
	data *sar.Data
	// direct are ARNs of models that calls name themselves; ids those of foundation models.
	direct, ids []string
	profiles    []profile
	catalog     *plan.Catalog
}

// profile is an inference profile with what it leads to.
type profile struct {
	id    string   // "us.anthropic.claude-…"; "" for an application profile
	arns  []string // one for each Region of the options, or the application profile's own
	model string   // id of the model behind it
	// members are the ARNs of the model: in the Regions that call, and in those it leads to.
	members []string
	// under are the ARNs of the profile that an application profile was made of.
	under []string
}

// keys are the values that the checks on the members may carry in bedrock:InferenceProfileArn.
func (p profile) keys() []string { return sorted(append(slices.Clone(p.arns), p.under...)) }

// runnable are the kinds of resources, beside foundation models and profiles, that InvokeModel
// takes and that belong to an account.
var runnable = []plan.Kind{plan.ProvisionedModel, plan.ModelDeployment, plan.ImportedModel}

// geographies are the beginnings of ids of profiles that AWS documents; the set is open, so it
// only serves to tell who gives a profile as a model.
var geographies = []string{"us", "eu", "apac", "jp", "au", "ca", "us-gov", "global"}

func newTargets(o *Options, d *sar.Data) (*targets, error) {
	t := &targets{o: o, data: d}
	for _, m := range o.Models {
		if err := t.addModel(m); err != nil {
			return nil, err
		}
	}
	for _, p := range o.Profiles {
		if err := t.addProfile(p); err != nil {
			return nil, err
		}
	}
	t.direct, t.ids = sorted(t.direct), sorted(t.ids)
	for geography := range o.Destinations {
		if !slices.ContainsFunc(t.profiles, func(p profile) bool { return strings.HasPrefix(p.id, geography+".") }) {
			return nil, fmt.Errorf("--destinations %s: no profile is of this geography", geography)
		}
	}
	t.fillCatalog()
	return t, nil
}

func (o *Options) arn(service, region, account, resource string) string {
	return strings.Join([]string{"arn", o.Partition, service, region, account, resource}, ":")
}

func (o *Options) model(region, id string) string {
	return o.arn("bedrock", region, "", "foundation-model/"+id)
}

// arnParts are partition, service, Region, account, kind and id of an ARN.
func arnParts(arn string) (parts []string, kind, id string) {
	parts = strings.SplitN(arn, ":", 6)
	if len(parts) < 6 {
		return nil, "", ""
	}
	kind, id, _ = strings.Cut(parts[5], "/")
	return parts, kind, id
}

func (t *targets) addModel(m string) error {
	if !strings.HasPrefix(m, "arn:") {
		geography, _, _ := strings.Cut(m, ".")
		switch {
		case slices.Contains(geographies, geography):
			return fmt.Errorf("--models %q: it is an inference profile; give it with --profiles", m)
		case !modelForm.MatchString(m):
			return fmt.Errorf("--models %q: want the id of a foundation model such as anthropic.claude-3-haiku-20240307-v1:0, or an ARN", m)
		}
		t.ids = append(t.ids, m)
		for _, r := range t.o.Regions {
			t.direct = append(t.direct, t.o.model(r, m))
		}
		return nil
	}
	parts, kind, id := arnParts(m)
	switch {
	case !arnForm.MatchString(m) || id == "" || parts[2] != "bedrock" || parts[1] != t.o.Partition:
		return fmt.Errorf("--models %q: want the ARN of a model of Bedrock in partition %s, without wildcards", m, t.o.Partition)
	case !slices.Contains(t.o.Regions, parts[3]):
		return fmt.Errorf("--models %q: its Region is not among --regions", m)
	case kind == string(plan.FoundationModel):
		t.ids = append(t.ids, id)
	case kind == string(plan.CustomModel):
		return fmt.Errorf("--models %q: a custom model is called by its deployment or provisioned throughput; give the ARN of that", m)
	case !slices.Contains(runnable, plan.Kind(kind)):
		return fmt.Errorf("--models %q: want a foundation-model, custom-model-deployment, provisioned-model or imported-model", m)
	case t.o.Account != "" && parts[4] != t.o.Account:
		return fmt.Errorf("--models %q: it is not of account %s", m, t.o.Account)
	}
	t.direct = append(t.direct, m)
	return nil
}

func (t *targets) addProfile(text string) error {
	arn, of, application := strings.Cut(text, "=")
	if !application {
		if strings.HasPrefix(text, "arn:") {
			return fmt.Errorf("--profiles %q: write the id, such as us.anthropic.claude-…; for an application inference profile ARN=ID with the id of what it was made of", text)
		}
		p, err := t.system(text, t.o.Regions)
		if err == nil {
			t.profiles = append(t.profiles, p)
		}
		return err
	}
	parts, kind, _ := arnParts(arn)
	if !arnForm.MatchString(arn) || kind != string(plan.ApplicationProfile) || parts[1] != t.o.Partition || t.o.Account != "" && parts[4] != t.o.Account || !slices.Contains(t.o.Regions, parts[3]) {
		return fmt.Errorf("--profiles %q: want the ARN of an application inference profile of the account in one of --regions", text)
	}
	p := profile{arns: []string{arn}, model: of, members: []string{t.o.model(parts[3], of)}}
	if geography, _, _ := strings.Cut(of, "."); slices.Contains(geographies, geography) || t.o.Destinations[geography] != nil {
		system, err := t.system(of, []string{parts[3]})
		if err != nil {
			return err
		}
		p.model, p.members, p.under = system.model, system.members, system.arns
		t.profiles = append(t.profiles, system)
	} else if !modelForm.MatchString(of) {
		return fmt.Errorf("--profiles %q: want the id of a foundation model or profile after =", text)
	}
	t.profiles = append(t.profiles, p)
	return nil
}

// system is a system-defined profile as some Regions have it.
func (t *targets) system(id string, regions []string) (profile, error) {
	geography, model, ok := strings.Cut(id, ".")
	if !ok || !modelForm.MatchString(model) {
		return profile{}, fmt.Errorf("--profiles %q: want GEOGRAPHY.MODEL such as us.anthropic.claude-…", id)
	}
	p := profile{id: id, model: model}
	to := slices.Concat(regions, t.o.Destinations[geography])
	switch {
	case geography == "global":
		p.members = append(p.members, t.o.model("", model))
	case len(t.o.Destinations[geography]) == 0:
		return profile{}, fmt.Errorf("--profiles %q: say to which Regions it leads, with --destinations %s=REGION,…; aws bedrock get-inference-profile lists them", id, geography)
	}
	for _, r := range sorted(to) {
		p.members = append(p.members, t.o.model(r, model))
	}
	for _, r := range regions {
		p.arns = append(p.arns, t.o.arn("bedrock", r, t.o.account(), "inference-profile/"+id))
	}
	return p, nil
}

// fillCatalog tells package plan what the profiles lead to.
func (t *targets) fillCatalog() {
	var all []*plan.Resource
	for _, p := range t.profiles {
		kind := plan.InferenceProfile
		if p.id == "" {
			kind = plan.ApplicationProfile
		}
		for _, arn := range p.arns {
			parts, _, _ := arnParts(arn)
			all = append(all, &plan.Resource{ARN: arn, Kind: kind, Account: parts[4], Region: parts[3], Members: t.memberships(p, parts[3])})
		}
	}
	for _, g := range t.o.Guardrails {
		arn, _ := guardrailVersion(g)
		parts, kind, _ := arnParts(arn)
		if kind != string(plan.Guardrail) {
			continue
		}
		all = append(all, &plan.Resource{ARN: arn, Kind: plan.Guardrail, Account: parts[4], Region: parts[3]})
	}
	t.catalog = plan.NewCatalog(all)
	t.catalog.Data = t.data
}

// memberships are the models that a profile leads to from one Region: what it lists, and the
// model there.
func (t *targets) memberships(p profile, region string) []string {
	geography, _, _ := strings.Cut(p.id, ".")
	others := slices.Concat(t.o.Destinations[geography], []string{""})
	return slices.DeleteFunc(slices.Clone(p.members), func(m string) bool {
		parts, _, _ := arnParts(m)
		return p.id != "" && parts[3] != region && !slices.Contains(others, parts[3])
	})
}

// guardrailVersion takes the version off the ARN of a guardrail.
func guardrailVersion(arn string) (plain, version string) {
	parts, _, _ := arnParts(arn)
	if parts == nil {
		return arn, ""
	}
	resource, version, _ := strings.Cut(parts[5], ":")
	parts[5] = resource
	return strings.Join(parts, ":"), version
}

// guardrails splits the guardrails of the options: those that requests name, as ARN with or
// without version, and the resources that ApplyGuardrail is asked for.
func (o *Options) guardrails() (named, resources []string, err error) {
	for _, g := range o.Guardrails {
		plain, _ := guardrailVersion(g)
		parts, kind, id := arnParts(plain)
		switch {
		case len(parts) == 0 || parts[2] != "bedrock" || id == "" || kind != string(plan.Guardrail) && kind != string(plan.GuardrailProfile):
			return nil, nil, fmt.Errorf("--guardrail %q: want the ARN of a guardrail or guardrail-profile", g)
		case kind == string(plan.Guardrail):
			named = append(named, g)
		}
		resources = append(resources, plain)
	}
	if len(resources) > 0 && len(named) == 0 {
		return nil, nil, fmt.Errorf("--guardrail: a guardrail-profile only goes with a guardrail")
	}
	return named, sorted(resources), nil
}
