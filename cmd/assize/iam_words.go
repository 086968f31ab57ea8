package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/iam/org"
	"github.com/assize-dev/assize/iam/plan"
	"github.com/assize-dev/assize/iam/sar"
	"github.com/assize-dev/assize/report"
)

// readingTexts say the readings of AWS's documentation by the codes of iam.Ambiguity.
var readingTexts = map[string]string{
	"reading-sensitive":       "a wildcard at the end of a part of an ARN goes on across colons, as documented; the other reading splits the ARN into its six parts first",
	"short-arn":               "the parts that a pattern of fewer than six lacks stand for anything, in the policies that are reported to accept it",
	"arn-case":                "partition, Region and account in a pattern match in their letter case only",
	"tag-key-case":            "the key of a tag in a condition is matched without regard to letter case",
	"any-value-if-exists":     "ForAnyValue with IfExists holds where the key is absent",
	"negated-on-list":         "a negated operator without ForAllValues or ForAnyValue does not hold for a key with several values",
	"not-resource-variable":   "a NotResource pattern with a variable that has no value matches nothing",
	"bool-variable":           "a Bool condition may compare with a policy variable",
	"not-principal-partial":   "NotPrincipal spares a caller whose account it lists together with its role or session",
	"principal-kind-wildcard": "a * for Service, Federated or CanonicalUser means all of that kind",
	"endpoint-account":        "an endpoint policy that names an account means its principals",
	"resource-owner":          "a resource whose ARN has no account belongs to the caller's account",
	"empty-string":            "ForAllValues holds for a key whose values are all empty",
}

// operationOf finds the API operation that people mean: "Converse", "bedrock:Converse", or any
// action of AWS with its prefix.
func operationOf(name string) (string, error) {
	if strings.Contains(name, ":") {
		for _, op := range plan.Operations() {
			if strings.EqualFold(op, name) {
				return op, nil
			}
		}
		return name, nil
	}
	var found []string
	for _, op := range plan.Operations() {
		if _, short, _ := strings.Cut(op, ":"); strings.EqualFold(short, name) {
			found = append(found, op)
		}
	}
	switch len(found) {
	case 0:
		for _, service := range []string{"bedrock", "bedrock-agentcore", "sagemaker"} {
			if near := sar.Default().Suggest(service + ":" + name); near != "" {
				return "", fmt.Errorf("--call %q: no such operation; do you mean %s?", name, near)
			}
		}
		return "", fmt.Errorf("--call %q: no such operation; name one of %s, or any action with its service as s3:GetObject", name, strings.Join(plan.Operations(), ", "))
	case 1:
		return found[0], nil
	}
	return "", fmt.Errorf("--call %q: say which, %s", name, strings.Join(found, " or "))
}

// knownOperation says what is wrong with an operation that has no plan and is no action of AWS.
func knownOperation(data *sar.Data, operation string) error {
	service, name, _ := strings.Cut(operation, ":")
	if _, ok := data.Action(service, name); ok || slices.Contains(plan.Operations(), operation) {
		return nil
	}
	near := data.Suggest(operation)
	if near != "" {
		near = "; do you mean " + near + "?"
	}
	return fmt.Errorf("--call %q: AWS's service authorization data has no such action%s", operation, near)
}

// one demands a single argument, and says which where it is missing.
func one(what, example string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) == 0:
			return fmt.Errorf("%s is missing: %s %s\nsee: %[2]s --help", what, cmd.CommandPath(), example)
		case len(args) > 1:
			return fmt.Errorf("%s: one is taken at a time, and there are %d: %s\nsee: %s --help", what, len(args), strings.Join(args, " "), cmd.CommandPath())
		}
		return nil
	}
}

// noCommand refuses arguments of a command that only has others below it.
func noCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	near := ""
	cmd.SuggestionsMinimumDistance = 2
	if list := cmd.SuggestionsFor(args[0]); len(list) > 0 {
		near = "; do you mean " + strings.Join(list, " or ") + "?"
	}
	return fmt.Errorf("unknown command %q for %q%s\nsee: %s --help", args[0], cmd.CommandPath(), near, cmd.CommandPath())
}

// maxNear bounds the names that an error proposes.
const maxNear = 5

// nearPrincipals are those whose names hold a name, or are held by it, whatever its letter case.
func nearPrincipals(o *org.Organisation, name string) string {
	want := strings.ToLower(name[strings.LastIndexByte(name, '/')+1:])
	var near []string
	for _, p := range o.Principals {
		has := strings.ToLower(p.Name)
		if want != "" && len(near) < maxNear && (strings.Contains(has, want) || len(has) > 2 && strings.Contains(want, has)) {
			near = append(near, short(p.ARN))
		}
	}
	if len(near) == 0 {
		return "; assize iam who-can --verbose names those that can run models"
	}
	return "; do you mean " + strings.Join(near, " or ") + "?"
}

// principalOf finds the principal that people mean: its ARN, "role/NAME", or a name that only
// one has.
func principalOf(o *org.Organisation, name string) (*org.Principal, error) {
	if p := o.Principal(name); p != nil {
		return p, nil
	}
	var found []*org.Principal
	for _, p := range o.Principals {
		if p.Name == name || short(p.ARN) == name {
			found = append(found, p)
		}
	}
	switch len(found) {
	case 0:
		return nil, fmt.Errorf("principal %q: there is none of this ARN or name among the %d that are known%s", name, len(o.Principals), nearPrincipals(o, name))
	case 1:
		return found[0], nil
	}
	var arns []string
	for _, p := range found[:min(len(found), 5)] {
		arns = append(arns, p.ARN)
	}
	return nil, fmt.Errorf("principal %q: %d have this name, say the ARN: %s", name, len(found), strings.Join(arns, ", "))
}

// kindOf is the kind of resource that an ARN tells, "" for one that does not.
func kindOf(arn string) string {
	kind, _, _ := strings.Cut(short(arn), "/")
	return kind
}

// targetOf is what a call reaches, as people name it.
func targetOf(c plan.Call, r *plan.Resource) report.AccessTarget {
	t := report.AccessTarget{ARN: c.Target, Region: c.Region}
	parts := strings.SplitN(c.Target, ":", 6)
	if len(parts) == 6 {
		t.Region = cmp.Or(t.Region, parts[3])
		kind, id, ok := strings.Cut(parts[5], "/")
		t.Name, t.Kind = parts[5], parts[2]
		if ok && parts[2] != "s3" {
			t.Name, t.Kind = id, strings.ReplaceAll(kind, "-", " ")
		}
	}
	if t.Name == anyModel {
		t.Name = "models not yet in the catalogue"
	}
	if r != nil {
		t.Kind = strings.ReplaceAll(string(r.Kind), "-", " ")
		if !slices.Contains(modelKinds, r.Kind) && !strings.Contains(r.Name, "|") {
			t.Name = cmp.Or(r.Name, t.Name)
		}
	}
	t.Name = cmp.Or(t.Name, c.Target, "*")
	return t
}

// tellApart says the call of every target where there are several calls, and the ARN of targets
// that share a name.
func tellApart(targets []report.AccessTarget, calls []plan.Call) {
	if slices.ContainsFunc(calls, func(c plan.Call) bool { return c.Operation != calls[0].Operation }) {
		for i := range targets {
			targets[i].Call = calls[i].Operation
		}
	}
	labels := map[string]int{}
	for i := range targets {
		labels[targets[i].Label()]++
	}
	for i := range targets {
		if labels[targets[i].Label()] > 1 {
			targets[i].Name += " (" + targets[i].ARN + ")"
		}
	}
}
