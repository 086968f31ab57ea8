package main

import (
	"testing"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/collect/aws"
	"github.com/assize-dev/assize/library"
)

// TestDefinitionsAndCollectorsAgree joins what content declares with what
// collectors do: every type has one collector that lists it as the definition
// says, and calls every operation that a fact comes from.
func TestDefinitionsAndCollectorsAgree(t *testing.T) {
	t.Parallel()
	lib, err := library.Load()
	if err != nil {
		t.Fatal(err)
	}
	collectors := map[string]*collect.Declaration{}
	for _, d := range aws.Declarations() {
		for _, typ := range d.Types {
			collectors[typ] = d
		}
	}
	for _, d := range lib.Definitions {
		c := collectors[d.Type]
		if c == nil {
			t.Errorf("%s: no collector lists it", d.Type)
			continue
		}
		delete(collectors, d.Type)
		agree(t, d, c)
	}
	for typ, c := range collectors {
		t.Errorf("%s: collector %s lists it, but it has no definition", typ, c.Name)
	}
}

func agree(t *testing.T, d *assize.Definition, c *collect.Declaration) {
	t.Helper()
	if got, want := d.Global, c.Scope == collect.Global; got != want {
		t.Errorf("%s: global: the definition says %v, collector %s says %v", d.Type, got, c.Name, want)
	}
	if c.Operation(d.List) == nil {
		t.Errorf("%s: list: collector %s does not call %s", d.Type, c.Name, d.List)
	}
	for i := range d.Facts {
		if op := d.Facts[i].From; op != "" && c.Operation(op) == nil {
			t.Errorf("%s: %s: collector %s does not call %s", d.Type, d.Facts[i].Path, c.Name, op)
		}
	}
}
