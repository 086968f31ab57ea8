package iam

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// rewriteAll changes every statement of a set of policies.
func (x texts) rewriteAll(t *rapid.T, change func(map[string]any) []map[string]any) texts {
	apply := func(statements []string) []string {
		var out []string
		for _, s := range statements {
			var parsed map[string]any
			if err := json.Unmarshal([]byte(s), &parsed); err != nil {
				t.Fatal(err)
			}
			for _, changed := range change(parsed) {
				text, err := json.Marshal(changed)
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, string(text))
			}
		}
		return out
	}
	return texts{identity: apply(x.identity), resource: apply(x.resource), boundary: apply(x.boundary), session: apply(x.session), control: apply(x.control)}
}

// each gives a list of values whether or not it is written as one.
func each(v any) []any {
	if list, ok := v.([]any); ok {
		return list
	}
	return []any{v}
}

// with copies a statement with one element changed.
func with(s map[string]any, name string, value any) map[string]any {
	out := map[string]any{}
	for k, v := range s {
		out[k] = v
	}
	out[name] = value
	return out
}

// splitBy makes one statement of each value of an element that is a union; a Not element is none.
func splitBy(name string) func(map[string]any) []map[string]any {
	return func(s map[string]any) []map[string]any {
		if s[name] == nil {
			return []map[string]any{s}
		}
		var out []map[string]any
		for _, v := range each(s[name]) {
			out = append(out, with(s, name, v))
		}
		return out
	}
}

// turnedRound reverses the values of every list.
func turnedRound(s map[string]any) []map[string]any {
	for _, name := range []string{"Action", "NotAction", "Resource", "NotResource"} {
		if list, ok := s[name].([]any); ok {
			slices.Reverse(list)
		}
	}
	for _, block := range conditionBlocks(s) {
		for _, values := range block {
			if list, ok := values.([]any); ok {
				slices.Reverse(list)
			}
		}
	}
	return []map[string]any{s}
}

func conditionBlocks(s map[string]any) []map[string]any {
	all, _ := s["Condition"].(map[string]any)
	var out []map[string]any
	for _, block := range all {
		if keys, ok := block.(map[string]any); ok {
			out = append(out, keys)
		}
	}
	return out
}

// shouted writes actions and names of condition keys in upper case, but not the names of tags.
func shouted(s map[string]any) []map[string]any {
	for _, name := range []string{"Action", "NotAction"} {
		if s[name] == nil {
			continue
		}
		var list []any
		for _, v := range each(s[name]) {
			list = append(list, strings.ToUpper(fmt.Sprint(v)))
		}
		s[name] = list
	}
	for _, block := range conditionBlocks(s) {
		for key, values := range block {
			prefix, tag, isTag := strings.Cut(key, "/")
			prefix = strings.ToUpper(prefix)
			if isTag {
				prefix += "/" + tag
			}
			delete(block, key)
			block[prefix] = values
		}
	}
	return []map[string]any{s}
}

// TestSameMeaning: changes that AWS's language gives no meaning to change no reading of any decision.
func TestSameMeaning(t *testing.T) {
	t.Parallel()
	changes := map[string]func(map[string]any) []map[string]any{
		"lists turned round":        turnedRound,
		"a statement each action":   splitBy("Action"),
		"a statement each resource": splitBy("Resource"),
		"upper case":                shouted,
		"a Sid": func(s map[string]any) []map[string]any {
			return []map[string]any{with(s, "Sid", "Renamed")}
		},
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				x, r := drawTexts(t), drawRequest(t)
				if got, want := evaluateIn(t, x.rewriteAll(t, change), r), evaluateIn(t, x, r); got != want {
					t.Errorf("got allowed in %b, want %b as before", got, want)
				}
			})
		})
	}
}

// TestNotElementsAreComplements: NotAction and NotResource apply exactly where Action and Resource do not.
func TestNotElementsAreComplements(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var plain []string
		for _, r := range poolResources {
			if !strings.Contains(r, "${") { // what an unresolved variable means is not the same in both
				plain = append(plain, r)
			}
		}
		actions := rapid.SliceOfN(rapid.SampledFrom(poolActions), 1, 3).Draw(t, "actions")
		resources := rapid.SliceOfN(rapid.SampledFrom(plain), 1, 3).Draw(t, "resources")
		q := prepareDrawn(t, drawRequest(t))
		statement := func(action, resource string) *Statement {
			doc := fmt.Sprintf(`{"Effect":"Allow",%q:["%s"],%q:["%s"]}`, action, strings.Join(actions, `","`), resource, strings.Join(resources, `","`))
			return parseDrawn(t, document([]string{doc})).Statement(0)
		}
		yes, no := statement("Action", "Resource"), statement("NotAction", "NotResource")
		if yes.matchAction(q.action) == no.matchAction(q.action) {
			t.Errorf("%v on %s: Action and NotAction agree", actions, q.action)
		}
		if got, want := no.matchResource(q, LayerIdentity, noWorlds), allWorlds&^yes.matchResource(q, LayerIdentity, noWorlds); got != want {
			t.Errorf("%v on %s: NotResource got %b, want %b", resources, q.target.arn, got, want)
		}
	})
}

// TestAddingALevelNeverAllows: one more level of service control policies only takes away.
func TestAddingALevelNeverAllows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, q := drawTexts(t).build(t), prepareDrawn(t, drawRequest(t))
		before, _ := p.evaluate(q)
		at := rapid.IntRange(0, len(p.ServiceControl)).Draw(t, "at")
		p.ServiceControl = slices.Insert(p.ServiceControl, at, []*Policy{parseDrawn(t, document(statementTexts(t, false)))})
		if after, _ := p.evaluate(q); after&^before != 0 {
			t.Errorf("a level added: got allowed in %b, want within %b", after, before)
		}
	})
}

// TestDecideUnder: the other reading of an assumption is one on which the decision depends exactly when the
// decision says so.
func TestDecideUnder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, q := drawTexts(t).build(t), prepareDrawn(t, drawRequest(t))
		d := p.Decide(q)
		primary, _ := p.evaluate(q)
		for _, a := range []Ambiguity{ReadingSensitive, ShortARN, TagKeyCase, AnyValueIfExists, NotResourceVariable, NotPrincipalPartial, ResourceOwner, EmptyString} {
			other := p.DecideUnder(q, a) == Allowed
			if depends := other != (primary&worldPrimary != 0); depends != d.Ambiguity.Has(a) {
				t.Errorf("%v: got %s, and under the other reading allowed: %v", a.Codes(), d, other)
			}
		}
		if got := p.DecideUnder(q, ReadingSensitive|ShortARN); got != Undecided {
			t.Errorf("two readings at once: got %s, want undecided", got)
		}
	})
}
