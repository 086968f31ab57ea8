package sar

import (
	"strings"
	"testing"
)

// A class entry or a role-taking API that the reference no longer has is a mistake or an old name.
func TestTablesNameActionsThatExist(t *testing.T) {
	t.Parallel()
	d := Default()
	for service, table := range classTables {
		seen := map[string]Class{}
		for class, names := range table {
			for name := range strings.FieldsSeq(names) {
				if a, ok := d.Action(service, name); !ok || a.Name != name {
					t.Errorf("%s: %s:%s does not exist", class, service, name)
				}
				if seen[name] != "" {
					t.Errorf("%s:%s is in the classes %s and %s", service, name, seen[name], class)
				}
				seen[name] = class
			}
		}
	}
	n := 0
	for service, names := range roleTaking {
		for name := range strings.FieldsSeq(names) {
			n++
			if a, ok := d.Action(service, name); !ok || !a.TakesRole() {
				t.Errorf("%s:%s takes a role and does not exist", service, name)
			}
		}
		if passedTo[service] == "" {
			t.Errorf("%s takes roles for no service principal", service)
		}
	}
	if n == 0 {
		t.Error("no role-taking API")
	}
}
