package report

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/assize-dev/assize"
	"github.com/google/go-cmp/cmp"
)

// TestShownResource holds what findings of one resource share against makeEntry, which makes each by itself.
func TestShownResource(t *testing.T) {
	t.Parallel()
	texts := []string{
		"", "x", `q"\`, "<i>\x1b\u202e\xff", strings.Repeat("long ", 80), "arn:aws:s3:::b", assize.Hole,
		assize.PlannedARNPrefix + "module.a%5B0%5D", strings.Repeat("é", 200),
	}
	names := []string{"Arn", "Policy.Document", "Rules", "Tags", "Grants", "A" + strings.Repeat("b", 130), "Secret", "n<"}
	rng := rand.New(rand.NewPCG(5, 7))
	text := func() string { return texts[rng.IntN(len(texts))] }
	value := func() assize.Value {
		return []assize.Value{
			nil, true, int64(rng.IntN(9)), 1.5, text(),
			assize.List{text(), int64(2)},
			assize.List{assize.Object{{Name: "Grantee", Value: text()}, {Name: "Permission", Value: text()}}},
			&assize.Unknown{Cause: assize.UntilApply, Operation: text(), Detail: text(), Refers: &assize.Reference{Type: "AWS::X::Y", ID: text()}},
		}[rng.IntN(8)]
	}
	for i := range 300 {
		r := &assize.Resource{Type: "AWS::S3::Bucket", ID: text(), ARN: text(), Sensitive: []string{"Secret"}}
		if i%2 > 0 {
			r.Origin = &assize.Origin{Kind: "plan", Address: text()}
		}
		for _, name := range names {
			r.Properties = r.Properties.Set(name, value())
		}
		var shared, alone tables
		for range 6 {
			f := &assize.Finding{Check: fakeChecks()["public"], Outcome: assize.Fail, Account: "1", Region: text(), Resource: r, Reason: text()}
			for range rng.IntN(12) {
				f.Paths = append(f.Paths, names[rng.IntN(len(names))]+[]string{"", "[].Grantee", "[].Permission"}[rng.IntN(3)])
			}
			got, err := shared.encode(nil, f)
			if err != nil {
				t.Fatal(err)
			}
			want, whole := encodeAlone(t, &alone, f)
			if diff := cmp.Diff(want, string(got)); diff != "" {
				t.Fatalf("finding (-alone +shared):\n%s", diff)
			}
			for _, name := range whole {
				if !slices.Contains(shared.resources[r].facts, name) {
					t.Fatalf("the table lacks %q of %s", name, got)
				}
			}
		}
	}
}

// encodeAlone encodes a finding without what others share, and returns the names of the facts that are cut.
func encodeAlone(t *testing.T, alone *tables, f *assize.Finding) (text string, cut []string) {
	t.Helper()
	for _, l := range steps {
		e := makeEntry(f, l)
		alone.refer(&e, f)
		data, err := e.append(nil)
		if err != nil {
			t.Fatal(err)
		}
		text, cut = string(data), e.cutFacts
		if len(data) <= maxEntry {
			break
		}
	}
	return text, cut
}
