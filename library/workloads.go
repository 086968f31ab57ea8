package library

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/assize-dev/assize"
)

// workloadsField is the section of the profile that registers AI workloads.
const workloadsField = "workloads"

const workloadsTemplate = `
# Register of AI workloads: one entry a system. What is decided here says which controls apply: those that
# concern none of the workloads are not applicable, with the reason. What is not decided narrows nothing.
# scope: 1 consumer application, 2 enterprise application, 3 pre-trained model, 4 fine-tuned model,
# 5 self-trained model (AWS Generative AI Security Scoping Matrix).
#workloads:
#  - id: support-assistant
#    name: Support assistant
#    team: Customer care
#    purpose: Drafts answers to customers, which a person sends
#    scope: 3
#    exposure: internal              # internal, partner, public
#    model_origin: provider          # provider, marketplace, open-weights, fine-tuned, self-trained
#    data_sensitivity: confidential  # public, internal, confidential, restricted
#    criticality: medium             # low, medium, high
#    service_level: 99.5 % a month
#    accounts: ["111122223333"]
#    regions: [eu-central-1]
#    tags: {workload: support-assistant}
`

// parseWorkloads reads the register of a profile.
func parseWorkloads(name string, data []byte) ([]assize.Workload, error) {
	var doc struct {
		Workloads []assize.Workload `yaml:"workloads"`
		Fields    map[string]any    `yaml:",inline"`
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&doc); err != nil && !errors.Is(err, io.EOF) {
		return nil, faults(name, err)
	}
	list, top := &faultList{}, place{file: file{path: name, data: data}}
	seen := map[string]bool{}
	for i := range doc.Workloads {
		w := &doc.Workloads[i]
		lintWorkload(list, top.at(workloadsField, i), w)
		list.want(!seen[w.ID], top.at(workloadsField, i), "workload %q stands twice", w.ID)
		seen[w.ID] = true
	}
	return doc.Workloads, errors.Join(list.errs...)
}

var twelveDigits = regexp.MustCompile(`^[0-9]{12}$`)

func lintWorkload(list *faultList, at place, w *assize.Workload) {
	list.want(wordsID.MatchString(w.ID), at, "workload id %q: want lower-case words joined by -", w.ID)
	list.want(w.Name != "", at, "workload %s: name: there is none", w.ID)
	list.want(w.Scope >= 0 && w.Scope <= assize.MaxScope, at.at("scope"), "workload %s: scope: %d is none of the scopes 1 to %d", w.ID, w.Scope, assize.MaxScope)
	factors := w.Factors()
	for _, name := range slices.Sorted(maps.Keys(factors)) {
		value := factors[name]
		list.want(value == "" || slices.Contains(assize.Factors[name], value), at.at(name),
			"workload %s: %s: %q is not one of %s", w.ID, name, value, strings.Join(assize.Factors[name], ", "))
	}
	for i, id := range w.Accounts {
		list.want(twelveDigits.MatchString(id), at.at("accounts", i), "workload %s: accounts: %q is no account id of 12 digits", w.ID, id)
	}
	for i, arn := range w.Resources {
		list.want(strings.HasPrefix(arn, "arn:"), at.at("resources", i), "workload %s: resources: %q is no ARN", w.ID, arn)
	}
}

// canonicalProfile is what the digest of a profile is of.
func canonicalProfile(p *assize.Profile) ([]byte, error) {
	if len(p.Workloads) == 0 {
		return json.Marshal(p.Values)
	}
	data, err := json.Marshal(struct {
		Values    assize.Object     `json:"values"`
		Workloads []assize.Workload `json:"workloads"`
	}{p.Values, p.Workloads})
	if err != nil {
		return nil, fmt.Errorf("digest of the profile: %w", err)
	}
	return data, nil
}
