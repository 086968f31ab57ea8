package oscal_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/library"
	"github.com/assize-dev/assize/library/oscal"
)

func read(t *testing.T, name string) *oscal.Document {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	d, err := oscal.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// A catalogue of another body: parameters, items, enhancements, groups in groups, withdrawn controls.
func TestCatalog(t *testing.T) {
	t.Parallel()
	im := read(t, "catalog.json").Catalog.Framework("harbour", "harbour")
	fw := im.Framework
	if !fw.Requirements || fw.Licence == "" || fw.Version != "3.2" {
		t.Errorf("header: %+v", fw)
	}
	demand := []assize.Expectation{{
		ID: "evidence", Kind: assize.ByFile, Title: "Show how this is met, for each part of what it asks", Cadence: "FREQ=YEARLY", Owner: "control owner",
		Example: "A dated document that names for each part of the text what is done, where it can be seen, and who answers for it",
	}}
	logged := []assize.Expectation{demand[0]}
	logged[0].Example = "The log of the gate signed pages"
	want := []assize.Group{
		{ID: "gate", Title: "Gates", Controls: []assize.Control{
			{
				ID: "GT-1", Title: "Gate Log", Provenance: "harbour", Why: "A log that nobody reads helps nobody.", Testing: "Find out whether the log is read.",
				Description: "The office: a. Writes down who passes, by [Assignment: named watch]; b. Reads the log " +
					"[Selection (one or more): at dusk; every 4 hours].",
				Expectations: logged,
			},
			{ID: "GT-1(1)", Title: "Two Readers", Provenance: "harbour", Description: "Two people read the log.", Expectations: demand},
			{ID: "GT-3", Title: "Keys", Provenance: "harbour", Description: "Keys are counted.", Expectations: demand},
		}},
		{ID: "north", Title: "Quays: North", Controls: []assize.Control{
			{ID: "qn-1", Title: "Lamps", Provenance: "harbour", Description: "Lamps burn.", Expectations: demand},
		}},
	}
	if diff := cmp.Diff(want, fw.Groups); diff != "" {
		t.Errorf("control sets (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"gt-2 (Old Gate) is withdrawn and left out"}, im.Notes); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

// A profile selects, sets parameters and alters; its catalogue stays as it was.
func TestProfile(t *testing.T) {
	t.Parallel()
	catalog := read(t, "catalog.json")
	before := catalog.Catalog.Framework("h", "h").Framework
	c, err := read(t, "profile.json").Profile.Resolve(func(href string) (*oscal.Document, error) {
		if href != "https://example.com/catalog.json" {
			return nil, fmt.Errorf("asked for %s", href)
		}
		return catalog, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	fw := c.Framework("small", "harbour").Framework
	got := map[string]string{}
	for _, g := range fw.Groups {
		for _, control := range g.Controls {
			got[control.ID] = control.Description + "|" + control.Why
		}
	}
	want := map[string]string{
		"GT-1":    "The office: a. Writes down who passes, by the night watch; c. Keeps the log a year.|Small harbours have one gate.",
		"GT-1(1)": "Two people read the log.|", "qn-1": "Lamps burn.|",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("controls (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(before, catalog.Catalog.Framework("h", "h").Framework); diff != "" {
		t.Errorf("the catalogue was changed (-before +after):\n%s", diff)
	}
}

func TestProfileRefuses(t *testing.T) {
	t.Parallel()
	catalog := read(t, "catalog.json")
	find := func(string) (*oscal.Document, error) { return catalog, nil }
	const head = `{"profile": {"metadata": {"title": "P"}, "imports": [{"href": "c"%s}]%s}}`
	for _, tt := range []struct{ name, selects, modify, want string }{
		{"no such control", `, "include-controls": [{"with-ids": ["gt-9"]}]`, "", `there is no control "gt-9"`},
		{"no pattern", `, "include-controls": [{"matching": [{"pattern": "["}]}]`, "", `pattern "["`},
		{"nothing is left", `, "exclude-controls": [{"matching": [{"pattern": "*"}]}]`, "", "there is no control in it"},
		{"no such parameter", "", `, "modify": {"set-parameters": [{"param-id": "x"}]}`, `parameter "x"`},
		{"alters what is not taken", "", `, "modify": {"alters": [{"control-id": "x"}]}`, `no control "x" is taken`},
		{"adds to no part", "", `, "modify": {"alters": [{"control-id": "gt-1", "adds": [{"by-id": "x"}]}]}`, `there is no part "x"`},
		{"removes everything", "", `, "modify": {"alters": [{"control-id": "gt-1", "removes": [{}]}]}`, "names nothing"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d, err := oscal.Read(fmt.Appendf(nil, head, tt.selects, tt.modify))
			if err != nil {
				t.Fatal(err)
			}
			if _, err = d.Profile.Resolve(find); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
	loop := read(t, "profile.json")
	if _, err := loop.Profile.Resolve(func(string) (*oscal.Document, error) { return loop, nil }); err == nil || !strings.Contains(err.Error(), "imports itself") {
		t.Errorf("a profile that imports itself: %v", err)
	}
	missing := errors.New("is not here")
	if _, err := loop.Profile.Resolve(func(string) (*oscal.Document, error) { return nil, missing }); !errors.Is(err, missing) {
		t.Errorf("got %v", err)
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	deep := `{"id": "x", "title": "X"`
	for range 40 {
		deep = `{"id": "y", "title": "Y", "controls": [` + deep + `}]`
	}
	for _, tt := range []struct{ name, data, want string }{
		{"no JSON", "<catalog/>", "read OSCAL"},
		{"another model", `{"component-definition": {}}`, `want a JSON object with "catalog" or "profile"`},
		{"both", `{"catalog": {}, "profile": {}}`, "this is both"},
		{"no title", `{"catalog": {"metadata": {}}}`, "title: there is none"},
		{"no control", `{"catalog": {"metadata": {"title": "T"}}}`, "there is no control"},
		{"an id twice", `{"catalog": {"metadata": {"title": "T"}, "controls": [{"id": "a", "title": "A"}, {"id": "a", "title": "B"}]}}`, `"a" stands twice`},
		{"too deep", `{"catalog": {"metadata": {"title": "T"}, "controls": [` + deep + `}]}}`, "nested deeper"},
		{"imports nothing", `{"profile": {"metadata": {"title": "T"}}}`, "names no catalogue"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := oscal.Read([]byte(tt.data)); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// What a catalogue is made of comes back as it was, for each framework that is no requirement over mappings.
func TestFrameworksComeBack(t *testing.T) {
	t.Parallel()
	lib, err := library.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{library.DefaultFramework, "aws_genai_v2", "aws_ai_security_best_practices_v1"} {
		want, err := lib.Framework(id)
		if err != nil {
			t.Fatal(err)
		}
		data, err := oscal.FromFramework(want, time.Unix(0, 0)).Encode()
		if err != nil {
			t.Fatal(err)
		}
		d, err := oscal.Read(data)
		if err != nil {
			t.Fatal(err)
		}
		im := d.Catalog.Framework(id, assize.ProvenanceImported)
		for g := range im.Framework.Groups {
			for i := range im.Framework.Groups[g].Controls {
				c := &im.Framework.Groups[g].Controls[i]
				for _, e := range c.Expectations { // as the library does when it loads it
					c.Checks = append(c.Checks, e.Checks...)
				}
			}
		}
		c, err := library.Compare(plain(t, want), plain(t, im.Framework))
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Controls) > 0 || len(c.Header) > 0 || len(im.Notes) > 0 {
			t.Errorf("%s: notes %v, header %+v, controls %.2000v", id, im.Notes, c.Header, c.Controls)
		}
	}
}

// plain is a framework with the white space of its texts as OSCAL keeps it, and without what no control says of itself.
func plain(t *testing.T, fw *assize.Framework) *assize.Framework {
	t.Helper()
	data, err := library.Encode(fw)
	if err != nil {
		t.Fatal(err)
	}
	d, err := library.DecodeDocument(fw.ID, fw.ID, []byte(strings.ReplaceAll(string(data), `\n`, "")))
	if err != nil {
		t.Fatal(err)
	}
	return d.Framework
}

// Ids are tokens of OSCAL, and the same framework gives the same UUID.
func TestExport(t *testing.T) {
	t.Parallel()
	fw := &assize.Framework{ID: "f", Title: "F", Version: "1", Groups: []assize.Group{{ID: "1 a", Title: "A", Controls: []assize.Control{
		{
			ID: "Art. 5(1)(a)", Title: "T", Over: []assize.MappedOver{{Common: "k", Relation: assize.Subset}},
			Expectations: []assize.Expectation{{ID: "k-x", Kind: assize.ByFile, Common: "k"}},
		},
		{ID: "art 5 1 a", Title: "U"},
	}}}}
	c := oscal.FromFramework(fw, time.Unix(0, 0))
	if c.UUID != oscal.FromFramework(fw, time.Unix(1, 0)).UUID || len(c.UUID) != 36 || c.UUID[14] != '5' {
		t.Errorf("UUID %q", c.UUID)
	}
	g := c.Groups[0]
	if g.ID != "c-1-a" || g.Controls[0].ID != "art.-5-1-a" || g.Controls[1].ID != "art-5-1-a" {
		t.Errorf("ids %q %q %q", g.ID, g.Controls[0].ID, g.Controls[1].ID)
	}
	if im := c.Framework("f", "ours"); im.Mapped != 1 {
		t.Errorf("%d controls are said to be answered over mappings, want 1", im.Mapped)
	}
	if len(g.Controls[0].Parts) != 0 {
		t.Errorf("a demand that comes over a mapping was copied: %+v", g.Controls[0].Parts)
	}
}

// Ids that become one token are told apart by numbers, of which none is given twice.
func TestExportTokens(t *testing.T) {
	t.Parallel()
	fw := &assize.Framework{ID: "f", Title: "F", Version: "1", Groups: []assize.Group{{ID: "g", Title: "A"}}}
	for _, id := range []string{"A!", "a?", "a", "a-2", "A 2", "-a-"} {
		fw.Groups[0].Controls = append(fw.Groups[0].Controls, assize.Control{ID: id, Title: "T"})
	}
	var got []string
	for _, c := range oscal.FromFramework(fw, time.Unix(0, 0)).Groups[0].Controls {
		got = append(got, c.ID)
	}
	if diff := cmp.Diff([]string{"a", "a-2", "a-3", "a-2-2", "a-2-3", "a-4"}, got); diff != "" {
		t.Errorf("tokens (-want +got):\n%s", diff)
	}
}

// Parameters that would fill the memory are not inserted, and it is said; texts of very many parts, and ids of which
// no id can be made, are no more work than their length.
func TestHostileCatalog(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("w ", 1<<20)
	c := &oscal.Catalog{
		Metadata: oscal.Metadata{Title: "T"},
		Params: []oscal.Param{
			{ID: "long", Label: long},
			{ID: "double", Select: &oscal.Select{Choice: []string{"{{ insert: param, double }}", "{{ insert: param, double }}"}}},
		},
	}
	for i := range 100 {
		c.Controls = append(c.Controls, oscal.Control{
			ID: fmt.Sprintf("a-%d", i), Title: "A", Parts: []oscal.Part{{Name: "statement", Prose: "Before {{ insert: param, long }}"}},
		})
	}
	items := make([]oscal.Part, 200_000)
	for i := range items {
		items[i] = oscal.Part{Name: "item", Prose: "word"}
	}
	c.Controls = append(c.Controls,
		oscal.Control{ID: "double", Title: "D", Parts: []oscal.Part{{Name: "statement", Prose: "{{ insert: param, double }}"}}},
		oscal.Control{ID: "items", Title: "I", Parts: []oscal.Part{{Name: "statement", Parts: items}}})
	for i := range 100_000 {
		c.Controls = append(c.Controls, oscal.Control{ID: "é" + string(rune(0x4e00+i)), Title: "U"})
	}
	im := c.Framework("f", "ours")
	size, ids := 0, map[string]bool{}
	for _, g := range im.Framework.Groups {
		for _, c := range g.Controls {
			size += len(c.Description) + len(c.Note)
			ids[c.ID] = true
		}
	}
	if size > 32<<20 {
		t.Errorf("the texts have %d bytes", size)
	}
	if len(ids) != len(c.Controls) {
		t.Errorf("%d controls have %d ids", len(c.Controls), len(ids))
	}
	if !slices.ContainsFunc(im.Notes, func(n string) bool { return strings.HasPrefix(n, "parameters insert more than 8 MB") }) {
		t.Errorf("nothing says that parameters were not inserted: %d notes", len(im.Notes))
	}
}

// Profiles that import one another twice each are resolved once each.
func TestProfilesImportedTwice(t *testing.T) {
	t.Parallel()
	controls := []oscal.Control{{ID: "a", Title: "A"}, {ID: "b", Title: "B"}}
	documents := map[string]*oscal.Document{"0": {Catalog: &oscal.Catalog{Metadata: oscal.Metadata{Title: "C"}, Controls: controls}}}
	found := 0
	half := func(href, id string) oscal.Import {
		return oscal.Import{Href: href, IncludeControls: []oscal.SelectControls{{WithIDs: []string{id}}}}
	}
	var last *oscal.Profile
	for i := range 28 {
		href := strconv.Itoa(i)
		last = &oscal.Profile{Metadata: oscal.Metadata{Title: href}, Imports: []oscal.Import{half(href, "a"), half(href, "b")}}
		documents[strconv.Itoa(i+1)] = &oscal.Document{Profile: last}
	}
	c, err := last.Resolve(func(href string) (*oscal.Document, error) {
		found++
		return documents[href], nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(controls, c.Controls, cmpopts.EquateEmpty()); diff != "" || found != 2*28 {
		t.Errorf("%d documents looked for, want %d; controls (-want +got):\n%s", found, 2*28, diff)
	}
}
