package collect

import (
	"fmt"
	"strings"
	"testing"
	"unsafe"

	"github.com/assize-dev/assize"
)

// sameText tells whether two values are the same string in memory.
func sameText(a, b assize.Value) bool {
	return unsafe.StringData(a.(string)) == unsafe.StringData(b.(string))
}

func TestTextsKeepsOneOfEach(t *testing.T) {
	t.Parallel()
	var known texts
	first := known.value(strings.Clone("team"))
	if got := known.value(strings.Clone("team")); got != first || !sameText(got, first) {
		t.Errorf("got another copy of %v", got)
	}
	for i := range 3 * maxTexts {
		if text := fmt.Sprint("text ", i); known.value(text) != text {
			t.Fatalf("got %v, want %s", known.value(text), text)
		}
		if len(known.known) > maxTexts {
			t.Fatalf("%d texts are held, want at most %d", len(known.known), maxTexts)
		}
	}
	long := strings.Repeat("x", maxText+1)
	if known.value(long) != long || known.known[long] != nil {
		t.Error("a long text is changed, or held")
	}
}

// TestDeriveSharesTexts holds that what two records repeat is kept once.
func TestDeriveSharesTexts(t *testing.T) {
	t.Parallel()
	def := &assize.Definition{Type: "AWS::Shop::Cart", Facts: []assize.Fact{
		{Path: "Tags[].Value", Type: assize.String, From: "shop:GetCart"},
		{Path: "Names", Type: assize.Strings, From: "shop:GetCart"},
		{Path: "Region", Type: assize.String, At: "$region"},
	}}
	m, err := NewMapping([]*assize.Definition{def})
	if err != nil {
		t.Fatal(err)
	}
	derive := func(id string) *assize.Resource {
		text := func(s string) assize.Value { return strings.Clone(s) }
		value := assize.NewObject(map[string]assize.Value{
			"Tags":  assize.List{assize.NewObject(map[string]assize.Value{"Value": text("machine learning")})},
			"Names": assize.List{text("subnet-1")},
		})
		r, err := m.Derive(&assize.Record{Type: def.Type, ID: id, Region: strings.Clone("eu-west-1"), Answers: []assize.Answer{{Operation: "shop:GetCart", Value: value}}})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	a, b := derive("a").Properties, derive("b").Properties
	tag := func(o assize.Object) assize.Value { return o.Get("Tags").(assize.List)[0].(assize.Object).Get("Value") }
	for name, pair := range map[string][2]assize.Value{
		"Tags[].Value": {tag(a), tag(b)},
		"Names":        {a.Get("Names").(assize.List)[0], b.Get("Names").(assize.List)[0]},
		"Region":       {a.Get("Region"), b.Get("Region")},
	} {
		if !sameText(pair[0], pair[1]) {
			t.Errorf("%s is held twice", name)
		}
	}
}
