package iam

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestResourceWildcards is the table of iam.md section 2.2.
func TestResourceWildcards(t *testing.T) {
	t.Parallel()
	const claude = "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-v1:0"
	const model = "arn:aws:bedrock:us-east-1::foundation-model/a-v1:0"
	cases := []struct {
		pattern, arn      string
		documented, split bool
	}{
		{"arn:aws:bedrock:*::foundation-model/anthropic.*", claude, true, true},
		{"arn:aws:bedrock:*::foundation-model/anthropic.*:0", claude, true, true},
		{"arn:aws:bedrock:*::foundation-model/*", "arn:aws:bedrock:::foundation-model/x-v1:0", true, true},
		{"arn:aws:bedrock:*:foundation-model/x", "arn:aws:bedrock:us-east-1::foundation-model/x", true, false},
		{"arn:aws:dynamodb:*:table/prod-*", "arn:aws:dynamodb:us-east-1:111122223333:table/prod-x", true, false},
		{"arn:aws:bedrock:*::foundation-model/a*0", model, false, true},
		{"arn:aws:bedrock:*::foundation-model/a-v1?0", model, false, true},
		{"arn:aws:s3:::b/*/x", "arn:aws:s3:::b/a:b/x", false, true},
		{"arn:*:kms:*:::*", "arn:aws:kms:us-east-1:111122223333:key/k", false, false},
		{"arn:*:kms:*:::*", "arn:aws:kms:us-east-1:111122223333:alias/a", false, false},
		{"*", claude, true, true},
		{"arn:aws:s3:::b/*", "arn:aws:s3:::b/a:b/c", true, true},
		{"arn:aws:s3:::b", "arn:aws:s3:::B", false, false},
		{"arn:aws:bedrock:us-*:*:*", claude, true, true},
	}
	for _, c := range cases {
		p := compileResource(c.pattern, Version2012)
		target := newTarget(c.arn)
		w, _ := p.match(&target, LayerResource, nil)
		if got := w&worldPrimary != 0; got != c.documented {
			t.Errorf("%s on %s, documented: got %v, want %v", c.pattern, c.arn, got, c.documented)
		}
		if got := w&worldSixPart != 0; got != c.split {
			t.Errorf("%s on %s, six parts: got %v, want %v", c.pattern, c.arn, got, c.split)
		}
	}
}

func TestReadingSensitive(t *testing.T) {
	t.Parallel()
	p := Policies{Identity: policies(t, `{"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":"arn:aws:bedrock:*:foundation-model/x"}`)}
	got := p.Decide(mustPrepare(t, Request{Principal: user(), Action: "bedrock:InvokeModel", Resource: "arn:aws:bedrock:us-east-1::foundation-model/x"}))
	if !got.Allowed() || !got.ReadingSensitive() {
		t.Errorf("got %s, want allowed and reading-sensitive", got)
	}
	p.Identity = append(p.Identity, policies(t, allowAll)...)
	got = p.Decide(mustPrepare(t, Request{Principal: user(), Action: "bedrock:InvokeModel", Resource: "arn:aws:bedrock:us-east-1::foundation-model/x"}))
	if got.Ambiguity != 0 {
		t.Errorf("got %s, want no ambiguity where another statement allows", got)
	}
}

func TestActionWithoutResource(t *testing.T) {
	t.Parallel()
	cases := []struct {
		element string
		want    bool
	}{
		{`"Resource":"*"`, true},
		{`"Resource":"arn:aws:bedrock:*:*:*"`, false},
		{`"Resource":"arn:*"`, false},
		{`"NotResource":"arn:aws:s3:::b"`, true},
		{`"NotResource":"*"`, false},
	}
	for _, c := range cases {
		p := Policies{Identity: policies(t, `{"Effect":"Allow","Action":"*",`+c.element+`}`)}
		got := p.Decide(mustPrepare(t, Request{Principal: user(), Action: "bedrock:ListFoundationModels", Resource: "*"})).Allowed()
		if got != c.want {
			t.Errorf("%s: got %v, want %v", c.element, got, c.want)
		}
	}
}

func TestActions(t *testing.T) {
	t.Parallel()
	cases := []struct {
		pattern, action string
		want            bool
	}{
		{"bedrock:InvokeModel", "BEDROCK:invokemodel", true},
		{"bedrock:InvokeModel*", "bedrock:InvokeModelWithResponseStream", true},
		{"bedrock:*Model", "bedrock:InvokeModel", true},
		{"bedrock:Invoke?odel", "bedrock:InvokeModel", true},
		{"bedrock:InvokeModel, s3:GetObject", "s3:GetObject", false},
		{"*", "s3:GetObject", true},
		{"*:Get*", "s3:GetObject", true},
		{"bedrock:*", "bedrock-agentcore:InvokeAgentRuntime", false},
	}
	for _, c := range cases {
		a := compileAction(c.pattern)
		if got := a.glob.match(strings.ToLower(c.action), nil); got != c.want {
			t.Errorf("%s on %s: got %v, want %v", c.pattern, c.action, got, c.want)
		}
	}
}

// naive matches a pattern by trying everything; the rule decides what wildcards reach.
func naive(pattern, s string, segments bool) bool {
	if pattern == "" {
		return s == ""
	}
	switch c := pattern[0]; c {
	case '*':
		crosses := !segments || len(pattern) == 1 || pattern[1] == ':'
		for i := 0; i <= len(s); i++ {
			if naive(pattern[1:], s[i:], segments) {
				return true
			}
			if i < len(s) && s[i] == ':' && !crosses {
				return false
			}
		}
		return false
	case '?':
		return s != "" && (!segments || s[0] != ':') && naive(pattern[1:], s[1:], segments)
	default:
		return s != "" && s[0] == c && naive(pattern[1:], s[1:], segments)
	}
}

func TestGlobAgainstNaive(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringOfN(rapid.RuneFrom([]rune("ab:*?")), 0, 12, -1).Draw(t, "pattern")
		s := rapid.StringOfN(rapid.RuneFrom([]rune("ab:")), 0, 14, -1).Draw(t, "s")
		tokens := tokenize(pattern, syntax{wildcards: true})
		for _, segments := range []bool{false, true} {
			rule := reachAny
			if segments {
				rule = reachSegment
			}
			g := compileGlob(tokens, rule)
			if got, want := g.match(s, nil), naive(pattern, s, segments); got != want {
				t.Errorf("%q on %q, segments %v: got %v, want %v", pattern, s, segments, got, want)
			}
		}
	})
}

// TestReadingsAgainstNaive holds the short cuts of the two readings against both rules.
func TestReadingsAgainstNaive(t *testing.T) {
	t.Parallel()
	part := rapid.StringOfN(rapid.RuneFrom([]rune("ab*?")), 0, 3, -1)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 9).Draw(t, "parts")
		part := rapid.OneOf(part, rapid.Just("*"), rapid.Just(""))
		pattern := strings.Join(rapid.SliceOfN(part, n, n).Draw(t, "pattern"), ":")
		s := strings.Join(rapid.SliceOfN(rapid.StringMatching("[ab]{0,2}"), 1, 9).Draw(t, "s"), ":")
		if s == "" {
			return // an action without resource
		}
		tokens := tokenize(pattern, syntax{wildcards: true})
		target := newTarget(s)
		gotDocumented, gotSplit := compileSegments(tokens).match(&target)
		if want := naive(pattern, s, true); gotDocumented != want {
			t.Errorf("%q on %q, documented: got %v, want %v", pattern, s, gotDocumented, want)
		}
		patternParts, ok := splitARN(pattern)
		want := ok && target.isARN
		for i := range patternParts {
			want = want && naive(patternParts[i], target.parts[i], false)
		}
		if gotSplit != want {
			t.Errorf("%q on %q, six parts: got %v, want %v", pattern, s, gotSplit, want)
		}
		p := compileResource(pattern, Version2012)
		if p.segments == nil && !p.any && ok && want != gotDocumented {
			t.Errorf("%q on %q: readings differ but no second reading was compiled", pattern, s)
		}
		if p.segments == nil && p.glob.match(s, nil) != gotDocumented {
			t.Errorf("%q on %q: the glob differs from the segments", pattern, s)
		}
	})
}

func TestQuestionMarkTakesOneCharacter(t *testing.T) {
	t.Parallel()
	g := compileGlob(tokenize("a?*?b", syntax{wildcards: true}), reachAny)
	for s, want := range map[string]bool{"aéb": false, "aéèb": true, "aéxyzèb": true, "axb": false} {
		if got := g.match(s, nil); got != want {
			t.Errorf("a?*?b on %q: got %v, want %v", s, got, want)
		}
	}
}

// TestShortARN is the table of patterns with fewer than six parts.
func TestShortARN(t *testing.T) {
	t.Parallel()
	cases := []struct {
		pattern string
		layer   Layer
		want    bool
		flagged bool
	}{
		{"arn:aws:s3", LayerIdentity, true, true},
		{"arn:aws:s3", LayerResource, false, false},
		{"arn:aws:s3*", LayerResource, true, false},
		{"arn:aws:s*:us?", LayerResource, false, false},
		{"arn:aws:s3*", LayerResourceControl, false, true},
		{"arn:aws:s3", LayerServiceControl, false, false},
	}
	for _, c := range cases {
		p := compileResource(c.pattern, Version2012)
		target := newTarget(bucket)
		w, _ := p.match(&target, c.layer, nil)
		if got := w&worldPrimary != 0; got != c.want {
			t.Errorf("%s in %s: got %v, want %v", c.pattern, c.layer, got, c.want)
		}
		if got := w&worldPrimary != 0 != (w&worldShortARN != 0); got != c.flagged {
			t.Errorf("%s in %s, depends on the assumption: got %v, want %v", c.pattern, c.layer, got, c.flagged)
		}
	}
}

func TestARNCase(t *testing.T) {
	t.Parallel()
	p := Policies{Identity: policies(t, `{"Effect":"Allow","Action":"*","Resource":"arn:aws:bedrock:US-EAST-1::foundation-model/x"}`)}
	got := p.Decide(mustPrepare(t, Request{Principal: user(), Action: "bedrock:InvokeModel", Resource: "arn:aws:bedrock:us-east-1::foundation-model/x"}))
	if got.Outcome != ImplicitlyDenied || !got.Ambiguity.Has(ARNCase) {
		t.Errorf("got %s, want implicitly denied (arn-case)", got)
	}
}
