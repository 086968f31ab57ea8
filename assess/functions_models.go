package assess

import (
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/graph"
)

const (
	foundationModelType  = "AWS::Bedrock::FoundationModel"
	inferenceProfileType = "AWS::Bedrock::ApplicationInferenceProfile"
	provisionedModelType = "AWS::Bedrock::ProvisionedModelThroughput"
)

// modelARNs begin the resource part of ARNs that say which model they stand for.
// Those of application inference profiles, provisioned throughput, prompt routers
// and deployments do not.
var modelARNs = []string{"foundation-model/", "inference-profile/", "custom-model/", "imported-model/"}

// callModelMatches answers modelMatches(ref, pattern): whether a reference to a
// model (id, ARN, cross-Region inference profile) names one that the pattern takes,
// which may be written for ids or for ARNs; * stands for any text. A reference
// that hides its model is judged by the model behind it, and unknown where that was
// not read.
func callModelMatches(args []ref.Val) ref.Val {
	c, name, pattern := args[0].(*evalContext), string(args[1].(types.String)), string(args[2].(types.String))
	switch {
	case c.namesModel(name, pattern):
		return types.True
	case hidesModel(name):
		return c.modelBehind(name, pattern)
	case strings.HasPrefix(pattern, "arn:") && !c.placeKnown():
		return c.unknown(c.placeUnknown())
	}
	return types.False
}

func (c *evalContext) namesModel(name, pattern string) bool {
	for _, id := range graph.ModelNames(name) {
		if graph.Glob(pattern, id) || graph.Glob(pattern, modelARN(c.region, id)) {
			return true
		}
	}
	return false
}

// modelBehind answers for an application inference profile or provisioned throughput
// by the model that it says it stands for.
func (c *evalContext) modelBehind(name, pattern string) ref.Val {
	typ := inferenceProfileType
	if strings.Contains(name, ":provisioned-model/") {
		typ = provisionedModelType
	}
	r, u := c.graph.Find(typ, c.account, c.region, name)
	if u != nil {
		return c.unknown(u)
	}
	models := elements(r.Properties.Get("Models"))
	if typ == provisionedModelType {
		models = assize.List{r.Properties}
	}
	for _, m := range models {
		o, ok := m.(assize.Object)
		if !ok {
			continue
		}
		if model, ok := o.Get("ModelArn").(string); ok && !hidesModel(model) {
			return types.Bool(c.namesModel(model, pattern))
		}
	}
	return c.unknown(&assize.Unknown{Cause: assize.Unlinked, Detail: name + " does not say which model stands behind it"})
}

// modelARN is the ARN of a foundation model in a Region.
func modelARN(region, id string) string {
	return "arn:" + assize.Partition(region) + ":bedrock:" + region + "::foundation-model/" + id
}

// hidesModel tells references that name something in front of a model. The ids
// of models have a dot after the provider.
func hidesModel(name string) bool {
	parts := strings.SplitN(name, ":", 6)
	if parts[0] != "arn" || len(parts) < 6 {
		return !strings.Contains(name, ".")
	}
	for _, prefix := range modelARNs {
		if strings.HasPrefix(parts[5], prefix) {
			return false
		}
	}
	return true
}

// namedResources are the resources of a type that others name, and why there may be more.
type namedResources struct {
	named map[*assize.Resource]bool
	rest  *assize.Unknown
}

// callModelInUse answers modelInUse(id): whether a resource of the account names
// the foundation model. It is unknown when none is found and something that
// could name it was not read.
func callModelInUse(args []ref.Val) ref.Val {
	c, name := args[0].(*evalContext), string(args[1].(types.String))
	model, u := c.graph.Find(foundationModelType, c.account, c.region, name)
	if u != nil {
		return c.unknown(u)
	}
	key := listKey{foundationModelType, c.account, c.region}
	n, ok := c.named[key]
	if !ok {
		n.named, n.rest = c.graph.Named(foundationModelType, c.account, c.region)
		c.named[key] = n
	}
	switch {
	case n.named[model]:
		return types.True
	case n.rest != nil:
		return c.unknown(n.rest)
	}
	return types.False
}
