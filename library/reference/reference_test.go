package reference_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/assize-dev/assize/library"
	"github.com/assize-dev/assize/library/reference"
)

var shipped = sync.OnceValues(func() (*reference.Reference, error) {
	lib, err := library.Load()
	if err != nil {
		return nil, err
	}
	return reference.New(lib)
})

func load(t *testing.T) *reference.Reference {
	t.Helper()
	r, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Everything has a page that says whose it is, and every reference leads to a page.
func TestPages(t *testing.T) {
	t.Parallel()
	r := load(t)
	kinds := map[reference.Kind]int{}
	for _, e := range r.Entries() {
		kinds[e.Kind]++
		p, ok := r.Page(e.Key)
		if !ok || p.Title == "" || p.Notice == "" || len(p.Facts) == 0 || len(p.Sections) == 0 {
			t.Errorf("%v: the page lacks a title, a notice, facts or sections: %+v", e.Key, p)
			continue
		}
		var refs []reference.Ref
		for _, f := range p.Facts {
			refs = append(refs, f.Value...)
		}
		for _, s := range p.Sections {
			for _, row := range s.Rows {
				refs = append(refs, row.Head)
			}
		}
		for _, ref := range refs {
			if ref.To == nil {
				continue
			}
			if _, ok := r.Entry(*ref.To); !ok {
				t.Errorf("%v leads to %v, which there is none of", e.Key, *ref.To)
			}
		}
	}
	for _, k := range reference.Kinds {
		if kinds[k] == 0 {
			t.Errorf("there is no page of a %s", k.Label())
		}
	}
	if _, ok := r.Page(reference.Key{Kind: reference.Check, ID: "nothing"}); ok {
		t.Error("there is a page of nothing")
	}
}

// Check pages say what refers to them; controls name the way over which checks come.
func TestPagesReferBack(t *testing.T) {
	t.Parallel()
	r := load(t)
	p, _ := r.Page(reference.Key{Kind: reference.Check, ID: "bedrock_guardrail_prompt_attack_filter_enabled"})
	for _, title := range []string{"Rule", "Controls that it answers", "Common controls that it implements", "Sources"} {
		if !slices.ContainsFunc(p.Sections, func(s reference.Section) bool { return s.Title == title }) {
			t.Errorf("the page of a check has no section %q", title)
		}
	}
	p, _ = r.Page(reference.ControlKey("owasp_llm_top_10_2025", "LLM01:2025"))
	i := slices.IndexFunc(p.Sections, func(s reference.Section) bool { return s.Title == "Checks" })
	if i < 0 || len(p.Sections[i].Rows[0].Lines) == 0 || !strings.HasPrefix(p.Sections[i].Rows[0].Lines[0], "Over ") {
		t.Errorf("checks of a requirement do not say over which mapping they come: %+v", p.Sections)
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	r := load(t)
	for _, tt := range []struct {
		words string
		kinds []reference.Kind
		first string
		near  bool
	}{
		{"AWS Generative AI Best Practices Framework v2", nil, "assize_genai_best_practices_v2", false},
		{"secai3.8", nil, "assize_genai_best_practices_v2/SECAI3.8", false},
		{"s3_bucket_versioning_enabled", nil, "s3_bucket_versioning_enabled", false},
		{"bucket versioning", []reference.Kind{reference.Check}, "s3_bucket_versioning_enabled", false},
		{"AWS::Bedrock::Guardrail", nil, "AWS::Bedrock::Guardrail", false},
		{"aws_bedrock_guardrail", []reference.Kind{reference.Type}, "AWS::Bedrock::Guardrail", false},
		{"model card review", []reference.Kind{reference.Record}, "model-card-review", false},
		{"bedrock guardrial promt attak", []reference.Kind{reference.Check}, "bedrock_guardrail_prompt_attack_filter_enabled", true},
	} {
		t.Run(tt.words, func(t *testing.T) {
			t.Parallel()
			found, near := r.Search(tt.words, tt.kinds...)
			if len(found) == 0 || found[0].ID != tt.first || near != tt.near {
				t.Errorf("got %.3v near %v, want %s first, near %v", found, near, tt.first, tt.near)
			}
		})
	}
	if found, _ := r.Search("qqqqzzzz"); len(found) != 0 {
		t.Errorf("found %v for what nothing is like", found)
	}
	if found, near := r.Search("guardrai"); near || len(found) < 10 {
		t.Errorf("by part of a word: got %d, near %v", len(found), near)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	r := load(t)
	for name, want := range map[string]string{
		"AWS GENERATIVE AI best practices framework v2": "assize_genai_best_practices_v2",
		"assize_genai_best_practices_v2/SECAI3.8":       "assize_genai_best_practices_v2/SECAI3.8",
		"aws::s3::bucket": "AWS::S3::Bucket",
		"access-review":   "access-review",
	} {
		found, err := r.Find(name)
		if err != nil || found[0].ID != want {
			t.Errorf("%s: got %v, %v, want %s", name, found, err, want)
		}
	}
	if _, err := r.Find("s3_bucket_versionning_enabled"); err == nil || !strings.Contains(err.Error(), "the nearest: s3_bucket_versioning_enabled") {
		t.Errorf("got %v", err)
	}
}

// The counts that the catalogue promises.
func TestCoverage(t *testing.T) {
	t.Parallel()
	for _, c := range load(t).Coverage() {
		if c.Unanswered != 0 {
			t.Errorf("%s: nothing answers %d controls", c.Framework, c.Unanswered)
		}
		if c.Automated+c.Mixed+c.Manual != c.Controls || len(c.Each) != c.Controls {
			t.Errorf("%s: %d automated, %d mixed and %d manual are not %d", c.Framework, c.Automated, c.Mixed, c.Manual, c.Controls)
		}
		if c.Framework == library.DefaultFramework && (c.Controls != 110 || c.Automated+c.Mixed != 72 || c.Manual != 38) {
			t.Errorf("%s: got %d controls, %d with automated evidence, %d manual, want 110, 72, 38", c.Framework, c.Controls, c.Automated+c.Mixed, c.Manual)
		}
	}
}
