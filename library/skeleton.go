package library

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// CheckSkeleton is the check.yaml of a new check of a resource type, with comments that say what to
// write. It has faults until it is filled in: lint names them.
func CheckSkeleton(typ string) []byte {
	return fmt.Appendf(nil, `title: # one statement that is true when all is well, without a full stop
why: # what goes wrong for an AI workload without it, in your own words
severity: # critical, high, medium, low, informational
# kind: resource (each one), account-region, account, organisation (all of them together).
# none: what it means that there is none: fail, not_applicable, or profile with profile: FIELD.
subject: {kind: resource, type: %q, none: not_applicable}
# applies: an expression; where it is false the check does not apply. not_applicable_when: says so in words. Both or none.
# The rule is one CEL expression; true is good. The type's facts: assize library show %s
# The functions there are: docs/new-check.md. Facts that may be absent are guarded with has(x.f) or default(x.f, v).
rule: # resource.Property == "value"
fails: # one sentence: what a failure means
remediation:
  text: # what to do
  # cli: commands of the AWS CLI
  # terraform: the argument or block that makes it right
retrofit:
  cost: # none (in place), low (side effects), medium (restart or new version), high (replacement)
  note: # what it consists of
sources: [] # the pages that the rule rests on, https
`, typ, typ)
}

// ExamplesSkeleton is the examples.yaml of a new check: what its author holds it to.
func ExamplesSkeleton() []byte {
	return []byte(`# One example at least for each of these outcomes; properties under CloudFormation's names.
- name: all is well
  want: pass
  resource: {}
- name: it is not
  want: fail
  resource: {}
- name: the call was denied
  want: inconclusive
  cause: denied
  resource:
    Property: {$unknown: {cause: denied, operation: "service:Operation"}}
- name: there is none
  want: not_applicable
  resources: []
`)
}

// AppendControl appends a new control to the file of a control set, with comments that say what to write. It has
// faults until it is filled in: lint names them. A file that has a control of that id, or does not end with its
// controls, is refused.
func AppendControl(set []byte, id string) ([]byte, error) {
	before, err := controlIDs(set)
	if err != nil {
		return nil, err
	}
	if slices.Contains(before, id) {
		return nil, fmt.Errorf("there is a control %q already", id)
	}
	if !bytes.HasSuffix(set, []byte("\n")) {
		set = append(slices.Clip(set), '\n')
	}
	after := slices.Concat(set, []byte(strings.ReplaceAll(controlSkeleton, "ID", id)))
	if now, err := controlIDs(after); err != nil || !slices.Equal(now, append(before, id)) {
		return nil, errors.New("a control can be appended only where controls stand last, each as \"- id:\" indented by two: add it by hand")
	}
	return after, nil
}

// controlIDs are the ids of the controls in the file of a control set, which need not be filled in.
func controlIDs(set []byte) ([]string, error) {
	var g struct {
		Controls []struct {
			ID string `yaml:"id"`
		} `yaml:"controls"`
	}
	if err := yaml.Unmarshal(set, &g); err != nil {
		return nil, fmt.Errorf("is no control set: %w", err)
	}
	var ids []string
	for _, c := range g.Controls {
		ids = append(ids, c.ID)
	}
	return ids, nil
}

// Long texts are written folded: after ">-", indented on the lines below. A comment there would be text.
const controlSkeleton = `  - id: "ID"
    title: # what holds when all is well, in a few words
    provenance: assize # what is written here; for a requirement of others the body whose it is, in lower case
    description: # what it asks, so that it can be tested; at most 1000 characters
    why: # what goes wrong without it
    testing_information: # what an auditor asks for, and when it is enough
    action_plan_title: # what to do, in a few words
    action_plan: # what to do when it is not met
    # applies_to: {scopes: [4, 5], exposure: [public]}   only workloads of these; without it every workload
    expectations:
      # Evidence from accounts: checks by id (assize library search). Take it away where there is none.
      - id: configured
        kind: check
        title: # what the checks show
        checks: []
      # Evidence of people: kind file, text, attestation or questionnaire (with record:). Take it away where there is none.
      - id: review
        kind: file
        title: # what is asked, in one sentence
        cadence: FREQ=YEARLY
        owner: # the role that answers
        example: # evidence that is enough
        # per: AWS::SageMaker::Model   one for each; without it one for the assessment
`

// SetSkeleton is the head of a new control set, to which controls are appended.
func SetSkeleton(id, title string) []byte {
	return fmt.Appendf(nil, "id: %q\ntitle: %q\ncontrols:\n", id, title)
}
