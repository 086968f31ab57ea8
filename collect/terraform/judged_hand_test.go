package terraform_test

import (
	"encoding/json"
	"os"
	"testing"
)

// TestPlanByHand holds the one plan that Terraform did not make against the provider's schema: it
// has what the provider has, in the provider's nesting, and says of each argument what will be.
func TestPlanByHand(t *testing.T) {
	t.Parallel()
	var schema map[string]obj
	readJSON(t, "../../library/testdata/terraform/aws-6.25.0.json", &schema)
	var plan struct {
		Changes []struct {
			Address, Type string
			Change        struct {
				After   obj
				Unknown obj `json:"after_unknown"`
			}
		} `json:"resource_changes"`
	}
	readJSON(t, "testdata/plans/judged-agentcore/plan.json", &plan)
	held := 0
	for _, c := range plan.Changes {
		block, ok := schema[c.Type]
		if !ok {
			continue // a type of provider 5.x, of which other plans have Terraform's own
		}
		held++
		for name := range block {
			_, known := c.Change.After[name]
			if _, unknown := c.Change.Unknown[name]; name != "timeouts" && !known && !unknown {
				t.Errorf("%s: %s is neither known nor unknown", c.Address, name)
			}
		}
		inSchema(t, c.Address, c.Change.After, block)
		inSchema(t, c.Address, c.Change.Unknown, block)
	}
	if held < 15 {
		t.Errorf("%d resources are of the provider's newer types, want 15", held)
	}
}

// inSchema reports what a block does not have.
func inSchema(t *testing.T, at string, values, block obj) {
	t.Helper()
	for name, v := range values {
		kind, ok := block[name]
		if !ok {
			t.Errorf("%s: the provider has no %s", at, name)
			continue
		}
		inner, isBlock := kind.(obj)
		list, isList := v.([]any)
		if isBlock && inner["[]"] == true && !isList && v != true {
			t.Errorf("%s: %s is a list of blocks", at, name)
		}
		for _, e := range list {
			if nested, ok := e.(obj); ok && isBlock {
				inSchema(t, at+"."+name, nested, inner)
			}
		}
	}
}

func readJSON(t *testing.T, file string, into any) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}
