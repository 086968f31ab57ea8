package cloudformation_test

import (
	"sync"
	"testing"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/collect/cloudformation"
	"github.com/assize-dev/assize/library"
)

// shipped is the library and the mapping of it, loaded once.
var shipped = sync.OnceValues(func() (*content, error) {
	lib, err := library.Load()
	if err != nil {
		return nil, err
	}
	m, err := collect.NewTemplateMapping(lib.Definitions)
	return &content{lib, m}, err
})

type content struct {
	lib *library.Library
	m   *collect.PlannedMapping
}

func load(t testing.TB) *content {
	t.Helper()
	c, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// verdict is the outcome of a check on a resource, by the logical id and the check's id.
type verdict map[string]map[string]assize.Outcome

// judge reads a template and judges what it makes by the whole library.
func judge(t *testing.T, name string, o cloudformation.Options) (verdict, *cloudformation.Template) {
	t.Helper()
	c := load(t)
	o.Mapping = c.m
	tpl, err := cloudformation.ReadFile(name, o)
	if err != nil {
		t.Fatal(err)
	}
	got := verdict{}
	for f := range assess.NewEngine(c.lib.Compiler, c.lib.Programs).Assess(tpl.After, assess.Options{WholeAccount: true}).Findings() {
		if f.Resource == nil || f.Outcome == assize.NotApplicable {
			continue
		}
		if got[f.Resource.ID] == nil {
			got[f.Resource.ID] = map[string]assize.Outcome{}
		}
		got[f.Resource.ID][f.Check.ID] = f.Outcome
		if f.Outcome == assize.Inconclusive {
			t.Logf("%s %s: %s %s", f.Resource.ID, f.Check.ID, f.Outcome, f.Reason)
		}
	}
	return got, tpl
}
