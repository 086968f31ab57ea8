package org

import (
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam/plan"
)

// futureName stands where a pattern leaves the name of a model open.
const futureName = "assize-future"

// Future asks whether a principal may run models that are not in the catalog yet. For each
// pattern of its policies that leaves the name of a model open it tries one such model, and one
// of a provider that nobody names, in a Region of the catalog. It gives those answers that are
// known to pass or not known to fail.
func (a *Analysis) Future(p *Principal) []*Answer {
	var out []*Answer
	for _, arn := range a.futureModels(p) {
		answer, err := a.Ask(p, plan.Call{Operation: "bedrock:InvokeModel", Target: arn})
		if err == nil && answer.Outcome != Never {
			out = append(out, answer)
		}
	}
	return out
}

// futureModels are ARNs of models that do not exist, one for each way in which patterns leave
// the name open.
func (a *Analysis) futureModels(p *Principal) []string {
	region, partition := "us-east-1", "aws"
	if models := a.org.Catalog.Of(plan.FoundationModel); len(models) > 0 {
		parts := strings.SplitN(models[0].ARN, ":", 5)
		partition, region = parts[1], parts[3]
	}
	prefix := ":foundation-model/"
	out := []string{"arn:" + partition + ":bedrock:" + region + ":" + prefix + futureName + "." + futureName + "-v1:0"}
	for _, d := range p.Identity {
		for i := range d.Policy.Len() {
			patterns, _ := d.Policy.Statement(i).Resources()
			for _, pattern := range patterns {
				head, name, ok := strings.Cut(pattern, prefix)
				if !ok || !strings.ContainsAny(name, "*?") || strings.Contains(name, "${") {
					continue
				}
				at := region
				if parts := strings.Split(head, ":"); len(parts) >= 4 && parts[3] != "" && !strings.ContainsAny(parts[3], "*?") {
					at = parts[3]
				}
				name = strings.NewReplacer("*", futureName, "?", "x").Replace(name)
				out = append(out, "arn:"+partition+":bedrock:"+at+":"+prefix+name)
			}
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	return slices.DeleteFunc(out, func(arn string) bool { return a.org.Catalog.Find(arn) != nil })
}
