package terraform_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect/terraform"
)

// TestOrder holds that the order of a plan's changes means nothing: objects are translated one by one, and what
// is translated is let go.
func TestOrder(t *testing.T) {
	t.Parallel()
	_, m := loaded(t)
	files, err := filepath.Glob("testdata/plans/*/plan.json")
	if err != nil || len(files) < 15 {
		t.Fatalf("%d plans: %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var plan map[string]json.RawMessage
			var changes []json.RawMessage
			readJSON(t, file, &plan)
			if raw := plan["resource_changes"]; raw != nil {
				if err := json.Unmarshal(raw, &changes); err != nil {
					t.Fatal(err)
				}
			}
			slices.Reverse(changes)
			if plan["resource_changes"], err = json.Marshal(changes); err != nil {
				t.Fatal(err)
			}
			reversed, err := json.Marshal(plan)
			if err != nil {
				t.Fatal(err)
			}
			o := terraform.Options{Mapping: m, Account: judgedAccount, AllowIncomplete: true}
			want, wantErr := terraform.Read(bytes.NewReader(data), o)
			got, gotErr := terraform.Read(bytes.NewReader(reversed), o)
			if want == nil || got == nil {
				t.Fatalf("as it is: %v; reversed: %v", wantErr, gotErr)
			}
			why := cmpopts.IgnoreFields(assize.Unknown{}, "Detail") // names the first of several that are why
			if diff := cmp.Diff(want.After.Resources, got.After.Resources, why); diff != "" {
				t.Errorf("after (-as it is +reversed):\n%s", diff)
			}
			if diff := cmp.Diff(want.Before.Resources, got.Before.Resources, why); diff != "" {
				t.Errorf("before (-as it is +reversed):\n%s", diff)
			}
		})
	}
}
