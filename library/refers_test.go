package library_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/graph"
)

// TestRefersNeverDecidesWrongly judges every example again as if a plan made its
// resources: whatever names one of them is not known but refers to it, and policies hold
// its planned ARN. A verdict may become inconclusive, and none may change otherwise.
func TestRefersNeverDecidesWrongly(t *testing.T) {
	t.Parallel()
	lib, err := load()
	if err != nil {
		t.Fatal(err)
	}
	pool := newPool(lib)
	followed := map[bool]int{}
	for _, p := range lib.Programs {
		examples, err := readExamples(p.Check)
		if err != nil {
			t.Fatalf("%s: examples.yaml: %v", p.Check.ID, err)
		}
		for _, e := range examples {
			k, err := prepare(lib, p, e)
			if err != nil {
				t.Fatalf("%s: %s: %v", p.Check.ID, e.Name, err)
			}
			want := k.judge()
			if want == nil || want.Outcome == assize.Inconclusive {
				continue
			}
			for i := range slices.Concat(k.subjects, k.others) {
				got := k.asPlanned(pool, func(n int) bool { return n == i }).judge()
				followed[got.Outcome == want.Outcome]++
				if got.Outcome != want.Outcome && got.Outcome != assize.Inconclusive {
					t.Errorf("%s: %s: with resource %d planned: got %s (%s), want %s or inconclusive", p.Check.ID, e.Name, i, got.Outcome, got.Reason, want.Outcome)
				}
			}
			if got := k.asPlanned(pool, func(int) bool { return true }).judge(); got.Outcome != want.Outcome && got.Outcome != assize.Inconclusive {
				t.Errorf("%s: %s: with all resources planned: got %s (%s), want %s or inconclusive", p.Check.ID, e.Name, got.Outcome, got.Reason, want.Outcome)
			}
		}
	}
	t.Logf("%d verdicts stay, %d become inconclusive", followed[true], followed[false])
	if followed[true] < followed[false] {
		t.Errorf("%d verdicts stay and %d become inconclusive: values that refer are not followed", followed[true], followed[false])
	}
}

// asPlanned returns the case with some of its resources planned.
func (k *caseOf) asPlanned(pool *valuePool, which func(n int) bool) *caseOf {
	real := slices.Concat(k.subjects, k.others)
	p := &planning{pool: pool, graph: graph.New(k.inventory(), k.lib.Definitions), made: map[*assize.Resource]*assize.Resource{}}
	for i, r := range real {
		c := *r
		p.made[r] = &c
		if which(i) && !ownedByAWS(r) {
			address := "module.m[\"" + strings.ReplaceAll(r.Type, "::", ".") + "/" + r.ID + "\"].aws_x.this"
			c.ID, c.ARN, c.Origin = address, assize.PlannedARN(address), &assize.Origin{Kind: "plan", Address: address}
		}
	}
	out := *k
	out.subjects, out.others = nil, nil
	for i, r := range real {
		c := p.made[r]
		c.Properties = p.rewrite(r)
		if i < len(k.subjects) {
			out.subjects = append(out.subjects, c)
		} else {
			out.others = append(out.others, c)
		}
	}
	return &out
}

// ownedByAWS reports whether it is a policy of AWS, which no plan makes.
func ownedByAWS(r *assize.Resource) bool {
	arn, _ := r.Properties.Get("PolicyArn").(string)
	return strings.HasPrefix(arn, "arn:aws:iam::aws:")
}

// planning turns what names a resource into what a plan has for it.
type planning struct {
	pool  *valuePool
	graph *graph.Graph
	made  map[*assize.Resource]*assize.Resource
}

func (p *planning) rewrite(r *assize.Resource) assize.Object {
	out := r.Properties
	for _, at := range placesIn(r.Properties) {
		text, ok := valueAt(r.Properties, at.steps).(string)
		fact := p.fact(r.Type, strings.TrimSuffix(at.path, "[]"))
		if !ok || fact == nil {
			continue
		}
		if fact.Type == assize.Policy || strings.HasPrefix(text, "{") {
			out = at.replace(out, p.policy(text))
		} else if named := p.named(r, fact, text); named != nil && p.made[named].Origin != nil {
			m := p.made[named]
			out = at.replace(out, &assize.Unknown{
				Cause: assize.UntilApply, Refers: &assize.Reference{Type: m.Type, Account: m.Account, Region: m.Region, ID: m.ID},
			})
		}
	}
	return out
}

func (p *planning) fact(typ, path string) *assize.Fact {
	facts := p.pool.defs[typ].Facts
	i := slices.IndexFunc(facts, func(f assize.Fact) bool { return f.Path == path })
	if i < 0 {
		return nil
	}
	return &facts[i]
}

// named is the resource that a text names: itself, by the fact's reference, or by ARN.
func (p *planning) named(r *assize.Resource, fact *assize.Fact, text string) *assize.Resource {
	switch {
	case (fact.At == "$id" && text == r.ID || fact.At == "$arn" && text == r.ARN) && text != "":
		return r
	case fact.Ref != "":
		found, _ := p.graph.Find(fact.Ref, r.Account, r.Region, text)
		return found
	}
	for other := range p.made {
		if other.ARN != "" && (text == other.ARN || other.Type == "AWS::S3::Bucket" && strings.HasPrefix(text, other.ARN+"/")) ||
			other.Type == "AWS::S3::Bucket" && graph.BucketName(text) == other.ID && strings.HasPrefix(text, "s3://") {
			return other
		}
	}
	return nil
}

// policy puts planned ARNs in place of the real ones, and a hole in place of what an id
// is a part of, as a loader does that cannot say more of it.
func (p *planning) policy(text string) string {
	for r, m := range p.made {
		if m.Origin == nil {
			continue
		}
		if r.ARN == "" && len(r.ID) > 8 {
			text = regexp.MustCompile(`"[^"]*`+regexp.QuoteMeta(r.ID)+`[^"]*"`).ReplaceAllLiteralString(text, `"`+assize.Hole+`"`)
		}
		if r.ARN != "" {
			text = regexp.MustCompile(regexp.QuoteMeta(r.ARN)+`(["/:])`).ReplaceAllString(text, strings.ReplaceAll(m.ARN, "$", "$$")+"$1")
		}
	}
	return text
}

func valueAt(v assize.Value, steps []any) assize.Value {
	for _, s := range steps {
		switch x := v.(type) {
		case assize.Object:
			name, _ := s.(string)
			v = x.Get(name)
		case assize.List:
			i, _ := s.(int)
			if i >= len(x) {
				return nil
			}
			v = x[i]
		}
	}
	return v
}
