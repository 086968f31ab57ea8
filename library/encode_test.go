package library_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/library"
)

// Each shipped framework, with its mappings, is the same after it was written and read.
func TestDocumentsComeBack(t *testing.T) {
	t.Parallel()
	lib, err := library.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range lib.FrameworkIDs() {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			want, err := lib.Document(id)
			if err != nil {
				t.Fatal(err)
			}
			data, err := want.Encode()
			if err != nil {
				t.Fatal(err)
			}
			got, err := library.DecodeDocument(id, id+".yaml", data)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("after writing and reading (-want +got):\n%s", diff)
			}
		})
	}
}

// Whatever texts a framework holds, they are the same after it was written and read.
func TestAnyTextComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[ \n\t#:>|\-"'a-z]{0,200}`), rapid.StringMatching(`([a-zé#&*!{-]{1,12} ){12,40}[a-z]`))
		want := &library.Document{Framework: &assize.Framework{
			ID: "x", Title: text.Draw(t, "title"), Aliases: rapid.SliceOfN(text, 1, 3).Draw(t, "aliases"), Extends: &assize.Inheritance{Framework: text.Draw(t, "base"), Include: []string{}},
			Groups: []assize.Group{{ID: "g", Controls: []assize.Control{{
				ID: text.Draw(t, "id"), Description: text.Draw(t, "description"), AppliesTo: &assize.Applicability{Scopes: []int{1, 5}},
				Expectations: []assize.Expectation{{ID: "e", Example: text.Draw(t, "example"), Optional: true, DueDays: 3}, {Title: text.Draw(t, "second")}},
			}}}},
		}}
		data, err := want.Encode()
		if err != nil {
			t.Fatal(err)
		}
		got, err := library.DecodeDocument("x", "x.yaml", data)
		if err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("after writing and reading (-want +got):\n%s\n%s", diff, data)
		}
	})
}

func TestDecodeDocumentRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, data, want string }{
		{"unknown key", "title: T\ntitel: T\n", "x.yaml:2: field titel not found"},
		{"a wrong second document", "title: T\n---\nmapings: []\n", "x.yaml:3: field mapings not found"},
		{"three documents", "title: T\n---\nversion: \"1\"\n---\na: b\n", "at most one set of mappings"},
		{"no YAML", "title: [", "x.yaml:1: "},
		{"nothing", "", "x.yaml:1: EOF"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := library.DecodeDocument("x", "x.yaml", []byte(tt.data))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestEncodeRefusesOtherKinds(t *testing.T) {
	t.Parallel()
	_, err := library.Encode(struct {
		F func() `yaml:"f"`
	}{func() {}})
	if err == nil || !strings.Contains(err.Error(), "is no part of the content") {
		t.Errorf("got %v", err)
	}
}

// What is told to differ, and as what.
func TestCompare(t *testing.T) {
	t.Parallel()
	over := []assize.MappedOver{{Common: "k", Relation: assize.Subset}}
	before := &assize.Framework{ID: "f", Version: "1", Title: "T", Groups: []assize.Group{{ID: "g", Title: "G", Controls: []assize.Control{
		{ID: "gone", Title: "Gone"},
		{ID: "same", Title: "Same", Checks: []string{"a"}},
		{ID: "text", Title: "Text", Description: "was"},
		{ID: "evidence", Title: "E", Checks: []string{"a", "b"}, Expectations: []assize.Expectation{{ID: "x", Kind: assize.ByFile, Owner: "one"}, {ID: "y", Kind: assize.ByText}}},
		{ID: "mapped", Title: "Mapped", Checks: []string{"a"}, Over: over},
		{ID: "moves", Title: "Moves"},
	}}}}
	after := &assize.Framework{ID: "f", Version: "2", Title: "T2", Groups: []assize.Group{
		{ID: "g", Title: "G2", Controls: []assize.Control{
			{ID: "same", Title: "Same", Checks: []string{"a"}},
			{ID: "text", Title: "Text", Description: "is"},
			{ID: "evidence", Title: "E", Checks: []string{"b", "c"}, Expectations: []assize.Expectation{{ID: "x", Kind: assize.ByFile, Owner: "two"}}, Over: []assize.MappedOver{{Common: "k", Relation: assize.Equal}}},
			{ID: "mapped", Title: "Mapped", Checks: []string{"a"}, Over: over, Mapped: []assize.MappedCheck{{Check: "a", Common: "k", Relation: assize.Subset}}},
		}},
		{ID: "h", Controls: []assize.Control{{ID: "moves", Title: "Moves"}, {ID: "new", Title: "New"}}},
	}}
	got, err := library.Compare(before, after)
	if err != nil {
		t.Fatal(err)
	}
	type fields = []library.FieldChange
	want := &library.Comparison{
		Before: library.Compared{ID: "f", Version: "1"}, After: library.Compared{ID: "f", Version: "2"},
		Header: fields{{Name: "title", Before: "T", After: "T2"}, {Name: "group g: title", Before: "G", After: "G2"}},
		Controls: []library.ControlChange{
			{ID: "text", Title: "Text", Group: "g", Change: library.Changed, Text: fields{{Name: "description", Before: "was", After: "is"}}},
			{ID: "evidence", Title: "E", Group: "g", Change: library.Changed, Evidence: fields{
				{Name: "check", Before: "a"},
				{Name: "check", After: "c"},
				{Name: "over", After: "k (equal)"},
				{Name: "expectation", Before: "y (text)"},
				{Name: "expectation x: owner", Before: "one", After: "two"},
			}},
			{ID: "mapped", Title: "Mapped", Group: "g", Change: library.Changed, Evidence: fields{{Name: "mapped check", After: "a over k (subset)"}}},
			{ID: "moves", Title: "Moves", Group: "h", Change: library.Changed, Text: fields{{Name: "group", Before: "g", After: "h"}}},
			{ID: "new", Title: "New", Group: "h", Change: library.Added},
			{ID: "gone", Title: "Gone", Group: "g", Change: library.Removed},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("comparison (-want +got):\n%s", diff)
	}
	if same, err := library.Compare(after, after); err != nil || !same.Empty() {
		t.Errorf("a framework differs from itself: %+v, %v", same, err)
	}
}
